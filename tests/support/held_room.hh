// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>

#include "base/child_process.hh"
#include "base/file.hh"
#include "kernel/links.hh"
#include "support/zonder_run.hh"

// `zonder room` as somebody types it, in the mini internet.
namespace zonder::test {

inline bool has_link(const std::string& name)
{
  auto links = kernel::Links::open();
  const auto all = links->list_links();
  return std::ranges::find(*all, name, &kernel::Link::name) != all->end();
}

/// A `zonder room` that runs, and what it says.
class HeldRoom {
public:
  static constexpr const char* said_file = "/mnt/scratch/room.err";
  static constexpr const char* printed_file = "/mnt/scratch/room.out";

  /// Without Microsoft at lan0. What is wrong, or nothing: it is open.
  std::string open(const std::vector<std::string>& options)
  {
    std::vector<std::string> argv = {"env",
                                     "ZONDER_CATALOG=" + microsoft_catalogue(),
                                     zonder_program,
                                     "room",
                                     "microsoft",
                                     "--like",
                                     "refuse",
                                     "--yes"};
    if (std::find(options.begin(), options.end(), "--on") == options.end()) {
      argv.insert(argv.end(), {"--on", "lan0"});
    }
    argv.insert(argv.end(), options.begin(), options.end());
    // Else its report would be in the folder that the tests are run in.
    if (std::find(options.begin(), options.end(), "--report") == options.end() &&
        std::find(options.begin(), options.end(), "--json") == options.end()) {
      argv.emplace_back("--json");
    }
    const Descriptor err(::open(said_file, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644));
    const Descriptor out(::open(printed_file, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644));
    auto started = ChildProcess::start({.argv = argv, .out = out.get(), .err = err.get()});
    if (!started) {
      return started.error().message;
    }
    process_.emplace(std::move(*started));
    for (int i = 0; i < 400; ++i) {
      if (said().find("beamer") != std::string::npos) {
        return "";
      }
      if (!process_->running()) {
        break;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return "not open: " + said();
  }

  [[nodiscard]] static std::string said() { return read_file(said_file, 100000).value_or(""); }

  /// "http://127.0.0.1:PORT/KEY/"
  [[nodiscard]] static std::string leader_url()
  {
    const auto text = said();
    const auto at = text.find("http://127.0.0.1:");
    return text.substr(at, text.find('\n', at) - at);
  }

  /// STOP on the leader's page; what was printed then.
  std::string stop()
  {
    const auto stopped =
        ended({"curl", "-s", "--max-time", "5", "-X", "POST", "--data", "", leader_url() + "stop"});
    const auto status = process_->wait_for(std::chrono::seconds(15));
    if (stopped.code != 0 || !status) {
      return "does not stop: " + said();
    }
    code_ = status->as_shell();
    return read_file(printed_file, 1000000).value_or("");
  }
  void send(int signal) const { process_->send(signal); }
  std::optional<ExitStatus> wait_for(std::chrono::milliseconds limit)
  {
    return process_->wait_for(limit);
  }
  [[nodiscard]] int code() const { return code_; }
  [[nodiscard]] pid_t pid() const { return process_->pid(); }

private:
  std::optional<ChildProcess> process_;
  int code_ = -1;
};

/// What a test of it needs that may not be installed.
inline bool lacks_room_programs()
{
  return !find_program("dnsmasq") || !find_program("udhcpc");
}

}  // namespace zonder::test
