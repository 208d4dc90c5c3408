// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <csignal>
#include <string>
#include <vector>

#include <linux/filter.h>
#include <sys/socket.h>

#include "base/child_process.hh"
#include "base/descriptor.hh"
#include "base/result.hh"
#include "isolate/channel.hh"
#include "isolate/socket_address.hh"

namespace zonder::isolate {

/// What the command is, where there are no namespaces.
struct KeeperOrder {
  std::string program;  // full path of the command
  std::vector<std::string> argv;
  std::vector<std::string> environment;
  std::vector<int> keep_descriptors;
  bool as_root = false;
  sigset_t signal_mask{};  // that the command begins with
  std::vector<sock_filter> socket_filter;
  std::vector<sock_filter> call_filter;
};

/// The process between zonder and the command, where no pid namespace ends what the command leaves
/// behind: whatever loses its parent becomes the keeper's child. When the command has ended it ends
/// all that is left of its tree; when zonder has ended, all of it and the command too.
///
/// The command's process has its filters from before its first step. Until it is told to begin it
/// tries for us, from exactly where the command will be, what can be reached.
class Keeper {
public:
  /// Errors: the kernel does not let us (with the remedy), or has another supervisor already.
  static Result<Keeper> start(const KeeperOrder& order);

  /// Where the command's calls are to be decided. Once.
  Descriptor take_listener() { return std::move(listener_); }

  /// From the command's process: what a try gave, 0 or an errno. All wait at most `patience`.
  Result<int> send_datagram(const SocketAddress& to);
  Result<int> connect(const SocketAddress& to, std::chrono::milliseconds patience);
  Result<int> ask_for_names(const SocketAddress& to, std::chrono::milliseconds patience);

  /// The command begins. Gives 0, or the errno of exec.
  Result<int> begin();

  /// The command and all that it left behind end, and the keeper too.
  void end();

  [[nodiscard]] pid_t pid() const { return process_.pid(); }
  [[nodiscard]] int command() const { return command_.get(); }  // pidfd
  /// Says "ended" with the wait status when the command has; closes when the keeper was killed.
  [[nodiscard]] Channel& channel() { return channel_; }

private:
  Keeper(ChildProcess process, Channel channel, Descriptor orders)
      : process_(std::move(process)), channel_(std::move(channel)), orders_(std::move(orders))
  {
  }
  Result<void> take_command();
  struct Order;
  Result<int> ask(const Order& order, std::chrono::milliseconds patience);

  ChildProcess process_;
  Channel channel_;
  Descriptor orders_;  // to the command's process, until it is the command
  Descriptor command_;
  Descriptor listener_;
};

}  // namespace zonder::isolate
