// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <chrono>
#include <csignal>
#include <filesystem>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include "base/child_process.hh"
#include "base/file.hh"
#include "support/json_schema.hh"
#include "support/mini_internet.hh"
#include "support/run_checks.hh"
#include "support/zonder_run.hh"

// What `zonder run` says and leaves behind when something beside the command goes wrong: a file
// that may not grow, one that goes away, a kill, few descriptors, a damaged catalogue.
namespace zonder::isolate {
namespace {

using test::Arrivals;
using test::differs;
using test::ended;
using test::in_mini_internet;
using test::lacks;
using test::without_microsoft;

constexpr const char* live = "/mnt/scratch/live.jsonl";

class RunInTrouble : public testing::TestWithParam<uid_t> {
protected:
  static test::MiniInternetOptions world() { return {.uid = GetParam()}; }
};

INSTANTIATE_TEST_SUITE_P(As,
                         RunInTrouble,
                         testing::Values(uid_t{0}, test::ordinary_user),
                         [](const auto& who) { return who.param == 0 ? "Root" : "OrdinaryUser"; });

/// The command under a limit of the shell's, such as "-f 2".
std::vector<std::string> limited(const std::string& limit, const std::vector<std::string>& command)
{
  std::vector<std::string> words = {"sh", "-c", "ulimit " + limit + R"( && exec "$@")", "sh"};
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

/// A try at Microsoft's ports from `first` on, each in a line of its own in a live report.
std::string tries(int first, int count)
{
  return "for p in $(seq " + std::to_string(first) + " " + std::to_string(first + count - 1) +
         "); do /mnt/zonder/bin/reach tcp 20.190.128.1 $p >/dev/null 2>&1; done; ";
}

/// Whether it holds whole lines only, each a JSON object; `last`: the event of the last one.
std::string whole_lines(const std::string& text, const std::string& last)
{
  if (text.empty() || text.back() != '\n') {
    return "the last line is cut off: " +
           text.substr(text.size() - std::min<std::size_t>(300, text.size()));
  }
  std::istringstream lines(text);
  nlohmann::json event;
  for (std::string line; std::getline(lines, line);) {
    event = nlohmann::json::parse(line, nullptr, false);
    if (!event.is_object()) {
      return "no JSON: " + line;
    }
  }
  return differs("last event", event["event"].get<std::string>(), last);
}

TEST_P(RunInTrouble, AFileThatMayNotGrowIsToldAndEndsNothing)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const std::string big = "dd if=/dev/zero of=/mnt/scratch/big bs=4096 count=4 2>/dev/null; ";
    const auto done =
        ended(limited("-f 4",
                      without_microsoft({"--report", live, "--report", "/mnt/scratch/run.html"},
                                        tries(7000, 20) + big + "echo dd $?; true")));
    const auto text = read_file(live).value_or("");
    return differs("code", done.code, 125) +
           lacks(done.said, "zonder: cannot write /mnt/scratch/live.jsonl: File too large\n") +
           lacks(done.said, "zonder: cannot write /mnt/scratch/run.html: File too large\n") +
           lacks(done.said, "Without microsoft: the command succeeded (sh: exit 0).") +
           // The command itself has the signal as everybody does.
           lacks(done.printed, "dd 153\n") + whole_lines(text, "attempt") +
           differs("left beside it", std::filesystem::exists("/mnt/scratch/run.html"), false);
  });
}

TEST_P(RunInTrouble, AReportThatIsTakenAwayIsTold)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto done =
        ended(without_microsoft({"--report", live}, tries(7000, 1) + "rm " + std::string(live)));
    return differs("code", done.code, 125) +
           lacks(done.said,
                 "zonder: /mnt/scratch/live.jsonl was deleted, renamed or replaced while the "
                 "command ran: this run's report is not there\n") +
           lacks(done.said, "Without microsoft: the command succeeded");
  });
}

std::set<std::string> namespaces()
{
  std::set<std::string> found;
  for (const auto& [pid, name] : test::processes()) {
    for (const char* kind : {"net", "mnt", "user", "pid"}) {
      std::error_code gone;
      found.insert(
          std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/ns/" + kind, gone)
              .string());
    }
  }
  return found;
}

std::size_t lines_in(const std::string& path)
{
  const auto text = read_file(path).value_or("");
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST_P(RunInTrouble, KilledWhileItWritesItLeavesWholeLinesAndNothingOfTheRoom)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto processes_before = test::processes();
    const auto namespaces_before = namespaces();
    std::string wrong;
    for (const std::size_t lines : {2U, 20U, 40U, 41U, 60U, 100U}) {
      std::filesystem::remove(live);
      auto zonder = ChildProcess::start(
          {.argv = without_microsoft({"-q", "--report", live}, tries(1000, 5000))});
      if (!zonder) {
        return zonder.error().message;
      }
      const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
      while (lines_in(live) < lines && std::chrono::steady_clock::now() < until) {
        std::this_thread::sleep_for(std::chrono::microseconds(300));
      }
      zonder->send(SIGKILL);
      wrong += differs("ended by", zonder->wait().signal, SIGKILL);
      wrong += test::left_behind(processes_before);
      wrong += differs("namespaces", namespaces().size(), namespaces_before.size());
      wrong += whole_lines(read_file(live).value_or(""), "attempt");
    }
    return wrong;
  });
}

TEST_P(RunInTrouble, APlayerOfClicksThatIsKilledChangesNothingAndIsTold)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const std::string folder = "/mnt/scratch/players";
    ::mkdir(folder.c_str(), 0755);
    const auto with_player = [&](const std::string& player, const std::string& script) {
      (void)write_file(folder + "/pacat", "#!/bin/sh\n" + player + "\n", 0755);
      auto command = without_microsoft({"--beep", "--report", live}, script);
      command.insert(command.begin() + 1, "PATH=" + folder + ":/usr/bin:/bin");
      const auto done = ended(command);
      return differs("code", done.code, 7) +
             lacks(done.said, "the program that plays the clicks ended") +
             lacks(done.said, "Without microsoft: the command failed (sh: exit 7).") +
             whole_lines(read_file(live).value_or(""), "end");
    };
    // While it plays, and before there was anything to play.
    return with_player("head -c 3000 >/dev/null; kill -9 $$", tries(7000, 40) + "exit 7") +
           with_player("kill -9 $$", "sleep 0.3; exit 7");
  });
}

TEST_P(RunInTrouble, TheLiveReportHearsOfTheCutWhenItIsMade)
{
  in_mini_internet({.uid = GetParam(), .reaches_microsoft = true}, [](Arrivals&) -> std::string {
    const std::string look = std::string("cut -d, -f2 ") + live + "; ";
    const auto done = ended(without_microsoft({"--report", live, "--after", "1s"},
                                              look + "sleep 1.5; " + look + tries(7000, 1) + look));
    const std::string start = "\"event\":\"start\"\n";
    const std::string cut = "\"event\":\"cut\"\n";
    const auto schema =
        read_file(ZONDER_SOURCE_DIR "/docs/schema/zonder.run-event-1.json").value_or("");
    std::string wrong;
    std::istringstream lines(read_file(live).value_or(""));
    for (std::string line; std::getline(lines, line);) {
      for (const auto& problem : test::against_schema(line, schema)) {
        wrong += problem + " in " + line + "\n";
      }
    }
    return wrong + differs("seen by the command itself",
                           done.printed,
                           start + start + cut + start + cut + "\"event\":\"attempt\"\n");
  });
}

TEST_P(RunInTrouble, TooFewOpenFilesIsOneSentence)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto few = ended(limited("-n 40", without_microsoft({"--report", live}, "true")));
    const auto enough =
        ended(limited("-n 256", without_microsoft({"--report", live}, tries(7000, 3) + "true")));
    return differs("code", few.code, 125) +
           differs(
               "said",
               few.said,
               std::string("zonder: zonder run needs 256 open files, and here a process may have "
                           "40 at most (`ulimit -Hn`): start it where that limit is higher\n")) +
           differs("enough", enough.code, 0) +
           lacks(enough.said, "It reached for microsoft (3 packets)");
  });
}

TEST_P(RunInTrouble, ACatalogueThatIsCutOffDuringTheRunChangesNothing)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto done = ended(without_microsoft(
        {}, ": > /mnt/scratch/catalog.snapshot; /mnt/zonder/bin/reach tcp 193.0.6.139 80"));
    return differs("code", done.code, 0) +
           lacks(done.said, "Without microsoft: the command succeeded") +
           lacks(done.said, "let through");
  });
}

TEST_P(RunInTrouble, ADamagedCatalogueOfTheUsersOwnIsToldInAQuietRunToo)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    auto command = without_microsoft({"-q"}, "true");
    // The user's own lies where XDG_DATA_HOME says; what came with zonder may not be here.
    std::filesystem::create_directories("/mnt/scratch/data/zonder");
    (void)write_file("/mnt/scratch/data/zonder/catalog.snapshot", "cut off");
    command[1] = "XDG_DATA_HOME=/mnt/scratch/data";
    const auto done = ended(command);
    return lacks(done.said,
                 "the catalogue /mnt/scratch/data/zonder/catalog.snapshot is damaged or cut off: "
                 "`zonder data update` makes your own again");
  });
}

}  // namespace
}  // namespace zonder::isolate
