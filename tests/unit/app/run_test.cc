// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/baseline_file.hh"
#include "app/page_url.hh"
#include "app/report_file.hh"
#include "app/run.hh"
#include "base/file.hh"
#include "isolate/controls.hh"
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

// A link whose file is not there yet leads to where the report comes.
TEST(RunCommand, ALinkToNothingYetIsTheFileThatItLeadsTo)
{
  DataWorld data(a_catalogue());
  const auto path = data.path("run.json");
  const auto link = data.path("latest.json");
  std::filesystem::create_symlink("run.json", link);
  const auto twice = "zonder: " + path + " is to be written twice: give each its own file\n";
  EXPECT_EQ(refused(data, {.reports = {link, path}}), std::pair(2, twice));
  EXPECT_EQ(refused(data, {.new_baseline = path, .reports = {link}}), std::pair(2, twice));
  EXPECT_EQ(refused(data, {.new_baseline = link, .reports = {path}}).first, 2);
}

// Last night's report must not pass for this one's.
TEST(RunCommand, ThatNothingRanIsInEveryReportWhateverWentWrong)
{
  const auto reports_of = [](DataWorld& data, RunOptions options) {
    for (const auto& name : {"run.xml", "run.json", "run.jsonl", "run.txt", "run.html"}) {
      options.reports.push_back(data.file(name, "of last night"));
    }
    options.command = {"must-not-be-started"};
    EXPECT_NE(run(data.world, options), 0);
    for (const auto& path : options.reports) {
      const auto written = read_file(path).value();
      EXPECT_EQ(written.find("of last night"), std::string::npos) << path;
      EXPECT_GT(written.size(), 100U) << path;
      EXPECT_EQ(written.find("Data of ;"), std::string::npos) << written;
    }
    return read_file(data.path("run.xml")).value() + read_file(data.path("run.jsonl")).value();
  };
  DataWorld data(a_catalogue());
  EXPECT_NE(reports_of(data, {.selector = "clod"}).find("clod"), std::string::npos);
  EXPECT_NE(reports_of(data, {.selector = "cloud", .dns = "truthful"}).find("truthful"),
            std::string::npos);
  EXPECT_NE(reports_of(data, {.selector = "cloud", .baseline = data.path("none.json")})
                .find("there is no baseline"),
            std::string::npos);
  EXPECT_NE(reports_of(data, {.selector = "cloud", .allowed = {"clod"}}).find("clod"),
            std::string::npos);
  data.world.data_folder = data.path("no-data");
  data.world.share_folder = data.path("no-share");
  EXPECT_NE(reports_of(data, {.selector = "cloud"}).find("catalogue"), std::string::npos);
}

TEST(RunCommand, WritesNothingWhereItIsNotSureWhatMayBeWritten)
{
  DataWorld data(a_catalogue());
  const auto path = data.file("run.json", "of last night");
  EXPECT_EQ(refused(data, {.reports = {path, data.path("run.pdf")}}).first, 2);
  EXPECT_EQ(read_file(path).value(), "of last night");
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

/// One line alone: who is absent is not told of a run that cannot be.
void expect_one_complaint(const RunOptions& typed, const std::string& complaint)
{
  DataWorld data(a_catalogue());
  const auto [code, said] = refused(data, typed);
  EXPECT_EQ(code, 2);
  EXPECT_TRUE(said.starts_with("zonder: " + complaint)) << said;
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
}

TEST(RunCommand, SaysWhatIsWrongWithWhatIsAllowed)
{
  expect_one_complaint({.allowed = {"cloud", "clod"}}, "the catalogue does not know clod");
}

TEST(RunCommand, SaysWhatIsWrongWithAnApplicationOrADescriptorBeforeAllElse)
{
  expect_one_complaint({.application = "firefx"}, "--app cannot be firefx; it is one of: ");
  expect_one_complaint({.keep_descriptors = {99}},
                       "--keep-fd 99: there is no such open descriptor; ");
  expect_one_complaint({.keep_descriptors = {-1}},
                       "--keep-fd wants the number of an open descriptor, 0 or more, not -1");
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

// What is written replaces what is there: a pipe or a device would be gone without having had it.
TEST(ReportPath, IsOfAFileAndOfNothingElse)
{
  DataWorld data(a_catalogue());
  const auto pipe = data.path("pipe.json");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const auto told = "cannot write " + pipe +
                    ": it is a pipe or a device, and would be replaced by the file; name a file";
  EXPECT_EQ(refused(data, {.reports = {pipe}}), std::pair(2, "zonder: " + told + "\n"));
  EXPECT_EQ(refused(data, {.new_baseline = pipe}), std::pair(2, "zonder: " + told + "\n"));
  const auto device = data.path("device.html");
  std::filesystem::create_symlink("/dev/null", device);
  EXPECT_FALSE(check_report_path(device));
  // Also when it came there while the command ran.
  const auto record = run_story("npm blocked microsoft packages.example.com 20.190.128.1 tcp/443");
  const auto judgement = report::judge(record, nullptr, nullptr);
  EXPECT_FALSE(write_report(pipe, record, judgement, {}));
  EXPECT_FALSE(write_baseline(pipe, record, judgement));
  EXPECT_TRUE(std::filesystem::is_fifo(pipe));
}

TEST(ReportPath, MayBeALinkToWhereTheReportsAre)
{
  DataWorld data(a_catalogue());
  const auto record = run_story("npm blocked microsoft packages.example.com 20.190.128.1 tcp/443");
  for (const auto& name : {"there.json", "not-yet.json"}) {
    const auto link = data.path(std::string("link-to-") + name);
    std::filesystem::create_symlink(name, link);
    if (std::string(name) == "there.json") {
      data.file(name, "the one before");
    }
    EXPECT_TRUE(check_report_path(link));
    EXPECT_TRUE(write_report(link, record, report::judge(record, nullptr, nullptr), {}));
    EXPECT_TRUE(std::filesystem::is_symlink(link));
    EXPECT_NE(read_file(data.path(name)).value().find("zonder.run/1"), std::string::npos);
  }
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
  const auto expect = [](const std::string& url, const std::string& reason) {
    const auto said = refusal_of(page(url));
    EXPECT_NE(said.find(reason), std::string::npos) << url << ": " << said;
  };
  expect("www.example.nl", "did you mean https://www.example.nl?");
  expect("localhost:8080/x", "did you mean https://localhost:8080/x?");
  for (const char* url : {"file:///etc/passwd",
                          "/etc/passwd",
                          "chrome://version",
                          "data:text/html,x",
                          "https:/a.example",
                          "http:8080"}) {
    expect(url, std::string("begins with http:// or https://, not ") + url + "\n");
  }
  expect("https://", "https:// names no host");
  expect("http:///path", "names no host");
  expect("http://user:geheim@/", "--page: http://user:***@/ names no host");
  expect("user:geheim@a.example", "not user:***@a.example");
  expect("https://a.example/ b", "holds no spaces or control characters");
  expect("https://a.example/\x1b", "holds no spaces or control characters");
  expect("http://[2001:db8::g]/", "between the brackets of http://[2001:db8::g]/ is no IPv6");
  for (const char* port : {"0", "65536", "-1", "8080x", "http"}) {
    expect(std::string("HTTP://a.example:") + port + "/",
           std::string("a port is a number between 1 and 65535, not ") + port + ", in HTTP://a.");
  }
  expect("https://a.example/" + std::string(2000, 'x'), "at most 1024");
}

TEST(RunCommand, PageSaysWhatTheBrowserIsCalledThatIsNotThere)
{
  DataWorld data(a_catalogue());
  for (const char* named : {"/nonexistent/chromium", "/etc", "/etc/passwd", "no-such-browser"}) {
    ::setenv("ZONDER_BROWSER", named, 1);
    auto options = page("http://u:geheim@a.example/");
    options.reports = {data.path("run.json")};
    EXPECT_EQ(run(data.world, options), static_cast<int>(Exit::RunFailed));
    const auto said = data.err();
    EXPECT_NE(
        said.find(std::string("ZONDER_BROWSER names ") + named + ", which is no program here"),
        std::string::npos)
        << said;
    const auto report = read_file(data.path("run.json")).value_or("");
    EXPECT_NE(report.find("http://u:***@a.example/"), std::string::npos) << report;
  }
  ::unsetenv("ZONDER_BROWSER");
}

TEST(RunCommand, PageTakesItsSchemeInCapitalsToo)
{
  for (const char* url : {"HTTP://a.example", "Https://u:p@[2001:db8::1]:8443/x?y#z"}) {
    EXPECT_TRUE(check_page_url(url)) << url;
  }
}

TEST(RunCommand, ControlIsAHostAndKnownToBeOneBeforeAnythingIsStarted)
{
  const auto said = [](const std::string& control) {
    auto options = page("https://a.example/");
    options.controls = {control};
    return refusal_of(options);
  };
  EXPECT_NE(said("https://www.example.nl/").find("wants HOST or HOST:PORT, not https://www.ex"),
            std::string::npos);
  EXPECT_NE(said("a.example:99999").find("between 1 and 65535, not 99999, in a.example:99999"),
            std::string::npos);
  EXPECT_NE(said("[2001:db8::1]:x").find("between 1 and 65535, not x"), std::string::npos);
  EXPECT_NE(said("a..example").find("--control: a..example is no host: "), std::string::npos);
  for (const char* control :
       {"a.example", "a.example:80", "192.0.2.1:1", "2001:db8::1", "[::1]:9"}) {
    EXPECT_TRUE(isolate::check_control(control)) << control;
  }
}

TEST(RunCommand, DoesNotReplaceAReportThatIsReadOnly)
{
  if (::geteuid() == 0) {
    // For root nothing is read-only: somebody else asks.
    const TemporaryFolder folder = *TemporaryFolder::make();
    ASSERT_EQ(::chmod(folder.path().c_str(), 0777), 0);
    const auto path = folder.path() + "/old.html";
    ASSERT_TRUE(write_file(path, "as it was", 0444));
    const pid_t other = ::fork();
    if (other == 0) {
      if (::setresuid(1500, 1500, 1500) != 0) {
        ::_exit(77);
      }
      const auto checked = check_report_path(path);
      const bool told = !checked && checked.error().message ==
                                        "cannot write " + path +
                                            ": Permission denied; a read-only file is not replaced";
      ::_exit(told ? 0 : 1);
    }
    int status = 0;
    ::waitpid(other, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
      GTEST_SKIP() << "root of a user namespace in which there is nobody else";
    }
    EXPECT_EQ(status, 0);
  } else {
    DataWorld data(a_catalogue());
    const auto path = data.file("old.html", "as it was");
    ASSERT_EQ(::chmod(path.c_str(), 0444), 0);
    EXPECT_FALSE(check_report_path(path));
  }
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
