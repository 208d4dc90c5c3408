// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/child_process.hh"
#include "lab/lab.hh"

// A small internet for a test: everything that sends a packet runs in here. It ends with the
// object, and with the test program in whatever way that ends.
namespace zonder::test {

/// What a command in a host printed and how it ended.
struct Ran {
  int code = -1;  // as a shell shows it; -1: could not be started
  std::string out;
  std::string err;
};

class TestLab {
public:
  /// From the text of a lab file, or from examples/lab/NAME.yaml. Look at ok() first: when the
  /// machine does not allow a lab, the test has to say so (ZONDER_NO_NAMESPACES(lab.why_not())).
  static TestLab from_text(const std::string& yaml, lab::Lab::Options options = {});
  static TestLab from_example(const std::string& name, lab::Lab::Options options = {});

  [[nodiscard]] bool ok() const { return lab_.has_value(); }
  [[nodiscard]] const std::string& why_not() const { return why_not_; }

  /// Runs the command in the host to its end, at most so long; with `uid` as that ordinary user.
  Ran run(const std::string& host,
          const std::vector<std::string>& command,
          std::optional<uid_t> uid = std::nullopt,
          std::chrono::seconds limit = std::chrono::seconds(30));
  /// The same by /bin/sh.
  Ran sh(const std::string& host, const std::string& line, std::optional<uid_t> uid = std::nullopt);
  /// Starts it and comes back; `out` is where it prints (-1: nowhere).
  Result<ChildProcess> start(const std::string& host,
                             const std::vector<std::string>& command,
                             int out = -1,
                             std::optional<uid_t> uid = std::nullopt);

  [[nodiscard]] lab::Lab& lab() { return *lab_; }

private:
  std::optional<lab::Lab> lab_;
  std::string why_not_;
};

/// Counts the packets that arrive at a host, from when it is made.
class PacketCounter {
public:
  PacketCounter(TestLab& lab, const std::string& host);
  /// Packets that came in for one of the host's own addresses since the last call, those of
  /// neighbour discovery and the like left out; `to_port` (TCP or UDP): only to that port.
  std::size_t arrived(std::optional<std::uint16_t> to_port = std::nullopt);

private:
  Descriptor socket_;
};

/// What a test must leave as it found it: namespaces, processes below us, mounts, abstract sockets
/// of labs, and (as root) rule sets.
struct MachineState {
  static MachineState now();
  /// Waits at most two seconds for what the kernel takes away a moment later; empty when all is as
  /// it was, else what is new or gone.
  [[nodiscard]] std::string difference() const;

  std::set<std::string> namespaces;
  std::set<std::string> sockets;
  std::string mounts;
  std::string rules;
};

}  // namespace zonder::test
