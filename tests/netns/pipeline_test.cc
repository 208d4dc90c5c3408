// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "app/clicks.hh"
#include "base/child_process.hh"
#include "base/file.hh"
#include "support/json_schema.hh"
#include "support/mini_internet.hh"
#include "support/run_checks.hh"
#include "support/zonder_run.hh"

// What a build server sees of `zonder run`: exit code, text, JUnit and the baseline, in the small
// internet, as root and as an ordinary user.
namespace zonder::isolate {
namespace {

using test::Arrivals;
using test::differs;
using test::in_mini_internet;
using test::lacks;

constexpr const char* baseline_file = "/mnt/scratch/deps.json";
constexpr const char* junit_file = "/mnt/scratch/run.xml";

constexpr const char* fetch = "curl -sS --max-time 3 -o /dev/null http://login.microsoft.example/";
constexpr const char* new_thing = "/mnt/zonder/bin/reach tcp 20.190.128.1 7777";

class Pipeline : public testing::TestWithParam<uid_t> {
protected:
  static test::MiniInternetOptions world() { return {.uid = GetParam()}; }
};

INSTANTIATE_TEST_SUITE_P(As,
                         Pipeline,
                         testing::Values(uid_t{0}, test::ordinary_user),
                         [](const auto& who) { return who.param == 0 ? "Root" : "OrdinaryUser"; });

std::string catalogue()
{
  return test::microsoft_catalogue();
}

/// `zonder microsoft [options] -- sh -c script`
test::Ended without_microsoft(const std::vector<std::string>& options, const std::string& script)
{
  return test::ended(test::without_microsoft(options, script));
}

/// What a build server would take it for.
bool all_well(const Result<std::string>& junit)
{
  return !junit || junit->find(R"(failures="0" errors="0")") != std::string::npos;
}

TEST_P(Pipeline, RefusesANewDependencyAndOnlyThat)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    // The build as it is: its contact is written down.
    const std::string as_it_was = std::string(fetch) + "; true";
    const auto first =
        without_microsoft({"--fail-on-contact", "--write-baseline", baseline_file}, as_it_was);
    std::string wrong = differs("first", first.code, 1);
    const auto kept = read_file(baseline_file);
    if (!kept) {
      return wrong + first.said + kept.error().message;
    }
    wrong += lacks(*kept,
                   R"({"party":"microsoft","target":"login.microsoft.example","protocol":"tcp",)"
                   R"("port":80,"program":"curl"})");

    // The same build the next day: nothing new, and the same bytes.
    const auto again = without_microsoft(
        {"--fail-on-contact", "--baseline", baseline_file, "--write-baseline", baseline_file},
        as_it_was);
    wrong += differs("again", again.code, 0) + lacks(again.said, "Nothing new since last time.");
    wrong += differs("bytes", read_file(baseline_file).value_or("none"), *kept);

    // Somebody adds something that needs Microsoft too.
    const auto added = std::string(new_thing) + "; " + as_it_was;
    const auto refused = without_microsoft(
        {"--fail-on-contact", "--baseline", baseline_file, "--report", junit_file}, added);
    wrong +=
        differs("refused", refused.code, 1) +
        lacks(refused.said, "New since last time: login.microsoft.example by reach (tcp/7777).");
    const auto xml = read_file(junit_file).value_or("none");
    wrong += lacks(xml, R"(name="microsoft: login.microsoft.example tcp/7777 by reach" time="0.000">
      <failure message="new since last time, of microsoft: login.microsoft.example by reach (tcp/7777)");
    wrong += lacks(xml, R"(name="microsoft: login.microsoft.example tcp/80 by curl" time="0.000">
      <system-out>)");
    wrong += lacks(xml, R"(tests="4" failures="1" errors="0")");

    // Allowed: it no longer counts, and is as absent as before.
    const auto allowed = without_microsoft({"--fail-on-contact",
                                            "--baseline",
                                            baseline_file,
                                            "--allow",
                                            "20.190.128.1",
                                            "--report",
                                            junit_file},
                                           "! " + added);
    wrong += differs("allowed", allowed.code, 0) +
             lacks(allowed.said, "Allowed, and absent all the same: ") +
             lacks(allowed.said, "blocked (allowed)") +
             lacks(read_file(junit_file).value_or("none"), R"(tests="4" failures="0")");

    // Whatever was found, the command's own failure is what is told; here as events.
    const auto failed = without_microsoft(
        {"--fail-on-contact", "--baseline", baseline_file, "--jsonl"}, added + "; exit 9");
    return wrong + differs("failed", failed.code, 9) +
           lacks(failed.printed, R"("standing":"counts","program":{"pid":)") +
           lacks(failed.printed, R"("exit_code":9,)") +
           lacks(
               failed.printed,
               R"("counts":1,"allowed":0,"known":1,"gone":0,"unjudged":0,"unseen":0,"proxied_not_judged":0,"doubts":[]})");
  });
}

// That nothing was asked of the absent tells a build server nothing when they never fell away, or
// when it could not be shown that they would.
TEST_P(Pipeline, TakesNoSilenceThatMeansNothingForGoodNews)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto tried = [](std::vector<std::string> options, const char* doubt) {
      options.insert(options.end(), {"--fail-on-contact", "--json", "--report", junit_file});
      const auto done = without_microsoft(options, "true");
      return differs(doubt, done.code, 1) +
             lacks(done.printed, std::string("\"doubts\": [\n    \"") + doubt + "\"\n  ]") +
             differs("all is well", all_well(read_file(junit_file)), false);
    };
    const auto control_that_is_not_there = "192.0.2.77";
    return tried({"--after", "1h"}, "nothing-fell-away") +
           tried({"--unproved", "--control", control_that_is_not_there}, "not-proved");
  });
}

// Through a proxy that only the program knows of it could have been anybody's.
TEST_P(Pipeline, FailsOnWhatWentToWhereProxiesOftenAreUnlessThatIsAllowed)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const std::string by_a_proxy =
        "curl -sS -m 2 -x http://193.0.6.139:3128 http://login.microsoft.example/; true";
    const auto doubted =
        without_microsoft({"--fail-on-contact", "--report", junit_file}, by_a_proxy);
    std::string wrong =
        differs("doubted", doubted.code, 1) +
        lacks(doubted.said, "NOT KNOWN: 1 connection went to a port where proxies often are") +
        lacks(doubted.said, "It asked nothing of the absent that was seen.") +
        lacks(doubted.said, "zonder: exit code 1, of --fail-on-contact: ") +
        lacks(doubted.said, "(perhaps-proxied)") +
        differs("all is well", all_well(read_file(junit_file)), false);
    const auto allowed = without_microsoft(
        {"--fail-on-contact", "--allow", "193.0.6.139", "--report", junit_file}, by_a_proxy);
    return wrong + differs("allowed", allowed.code, 0) +
           lacks(allowed.said, "It asked nothing of the absent.\n") +
           lacks(read_file(junit_file).value_or("none"), R"(failures="0" errors="0")");
  });
}

// What a run writes down as known is no failure of that run, unless failing was asked for.
TEST_P(Pipeline, WritesABaselineWithoutAFailureWhereNobodyAskedForOne)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto written = without_microsoft(
        {"--write-baseline", baseline_file, "--report", junit_file}, std::string(fetch) + "; true");
    return differs("written", written.code, 0) +
           lacks(read_file(junit_file).value_or("none"), R"(failures="0" errors="0")");
  });
}

// The command itself reads the report: what stands there was written while it ran.
TEST_P(Pipeline, WritesEachAttemptInTheMomentThatItIsMade)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const std::string live = "/mnt/scratch/live.jsonl";
    const std::string look = "cut -d, -f2 " + live + "; ";
    const std::string name = "curl -4 -sS --max-time 2 http://login.microsoft.example/; ";
    const auto ended = without_microsoft(
        {"--report", live}, look + new_thing + " >/dev/null; " + look + name + look + "exit 5");
    std::string wrong = differs("code", ended.code, 5);
    const std::string start = "\"event\":\"start\"\n";
    const std::string attempt = "\"event\":\"attempt\"\n";
    wrong += differs("seen by the command itself",
                     ended.printed,
                     start + start + attempt + start + attempt + attempt);
    const auto schema =
        read_file(ZONDER_SOURCE_DIR "/docs/schema/zonder.run-event-1.json").value_or("");
    std::string last;
    std::istringstream lines(read_file(live).value_or(""));
    for (std::string line; std::getline(lines, line); last = line) {
      for (const auto& problem : test::against_schema(line, schema)) {
        wrong += problem + " in " + line + "\n";
      }
      if (line.find("\"attempt\"") != std::string::npos &&
          last.find("start") != std::string::npos) {
        wrong += lacks(line, R"("address":"20.190.128.1","protocol":"tcp","port":7777,)") +
                 lacks(line, R"(["/mnt/zonder/bin/reach","tcp","20.190.128.1","7777"])");
      }
    }
    return wrong + lacks(last, R"("event":"end")") + lacks(last, R"("exit_code":5)");
  });
}

TEST_P(Pipeline, RefusesADamagedBaselineBeforeTheCommandStarts)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    if (!write_file(baseline_file, "{")) {
      return "cannot write";
    }
    const auto refused =
        without_microsoft({"--baseline", baseline_file}, "touch /mnt/scratch/started");
    struct stat about {};
    return differs("exit code", refused.code, 2) +
           lacks(refused.said, "/mnt/scratch/deps.json:1:2: this baseline is damaged") +
           differs("started", ::stat("/mnt/scratch/started", &about) == 0, false);
  });
}

TEST_P(Pipeline, WhatDoesNotStartLeavesNoReportOfAnotherRun)
{
  const auto schema = read_file(ZONDER_SOURCE_DIR "/docs/schema/zonder.run-1.json");
  ASSERT_TRUE(schema);
  in_mini_internet(world(), [&schema](Arrivals&) -> std::string {
    const std::string json_file = "/mnt/scratch/run.json";
    const auto with = [&](std::vector<std::string> options, const std::string& program) {
      std::vector<std::string> command = {"env",
                                          "ZONDER_CATALOG=" + catalogue(),
                                          test::zonder_program,
                                          "microsoft",
                                          "--report",
                                          json_file,
                                          "--report",
                                          junit_file,
                                          "--json"};
      command.insert(command.end(), options.begin(), options.end());
      command.insert(command.end(), {"--", program});
      return *run_captured(command);
    };
    std::string wrong = differs("fine", with({}, "true").status.as_shell(), 0);
    const auto told = [&](const Captured& ended, int code, const std::string& why) {
      const auto json = read_file(json_file).value_or("");
      return differs("code", ended.status.as_shell(), code) + lacks(ended.err, why) +
             lacks(ended.out, "\"not_started\":") + lacks(ended.out, why) +
             differs("document and file", ended.out, json) +
             differs("schema", test::against_schema(json, *schema).size(), std::size_t{0}) +
             lacks(read_file(junit_file).value_or(""),
                   "<error message=\"the command did not start") +
             lacks(read_file(junit_file).value_or(""), why);
    };
    wrong += told(with({}, "/mnt/scratch/nosuch"), 127, "/mnt/scratch/nosuch");
    return wrong + told(with({"--control", "nowhere.example"}, "true"), 125, "nowhere.example");
  });
}

TEST_P(Pipeline, WhatIsEndedWithTheCommandIsTold)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto left = without_microsoft({}, "sleep 60 & sleep 61 & true");
    return differs("code", left.code, 0) +
           lacks(left.said, "2 processes still ran when the command had ended, and were ended") +
           (without_microsoft({}, "sleep 0 & wait").said.find("still ran") == std::string::npos
                ? ""
                : "nothing was left, and told; ");
  });
}

/// A player that keeps what it is given to play.
std::string player_folder()
{
  const std::string folder = "/mnt/scratch/players";
  ::mkdir(folder.c_str(), 0755);
  const std::string player = folder + "/pacat";
  const bool made = write_file(player, "#!/bin/sh\nexec cat > /mnt/scratch/sound\n").has_value();
  return made && ::chmod(player.c_str(), 0755) == 0 ? folder : "";
}

/// How many clicks were played.
int clicks_heard()
{
  const auto sound = read_file("/mnt/scratch/sound", std::size_t{64} << 20U).value_or("");
  int clicks = 0;
  std::size_t quiet_until = 0;
  for (std::size_t at = 0; 2 * at + 1 < sound.size(); ++at) {
    std::int16_t sample = 0;
    std::memcpy(&sample, sound.data() + 2 * at, sizeof sample);
    if (at >= quiet_until && std::abs(int{sample}) > 3000) {
      ++clicks;
      quiet_until = at + app::click_rate / 60;
    }
  }
  return clicks;
}

TEST_P(Pipeline, ClicksOncePerAttemptAtTheAbsent)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto beeps = [](const std::string& like, const std::string& script) {
      const auto run = run_captured({"env",
                                     "PATH=" + player_folder() + ":/usr/bin:/bin",
                                     "ZONDER_CATALOG=" + catalogue(),
                                     test::zonder_program,
                                     "microsoft",
                                     "--like",
                                     like,
                                     "--beep",
                                     "--",
                                     "sh",
                                     "-c",
                                     script + "\ntrue"});
      return run ? differs(script.c_str(), run->status.as_shell(), 0) +
                       lacks(run->err, "a click for every attempt: microsoft 440 Hz")
                 : run.error().message;
    };
    const std::string dead = "/mnt/zonder/bin/reach tcp 20.190.128.1 7777; ";
    const std::string living = "/mnt/zonder/bin/reach tcp 193.0.6.139 80; ";
    std::string wrong = beeps("refuse", living + dead + dead + living + dead);
    wrong += differs("clicks for calls", clicks_heard(), 3);
    // A name that fails is an attempt too; the question for the other family is another.
    wrong += beeps("nxdomain", "curl -4 -sS --max-time 3 http://login.microsoft.example/");
    return wrong + differs("clicks for names", clicks_heard(), 1);
  });
}

TEST_P(Pipeline, SaysWhatIsMissingWhereNothingCanPlayClicks)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto run = run_captured({"/usr/bin/env",
                                   "PATH=/mnt/zonder/bin",
                                   "ZONDER_CATALOG=" + catalogue(),
                                   test::zonder_program,
                                   "microsoft",
                                   "--beep",
                                   "--",
                                   "/bin/true"});
    return run ? differs("code", run->status.as_shell(), 125) +
                     lacks(run->err, "install the package pulseaudio-utils (pacat) or alsa-utils")
               : run.error().message;
  });
}

}  // namespace
}  // namespace zonder::isolate
