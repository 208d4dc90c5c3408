// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// What the report counts is what the kernel counted, also when it is much and comes fast.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child_process.hh"
#include "base/file.hh"
#include "isolate/run.hh"
#include "support/json_schema.hh"
#include "support/mini_internet.hh"
#include "support/run_checks.hh"
#include "support/sanitized.hh"
#include "support/zonder_run.hh"

namespace zonder::isolate {
namespace {

using std::chrono::milliseconds;
using test::Arrivals;
using test::differs;
using test::in_mini_internet;
using test::ordinary_user;
using test::without_microsoft;

// kB; AddressSanitizer keeps up to 256 MB of what was given back (quarantine_size_mb).
constexpr long growth_allowed = test::sanitized ? 300000 : 4096;

class Counts : public testing::TestWithParam<uid_t> {
protected:
  static test::MiniInternetOptions world() { return {.uid = GetParam()}; }
};

INSTANTIATE_TEST_SUITE_P(As, Counts, testing::Values(uid_t{0}, ordinary_user), [](const auto& w) {
  return w.param == 0 ? "Root" : "OrdinaryUser";
});

/// A figure of /proc/PID/status, in kB.
long memory_of(pid_t pid, const std::string& what)
{
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(what + ":")) {
      return std::atol(line.c_str() + what.size() + 1);
    }
  }
  return 0;
}

/// Writes zonder's memory at the flood's begin, and the most until its end, from outside.
pid_t watch_memory(pid_t zonder)
{
  const pid_t watcher = ::fork();
  if (watcher != 0) {
    return watcher;
  }
  while (!std::filesystem::exists("/mnt/scratch/started")) {
    std::this_thread::sleep_for(milliseconds(5));
  }
  const long before = memory_of(zonder, "VmRSS");
  long most = before;
  while (!std::filesystem::exists("/mnt/scratch/ended")) {
    std::this_thread::sleep_for(milliseconds(20));
    most = std::max(most, memory_of(zonder, "VmRSS"));
  }
  std::ofstream("/mnt/scratch/memory") << before << ' ' << most << '\n';
  ::_exit(0);
}

double seconds_used()
{
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// Case 23: five seconds of 200,000 packets each, or as fast as this machine can.
TEST_P(Counts, AreExactInAFloodAndZonderStaysSmall)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const pid_t watcher = watch_memory(::getpid());
    const double before = seconds_used();
    const auto record = run(without_microsoft(
        {"sh",
         "-c",
         ": >/mnt/scratch/started; /mnt/zonder/bin/reach flood 20.190.128.1 7777 1000000 200000 "
         ">/mnt/scratch/sent; : >/mnt/scratch/ended"},
        model::Signature::Blackhole));
    const double used = seconds_used() - before;
    if (!record) {
      ::kill(watcher, SIGKILL);
      ::waitpid(watcher, nullptr, 0);
      return record.error().message;
    }
    ::waitpid(watcher, nullptr, 0);
    std::uint64_t sent = 0;
    double took = 0;
    std::ifstream("/mnt/scratch/sent") >> sent >> took;
    long small = 0;
    long most = 0;
    std::ifstream("/mnt/scratch/memory") >> small >> most;
    std::printf("[ MEASURED ] %.0f packets/s for %.1f s; zonder used %.2f s of processor and "
                "grew from %ld to %ld kB\n",
                static_cast<double>(sent) / std::max(took, 0.001),
                took,
                used,
                small,
                most);
    std::fflush(stdout);
    std::string wrong =
        differs("sent", sent, std::uint64_t{1000000}) +
        differs("blocked", record->blocked_packets, sent) +
        differs("rows", record->attempts.size(), std::size_t{1}) +
        differs("unattributed", record->unattributed, std::uint64_t{0}) +
        differs("lost events", record->lost_events, std::uint64_t{0}) +
        differs("growth in kB", most - small, std::min(most - small, growth_allowed)) +
        differs("memory was looked at", small > 0, true) +
        // Once a second is told where it goes, whatever the number of packets: a
        // message for each would take zonder longer than the flood takes.
        differs("less processor than time", used < took, true);
    if (!record->attempts.empty()) {
      const auto& row = record->attempts.front();
      wrong +=
          differs("count", row.count, sent) +
          differs("programs", row.programs.size(), std::size_t{1}) +
          differs("seen from begin to end", row.last - row.first > std::chrono::seconds(1), true);
    }
    return wrong;
  });
}

/// Looks into the gateway from outside, twice while the command runs: what nft itself says of its
/// counters, when the command has begun and when it has done all.
constexpr const char* read_counters = R"(
read_all() {
  for process in /proc/[0-9]*; do
    for how in '-U --preserve-credentials -n' '-n'; do
      nsenter $how -t "${process#/proc/}" nft list counters table inet zonder >"$1" 2>/dev/null &&
        grep -q party0 "$1" && return
    done
  done
}
cd /mnt/scratch
for step in begin done; do
  until [ -e "$step" ]; do sleep 0.02; done
  read_all "$step.counters"
  : >"$step.read"
done
)";

constexpr const char* a_bit_of_everything = R"(
cd /mnt/scratch
: >begin; until [ -e begin.read ]; do sleep 0.02; done
reach=/mnt/zonder/bin/reach
{
  $reach flood 20.190.128.1 7777 5000
  $reach flood 2603:1026::1 7777 300
  $reach connects 20.190.128.1 443 20
  $reach tcp 193.0.6.139 853
  $reach sendto 64:ff9b::14be:8001 7
  $reach flood 193.0.6.139 7 10
  curl -s --max-time 3 http://cdn.microsoft.example/
  curl -s --max-time 3 http://www.europe.example/
} >/dev/null 2>&1
: >done; until [ -e done.read ]; do sleep 0.02; done
)";

std::map<std::string, std::uint64_t> counters_in(const std::string& path)
{
  std::map<std::string, std::uint64_t> found;
  std::ifstream file(path);
  std::string name;
  for (std::string word; file >> word;) {
    if (word == "counter") {
      file >> name;
    } else if (word == "packets") {
      file >> found[name];
    }
  }
  return found;
}

// Case 40.
TEST_P(Counts, OfTheReportAreThoseOfTheKernel)
{
  const auto schema = read_file(ZONDER_SOURCE_DIR "/docs/schema/zonder.run-1.json");
  ASSERT_TRUE(schema);
  in_mini_internet(world(), [&schema](Arrivals&) -> std::string {
    // It waits for what the command does: of a command that never starts, for ever.
    auto reader = ChildProcess::start({.argv = {"sh", "-c", read_counters}});
    if (!reader) {
      return reader.error().message;
    }
    const auto done = run_captured({"env",
                                    "ZONDER_CATALOG=" + test::microsoft_catalogue(),
                                    test::zonder_program,
                                    "20.190.128.0/18,2603:1000::/24,*.microsoft.example",
                                    "--like",
                                    "refuse",
                                    "--json",
                                    "--",
                                    "sh",
                                    "-c",
                                    a_bit_of_everything});
    constexpr auto a_moment = std::chrono::seconds(10);
    if (!reader->wait_for(a_moment)) {
      reader->stop(a_moment);
      return "the command did not start or end: " + (done ? done->err : done.error().message);
    }
    if (!done || done->out.empty()) {
      return done ? done->err : done.error().message;
    }
    std::string wrong;
    for (const auto& mistake : test::against_schema(done->out, *schema)) {
      wrong += mistake + "; ";
    }
    const auto report = nlohmann::json::parse(done->out);
    const auto before = counters_in("/mnt/scratch/begin.counters");
    std::uint64_t blocked = 0;
    std::uint64_t opened = 0;
    for (const auto& [name, packets] : counters_in("/mnt/scratch/done.counters")) {
      const auto more = packets - (before.count(name) != 0 ? before.at(name) : 0);
      blocked +=
          name.starts_with("party") || name == "synthetic" || name == "private_dns" ? more : 0;
      opened += name == "opened" ? more : 0;
    }
    std::uint64_t rows_blocked = 0;
    std::uint64_t rows_passed = 0;
    std::uint64_t without_program = 0;
    for (const auto& row : report["attempts"]) {
      const auto count = row["count"].get<std::uint64_t>();
      if (row["protocol"] != "dns") {
        (row["verdict"] == "blocked" ? rows_blocked : rows_passed) += count;
      }
      without_program += row["program"].is_null() ? count : 0;
    }
    const auto& totals = report["totals"];
    return wrong + differs("nft counted something", blocked > 5000 && opened > 1, true) +
           differs("blocked in the report", totals["blocked"].get<std::uint64_t>(), blocked) +
           differs("passed in the report", totals["passed"].get<std::uint64_t>(), opened) +
           differs("rows, blocked and passed",
                   rows_blocked + rows_passed + totals["unlisted"].get<std::uint64_t>(),
                   blocked + opened) +
           // What has no program is a number in the report, and its rows are there.
           differs("without a program",
                   totals["unattributed"].get<std::uint64_t>(),
                   without_program + totals["unlisted"].get<std::uint64_t>());
  });
}

}  // namespace
}  // namespace zonder::isolate
