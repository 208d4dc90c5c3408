// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "browse/browser.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string_view>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.hh"
#include "base/translate.hh"
#include "browse/visit_file.hh"
#include "model/room_authority.hh"

namespace zonder::browse {
namespace {

using Words = std::vector<std::string>;

// Where Chromium looks for its debugger: it reads what it shall do here, and answers there.
constexpr int browser_reads = 3;
constexpr int browser_writes = 4;

/// What else would go on without a page asking for it: updates, lists of bad sites, trials,
/// reports, guesses at what is wanted next.
constexpr const char* no_features =
    "--disable-features=Translate,OptimizationHints,OptimizationGuideModelDownloading,"
    "OptimizationTargetPrediction,MediaRouter,DialMediaRouteProvider,"
    "InterestFeedContentSuggestions,"
    "CertificateTransparencyComponentUpdater,AutofillServerCommunication,PrivacySandboxSettings4,"
    "NetworkTimeServiceQuerying,DnsOverHttpsUpgrade,NetworkPrediction,Prerender2,"
    "HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,ChromeWhatsNewUI,GlobalMediaControls";

/// The authority by which zonder answers for the revoked, where we are in such a room: then what it
/// certifies is no error. Empty: there is none.
std::string room_authority()
{
  constexpr std::size_t length = 44;  // 32 bytes in base64
  const char* named = std::getenv(model::authority_variable);
  const std::string pin = named == nullptr ? "" : named;
  const bool is_one = pin.size() == length && std::all_of(pin.begin(), pin.end(), [](char c) {
                        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                               (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '=';
                      });
  return is_one ? pin : std::string();
}

Words command_line(const Browser::Options& options)
{
  Words words = {options.program,
                 "--headless",
                 "--remote-debugging-pipe",
                 "--user-data-dir=" + options.profile,
                 fmt::format("--window-size={},{}", options.width, options.height),
                 "--no-first-run",
                 "--no-default-browser-check",
                 "--no-pings",
                 "--no-service-autorun",
                 "--disable-background-networking",
                 "--disable-component-update",
                 // What is wanted all the same is asked of nobody: the discard port of this host. A
                 // page's own requests to the same services stay as they are.
                 "--component-updater=url-source=http://127.0.0.1:9/",
                 "--gaia-url=http://127.0.0.1:9/",
                 "--allow-browser-signin=false",
                 "--disable-component-extensions-with-background-pages",
                 "--disable-default-apps",
                 "--disable-extensions",
                 "--disable-sync",
                 "--disable-domain-reliability",
                 "--disable-client-side-phishing-detection",
                 "--disable-breakpad",
                 "--disable-crash-reporter",
                 "--disable-field-trial-config",
                 "--disable-search-engine-choice-screen",
                 "--disable-auto-reload",
                 "--disable-dev-shm-usage",
                 "--disable-gpu",
                 "--metrics-recording-only",
                 "--safebrowsing-disable-auto-update",
                 "--simulate-outdated-no-au=Tue, 31 Dec 2099 23:59:59 GMT",
                 "--password-store=basic",
                 "--deny-permission-prompts",
                 "--force-color-profile=srgb",
                 "--hide-scrollbars",
                 "--mute-audio",
                 no_features};
  if (const auto pin = room_authority(); !pin.empty()) {
    words.push_back("--ignore-certificate-errors-spki-list=" + pin);
  }
  if (!Browser::can_have_a_sandbox()) {
    words.emplace_back("--no-sandbox");
  }
  words.emplace_back("about:blank");
  return words;
}

/// A folder that only we may look into; false: it is not there.
bool has_folder(const std::string& path)
{
  return ::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST;
}

/// "HOME=/home/user" is one of these. By its desktop Chromium would choose whose settings count;
/// without one the variables for proxies do, which are the user's own and which a room sees
/// through.
bool is_the_users_place(std::string_view variable)
{
  constexpr std::array names = {"HOME",
                                "TMPDIR",
                                "XDG_CONFIG_HOME",
                                "XDG_CACHE_HOME",
                                "XDG_DATA_HOME",
                                "XDG_STATE_HOME",
                                "XDG_RUNTIME_DIR",
                                "CHROME_CONFIG_HOME",
                                "CHROME_USER_DATA_DIR",
                                "DCONF_PROFILE",
                                "GSETTINGS_BACKEND",
                                "XDG_CURRENT_DESKTOP",
                                "XDG_SESSION_DESKTOP",
                                "DESKTOP_SESSION",
                                "GNOME_DESKTOP_SESSION_ID",
                                "KDE_FULL_SESSION",
                                "KDE_SESSION_VERSION"};
  const auto name = variable.substr(0, variable.find('='));
  return name.starts_with("DBUS_") || std::find(names.begin(), names.end(), name) != names.end();
}

/// The user's, but for the places where a browser writes beside its profile (settings, keys,
/// caches, the desktop's database): those are in `home`. The desktop's buses are no part of a
/// visit.
Words variables_in(const std::string& home)
{
  Words variables;
  for (const auto& each : user_environment()) {
    if (!is_the_users_place(each)) {
      variables.push_back(each);
    }
  }
  variables.push_back("HOME=" + home);
  for (const auto& [name, folder] : {std::pair("XDG_CONFIG_HOME", "config"),
                                     std::pair("XDG_CACHE_HOME", "cache"),
                                     std::pair("XDG_DATA_HOME", "data"),
                                     std::pair("XDG_STATE_HOME", "state"),
                                     std::pair("XDG_RUNTIME_DIR", "run")}) {
    const auto place = home + "/" + folder;
    (void)has_folder(place);
    variables.push_back(std::string(name) + "=" + place);
  }
  variables.emplace_back("GSETTINGS_BACKEND=memory");
  variables.emplace_back("DBUS_SESSION_BUS_ADDRESS=disabled:");
  variables.emplace_back("DBUS_SYSTEM_BUS_ADDRESS=disabled:");
  return variables;
}

/// Nothing of the user's is written to. What else the browser leaves goes with its profile, where
/// the path is short enough: it puts a socket there.
Words environment(const std::string& profile)
{
  constexpr std::size_t longest_path = 60;
  const auto beside = profile.substr(0, profile.rfind('/'));
  const auto home = beside + "/h";
  const auto temporary = beside + "/t";
  (void)has_folder(home);
  auto variables = variables_in(home);
  if (temporary.size() <= longest_path && has_folder(temporary)) {
    variables.push_back("TMPDIR=" + temporary);
  }
  return variables;
}

/// Two sockets that are joined, the second high up, out of the way of the numbers that it gets.
struct Joined {
  Descriptor ours;
  Descriptor theirs;
};
std::optional<Joined> join()
{
  constexpr int high = 100;
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return std::nullopt;
  }
  Joined joined{.ours = Descriptor(ends[0]), .theirs = {}};
  const Descriptor low(ends[1]);
  joined.theirs = Descriptor(::fcntl(low.get(), F_DUPFD_CLOEXEC, high));
  return joined.theirs ? std::optional(std::move(joined)) : std::nullopt;
}

tl::unexpected<Error> cannot_start(const std::string& why)
{
  return fail(Fault::NotPossible, say("cannot start the browser: {}", why));
}

/// The processes that were started here, or were left to us.
std::vector<pid_t> children()
{
  std::ifstream list(fmt::format("/proc/self/task/{}/children", ::getpid()));
  std::vector<pid_t> pids;
  for (pid_t pid = 0; list >> pid;) {
    pids.push_back(pid);
  }
  return pids;
}

/// Waits for what the browser left behind, a moment kindly and then not.
void take_in_the_rest()
{
  constexpr int kind_rounds = 100;
  constexpr int rounds = 300;
  for (int round = 0; round < rounds; ++round) {
    pid_t ended = 0;
    while ((ended = ::waitpid(-1, nullptr, WNOHANG)) > 0) {
    }
    if (ended < 0) {
      return;  // there are none
    }
    if (round >= kind_rounds) {
      for (const auto pid : children()) {
        ::kill(pid, SIGKILL);
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

}  // namespace

Result<std::string> find_browser()
{
  const char* named = std::getenv("ZONDER_BROWSER");
  if (named != nullptr && *named != '\0') {
    const auto found = find_program(named);
    struct stat about = {};
    if (!found || ::stat(found->c_str(), &about) != 0 || !S_ISREG(about.st_mode)) {
      return fail(
          Fault::NotPossible,
          say("ZONDER_BROWSER names {}, which is no program here: name a Chromium, or leave "
              "it out",
              named));
    }
    return *found;
  }
  for (const char* name : {"chromium", "chromium-browser", "google-chrome"}) {
    if (auto found = find_program(name)) {
      return *found;
    }
  }
  return fail(Fault::NotPossible,
              say("--page needs Chromium, which is not installed here (Debian's package is called "
                  "chromium; ZONDER_BROWSER can name another one)"));
}

Result<std::string> version_of_browser(const std::string& program)
{
  constexpr auto patience = std::chrono::seconds(10);
  const auto folder = TemporaryFolder::make();
  if (!folder) {
    return fail(folder.error());
  }
  const auto start = [&](int in, int out, int err) {
    return ChildProcess::start({.argv = {program, "--version"},
                                .environment = environment(folder->path() + "/profile"),
                                .directory = "/",
                                .in = in,
                                .out = out,
                                .err = err});
  };
  const auto ran = run_captured(start, patience);
  if (!ran) {
    return fail(ran.error());
  }
  auto line = ran->out.substr(0, ran->out.find('\n'));
  line.erase(line.find_last_not_of(' ') + 1);
  if (ran->status.as_shell() != 0 || line.empty()) {
    return fail(Fault::NotPossible, say("{} --version tells nothing", program));
  }
  return line;
}

bool Browser::can_have_a_sandbox()
{
  return ::geteuid() != 0;
}

Result<Browser> Browser::start(const Options& options)
{
  auto down = join();
  auto up = join();
  const auto words = options.profile + ".log";
  const Descriptor log(::open(words.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!down || !up || !log) {
    return cannot_start(std::strerror(errno));
  }
  // Whatever the browser starts and leaves behind comes to us, to be ended too.
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  const int reads = down->theirs.get();
  const int writes = up->theirs.get();
  auto child = ChildProcess::start({.argv = command_line(options),
                                    .environment = environment(options.profile),
                                    .directory = "/",
                                    .err = log.get(),
                                    .keep = {reads, writes},
                                    .in_child = [reads, writes] {
                                      ::dup2(reads, browser_reads);
                                      ::dup2(writes, browser_writes);
                                      ::close(reads);
                                      ::close(writes);
                                    }});
  if (!child) {
    return cannot_start(child.error().message);
  }
  return Browser(std::move(*child), BrowserPipe(std::move(up->ours), std::move(down->ours)), words);
}

std::string Browser::last_words() const
{
  constexpr std::size_t enough = std::size_t{1} << 20U;
  const auto written = read_untrusted(words_, enough);
  std::istringstream lines(written ? *written : "");
  std::string last;
  for (std::string line; std::getline(lines, line);) {
    last = line.empty() ? last : line;
  }
  return last;
}

void Browser::end()
{
  constexpr auto patience = std::chrono::seconds(3);
  if (!child_.wait_for(std::chrono::milliseconds(0))) {
    const bool asked = !pipe_.gone() && pipe_.send(R"({"id":0,"method":"Browser.close"})");
    if (!asked || !child_.wait_for(patience)) {
      child_.stop();
    }
  }
  take_in_the_rest();
}

}  // namespace zonder::browse
