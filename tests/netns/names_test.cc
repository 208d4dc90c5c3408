// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// What a program in the room hears when it asks for names, by whatever way it asks.
#include <algorithm>
#include <cstring>
#include <sstream>

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/child_process.hh"
#include "isolate/run.hh"
#include "report/doubts.hh"
#include "report/judgement.hh"
#include "support/mini_internet.hh"

namespace zonder::isolate {
namespace {

using model::Attempt;
using model::RunRecord;
using model::Signature;
using model::Verdict;
using test::Arrivals;
using test::in_mini_internet;

constexpr uid_t ordinary_user = 1500;

RunOptions without_microsoft(const std::string& shell_command, Signature signature)
{
  RunOptions options;
  options.absence = test::microsoft_absence();
  options.signature = signature;
  options.command = {"sh", "-c", shell_command};
  return options;
}

/// Runs the shell's words in a room without Microsoft; what is wrong with the exit code, or else
/// what `look` finds wrong with the record.
std::string in_room(const std::string& shell_command,
                    int exit_code,
                    Signature signature,
                    const std::function<std::string(const RunRecord&)>& look = {})
{
  const auto record = run(without_microsoft(shell_command, signature));
  if (!record) {
    return record.error().message;
  }
  if (record->exit_code != exit_code) {
    return shell_command + " ended with " + std::to_string(record->exit_code) + ", should be " +
           std::to_string(exit_code);
  }
  return look ? look(*record) : std::string();
}

/// "blocked microsoft cdn.microsoft.example 198.18.0.1 tcp/80 x1", one a line.
std::string told(const RunRecord& record)
{
  std::ostringstream text;
  for (const auto& each : record.attempts) {
    text << (each.verdict == Verdict::Blocked ? "blocked " : "passed ")
         << (each.party.empty() ? "-" : each.party) << ' ' << (each.name.empty() ? "-" : each.name)
         << ' ' << (each.address ? each.address->to_string() : "-") << ' ' << each.protocol << '/'
         << each.port << " x" << each.count << '\n';
  }
  return text.str();
}

std::string must_tell(const RunRecord& record, const std::string& line)
{
  const auto all = told(record);
  return all.find(line) == std::string::npos ? "no \"" + line + "\" among:\n" + all : "";
}

class Names : public testing::TestWithParam<uid_t> {
protected:
  static test::MiniInternetOptions world() { return {.uid = GetParam()}; }
};

INSTANTIATE_TEST_SUITE_P(As,
                         Names,
                         testing::Values(uid_t{0}, ordinary_user),
                         [](const auto& param) {
                           return param.param == 0 ? "Root" : "OrdinaryUser";
                         });

TEST_P(Names, AreLookedUpByTheUsersOwnResolver)
{
  in_mini_internet(world(), [](Arrivals& arrivals) -> std::string {
    const auto wrong =
        in_room("curl -sSf --max-time 5 http://www.europe.example/ >/dev/null",
                0,
                Signature::Blackhole,
                [](const RunRecord& record) {
                  return must_tell(record, "passed - www.europe.example - dns/0") +
                         must_tell(record, "passed - www.europe.example 193.0.6.139") +
                         must_tell(record, "tcp/80 x1");
                });
    return wrong + (arrivals.europe == 1 ? "" : "the service was not reached once");
  });
}

// Case 16.
TEST_P(Names, OnOneAddressLiveAndDieApart)
{
  in_mini_internet(world(), [](Arrivals& arrivals) -> std::string {
    const auto wrong = in_room(
        "curl -sSf --max-time 5 http://cdn.microsoft.example/; test $? = 7 || exit 1;"
        "curl -sSf --max-time 5 http://www.europe.example/ >/dev/null",
        0,
        Signature::Refuse,
        [](const RunRecord& record) {
          return must_tell(record, "blocked microsoft cdn.microsoft.example 198.18.0.1 tcp/80 x1");
        });
    return wrong + (arrivals.europe == 1 ? "" : "the shared address was not reached just once");
  });
}

TEST_P(Names, OfTheAbsentDoNotExistOrFailWhenThatIsHowTheyAreGone)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const std::string status = "dig +tries=1 +time=3 login.microsoft.example | grep -q 'status: ";
    const auto wrong =
        in_room(status + "NXDOMAIN'", 0, Signature::Nxdomain, [](const RunRecord& record) {
          return must_tell(record, "blocked microsoft login.microsoft.example - dns/0 x1");
        });
    return wrong + in_room(status + "SERVFAIL'", 0, Signature::Servfail) +
           in_room("curl -sS --max-time 5 http://login.microsoft.example/", 6, Signature::Nxdomain);
  });
}

// Case 15.
TEST_P(Names, AreAskedOfOurNameServerEvenWhenAProgramKnowsAnother)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    // 8.8.8.8 is not on this internet at all: the answer can only be ours.
    const std::string is_europe = " www.europe.example)\" = 193.0.6.139";
    return in_room("test \"$(dig +short +tries=1 +time=3 @8.8.8.8" + is_europe,
                   0,
                   Signature::Blackhole) +
           in_room("test \"$(dig +short +tcp +tries=1 +time=3 @8.8.8.8" + is_europe,
                   0,
                   Signature::Blackhole) +
           in_room("test \"$(dig +short +tries=1 +time=3 @2001:4860:4860::8888" + is_europe,
                   0,
                   Signature::Blackhole);
  });
}

// Case 15: a resolver of the absent.
TEST_P(Names, AreNotToldByAnAbsentResolver)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    std::string wrong;
    // The second is the first as a NAT64 has it.
    for (const std::string address : {test::microsoft_v4, "64:ff9b::14be:8001"}) {
      const auto ask = "dig +tries=1 +time=1 @" + address + " www.europe.example >/dev/null";
      wrong += in_room(ask, 9, Signature::Blackhole, [&](const RunRecord& record) {
        return must_tell(record, "blocked microsoft - " + address + " udp/53");
      });
    }
    return wrong;
  });
}

// Case 15: DNS over TLS.
TEST_P(Names, AreNotAskedInPrivateWhereWeWouldNotSeeThem)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    // Refused at once, whatever outage is played: a program shall fall back, not wait.
    const auto ask = std::string("curl -sS --max-time 5 http://") + test::europe_v4 + ":853/";
    return in_room(ask, 7, Signature::Blackhole, [](const RunRecord& record) {
      return must_tell(record, std::string("blocked - - ") + test::europe_v4 + " tcp/853 x1");
    });
  });
}

std::string must_doubt(const RunRecord& record, const std::string& doubt)
{
  const auto all = report::judge(record, nullptr, nullptr).doubts_by_name();
  return std::find(all.begin(), all.end(), doubt) == all.end() ? "no doubt: " + doubt : "";
}

/// Of one that asks and does not stay for the answers.
std::string asks_and_goes(Engine engine)
{
  auto options =
      without_microsoft("dig +tries=1 +time=1 slow.example >/dev/null; true", Signature::Refuse);
  options.engine = engine;
  const auto record = run(options);
  if (!record) {
    return record.error().message;
  }
  std::string wrong = must_doubt(*record, "names-failed");
  if (report::failed_names(*record) != std::vector<std::string>{"slow.example"}) {
    wrong += "slow.example did not fail:\n" + told(*record);
  }
  constexpr const char* many = R"(
import socket, struct
def question(name):
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    return struct.pack("!HHHHHH", 7, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", 1, 1)
server = next(line.split()[1] for line in open("/etc/resolv.conf") if line.startswith("nameserver"))
socket_ = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
socket_.connect((server, 53))
for i in range(100):
    socket_.send(question("www.europe.example"))
socket_.send(question("login.microsoft.example"))
)";
  options.command = {"python3", "-c", many};
  const auto last = run(options);
  return last ? wrong + must_tell(*last, "blocked microsoft login.microsoft.example - dns/0 x1")
              : wrong + last.error().message;
}

TEST_P(Names, OfOneThatDoesNotStayForTheAnswerAreHeardAllTheSame)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    return asks_and_goes(Engine::Automatic) + asks_and_goes(Engine::Seccomp);
  });
}

// Where only addresses are hindered, a name of theirs on somebody else's is asked for all the same.
TEST_P(Names, OfTheHinderedAreTheirsWhereverTheyLead)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    return in_room("curl -sSf --max-time 5 http://cdn.microsoft.example/ >/dev/null",
                   0,
                   Signature::Slow,
                   [](const RunRecord& record) {
                     return must_tell(record, "blocked microsoft cdn.microsoft.example - dns/0");
                   });
  });
}

TEST_P(Names, GiveTheOtherFamilyNoWayAround)
{
  in_mini_internet(world(), [](Arrivals& arrivals) -> std::string {
    const auto wrong = in_room("curl -sS -6 --max-time 5 http://cdn.microsoft.example/",
                               7,
                               Signature::Refuse,
                               [](const RunRecord& record) {
                                 return must_tell(record,
                                                  "blocked microsoft cdn.microsoft.example "
                                                  "fd00:7a6f:6e64:6572::1 tcp/80 x1");
                               });
    return wrong + (arrivals.europe == 0 ? "" : "the shared address was reached");
  });
}

/// A listening socket where nscd would have one; nobody answers on it.
Descriptor stand_in_for_nscd()
{
  if (::mount("test", "/run", "tmpfs", 0, nullptr) != 0 || ::mkdir("/run/nscd", 0755) != 0) {
    return {};
  }
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  std::strcpy(at.sun_path, "/run/nscd/socket");
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 ||
      ::listen(socket.get(), 8) != 0) {
    return {};
  }
  return socket;
}

bool somebody_came(const Descriptor& socket)
{
  pollfd waiting{.fd = socket.get(), .events = POLLIN, .revents = 0};
  return ::poll(&waiting, 1, 0) > 0;
}

// Case 12.
TEST(NamesOfRoot, AreNotAskedOfANameCacheOutsideTheRoom)
{
  in_mini_internet({}, [](Arrivals&) -> std::string {
    const auto nscd = stand_in_for_nscd();
    if (!nscd) {
      return "cannot play nscd";
    }
    auto wrong = in_room("getent ahostsv4 www.europe.example | grep -q 193.0.6.139",
                         0,
                         Signature::Blackhole,
                         [](const RunRecord& record) {
                           return must_tell(record, "passed - www.europe.example - dns/0");
                         });
    if (somebody_came(nscd)) {
      wrong += "the name cache outside was asked";
    }
    // The stand-in works: outside the room the same program does ask it.
    auto outside = ChildProcess::start({.argv = {"getent", "ahostsv4", "www.europe.example"}});
    if (!outside) {
      return wrong + outside.error().message;
    }
    for (int i = 0; i < 100 && !somebody_came(nscd); ++i) {
      ::usleep(20000);
    }
    wrong += somebody_came(nscd) ? "" : "even outside nobody asks the name cache: no proof";
    ::kill(outside->pid(), SIGKILL);
    outside->wait();
    return wrong;
  });
}

}  // namespace
}  // namespace zonder::isolate
