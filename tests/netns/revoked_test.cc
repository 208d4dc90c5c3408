// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// The absent who still answer: connections that are taken in their place, and reset (--like
// tls-reset) or refused in their name (--mode revoked).
#include <sstream>

#include <gtest/gtest.h>

#include "base/child_process.hh"
#include "base/file.hh"
#include "support/run_checks.hh"

namespace zonder::isolate {
namespace {

using model::Attempt;
using model::Reception;
using model::RunRecord;
using model::Signature;
using model::Verdict;
using test::Arrivals;
using test::differs;
using test::in_mini_internet;

RunOptions in_shell(const std::string& words, Signature signature)
{
  return test::without_microsoft({"sh", "-c", words}, signature);
}

const char* word(Verdict verdict)
{
  switch (verdict) {
  case Verdict::Blocked:
    return "blocked";
  case Verdict::Denied:
    return "denied";
  case Verdict::Hindered:
    return "hindered";
  case Verdict::Passed:
    return "passed";
  }
  return "";
}

const char* word(Reception how)
{
  switch (how) {
  case Reception::Reset:
    return "reset";
  case Reception::Answered:
    return "answered";
  case Reception::NotTestable:
    return "not-testable";
  case Reception::BrokenOff:
    return "broken-off";
  case Reception::SaidNothing:
    return "said-nothing";
  case Reception::NotUnderstood:
    return "not-understood";
  }
  return "";
}

/// "denied microsoft login.microsoft.example 20.190.128.1 tcp/443 x1" and
/// "answered 403 login.microsoft.example 20.190.128.1 443 x1", one a line.
std::string told(const RunRecord& record)
{
  std::ostringstream text;
  for (const auto& each : record.attempts) {
    text << word(each.verdict) << ' ' << (each.party.empty() ? "-" : each.party) << ' '
         << (each.name.empty() ? "-" : each.name) << ' '
         << (each.address ? each.address->to_string() : "-") << ' ' << each.protocol << '/'
         << each.port << " x" << each.count << '\n';
  }
  for (const auto& each : record.received) {
    text << word(each.how) << ' ' << each.status << ' ' << (each.name.empty() ? "-" : each.name)
         << ' ' << each.address.to_string() << ' ' << each.port << " x" << each.count << '\n';
  }
  return text.str();
}

std::string must_tell(const RunRecord& record, const std::vector<std::string>& lines)
{
  const auto all = told(record);
  std::string wrong;
  for (const auto& line : lines) {
    wrong += all.find(line) == std::string::npos ? "no \"" + line + "\" among:\n" + all : "";
  }
  return wrong;
}

/// What the gateway counted is what is told, to the packet.
std::string totals_fit(const RunRecord& record)
{
  std::uint64_t stopped = 0;
  for (const auto& attempt : record.attempts) {
    const bool absent = attempt.verdict == Verdict::Blocked || attempt.verdict == Verdict::Denied;
    stopped += absent && attempt.protocol != "dns" ? attempt.count : 0;
  }
  return differs("packets to the absent", stopped, record.blocked_packets) +
         differs("unlisted", record.unlisted, std::uint64_t{0}) +
         differs("unattributed", record.unattributed, std::uint64_t{0});
}

/// Runs the words without Microsoft, and looks for these lines in what is told.
std::string
in_room(const std::string& words, Signature signature, const std::vector<std::string>& lines)
{
  const auto before = test::processes();
  const auto record = run(in_shell(words, signature));
  if (!record) {
    return record.error().message;
  }
  return differs(words.c_str(), record->exit_code, 0) + must_tell(*record, lines) +
         totals_fit(*record) + test::left_behind(before);
}

class Received : public testing::TestWithParam<uid_t> {
protected:
  static test::MiniInternetOptions world() { return {.uid = GetParam()}; }
};

INSTANTIATE_TEST_SUITE_P(As,
                         Received,
                         testing::Values(uid_t{0}, test::ordinary_user),
                         [](const auto& param) {
                           return param.param == 0 ? "Root" : "OrdinaryUser";
                         });

TEST_P(Received, TlsIsResetAfterItsFirstMessageAndTheNeighbourLives)
{
  in_mini_internet(world(), [](Arrivals& arrivals) -> std::string {
    const auto wrong =
        in_room("curl -sS -4 --max-time 5 https://login.microsoft.example/; test $? = 35 || exit 1;"
                "curl -sS -4 --max-time 5 https://cdn.microsoft.example/; test $? = 35 || exit 2;"
                "curl -sS -6 --max-time 5 https://login.microsoft.example/; test $? = 35 || exit 3;"
                "curl -sS -4 --max-time 5 http://login.microsoft.example/; test $? = 7 || exit 4;"
                "curl -sSf -4 --max-time 5 http://www.europe.example/ >/dev/null || exit 5",
                Signature::TlsReset,
                {"blocked microsoft login.microsoft.example 20.190.128.1 tcp/443 x1",
                 "blocked microsoft login.microsoft.example 20.190.128.1 tcp/80 x1",
                 "blocked microsoft login.microsoft.example 2603:1026::1 tcp/443 x1",
                 "blocked microsoft cdn.microsoft.example 198.18.0.1 tcp/443 x1",
                 "reset 0 login.microsoft.example 20.190.128.1 443 x1",
                 "reset 0 login.microsoft.example 2603:1026::1 443 x1",
                 "reset 0 cdn.microsoft.example 198.18.0.1 443 x1"});
    return wrong + differs("arrivals in Europe", arrivals.europe.load(), std::uint64_t{1});
  });
}

TEST_P(Received, TlsIsKnownByItsFirstBytesOnAnyPortAndByAnySpelling)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    return in_room(
        "curl -sS --max-time 5 --resolve who.microsoft.example:8443:20.190.128.1 "
        "https://who.microsoft.example:8443/; test $? = 35 || exit 1;"
        "curl -sS --max-time 5 http://20.190.128.1:8080/; test $? = 56 || exit 2;"
        "curl -sSkg --max-time 5 'https://[64:ff9b::14be:8001]/'; test $? = 35 || exit 3;"
        "curl -sS --max-time 5 telnet://20.190.128.1:22; test $? = 7 || exit 4",
        Signature::TlsReset,
        // No name was asked for: it is known by the handshake alone.
        {"blocked microsoft who.microsoft.example 20.190.128.1 tcp/8443 x1",
         "reset 0 who.microsoft.example 20.190.128.1 8443 x1",
         "blocked microsoft - 20.190.128.1 tcp/8080 x1",
         "not-understood 0 - 20.190.128.1 8080 x1",
         "blocked microsoft - 64:ff9b::14be:8001 tcp/443 x1",
         "reset 0 - 64:ff9b::14be:8001 443 x1",
         "blocked microsoft - 20.190.128.1 tcp/22 x1"});
  });
}

TEST_P(Received, OnlyAfterTheyFellAwayAndNeverForSomebodyElse)
{
  auto options = world();
  options.reaches_microsoft = true;  // before they fall away
  in_mini_internet(options, [](Arrivals& arrivals) -> std::string {
    // Where the gateway takes connections, nobody comes by himself.
    auto without = in_shell(
        "curl -sS --max-time 2 http://20.190.128.1/ >/dev/null || exit 1;"
        "curl -sSk --max-time 1 https://$(awk '/^nameserver/ {print $2; exit}' /etc/resolv.conf)/;"
        "test $? = 28 || exit 2; sleep 4;"
        "curl -sS --max-time 5 --resolve a.microsoft.example:443:20.190.128.1 "
        "https://a.microsoft.example/; test $? = 35 || exit 3;"
        "curl -sSk --max-time 1 https://$(awk '/^nameserver/ {print $2; exit}' /etc/resolv.conf)/;"
        "test $? = 28 || exit 4",
        Signature::TlsReset);
    without.after = std::chrono::seconds(4);
    const auto record = run(without);
    if (!record) {
      return record.error().message;
    }
    return differs("exit code", record->exit_code, 0) +
           must_tell(*record,
                     {"blocked microsoft a.microsoft.example 20.190.128.1 tcp/443 x1",
                      "reset 0 a.microsoft.example 20.190.128.1 443 x1"}) +
           differs("connections taken", record->received.size(), std::size_t{1}) +
           totals_fit(*record) + differs("arrivals", arrivals.microsoft.load(), std::uint64_t{1});
  });
}

constexpr const char* ask = "ask() { test \"$(curl -s -4 -o /dev/null --max-time 5 -w "
                            "'%{http_code}' \"$@\")\" = \"$code\" || exit $((code / 100)); }; ";

TEST_P(Received, TheRevokedHearARefusalThatTheirProgramsBelieve)
{
  in_mini_internet(world(), [](Arrivals& arrivals) -> std::string {
    const auto wrong =
        in_room(std::string(ask) +
                    "code=403 ask https://login.microsoft.example/;"
                    "code=403 ask https://login.microsoft.example/.well-known/openid-configuration;"
                    "code=401 ask -H 'Authorization: Bearer x' https://login.microsoft.example/v1;"
                    "code=400 ask -d grant_type=x https://login.microsoft.example/t/oauth2/token;"
                    "code=403 ask http://login.microsoft.example/;"
                    "code=403 ask https://cdn.microsoft.example/;"
                    "curl -s -4 --max-time 5 -d a=b https://login.microsoft.example/token |"
                    " grep -q '\"error\":\"access_denied\"' || exit 11;"
                    "curl -s -4 -i --max-time 5 -u a:b https://login.microsoft.example/ |"
                    " grep -q 'WWW-Authenticate: Bearer error=\"invalid_token\"' || exit 12;"
                    "curl -sSf -4 --max-time 5 http://www.europe.example/ >/dev/null || exit 13",
                Signature::Denied,
                {"denied microsoft login.microsoft.example 20.190.128.1 tcp/443 x6",
                 "denied microsoft login.microsoft.example 20.190.128.1 tcp/80 x1",
                 "denied microsoft cdn.microsoft.example 198.18.0.1 tcp/443 x1",
                 "answered 400 login.microsoft.example 20.190.128.1 443 x2",
                 "answered 401 login.microsoft.example 20.190.128.1 443 x2",
                 "answered 403 login.microsoft.example 20.190.128.1 443 x2",
                 "answered 403 login.microsoft.example 20.190.128.1 80 x1",
                 "answered 403 cdn.microsoft.example 198.18.0.1 443 x1"});
    return wrong + differs("arrivals in Europe", arrivals.europe.load(), std::uint64_t{1});
  });
}

TEST_P(Received, ALargeRequestIsAnsweredToo)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    return in_room(std::string(ask) + "head -c 500000 /dev/zero > /mnt/scratch/large || exit 9;"
                                      "code=403 ask --data-binary @/mnt/scratch/large "
                                      "https://login.microsoft.example/upload",
                   Signature::Denied,
                   {"answered 403 login.microsoft.example 20.190.128.1 443 x1"});
  });
}

TEST_P(Received, PythonTrustsTheRunsAuthority)
{
  if (!find_program("/usr/bin/python3")) {
    GTEST_SKIP() << "python3 is not installed";
  }
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    return in_room("/usr/bin/python3 -c '\n"
                   "import urllib.request, urllib.error, sys\n"
                   "try:\n"
                   "  urllib.request.urlopen(\"https://login.microsoft.example/\", timeout=5)\n"
                   "except urllib.error.HTTPError as error:\n"
                   "  sys.exit(0 if error.code == 403 else 1)\n"
                   "sys.exit(2)'",
                   Signature::Denied,
                   {"answered 403 login.microsoft.example "});
  });
}

TEST_P(Received, NodeTrustsTheRunsAuthority)
{
  if (!find_program("/usr/bin/node")) {
    GTEST_SKIP() << "node is not installed";
  }
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    return in_room("/usr/bin/node -e '"
                   "require(\"https\").get(\"https://login.microsoft.example/\", {family: 4},"
                   " answer => process.exit(answer.statusCode == 403 ? 0 : 1))"
                   ".on(\"error\", error => { console.error(error); process.exit(2); })'",
                   Signature::Denied,
                   {"answered 403 login.microsoft.example 20.190.128.1 443 x1"});
  });
}

TEST_P(Received, AProgramThatTrustsOthersIsToldAsNotTestable)
{
  if (!find_program("openssl")) {
    GTEST_SKIP() << "the program openssl is not installed";
  }
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto record = run(in_shell("openssl s_client -no-CAfile -no-CApath -no-CAstore "
                                     "-verify_return_error -connect login.microsoft.example:443 "
                                     "-4 </dev/null >/dev/null 2>&1",
                                     Signature::Denied));
    if (!record) {
      return record.error().message;
    }
    std::string program;
    for (const auto& each : record->received) {
      for (const auto& share : each.programs) {
        program = record->programs.at(share.program).argv.front();
      }
    }
    return differs("exit code", record->exit_code, 1) + differs("program", program, {"openssl"}) +
           must_tell(*record, {"not-testable 0 login.microsoft.example 20.190.128.1 443 x1"}) +
           totals_fit(*record);
  });
}

TEST_P(Received, ManyAtOnceAreAllCounted)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const std::string words = "seq 80 | xargs -P 16 -I{} curl -s -4 -o /dev/null --max-time 10 "
                              "https://login.microsoft.example/{}";
    return in_room(words,
                   Signature::Denied,
                   {"denied microsoft login.microsoft.example 20.190.128.1 tcp/443 x80",
                    "answered 403 login.microsoft.example 20.190.128.1 443 x80"});
  });
}

TEST_P(Received, TwoFlowsFromOnePortAreToldApart)
{
  if (!find_program("/usr/bin/python3")) {
    GTEST_SKIP() << "python3 is not installed";
  }
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    // On the gateway both would have the same four numbers.
    return in_room("/usr/bin/python3 -c '\n"
                   "import socket\n"
                   "flows = []\n"
                   "for there in (\"20.190.128.1\", \"20.190.128.2\", \"20.190.128.3\"):\n"
                   "  flow = socket.socket()\n"
                   "  flow.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\n"
                   "  flow.settimeout(5)\n"
                   "  flow.bind((\"\", 40000))\n"
                   "  flow.connect((there, 80))\n"
                   "  flows.append(flow)\n"
                   "for flow in flows:\n"
                   "  flow.sendall(b\"GET / HTTP/1.1\\r\\n\\r\\n\")\n"
                   "  assert b\" 403 \" in flow.recv(1000)\n"
                   "'",
                   Signature::Denied,
                   {"denied microsoft - 20.190.128.1 tcp/80 x1",
                    "denied microsoft - 20.190.128.2 tcp/80 x1",
                    "answered 403 - 20.190.128.1 80 x1",
                    "answered 403 - 20.190.128.2 80 x1",
                    "answered 403 - 20.190.128.3 80 x1"});
  });
}

TEST_P(Received, WhatSaysNothingOrNothingKnownIsToldToo)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    // curl with a protocol that the server does not have to offer; a client of neither kind; one
    // that only looks whether somebody answers.
    return in_room(
        "printf 'hello there\\n' | "
        "curl -s --max-time 5 -o /dev/null telnet://20.190.128.1:9999; "
        "curl -s --max-time 1 -o /dev/null telnet://20.190.128.1:9998 </dev/null; exit 0",
        Signature::Denied,
        {"denied microsoft - 20.190.128.1 tcp/9999 x1",
         "not-understood 0 - 20.190.128.1 9999 x1",
         "said-nothing 0 - 20.190.128.1 9998 x1"});
  });
}

TEST_P(Received, TheMachinesOwnTrustStaysAsItIs)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    constexpr const char* store = "/etc/ssl/certs/ca-certificates.crt";
    constexpr std::size_t most = 10000000;
    const auto before = read_file(store, most);
    const auto record = run(in_shell(
        "grep -c BEGIN.CERTIFICATE /etc/ssl/certs/ca-certificates.crt > /mnt/scratch/in_room;"
        // The key is in the memory of the room's first process too.
        "cat /proc/1/maps /proc/1/environ >/dev/null 2>&1 && exit 3;"
        "test \"$SSL_CERT_FILE$NODE_EXTRA_CA_CERTS\" = "
        "/etc/ssl/certs/ca-certificates.crt/etc/ssl/certs/ca-certificates.crt",
        Signature::Denied));
    const auto after = read_file(store, most);
    const auto in_room = read_file("/mnt/scratch/in_room", 100);
    if (!record || !in_room) {
      return record ? in_room.error().message : record.error().message;
    }
    std::size_t machines = 0;
    for (auto at = before ? before->find("BEGIN CERTIFICATE") : std::string::npos;
         at != std::string::npos;
         at = before->find("BEGIN CERTIFICATE", at + 1)) {
      ++machines;
    }
    return differs("exit code", record->exit_code, 0) +
           differs("there before", before.has_value(), after.has_value()) +
           (before && *before != *after ? "the machine's certificates are others now" : "") +
           differs("certificates in the room", std::size_t{std::stoul(*in_room)}, machines + 1);
  });
}

}  // namespace
}  // namespace zonder::isolate
