// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <filesystem>

#include <gtest/gtest.h>

#include "app/baseline_file.hh"
#include "app/report_file.hh"
#include "app/run.hh"
#include "support/catalog_world.hh"
#include "support/data_world.hh"
#include "support/run_story.hh"

// What is refused before anything is started; runs themselves are in tests/netns.
namespace zonder::app {
namespace {

using namespace test;

catalog::SnapshotContent a_catalogue()
{
  return small_content({SmallParty{.id = "cloud", .asns = {asn(100)}}},
                       {originated("192.0.2.0/24", 100)});
}

/// Runs `touch` with these files, which must be refused: the exit code, and what was said.
std::pair<int, std::string> refused(DataWorld& data, RunOptions options)
{
  const auto touched = data.path("touched");
  options.selector = "cloud";
  options.command = {"touch", touched};
  const int code = run(data.world, options);
  EXPECT_FALSE(std::filesystem::exists(touched)) << "the command was started";
  return {code, data.err()};
}

TEST(RunCommand, RefusesABaselineThatCannotBeUsedBeforeAnythingIsStarted)
{
  DataWorld data(a_catalogue());
  const auto with = [&data](const std::string& path) {
    return refused(data, {.baseline = path});
  };
  const auto missing = data.path("missing.json");
  EXPECT_EQ(with(missing),
            std::pair(2,
                      "zonder: there is no baseline " + missing + ": a run with --write-baseline " +
                          missing + " makes one\n"));
  const auto damaged = data.file("damaged.json", "{\n  \"schema\": \"zonder.baseline/1\",\n  oops");
  EXPECT_EQ(with(damaged),
            std::pair(2,
                      "zonder: " + damaged +
                          ":3:3: this baseline is damaged: it is not JSON from there on; take it "
                          "back from version control, or make it anew with --write-baseline\n"));
  const auto foreign = data.file("foreign.json", "{\"schema\": \"zonder.who/1\"}");
  EXPECT_EQ(with(foreign),
            std::pair(2,
                      "zonder: " + foreign +
                          " is no baseline: its \"schema\" is not zonder.baseline/1; "
                          "--write-baseline FILE makes one\n"));
  const auto big = data.file("big.json", std::string(report::largest_baseline + 1, ' '));
  EXPECT_EQ(with(big),
            std::pair(2,
                      "zonder: " + big +
                          " is larger than the 4194304 bytes that are allowed; --baseline wants a "
                          "file that --write-baseline made\n"));
  EXPECT_EQ(with(data.path(".")).first, 2);
}

TEST(RunCommand, RefusesABaselineThatItCouldNotWriteAfterwards)
{
  DataWorld data(a_catalogue());
  const auto nowhere = data.path("nowhere");
  EXPECT_EQ(refused(data, {.new_baseline = nowhere + "/deps.json"}),
            std::pair(2, "zonder: cannot write in " + nowhere + ": No such file or directory\n"));
}

TEST(RunCommand, RefusesToWriteTwoThingsToOneFile)
{
  DataWorld data(a_catalogue());
  const auto path = data.path("run.json");
  const auto beside = data.path("./run.json");
  EXPECT_EQ(refused(data, {.new_baseline = path, .reports = {beside}}),
            std::pair(2, "zonder: " + path + " is to be written twice: give each its own file\n"));
  EXPECT_EQ(refused(data, {.reports = {path, data.path("run.txt"), beside}}).first, 2);
}

TEST(RunCommand, TwoNamesOfOneFileAreOneFile)
{
  DataWorld data(a_catalogue());
  const auto path = data.file("run.json", "");
  const auto other = data.path("same.html");
  std::filesystem::create_hard_link(path, other);
  EXPECT_EQ(refused(data, {.reports = {path, other}}),
            std::pair(2, "zonder: " + other + " is to be written twice: give each its own file\n"));
  std::filesystem::remove(other);
  std::filesystem::create_symlink(path, other);
  EXPECT_EQ(refused(data, {.reports = {path, other}}).first, 2);
}

TEST(RunCommand, RefusesADayThatIsStillToCome)
{
  DataWorld data(a_catalogue());
  EXPECT_EQ(refused(data, {.as_of = "2027-01-01"}),
            std::pair(2,
                      std::string("zonder: --as-of 2027-01-01 is a day in the future: nobody knows "
                                  "yet who owns what then\n")));
}

TEST(RunCommand, RefusesASocketThatIsNotThere)
{
  DataWorld data(a_catalogue());
  const auto nope = data.path("nope");
  EXPECT_EQ(refused(data, {.allowed_sockets = {nope}}).first, 2);
  const auto file = data.file("file", "");
  const auto [code, said] = refused(data, {.allowed_sockets = {file}});
  EXPECT_EQ(code, 2);
  EXPECT_NE(said.find("--allow-socket " + file + ": this is no socket, and no folder of sockets"),
            std::string::npos)
      << said;
}

TEST(RunCommand, SaysWhatIsWrongWithWhatIsAllowed)
{
  DataWorld data(a_catalogue());
  const auto [code, said] = refused(data, {.allowed = {"cloud", "clod"}});
  EXPECT_EQ(code, 2);
  EXPECT_NE(said.find("clod"), std::string::npos) << said;
}

TEST(ReportPath, MayBeJunit)
{
  DataWorld data(a_catalogue());
  EXPECT_TRUE(check_report_path(data.path("run.xml")));
  EXPECT_EQ(check_report_path("run.pdf").error().message,
            "a report is .html, .json, .jsonl, .txt or .xml (JUnit); run.pdf ends in none of "
            "these");
  EXPECT_EQ(check_report_path("a.b/run.JSONL").error().message,
            "a report's suffix is written in small letters: a.b/run.jsonl instead of "
            "a.b/run.JSONL");
}

TEST(BaselineFile, KeepsWhatCountsAndWhatWasKnownAndNotWhatIsAllowed)
{
  DataWorld data(a_catalogue());
  const auto record = run_story(R"(
    git   blocked  github     github.com           192.0.2.1     tcp/443
    curl  blocked  microsoft  login.microsoft.com  20.190.128.1  tcp/443
    npm   blocked  microsoft  packages.example.com   20.190.128.1  tcp/443
  )");
  const auto path = data.path("deps.json");
  const auto npm = run_story("npm blocked microsoft packages.example.com 20.190.128.1 tcp/443");
  ASSERT_TRUE(write_baseline(path, npm, report::judge(npm, nullptr, nullptr)));
  const auto known = read_baseline(path);
  ASSERT_TRUE(known) << known.error().message;

  const auto github = allowed_party("github", "192.0.2.0/24", "github.com");
  ASSERT_TRUE(write_baseline(path, record, report::judge(record, &github, &*known)));
  const auto kept = read_baseline(path);
  ASSERT_TRUE(kept) << kept.error().message;
  ASSERT_EQ(kept->contacts.size(), 2U);
  EXPECT_EQ(kept->contacts[0].target, "login.microsoft.com");
  EXPECT_EQ(kept->contacts[1].target, "packages.example.com");
}

TEST(BaselineFile, IsLeftAloneByARunThatSawTooLittle)
{
  DataWorld data(a_catalogue());
  const auto path = data.file("deps.json", "as it was");
  auto record = run_story("");
  record.uplink_died = true;
  const auto written = write_baseline(path, record, report::judge(record, nullptr, nullptr));
  EXPECT_EQ(written.error().message,
            "no baseline was written to " + path +
                ": the uplink died, so that contacts may be missing");
  EXPECT_EQ(read_file(path).value(), "as it was");
}

TEST(RunCommand, SaysWhichWaysOfLookingUpNamesThereAre)
{
  DataWorld data(a_catalogue());
  const auto [code, said] = refused(data, {.dns = "truthful"});
  EXPECT_EQ(code, 2);
  EXPECT_NE(said.find("--dns cannot be truthful; it is one of: forward honest"), std::string::npos)
      << said;
}

RunOptions without_cloud()
{
  RunOptions options;
  options.selector = "cloud";
  options.command = {"/nonexistent/must-not-be-started"};
  return options;
}

/// What is said of options that are refused before anything is started.
std::string refusal_of(const RunOptions& options)
{
  DataWorld data(small_content({{.id = "cloud"}}, {}));
  EXPECT_EQ(run(data.world, options), static_cast<int>(Exit::Usage));
  return data.err();
}

TEST(RunCommand, RevokedNeedsTheUsersWordForItsAuthority)
{
  auto options = without_cloud();
  options.mode = "revoked";
  const auto said = refusal_of(options);
  EXPECT_NE(said.find("needs --lab-ca"), std::string::npos) << said;
  EXPECT_NE(said.find("certificate authority for this one run"), std::string::npos) << said;
  options.lab_ca = true;
  options.like = "refuse";
  EXPECT_NE(refusal_of(options).find("leave it out with --mode revoked"), std::string::npos);
}

TEST(RunCommand, AuthorityIsForTheRevokedOnly)
{
  auto options = without_cloud();
  options.lab_ca = true;
  EXPECT_NE(refusal_of(options).find("--lab-ca is for --mode revoked only"), std::string::npos);
}

TEST(RunCommand, DeniedIsNoWayOfBeingGone)
{
  auto options = without_cloud();
  options.like = "denied";
  EXPECT_NE(refusal_of(options).find("--like cannot be denied"), std::string::npos);
  options.like = "";
  options.mode = "captured";
  EXPECT_NE(refusal_of(options).find("captured changes the law"), std::string::npos);
}

RunOptions page(const std::string& url)
{
  RunOptions options;
  options.selector = "cloud";
  options.pages = {url};
  return options;
}

TEST(RunCommand, PageIsAWholeAddressOfTheWeb)
{
  EXPECT_NE(refusal_of(page("www.example.nl")).find("did you mean https://www.example.nl?"),
            std::string::npos);
  for (const char* url : {"file:///etc/passwd",
                          "/etc/passwd",
                          "chrome://version",
                          "data:text/html,x",
                          "https://",
                          "https://a.example/ b",
                          "https://a.example/\x1b"}) {
    EXPECT_NE(refusal_of(page(url)).find("begins with http:// or https://"), std::string::npos)
        << url;
  }
  EXPECT_NE(refusal_of(page("https://a.example/" + std::string(2000, 'x'))).find("at most 1024"),
            std::string::npos);
}

TEST(RunCommand, PageTakesThePlaceOfACommand)
{
  const auto said = [](auto change) {
    auto options = page("https://a.example/");
    change(options);
    return refusal_of(options);
  };
  EXPECT_NE(said([](auto& options) { options.command = {"true"}; }).find("the place of a command"),
            std::string::npos);
  EXPECT_NE(said([](auto& options) { options.application = "firefox"; }).find("leave out --app"),
            std::string::npos);
  EXPECT_NE(said([](auto& options) { options.after = "10s"; }).find("fall away halfway"),
            std::string::npos);
  EXPECT_NE(said([](auto& options) { options.engine = "seccomp"; }).find("netns or root"),
            std::string::npos);
  EXPECT_NE(said([](auto& options) { options.page_wait = "11m"; }).find("between 1s and 10m"),
            std::string::npos);
  EXPECT_NE(said([](auto& options) { options.page_wait = "soon"; }).find("soon"),
            std::string::npos);
  EXPECT_NE(said([](auto& options) {
              options.pages = std::vector<std::string>(21, "https://a.example/");
            }).find("at most 20 pages"),
            std::string::npos);
  EXPECT_NE(said([](auto& options) {
              options.pages.clear();
              options.page_wait = "3s";
            }).find("goes with --page only"),
            std::string::npos);
}

}  // namespace
}  // namespace zonder::app
