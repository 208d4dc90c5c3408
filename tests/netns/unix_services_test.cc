// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/descriptor.hh"
#include "isolate/run.hh"
#include "support/mini_internet.hh"
#include "support/run_checks.hh"

// A service outside the room is one by whichever path it is reached: told, or masked. In both
// engines, as root and as an ordinary user.
namespace zonder::isolate {
namespace {

using test::Arrivals;
using test::differs;
using test::in_mini_internet;
using test::ordinary_user;

class UnixServices : public testing::TestWithParam<std::tuple<Engine, uid_t>> {
protected:
  static test::MiniInternetOptions world()
  {
    test::MiniInternetOptions options{.uid = std::get<uid_t>(GetParam())};
    options.prepare = [] {
      // In the test's own mount namespace.
      (void)std::system(
          "mount -t tmpfs test /run && mkdir -p /run/podman/deep && chmod -R 777 /run");
    };
    return options;
  }
  static Result<model::RunRecord> run_python(const std::string& script)
  {
    auto options = test::without_microsoft({"python3", "-c", script});
    options.engine = std::get<Engine>(GetParam());
    return run(options);
  }
};

INSTANTIATE_TEST_SUITE_P(By,
                         UnixServices,
                         testing::Combine(testing::Values(Engine::Netns, Engine::Seccomp),
                                          testing::Values(uid_t{0}, ordinary_user)),
                         [](const auto& w) {
                           const bool calls = std::get<Engine>(w.param) == Engine::Seccomp;
                           const bool root = std::get<uid_t>(w.param) == 0;
                           return std::string(calls ? "Seccomp" : "Netns") +
                                  (root ? "AsRoot" : "AsOrdinaryUser");
                         });

/// Somebody who listens at a path; none: it cannot be done.
Descriptor service_at(const std::string& path)
{
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(&address.sun_path[0], sizeof address.sun_path - 1);
  Descriptor service(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const bool listens =
      ::bind(service.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      ::listen(service.get(), 5) == 0;
  return listens ? std::move(service) : Descriptor();
}

std::string used_sockets(const model::RunRecord& record)
{
  std::set<std::string> used;
  for (const auto& way : record.left_the_room) {
    if (!way.programs.empty()) {
      used.insert(way.what);
    }
  }
  std::string all;
  for (const auto& each : used) {
    all += each + ";";
  }
  return all;
}

// connect(path) in a process that is the first of a user namespace, and so may chroot and mount.
const std::string beginning = R"PY(
import errno, os, socket, subprocess, sys
def to(path):
    return socket.socket(socket.AF_UNIX).connect_ex(path)
def apart(before, path):
    code = (
        'import ctypes, errno, os, socket, sys\n'
        'assert ctypes.CDLL(None).unshare(0x10020000) == 0\n%s\n'
        'sys.exit(0 if socket.socket(socket.AF_UNIX).connect_ex(%r) == 0 else 1)' % (before, path))
    return subprocess.call([sys.executable, '-c', code])
def mount(source, target):
    return 'assert ctypes.CDLL(None).mount(b%r, b%r, None, 4096, None) == 0' % (source, target)
)PY";

TEST_P(UnixServices, AreToldByWhicheverWayTheyAreReached)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    std::vector<Descriptor> services;
    std::string wanted;
    std::filesystem::create_directories("/mnt/scratch/svc");
    for (const char* name :
         {"1plain", "2link", "3folder", "4file", "5moved", "6gone", "7root", "8mount", "9hidden"}) {
      const auto path = std::string("/mnt/scratch/svc/") + name;
      services.push_back(service_at(path));
      if (!services.back()) {
        return "no service at " + path;
      }
    }
    const auto record = run_python(beginning + R"PY(
d = '/mnt/scratch/svc/'
assert to(d + '1plain') == 0
os.symlink(d + '2link', '/mnt/scratch/a-link')
assert to('/mnt/scratch/a-link') == 0
f = os.open(d, os.O_PATH)
assert to('/proc/self/fd/%d/3folder' % f) == 0
g = os.open(d + '4file', os.O_PATH)
assert to('/dev/fd/%d' % g) == 0
assert to(d + '5moved') == 0
os.rename(d + '5moved', d + '5elsewhere')
assert to(d + '6gone') == 0
os.unlink(d + '6gone')
assert apart("os.chroot('/mnt/scratch/svc')", '/7root') == 0
os.mkdir('/mnt/scratch/here')
assert apart(mount('/mnt/scratch/svc', '/mnt/scratch/here'), '/mnt/scratch/here/8mount') == 0
)PY");
    if (!record) {
      return record.error().message;
    }
    for (const char* name : {"1plain", "2link", "3folder", "4file", "5moved", "6gone", "7root"}) {
      wanted += "unix socket /mnt/scratch/svc/" + std::string(name) + ";";
    }
    const auto told = used_sockets(*record);
    return differs("exit code", record->exit_code, 0) +
           differs("the mounted one is told", told.find("/8mount;") != std::string::npos, true) +
           differs("told", told.find(wanted) != std::string::npos ? wanted : told, wanted) +
           differs("one that was not used", told.find("9hidden") != std::string::npos, false);
  });
}

TEST_P(UnixServices, ThatTheCommandMadeOrThatAreNoneAreNotTold)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto record = run_python(beginning + R"PY(
os.chdir('/mnt/scratch')
kept = []
def own(path):
    kept.append(socket.socket(socket.AF_UNIX)); kept[-1].bind(path); kept[-1].listen(5)
own('own'); assert to('own') == 0 and to('/mnt/scratch/own') == 0
f = os.open('.', os.O_PATH)
own('/proc/self/fd/%d/by-folder' % f); assert to('by-folder') == 0
os.rename('own', 'renamed'); assert to('renamed') == 0
own('at-first'); os.rename('at-first', 'then'); assert to('then') == 0
own('linked'); os.link('linked', 'final'); os.unlink('linked'); assert to('final') == 0
own('\0an\0abstract'); assert to('\0an\0abstract') == 0
open('a-file', 'w').close(); assert to('a-file') == errno.ECONNREFUSED
assert to('none') == errno.ENOENT
os.mkdir('closed'); os.chmod('closed', 0)
assert to('closed/none') in (errno.ENOENT, errno.EACCES)
)PY");
    return record ? differs("exit code", record->exit_code, 0) +
                        differs("told", used_sockets(*record), std::string()) +
                        differs("unseen", record->refused_unseen, std::uint64_t{0})
                  : record.error().message;
  });
}

TEST_P(UnixServices, ThatGoOutForOthersAreRefusedByWhicheverPath)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto engine = service_at("/run/docker.sock");
    const auto below = service_at("/run/podman/deep/podman.sock");
    if (!engine || !below) {
      return "no services";
    }
    // What each run of the same script reached when nothing is masked is the control.
    const std::string ways = R"PY(
import shutil
reached = []
def try_it(what, result):
    if result == 0: reached.append(what)
d = '/mnt/scratch/'
for s in ('/run/docker.sock', '/run/podman/deep/podman.sock'):
    folder, name = os.path.split(s)
    if not os.path.exists(s):
        continue
    f, g = os.open(folder, os.O_PATH), os.open(s, os.O_PATH)
    try_it('plain', to(s))
    try_it('folder', to('/proc/self/fd/%d/%s' % (f, name)))
    try_it('file', to('/proc/self/fd/%d' % g))
    try_it('cwd', (os.chdir(folder), to(name))[1])
    try_it('root', apart('os.chroot(%r)' % folder, '/' + name))
    open(d + 'spot', 'w').close()
    try_it('mount', apart(mount(s, d + 'spot'), d + 'spot'))
    os.makedirs(d + 'place', exist_ok=True)
    try_it('mounted', apart(mount(folder, d + 'place'), d + 'place/' + name))
    try:
        os.link(s, os.path.dirname(s) + '/hard')
        try_it('link', to(os.path.dirname(s) + '/hard'))
        os.unlink(os.path.dirname(s) + '/hard')
    except OSError:
        pass
print(' '.join(reached), file=sys.stderr)
)PY";
    const auto record = run_python(beginning + ways + "sys.exit(len(reached))\n");
    if (!record) {
      return record.error().message;
    }
    return differs("ways that reached it", record->exit_code, 0);
  });
}

TEST_P(UnixServices, TheWaysToThemWorkWhereNothingIsMasked)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto service = service_at("/run/other.sock");
    const auto record = run_python(beginning + R"PY(
s = '/run/other.sock'
f = os.open('/run', os.O_PATH)
open('/mnt/scratch/spot', 'w').close()
assert to('/proc/self/fd/%d/other.sock' % f) == 0
assert apart("os.chroot('/run')", '/other.sock') == 0
assert apart(mount(s, '/mnt/scratch/spot'), '/mnt/scratch/spot') == 0
)PY");
    return !service  ? "no service"
           : !record ? record.error().message
                     : differs("exit code", record->exit_code, 0);
  });
}

TEST_P(UnixServices, AreNotThoseThatTheCommandMadeWhereTheyTookThePlaceOfOne)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    std::vector<Descriptor> services;
    for (const char* name : {"1renamed", "2mounted"}) {
      services.push_back(service_at(std::string("/mnt/scratch/") + name));
    }
    const auto record = run_python(beginning + R"PY(
os.chdir('/mnt/scratch')
mine = socket.socket(socket.AF_UNIX); mine.bind('mine'); mine.listen(1)
os.rename('1renamed', 'mine'); assert to('mine') == 0
before = (
    "s = socket.socket(socket.AF_UNIX); s.bind('/mnt/scratch/own'); os.unlink('/mnt/scratch/own');"
    "open('/mnt/scratch/own', 'w').close();" + mount('/mnt/scratch/2mounted', '/mnt/scratch/own'))
assert apart(before, '/mnt/scratch/own') == 0
)PY");
    if (!record) {
      return record.error().message;
    }
    const auto told = used_sockets(*record);
    return differs("exit code", record->exit_code, 0) +
           differs("the renamed",
                   told.find("unix socket /mnt/scratch/mine;") != std::string::npos,
                   true) +
           differs("the mounted",
                   told.find("unix socket /mnt/scratch/own;") != std::string::npos,
                   true);
  });
}

TEST_P(UnixServices, WithoutAFileAreKnownByTheirWholeName)
{
  if (std::get<Engine>(GetParam()) == Engine::Netns) {
    GTEST_SKIP() << "in a room such a name is the room's own, or nobody's: nothing to tell";
  }
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const std::string name("\0name\0theirs", 12);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name.copy(&address.sun_path[0], sizeof address.sun_path);
    const Descriptor service(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::bind(service.get(),
               reinterpret_cast<const sockaddr*>(&address),
               static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size())) != 0 ||
        ::listen(service.get(), 5) != 0) {
      return "no service";
    }
    const auto record = run_python(beginning + R"PY(
mine = socket.socket(socket.AF_UNIX); mine.bind('\0name\0mine'); mine.listen(1)
assert to('\0name\0mine') == 0
assert to('\0name\0theirs') == 0
itself = socket.socket(socket.AF_UNIX); itself.bind(''); itself.listen(1)
assert to(itself.getsockname()) == 0
)PY");
    return record ? differs("exit code", record->exit_code, 0) +
                        differs(
                            "told", used_sockets(*record), std::string("unix socket @name@theirs;"))
                  : record.error().message;
  });
}

/// A program may hide itself from others of its user.
TEST_P(UnixServices, OfAProgramThatHidesAreNotPassedOverInSilence)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto service = service_at("/mnt/scratch/service");
    const auto record = run_python(beginning + R"PY(
import ctypes
assert ctypes.CDLL(None).prctl(4, 0, 0, 0, 0) == 0
print(to('/mnt/scratch/service'))
)PY");
    if (!service || !record) {
      return service ? record.error().message : "no service";
    }
    const bool told = used_sockets(*record) == "unix socket /mnt/scratch/service;";
    return differs("exit code", record->exit_code, 0) +
           differs("told or refused", told || record->refused_unseen > 0, true);
  });
}

}  // namespace
}  // namespace zonder::isolate
