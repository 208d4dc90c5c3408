// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <fstream>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/descriptor.hh"
#include "isolate/run.hh"
#include "support/mini_internet.hh"
#include "support/run_checks.hh"

// Every attempt has a program behind it: however it was made, by whatever process, however short
// it lived. In the small internet, as root and as an ordinary user.
namespace zonder::isolate {
namespace {

using test::Arrivals;
using test::curl;
using test::differs;
using test::http;
using test::in_mini_internet;
using test::ordinary_user;
using test::without_microsoft;

constexpr const char* reach = "/mnt/zonder/bin/reach";

class WhoAsked : public testing::TestWithParam<uid_t> {
protected:
  static test::MiniInternetOptions world() { return {.uid = GetParam()}; }
};

INSTANTIATE_TEST_SUITE_P(As, WhoAsked, testing::Values(uid_t{0}, ordinary_user), [](const auto& w) {
  return w.param == 0 ? "Root" : "OrdinaryUser";
});

std::vector<std::string> shell(const std::string& script)
{
  return {"bash", "-c", script};
}

const model::Attempt*
attempt_at(const model::RunRecord& record, const std::string& address, const std::string& protocol)
{
  const auto found =
      std::find_if(record.attempts.begin(), record.attempts.end(), [&](const auto& attempt) {
        return attempt.address && attempt.address->to_string() == address &&
               attempt.protocol == protocol;
      });
  return found == record.attempts.end() ? nullptr : &*found;
}

/// The arguments of the programs that tried it, joined by blanks.
std::multiset<std::string> askers(const model::RunRecord& record, const model::Attempt* attempt)
{
  std::multiset<std::string> all;
  if (attempt == nullptr) {
    return all;
  }
  for (const auto& share : attempt->programs) {
    std::string line;
    for (const auto& word : record.programs.at(share.program).argv) {
      line += (line.empty() ? "" : " ") + word;
    }
    all.insert(line);
  }
  return all;
}

std::string all_of(const std::multiset<std::string>& words)
{
  std::string text;
  for (const auto& word : words) {
    text += "[" + word + "]";
  }
  return text;
}

TEST_P(WhoAsked, EachWayOfReachingOutHasItsProgram)
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
        const auto record = run(without_microsoft({reach, way.name, address, "7777"}));
        if (!record) {
          return record.error().message;
        }
        if (record->exit_code == 3) {
          std::printf("[  NOT HERE ] %s is no way out on this machine\n", way.name);
          continue;
        }
        const auto* attempt = attempt_at(*record, address, way.protocol);
        const auto expected = std::string(reach) + " " + way.name + " " + address + " 7777";
        const auto label = std::string(way.name) + " to " + address;
        if (attempt == nullptr || attempt->programs.size() != 1) {
          wrong += label + ": no program; ";
          continue;
        }
        wrong += differs(label.c_str(), all_of(askers(*record, attempt)), "[" + expected + "]") +
                 differs(label.c_str(), attempt->programs.front().tries, way.tries) +
                 differs(label.c_str(), attempt->verdict == model::Verdict::Blocked, true) +
                 differs(label.c_str(), record->unattributed, std::uint64_t{0});
      }
    }
    return wrong;
  });
}

// Case 10.
TEST_P(WhoAsked, TreesDaemonsAndSessionsAreTold)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const std::string target = std::string(test::microsoft_v4) + " 80";
    const std::string make_file = "/mnt/scratch/Makefile";
    std::ofstream(make_file)
        << "all: a b\na b:\n\t@python3 -c \"import subprocess as s; s.call(['" +
               std::string(reach) + "','tcp','20.190.128.1','80','$@'])\"\n";
    const auto script = "make -s -j2 -f " + make_file + " >/dev/null; (setsid " + reach + " tcp " +
                        target + " 1 >/dev/null &) ; ( (" + reach + " tcp " + target +
                        " 2 >/dev/null &) & ); sleep 0.5";
    const auto record = run(without_microsoft(shell(script)));
    if (!record) {
      return record.error().message;
    }
    const auto* attempt = attempt_at(*record, test::microsoft_v4, "tcp");
    const auto base = std::string(reach) + " tcp " + target;
    std::string wrong =
        differs("askers",
                all_of(askers(*record, attempt)),
                "[" + base + " 1][" + base + " 2][" + base + " a][" + base + " b]") +
        differs("unattributed", record->unattributed, std::uint64_t{0});
    // The chain of what make started.
    for (const auto& program : record->programs) {
      if (program.argv.back() == "a") {
        std::string chain;
        for (const auto& parent : program.parents) {
          chain += parent.name + " ";
        }
        wrong += differs("chain", chain, std::string("python3 sh make bash "));
      }
    }
    return wrong;
  });
}

// Case 10: a process that lives some milliseconds, a thousand times.
TEST_P(WhoAsked, AThousandShortLivesAreAllKnown)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto record =
        run(without_microsoft(shell("for i in $(seq 1000); do " + std::string(reach) +
                                    " tcp 20.190.128.1 80 $i; done "
                                    ">/dev/null")));
    if (!record) {
      return record.error().message;
    }
    const auto* attempt = attempt_at(*record, test::microsoft_v4, "tcp");
    const auto all = askers(*record, attempt);
    const std::set<std::string> different(all.begin(), all.end());
    return differs("attributed", different.size(), std::size_t{1000}) +
           differs("tries", all.size(), std::size_t{1000}) +
           differs("packets", attempt == nullptr ? 0 : attempt->count, std::uint64_t{1000}) +
           differs("unattributed", record->unattributed, std::uint64_t{0});
  });
}

TEST_P(WhoAsked, AQuestionForANameHasItsProgramToo)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto record = run(without_microsoft(curl("http://login.microsoft.example/")));
    if (!record) {
      return record.error().message;
    }
    std::string wrong = differs("unattributed", record->unattributed, std::uint64_t{0});
    for (const auto& attempt : record->attempts) {
      if (attempt.protocol == "dns") {
        const auto who = askers(*record, &attempt);
        wrong += differs("askers", who.size(), std::size_t{1});
        wrong +=
            differs("asker", who.empty() ? "" : who.begin()->substr(0, 4), std::string("curl"));
      }
    }
    return wrong;
  });
}

// Case 24.
TEST_P(WhoAsked, NoRingsSoThatNothingGoesOutUnseen)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    // As a program does that would rather have a ring: without one it goes on as of old.
    const auto record = run(without_microsoft(
        shell(std::string(reach) + " io_uring && exit 5; " + reach + " tcp 20.190.128.1 80")));
    if (!record) {
      return record.error().message;
    }
    const auto* attempt = attempt_at(*record, test::microsoft_v4, "tcp");
    return differs("exit code", record->exit_code, 1) +
           differs("counted", attempt == nullptr ? 0 : attempt->count, std::uint64_t{1}) +
           differs("askers",
                   all_of(askers(*record, attempt)),
                   "[" + std::string(reach) + " tcp 20.190.128.1 80]");
  });
}

TEST_P(WhoAsked, ServicesOutsideTheRoomAreToldWithWhoUsedThem)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const std::string path = "/mnt/scratch/service";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, path.size());
    const Descriptor service(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::bind(service.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(service.get(), 5) != 0) {
      return "no service";
    }
    const auto record =
        run(without_microsoft(shell("cd /mnt/scratch; " + std::string(reach) + " unix service; " +
                                    reach + " own-unix /mnt/scratch/own")));
    if (!record) {
      return record.error().message;
    }
    std::string told;
    for (const auto& way : record->left_the_room) {
      for (const auto& share : way.programs) {
        told += way.what + " by " + record->programs.at(share.program).argv.front() + ";";
      }
    }
    return differs(
               "told", told, "unix socket /mnt/scratch/service by " + std::string(reach) + ";") +
           differs("exit code", record->exit_code, 0);
  });
}

/// The same where a process may have few files open, and no right to more.
TEST_P(WhoAsked, ManyShortProgramsDoNotUseUpTheOpenFiles)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const rlimit few = {.rlim_cur = 400, .rlim_max = 400};
    if (::setrlimit(RLIMIT_NOFILE, &few) != 0) {
      return "no limit can be set";
    }
    const auto record = run(without_microsoft(
        shell("for i in $(seq 500); do " + std::string(reach) +
              " sendto 20.190.128.1 7777 $i; done; "
              "curl -sS --max-time 5 -o /dev/null http://www.europe.example/ && ulimit -n")));
    if (!record) {
      return record.error().message;
    }
    const auto* attempt = attempt_at(*record, test::microsoft_v4, "udp");
    return differs("the living answer", record->exit_code, 0) +
           differs(
               "programs", attempt == nullptr ? 0 : attempt->programs.size(), std::size_t{500}) +
           differs("unattributed", record->unattributed, std::uint64_t{0}) +
           differs("unanswered", record->questions_unanswered, std::uint64_t{0});
  });
}

TEST_P(WhoAsked, TheCommandHasTheLimitOfOpenFilesThatItWouldHave)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
      return "no limit can be read";
    }
    limit.rlim_cur = 321;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
      return "no limit can be set";
    }
    const auto record = run(without_microsoft(shell("test $(ulimit -Sn) = 321")));
    return record ? differs("soft limit", record->exit_code, 0) : record.error().message;
  });
}

/// A python program that sends to Microsoft in a way that no packet of it is ever forwarded.
std::string sends_nothing_onwards(const std::string& what)
{
  return "import socket as s\n"
         "u4=s.socket(s.AF_INET,s.SOCK_DGRAM); u6=s.socket(s.AF_INET6,s.SOCK_DGRAM)\n" +
         what;
}

TEST_P(WhoAsked, CallsOfWhichNoPacketComesToTheGatewayAreToldToo)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    struct Way {
      const char* script;
      const char* address;
    };
    std::string wrong;
    for (const auto& way :
         {Way{"u4.setsockopt(s.IPPROTO_IP,s.IP_TTL,1); u4.sendto(b'x',('20.190.128.1',7777))",
              "20.190.128.1"},
          Way{"u6.setsockopt(s.IPPROTO_IPV6,s.IPV6_UNICAST_HOPS,1)\n"
              "u6.sendto(b'x',('2603:1026::1',7777))",
              "2603:1026::1"},
          Way{"u6.sendto(b'x',('::ffff:0:20.190.128.1',7777))", "::ffff:0:14be:8001"},
          Way{"u6.sendto(b'x',('2002:14be:8001::1',7777))", "2002:14be:8001::1"}}) {
      const auto record =
          run(without_microsoft({"python3", "-c", sends_nothing_onwards(way.script)}));
      if (!record) {
        return record.error().message;
      }
      const auto* attempt = attempt_at(*record, way.address, "udp");
      wrong += attempt == nullptr
                   ? std::string(way.script) + ": not told; "
                   : differs(way.script, attempt->party, std::string("microsoft")) +
                         differs(way.script, attempt->by_calls, true) +
                         differs(way.script, attempt->count, std::uint64_t{1}) +
                         differs(way.script, attempt->programs.size(), std::size_t{1});
    }
    // A socket that was only pointed there, as a library does to learn its own address.
    const auto pointed = run(without_microsoft(
        {"python3", "-c", sends_nothing_onwards("u4.connect(('20.190.128.1',7777))")}));
    return wrong + (pointed ? differs("pointed", pointed->attempts.size(), std::size_t{0})
                            : pointed.error().message);
  });
}

TEST_P(WhoAsked, BeforeAndAfterThePartiesFallAwayAreToldApart)
{
  auto reached = world();
  reached.reaches_microsoft = true;
  in_mini_internet(reached, [](Arrivals&) -> std::string {
    auto later = without_microsoft(
        shell("curl -sS --max-time 1 -o /dev/null http://20.190.128.1/ || exit 9; sleep 3; " +
              std::string(reach) + " tcp 20.190.128.1 80; true"));
    later.after = std::chrono::seconds(2);
    const auto record = run(later);
    if (!record) {
      return record.error().message;
    }
    std::string wrong = differs("exit", record->exit_code, 0);
    for (const auto& attempt : record->attempts) {
      const auto expected = attempt.verdict == model::Verdict::Passed
                                ? "[curl -sS --max-time 1 -o /dev/null http://20.190.128.1/]"
                                : "[" + std::string(reach) + " tcp 20.190.128.1 80]";
      wrong += differs(attempt.verdict == model::Verdict::Passed ? "before" : "after",
                       all_of(askers(*record, &attempt)),
                       std::string(expected));
    }
    return wrong + differs("attempts", record->attempts.size(), std::size_t{2});
  });
}

}  // namespace
}  // namespace zonder::isolate
