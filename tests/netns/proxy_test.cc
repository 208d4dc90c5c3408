// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child_process.hh"
#include "base/file.hh"
#include "catalog/snapshot_content.hh"
#include "isolate/proxies.hh"
#include "isolate/run.hh"
#include "isolate/socket_address.hh"
#include "kernel/namespaces.hh"
#include "report/judgement.hh"
#include "report/run_verdict.hh"
#include "support/catalog_world.hh"
#include "support/mini_internet.hh"
#include "support/run_checks.hh"
#include "support/start_in.hh"
#include "support/test_proxy.hh"

// A proxy that lives reaches everybody, the absent too: so what it is asked for is judged. In the
// small internet with a real proxy, as root and as an ordinary user; what arrived at the absent
// party's servers, and what was sent to the proxy, is the proof.
namespace zonder::isolate {
namespace {

using test::Arrivals;
using test::differs;
using test::in_mini_internet;
using test::ordinary_user;
using test::start_in;
using test::without_microsoft;
using Signature = model::Signature;
using namespace std::string_literals;

constexpr const char* proxy = "http://proxy.europe.example:3128";
constexpr const char* tls_site = "https://www.europe.example:8443/";

net::Address address(const char* text)
{
  return net::Address::parse(text).value();
}

/// Proxies in Europe (3128; 3129 asks for credentials first) and at Microsoft's (3128), and a
/// European site with TLS (8443).
std::vector<ChildProcess> proxies_and_a_site(int internet)
{
  const std::vector europe = {address(test::europe_v4), address(test::europe_v6)};
  std::vector<ChildProcess> all;
  for (const auto port : {std::uint16_t{3128}, std::uint16_t{3129}}) {
    all.push_back(
        start_in(internet, [&](int ready) { return test::serve_as_proxy(europe, port, ready); }));
  }
  all.push_back(start_in(internet, [&](int ready) {
    return test::serve_as_proxy({address(test::microsoft_v4)}, 3128, ready);
  }));
  (void)std::system("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
                    "-subj /CN=www.europe.example -keyout /mnt/site.key -out /mnt/site.crt "
                    ">/dev/null 2>&1");
  all.push_back(start_in(internet, [](int ready) {
    (void)!::write(ready, "x", 1);
    ::execlp("openssl",
             "openssl",
             "s_server",
             "-quiet",
             "-accept",
             "*:8443",
             "-key",
             "/mnt/site.key",
             "-cert",
             "/mnt/site.crt",
             "-www",
             nullptr);
    return 1;
  }));
  // It is there when it answers.
  (void)kernel::in_network_namespace(internet, []() -> Result<void> {
    const SocketAddress site(address(test::europe_v4), 8443);
    for (int round = 0; round < 250; ++round) {
      const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
      if (::connect(socket.get(), site.get(), site.length) == 0) {
        break;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return {};
  });
  return all;
}

class Proxy : public testing::TestWithParam<uid_t> {
protected:
  static test::MiniInternetOptions world(bool reaches_microsoft = false)
  {
    test::MiniInternetOptions options;
    options.uid = GetParam();
    options.beside = proxies_and_a_site;
    options.reaches_microsoft = reaches_microsoft;
    return options;
  }
};

INSTANTIATE_TEST_SUITE_P(As, Proxy, testing::Values(uid_t{0}, ordinary_user), [](const auto& w) {
  return w.param == 0 ? "Root" : "OrdinaryUser";
});

std::vector<std::string> shell(const std::string& script)
{
  return {"bash", "-c", script};
}

/// curl by way of a proxy; -f gives 22 for an answer such as 503.
std::string curl_by(const std::string& by, const std::string& more)
{
  return "curl -sS -g -f -k -o /dev/null --max-time 3 -x " + by + " " + more;
}

RunOptions by_proxy(const std::string& script,
                    Signature signature = Signature::Refuse,
                    const std::vector<std::string>& proxies = {proxy})
{
  auto options = without_microsoft(shell(script), signature);
  options.proxies = read_proxies(proxies, {}).value();
  return options;
}

/// The exit codes of several commands, each in the room, as "0 22 7".
std::string codes(const RunOptions& options, model::RunRecord* record = nullptr)
{
  auto run_options = options;
  run_options.command.back() = "(" + options.command.back() + ") > /mnt/scratch/codes";
  ::unlink("/mnt/scratch/codes");
  auto done = run(run_options);
  if (!done) {
    return done.error().message;
  }
  if (record != nullptr) {
    *record = std::move(*done);
  }
  const auto text = read_file("/mnt/scratch/codes");
  return text ? text->substr(0, text->find_last_not_of(" \n") + 1) : "no codes";
}

std::string each(const std::vector<std::string>& commands)
{
  std::string script;
  for (const auto& command : commands) {
    // To some curls an answer to CONNECT is a broken connection (56), to others as any (22).
    script += command + " 2>/dev/null >/dev/null; c=$?; echo -n \"${c/#56/22} \"; ";
  }
  return script;
}

const model::Attempt* asked_for(const model::RunRecord& record,
                                const std::string& target,
                                model::Verdict verdict,
                                const std::string& protocol = "proxy")
{
  const auto found =
      std::find_if(record.attempts.begin(), record.attempts.end(), [&](const auto& attempt) {
        const auto is =
            attempt.name.empty() && attempt.address ? attempt.address->to_string() : attempt.name;
        return is == target && attempt.protocol == protocol && attempt.verdict == verdict;
      });
  return found == record.attempts.end() ? nullptr : &*found;
}

bool by_curl(const model::RunRecord& record, const model::Attempt* attempt)
{
  return attempt != nullptr && !attempt->programs.empty() &&
         std::all_of(attempt->programs.begin(), attempt->programs.end(), [&](const auto& share) {
           return record.programs.at(share.program).argv.front() == "curl";
         });
}

/// What reads a report first, and what a build server makes of it.
std::string headline(const model::RunRecord& record)
{
  std::string text;
  for (const auto& sentence :
       report::verdict(record, {.colour = false, .unicode = true, .now = record.started})) {
    text += sentence + "\n";
  }
  return text;
}

std::string counts_as_contact(const model::RunRecord& record, bool should)
{
  const auto judgement = report::judge(record, nullptr, nullptr);
  return differs("contact", judgement.finds(), should) +
         differs("exit code", exit_code_of(record, judgement.finds()), should ? 1 : 0);
}

std::string lacks(const std::string& text, const std::string& part)
{
  return text.find(part) == std::string::npos ? "not in it: " + part + "\n" + text : "";
}

constexpr const char* not_known = "NOT KNOWN: ";

// Without zonder the absent are reached through the proxy: what follows can fail.
TEST_P(Proxy, ReachesEverybodyOutsideOfTheRoom)
{
  in_mini_internet(world(true), [](Arrivals& arrivals) -> std::string {
    std::string wrong;
    for (const auto& url : {"http://login.microsoft.example/",
                            "-p http://login.microsoft.example:443/",
                            "http://20.190.128.1/",
                            "http://[2603:1026::1]/"}) {
      wrong += differs(url, std::system((curl_by(proxy, url) + " >/dev/null").c_str()), 0);
    }
    wrong += differs("TLS", std::system((curl_by(proxy, tls_site) + " >/dev/null").c_str()), 0);
    return wrong + differs("arrived", arrivals.microsoft.load(), std::uint64_t{4});
  });
}

/// The host's own hosts file.
void write_hosts()
{
  const auto written = write_file("/mnt/scratch/hosts",
                                  "127.0.0.1 localhost\n::1 ip6-localhost ip6-loopback\n"
                                  "20.190.128.1 login-here\n193.0.6.139 www-here\n"
                                  "193.0.6.139 login.only-proxy.example\n");
  if (!written || ::mount("/mnt/scratch/hosts", "/etc/hosts", nullptr, MS_BIND, nullptr) != 0) {
    throw std::runtime_error("no hosts file of the test's own");
  }
}

// A proxy looks names up in the hosts file of its machine: where that is this one, as this one.
TEST_P(Proxy, OnThisMachineGoesNowhereByTheHostsFileEither)
{
  auto options = world();
  options.prepare = write_hosts;
  in_mini_internet(options, [](Arrivals&) -> std::string {
    int ends[2];
    (void)!::pipe2(ends, O_CLOEXEC);
    const auto server = ::fork();
    if (server == 0) {
      ::_exit(test::serve_as_proxy({address("127.0.0.1")}, 4000, ends[1]));
    }
    char byte = 0;
    (void)!::read(ends[0], &byte, 1);
    const std::string here = "http://127.0.0.1:4000";
    model::RunRecord record;
    const auto got = codes(by_proxy(each({curl_by(here, "http://ip6-localhost:9/"),
                                          curl_by(here, "http://login-here/"),
                                          curl_by(here, "-p http://login-here:443/"),
                                          curl_by(here, "http://$(hostname):9/"),
                                          curl_by(here, "http://www-here/")}),
                                    Signature::Refuse,
                                    {here}),
                           &record);
    ::kill(server, SIGKILL);
    ::waitpid(server, nullptr, 0);
    const auto* blocked = asked_for(record, "login-here", model::Verdict::Blocked);
    // The proxy of the test knows that hosts file too.
    return differs("curl", got, "22 22 22 22 0"s) +
           differs("off limits", record.proxies.uses.at(0).off_limits, std::uint64_t{2}) +
           differs("party", blocked == nullptr ? "" : blocked->party, "microsoft"s);
  });
}

// One elsewhere looks them up there: this hosts file says that the name lives, and it goes to
// Microsoft's.
TEST_P(Proxy, ElsewhereGetsNoNameForGoodByThisHostsFile)
{
  auto options = world(true);
  options.prepare = write_hosts;
  in_mini_internet(options, [](Arrivals& arrivals) -> std::string {
    model::RunRecord record;
    const auto got =
        codes(by_proxy(each({curl_by(proxy, "http://login.only-proxy.example/")})), &record);
    return differs("curl", got, "0"s) +
           differs("arrived", arrivals.microsoft.load(), std::uint64_t{1}) +
           differs("by name", record.proxies.uses.at(0).by_name_only, std::uint64_t{1}) +
           lacks(headline(record), not_known) + counts_as_contact(record, true);
  });
}

TEST_P(Proxy, PassesOnWhatIsForTheLivingAndNothingForTheAbsent)
{
  in_mini_internet(world(), [](Arrivals& arrivals) -> std::string {
    model::RunRecord record;
    const auto before = arrivals.europe.load();
    const auto got =
        codes(by_proxy(each({curl_by(proxy, "http://www.europe.example/"),
                             curl_by(proxy, "-p http://www.europe.example:443/"),
                             curl_by(proxy, tls_site),
                             curl_by(proxy, "http://193.0.6.139/"),
                             curl_by(proxy, "-d @/etc/passwd http://www.europe.example/"),
                             curl_by(proxy,
                                     "-H 'Transfer-Encoding: chunked' -d @/etc/passwd "
                                     "http://www.europe.example/"),
                             curl_by(proxy, "http://login.microsoft.example/"),
                             curl_by(proxy, "http://LOGIN.Microsoft.Example./"),
                             curl_by(proxy, "-p http://login.microsoft.example:443/"),
                             curl_by(proxy, "https://login.microsoft.example/"),
                             curl_by(proxy, "http://20.190.128.1/"),
                             curl_by(proxy, "http://[2603:1026::1]/"),
                             curl_by(proxy, "http://[64:ff9b::20.190.128.1]/"),
                             curl_by(proxy, "http://cdn.microsoft.example/"),
                             curl_by(proxy, "http://hosted.europe.example/")})),
              &record);
    const auto& use = record.proxies.uses.at(0);
    return differs("codes", got, std::string("0 0 0 0 0 0 22 22 22 22 22 22 22 22 22")) +
           differs("arrived in Europe", arrivals.europe.load() - before, std::uint64_t{5}) +
           differs("sent", test::sent_to_proxies().find("icrosoft"), std::string::npos) +
           differs("addresses", test::sent_to_proxies().find("20.190"), std::string::npos) +
           differs("requests", use.requests, std::uint64_t{15}) +
           differs("for the absent", use.for_absent, std::uint64_t{9}) +
           differs("name",
                   by_curl(record,
                           asked_for(record, "login.microsoft.example", model::Verdict::Blocked)),
                   true) +
           differs("address",
                   by_curl(record, asked_for(record, "20.190.128.1", model::Verdict::Blocked)),
                   true) +
           differs("hosted",
                   asked_for(record, "hosted.europe.example", model::Verdict::Blocked) != nullptr,
                   true) +
           differs("living",
                   by_curl(record, asked_for(record, "www.europe.example", model::Verdict::Passed)),
                   true) +
           differs("unattributed", record.unattributed, std::uint64_t{0}) +
           differs("proof", record.proof.holds(), true);
  });
}

TEST_P(Proxy, EachSignatureLooksAsItWouldThroughAProxy)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    struct Look {
      Signature signature;
      const char* codes;  // http by name, a tunnel by name, TLS by name, http and TLS by address
    };
    std::string wrong;
    for (const auto& look : {Look{Signature::Blackhole, "28 28 28 28 28"},
                             Look{Signature::Refuse, "22 22 22 22 22"},
                             Look{Signature::Unreachable, "22 22 22 22 22"},
                             Look{Signature::Nxdomain, "22 22 22 28 28"},
                             Look{Signature::Servfail, "22 22 22 28 28"},
                             Look{Signature::TlsReset, "22 22 35 22 35"}}) {
      const auto got =
          codes(by_proxy(each({curl_by(proxy, "http://login.microsoft.example/"),
                               curl_by(proxy, "-p http://login.microsoft.example:443/"),
                               curl_by(proxy, "https://login.microsoft.example/"),
                               curl_by(proxy, "http://20.190.128.1/"),
                               curl_by(proxy, "https://20.190.128.1/")}),
                         look.signature));
      wrong += differs(
          std::string(model::to_string(look.signature)).c_str(), got, std::string(look.codes));
    }
    for (const auto signature : {Signature::Lossy, Signature::Slow, Signature::Denied}) {
      const auto refused = run(by_proxy("true", signature));
      wrong += differs("refused",
                       !refused && refused.error().message.find("cannot be made through a proxy") !=
                                       std::string::npos,
                       true);
    }
    return wrong;
  });
}

TEST_P(Proxy, OfTheAbsentIsDeadItself)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const std::string by_name = "http://proxy.microsoft.example:3128";
    const std::string by_address = "http://20.190.128.1:3128";
    model::RunRecord record;
    const auto got = codes(by_proxy(each({curl_by(by_name, "http://www.europe.example/"),
                                          curl_by(by_address, "http://www.europe.example/")}),
                                    Signature::Refuse,
                                    {by_name, by_address}),
                           &record);
    using Kind = model::ProxyUse::Kind;
    return differs("codes", got, std::string("7 7")) +
           differs("by name", record.proxies.uses.at(0).kind == Kind::Absent, true) +
           differs("by address", record.proxies.uses.at(1).kind == Kind::Absent, true) +
           differs("at the gateway",
                   asked_for(record, "proxy.microsoft.example", model::Verdict::Blocked, "tcp") !=
                       nullptr,
                   true);
  });
}

TEST_P(Proxy, CutsATunnelInWhichTlsAsksForTheAbsent)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const std::string fronted =
        "--connect-to ::www.europe.example:8443 https://login.microsoft.example/";
    const auto outside = std::system((curl_by(proxy, fronted) + " >/dev/null").c_str());
    model::RunRecord record;
    const auto got =
        codes(by_proxy(each(
                  {curl_by(proxy, fronted),
                   curl_by(proxy, "--connect-to ::www.europe.example:8443 https://else.example/"),
                   curl_by(proxy, tls_site)})),
              &record);
    return differs("outside", outside, 0) + differs("codes", got, std::string("35 0 0")) +
           differs("fronted", record.proxies.uses.at(0).fronted, std::uint64_t{1}) +
           differs("told",
                   by_curl(record,
                           asked_for(record, "login.microsoft.example", model::Verdict::Blocked)),
                   true);
  });
}

/// Sends the text as one segment and prints what comes back for at most a second.
std::string raw(const std::string& text, const std::string& port = "3128")
{
  return "exec 3<>/dev/tcp/proxy.europe.example/" + port + "; printf '" + text +
         "' >&3; timeout 1 cat <&3; exec 3>&-; ";
}

TEST_P(Proxy, LetsNoSecondRequestSlipPast)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const std::string absent = "GET http://login.microsoft.example/ HTTP/1.1\\r\\nHost: "
                               "login.microsoft.example\\r\\n\\r\\n";
    const std::string start = "POST http://www.europe.example/ HTTP/1.1\\r\\n";
    std::string script;
    for (const auto& text :
         {"GET http://www.europe.example/ HTTP/1.1\\r\\n\\r\\n" + absent,
          start + "Content-Length: 2\\r\\n\\r\\nab" + absent,
          start + "Transfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n" + absent,
          start + "Content-Length: 3\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n" +
              absent,
          start + "Content-Length: 0\\r\\nContent-Length: 99\\r\\n\\r\\n" + absent,
          start + "Transfer-Encoding: xchunked\\r\\n\\r\\n" + absent,
          "GET http://www.europe.example/ HTTP/1.1\\r\\nX: y\\n\\n" + absent,
          "GET http://www.europe.example/ HTTP/1.1\\r\\nX: y\\r\\n " + absent,
          "GET http://www.europe.example@login.microsoft.example/ HTTP/1.1\\r\\n\\r\\n"s,
          "GET http://0x14be8001/ HTTP/1.1\\r\\n\\r\\n"s,
          "GET http://347308033/ HTTP/1.1\\r\\n\\r\\n"s,
          "GET / HTTP/1.1\\r\\nHost: login.microsoft.example\\r\\n\\r\\n"s,
          "CONNECT www.europe.example:0443 HTTP/1.1\\r\\n\\r\\n" + absent}) {
      script += raw(text);
    }
    // After a challenge the next request on the same connection is read as well.
    const std::string tunnel = "CONNECT www.europe.example:443 HTTP/1.1\\r\\n\\r\\n";
    script += "echo ==; " + raw(tunnel + absent, "3129") + "echo; echo ==; " +
              raw(tunnel + tunnel + "GET / HTTP/1.0\\r\\n\\r\\n", "3129");
    script += "echo; echo ==; " +
              raw(tunnel + "GET http://www.europe.example/ HTTP/1.1\\r\\n\\r\\n" + absent, "3129");
    auto options = by_proxy("(" + script + ") > /mnt/scratch/answers",
                            Signature::Refuse,
                            {proxy, "http://proxy.europe.example:3129"});
    const auto record = run(options);
    if (!record) {
      return record.error().message;
    }
    const auto answers = read_file("/mnt/scratch/answers").value();
    const auto challenged = answers.substr(answers.find("==\n"));
    const auto& first = record->proxies.uses.at(0);
    const auto& second = record->proxies.uses.at(1);
    return differs("sent", test::sent_to_proxies().find("icrosoft"), std::string::npos) +
           differs("numbers", test::sent_to_proxies().find("347308033"), std::string::npos) +
           differs("requests", first.requests, std::uint64_t{3}) +
           differs("refused or behind another", first.not_understood, std::uint64_t{13}) +
           differs("behind another", second.not_understood, std::uint64_t{1}) +
           differs("answered", answers.find("400 Bad Request") != std::string::npos, true) +
           differs("for the absent", second.for_absent, std::uint64_t{1}) +
           differs("challenged", challenged.find("who?HTTP/1.1 503") != std::string::npos, true) +
           differs("then let in",
                   challenged.find("this is 193.0.6.139") != std::string::npos ||
                       challenged.find("this is 2001:67c:2e8:22::c100:68b") != std::string::npos,
                   true);
  });
}

TEST_P(Proxy, AtLoopbackIsReachedAndNothingElseOfThisMachine)
{
  auto options = world();
  in_mini_internet(options, [](Arrivals&) -> std::string {
    int ends[2];
    (void)!::pipe2(ends, O_CLOEXEC);
    std::vector<pid_t> servers;
    for (const std::uint16_t port : {std::uint16_t{4000}, std::uint16_t{4001}}) {
      servers.push_back(::fork());
      if (servers.back() == 0) {
        ::_exit(test::serve_as_proxy({address("127.0.0.1")}, port, ends[1]));
      }
      char byte = 0;
      (void)!::read(ends[0], &byte, 1);
    }
    const std::string here = "http://127.0.0.1:4000";
    model::RunRecord record;
    const auto got =
        codes(by_proxy(each({curl_by(here, "http://www.europe.example/"),
                             curl_by("http://localhost:4000", "-4 http://www.europe.example/"),
                             curl_by(here, "http://login.microsoft.example/"),
                             curl_by(here, "-p http://login.microsoft.example:443/"),
                             curl_by(here, "http://127.0.0.1:4001/"),
                             curl_by(here, "-p http://localhost:4001/"),
                             curl_by("http://127.0.0.1:4001", "http://www.europe.example/"),
                             "curl -sS -f --noproxy '*' http://127.0.0.1:4001/"}),
                       Signature::Refuse,
                       {here}),
              &record);
    auto both = by_proxy("true", Signature::Refuse, {here});
    both.allowed_host_ports = {4000};
    const auto refused = run(both);
    for (const auto pid : servers) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
    return differs("codes", got, std::string("0 0 22 22 22 22 7 7")) +
           differs("off limits", record.proxies.uses.at(0).off_limits, std::uint64_t{2}) +
           differs("program",
                   by_curl(record,
                           asked_for(record, "login.microsoft.example", model::Verdict::Blocked)),
                   true) +
           differs("sent", test::sent_to_proxies().find("icrosoft"), std::string::npos) +
           differs("--allow-host",
                   !refused && refused.error().message.find("--allow-host 4000") == 0,
                   true);
  });
}

// Only the proxy knows the name, and it leads to the absent: nobody here can tell. So it says.
TEST_P(Proxy, OnlyItCanLookUpSomeNamesWhichIsToldFirst)
{
  in_mini_internet(world(true), [](Arrivals& arrivals) -> std::string {
    model::RunRecord record;
    const auto got = codes(by_proxy(each({curl_by(proxy, "http://login.only-proxy.example/"),
                                          curl_by(proxy, "-p http://www.only-proxy.example:443/"),
                                          curl_by(proxy, "http://www.europe.example/")})),
                           &record);
    return differs("codes", got, "0 0 0"s) +
           differs("arrived", arrivals.microsoft.load(), std::uint64_t{1}) +
           differs("by name", record.proxies.uses.at(0).by_name_only, std::uint64_t{2}) +
           lacks(headline(record), not_known + "2 requests passed a proxy by their name alone"s) +
           differs("asked nothing", headline(record).find("asked nothing"), std::string::npos) +
           counts_as_contact(record, true);
  });
}

// The proxy's own resolver is quicker than ours, or hears something else.
TEST_P(Proxy, GetsNoNameThatOurResolverDoesNotAnswerInTime)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const std::string patient = "curl -sS -f -o /dev/null --max-time 15 -x "s + proxy;
    model::RunRecord record;
    const auto got = codes(by_proxy(each({patient + " http://slow.example/",
                                          curl_by(proxy, "http://www.europe.example/")})),
                           &record);
    return differs("codes", got, "22 0"s) +
           differs("sent", test::sent_to_proxies().find("slow.example"), std::string::npos) +
           differs("not judged", record.proxies.uses.at(0).not_judged, std::uint64_t{1}) +
           differs("by name", record.proxies.uses.at(0).by_name_only, std::uint64_t{0}) +
           differs("told",
                   asked_for(record, "slow.example", model::Verdict::Blocked) != nullptr,
                   true) +
           lacks(headline(record), "for whom it was is not known") +
           counts_as_contact(record, true);
  });
}

// Where no name of the outside is answered here, names are all there is; that is told.
TEST_P(Proxy, GetsThemAllWhereNobodyElseCanLookThemUp)
{
  in_mini_internet(world(true), [](Arrivals& arrivals) -> std::string {
    const std::string by_address = "http://193.0.6.139:3128";
    model::RunRecord record;
    const auto got = codes(by_proxy(each({"curl -sS -f -o /dev/null --max-time 15 -x " +
                                          by_address + " http://slow.example/"}),
                                    Signature::Refuse,
                                    {by_address}),
                           &record);
    return differs("codes", got, "0"s) +
           differs("arrived", arrivals.microsoft.load(), std::uint64_t{1}) +
           differs("by name", record.proxies.uses.at(0).by_name_only, std::uint64_t{1}) +
           lacks(headline(record), not_known) + counts_as_contact(record, true);
  });
}

TEST_P(Proxy, GetsANameThatIsAnsweredInTwoWaysAndThatIsTold)
{
  in_mini_internet(world(true), [](Arrivals&) -> std::string {
    model::RunRecord record;
    const auto got = codes(by_proxy(each({curl_by(proxy, "http://turning.europe.example/"),
                                          curl_by(proxy, "http://rebinding.example/")})),
                           &record);
    const auto& use = record.proxies.uses.at(0);
    return differs("codes", got, "0 22"s) + differs("by name", use.by_name_only, std::uint64_t{1}) +
           differs("off limits", use.off_limits, std::uint64_t{1}) +
           lacks(headline(record), not_known) + counts_as_contact(record, true);
  });
}

/// What a service of this machine's own has heard stands in /mnt/scratch/heard.
int serve_on_loopback(std::uint16_t port, int ready)
{
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const SocketAddress here(address("127.0.0.1"), port);
  if (::bind(socket.get(), here.get(), here.length) != 0 || ::listen(socket.get(), 8) != 0) {
    return 1;
  }
  (void)!::write(ready, "x", 1);
  for (;;) {
    const Descriptor client(::accept4(socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
    (void)write_file("/mnt/scratch/heard", "somebody");
    const std::string answer = "HTTP/1.0 200 OK\r\n\r\nsecret";
    (void)::send(client.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
    ::shutdown(client.get(), SHUT_WR);
    char byte = 0;
    (void)!::read(client.get(), &byte, 1);
  }
}

bool service_was_reached()
{
  return ::unlink("/mnt/scratch/heard") == 0;
}

// A proxy of the user's own, to which such names lead back to this machine.
TEST_P(Proxy, OnThisMachineIsNoWayToItsServicesByANameThatTurns)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    int ends[2];
    (void)!::pipe2(ends, O_CLOEXEC);
    std::vector<pid_t> servers;
    for (const std::uint16_t port : {std::uint16_t{4000}, std::uint16_t{4002}}) {
      servers.push_back(::fork());
      if (servers.back() == 0) {
        ::_exit(port == 4000 ? test::serve_as_proxy({address("127.0.0.1")}, port, ends[1])
                             : serve_on_loopback(port, ends[1]));
      }
      char byte = 0;
      (void)!::read(ends[0], &byte, 1);
    }
    const std::string here = "http://127.0.0.1:4000";
    const std::vector<std::string> turned = {curl_by(here, "http://turned.europe.example:4002/"),
                                             curl_by(here, "-p http://turned.europe.example:4002/"),
                                             curl_by(here, "http://rebinding.example:4002/"),
                                             curl_by(here, "http://login.only-proxy.example/"),
                                             curl_by(here, "http://www.only-proxy.example/"),
                                             curl_by(here, "http://www.europe.example/")};
    std::string wrong;
    // Without zonder it is one; so what follows can fail.
    const auto outside = std::system((turned[0] + " >/dev/null").c_str());
    wrong +=
        differs("outside", outside, 0) + differs("reached outside", service_was_reached(), true);
    model::RunRecord record;
    const auto got = codes(by_proxy(each(turned), Signature::Refuse, {here}), &record);
    const auto& use = record.proxies.uses.at(0);
    wrong += differs("codes", got, "22 22 22 22 22 0"s) +
             differs("reached", service_was_reached(), false) +
             differs("pinned",
                     test::sent_to_proxies().find("CONNECT 193.0.6.139:4002 ") != std::string::npos,
                     true) +
             differs("not judged", use.not_judged, std::uint64_t{3}) +
             differs("off limits", use.off_limits, std::uint64_t{1}) +
             differs("by name", use.by_name_only, std::uint64_t{0}) +
             differs("here", use.on_this_machine, true) + counts_as_contact(record, true);
    // On the user's word that a port of this machine may be reached.
    auto allowed = by_proxy(each({turned[4]}), Signature::Refuse, {here});
    allowed.allowed_host_ports = {80};
    const auto passed = codes(allowed, &record);
    wrong += differs("allowed", passed, "0"s) +
             differs("told", record.proxies.uses.at(0).by_name_only, std::uint64_t{1});
    for (const auto pid : servers) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
    return wrong;
  });
}

/// Microsoft, for the program itself.
std::string small_catalogue()
{
  test::SmallParty microsoft{.id = "microsoft"};
  microsoft.prefixes = {test::prefix("20.190.128.0/18"), test::prefix("2603:1026::/32")};
  microsoft.domains = {test::domain("microsoft.example")};
  std::string catalogue = "/mnt/scratch/catalog.snapshot";
  (void)write_file(catalogue, compile_snapshot(test::small_content({microsoft})));
  return catalogue;
}

// The program itself, as a build server calls it.
TEST_P(Proxy, AsksOfNobodyKnowsWhomAndFailsOnContact)
{
  in_mini_internet(world(true), [](Arrivals&) -> std::string {
    const auto catalogue = small_catalogue();
    std::string wrong;
    for (const auto& [url, code] : {std::pair("http://www.only-proxy.example/", 1),
                                    std::pair("http://www.europe.example/", 0)}) {
      const auto done = run_captured({"env",
                                      "ZONDER_CATALOG=" + catalogue,
                                      test::zonder_program,
                                      "microsoft",
                                      "--fail-on-contact",
                                      "--json",
                                      "--proxy",
                                      proxy,
                                      "--",
                                      "curl",
                                      "-sSf",
                                      "-o",
                                      "/dev/null",
                                      url});
      if (!done) {
        return done.error().message;
      }
      wrong += differs(url, done->status.as_shell(), code) +
               lacks(done->out,
                     R"("proxied_not_judged": )" + std::to_string(code));  // one, or none
    }
    return wrong;
  });
}

TEST_P(Proxy, ThatCannotBeSeenThroughIsClosed)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    model::RunRecord record;
    const auto got = codes(
        by_proxy(each({curl_by(proxy, "http://www.europe.example/"),
                       curl_by("http://193.0.6.139:3128", "http://www.europe.example/"),
                       curl_by("http://193.0.6.139:3129", "http://www.europe.example/"),
                       "curl -sS -f --noproxy '*' http://www.europe.example/",
                       curl_by("socks5h://127.0.0.1:1081", "http://login.microsoft.example/")}),
                 Signature::Refuse,
                 {"socks5://proxy.europe.example:3128",
                  "http://missing.europe.example:3128",
                  "socks5://127.0.0.1:1081"}),
        &record);
    using Kind = model::ProxyUse::Kind;
    return differs("codes", got, std::string("7 7 22 0 7")) +
           differs("stopped", record.proxies.uses.at(0).unseen >= 2, true) +
           differs("at loopback", record.proxies.uses.at(2).unseen, std::uint64_t{1}) +
           lacks(headline(record), "cannot be seen through") + counts_as_contact(record, true) +
           differs("kind", record.proxies.uses.at(0).kind == Kind::Closed, true) +
           differs("not found", record.proxies.uses.at(1).kind == Kind::NotFound, true) +
           differs("blocked", record.blocked_packets >= 2, true) +
           differs("unlisted", record.unlisted, std::uint64_t{0});
  });
}

// What was wanted of it is not known; where the command never went there, nothing was.
TEST_P(Proxy, ThatIsClosedIsADoubtOnlyWhereTheCommandWentThere)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const std::vector<std::string> closed = {"socks5://193.0.6.139:1080",
                                             "socks5://127.0.0.1:1081"};
    model::RunRecord record;
    const auto past = codes(by_proxy("curl -sS -f -o /dev/null --noproxy '*' "
                                     "http://www.europe.example/; echo $?",
                                     Signature::Refuse,
                                     closed),
                            &record);
    auto wrong = differs("never there", past, "0"s) + counts_as_contact(record, false);
    for (const auto& each : closed) {
      const auto got = codes(
          by_proxy(curl_by(each, "http://login.microsoft.example/ 2>/dev/null") + "; echo $?; true",
                   Signature::Refuse,
                   closed),
          &record);
      wrong +=
          differs(each.c_str(), got.empty() || got == "0", false) + counts_as_contact(record, true);
    }
    // Past one that is seen through, to the same one.
    codes(by_proxy(curl_by("http://[64:ff9b::193.0.6.139]:3128",
                           "http://login.microsoft.example/ 2>/dev/null") +
                       "; true",
                   Signature::Refuse,
                   {"http://193.0.6.139:3128"}),
          &record);
    return wrong + differs("by NAT64", record.proxies.uses.at(0).unseen >= 1, true) +
           counts_as_contact(record, true);
  });
}

TEST_P(Proxy, IsForTheCommandToFindAndDirectWaysAreJudgedAsEver)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    model::RunRecord record;
    const std::string plain = "curl -sS -g -f -o /dev/null --max-time 3 ";
    const auto got = codes(by_proxy(each({plain + "http://www.europe.example/",
                                          plain + "http://login.microsoft.example/",
                                          plain + "--noproxy '*' http://www.europe.example/",
                                          plain + "--noproxy '*' http://login.microsoft.example/",
                                          plain + "--noproxy '*' http://20.190.128.1/"})),
                           &record);
    return differs("codes", got, std::string("0 22 0 7 7")) +
           differs("requests", record.proxies.uses.at(0).requests, std::uint64_t{2}) +
           differs("direct",
                   by_curl(record,
                           asked_for(record, "www.europe.example", model::Verdict::Passed, "tcp")),
                   true);
  });
}

TEST_P(Proxy, IsCutLaterAndSoAreTheTunnelsThatAreOpen)
{
  in_mini_internet(world(true), [](Arrivals& arrivals) -> std::string {
    // Beforehand all is there; one tunnel is held open over the cut, and leads nowhere after it.
    const auto script = "trap '' PIPE; exec 3<>/dev/tcp/proxy.europe.example/3128; "
                        "printf 'CONNECT login.microsoft.example:443 HTTP/1.1\\r\\n\\r\\n' >&3; "
                        "read -t 2 -u 3 line; case \"$line\" in *200*) echo -n 'open ';; esac; " +
                        each({curl_by(proxy, "http://login.microsoft.example/")}) +
                        "sleep 3; printf 'after the cut\\r\\n\\r\\n' >&3; sleep 0.3; " +
                        each({curl_by(proxy, "http://login.microsoft.example/"),
                              curl_by(proxy, "http://www.europe.example/")});
    std::string wrong;
    for (const auto signature : {Signature::Refuse, Signature::Blackhole}) {
      const auto before = arrivals.microsoft.load();
      auto options = by_proxy(script, signature);
      options.after = std::chrono::seconds(3);
      model::RunRecord record;
      const auto got = codes(options, &record);
      std::uint64_t blocked = 0;
      for (const auto& attempt : record.attempts) {
        blocked += attempt.verdict == model::Verdict::Blocked && attempt.protocol == "proxy"
                       ? attempt.count
                       : 0;
      }
      wrong +=
          differs("codes",
                  got,
                  std::string(signature == Signature::Refuse ? "open 0 22 0" : "open 0 28 0")) +
          differs("arrived", arrivals.microsoft.load() - before, std::uint64_t{2}) +
          differs("passed",
                  asked_for(record, "login.microsoft.example", model::Verdict::Passed) != nullptr,
                  true) +
          differs("blocked", blocked, std::uint64_t{2});
    }
    return wrong + differs("through the tunnel",
                           test::sent_to_proxies().find("after the cut"),
                           std::string::npos);
  });
}

RunOptions with_proxies_unseen(const std::string& script)
{
  auto options = by_proxy(script);
  options.proxies = read_proxies({"none"}, {"http_proxy=" + std::string(proxy)}).value();
  return options;
}

TEST_P(Proxy, ThatGoesUnseenOnOrderIsToldAndWhatWentToItIsNotKnown)
{
  in_mini_internet(world(true), [](Arrivals& arrivals) -> std::string {
    model::RunRecord record;
    const auto got = codes(
        with_proxies_unseen(each({curl_by(proxy, "http://login.microsoft.example/")})), &record);
    const auto& ways = record.left_the_room;
    const auto told = std::any_of(ways.begin(), ways.end(), [](const auto& way) {
      return way.what.find("--proxy none") != std::string::npos;
    });
    const auto& use = record.proxies.uses.at(0);
    auto wrong = differs("codes", got, std::string("0")) +
                 differs("arrived", arrivals.microsoft.load(), std::uint64_t{1}) +
                 differs("told", told, true) +
                 differs("kind", use.kind == model::ProxyUse::Kind::Unseen, true) +
                 differs("connections", use.unseen, std::uint64_t{1}) +
                 lacks(headline(record), not_known) +
                 lacks(headline(record), "left unseen (proxy.europe.example:3128)") +
                 lacks(headline(record), "It asked nothing of the absent that was seen.") +
                 counts_as_contact(record, true);
    // Who never went there asked nothing there.
    const auto past =
        codes(with_proxies_unseen(
                  each({"curl -sS -f -o /dev/null --noproxy '*' http://www.europe.example/"})),
              &record);
    return wrong + differs("past it", past, std::string("0")) +
           differs("no connections", record.proxies.uses.at(0).unseen, std::uint64_t{0}) +
           lacks(headline(record), "It asked nothing of the absent.") +
           counts_as_contact(record, false);
  });
}

TEST_P(Proxy, ThatGoesUnseenFailsOnContactWhereItWasReached)
{
  in_mini_internet(world(true), [](Arrivals&) -> std::string {
    const auto catalogue = small_catalogue();
    std::string wrong;
    for (const auto& [no_proxy, code] : {std::pair("", 1), std::pair("*", 0)}) {
      const auto done = run_captured({"env",
                                      "ZONDER_CATALOG=" + catalogue,
                                      "http_proxy=" + std::string(proxy),
                                      test::zonder_program,
                                      "microsoft",
                                      "--fail-on-contact",
                                      "--json",
                                      "--proxy",
                                      "none",
                                      "--",
                                      "curl",
                                      "-sSf",
                                      "--noproxy",
                                      no_proxy,
                                      "-o",
                                      "/dev/null",
                                      "http://www.europe.example/"});
      if (!done) {
        return done.error().message;
      }
      wrong += differs(no_proxy, done->status.as_shell(), code) +
               lacks(done->out, R"("kind": "unseen")") +
               lacks(done->out, R"("proxied_not_judged": )" + std::to_string(code));
    }
    return wrong;
  });
}

TEST_P(Proxy, LeavesNothingBehindWhenZonderIsKilled)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto before = test::processes();
    auto options = by_proxy("exec 3<>/dev/tcp/proxy.europe.example/3128; "
                            "printf 'CONNECT www.europe.example:8443 HTTP/1.1\\r\\n\\r\\n' >&3; "
                            "read -u 3 line; touch /mnt/scratch/started; sleep 60");
    const pid_t zonder = test::run_elsewhere(options);
    for (int round = 0; round < 500 && ::access("/mnt/scratch/started", F_OK) != 0; ++round) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    const bool started = ::access("/mnt/scratch/started", F_OK) == 0;
    ::kill(zonder, SIGKILL);
    ::waitpid(zonder, nullptr, 0);
    return differs("started", started, true) + test::left_behind(before);
  });
}

TEST_P(Proxy, GoesUnseenByTheEngineSeccompWhichSaysSo)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    auto options = by_proxy("true");
    options.engine = Engine::Seccomp;
    const auto refused = run(options);
    options.proxies = read_proxies({}, {"http_proxy=" + std::string(proxy)}).value();
    const auto record = run(options);
    if (!record) {
      return record.error().message;
    }
    options.command = shell(curl_by(proxy, "http://www.europe.example/"));
    const auto asked = run(options);
    if (!asked) {
      return asked.error().message;
    }
    return differs("not asked", record->proxies.uses.at(0).unseen, std::uint64_t{0}) +
           counts_as_contact(*record, false) +
           differs("asked", asked->proxies.uses.at(0).unseen, std::uint64_t{1}) +
           lacks(headline(*asked), not_known) + counts_as_contact(*asked, true) +
           differs("refused",
                   !refused && refused.error().message.find("cannot see through a proxy") !=
                                   std::string::npos,
                   true) +
           differs("weaker",
                   record->weaker.back().find("proxy.europe.example:3128") != std::string::npos,
                   true);
  });
}

}  // namespace
}  // namespace zonder::isolate
