// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/capability.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child_process.hh"
#include "base/file.hh"
#include "isolate/doctor.hh"
#include "isolate/run.hh"
#include "support/json_schema.hh"
#include "support/mini_internet.hh"
#include "support/run_checks.hh"
#include "support/sanitized.hh"

// What a user of `zonder run` sees, in a small internet of our own; as root and as an ordinary user
// without an account. The numbers are those of the acceptance cases in docs/enforcement.
namespace zonder::isolate {
namespace {

using test::Arrivals;
using test::curl;
using test::differs;
using test::exits_with;
using test::http;
using test::in_mini_internet;
using test::left_behind;
using test::ordinary_user;
using test::processes;
using test::run_elsewhere;
using test::sanitized;
using test::without_microsoft;

const model::Attempt* attempt_at(const model::RunRecord& record, const char* address)
{
  for (const auto& attempt : record.attempts) {
    if (attempt.address && attempt.address->to_string() == address) {
      return &attempt;
    }
  }
  return nullptr;
}

class Run : public testing::TestWithParam<uid_t> {
protected:
  static test::MiniInternetOptions world() { return {.uid = GetParam()}; }
};

INSTANTIATE_TEST_SUITE_P(As, Run, testing::Values(uid_t{0}, ordinary_user), [](const auto& which) {
  return which.param == 0 ? "Root" : "OrdinaryUser";
});

// Case 1.
TEST_P(Run, RefusesAConnectionToTheAbsentPartyAtOnceAndTellsOfIt)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto record = run(without_microsoft(curl(http(test::microsoft_v4))));
    if (!record) {
      return record.error().message;
    }
    const auto* attempt = attempt_at(*record, test::microsoft_v4);
    if (attempt == nullptr) {
      return "the attempt is not in the record";
    }
    return differs("exit code", record->exit_code, 7) +
           differs("party", attempt->party, std::string("microsoft")) +
           differs("port", attempt->port, std::uint16_t{80}) +
           differs("protocol", attempt->protocol, std::string("tcp")) +
           differs("count", attempt->count, std::uint64_t{1}) +
           differs("blocked", attempt->verdict == model::Verdict::Blocked, true) +
           differs("blocked packets", record->blocked_packets, std::uint64_t{1}) +
           differs("unattributed", record->unattributed, std::uint64_t{0}) +
           differs("attempts", record->attempts.size(), std::size_t{1}) +
           differs("proof holds", record->proof.holds(), true);
  });
}

// Case 2.
TEST_P(Run, RefusesBothFamiliesAlsoWhereTheMachineHasOnlyOne)
{
  for (const auto& [v4, v6] :
       {std::pair(true, true), std::pair(true, false), std::pair(false, true)}) {
    auto options = world();
    options.v4 = v4;
    options.v6 = v6;
    in_mini_internet(options, [](Arrivals&) -> std::string {
      // Refused (7), and not waited for (28).
      std::string wrong;
      for (const char* address : {test::microsoft_v4, test::microsoft_v6}) {
        wrong += exits_with(without_microsoft(curl(http(address))), 7);
      }
      return wrong;
    });
  }
}

TEST_P(Run, TellsAtOnceThatAFamilyIsNotThere)
{
  auto options = world();
  options.v6 = false;
  in_mini_internet(options, [](Arrivals&) -> std::string {
    return exits_with(without_microsoft(curl(http(test::europe_v6))), 7) +
           exits_with(without_microsoft(curl(http(test::europe_v4))), 0);
  });
}

// Case 3.
TEST_P(Run, LeavesOthersAsTheyAre)
{
  in_mini_internet(world(), [](Arrivals& arrivals) -> std::string {
    std::string wrong;
    for (const char* address : {test::europe_v4, test::europe_v6}) {
      wrong += exits_with(without_microsoft(curl(http(address))), 0);
      // Port 81 is closed there, and says so.
      auto closed = http(address);
      closed.insert(closed.size() - 1, ":81");
      wrong += exits_with(without_microsoft(curl(closed)), 7);
    }
    const auto by_name = run(without_microsoft(curl("http://www.europe.example/")));
    if (!by_name) {
      return by_name.error().message;
    }
    bool named = false;
    for (const auto& attempt : by_name->attempts) {
      named = named || (attempt.address && attempt.name == "www.europe.example");
    }
    return wrong + differs("by name", by_name->exit_code, 0) + differs("named", named, true) +
           differs("arrivals", arrivals.europe.load(), std::uint64_t{3});
  });
}

// An IPv4 address can be written as an IPv6 one. Whoever passes such a packet on (slirp4netns, a
// translator) may mean the IPv4 address: none of these may get past the gateway. Root in the room
// can even send frames that no socket would.
TEST_P(Run, OtherSpellingsOfAnAbsentAddressDoNotPass)
{
  const char* program = R"(
import os, socket, struct, subprocess, sys, time
for address in ('64:ff9b::14be:8001', '2002:14be:8001::1', '64:ff9b:1::14be:8001'):
    try:
        socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(b'x', (address, 7))
    except OSError:
        pass
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('169.254.169.254', 7))
if os.geteuid() == 0:
    time.sleep(0.2)
    neighbours = subprocess.run(['ip', '-6', 'neigh'], capture_output=True, text=True).stdout.split()
    gateway = bytes.fromhex(neighbours[neighbours.index('lladdr') + 1].replace(':', ''))
    link = [name for _, name in socket.if_nameindex() if name != 'lo'][0]
    frame = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM)
    udp = struct.pack('!HHHH', 4000, 7, 9, 0) + b'x'
    source = socket.inet_pton(socket.AF_INET6, 'fd00:7a6f:6e64:1::2')
    for address in ('::ffff:20.190.128.1', '::20.190.128.1', '::'):
        head = struct.pack('!IHBB', 6 << 28, len(udp), 17, 64) + source
        packet = head + socket.inet_pton(socket.AF_INET6, address) + udp
        frame.sendto(packet, (link, 0x86dd, 0, 0, gateway))
time.sleep(0.5)
)";
  in_mini_internet(world(), [program](Arrivals&) -> std::string {
    const auto record =
        run(without_microsoft({"python3", "-c", program}, model::Signature::Blackhole));
    if (!record) {
      return record.error().message;
    }
    std::string wrong = differs("command", record->exit_code, 0);
    bool translated = false;
    for (const auto& attempt : record->attempts) {
      wrong += differs((attempt.address ? attempt.address->to_string() : attempt.name).c_str(),
                       attempt.verdict == model::Verdict::Passed,
                       false);
      translated =
          translated || (attempt.address && attempt.address->to_string() == "64:ff9b::14be:8001" &&
                         attempt.party == "microsoft");
    }
    return wrong + differs("through NAT64 is told", translated, true);
  });
}

// Rules look at where packets go. A packet that says that it comes from the absent would have its
// answer sent there, and a second one that looks like an answer would follow it.
TEST_P(Run, NothingSaysThatItComesFromTheAbsent)
{
  const std::string program = R"(
import os, socket, struct, sys, time
A6, L6, A4, L4 = '2603:1026::1', '2001:67c:2e8:22::c100:68b', '20.190.128.1', '193.0.6.139'
GATEWAY6 = [line.split()[1] for line in open('/etc/resolv.conf') if line.startswith('nameserver') and ':' in line][0]
QUESTION = bytes.fromhex('7a6f0100000100000000000000' '00020001')
def sock6(address, port):
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    s.setsockopt(socket.IPPROTO_IPV6, 78, 1)  # IPV6_FREEBIND, which needs no rights
    s.bind((address, port))
    return s
def sum16(data):
    words = struct.unpack('>%dH' % (len(data) // 2), data)
    total = sum(words)
    total = (total & 0xffff) + (total >> 16)
    return ~((total & 0xffff) + (total >> 16)) & 0xffff
def raw4(source, port, destination, to_port, text):
    udp = struct.pack('>4H', port, to_port, 8 + len(text), 0) + text
    head = struct.pack('>BBHHHBBH4s4s', 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0,
                       socket.inet_aton(source), socket.inet_aton(destination))
    head = head[:10] + struct.pack('>H', sum16(head)) + head[12:]
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as s:
        s.sendto(head + udp, (destination, 0))
def try_all(steps):
    for step in steps:
        try:
            step()
        except OSError as problem:
            print(problem, file=sys.stderr)
        time.sleep(0.1)
absent = sock6(A6, 7777)
try_all([lambda: absent.sendto(b'x', (L6, 7)),              # an answer would go to the absent
         lambda: absent.sendto(QUESTION, (GATEWAY6, 53)),   # the gateway's own answer too
         lambda: absent.sendto(b'x', (L6, 9999)),
         lambda: sock6(L6, 9999).sendto(b'hello', ('fd00::100', 7777))])
if os.getuid() == 0:
    try_all([lambda: raw4(A4, 7777, L4, 7, b'x'),
             lambda: raw4(A4, 7777, L4, 9999, b'x'),
             lambda: raw4(L4, 9999, '10.0.2.100', 7777, b'hello'),
             lambda: raw4(A4, 7777, '100.64.0.2', 6001, b'x'),
             lambda: raw4(A4, 7777, '100.64.0.1', 53, QUESTION)])
    back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    back.bind(('100.64.0.2', 6001))
    try_all([lambda: back.sendto(b'hello', (A4, 7777))])
time.sleep(0.5)
)";
  auto options = world();
  options.reaches_microsoft = true;  // in the end, to show that it would have been seen
  in_mini_internet(options, [&program](Arrivals& arrivals) -> std::string {
    std::string wrong;
    for (const bool later : {false, true}) {
      auto without = without_microsoft({"python3", "-c", program});
      if (later) {
        without.command = {"sh", "-c", "sleep 2; exec \"$@\"", "sh", "python3", "-c", program};
        without.after = std::chrono::seconds(1);
      }
      const auto before = arrivals.microsoft.load();
      wrong += exits_with(without, 0);
      wrong +=
          differs(later ? "after the cut" : "at the absent", arrivals.microsoft.load(), before);
    }
    const auto before = arrivals.microsoft.load();
    (void)run_captured({"python3",
                        "-c",
                        "import socket; s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); "
                        "s.settimeout(3); s.sendto(b'x', ('2603:1026::1', 7777)); s.recv(9)"});
    return wrong + differs("seen from outside the room", arrivals.microsoft.load(), before + 1);
  });
}

// Case 4. python3 says which error a program sees.
TEST_P(Run, BlackholeIsSilentForTcpAndUdp)
{
  const char* program = R"(
import socket, errno, sys
def outcome(kind, family, address, port):
    s = socket.socket(family, kind)
    s.settimeout(0.7)
    try:
        s.connect((address, port))
        s.send(b'x')
        s.recv(10)
        return 'answered'
    except socket.timeout:
        return 'timeout'
    except OSError as e:
        return errno.errorcode[e.errno]
seen = [outcome(k, f, a, p)
        for f, a in ((socket.AF_INET, '20.190.128.1'), (socket.AF_INET6, '2603:1026::1'))
        for k, p in ((socket.SOCK_STREAM, 443), (socket.SOCK_DGRAM, 7))]
sys.exit(0 if seen == ['timeout'] * 4 else 1)
)";
  in_mini_internet(world(), [program](Arrivals&) -> std::string {
    return exits_with(without_microsoft({"python3", "-c", program}, model::Signature::Blackhole),
                      0);
  });
}

TEST_P(Run, EachSignatureLooksAsItShould)
{
  const auto program = [](const std::string& tcp, const std::string& udp) {
    return R"(
import socket, errno, sys
def outcome(kind, port):
    s = socket.socket(socket.AF_INET, kind)
    s.settimeout(0.7)
    try:
        s.connect(('20.190.128.1', port))
        s.send(b'x')
        s.recv(10)
        return 'answered'
    except socket.timeout:
        return 'timeout'
    except OSError as e:
        return errno.errorcode[e.errno]
seen = [outcome(socket.SOCK_STREAM, 443), outcome(socket.SOCK_DGRAM, 7)]
print(seen, file=sys.stderr)
sys.exit(0 if seen == [')" +
           tcp + "', '" + udp + "'] else 1)";
  };
  in_mini_internet(world(), [&](Arrivals&) -> std::string {
    std::string wrong;
    const auto expect = [&](model::Signature signature, const char* tcp, const char* udp) {
      wrong += exits_with(without_microsoft({"python3", "-c", program(tcp, udp)}, signature), 0);
    };
    expect(model::Signature::Refuse, "ECONNREFUSED", "ECONNREFUSED");
    // For UDP the kernel takes "host unreachable" as passing trouble and does not tell the program.
    expect(model::Signature::Unreachable, "EHOSTUNREACH", "timeout");
    expect(model::Signature::Nxdomain, "timeout", "timeout");
    // What is said there is neither TLS nor HTTP.
    expect(model::Signature::TlsReset, "ECONNRESET", "ECONNREFUSED");
    expect(model::Signature::Denied, "ECONNRESET", "ECONNREFUSED");
    return wrong;
  });
}

// A party that is only lossy or slow: its packets do arrive there.
TEST_P(Run, LossyLosesSomeAndTheRestArrives)
{
  auto options = world();
  options.reaches_microsoft = true;
  in_mini_internet(options, [](Arrivals& arrivals) -> std::string {
    const std::uint64_t before = arrivals.microsoft;
    auto lossy =
        without_microsoft({"python3",
                           "-c",
                           "import socket\ns=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\n"
                           "import time\n"
                           "for i in range(2000):\n"
                           " s.sendto(b'x',('20.190.128.1',7777))\n"
                           // No faster than the links' queues take them.
                           " i%10 or time.sleep(0.002)"},
                          model::Signature::Lossy);
    const auto record = run(lossy);
    if (!record) {
      return record.error().message;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    const auto arrived = arrivals.microsoft - before;
    const auto* attempt = attempt_at(*record, test::microsoft_v4);
    // 30 of 100 of 2000, give or take six times the deviation.
    const bool plausible = arrived > 1400 - 123 && arrived < 1400 + 123;
    return differs("exit code", record->exit_code, 0) +
           differs("hindered",
                   attempt != nullptr && attempt->verdict == model::Verdict::Hindered,
                   true) +
           (plausible ? "" : std::to_string(arrived) + " of 2000 arrived; ") +
           differs("unattributed", record->unattributed, std::uint64_t{0}) +
           differs("lost there", record->lost_packets >= 2000 - arrived, true);
  });
}

TEST_P(Run, SlowLetsSoManyBytesThroughAndTheOthersAtFullSpeed)
{
  auto options = world();
  options.reaches_microsoft = true;
  in_mini_internet(options, [](Arrivals&) -> std::string {
    // A hundred kilobytes there and back over TCP's echo of the party; the European one alike.
    const auto echo = [](const char* address) {
      return std::vector<std::string>{
          "python3",
          "-c",
          "import socket,sys\ns=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\n"
          "s.settimeout(0.3)\ngot=0\nimport time\nend=time.time()+3\n"
          "while time.time()<end:\n s.sendto(b'x'*1000,('" +
              std::string(address) +
              "',7))\n"
              " try: got+=len(s.recv(2000))\n except OSError: pass\n"
              "print(got)\nsys.exit(0 if got>200000 else 1)"};
    };
    auto slow = without_microsoft(echo(test::microsoft_v4), model::Signature::Slow);
    const auto record = run(slow);
    slow.command = echo(test::europe_v4);
    const auto other = run(slow);
    if (!record || !other) {
      return record ? other.error().message : record.error().message;
    }
    const auto* attempt = attempt_at(*record, test::microsoft_v4);
    // 32,000 bytes a second and one burst: under 200,000 in three seconds; the other far above.
    return differs("slow", record->exit_code, 1) + differs("other", other->exit_code, 0) +
           differs("lost", record->lost_packets > 0, true) +
           differs("hindered",
                   attempt != nullptr && attempt->verdict == model::Verdict::Hindered,
                   true);
  });
}

/// Whether this kernel can keep packets for a while, tried in a network of nobody's.
bool has_netem()
{
  return std::system("unshare -rn tc qdisc add dev lo root netem delay 1ms 2>/dev/null") == 0;
}

TEST_P(Run, LateAnswersComeLateOrItSaysThatThisKernelCannot)
{
  auto options = world();
  options.reaches_microsoft = true;
  in_mini_internet(options, [](Arrivals& arrivals) -> std::string {
    // Seconds from a question to the echo.
    const auto echo = [](const char* address) {
      return std::vector<std::string>{
          "python3",
          "-c",
          "import socket,sys,time\ns=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\n"
          "s.settimeout(5)\nbegin=time.time()\ns.sendto(b'x',('" +
              std::string(address) +
              "',7))\ns.recv(9)\nsys.exit(0 if time.time()-begin > 0.45 else 1)"};
    };
    const auto before = arrivals.microsoft.load();
    auto late = without_microsoft(echo(test::microsoft_v4), model::Signature::Late);
    const auto record = run(late);
    if (!has_netem()) {
      return differs("ran", record.has_value(), false) +
             differs("says so",
                     !record && record.error().message.find("sch_netem") != std::string::npos,
                     true) +
             differs("arrivals", arrivals.microsoft - before, std::uint64_t{0});
    }
    late.command = echo(test::europe_v4);
    const auto other = run(late);
    return record && other ? differs("late", record->exit_code, 0) +
                                 differs("others are not", other->exit_code, 1) +
                                 differs("lost", record->lost_packets, std::uint64_t{0})
                           : "a run failed";
  });
}

TEST_P(Run, NamesOfTheAbsentPartyFailAsItsSignatureSays)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    std::string wrong;
    // A name of Microsoft's on a European address: only the name is cut, not its neighbour.
    wrong += exits_with(without_microsoft(curl("http://cdn.microsoft.example/")), 7);
    wrong += exits_with(without_microsoft(curl("http://www.europe.example/")), 0);
    wrong += exits_with(without_microsoft(curl("http://login.microsoft.example/")), 7);
    // curl: 6, the name could not be resolved.
    wrong += exits_with(
        without_microsoft(curl("http://login.microsoft.example/"), model::Signature::Nxdomain), 6);
    wrong += exits_with(
        without_microsoft(curl("http://cdn.microsoft.example/"), model::Signature::Servfail), 6);
    const auto record = run(without_microsoft(curl("http://cdn.microsoft.example/")));
    bool told = false;
    for (const auto& attempt : record ? record->attempts : std::vector<model::Attempt>()) {
      told = told || (attempt.party == "microsoft" && attempt.name == "cdn.microsoft.example" &&
                      attempt.protocol == "tcp" && attempt.verdict == model::Verdict::Blocked);
    }
    return wrong + differs("told by name", told, true);
  });
}

TEST_P(Run, ProvesAPartyThatIsOnlyNames)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    auto options = without_microsoft(curl("http://login.microsoft.example/"));
    options.absence.parties[0].addresses = {};
    const auto record = run(options);
    if (!record) {
      return record.error().message;
    }
    return differs("exit code", record->exit_code, 7) +
           differs("canaries", record->proof.canaries_failed() > 0, true);
  });
}

TEST_P(Run, DoctorFindsEverythingWhereRunWorks)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    std::string wrong;
    const auto before = processes();
    for (const auto& check : examine()) {
      if (check.needed && check.health != Health::Works) {
        wrong += check.id + ": " + check.detail + "; ";
      }
    }
    return wrong + left_behind(before);
  });
}

TEST_P(Run, DoctorAndRunSayThatTheTunDeviceIsClosed)
{
  auto options = world();
  options.prepare = [] {
    ::chmod("/dev/net/tun", 0600);
  };
  in_mini_internet(options, [](Arrivals&) -> std::string {
    if (::geteuid() == 0) {
      return "";  // root may open it all the same
    }
    const auto record = run(without_microsoft({"true"}));
    std::string wrong;
    if (record || record.error().message.find("chmod 0666 /dev/net/tun") == std::string::npos) {
      wrong += record ? "ran" : record.error().message;
    }
    for (const auto& check : examine()) {
      if (check.id == "tun" && (check.health != Health::Missing || check.remedy.empty())) {
        wrong += "doctor does not tell";
      }
    }
    return wrong;
  });
}

// Case 5.
TEST_P(Run, GivesTheCommandsOwnExitCode)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    std::string wrong;
    for (const int code : {0, 7, 255}) {
      wrong += exits_with(without_microsoft({"sh", "-c", "exit " + std::to_string(code)}), code);
    }
    wrong += exits_with(without_microsoft({"sh", "-c", "kill -TERM $$"}), 143);
    wrong += exits_with(without_microsoft({"zonder-no-such-command"}), 127);
    wrong += exits_with(without_microsoft({"/etc/passwd"}), 126);
    wrong += exits_with(without_microsoft({"/etc"}), 126);
    return wrong;
  });
}

// Case 6, without a terminal.
TEST_P(Run, LeavesStandardInputAndOutputAlone)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (::pipe(in.data()) != 0 || ::pipe(out.data()) != 0) {
      return "no pipes";
    }
    (void)!::write(in[1], "through", 7);
    ::close(in[1]);
    ::dup2(in[0], 0);
    ::dup2(out[1], 1);
    ::close(out[1]);
    const auto wrong = exits_with(without_microsoft({"cat"}), 0);
    ::close(1);
    std::array<char, 100> text{};
    const auto got = ::read(out[0], text.data(), text.size());
    return wrong + differs("output",
                           std::string(text.data(), got > 0 ? std::size_t(got) : 0),
                           std::string("through"));
  });
}

TEST_P(Run, CommandDiesOfAClosedPipeAsUsual)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    std::array<int, 2> out{};
    if (::pipe(out.data()) != 0) {
      return "no pipe";
    }
    ::dup2(out[1], 1);
    ::close(out[1]);
    ::close(out[0]);
    return exits_with(without_microsoft({"cat", "/dev/zero"}), 128 + SIGPIPE);
  });
}

// Case 7, a signal sent to zonder itself.
TEST_P(Run, PassesOnASignalAndStillReports)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto before = processes();
    const pid_t zonder = ::getpid();
    const pid_t sender = ::fork();
    if (sender == 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1500));
      ::kill(zonder, SIGTERM);
      ::_exit(0);
    }
    const auto wrong = exits_with(
        without_microsoft({"sh", "-c", "trap 'exit 41' TERM; while :; do sleep 0.1; done"}), 41);
    ::waitpid(sender, nullptr, 0);
    return wrong + left_behind(before);
  });
}

// Case 8.
TEST_P(Run, KillingZonderEndsEverythingAndNothingGetsThrough)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto before = processes();
    const pid_t zonder = run_elsewhere(without_microsoft(
        {"sh",
         "-c",
         "setsid sh -c 'while :; do curl -s --max-time 1 http://20.190.128.1/; done' & "
         "while :; do curl -s --max-time 1 http://20.190.128.1/; done"}));
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    const auto during = processes();
    ::kill(zonder, SIGKILL);
    ::waitpid(zonder, nullptr, 0);
    return differs("something ran", during.size() > before.size() + 3, true) + left_behind(before);
  });
}

// Case 9.
TEST_P(Run, DeathOfTheUplinkIsToldAndOpensNothing)
{
  in_mini_internet(world(), [](Arrivals& arrivals) -> std::string {
    const pid_t killer = ::fork();
    if (killer == 0) {
      for (int round = 0; round < 200; ++round) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        if (!std::filesystem::exists("/mnt/scratch/started")) {
          continue;
        }
        for (const auto& [pid, name] : processes()) {
          if (name == "slirp4netns") {
            ::kill(pid, SIGKILL);
          }
        }
        ::_exit(0);
      }
      ::_exit(1);
    }
    const auto record =
        run(without_microsoft({"sh",
                               "-c",
                               ": > /mnt/scratch/started; sleep 1; rm -f /mnt/scratch/started; "
                               "! curl -s --max-time 2 http://193.0.6.139/ && "
                               "! curl -s --max-time 2 http://20.190.128.1/"}));
    ::waitpid(killer, nullptr, 0);
    if (!record) {
      return record.error().message;
    }
    return differs("command", record->exit_code, 0) +
           differs("uplink died", record->uplink_died, true) +
           differs("zonder", exit_code_of(*record, false), 1) +
           differs("europe", arrivals.europe.load(), std::uint64_t{0});
  });
}

TEST_P(Run, FallsAwayOnlyAfterTheTimeGiven)
{
  auto before_the_cut = world();
  before_the_cut.reaches_microsoft = true;
  in_mini_internet(before_the_cut, [](Arrivals& arrivals) -> std::string {
    auto options = without_microsoft(
        {"sh",
         "-c",
         "curl -s -o /dev/null --max-time 2 http://20.190.128.1/ || exit 3; sleep 2; "
         "curl -s -o /dev/null --max-time 2 http://20.190.128.1/ && exit 4; "
         "curl -s -o /dev/null --max-time 2 http://193.0.6.139/"});
    options.after = std::chrono::seconds(1);
    const auto record = run(options);
    if (!record) {
      return record.error().message;
    }
    return differs("command", record->exit_code, 0) +
           differs("told when", record->absent_from.has_value(), true) +
           differs("blocked", record->blocked_packets > 0, true) +
           differs("arrivals", arrivals.microsoft.load(), std::uint64_t{1});
  });
}

TEST_P(Run, CountsNothingOfItsOwnProof)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    // Long enough for a connection of the proof to be tried again, if it were still open.
    auto options = without_microsoft({"sleep", "2.5"}, model::Signature::Blackhole);
    options.controls = {std::string(test::europe_v4) + ":80", "www.europe.example"};
    const auto record = run(options);
    if (!record) {
      return record.error().message;
    }
    return differs("attempts", record->attempts.size(), std::size_t{0}) +
           differs("blocked", record->blocked_packets, std::uint64_t{0}) +
           differs("passed", record->passed_packets, std::uint64_t{0});
  });
}

TEST_P(Run, RefusesToStartWhenTheControlFails)
{
  in_mini_internet(world(), [](Arrivals& arrivals) -> std::string {
    auto options = without_microsoft({"true"});
    options.controls = {"193.0.6.140"};  // nobody there
    const auto refused = run(options);
    options.unproved = true;
    const auto overridden = run(options);
    options.unproved = false;
    // What this machine answers itself is no control, though it answers.
    std::string wrong;
    for (const char* here : {"127.0.0.1", "[::1]:80", "0.0.0.0", "192.168.50.2"}) {
      options.controls = {here};
      wrong += differs(here, run(options).has_value(), false);
    }
    options.controls = {"www.europe.example:80"};
    const auto proved = run(options);
    if (refused || !overridden || !proved) {
      return refused       ? "started without proof"
             : !overridden ? overridden.error().message
                           : proved.error().message;
    }
    return wrong + differs("overridden", overridden->proof.overridden, true) +
           differs("controls passed", proved->proof.controls_passed(), std::uint64_t{1}) +
           differs("reached the control", arrivals.europe.load() > 0, true);
  });
}

// Case 18: overlapping and duplicate prefixes are accepted. How quick it is, script/bench measures.
TEST_P(Run, TakesAHundredThousandPrefixes)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    auto options = without_microsoft(curl(http(test::microsoft_v4)));
    std::vector<net::Range> ranges = options.absence.parties[0].addresses.ranges();
    ranges.push_back(ranges.front());
    for (std::uint32_t i = 0; i < 100000; ++i) {
      const auto first = net::Address::v4(0x1e000000U + i * 512);  // 30.0.0.0 and further
      ranges.push_back({first, net::Address::v4(0x1e000000U + i * 512 + 255)});
      ranges.push_back({first, net::Address::v4(0x1e000000U + i * 512 + 127)});
    }
    options.absence.parties[0].addresses = net::PrefixSet::of(ranges);
    return exits_with(options, 7);
  });
}

// Case 18. Of a million no more than 200 MB are needed.
TEST_P(Run, TakesAMillionPrefixesInLittleMemory)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    auto options = without_microsoft(curl(http(test::microsoft_v4)));
    std::vector<net::Range> ranges = options.absence.parties[0].addresses.ranges();
    for (std::uint32_t i = 0; i < 1000000; ++i) {
      const std::uint32_t first = 0x1e000000U + i * 512;  // 30.0.0.0 to 60.132.0.0
      ranges.push_back({net::Address::v4(first), net::Address::v4(first + 255)});
    }
    options.absence.parties[0].addresses = net::PrefixSet::of(std::move(ranges));
    std::string wrong = exits_with(options, 7);
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    if (!sanitized) {  // which needs memory of its own
      wrong +=
          differs("at most 200 MB", used.ru_maxrss / 1024, std::min(used.ru_maxrss / 1024, 200L));
    }
    return wrong;
  });
}

// Case 19.
TEST_P(Run, WorksInOddSurroundings)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    ::unsetenv("HOME");
    ::umask(0077);
    ::mkdir("/mnt/scratch/unreadable", 0777);
    if (::chdir("/mnt/scratch/unreadable") != 0) {
      return "cannot change folder";
    }
    ::chmod("/mnt/scratch/unreadable", 0);
    const auto wrong = exits_with(without_microsoft(curl("http://www.europe.example/")), 0) +
                       exits_with(without_microsoft(curl(http(test::microsoft_v4))), 7);
    ::rmdir("/mnt/scratch/unreadable");
    return wrong;
  });
}

// Case 19.
TEST_P(Run, WorksWhereEtcIsReadOnly)
{
  auto options = world();
  options.prepare = [] {
    if (::mount("/etc", "/etc", nullptr, MS_BIND | MS_REC, nullptr) != 0 ||
        ::mount(nullptr, "/etc", nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) != 0) {
      throw std::runtime_error("cannot make /etc read-only");
    }
  };
  in_mini_internet(options, [](Arrivals&) -> std::string {
    return exits_with(without_microsoft(curl("http://www.europe.example/")), 0);
  });
}

// Case 19.
TEST_P(Run, SaysWhatToDoWhereResolvConfIsADanglingLink)
{
  auto options = world();
  options.dangling_resolv_conf = true;
  in_mini_internet(options, [](Arrivals&) -> std::string {
    auto told = without_microsoft({"cat", "/etc/resolv.conf"});
    const auto refused = run(told);
    told.controls = {std::string(test::europe_v4) + ":80"};
    return differs("without control", refused.has_value(), false) + exits_with(told, 0);
  });
}

// Case 21: nft and ip cannot change the block.
TEST_P(Run, CommandHasNoRightsOverItsRoom)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    std::string wrong;
    for (const char* attempt : {"nft flush ruleset",
                                "nft add table inet mine",
                                "ip link set lo down",
                                "ip route replace default via 100.64.0.3",
                                "nsenter -t 1 -n true",
                                "umount /etc/resolv.conf",
                                "mount -t tmpfs x /mnt"}) {
      wrong += exits_with(
          without_microsoft({"sh", "-c", std::string("! ") + attempt + " 2>/dev/null"}), 0);
    }
    return wrong + exits_with(without_microsoft(curl(http(test::microsoft_v4))), 7);
  });
}

// Case 21: a setuid program. As an ordinary user it gets no rights, and zonder says so beforehand;
// as root it works as ever, and is no way out.
TEST_P(Run, ASetuidProgramIsNoWayOutAndIsToldWhereItCannotWork)
{
  auto options = world();
  options.prepare = [] {
    for (const char* name : {"/usr/bin/id", "/mnt/zonder/bin/reach"}) {
      const auto copy = "/mnt/scratch/" + std::filesystem::path(name).filename().string();
      std::filesystem::copy_file(name, copy);
      ::chmod(copy.c_str(), 04755);
    }
  };
  in_mini_internet(options, [](Arrivals&) -> std::string {
    const bool root = ::geteuid() == 0;
    const auto outside = run_captured({"/mnt/scratch/id", "-u"});
    std::string wrong = differs("outside", outside ? outside->out : "", std::string("0\n"));
    const auto own = std::to_string(::geteuid());
    wrong +=
        exits_with(without_microsoft({"sh", "-c", "test \"$(/mnt/scratch/id -u)\" = " + own}), 0);
    auto reaching = without_microsoft({"/mnt/scratch/reach", "tcp", test::microsoft_v4, "80"});
    std::string told;
    reaching.progress = [&told](const std::string& sentence) {
      told += sentence;
    };
    const auto record = run(reaching);
    if (!record) {
      return record.error().message;
    }
    return wrong + differs("reached", record->exit_code, 1) +
           differs("blocked", record->blocked_packets, std::uint64_t{1}) +
           differs("unattributed", record->unattributed, std::uint64_t{0}) +
           differs("told",
                   told.find("/mnt/scratch/reach is a setuid program") != std::string::npos,
                   !root);
  });
}

// Case 21: browsers and others make namespaces of their own; that works, and leads nowhere.
TEST_P(Run, ANetworkInsideTheRoomIsMadeAndHasNothingInIt)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const std::string script = R"sh(
test "$(id -u)" = 0 || exit 11
ip link set lo up || exit 12
test "$(ip -o link | grep -vc ' lo: ')" = 0 || exit 13
curl -s --max-time 2 http://20.190.128.1/ && exit 14
curl -s --max-time 2 http://193.0.6.139/ && exit 15
ip link add esc0 type veth peer name esc1 && ip addr add 20.190.128.9/24 dev esc0 || exit 16
exit 0
)sh";
    // The room goes on as it was.
    const auto afterwards = "unshare -Urn true && curl -sS -o /dev/null " + http(test::europe_v4);
    return exits_with(without_microsoft({"unshare", "-Urn", "sh", "-c", script}), 0) +
           exits_with(without_microsoft({"sh", "-c", afterwards}), 0);
  });
}

TEST_P(Run, CommandIsWhoTheUserIs)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto id = std::to_string(::getuid());
    std::string script = "test \"$(id -u)\" = " + id + " && test \"$(id -g)\" = " + id;
    if (::getuid() != 0) {
      script += " && grep -q 'CapEff:[[:space:]]*0000000000000000' /proc/self/status";
    }
    return exits_with(without_microsoft({"sh", "-c", script}), 0);
  });
}

// Exec gives root what it may inherit, whatever its bounding set says.
TEST(RunAsRoot, RightsThatWereMadeInheritableEndAtTheRoom)
{
  in_mini_internet({}, [](Arrivals&) -> std::string {
    const cap_t rights = ::cap_get_proc();
    const std::array<cap_value_t, 2> some = {CAP_SYS_ADMIN, CAP_NET_ADMIN};
    const bool given = ::cap_set_flag(rights, CAP_INHERITABLE, 2, some.data(), CAP_SET) == 0 &&
                       ::cap_set_proc(rights) == 0 &&
                       ::cap_set_ambient(CAP_SYS_ADMIN, CAP_SET) == 0;
    ::cap_free(rights);
    if (!given) {
      return "no right can be made inheritable";
    }
    const std::string none_inherited =
        "grep -q 'CapInh:[[:space:]]*0000000000000000' /proc/self/status && "
        "grep -q 'CapAmb:[[:space:]]*0000000000000000' /proc/self/status && "
        "python3 -c 'import re;"
        "e=int(re.search(\"CapEff:\\\\s*(\\\\w+)\",open(\"/proc/self/status\").read())[1],16);"
        "exit(e>>21&1|e>>12&1)'";
    auto by_calls = without_microsoft({"sh", "-c", none_inherited});
    by_calls.engine = Engine::Seccomp;
    return exits_with(without_microsoft({"sh", "-c", none_inherited}), 0) + exits_with(by_calls, 0);
  });
}

// Case 22: within zonder without Microsoft, zonder without Europe.
TEST_P(Run, NestsSoThatBothAreGone)
{
  in_mini_internet(world(), [](Arrivals& arrivals) -> std::string {
    const auto inner = [](const char* address) -> std::vector<std::string> {
      std::vector<std::string> command{test::zonder_program,
                                       "run",
                                       "193.0.0.0/16,2001:67c::/32",
                                       "--like",
                                       "refuse",
                                       "-q",
                                       "--"};
      const auto asking = curl(http(address));
      command.insert(command.end(), asking.begin(), asking.end());
      return command;
    };
    std::string wrong = exits_with(without_microsoft(curl(http(test::europe_v4))), 0);
    const auto seen = arrivals.europe.load();
    for (const char* address :
         {test::microsoft_v4, test::microsoft_v6, test::europe_v4, test::europe_v6}) {
      wrong += exits_with(without_microsoft(inner(address)), 7);
    }
    return wrong + differs("europe", arrivals.europe.load(), seen);
  });
}

// Case 40.
TEST_P(Run, PrintsItsReportAsJsonBehindWhatTheCommandPrinted)
{
  const auto schema = read_file(ZONDER_SOURCE_DIR "/docs/schema/zonder.run-1.json");
  ASSERT_TRUE(schema);
  in_mini_internet(world(), [&schema](Arrivals&) -> std::string {
    const auto done =
        run_captured({test::zonder_program,
                      "20.190.128.0/18",
                      "--like",
                      "refuse",
                      "--json",
                      "--",
                      "sh",
                      "-c",
                      std::string("echo hello; curl -s ") + http(test::microsoft_v4)});
    const std::string greeting = "hello\n";
    if (!done || !done->out.starts_with(greeting)) {
      return done ? "printed: " + done->out + done->err : done.error().message;
    }
    std::string wrong = differs("exit code", done->status.as_shell(), 7);
    for (const auto& mistake : test::against_schema(done->out.substr(greeting.size()), *schema)) {
      wrong += mistake + "; ";
    }
    return wrong;
  });
}

}  // namespace
}  // namespace zonder::isolate
