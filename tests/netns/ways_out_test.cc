// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/descriptor.hh"
#include "base/file.hh"
#include "isolate/applications.hh"
#include "isolate/run.hh"
#include "support/mini_internet.hh"
#include "support/run_checks.hh"

// Ways out of the room that do not go over its network. What can be closed is closed, and that is
// shown by trying to go through it; what stays open is told with who used it.
namespace zonder::isolate {
namespace {

using test::Arrivals;
using test::differs;
using test::in_mini_internet;
using test::ordinary_user;
using test::without_microsoft;

constexpr const char* reach = "/mnt/zonder/bin/reach";

class WaysOut : public testing::TestWithParam<uid_t> {
protected:
  static test::MiniInternetOptions world() { return {.uid = GetParam()}; }
};

INSTANTIATE_TEST_SUITE_P(As, WaysOut, testing::Values(uid_t{0}, ordinary_user), [](const auto& w) {
  return w.param == 0 ? "Root" : "OrdinaryUser";
});

/// Somebody who listens, and counts who comes; answers each with one line and waits for the end.
class Service {
public:
  static Service at_path(const std::string& path)
  {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, path.size());
    Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    (void)::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::chmod(path.c_str(), 0777);
    return Service(std::move(socket));
  }
  static Service at_loopback(std::uint16_t port)
  {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    (void)::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    return Service(std::move(socket));
  }
  Service(Service&&) = default;
  Service& operator=(Service&&) = default;
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  ~Service()
  {
    if (thread_.joinable()) {
      *stop_ = true;
      thread_.join();
    }
  }

  [[nodiscard]] int visitors() const { return *visitors_; }

private:
  explicit Service(Descriptor socket)
  {
    (void)::listen(socket.get(), 16);
    thread_ =
        std::thread([socket = std::move(socket), visitors = visitors_.get(), stop = stop_.get()] {
          while (!*stop) {
            pollfd ready = {.fd = socket.get(), .events = POLLIN, .revents = 0};
            if (::poll(&ready, 1, 20) > 0) {
              const Descriptor visitor(::accept4(socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
              ++*visitors;
              (void)::send(visitor.get(), "served\n", 7, MSG_NOSIGNAL);
              ::shutdown(visitor.get(), SHUT_WR);
              char byte = 0;
              pollfd end = {.fd = visitor.get(), .events = POLLIN, .revents = 0};
              while (::poll(&end, 1, 2000) > 0 && ::read(visitor.get(), &byte, 1) > 0) {
              }
            }
          }
        });
  }
  std::unique_ptr<std::atomic<int>> visitors_ = std::make_unique<std::atomic<int>>(0);
  std::unique_ptr<std::atomic<bool>> stop_ = std::make_unique<std::atomic<bool>>(false);
  std::thread thread_;
};

/// A /run of the test's own, with folders for services in it.
void own_run()
{
  (void)::mount("test", "/run", "tmpfs", 0, "mode=0755");
  for (const char* folder : {"/run/nscd", "/run/systemd", "/run/systemd/resolve", "/run/user"}) {
    ::mkdir(folder, 0755);
    ::chmod(folder, 0777);
  }
  ::chmod("/run", 0777);
}

std::vector<std::string> shell(const std::string& script)
{
  return {"bash", "-c", script};
}

const model::LeftTheRoom* way_named(const model::RunRecord& record, const std::string& part)
{
  for (const auto& way : record.left_the_room) {
    if (way.what.find(part) != std::string::npos) {
      return &way;
    }
  }
  return nullptr;
}

// Case 11.
TEST_P(WaysOut, AnInheritedConnectionIsNotTheCommands)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto service = Service::at_loopback(5000);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(5000);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const Descriptor open(::socket(AF_INET, SOCK_STREAM, 0));
    constexpr int inherited = 70;  // which nothing else in this process has
    if (::connect(open.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::dup2(open.get(), inherited) != inherited) {
      return "no connection to inherit";
    }
    const auto read_it = shell("read -t 2 -u 70 line && echo $line; test \"$line\" = served");
    const auto closed = run(without_microsoft(read_it));
    auto options = without_microsoft(read_it);
    options.keep_descriptors = {inherited};
    const auto kept = run(options);
    options.keep_descriptors = {77};
    const auto not_open = run(options);
    ::close(inherited);
    if (!closed || !kept) {
      return closed ? kept.error().message : closed.error().message;
    }
    return differs("closed", closed->exit_code, 1) + differs("kept", kept->exit_code, 0) +
           differs("told", way_named(*kept, "descriptor 70") != nullptr, true) +
           differs("not told", way_named(*closed, "descriptor 70") == nullptr, true) +
           differs("77",
                   not_open ? "" : not_open.error().message.substr(0, 45),
                   std::string("--keep-fd 77: there is no such open descriptor"
                               "")
                       .substr(0, 45));
  });
}

// Case 11: a connection as standard input.
TEST_P(WaysOut, AConnectionAsStandardInputIsRefused)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const Descriptor before(::fcntl(0, F_DUPFD_CLOEXEC, 100));
    const Descriptor socket(::socket(AF_INET, SOCK_STREAM, 0));
    ::dup2(socket.get(), 0);
    const auto record = run(without_microsoft({"true"}));
    ::dup2(before.get(), 0);
    return record ? "it was not refused"
                  : differs("sentence",
                            record.error().message.find("descriptor 0 is an open network") !=
                                std::string::npos,
                            true);
  });
}

// Case 12.
TEST_P(WaysOut, NameServicesOfTheMachineAreNotAsked)
{
  auto options = world();
  options.prepare = own_run;
  in_mini_internet(options, [](Arrivals&) -> std::string {
    const auto nscd = Service::at_path("/run/nscd/socket");
    const auto resolved = Service::at_path("/run/systemd/resolve/io.systemd.Resolve");
    // Outside they are there: the check can fail.
    if (std::system((std::string(reach) + " unix /run/nscd/socket >/dev/null").c_str()) != 0) {
      return "the stand-in does not answer outside";
    }
    for (int round = 0; round < 100 && nscd.visitors() == 0; ++round) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));  // it counts in its own time
    }
    const int before = nscd.visitors();
    const auto record = run(without_microsoft(
        shell("getent ahosts www.europe.example >/dev/null; a=$?; " + std::string(reach) +
              " unix /run/nscd/socket >/dev/null && exit 8; " + reach +
              " unix /run/systemd/resolve/io.systemd.Resolve >/dev/null && exit 9; exit $a")));
    if (!record) {
      return record.error().message;
    }
    bool asked = false;
    for (const auto& attempt : record->attempts) {
      asked = asked || (attempt.protocol == "dns" && attempt.name == "www.europe.example");
    }
    return differs("exit code", record->exit_code, 0) + differs("asked of us", asked, true) +
           differs("nscd", nscd.visitors(), before) + differs("resolved", resolved.visitors(), 0);
  });
}

// A bind that fails since somebody else is there makes nobody's service the command's own.
TEST_P(WaysOut, APathThatItCouldNotBindIsStillSomebodyElses)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto service = Service::at_path("/mnt/scratch/service");
    const std::string script = R"(
import errno, os, socket
os.chdir('/mnt/scratch')
for name in ('/mnt/scratch/service', 'own', '/mnt/scratch/nowhere/service'):
    s = socket.socket(socket.AF_UNIX)
    try:
        s.bind(name); s.listen(1)
    except OSError as e:
        assert e.errno in (errno.EADDRINUSE, errno.ENOENT)
    try:
        socket.socket(socket.AF_UNIX).connect(name)
    except FileNotFoundError:
        pass
)";
    const auto record = run(without_microsoft({"python3", "-c", script}));
    if (!record) {
      return record.error().message;
    }
    const auto* way = way_named(*record, "/mnt/scratch/service");
    return differs("exit code", record->exit_code, 0) + differs("visitors", service.visitors(), 1) +
           differs("told", way != nullptr && way->programs.size() == 1, true) +
           differs("its own is not told", way_named(*record, "scratch/own") == nullptr, true);
  });
}

// Case 13.
TEST_P(WaysOut, DockersSocketIsMaskedUnlessAllowedAndThenTold)
{
  auto options = world();
  options.prepare = own_run;
  in_mini_internet(options, [](Arrivals&) -> std::string {
    const auto docker = Service::at_path("/run/docker.sock");
    const std::vector<std::string> visit = {reach, "unix", "/run/docker.sock"};
    const auto masked = run(without_microsoft(visit));
    const int while_masked = docker.visitors();
    auto allowing = without_microsoft(visit);
    allowing.allowed_sockets = {"/run/docker.sock"};
    const auto allowed = run(allowing);
    if (!masked || !allowed) {
      return masked ? allowed.error().message : masked.error().message;
    }
    const auto* way = way_named(*allowed, "/run/docker.sock");
    return differs("masked", masked->exit_code, 1) + differs("visitors", while_masked, 0) +
           differs("allowed", allowed->exit_code, 0) +
           differs("told", way != nullptr && way->programs.size() == 1, true);
  });
}

// Case 14.
TEST_P(WaysOut, AServiceOnLoopbackIsRefusedUnlessAllowedAndThenTold)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto service = Service::at_loopback(5432);
    const auto ask = shell("exec 3<>/dev/tcp/127.0.0.1/5432 && read -t 3 -u 3 line && "
                           "test \"$line\" = served");
    const auto refused = run(without_microsoft(ask));
    const int while_refused = service.visitors();
    auto options = without_microsoft(ask);
    options.allowed_host_ports = {5432, 5433};
    const auto allowed = run(options);
    // Nothing listens at 5433 of the machine: that is refused, not accepted and closed.
    options.command = shell("exec 3<>/dev/tcp/127.0.0.1/5433 && read -t 3 -u 3 line");
    const auto closed = run(options);
    if (!refused || !allowed || !closed) {
      return "a run failed";
    }
    const auto* way = way_named(*allowed, "port 5432");
    return differs("refused", refused->exit_code, 1) + differs("visitors", while_refused, 0) +
           differs("tried there", refused->own_loopback == std::vector<std::uint16_t>{5432}, true) +
           differs("tried there", allowed->own_loopback.size(), std::size_t{0}) +
           differs("allowed", allowed->exit_code, 0) + differs("visitors", service.visitors(), 1) +
           differs("told", way != nullptr && way->programs.size() == 1, true) +
           differs("closed", closed->exit_code != 0, true);
  });
}

TEST_P(WaysOut, MuchCanPassToAnAllowedServiceAndBack)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    // An echo of the machine's own: 20 MB there and back, ended by the one that sent it.
    const pid_t echo = ::fork();
    if (echo == 0) {
      ::execlp("python3",
               "python3",
               "-c",
               "import socket as s\nl=s.create_server(('127.0.0.1',5600))\nc,_=l.accept()\n"
               "while True:\n b=c.recv(65536)\n if not b: break\n c.sendall(b)\nc.close()",
               nullptr);
      ::_exit(127);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    auto options =
        without_microsoft({"python3",
                           "-c",
                           "import socket as s,threading as "
                           "t\nn=20_000_000\nc=s.create_connection(('127.0.0.1',5600))\n"
                           "def say():\n c.sendall(b'x'*n); c.shutdown(s.SHUT_WR)\n"
                           "t.Thread(target=say).start()\ngot=0\n"
                           "while True:\n b=c.recv(65536)\n if not b: break\n got+=len(b)\n"
                           "exit(0 if got==n else 1)"});
    options.allowed_host_ports = {5600};
    const auto record = run(options);
    ::kill(echo, SIGKILL);
    ::waitpid(echo, nullptr, 0);
    return record ? differs("exit code", record->exit_code, 0) : record.error().message;
  });
}

TEST_P(WaysOut, StrictMasksTheSessionBus)
{
  auto options = world();
  options.prepare = own_run;
  in_mini_internet(options, [](Arrivals&) -> std::string {
    ::mkdir("/run/user/me", 0700);
    const auto bus = Service::at_path("/run/user/me/bus");
    ::setenv("XDG_RUNTIME_DIR", "/run/user/me", 1);
    auto strict = without_microsoft({reach, "unix", "/run/user/me/bus"});
    const auto kept = run(strict);
    const int visitors = bus.visitors();
    strict.strict = true;
    const auto masked = run(strict);
    if (!kept || !masked) {
      return kept ? masked.error().message : kept.error().message;
    }
    const auto* way = way_named(*kept, "/run/user/me/bus");
    return differs("kept", kept->exit_code, 0) + differs("visitors", visitors, 1) +
           differs("told", way != nullptr && way->programs.size() == 1, true) +
           differs("masked", masked->exit_code, 1) + differs("visitors", bus.visitors(), 1);
  });
}

TEST(RunningInstance, IsFoundByItsLockAndOnlyWhileItLives)
{
  const auto home = TemporaryFolder::make();
  ASSERT_TRUE(home) << home.error().message;
  const std::vector<std::string> environment = {"HOME=" + home->path()};
  const auto profile = home->path() + "/.mozilla/firefox/abc.default";
  std::filesystem::create_directories(profile);
  const auto lock = profile + "/lock";
  EXPECT_FALSE(running_instance({"firefox"}, environment));

  std::filesystem::create_symlink("127.0.1.1:+" + std::to_string(::getpid()), lock);
  const auto found = running_instance({"/usr/bin/firefox", "https://a.example"}, environment);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->application, "firefox");
  EXPECT_EQ(found->evidence, lock);
  EXPECT_EQ(found->pid, ::getpid());
  EXPECT_FALSE(running_instance({"firefox", "--no-remote"}, environment));
  EXPECT_FALSE(running_instance({"firefox", "-P", "test"}, environment));
  EXPECT_FALSE(running_instance({"thunderbird"}, environment));

  std::filesystem::remove(lock);
  std::filesystem::create_symlink("127.0.1.1:+99999999", lock);
  EXPECT_FALSE(running_instance({"firefox"}, environment));

  std::filesystem::create_directories(home->path() + "/.config/chromium");
  std::filesystem::create_symlink("my-host-" + std::to_string(::getpid()),
                                  home->path() + "/.config/chromium/SingletonLock");
  EXPECT_TRUE(running_instance({"chromium", "https://a.example"}, environment));
  EXPECT_FALSE(running_instance({"chromium", "--user-data-dir=/tmp/x"}, environment));
  EXPECT_FALSE(running_instance({"curl"}, environment));
}

TEST(FreshInstance, HasAProfileOfItsOwnAndRemovesIt)
{
  const auto folder = TemporaryFolder::make();
  ASSERT_TRUE(folder) << folder.error().message;
  const auto program = folder->path() + "/firefox-esr";
  std::ofstream(program) << "#!/bin/sh\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  const std::vector<std::string> environment = {"PATH=" + folder->path()};
  std::string profile;
  {
    const auto fresh = fresh_instance("firefox", {"https://a.example"}, environment);
    ASSERT_TRUE(fresh) << fresh.error().message;
    profile = fresh->profile.path();
    EXPECT_EQ(fresh->command,
              (std::vector<std::string>{
                  "firefox-esr", "--no-remote", "--profile", profile, "https://a.example"}));
    EXPECT_TRUE(std::filesystem::exists(profile));
  }
  EXPECT_FALSE(std::filesystem::exists(profile));
  const auto missing = fresh_instance("chromium", {}, environment);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message,
            "chromium is not installed here (looked for chromium, chromium-browser in PATH)");
  const auto unknown = fresh_instance("netscape", {}, environment);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(
      unknown.error().message,
      "--app cannot be netscape; it is one of: chromium firefox libreoffice thunderbird vscode");
}

TEST_P(WaysOut, ARunningBrowserIsRefusedWithTheRemedy)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const std::string profile = "/mnt/scratch/home/.mozilla/firefox/x.default";
    std::filesystem::create_directories(profile);
    (void)!::symlink(("127.0.0.1:+" + std::to_string(::getpid())).c_str(),
                     (profile + "/lock").c_str());
    std::ofstream("/mnt/scratch/firefox") << "#!/bin/sh\nexit 0\n";
    ::chmod("/mnt/scratch/firefox", 0755);
    ::setenv("HOME", "/mnt/scratch/home", 1);
    const auto record = run(without_microsoft({"/mnt/scratch/firefox", "https://a.example"}));
    const auto own = run(without_microsoft({"/mnt/scratch/firefox", "--no-remote"}));
    return differs("refused", record.has_value(), false) +
           differs("sentence",
                   record ? false
                          : record.error().message.find("--app firefox") != std::string::npos,
                   true) +
           differs("its own", own && own->exit_code == 0, true);
  });
}

}  // namespace
}  // namespace zonder::isolate
