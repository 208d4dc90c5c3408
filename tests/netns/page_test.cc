// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/child_process.hh"
#include "base/file.hh"
#include "browse/browser.hh"
#include "browse/visit.hh"
#include "browse/visit_file.hh"
#include "catalog/snapshot_content.hh"
#include "kernel/namespaces.hh"
#include "support/catalog_world.hh"
#include "support/json_schema.hh"
#include "support/mini_internet.hh"
#include "support/mini_names.hh"
#include "support/run_checks.hh"
#include "trust/authority.hh"

// `zonder run --page` with the Chromium that is installed, in the small internet, as root and as an
// ordinary user. The town's page is European; its colour and its picture are Microsoft's.
namespace zonder::isolate {
namespace {

using nlohmann::json;
using test::Arrivals;
using test::differs;
using test::in_mini_internet;

constexpr const char* town = "http://www.europe.example/";

class Page : public testing::TestWithParam<uid_t> {
protected:
  void SetUp() override
  {
    if (!browse::find_browser()) {
      GTEST_SKIP() << "Chromium is not installed: no page can be visited";
    }
  }
  static test::MiniInternetOptions world()
  {
    test::MiniInternetOptions options{.uid = GetParam(), .reaches_microsoft = true};
    options.pages = {
        {"/",
         "<!doctype html><html lang=en><title>Town \u001b[31m</title><body><h1>The town</h1>"
         "<script src='http://login.microsoft.example/paint.js'></script>"
         "<img alt='' width=400 height=300 src='http://login.microsoft.example/logo.svg?n=1'>"
         "<script>if (!window.painted) console.error('nobody painted <b>\u0007</b>');</script>"
         "<script src='/own.js'></script>"},
        {"/paint.js",
         "window.painted = true; document.body.style.background = 'teal';"
         "var s = document.createElement('script'); s.src = '/second.js'; "
         "s.src = 'http://login.microsoft.example/second.js'; document.head.append(s);"},
        {"/second.js", "window.second = true;"},
        {"/own.js", "window.own = true;"},
        {"/logo.svg",
         "<svg xmlns='http://www.w3.org/2000/svg' width='400' height='300'>"
         "<rect width='400' height='300' fill='orange'/></svg>"}};
    return options;
  }
};

INSTANTIATE_TEST_SUITE_P(As,
                         Page,
                         testing::Values(uid_t{0}, test::ordinary_user),
                         [](const auto& who) { return who.param == 0 ? "Root" : "OrdinaryUser"; });

std::string catalogue()
{
  test::SmallParty microsoft{.id = "microsoft"};
  microsoft.prefixes = {test::prefix("20.190.128.0/18"), test::prefix("2603:1026::/32")};
  microsoft.domains = {test::domain("microsoft.example")};
  const std::string path = "/mnt/scratch/catalog.snapshot";
  const auto written = write_file(path, compile_snapshot(test::small_content({microsoft})));
  return written ? path : "";
}

constexpr const char* temporary = "/mnt/scratch/temporary";
constexpr const char* home = "/mnt/scratch/home";

/// Every file of the user's with when it was changed; no browser may add to these.
std::string what_is_at_home()
{
  std::set<std::string> all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(home)) {
    const auto changed = entry.last_write_time().time_since_epoch().count();
    all.insert(entry.path().string() + " " + std::to_string(changed) + "; ");
  }
  std::string text;
  for (const auto& each : all) {
    text += each;
  }
  return text;
}

/// As a user has it who uses a browser on a desktop.
void make_home()
{
  for (const char* folder : {".config/chromium", ".config/dconf", ".pki/nssdb", ".cache", "run"}) {
    std::filesystem::create_directories(std::string(home) + "/" + folder);
  }
}

/// `zonder microsoft [options]`, with a temporary folder of its own.
std::vector<std::string> zonder_microsoft(const std::vector<std::string>& options,
                                          const std::string& browser = "")
{
  std::filesystem::create_directory(temporary);
  make_home();
  std::vector<std::string> command = {"env",
                                      "-u",
                                      "XDG_CONFIG_HOME",
                                      "-u",
                                      "XDG_CACHE_HOME",
                                      "-u",
                                      "XDG_DATA_HOME",
                                      std::string("HOME=") + home,
                                      std::string("XDG_RUNTIME_DIR=") + home + "/run",
                                      "ZONDER_CATALOG=" + catalogue(),
                                      std::string("TMPDIR=") + temporary,
                                      "ZONDER_BROWSER=" + browser,
                                      test::zonder_program,
                                      "microsoft"};
  command.insert(command.end(), options.begin(), options.end());
  return command;
}

/// Neither processes nor files. Whoever was killed is cleared up after by others, who take a
/// moment.
std::string anything_left(const test::Processes& processes_before)
{
  std::error_code ignored;
  for (int round = 0; round < 500 && !std::filesystem::is_empty(temporary, ignored); ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  auto wrong = test::left_behind(processes_before);
  for (const auto& entry : std::filesystem::directory_iterator(temporary)) {
    wrong += "left behind: " + entry.path().string() + "; ";
  }
  return wrong;
}

/// Runs it to its end.
Captured run_zonder(const std::vector<std::string>& options,
                    std::string& wrong,
                    const std::string& browser = "")
{
  const auto command = zonder_microsoft(options, browser);
  const auto before = test::processes();
  const auto at_home = what_is_at_home();
  auto done = run_captured(command, std::chrono::seconds(200));
  if (!done) {
    wrong += done.error().message;
    return {};
  }
  wrong += anything_left(before) + differs("the user's files", what_is_at_home(), at_home);
  return std::move(*done);
}

/// The record of `zonder microsoft [options] --json`, which has pages.
json told_of(std::vector<std::string> options,
             int code,
             std::string& wrong,
             const std::string& browser = "")
{
  options.emplace_back("--json");
  const auto done = run_zonder(options, wrong, browser);
  wrong += differs("exit code", done.status.as_shell(), code);
  auto record = json::parse(done.out, nullptr, false);
  if (!record.is_object() || !record["pages"].is_object()) {
    throw std::runtime_error(wrong + done.err + done.out);
  }
  wrong += wrong.empty() ? "" : done.err;
  return record;
}

/// `wrong`, and where there is any what the record has of the pages.
std::string with_pages(const std::string& wrong, const json& record)
{
  constexpr std::size_t most = 5000;
  return wrong.empty() ? "" : wrong + record["pages"]["visited"].dump(1).substr(0, most);
}

/// Ends it when that is in its folder: its browser has begun, or a visit is done.
std::string ended_at(const std::string& part, int signal = SIGTERM)
{
  const auto command = zonder_microsoft({"--like", "refuse", "--page", town});
  const auto before = test::processes();
  auto zonder = ChildProcess::start({.argv = command});
  if (!zonder) {
    return zonder.error().message;
  }
  const auto has_begun = [&part] {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(temporary, ignored)) {
      if (std::filesystem::exists(entry.path() / part, ignored)) {
        return true;
      }
    }
    return false;
  };
  for (int round = 0; round < 1000 && !has_begun(); ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  zonder->send(signal);
  const auto status = zonder->wait_for(std::chrono::seconds(20));
  return status ? differs("exit code", status->as_shell(), 128 + signal) + anything_left(before)
                : "it does not end; ";
}

/// The request for a URL that begins so; null when there is none.
json request_for(const json& page, const std::string& url)
{
  for (const auto& request : page["requests"]) {
    if (request["url"].get<std::string>().starts_with(url)) {
      return request;
    }
  }
  return nullptr;
}

std::size_t count_of(const std::string& text, const std::string& part)
{
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

/// Both pictures of the first page are real, of the right size, and not the same.
std::string check_pictures(const std::string& html)
{
  const std::string before = "src=\"data:image/png;base64,";
  std::vector<std::string> pictures;
  for (auto at = html.find(before); at != std::string::npos; at = html.find(before, at + 1)) {
    const auto from = at + before.size();
    pictures.push_back(html.substr(from, html.find('"', from) - from));
  }
  std::string wrong = differs("pictures", pictures.size(), std::size_t{2});
  for (const auto& picture : pictures) {
    const bool fits =
        browse::png_size(picture) == browse::PictureSize{.width = 1280, .height = 800};
    wrong += differs("a picture's size fits", fits, true);
  }
  return wrong.empty() ? differs("the pictures differ", pictures[0] != pictures[1], true) : wrong;
}

std::string check_town(const json& page)
{
  std::string wrong =
      differs<std::string>("verdict", page["verdict"], "still-loads") +
      differs<int>("fell away", page["fell_away"], 3) +
      differs<int>("not asked", page["not_asked"], 1) + differs<int>("came", page["came"], 5) +
      differs<std::string>(
          "parties", page["parties"].dump(), R"([{"count":3,"party":"microsoft"}])");
  const auto paint = request_for(page, "http://login.microsoft.example/paint.js");
  const auto second = request_for(page, "http://login.microsoft.example/second.js");
  const auto own = request_for(page, "http://www.europe.example/own.js");
  if (paint.is_null() || second.is_null() || own.is_null()) {
    return wrong + "a request is not there: " + page.dump(1);
  }
  wrong +=
      differs<std::string>("paint's party", paint["party"], "microsoft") +
      differs<std::string>("paint with", paint["with"]["outcome"], "came") +
      differs<std::string>("paint without", paint["without"]["outcome"], "failed") +
      differs<std::string>("its error", paint["without"]["error"], "net::ERR_CONNECTION_REFUSED") +
      differs<bool>("paint fell away", paint["fell_away"], true) +
      differs<bool>("second is null", second["without"].is_null(), true) +
      differs<bool>("second fell away", second["fell_away"], true) +
      differs<bool>("own fell away", own["fell_away"], false) +
      differs<std::string>("own without", own["without"]["outcome"], "came");
  const auto errors = page["console_errors_only_without"].dump();
  if (errors.find("nobody painted") == std::string::npos ||
      errors.find("ERR_CONNECTION_REFUSED") == std::string::npos) {
    wrong += "the console's errors are " + errors;
  }
  return wrong;
}

TEST_P(Page, TellsWhichRequestsFellAwayAndWhose)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    std::string wrong;
    const auto record = told_of({"--like",
                                 "refuse",
                                 "--page",
                                 town,
                                 "--report",
                                 "/mnt/scratch/page.html",
                                 "--report",
                                 "/mnt/scratch/page.txt"},
                                0,
                                wrong);
    const auto schema =
        read_file(std::string(ZONDER_SOURCE_DIR) + "/docs/schema/zonder.run-1.json");
    for (const auto& problem : test::against_schema(record.dump(), schema.value_or("{}"))) {
      wrong += problem + "; ";
    }
    wrong += check_town(record["pages"]["visited"][0]);
    wrong += differs<bool>("sandboxed", record["pages"]["sandboxed"], ::geteuid() != 0);
    // It was Chromium that asked, and nothing else asked anything of the absent.
    bool by_chromium = false;
    for (const auto& attempt : record["attempts"]) {
      if (attempt["party"] == "microsoft" && attempt["protocol"] == "tcp") {
        const auto programs = attempt["programs"].dump();
        by_chromium = programs.find("/chrom") != std::string::npos;
        wrong += by_chromium ? "" : "asked by " + programs;
      }
    }
    wrong += differs("asked by chromium", by_chromium, true);
    // The browser has nothing to ask for on its own account.
    for (const auto& attempt : record["attempts"]) {
      const auto name = attempt["name"].is_string() ? attempt["name"].get<std::string>() : "";
      wrong += name.empty() || name.ends_with(".example") ? "" : "asked for " + name + "; ";
    }

    const auto html = read_file("/mnt/scratch/page.html").value_or("");
    wrong += check_pictures(html) + differs("scripts", count_of(html, "<script"), std::size_t{0}) +
             differs("in the page", count_of(html, "nobody painted <b>"), std::size_t{0}) +
             differs("escaped", count_of(html, "nobody painted &lt;b&gt;") > 0, true);
    const auto text = read_file("/mnt/scratch/page.txt").value_or("");
    wrong += differs("named so", text.find("  chromium  ") != std::string::npos, true) +
             differs("first line",
                     text.find("Without microsoft: 1 of 1 page still loads; 3 of 5 "
                               "requests fell away: 3 microsoft.") != std::string::npos,
                     true);
    return with_pages(wrong, record);
  });
}

TEST_P(Page, TellsAPageThatNoLongerLoadsFromOneThatNeverDid)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    std::string wrong;
    const auto record = told_of({"--like",
                                 "refuse",
                                 "--page",
                                 "http://login.microsoft.example/",
                                 "--page",
                                 "http://www.europe.example:81/"},
                                1,
                                wrong);
    const auto& pages = record["pages"]["visited"];
    wrong += differs<std::string>("first", pages[0]["verdict"], "no-longer-loads") +
             differs<std::string>("second", pages[1]["verdict"], "tells-nothing") +
             differs<std::string>("first without", pages[0]["without"]["outcome"], "failed");
    return with_pages(wrong, record);
  });
}

// In a black hole nothing fails, for minutes: that is neither good nor broken.
TEST_P(Page, TellsWhatIsStillWaitedForAsThat)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    std::string wrong;
    const auto record = told_of({"--page", town, "--page-wait", "4s"}, 1, wrong);
    const auto& page = record["pages"]["visited"][0];
    const auto paint = request_for(page, "http://login.microsoft.example/paint.js");
    wrong += differs<std::string>("verdict", page["verdict"], "no-longer-loads") +
             differs<std::string>("without", page["without"]["outcome"], "unfinished") +
             differs<std::string>("paint", paint["without"]["outcome"], "waiting");
    return with_pages(wrong, record);
  });
}

TEST_P(Page, LeavesNothingBehindWhenItIsEndedHalfway)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    return ended_at("with/profile-0/Default") +
           ended_at("with/page-0.json") +  // between both visits
           ended_at("without/profile-0/Default");
  });
}

TEST_P(Page, LeavesNothingBehindWhenItIsKilled)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    return ended_at("with/profile-0/Default", SIGKILL) + ended_at("with/page-0.json", SIGKILL) +
           ended_at("without/profile-0/Default", SIGKILL);
  });
}

/// Of every page.
std::string verdicts(const json& record)
{
  std::string all;
  for (const auto& page : record["pages"]["visited"]) {
    all += page["verdict"].get<std::string>() + " ";
  }
  return all;
}

// The room has a loopback of its own: what is not on it says nothing of the absent.
TEST_P(Page, BlamesNobodyForWhatIsOnThisMachineOnly)
{
  auto options = world();
  options.reaches_microsoft = false;
  options.prepare = [] {
    const auto hosts = read_file("/etc/hosts").value_or("") + "\n127.0.0.1 own.europe.example\n";
    if (!write_file("/mnt/hosts", hosts) ||
        ::mount("/mnt/hosts", "/etc/hosts", nullptr, MS_BIND, nullptr) != 0) {
      throw std::runtime_error("no hosts file");
    }
  };
  in_mini_internet(options, [](Arrivals&) -> std::string {
    std::string wrong;
    if (!make_folders("/mnt/scratch/www") ||
        !write_file("/mnt/scratch/www/index.html", "<!doctype html><title>Here</title>")) {
      return "no page";
    }
    const auto server = ChildProcess::start({.argv = {"python3",
                                                      "-m",
                                                      "http.server",
                                                      "8080",
                                                      "--bind",
                                                      "::",
                                                      "--directory",
                                                      "/mnt/scratch/www"}});
    if (!server) {
      return server.error().message;
    }
    std::vector<std::string> words = {"--like", "refuse", "--report", "/mnt/scratch/p.txt"};
    for (const char* host : {"127.0.0.1", "localhost", "[::1]", "own.europe.example"}) {
      words.insert(words.end(), {"--page", std::string("http://") + host + ":8080/"});
    }
    const auto alone = told_of(words, 3, wrong);
    const auto text = read_file("/mnt/scratch/p.txt").value_or("");
    wrong += differs<std::string>("verdicts",
                                  verdicts(alone),
                                  "tells-nothing tells-nothing tells-nothing "
                                  "tells-nothing ") +
             differs("reasons",
                     count_of(text,
                              "at this machine's own loopback, and the room has another one "
                              "with nothing on it: --allow-host 8080 lets"),
                     std::size_t{4});
    words.insert(words.end(), {"--allow-host", "8080"});
    const auto let = told_of(words, 0, wrong);
    wrong += differs<std::string>(
        "verdicts", verdicts(let), "still-loads still-loads still-loads still-loads ");
    return wrong.empty() ? "" : wrong + text;
  });
}

/// The command lines of all processes.
std::map<pid_t, std::string> command_lines()
{
  std::map<pid_t, std::string> all;
  for (const auto& [pid, name] : test::processes()) {
    all[pid] = read_file("/proc/" + std::to_string(pid) + "/cmdline").value_or("");
  }
  return all;
}

TEST_P(Page, ShowsAPasswordNowhere)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const std::vector<std::string> reports = {"html", "txt", "xml", "json", "jsonl"};
    std::vector<std::string> words = {"--like", "refuse", "--page"};
    words.emplace_back("http://clerk:geheim@www.europe.example/");
    for (const auto& each : reports) {
      words.insert(words.end(), {"--report", "/mnt/scratch/p." + each});
    }
    const auto command = zonder_microsoft(words);
    auto zonder = ChildProcess::start({.argv = command});
    if (!zonder) {
      return zonder.error().message;
    }
    std::string wrong;
    bool has_begun = false;  // it hides what was typed before it starts anything
    while (!zonder->wait_for(std::chrono::milliseconds(20))) {
      const auto lines = command_lines();
      has_begun = has_begun || std::any_of(lines.begin(), lines.end(), [](const auto& each) {
                    return each.second.find("internal-visit") != std::string::npos;
                  });
      for (const auto& [pid, line] : lines) {
        if (has_begun && line.find("geheim") != std::string::npos && wrong.empty()) {
          wrong = "process " + std::to_string(pid) + " shows " + line;
        }
      }
    }
    wrong += differs("exit code", zonder->wait().as_shell(), 0) +
             differs("the visitor was seen", has_begun, true);
    for (const auto& each : reports) {
      const auto text = read_file("/mnt/scratch/p." + each).value_or("");
      wrong += differs((each + " shows it").c_str(), count_of(text, "geheim"), std::size_t{0}) +
               differs((each + " says that there was one").c_str(),
                       count_of(text, "http://clerk:***@www.europe.example/") > 0,
                       true);
    }
    return wrong;
  });
}

TEST_P(Page, IsCalledByItsAddressWhereABrowserHasALongCommandLine)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    std::string wrong;
    const auto done = run_zonder({"--like",
                                  "refuse",
                                  "--page",
                                  town,
                                  "--report",
                                  "/mnt/scratch/p.txt",
                                  "--report",
                                  "/mnt/scratch/p.xml"},
                                 wrong);
    for (const char* path : {"/mnt/scratch/p.txt", "/mnt/scratch/p.xml"}) {
      const auto text = read_file(path).value_or("");
      const auto named = count_of(text, std::string("chromium ") + town + " (process ");
      wrong += differs("named so", named > 0, true) +
               differs("options", count_of(text, "--type="), std::size_t{0}) +
               differs("of a command", count_of(text, "ommand"), std::size_t{0});
      wrong += wrong.empty() ? "" : text;
    }
    return wrong;
  });
}

// What stands on port 8443 of everybody's servers, by TLS; a browser that trusts it.
constexpr const char* trusting_browser = "/mnt/scratch/trusting";
constexpr const char* safe_town = "https://www.europe.example:8443/";
constexpr const char* tls_server = R"(
import http.server, socket, ssl, sys
pages = {'/': ('text/html', "<!doctype html><title>Town</title><h1>The town</h1>"
               "<script src='https://login.microsoft.example:8443/paint.js'></script>"),
         '/paint.js': ('text/javascript', 'window.painted = true')}
class Server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6
class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        kind, body = pages.get(self.path, ('text/plain', ''))
        self.send_response(200 if body else 404)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())
    def log_message(self, *words):
        pass
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain('/mnt/scratch/tls.pem')
server = Server(('::', 8443), Pages)
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
open('/mnt/scratch/tls.ready', 'w').close()
server.serve_forever()
)";

/// A browser that takes the servers' key for a good one, and a certificate for both.
void make_certificate()
{
  auto authority = trust::Authority::make("Somebody's own", std::chrono::hours(1));
  const auto made = authority ? authority->issue({"www.europe.example", "login.microsoft.example"})
                              : Result<trust::Certificate>(fail(authority.error()));
  auto written = made ? write_file("/mnt/scratch/tls.pem", made->chain + made->key)
                      : Result<void>(fail(made.error()));
  if (written) {
    written = write_file("/mnt/scratch/authority.pem", authority->certificate());
  }
  const auto pin = run_captured(
      {"sh",
       "-c",
       "openssl x509 -in /mnt/scratch/tls.pem -pubkey -noout | openssl pkey -pubin -outform der | "
       "openssl dgst -sha256 -binary | openssl base64 -A"});
  if (!written || !pin || pin->out.empty() ||
      !write_file(trusting_browser,
                  "#!/bin/sh\npins=" + pin->out +
                      "\nfor word; do shift; case $word in "
                      "--ignore-certificate-errors-spki-list=*) pins=$pins,${word#*=};; "
                      "*) set -- \"$@\" \"$word\";; esac; done\nexec " +
                      *browse::find_browser() +
                      " --ignore-certificate-errors-spki-list=$pins \"$@\"\n",
                  0755)) {
    throw std::runtime_error("no certificate");
  }
}

std::vector<ChildProcess> serve_by_tls(int internet)
{
  make_certificate();
  auto server = kernel::start_in_new_namespaces({}, [internet]() -> int {
    if (kernel::enter_namespace(internet)) {
      ::execlp("python3", "python3", "-c", tls_server, static_cast<char*>(nullptr));
    }
    return 1;
  });
  std::vector<ChildProcess> all;
  if (server) {
    all.push_back(std::move(*server));
  }
  for (int round = 0; round < 500 && !std::filesystem::exists("/mnt/scratch/tls.ready"); ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return all;
}

std::string outcome_of_script(const json& record, const char* visit)
{
  const auto script =
      request_for(record["pages"]["visited"][0], "https://login.microsoft.example:8443/paint.js");
  if (script.is_null() || script[visit].is_null()) {
    return "not asked for";
  }
  const auto& error = script[visit]["error"];
  return script[visit]["outcome"].get<std::string>() + " " +
         (error.is_string() ? error.get<std::string>() : "");
}

TEST_P(Page, IsVisitedByHttps)
{
  auto options = world();
  options.beside = serve_by_tls;
  in_mini_internet(options, [](Arrivals&) -> std::string {
    std::string wrong;
    const auto record =
        told_of({"--page", safe_town, "--like", "refuse"}, 0, wrong, trusting_browser);
    wrong += differs<std::string>("verdict", verdicts(record), "still-loads ") +
             differs<std::string>("with", outcome_of_script(record, "with"), "came ") +
             differs<std::string>("without",
                                  outcome_of_script(record, "without"),
                                  "failed net::ERR_CONNECTION_REFUSED");
    return with_pages(wrong, record);
  });
}

// By certificates of the run's own authority, which this one browser is told of.
TEST_P(Page, IsRefusedByTheRevokedByHttpsToo)
{
  auto options = world();
  options.beside = serve_by_tls;
  in_mini_internet(options, [](Arrivals&) -> std::string {
    std::string wrong;
    const auto record =
        told_of({"--page", safe_town, "--mode", "revoked", "--lab-ca"}, 0, wrong, trusting_browser);
    std::string received;
    for (const auto& each : record["received"]) {
      received += each["how"].get<std::string>() + " ";
    }
    wrong += differs<std::string>("verdict", verdicts(record), "still-loads ") +
             differs<std::string>("without",
                                  outcome_of_script(record, "without"),
                                  "failed net::ERR_BLOCKED_BY_ORB") +
             differs<std::string>("zonder", received, "answered ");
    return with_pages(wrong, record);
  });
}

TEST_P(Page, IsRefusedPlainlyByTheRevoked)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    std::string wrong;
    const auto record = told_of({"--mode",
                                 "revoked",
                                 "--lab-ca",
                                 "--page",
                                 town,
                                 "--page",
                                 "http://login.microsoft.example/"},
                                1,
                                wrong);
    const auto& pages = record["pages"]["visited"];
    const auto& page = pages[0];
    const auto paint = request_for(page, "http://login.microsoft.example/paint.js");
    wrong +=
        differs<std::string>("verdict", page["verdict"], "still-loads") +
        differs<int>("fell away", page["fell_away"], 3) +
        differs<std::string>("paint without", paint["without"]["outcome"], "failed") +
        // The browser keeps what is no script from the page that asked for one.
        differs<std::string>("its error", paint["without"]["error"], "net::ERR_BLOCKED_BY_ORB") +
        differs<std::string>("paint's party", paint["party"], "microsoft") +
        differs<std::string>("their own page", pages[1]["verdict"], "no-longer-loads") +
        differs<std::string>("without", pages[1]["without"]["outcome"], "refused") +
        differs<std::string>("its status", pages[1]["without"]["status"].dump(), "403");
    return with_pages(wrong, record);
  });
}

// A page under an authority of one's own; and then with the policy that the manual tells of.
TEST_P(Page, UnderAnAuthorityOfOnesOwnTellsNothingAndWhatToDo)
{
  auto options = world();
  options.prepare = [] {
    (void)::mkdir("/etc/chromium", 0755);
    if (::mount("tmpfs", "/etc/chromium", "tmpfs", 0, "mode=777") != 0) {
      throw std::runtime_error("no place for policies");
    }
  };
  options.beside = serve_by_tls;
  in_mini_internet(options, [](Arrivals&) -> std::string {
    std::string wrong;
    const std::vector<std::string> words = {
        "--page", safe_town, "--like", "refuse", "--report", "/mnt/scratch/p.txt"};
    const auto untrusted = told_of(words, 3, wrong);
    const auto text = read_file("/mnt/scratch/p.txt").value_or("");
    wrong += differs<std::string>("verdict", verdicts(untrusted), "tells-nothing ") +
             differs("what to do", count_of(text, "policy CACertificates"), std::size_t{1}) +
             differs("a cause", count_of(text, "cause was not seen"), std::size_t{0});
    const auto policy = run_captured(
        {"sh",
         "-c",
         "mkdir -p /etc/chromium/policies/managed && printf '{\"CACertificates\": [\"%s\"]}' "
         "$(openssl x509 -in /mnt/scratch/authority.pem -outform der | base64 -w0) "
         ">/etc/chromium/policies/managed/own.json"});
    wrong += differs("the policy is there", policy && policy->status.as_shell() == 0, true);
    const auto trusted = told_of(words, 0, wrong);
    wrong += differs<std::string>("with the policy", verdicts(trusted), "still-loads ");
    return with_pages(wrong.empty() ? "" : wrong + text, trusted);
  });
}

// A visit takes its time: what was typed wrong, or is not here, is told before the first.
TEST_P(Page, IsNotVisitedWhereItCouldNotBeWithoutThem)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    std::string wrong;
    const auto check = [&wrong](std::vector<std::string> words,
                                int code,
                                const std::string& why,
                                const std::string& browser = "") {
      words.insert(words.end(), {"--page", town, "--report", "/mnt/scratch/p.json"});
      const auto done = run_zonder(words, wrong, browser);
      const auto record =
          json::parse(read_file("/mnt/scratch/p.json").value_or(""), nullptr, false);
      const bool is_told = record.is_object() && record["not_started"].is_string();
      wrong += differs("exit code", done.status.as_shell(), code) +
               differs("of the report", is_told ? record["exit_code"].get<int>() : -1, code) +
               differs("why", count_of(done.err, why) > 0, true) +
               differs("visits", count_of(done.err, "with everybody"), std::size_t{0});
      wrong += wrong.empty() ? "" : done.err;
    };
    const std::string proxy = "http://proxy.europe.example:3128";
    check({"--like", "slow", "--proxy", proxy}, 2, "slow cannot be made through a proxy");
    check({"--mode", "revoked", "--lab-ca", "--proxy", proxy}, 2, "revoked cannot be made");
    check({"--proxy", "http://127.0.0.1:3128", "--allow-host", "3128"}, 2, "--allow-host 3128");
    check({"--keep-fd", "77"}, 2, "77");
    check({}, 125, "/nonexistent/chromium, which is no program", "/nonexistent/chromium");
    return wrong;
  });
}

/// What the visitor saw of each page of its order.
std::vector<model::PageVisit> visits_in(const std::string& folder, const browse::VisitOrder& order)
{
  std::vector<model::PageVisit> all;
  for (std::size_t i = 0; i < order.urls.size(); ++i) {
    const auto text =
        browse::read_untrusted(folder + "/" + browse::result_name(i), browse::largest_visit);
    const auto result = browse::result_from_json(text.value_or(""), order.width, order.height);
    all.push_back(result ? result->visit : model::PageVisit{.why = "there is no result"});
  }
  return all;
}

// By their own name servers, from this internet's root down; so the second one, which hangs on name
// servers of Microsoft's, is not found at all.
TEST_P(Page, IsLookedUpByHonestNamesToo)
{
  if (!find_program("unbound")) {
    GTEST_SKIP() << "unbound is not installed";
  }
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const std::string folder = "/mnt/scratch/visit";
    const browse::VisitOrder order{.urls = {town, "http://www.gemeente.example/"},
                                   .program = *browse::find_browser()};
    if (!make_folders(folder) ||
        !write_file(folder + "/" + browse::order_name, browse::order_as_json(order))) {
      return "no order";
    }
    auto options = test::without_microsoft({test::zonder_program, "internal-visit", folder});
    options.dns = model::DnsMode::Honest;
    options.root_hints = test::root_hints();
    const auto record = run(options);
    if (!record) {
      return record.error().message;
    }
    const auto visits = visits_in(folder, order);
    std::string failed;
    for (const auto& each : record->dns.failed) {
      failed += each.name + " ";
    }
    return differs("exit code", record->exit_code, 0) +
           differs("the town's came", visits[0].outcome == model::PageOutcome::Loaded, true) +
           differs<std::string>("the other's", visits[1].why, "net::ERR_NAME_NOT_RESOLVED") +
           differs<std::string>("names that hang on the absent", failed, "www.gemeente.example ") +
           (visits[0].why.empty() ? "" : visits[0].why);
  });
}

/// What `zonder doctor` says of it.
json checked(const std::string& browser, const char* id, std::string& wrong)
{
  make_home();
  std::filesystem::create_directory(temporary);
  const auto at_home = what_is_at_home();
  const auto done = run_captured({"env",
                                  std::string("HOME=") + home,
                                  std::string("TMPDIR=") + temporary,
                                  "ZONDER_BROWSER=" + browser,
                                  test::zonder_program,
                                  "doctor",
                                  "--json"});
  wrong += differs("the user's files", what_is_at_home(), at_home);
  const auto document = json::parse(done ? done->out : "", nullptr, false);
  for (const auto& check : document.is_object() ? document["checks"] : json::array()) {
    if (check["id"] == id) {
      return check;
    }
  }
  wrong += std::string("doctor tells nothing of ") + id + "; ";
  return nullptr;
}

TEST_P(Page, HasALineForWhatItNeedsInDoctor)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    std::string wrong;
    const auto here = checked("", "chromium", wrong);
    const auto missing = checked("/nonexistent/chromium", "chromium", wrong);
    for (const char* id : {"sound-player", "netem"}) {
      const auto check = checked("", id, wrong);
      wrong += differs("needed", !check.is_null() && check["needed"].get<bool>(), false);
    }
    if (here.is_null() || missing.is_null()) {
      return wrong;
    }
    const auto path = *browse::find_browser();
    wrong += differs<std::string>("health", here["health"], "works") +
             differs("path and version",
                     here["detail"].get<std::string>().starts_with(path + ": Chromium "),
                     true) +
             differs<std::string>("of what is missing", missing["health"], "missing") +
             differs("what it names",
                     count_of(missing["detail"].get<std::string>(),
                              "ZONDER_BROWSER names /nonexistent/chromium, which is no program"),
                     std::size_t{1}) +
             differs("needed", missing["needed"].get<bool>(), false);
    return wrong;
  });
}

}  // namespace
}  // namespace zonder::isolate
