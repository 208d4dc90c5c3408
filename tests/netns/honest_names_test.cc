// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// --dns honest: names that hang on name servers of the absent fail, and it is told why.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include "base/file.hh"
#include "isolate/run.hh"
#include "support/mini_internet.hh"
#include "support/mini_names.hh"
#include "support/run_checks.hh"

namespace zonder::isolate {
namespace {

using model::NameStep;
using model::RunRecord;
using model::Signature;
using test::Arrivals;
using test::differs;
using test::in_mini_internet;
using test::ordinary_user;

RunOptions honestly(const std::string& shell_command, Signature signature = Signature::Refuse)
{
  auto options = test::without_microsoft({"sh", "-c", shell_command}, signature);
  options.dns = model::DnsMode::Honest;
  options.root_hints = test::root_hints();
  return options;
}

/// "shop.europe.example = shop.azurewebsites.example | azurewebsites.example: ns1 20.190.128.1
/// microsoft, ...", one name a line.
std::string reasons(const RunRecord& record)
{
  std::ostringstream text;
  for (const auto& failed : record.dns.failed) {
    text << failed.name << " <";
    for (const auto& step : failed.chain) {
      text << ' ' << step.name << " in " << step.zone;
      if (step.reason == NameStep::Reason::Alias) {
        text << " = " << step.target;
      }
      text << (step.reason == NameStep::Reason::ServersNotResolved ? " unresolved" : "");
      for (const auto& server : step.servers) {
        text << " [" << server.name << ' '
             << (server.address ? server.address->to_string() : std::string("-")) << ' '
             << server.party << ']';
      }
      text << ';';
    }
    text << " >\n";
  }
  return text.str();
}

/// Runs it in a room without Microsoft; what is wrong with the exit code, or else what `look` finds
/// wrong with the record.
std::string in_room(const RunOptions& options,
                    int exit_code,
                    const std::function<std::string(const RunRecord&)>& look = {})
{
  const auto record = run(options);
  if (!record) {
    return record.error().message;
  }
  auto wrong = differs(options.command.back().c_str(), record->exit_code, exit_code);
  return wrong + (look ? look(*record) : "");
}

const std::string servers_of_azure = " [ns1-01.azure-dns.example 20.190.128.1 microsoft]"
                                     " [ns2-01.azure-dns.example 20.190.128.1 microsoft];";

std::string dig(const std::string& name, const std::string& status, int seconds = 40)
{
  return "dig +tries=1 +time=" + std::to_string(seconds) + " " + name +
         " | grep -q 'status: " + status + "'";
}

class HonestNames : public testing::TestWithParam<uid_t> {
protected:
  static test::MiniInternetOptions world() { return {.uid = GetParam()}; }
};

INSTANTIATE_TEST_SUITE_P(As,
                         HonestNames,
                         testing::Values(uid_t{0}, ordinary_user),
                         [](const auto& param) {
                           return param.param == 0 ? "Root" : "OrdinaryUser";
                         });

TEST_P(HonestNames, OfTheLivingAreAskedOfTheirOwnNameServers)
{
  in_mini_internet(world(), [](Arrivals& arrivals) -> std::string {
    const auto wrong =
        in_room(honestly("curl -4 -sSf --max-time 20 http://www.europe.example/"),
                0,
                [](const auto& record) {
                  // What the resolver asked is not the command's.
                  return differs("flows of the command", record.passed_packets, std::uint64_t{1}) +
                         differs("blocked", record.blocked_packets, std::uint64_t{0}) +
                         differs("blocked for the resolver",
                                 record.dns.resolver_blocked,
                                 std::uint64_t{0}) +
                         (record.dns.resolver_passed > 0 ? "" : "the resolver asked nobody") +
                         differs("failed", reasons(record), std::string());
                });
    return wrong + differs("connections", arrivals.europe.load(), std::uint64_t{1}) +
           (arrivals.questions > 2 ? "" : "the name servers were not asked");
  });
}

// Case 17.
TEST_P(HonestNames, ThatAreAliasesIntoAnAbsentPartysZoneFailAsTheyWould)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    return in_room(honestly(dig("shop.europe.example", "SERVFAIL")), 0, [](const auto& record) {
      return differs("reasons",
                     reasons(record),
                     "shop.europe.example < shop.europe.example in europe.example = "
                     "shop.azurewebsites.example; shop.azurewebsites.example in "
                     "azurewebsites.example" +
                         servers_of_azure + " >\n") +
             differs("blocked", record.blocked_packets, std::uint64_t{0}) +
             differs("--fail-on-contact", exit_code_of(record, true), 1) +
             (record.dns.resolver_blocked > 0 ? "" : "the resolver was not stopped");
    });
  });
}

// Case 17: a zone of which no name server is left.
TEST_P(HonestNames, WhoseZoneHasOnlyNameServersOfTheAbsentFailAsTheyWould)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    return in_room(honestly(dig("www.gemeente.example", "SERVFAIL") + "; " +
                            dig("www.half.example", "NOERROR")),
                   0,
                   [](const auto& record) {
                     return differs(
                         "reasons",
                         reasons(record),
                         std::string("www.gemeente.example < www.gemeente.example in "
                                     "gemeente.example [ns2-01.azure-dns.example 20.190.128.1 "
                                     "microsoft]; >\n"));
                   });
  });
}

TEST_P(HonestNames, HangWhereTheAbsentAreSilent)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    // 9: nobody answered dig. The reason is known all the same.
    return in_room(
        honestly("dig +tries=1 +time=3 www.gemeente.example >/dev/null", Signature::Blackhole),
        9,
        [](const auto& record) {
          return reasons(record).find("www.gemeente.example in gemeente.example [") !=
                         std::string::npos
                     ? std::string()
                     : "no reason: " + reasons(record);
        });
  });
}

TEST_P(HonestNames, AreAllThereWhenNobodyIsAbsent)
{
  auto with_microsoft = world();
  with_microsoft.reaches_microsoft = true;
  in_mini_internet(with_microsoft, [](Arrivals& arrivals) -> std::string {
    auto options = honestly(dig("shop.europe.example", "NOERROR") + " && " +
                            dig("www.gemeente.example", "NOERROR") + " && " +
                            dig("nobody.europe.example", "NXDOMAIN"));
    options.absence = {};
    const auto wrong = in_room(options, 0);
    return wrong +
           (arrivals.microsoft > 0 ? "" : "Microsoft's name servers were not asked: no proof");
  });
}

/// The process of that name, once it is there; 0: it did not come.
pid_t find_process(const std::string& name)
{
  for (int round = 0; round < 500; ++round) {
    for (const auto& [pid, known] : test::processes()) {
      if (known == name) {
        return pid;
      }
    }
    ::usleep(20000);
  }
  return 0;
}

/// A process beside the run, which `run` itself must not have a thread of.
class Beside {
public:
  explicit Beside(const std::function<void()>& body) : pid_(::fork())
  {
    if (pid_ == 0) {
      body();
      ::_exit(0);
    }
  }
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;
  Beside(Beside&&) = delete;
  Beside& operator=(Beside&&) = delete;
  ~Beside() { ::waitpid(pid_, nullptr, 0); }

private:
  pid_t pid_;
};

void wait_for_file(const char* path)
{
  for (int round = 0; round < 1000 && !std::filesystem::exists(path); ++round) {
    ::usleep(20000);
  }
}

TEST_P(HonestNames, FailWithTheirResolverAndOpenNoWayOut)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto before = test::processes();
    std::string wrong;
    {
      const Beside killer([] {
        wait_for_file("/mnt/scratch/started");
        ::kill(find_process("unbound"), SIGKILL);
        std::ofstream("/mnt/scratch/killed") << "x";
      });
      auto options = honestly(
          dig("www.europe.example", "NOERROR", 20) +
          " || exit 3; touch /mnt/scratch/started;"
          "while ! test -e /mnt/scratch/killed; do sleep 0.05; done; sleep 0.3;" +
          dig("www.half.example", "SERVFAIL", 20) + " || exit 4;" +
          // What the room knows already it still reaches; what it does not, it cannot find.
          "curl -sSf --max-time 5 http://193.0.6.139/ >/dev/null || exit 5;"
          "curl -sS --max-time 5 http://20.190.128.1/; test $? = 7 || exit 6");
      const auto record = run(options);
      if (!record) {
        return record.error().message;
      }
      wrong = differs("exit code", record->exit_code, 0) +
              differs("zonder's own", exit_code_of(*record, false), 1) +
              differs("resolver died", record->dns.resolver_died, true) +
              differs("reasons", reasons(*record), std::string("www.half.example < >\n"));
    }
    return wrong + test::left_behind(before);
  });
}

TEST_P(HonestNames, LeaveTheirResolverNothingButNameServersToReach)
{
  in_mini_internet(world(), [](Arrivals& arrivals) -> std::string {
    const bool root = ::geteuid() == 0;
    const Beside intruder([root] {
      const auto unbound = std::to_string(find_process("unbound"));
      wait_for_file("/mnt/scratch/started");
      const auto enter =
          "nsenter -t " + unbound + (root ? " -n " : " -U -n --preserve-credentials ");
      const auto outcome = [&](const std::string& command) {
        return std::to_string(WEXITSTATUS(std::system((enter + command).c_str())));
      };
      const std::string dig_at = "dig +tries=1 +time=2 +norecurse www.europe.example @";
      const std::string quiet = " >/dev/null 2>&1";
      std::ofstream("/mnt/scratch/outcome")
          << outcome(dig_at + test::europe_server + quiet) << ' '        // it is in the right place
          << outcome(dig_at + test::microsoft_v4 + quiet) << ' '         // an absent name server
          << outcome(dig_at + test::europe_v4 + " -p 7" + quiet) << ' '  // another port
          << outcome("curl -s -o /dev/null --max-time 2 http://193.0.6.139/") << ' '
          << outcome("curl -s -o /dev/null --max-time 2 http://100.64.0.2:8000/");  // the room
      std::ofstream("/mnt/scratch/done") << "x";
    });
    const auto wrong = in_room(
        honestly("python3 -m http.server 8000 >/dev/null 2>&1 & server=$!;"
                 "curl -s --retry 30 --retry-delay 1 --retry-connrefused -o /dev/null "
                 "http://100.64.0.2:8000/ || exit 3;"
                 "touch /mnt/scratch/started;"
                 "while ! test -e /mnt/scratch/done; do sleep 0.05; done; kill $server"),
        0,
        [](const auto& record) {
          return differs("blocked for the command", record.blocked_packets, std::uint64_t{0}) +
                 (record.dns.resolver_blocked > 0 ? "" : "the intruder was not stopped");
        });
    std::string outcome;
    std::getline(std::ifstream("/mnt/scratch/outcome"), outcome);
    // dig: 0 answered, 9 nobody did; curl: 28 nobody did.
    return wrong + differs("outcome", outcome, std::string("0 9 9 28 28")) +
           differs("connections", arrivals.europe.load(), std::uint64_t{0});
  });
}

TEST_P(HonestNames, AreThereUntilTheAbsentFallAway)
{
  auto with_microsoft = world();
  with_microsoft.reaches_microsoft = true;
  in_mini_internet(with_microsoft, [](Arrivals&) -> std::string {
    auto options = honestly(dig("shop.europe.example", "NOERROR") + " || exit 3; sleep 3;" +
                            dig("www.gemeente.example", "SERVFAIL") + " || exit 4");
    options.after = std::chrono::seconds(2);
    return in_room(options, 0, [](const auto& record) {
      return record.dns.failed.size() == 1 && !record.dns.failed[0].chain.empty()
                 ? std::string()
                 : "reasons are " + reasons(record);
    });
  });
}

/// Everything in these folders and the mounts of this place.
std::string files_and_mounts()
{
  std::string all;
  for (const char* folder : {"/tmp", "/etc/unbound", "/run", "/mnt/scratch"}) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
      all += entry.path().string() + '\n';
    }
  }
  return all + read_file("/proc/self/mountinfo", 1U << 20U).value_or("");
}

TEST_P(HonestNames, LeaveNothingBehindHoweverTheRunEnds)
{
  auto tidy = world();
  tidy.prepare = [] {
    ::mount("test", "/tmp", "tmpfs", 0, "mode=1777");  // nobody else's files
  };
  in_mini_internet(tidy, [](Arrivals&) -> std::string {
    const auto before = test::processes();
    const auto files = files_and_mounts();
    auto wrong = in_room(honestly(dig("www.europe.example", "NOERROR", 20)), 0) +
                 test::left_behind(before) +
                 (files_and_mounts() == files ? "" : "files or mounts are left; ");
    const pid_t killed = test::run_elsewhere(honestly("sleep 60"));
    const pid_t unbound = find_process("unbound");
    ::kill(killed, SIGKILL);
    ::waitpid(killed, nullptr, 0);
    wrong += unbound > 0 ? "" : "unbound did not start; ";
    return wrong + test::left_behind(before) +
           (files_and_mounts() == files ? "" : "files or mounts are left after kill -9");
  });
}

TEST(HonestNamesOfAnybody, NeedAWayToTheRootOrNothingIsRun)
{
  in_mini_internet({.uid = ordinary_user}, [](Arrivals&) -> std::string {
    auto options = honestly("true");
    options.root_hints = ". 3600000 NS k.root.example.\nk.root.example. 3600000 A 192.0.2.1\n";
    const auto record = run(options);
    if (record) {
      return "it ran without a root";
    }
    const auto& message = record.error().message;
    return message.find("needs a network that lets questions out to port 53") != std::string::npos
               ? ""
               : message;
  });
}

TEST(HonestNamesOfRoot, GoByALinkOfTheMachineToo)
{
  in_mini_internet({.forwards = true}, [](Arrivals&) -> std::string {
    auto options = honestly(dig("www.europe.example", "NOERROR") + " || exit 3; " +
                            dig("shop.europe.example", "SERVFAIL") + " || exit 4");
    options.uplink.wanted = UplinkKind::Veth;
    return in_room(options, 0, [](const auto& record) {
      return differs("names with a reason", record.dns.failed.size(), std::size_t{1});
    });
  });
}

TEST_P(HonestNames, NeedUnboundAndSayWhereItIs)
{
  auto bare = world();
  bare.prepare = [] {
    ::mount("/dev/null", "/usr/sbin/unbound", nullptr, MS_BIND, nullptr);
  };
  in_mini_internet(bare, [](Arrivals&) -> std::string {
    const auto record = run(honestly("true"));
    return record ? "it ran without unbound"
                  : differs("message",
                            record.error().message,
                            std::string("--dns honest needs unbound, which is not installed; "
                                        "install it with \"apt install unbound\""));
  });
}

}  // namespace
}  // namespace zonder::isolate
