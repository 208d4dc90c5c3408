// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/child_process.hh"
#include "base/file.hh"
#include "kernel/links.hh"
#include "support/mini_internet.hh"
#include "support/room_device.hh"
#include "support/run_checks.hh"
#include "support/zonder_run.hh"

// `zonder room` as somebody types it, with devices that come in by a cable, as people do.
namespace zonder {
namespace {

using test::Arrivals;
using test::differs;
using test::in_mini_internet;
using test::RoomDevice;

bool has_link(const std::string& name)
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
                                     "ZONDER_CATALOG=" + test::microsoft_catalogue(),
                                     test::zonder_program,
                                     "room",
                                     "microsoft",
                                     "--like",
                                     "refuse",
                                     "--on",
                                     "lan0"};
    argv.insert(argv.end(), options.begin(), options.end());
    const Descriptor err(::open(said_file, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644));
    const Descriptor out(::open(printed_file, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644));
    auto started = ChildProcess::start({.argv = argv, .out = out.get(), .err = err.get()});
    if (!started) {
      return started.error().message;
    }
    process_.emplace(std::move(*started));
    for (int i = 0; i < 200; ++i) {
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
    const auto stopped = test::ended(
        {"curl", "-s", "--max-time", "5", "-X", "POST", "--data", "", leader_url() + "stop"});
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

private:
  std::optional<ChildProcess> process_;
  int code_ = -1;
};

bool lacks_clients()
{
  return !find_program("dnsmasq") || !find_program("udhcpc");
}

TEST(Room, PeopleJoinByThePageAndSeeWhatTheirDeviceAsked)
{
  if (lacks_clients()) {
    GTEST_SKIP() << "dnsmasq or udhcpc is not installed";
  }
  in_mini_internet({}, [](Arrivals&) -> std::string {
    RoomDevice device;
    HeldRoom room;
    if (auto wrong = device.plug_in("lan0"); !wrong.empty()) {
      return wrong;
    }
    const auto begin = std::chrono::steady_clock::now();
    if (auto wrong = room.open({"--for", "5m", "--yes", "--json"}); !wrong.empty()) {
      return wrong;
    }
    std::string all = differs("the port is the room's", has_link("lan0"), false);
    const auto leased = device.ask_for_addresses();
    // A phone asks this to find out whether there is internet.
    all += differs(
        "the way to the page",
        device.sh("curl -s -o /dev/null -w '%{http_code} %{redirect_url}' --max-time 5 "
                  "http://check.europe.example/generate_204"),
        std::string("302 http://zonder.internal/"));
    all += differs("Europe before joining", device.connect_to(test::europe_v4, 443), ECONNREFUSED);
    all += device.join("laptop of the desk");
    const auto took = std::chrono::steady_clock::now() - begin;
    all += differs("joined within 15 s", took < std::chrono::seconds(15), true);
    all += differs("Europe", device.connect_to(test::europe_v4, 443), 0);
    all += differs("Microsoft", device.connect_to(test::microsoft_v4, 443), ECONNREFUSED);
    all += differs("by name",
                   device.sh("curl -s -o /dev/null -w '%{http_code}' --max-time 5 "
                             "http://www.europe.example/"),
                   std::string("200"));
    (void)device.sh("curl -s --max-time 5 https://login.microsoft.example/");
    all += test::lacks(device.sh("curl -s --max-time 5 'http://zonder.internal/?lang=en'"),
                       "laptop of the desk");
    all += differs("marking",
                   device.sh("curl -s -o /dev/null -w '%{http_code} %{redirect_url}' "
                             "--data-urlencode token=" +
                             device.token() +
                             " -d task=0 -d mark=stopped -d note=no+page "
                             "http://zonder.internal/mark"),
                   std::string("303 http://zonder.internal/#task-0"));
    // The page looks at the kernel's counts every three seconds.
    std::this_thread::sleep_for(std::chrono::milliseconds(3500));
    all += test::lacks(
        test::ended({"curl", "-s", "--max-time", "5", HeldRoom::leader_url() + "?lang=en"}).printed,
        "laptop of the desk");
    const auto printed = room.stop();
    all += differs("exit code", room.code(), 0);
    all += differs("the port is back", has_link("lan0"), true);
    return all + test::lacks(printed, "login.microsoft.example") + (all.empty() ? "" : leased + HeldRoom::said());
  });
}

}  // namespace
}  // namespace zonder
