// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// zonder scan as somebody types it, in networks that have no way out of themselves.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/file.hh"
#include "support/mini_internet.hh"
#include "support/mini_names.hh"
#include "support/run_checks.hh"
#include "support/scan_world.hh"
#include "support/zonder_run.hh"

namespace zonder::test {
namespace {

using nlohmann::json;

std::vector<std::string> zonder_scan(const std::vector<std::string>& words)
{
  std::vector<std::string> command = {
      "env", "ZONDER_CATALOG=" + microsoft_catalogue(), zonder_program, "scan"};
  command.insert(command.end(), words.begin(), words.end());
  return command;
}

std::string as_shell(const std::vector<std::string>& command)
{
  std::string line;
  for (const auto& word : command) {
    line += "'" + word + "' ";
  }
  return line;
}

std::size_t lines_in(const std::string& path)
{
  std::ifstream file(path);
  std::size_t lines = 0;
  for (std::string line; std::getline(file, line);) {
    ++lines;
  }
  return lines;
}

TEST(Scan, GoesFromTheRootDownAndVisitsTheStartPage)
{
  const MiniInternetOptions world{
      .pages = {{"/",
                 "<html><script src='https://cdn.microsoft.example/x.js'></script>"
                 "<a href='https://login.microsoft.example/oauth2'>log in</a></html>"},
                {"/robots.txt", "User-agent: *\nAllow: /\n"}}};
  in_mini_internet(world, [](Arrivals&) -> std::string {
    const std::string hints = "/mnt/scratch/hints";
    if (!write_file(hints, root_hints())) {
      return "no hints";
    }
    const auto done = ended(zonder_scan({"europe.example", "--root-hints", hints, "--jsonl"}));
    const auto told = json::parse(done.printed, nullptr, false);
    if (!told.is_object()) {
      return "no JSON: " + done.said + done.printed;
    }
    return differs("code", done.code, 0) +
           differs("domain", told["domain"].get<std::string>(), std::string("europe.example")) +
           differs("mail", told["mail"]["told"].get<std::string>(), std::string("no-mail")) +
           lacks(done.printed, "\"relation\":\"name-server\",\"object\":\"ns.europe.example\"") +
           lacks(done.printed, "\"relation\":\"site\",\"object\":\"www.europe.example\"") +
           lacks(done.printed,
                 "\"relation\":\"loads-from\",\"object\":\"cdn.microsoft.example\",\"party\":"
                 "\"microsoft\"") +
           lacks(done.printed,
                 "\"relation\":\"logs-in-at\",\"object\":\"login.microsoft.example\"");
  });
}

TEST(Scan, TellsDomainsAndWhatTheyShare)
{
  in_mini_internet({}, [](Arrivals&) -> std::string {
    const ScanWorld world;
    const auto done = ended(zonder_scan({"town.example",
                                         "village.example",
                                         "nowhere.example",
                                         "--resolver",
                                         world.resolver(),
                                         "--no-web"}));
    return differs("code", done.code, 0) +
           lacks(done.printed, "town.example: mail at Microsoft, behind Mimecast: it needs both") +
           lacks(done.printed, "DKIM selector1 = ") +
           lacks(done.printed, "village.example: mail arrives at mail.village.example") +
           lacks(done.printed, "nowhere.example: there is no such domain") +
           lacks(done.printed, "supplier.example");
  });
}

TEST(Scan, GoesOnAfterItWasKilled)
{
  in_mini_internet({}, [](Arrivals&) -> std::string {
    ScanWorld world;
    world.add_villages(30);
    std::ofstream list("/mnt/scratch/list");
    for (int i = 0; i < 30; ++i) {
      list << "d" << i << ".example\n";
    }
    list.close();
    const std::string kept = "/mnt/scratch/kept.jsonl";
    const auto command = zonder_scan({"--from",
                                      "/mnt/scratch/list",
                                      "--resolver",
                                      world.resolver(),
                                      "--no-web",
                                      "--rate",
                                      "2000/s",
                                      "--resume",
                                      kept,
                                      "--jsonl"});
    const auto killed =
        ended({"sh",
               "-c",
               as_shell(command) + "> /dev/null & p=$!; touch " + kept + "; while [ $(wc -l < " +
                   kept + ") -lt 5 ]; do sleep 0.05; done; kill -9 $p; wait $p"});
    const auto before = lines_in(kept);
    // As if it had been cut off in the middle of a line.
    std::ofstream(kept, std::ios::app) << R"({"schema":"zonder.records/1","domain":"d0.exa)";
    const auto asked_before = world.asked();
    const auto done = ended(command);
    const auto asked = world.asked() - asked_before;
    std::size_t told = 0;
    std::istringstream lines(done.printed);
    for (std::string line; std::getline(lines, line);) {
      told += json::parse(line, nullptr, false).is_object() ? 1U : 0U;
    }
    const auto again = ended(command);
    return differs("killed", killed.code, 137) + (before >= 5 ? "" : "nothing was kept\n") +
           (before < 30 ? "" : "it was not killed in time\n") + differs("code", done.code, 0) +
           done.said + differs("told", told, std::size_t{30}) +
           (asked > 0 ? "" : "nothing was asked\n") + differs("third time: code", again.code, 0) +
           differs("asked the third time", world.asked() - asked_before - asked, std::size_t{0});
  });
}

TEST(Scan, LeavesWhatIsDoneWhenItIsInterrupted)
{
  in_mini_internet({}, [](Arrivals&) -> std::string {
    ScanWorld world;
    world.add_villages(60);
    std::ofstream list("/mnt/scratch/list");
    for (int i = 0; i < 60; ++i) {
      list << "d" << i << ".example\n";
    }
    list.close();
    const std::string kept = "/mnt/scratch/kept.jsonl";
    const auto done =
        ended({"sh",
               "-c",
               as_shell(zonder_scan({"--from",
                                     "/mnt/scratch/list",
                                     "--resolver",
                                     world.resolver(),
                                     "--no-web",
                                     "--rate",
                                     "2000/s",
                                     "--resume",
                                     kept,
                                     "--json"})) +
                   "> /mnt/scratch/out & p=$!; touch " + kept + "; while [ $(wc -l < " + kept +
                   ") -lt 5 ]; do sleep 0.05; done; kill -TERM $p; wait $p"});
    const auto whole = json::parse(read_file("/mnt/scratch/out").value_or(""), nullptr, false);
    if (!whole.is_object()) {
      return "not whole JSON: " + done.said;
    }
    return differs("code", done.code, 3) + lacks(done.said, "domains were not looked at") +
           (whole["domains"].size() >= 5 && whole["domains"].size() < 60
                ? ""
                : "domains: " + std::to_string(whole["domains"].size()));
  });
}

TEST(Scan, RefusesWhatCannotBeMeant)
{
  in_mini_internet({}, [](Arrivals&) -> std::string {
    std::string wrong;
    for (const auto& [words, says] :
         {std::pair{std::vector<std::string>{}, "one of the three"},
          std::pair{std::vector<std::string>{"a..b"}, "a..b"},
          std::pair{std::vector<std::string>{"town.example", "--rate", "many"}, "--rate cannot be"},
          std::pair{std::vector<std::string>{"town.example", "--resolver", "dns.example"},
                    "--resolver cannot be"},
          std::pair{std::vector<std::string>{"town.example", "--offline"}, "--offline"}}) {
      const auto done = ended(zonder_scan(words));
      wrong += differs(says, done.code, 2) + lacks(done.said, says) +
               differs("printed", done.printed, std::string());
    }
    return wrong;
  });
}

}  // namespace
}  // namespace zonder::test
