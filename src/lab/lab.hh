// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/child_process.hh"
#include "base/descriptor.hh"
#include "base/result.hh"
#include "lab/closed.hh"
#include "lab/lab_file.hh"

// A lab that runs. One process, the keeper, holds all of it: it is the first process of a pid
// namespace, all servers are below it, its mount namespace has all the files (in memory) and it
// alone has the descriptors of the hosts' networks. So when the keeper ends, in whatever way, the
// kernel takes everything away. It is found by an abstract unix socket, which goes with it too.
namespace zonder::lab {

/// What a process must enter to be in a host.
struct HostSpaces {
  Descriptor user;  // none when the lab belongs to root
  Descriptor pid;
  Descriptor ipc;
  Descriptor uts;
  Descriptor net;
  Descriptor mount;
};

struct ServerState {
  std::string host;
  std::string kind;
  std::string state;   // "runs", "ended", "left out"
  std::string reason;  // for "left out", in the language of the one who started the lab
};

struct HostState {
  std::string name;
  std::vector<std::string> addresses;
  std::vector<std::string> names;
};

struct Status {
  std::string name;
  std::string checksum;  // of the lab file
  std::vector<HostState> hosts;
  std::vector<ServerState> servers;
};

class Lab {
public:
  struct Options {
    bool registered = false;   // can be found by name; else only through this object
    bool outlives_us = false;  // else it ends with the thread that started it
    std::chrono::seconds patience = std::chrono::seconds(30);
    std::string identity_folder = {};  // empty: find_identity_provider()
    /// For tests: runs in the keeper when the cables lie and before they are looked at.
    std::function<void(const Namespaces&)> tamper = {};
  };

  /// Starts the lab and returns when every server answers. Errors: the file's doing, no rights, a
  /// server that does not come up (with the last words of its log), a way out of the lab, or a lab
  /// of that name that is there already.
  static Result<Lab> start(const LabFile& file, const Options& options);

  /// Finds a registered lab of this user.
  static Result<Lab> find(const std::string& name);
  /// The names of this user's registered labs in this network namespace.
  static std::vector<std::string> names();

  Result<Status> status();
  Result<HostSpaces> host(const std::string& name);
  /// A packet socket (AF_PACKET, SOCK_DGRAM, every protocol) inside the host: what arrives there.
  Result<Descriptor> watch(const std::string& host);
  /// Ends the lab and waits until nothing is left of it.
  Result<void> end();

  [[nodiscard]] pid_t keeper() const { return keeper_; }

private:
  Lab(Descriptor control, pid_t keeper, std::optional<ChildProcess> child);
  Descriptor control_;
  pid_t keeper_ = 0;
  std::optional<ChildProcess> child_;
};

/// Starts a program inside the host; `options.keep` and the standard descriptors go along, and
/// `options.directory` is entered when it is there (empty: ours). Its environment is our own less
/// what speaks of the machine (proxies, certificates), and ZONDER_LAB_HOST. With `uid` it runs as
/// that ordinary user.
Result<ChildProcess> start_in_host(const HostSpaces& spaces,
                                   const std::string& host,
                                   ChildProcess::Options options,
                                   std::optional<uid_t> uid = std::nullopt);

}  // namespace zonder::lab
