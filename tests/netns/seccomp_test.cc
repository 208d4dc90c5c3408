// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child_process.hh"
#include "base/descriptor.hh"
#include "isolate/run.hh"
#include "isolate/socket_address.hh"
#include "kernel/namespaces.hh"
#include "support/mini_internet.hh"
#include "support/run_checks.hh"
#include "support/seccomp_run.hh"

// The engine without namespaces, in the small internet, as root and as an ordinary user. Whatever
// is tried, the harness looks that nothing arrives at the absent party.
namespace zonder::isolate {
namespace {

using model::Signature;
using test::Arrivals;
using test::by_calls;
using test::differs;
using test::ends_with;
using test::http;
using test::in_mini_internet;
using test::ordinary_user;

constexpr const char* reach = "/mnt/zonder/bin/reach";

class Seccomp : public testing::TestWithParam<uid_t> {
protected:
  static test::MiniInternetOptions world() { return {.uid = GetParam()}; }
};

INSTANTIATE_TEST_SUITE_P(As, Seccomp, testing::Values(uid_t{0}, ordinary_user), [](const auto& w) {
  return w.param == 0 ? "Root" : "OrdinaryUser";
});

std::vector<std::string> shell(const std::string& script)
{
  return {"bash", "-c", script};
}

std::vector<std::string> python(const std::string& script)
{
  return {"python3", "-c", script};
}

const model::Attempt* attempt_at(const model::RunRecord& record,
                                 const std::string& address,
                                 const std::string& protocol,
                                 model::Verdict verdict = model::Verdict::Blocked)
{
  const auto found =
      std::find_if(record.attempts.begin(), record.attempts.end(), [&](const auto& attempt) {
        return attempt.address && attempt.address->to_string() == address &&
               attempt.protocol == protocol && attempt.verdict == verdict;
      });
  return found == record.attempts.end() ? nullptr : &*found;
}

// Case 1.
TEST_P(Seccomp, TheAbsentAreRefusedAndTold)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    std::string wrong;
    for (const char* address : {test::microsoft_v4, test::microsoft_v6}) {
      const auto record = run(by_calls(test::curl(http(address))));
      if (!record) {
        return record.error().message;
      }
      const auto* attempt = attempt_at(*record, address, "tcp");
      wrong += differs("exit code", record->exit_code, 7) +
               differs("engine", record->engine, std::string("seccomp")) +
               differs("is marked weaker", record->weaker.empty(), false) +
               differs("is proved", record->proof.holds(), true) +
               differs("canaries", record->proof.canaries_failed(), std::uint64_t{4}) +
               differs("tried", attempt == nullptr ? 0 : attempt->count, std::uint64_t{1}) +
               differs("blocked", record->blocked_packets, std::uint64_t{1}) +
               differs("unattributed", record->unattributed, std::uint64_t{0});
      if (attempt != nullptr && !attempt->programs.empty()) {
        wrong += differs("party", attempt->party, std::string("microsoft")) +
                 differs("program",
                         record->programs.at(attempt->programs.front().program).argv.front(),
                         std::string("curl")) +
                 differs("started by the user alone",
                         record->programs.at(attempt->programs.front().program).parents.size(),
                         std::size_t{0});
      } else {
        wrong += "no program; ";
      }
    }
    return wrong;
  });
}

// Case 3.
TEST_P(Seccomp, WhatLivesIsReachedAndSaysWhatItSays)
{
  in_mini_internet(world(), [](Arrivals& arrivals) -> std::string {
    std::string wrong;
    for (const char* address : {test::europe_v4, test::europe_v6}) {
      const auto before = arrivals.europe.load();
      const auto record = run(by_calls(test::curl(http(address))));
      if (!record) {
        return record.error().message;
      }
      wrong += differs("exit code", record->exit_code, 0) +
               differs("arrivals", arrivals.europe.load() - before, std::uint64_t{1}) +
               differs("listed",
                       attempt_at(*record, address, "tcp", model::Verdict::Passed) != nullptr,
                       true);
      const std::string closed = std::string(reach) + " tcp " + address + " 81 | grep -q '^" +
                                 std::to_string(ECONNREFUSED) + " '";
      wrong += ends_with("a closed port", by_calls(shell(closed)), 0);
      const std::string echo = "import socket\ns=socket.socket(socket.AF_INET6 if ':' in '" +
                               std::string(address) +
                               "' else socket.AF_INET, socket.SOCK_DGRAM)\ns.settimeout(3)\n"
                               "s.sendto(b'hello',('" +
                               std::string(address) +
                               "',7))\nassert s.recv(9)==b'hello'\n"
                               "s.connect(('" +
                               std::string(address) +
                               "',7))\ns.sendmsg([b'a',b'bc'])\n"
                               "assert s.recv(9)==b'abc'\ns.send(b'd')\nassert s.recv(9)==b'd'";
      wrong += ends_with("datagrams", by_calls(python(echo)), 0);
    }
    return wrong;
  });
}

// Case 4.
TEST_P(Seccomp, ABlackholeIsSilentForThoseWhoWaitAndThoseWhoPoll)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const std::string script = R"(
import socket, select, struct, errno, time, signal, sys
for family, address in ((socket.AF_INET, '20.190.128.1'), (socket.AF_INET6, '2603:1026::1')):
    s = socket.socket(family); s.setblocking(False)
    assert s.connect_ex((address, 80)) == errno.EINPROGRESS
    p = select.poll(); p.register(s, select.POLLIN | select.POLLOUT)
    assert p.poll(700) == [], 'poll saw something'
    assert s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
    s.close()
    # The kernel's own clock for one SYN and one more: some 3 seconds.
    s = socket.socket(family); s.setsockopt(socket.IPPROTO_TCP, socket.TCP_SYNCNT, 1)
    start = time.time()
    assert s.connect_ex((address, 80)) == errno.ETIMEDOUT
    assert time.time() - start > 2
    s = socket.socket(family); s.setblocking(False); s.setsockopt(socket.IPPROTO_TCP, socket.TCP_SYNCNT, 1)
    s.connect_ex((address, 80))
    p = select.poll(); p.register(s, select.POLLOUT)
    assert p.poll(9000) != []
    assert s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == errno.ETIMEDOUT
    # Patience of the program's own.
    s = socket.socket(family)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack('ll', 0, 300000))
    start = time.time()
    assert s.connect_ex((address, 80)) == errno.EINPROGRESS
    assert 0.2 < time.time() - start < 2
    d = socket.socket(family, socket.SOCK_DGRAM); d.settimeout(0.3)
    assert d.sendto(b'x', (address, 7)) == 1
    d.connect((address, 7)); assert d.send(b'x') == 1
    try:
        d.recv(9); sys.exit('an answer')
    except socket.timeout:
        pass
# A signal ends the wait, as it does without us.
class Alarm(Exception): pass
def ring(*_): raise Alarm()
signal.signal(signal.SIGALRM, ring); signal.setitimer(signal.ITIMER_REAL, 0.3)
start = time.time()
try:
    socket.socket().connect(('20.190.128.1', 80)); sys.exit('connected')
except Alarm:
    assert time.time() - start < 2
)";
    return ends_with("blackhole", by_calls(python(script), Signature::Blackhole), 0);
  });
}

TEST_P(Seccomp, UnreachableSaysSo)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    std::string wrong;
    for (const char* address : {test::microsoft_v4, test::microsoft_v6}) {
      const std::string script = std::string(reach) + " tcp " + address + " 80 | grep -q '^" +
                                 std::to_string(EHOSTUNREACH) + " '";
      wrong += ends_with(address, by_calls(shell(script), Signature::Unreachable), 0);
    }
    return wrong;
  });
}

// Case 5.
TEST_P(Seccomp, TheExitCodeIsTheCommandsOwn)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    std::ofstream("/mnt/scratch/plain") << "not a program\n";
    return ends_with("0", by_calls({"true"}), 0) + ends_with("7", by_calls(shell("exit 7")), 7) +
           ends_with("255", by_calls(shell("exit 255")), 255) +
           ends_with("SIGTERM", by_calls(shell("kill -TERM $$")), 143) +
           ends_with("SIGKILL", by_calls(shell("kill -KILL $$")), 137) +
           ends_with("not found", by_calls({"/mnt/scratch/nowhere"}), 127) +
           ends_with("not executable", by_calls({"/mnt/scratch/plain"}), 126);
  });
}

// Case 16.
TEST_P(Seccomp, AbsentNamesAreDeadAlsoOnSharedAddresses)
{
  in_mini_internet(world(), [](Arrivals& arrivals) -> std::string {
    std::string wrong;
    for (const auto signature : {Signature::Refuse, Signature::Nxdomain, Signature::Servfail}) {
      const auto label = std::string(model::to_string(signature));
      for (const char* name : {"login.microsoft.example", "cdn.microsoft.example"}) {
        const auto before = arrivals.europe.load();
        const auto record =
            run(by_calls(test::curl(std::string("http://") + name + "/"), signature));
        if (!record) {
          return record.error().message;
        }
        const auto asked = std::find_if(
            record->attempts.begin(), record->attempts.end(), [&](const model::Attempt& attempt) {
              return attempt.name == name && attempt.party == "microsoft";
            });
        wrong += differs(name, record->exit_code != 0, true) +
                 differs("told", asked != record->attempts.end(), true) +
                 differs("has a program",
                         asked != record->attempts.end() && !asked->programs.empty(),
                         true) +
                 differs("arrivals", arrivals.europe.load() - before, std::uint64_t{0});
      }
      wrong += ends_with(("www of Europe, " + label).c_str(),
                         by_calls(test::curl("http://www.europe.example/"), signature),
                         0);
    }
    return wrong;
  });
}

// Case 15.
TEST_P(Seccomp, AResolverOfTheAbsentIsDeadAndNamesOverTlsAreRefused)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const std::string script = R"(
import socket, errno
query = bytes.fromhex('123401000001000000000000' '03777777066575726f7065076578616d706c6500' '00010001')
def ask(resolver):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(1)
    s.connect((resolver, 53))
    try:
        s.send(query); return s.recv(512)[:2]
    except OSError:
        return None
assert ask('193.0.6.139') == b'\x12\x34'
assert ask('9.9.9.9') == b'\x12\x34', 'any living resolver is ours'
assert ask('127.0.0.53') == b'\x12\x34'
assert ask('20.190.128.1') is None
t = socket.create_connection(('9.9.9.9', 53), 2)
t.sendall(len(query).to_bytes(2, 'big') + query)
assert t.recv(512)[2:4] == b'\x12\x34'
assert socket.socket().connect_ex(('193.0.6.139', 853)) == errno.ECONNREFUSED
# Without connecting: the answer must come from where it was asked.
def ask_unconnected(name):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(1)
    q = b'\x43\x21\x01\0\0\x01\0\0\0\0\0\0' + b''.join(bytes([len(l)]) + l for l in name.split(b'.')) + b'\0\0\x01\0\x01'
    s.sendto(q, ('193.0.6.139', 53))
    try:
        answer, where = s.recvfrom(512)
    except OSError:
        return None
    return where == ('193.0.6.139', 53) and answer[:2] == b'\x43\x21'
assert ask_unconnected(b'www.europe.example') is True
assert not ask_unconnected(b'cdn.microsoft.example')
)";
    return ends_with("resolvers", by_calls(python(script)), 0);
  });
}

TEST_P(Seccomp, EachWayOfReachingOutIsStoppedAndHasItsProgram)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    struct Way {
      const char* name;
      const char* protocol;
      std::uint64_t tries;
    };
    std::string wrong;
    for (const auto& way : {Way{"tcp", "tcp", 1},
                            Way{"sendto", "udp", 1},
                            Way{"sendmsg", "udp", 1},
                            Way{"sendmmsg", "udp", 4},
                            Way{"connected-udp", "udp", 1},
                            Way{"fastopen", "tcp", 1},
                            Way{"socketcall", "tcp", 1},
                            Way{"socketcall-sendto", "udp", 1},
                            Way{"socketcall-sendmsg", "udp", 1},
                            Way{"socketcall-sendmmsg", "udp", 1}}) {
      for (const char* address : {test::microsoft_v4, test::microsoft_v6}) {
        const auto record = run(by_calls({reach, way.name, address, "7777"}));
        if (!record) {
          return record.error().message;
        }
        if (record->exit_code == 3) {
          std::printf("[  NOT HERE ] %s is no way out on this machine\n", way.name);
          continue;
        }
        const auto* attempt = attempt_at(*record, address, way.protocol);
        const auto label = std::string(way.name) + " to " + address;
        if (attempt == nullptr || attempt->programs.size() != 1) {
          wrong += label + ": no program; ";
          continue;
        }
        wrong += differs(label.c_str(), attempt->programs.front().tries, way.tries) +
                 differs(label.c_str(), attempt->count, way.tries) +
                 differs(label.c_str(), record->unattributed, std::uint64_t{0});
      }
    }
    return wrong;
  });
}

TEST_P(Seccomp, TheSameWaysReachWhatLives)
{
  in_mini_internet(world(), [](Arrivals& arrivals) -> std::string {
    std::string wrong;
    for (const auto& [way, expected] : {std::pair("sendto", 1U),
                                        std::pair("sendmsg", 1U),
                                        std::pair("sendmmsg", 4U),
                                        std::pair("connected-udp", 1U),
                                        std::pair("socketcall-sendto", 1U),
                                        std::pair("socketcall-sendmsg", 1U),
                                        std::pair("socketcall-sendmmsg", 1U)}) {
      for (const char* address : {test::europe_v4, test::europe_v6}) {
        const auto before = arrivals.europe.load();
        const auto record = run(by_calls({reach, way, address, "7777"}));
        if (!record) {
          return record.error().message;
        }
        if (record->exit_code == 3) {
          std::printf("[  NOT HERE ] %s is no way out on this machine\n", way);
          continue;
        }
        // Over IPv6 the first one may wait for its neighbour for more than a second.
        for (int i = 0; i < 500 && arrivals.europe.load() - before < expected; ++i) {
          ::usleep(10000);
        }
        wrong += differs(way, record->exit_code, 0) +
                 differs(way, arrivals.europe.load() - before, std::uint64_t{expected});
      }
    }
    return wrong;
  });
}

// A program may hide itself from others of its user; root sees it all the same.
TEST_P(Seccomp, WhatCannotBeLookedAtIsRefusedCountedAndTold)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    std::string wrong;
    for (const char* way : {"tcp", "sendto", "sendmsg", "socketcall", "socketcall-sendmsg"}) {
      const auto record = run(by_calls({reach, "hidden", way, test::microsoft_v4, "80"}));
      if (!record) {
        return record.error().message;
      }
      const auto seen = record->attempts.empty() ? std::uint64_t{0} : record->attempts[0].count;
      if (record->exit_code == 3) {
        continue;
      }
      if (GetParam() == 0) {
        wrong += differs(way, seen, std::uint64_t{1}) +
                 differs(way, record->refused_unseen, std::uint64_t{0});
        continue;
      }
      wrong += differs(way, record->exit_code, 1) + differs(way, seen, std::uint64_t{0}) +
               differs(way, record->refused_unseen, std::uint64_t{1}) +
               differs(way, record->unattributed, std::uint64_t{1});
    }
    return wrong;
  });
}

// Each connection that waits holds a copy of its socket.
TEST_P(Seccomp, WithoutRoomForOneMoreCopyCallsAreRefusedCountedAndTold)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const std::string script = R"(
import errno, os, socket, threading, time
def reach_many():
    refused = []
    begun = []
    def reach():
        s = socket.socket()
        begun.append(s)
        if s.connect_ex(('20.190.128.1', 80)) == errno.EACCES:
            refused.append(s)
    for _ in range(50):
        threading.Thread(target=reach, daemon=True).start()
    until = time.time() + 40
    while len(begun) < 50 and time.time() < until:
        time.sleep(0.1)
    time.sleep(6)
    os._exit(0 if refused else 1)
children = []
for _ in range(8):
    child = os.fork()
    if child == 0:
        reach_many()
    children.append(child)
ended = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
os._exit(0 if 0 in ended else 1)
)";
    // zonder may take as many as the system gives; so give it as few as it starts with.
    const rlimit few = {.rlim_cur = 256, .rlim_max = 256};
    if (::setrlimit(RLIMIT_NOFILE, &few) != 0) {
      return "cannot arrange the limit";
    }
    const auto record = run(by_calls(python(script), Signature::Blackhole));
    if (!record) {
      return record.error().message;
    }
    const auto* attempt = attempt_at(*record, test::microsoft_v4, "tcp");
    return differs("exit code", record->exit_code, 0) +
           differs("some were looked at", attempt != nullptr, true) +
           differs("all are counted",
                   (attempt == nullptr ? 0 : attempt->count) + record->refused_unseen,
                   std::uint64_t{400});
  });
}

TEST_P(Seccomp, NoSourceRouteThroughTheGateOf32Bits)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto route =
        run(by_calls({reach, "socketcall-route", test::europe_v4, "7777", test::microsoft_v4}));
    const auto usual = run(by_calls({reach, "socketcall-option", test::europe_v4, "80"}));
    if (!route || !usual) {
      return route ? usual.error().message : route.error().message;
    }
    if (route->exit_code == 3) {
      return "";
    }
    return differs("a source route", route->exit_code, 1) +
           differs("what programs set", usual->exit_code, 0) +
           ends_with(
               "rights to send what they like",
               by_calls(python("line = [l for l in open('/proc/self/status') if 'CapEff' in l][0]\n"
                               "assert not int(line.split()[1], 16) >> 13 & 1")),
               0);
  });
}

// Between our look and the call the program changes the address; the harness sees what arrives.
TEST_P(Seccomp, WhoeverChangesTheAddressAfterTheLookGainsNothing)
{
  in_mini_internet(world(), [](Arrivals& arrivals) -> std::string {
    std::string wrong;
    for (const auto& [living, dead] : {std::pair(test::europe_v4, test::microsoft_v4),
                                       std::pair(test::europe_v6, test::microsoft_v6)}) {
      // Datagrams are heard at the one port, connections at the other.
      for (const auto& [port, count, protocol] :
           {std::tuple("7777", "2000", "udp"), std::tuple("80", "400", "tcp")}) {
        const auto before = arrivals.europe.load();
        const auto record = run(by_calls({reach, "race", living, port, count, dead}));
        if (!record) {
          return record.error().message;
        }
        // Else nothing was raced.
        wrong += differs("blocked", attempt_at(*record, dead, protocol) != nullptr, true) +
                 differs("passed",
                         attempt_at(*record, living, protocol, model::Verdict::Passed) != nullptr,
                         true) +
                 differs("some arrived", arrivals.europe.load() > before, true);
      }
    }
    return wrong;
  });
}

// Case 24, and every kind of socket whose packets no call names an address for.
TEST_P(Seccomp, RingsAndOtherSocketsDoNotExist)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const std::string script = R"(
import socket, errno
def error(*what):
    try:
        socket.socket(*what).close(); return 0
    except OSError as e:
        return e.errno
for family in (socket.AF_INET, socket.AF_INET6):
    assert error(family, socket.SOCK_STREAM) == 0
    assert error(family, socket.SOCK_DGRAM) == 0
    assert error(family, socket.SOCK_RAW, 1) == errno.EPERM
    assert error(family, socket.SOCK_RAW, 255) == errno.EPERM
    assert error(family, 10, 3) == errno.EPERM, 'SOCK_PACKET'
    assert error(family, socket.SOCK_SEQPACKET, 132) == errno.EPERM
    assert error(family, socket.SOCK_STREAM, 132) == errno.EPROTONOSUPPORT, 'SCTP'
    assert error(family, socket.SOCK_DGRAM, 115) == errno.EPROTONOSUPPORT, 'L2TP'
    assert error(family, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC, 17) == 0
for family in (17, 40, 44, 29, 21, 31, 43, 30, 38, 99):
    assert error(family, socket.SOCK_RAW) == errno.EAFNOSUPPORT, family
    assert error(family, socket.SOCK_DGRAM) == errno.EAFNOSUPPORT, family
    assert error(family, socket.SOCK_STREAM) == errno.EAFNOSUPPORT, family
assert error(socket.AF_UNIX, socket.SOCK_STREAM) == 0
assert error(16, socket.SOCK_RAW, 0) == 0, 'netlink'
s = socket.socket()
try:
    s.setsockopt(0, 4, bytes([131, 7, 4, 20, 190, 128, 1, 0])); raise SystemExit('a source route')
except PermissionError:
    pass
try:
    socket.socket(socket.AF_INET6).setsockopt(41, 32, bytes(32)); raise SystemExit('a label')
except PermissionError:
    pass
)";
    return ends_with("io_uring", by_calls({reach, "io_uring"}), 1) +
           ends_with("sockets", by_calls(python(script)), 0);
  });
}

TEST_P(Seccomp, AnAddressInDisguiseIsTheSameAddress)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const std::string script = R"(
import ctypes, errno, socket, struct
libc = ctypes.CDLL(None, use_errno=True)
six = socket.socket(socket.AF_INET6)
assert six.connect_ex(('::ffff:20.190.128.1', 80)) == errno.ECONNREFUSED
six = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
assert six.sendto(b'x', ('::ffff:20.190.128.1', 7)) == 1
four = struct.pack('!HBBBB8x', 7, 20, 190, 128, 1)
# The kernel takes no family for IPv4 where a datagram is sent.
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
assert libc.sendto(s.fileno(), b'x', 1, 0, struct.pack('H', 0) + four, 16) == 1
# IPv4's own address on a socket of IPv6.
assert libc.sendto(six.fileno(), b'x', 1, 0, struct.pack('H', socket.AF_INET) + four, 16) == 1
# As a translator takes it (RFC 2765).
six.sendto(b'x', ('::ffff:0:20.190.128.1', 7))
# Connected to one that lives, then to none, then to the dead one.
s.connect(('193.0.6.139', 7))
assert libc.connect(s.fileno(), struct.pack('H', 0) + bytes(14), 16) == 0
s.connect(('20.190.128.1', 7))
try:
    s.send(b'x'); s.send(b'x')
    raise SystemExit('a refusal is not heard')
except ConnectionRefusedError:
    pass
)";
    const auto record = run(by_calls(python(script)));
    if (!record) {
      return record.error().message;
    }
    const auto* udp = attempt_at(*record, test::microsoft_v4, "udp");
    return differs("exit code", record->exit_code, 0) +
           differs("datagrams", udp == nullptr ? 0 : udp->count, std::uint64_t{4});
  });
}

// Case 10.
TEST_P(Seccomp, AThousandShortLivesAreAllKnown)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto record = run(by_calls(shell("for i in $(seq 1000); do " + std::string(reach) +
                                           " tcp 20.190.128.1 80 $i; done >/dev/null")));
    if (!record) {
      return record.error().message;
    }
    const auto* attempt = attempt_at(*record, test::microsoft_v4, "tcp");
    std::set<std::string> different;
    if (attempt != nullptr) {
      for (const auto& share : attempt->programs) {
        different.insert(record->programs.at(share.program).argv.back());
      }
    }
    return differs("attributed", different.size(), std::size_t{1000}) +
           differs("tries", attempt == nullptr ? 0 : attempt->count, std::uint64_t{1000}) +
           differs("unattributed", record->unattributed, std::uint64_t{0});
  });
}

// Case 14.
TEST_P(Seccomp, OfThisMachineOnlyWhatIsTheCommandsOwnOrAllowed)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const Descriptor service(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const SocketAddress here(net::Address::v4(INADDR_LOOPBACK), 5432);
    if (::bind(service.get(), here.get(), here.length) != 0 || ::listen(service.get(), 5) != 0) {
      return "no service";
    }
    const std::vector<std::string> use = {reach, "tcp", "127.0.0.1", "5432"};
    auto allowed = by_calls(use);
    allowed.allowed_host_ports = {5432};
    const std::string own = R"(
import socket
for family, at in ((socket.AF_INET, '127.0.0.1'), (socket.AF_INET6, '::1')):
    l = socket.socket(family); l.bind((at, 0)); l.listen(1)
    c = socket.create_connection(l.getsockname()[:2], 2)
    a = socket.socket(family, socket.SOCK_DGRAM); a.bind((at, 0)); a.settimeout(2)
    b = socket.socket(family, socket.SOCK_DGRAM); b.settimeout(2)
    b.sendto(b'ping', a.getsockname())
    words, where = a.recvfrom(9)
    a.sendto(b'pong', where)
    assert b.recv(9) == b'pong'
)";
    const auto record = run(allowed);
    if (!record) {
      return record.error().message;
    }
    const bool told =
        std::any_of(record->left_the_room.begin(),
                    record->left_the_room.end(),
                    [](const model::LeftTheRoom& way) {
                      return way.what == "port 5432 of this machine" && way.programs.size() == 1;
                    });
    return ends_with("a service of the machine", by_calls(use), 1) +
           differs("allowed", record->exit_code, 0) + differs("told", told, true) +
           ends_with("own services", by_calls(python(own)), 0);
  });
}

/// A service of the machine, outside of the run, that others may share the port with.
Descriptor service_at(int type, std::uint16_t port)
{
  Descriptor service(::socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int yes = 1;
  const int how = type == SOCK_STREAM ? SO_REUSEPORT : SO_REUSEADDR;
  (void)::setsockopt(service.get(), SOL_SOCKET, how, &yes, sizeof yes);
  const SocketAddress here(net::Address::v4(INADDR_LOOPBACK), port);
  const bool there = ::bind(service.get(), here.get(), here.length) == 0 &&
                     (type != SOCK_STREAM || ::listen(service.get(), 50) == 0);
  return there ? std::move(service) : Descriptor();
}

bool was_visited(const Descriptor& service)
{
  pollfd ready = {.fd = service.get(), .events = POLLIN, .revents = 0};
  return ::poll(&ready, 1, 0) > 0;
}

TEST_P(Seccomp, APortOfItsOwnIsNotTheMachinesServiceAtThatPort)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto tcp = service_at(SOCK_STREAM, 5432);
    const auto udp = service_at(SOCK_DGRAM, 5434);
    if (!tcp || !udp) {
      return "no service";
    }
    const std::string script = R"(
import errno, socket
V4, V6 = socket.AF_INET, socket.AF_INET6
def bound(family, address, kind=socket.SOCK_STREAM, port=5432, only=0):
    l = socket.socket(family, kind)
    l.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    l.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if family == V6:
        l.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only)
    l.bind((address, port))
    if kind == socket.SOCK_STREAM:
        l.listen(9)
    return l
def to(address, port=5432):
    with socket.socket(V6 if ':' in address else V4) as c:
        return c.connect_ex((address, port))
outside = ('127.0.0.1', '0.0.0.0', '::ffff:127.0.0.1')
for family, address, only in ((V4, '127.0.0.2', 0), (V4, '0.0.0.0', 0), (V6, '::', 0), (V6, '::', 1),
                              (V4, '127.0.0.1', 0), (V6, '::1', 1)):
    l = bound(family, address, only=only)
    for there in outside:
        for _ in range(5):
            assert to(there) == errno.ECONNREFUSED, (address, there)
    if address == '127.0.0.2':
        assert to('127.0.0.2') == 0
    if address == '::1':
        assert to('::1') == 0
    l.close()
for family, address in ((V4, '127.0.0.2'), (V4, '0.0.0.0'), (V6, '::')):
    with socket.socket(family, socket.SOCK_DGRAM) as l:
        l.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        l.bind((address, 5434))
        d = socket.socket(V4, socket.SOCK_DGRAM)
        d.sendto(b'x', ('127.0.0.1', 5434))
        d.connect(('127.0.0.1', 5434))
        try:
            d.send(b'x')
        except ConnectionRefusedError:
            pass
)";
    auto wrong = ends_with("shared ports", by_calls(python(script)), 0) +
                 differs("visited", was_visited(tcp) || was_visited(udp), false);
    const std::string own = R"(
import socket
V4, V6 = socket.AF_INET, socket.AF_INET6
for family, at, to in ((V4, '0.0.0.0', '127.0.0.1'), (V4, '0.0.0.0', '0.0.0.0'), (V6, '::', '::1'),
                       (V6, '::', '127.0.0.1'), (V4, '127.0.0.3', '127.0.0.3')):
    for protocol in (0, 262):
        try:
            l = socket.socket(family, socket.SOCK_STREAM, protocol)
        except OSError:
            continue
        l.bind((at, 0)); l.listen(3)
        port = l.getsockname()[1]
        c = socket.create_connection((to, port), 2); c.sendall(b'hi')
        a, _ = l.accept(); assert a.recv(2) == b'hi'
    s = socket.socket(family, socket.SOCK_DGRAM); s.bind((at, 0)); s.settimeout(2)
    c = socket.socket(V6 if ':' in to else V4, socket.SOCK_DGRAM); c.settimeout(2)
    c.connect((to, s.getsockname()[1])); c.send(b'hi')
    words, back = s.recvfrom(2); s.sendto(b'yo', back)
    assert c.recv(2) == b'yo'
)";
    return wrong + ends_with("its own", by_calls(python(own)), 0);
  });
}

// Case 12.
TEST_P(Seccomp, ServicesThatGoOutForOthersAreRefusedOthersAreTold)
{
  auto options = world();
  options.prepare = [] {
    // In the test's own mount namespace.
    (void)std::system("mount -t tmpfs test /run && mkdir -m 755 /run/nscd && chmod 755 /run");
    ::chown("/run/nscd", GetParam(), GetParam());
  };
  in_mini_internet(options, [](Arrivals&) -> std::string {
    std::vector<Descriptor> services;
    for (const char* path : {"/run/nscd/socket", "/mnt/scratch/service", ""}) {
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      std::string(path).copy(address.sun_path, sizeof address.sun_path - 1);
      if (*path == 0) {
        std::string("elsewhere").copy(address.sun_path + 1, 9);
      }
      const auto length = *path == 0 ? offsetof(sockaddr_un, sun_path) + 10 : sizeof address;
      services.emplace_back(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
      if (::bind(services.back().get(),
                 reinterpret_cast<const sockaddr*>(&address),
                 static_cast<socklen_t>(length)) != 0 ||
          ::listen(services.back().get(), 5) != 0) {
        return std::string("no service at ") + path;
      }
    }
    const std::string script = R"(
import socket, errno
def to(path): return socket.socket(socket.AF_UNIX).connect_ex(path)
assert to('/run/nscd/socket') == errno.ECONNREFUSED
assert to('/mnt/scratch/../../run/nscd/socket') == errno.ECONNREFUSED
for taken in ('/mnt/scratch/service', '\0elsewhere'):
    try:
        socket.socket(socket.AF_UNIX).bind(taken); raise SystemExit('bound')
    except OSError as e:
        assert e.errno == errno.EADDRINUSE
    assert to(taken) == 0
l = socket.socket(socket.AF_UNIX); l.bind('/mnt/scratch/own'); l.listen(1)
assert to('/mnt/scratch/own') == 0
)";
    const auto record = run(by_calls(python(script)));
    if (!record) {
      return record.error().message;
    }
    std::set<std::string> told;
    for (const auto& way : record->left_the_room) {
      if (!way.programs.empty()) {
        told.insert(way.what);
      }
    }
    std::string all;
    for (const auto& each : told) {
      all += each + ";";
    }
    return differs("exit code", record->exit_code, 0) +
           differs("told",
                   all,
                   std::string("unix socket /mnt/scratch/service;unix socket @elsewhere;"));
  });
}

// Case 10: what forks away is still the command's, and ends with it.
TEST_P(Seccomp, NothingOfTheCommandIsLeftBehind)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto before = test::processes();
    const auto record = run(by_calls(shell("(setsid sleep 77 &) ; (setsid bash -c 'sleep 78' &)")));
    if (!record) {
      return record.error().message;
    }
    return differs("exit code", record->exit_code, 0) + test::left_behind(before);
  });
}

// Case 8.
TEST_P(Seccomp, WhenZonderIsKilledTheTreeEndsAndNothingGoesOut)
{
  in_mini_internet(world(), [](Arrivals& arrivals) -> std::string {
    const auto before = test::processes();
    const std::string hammer = R"(
import socket, time
while True:
    for address in ('20.190.128.1', '193.0.6.139'):
        try:
            socket.create_connection((address, 80), 1).close()
        except OSError:
            pass
    time.sleep(0.01)
)";
    // One that stays, and one that got away from its parents and its session.
    const pid_t zonder = test::run_elsewhere(
        by_calls({"bash", "-c", R"((setsid python3 -c "$0" &); python3 -c "$0")", hammer}));
    for (int i = 0; i < 500 && arrivals.europe.load() < 20; ++i) {
      ::usleep(20000);
    }
    const bool lived = arrivals.europe.load() >= 20;
    ::kill(zonder, SIGKILL);
    ::waitpid(zonder, nullptr, 0);
    auto wrong = differs("it ran", lived, true) + test::left_behind(before);
    const auto after = arrivals.europe.load();
    ::usleep(300000);
    return wrong +
           differs("arrivals after the end", arrivals.europe.load() - after, std::uint64_t{0});
  });
}

TEST_P(Seccomp, AControlMustAnswerThroughTheDoor)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    auto living = by_calls({"true"});
    living.controls = {std::string(test::europe_v4) + ":80"};
    auto dead = by_calls({"true"});
    dead.controls = {std::string(test::microsoft_v4) + ":80"};
    auto by_name = by_calls({"true"});
    by_name.controls = {"www.europe.example:80"};
    const auto refused = run(dead);
    return ends_with("a living control", living, 0) + ends_with("by name", by_name, 0) +
           differs("a dead control is an error", refused.has_value(), false);
  });
}

// Containers often have no IPv6 at all, not even ::1.
// Case 2.
TEST_P(Seccomp, WithoutIpv6AllIsAsItMustBe)
{
  auto options = world();
  options.v6 = false;
  options.prepare = [] {
    const auto own = kernel::open_own_namespace("net");
    if (!own || !kernel::set_network_option(own->get(), "ipv6/conf/all/disable_ipv6", "1")) {
      throw std::runtime_error("cannot turn IPv6 off in the host of the test");
    }
  };
  in_mini_internet(options, [](Arrivals&) -> std::string {
    const std::string script = R"(
import errno, socket
s = socket.socket(socket.AF_INET6); s.settimeout(0.5)
try:
    s.connect(('2603:1026::1', 80)); raise SystemExit('connected')
except socket.timeout:
    pass
d = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
assert d.sendto(b'x', ('2603:1026::1', 7)) == 1
)";
    return ends_with("silence", by_calls(python(script), Signature::Blackhole), 0) +
           ends_with("what lives",
                     by_calls(test::curl("http://www.europe.example/"), Signature::Blackhole),
                     0) +
           ends_with("refusal", by_calls(test::curl(http(test::microsoft_v6))), 7);
  });
}

/// A filter as Docker's profile has it for those without CAP_SYS_PTRACE.
bool without_copying_descriptors()
{
  std::array<sock_filter, 4> steps = {
      sock_filter{BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
      sock_filter{BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_pidfd_getfd},
      sock_filter{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | EPERM},
      sock_filter{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}};
  const sock_fprog program = {.len = steps.size(), .filter = steps.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

TEST_P(Seccomp, WhereDescriptorsCannotBeCopiedTheRemedyIsSaid)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    if (!without_copying_descriptors()) {
      return "cannot arrange the container";
    }
    const auto before = test::processes();
    const auto record = run(by_calls({"touch", "/mnt/scratch/it-ran"}));
    return differs("an error", record.has_value(), false) +
           differs("names the remedy",
                   !record && record.error().message.find("SYS_PTRACE") != std::string::npos,
                   true) +
           differs("it ran", ::access("/mnt/scratch/it-ran", F_OK) == 0, false) +
           test::left_behind(before);
  });
}

TEST_P(Seccomp, WhatOnlyNamespacesCanDoIsRefused)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    auto later = by_calls({"true"});
    later.after = std::chrono::seconds(1);
    auto uplink = by_calls({"true"});
    uplink.uplink.wanted = UplinkKind::Slirp4netns;
    std::string wrong;
    for (const auto& [options, word] :
         {std::pair(later, "--after"), std::pair(uplink, "--uplink")}) {
      const auto record = run(options);
      wrong +=
          differs(word, !record && record.error().message.find(word) != std::string::npos, true);
    }
    return wrong;
  });
}

/// In a user namespace of its own in which no other can be made, and without rights over networks:
/// what a container without user namespaces looks like. Nothing outside of it is changed.
std::string without_namespaces(uid_t uid)
{
  const auto outside = kernel::own_namespace_id("user");
  if (::unshare(CLONE_NEWUSER) != 0) {
    return "skip: no user namespace to try in";
  }
  const auto inside = kernel::own_namespace_id("user");
  if (!outside || !inside || *outside == *inside) {
    return "still in the user namespace of the machine";
  }
  const auto id = std::to_string(uid) + " " + std::to_string(uid) + " 1\n";
  const auto put = [](const char* path, const std::string& text) {
    std::ofstream file(path);
    file << text;
    file.flush();
    return file.good();
  };
  (void)put("/proc/self/setgroups", "deny");
  if (!put("/proc/self/uid_map", id) || !put("/proc/self/gid_map", id) ||
      !put("/proc/sys/user/max_user_namespaces", "0")) {
    return "cannot arrange the container";
  }
  const cap_t none = ::cap_init();
  const bool dropped = ::cap_set_proc(none) == 0;
  ::cap_free(none);
  return dropped ? "" : "cannot give up rights";
}

// Case 20.
TEST_P(Seccomp, WithoutNamespacesAutoSaysWhatToDoAndNeverFallsBack)
{
  const auto uid = GetParam();
  in_mini_internet(world(), [uid](Arrivals&) -> std::string {
    if (auto wrong = without_namespaces(uid); !wrong.empty()) {
      return wrong;
    }
    std::string wrong;
    for (const auto engine : {Engine::Automatic, Engine::Netns}) {
      auto options = test::without_microsoft({"touch", "/mnt/scratch/it-ran"});
      options.engine = engine;
      const auto record = run(options);
      if (record) {
        wrong += "it ran; ";
        continue;
      }
      for (const char* part : {"max_user_namespaces", "--engine seccomp", "weaker"}) {
        wrong += differs(part, record.error().message.find(part) != std::string::npos, true);
      }
    }
    wrong += differs("it ran", ::access("/mnt/scratch/it-ran", F_OK) == 0, false);
    const auto record = run(by_calls(test::curl(http(test::microsoft_v4))));
    if (!record) {
      return wrong + record.error().message;
    }
    return wrong + differs("exit code", record->exit_code, 7) +
           differs("proof", record->proof.holds(), true) +
           differs("marked weaker", record->weaker.empty(), false) +
           ends_with("what lives", by_calls(test::curl(http(test::europe_v6))), 0);
  });
}

}  // namespace
}  // namespace zonder::isolate
