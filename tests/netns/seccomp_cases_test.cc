// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// The cases that the engine with namespaces is held to, for the one without (seccomp_test.cc has
// the others, and what is its own).
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/child_process.hh"
#include "base/descriptor.hh"
#include "base/file.hh"
#include "isolate/run.hh"
#include "isolate/socket_address.hh"
#include "support/json_schema.hh"
#include "support/mini_internet.hh"
#include "support/run_checks.hh"
#include "support/seccomp_run.hh"

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

class SeccompCases : public testing::TestWithParam<uid_t> {
protected:
  static test::MiniInternetOptions world() { return {.uid = GetParam()}; }
};

INSTANTIATE_TEST_SUITE_P(As,
                         SeccompCases,
                         testing::Values(uid_t{0}, ordinary_user),
                         [](const auto& w) { return w.param == 0 ? "Root" : "OrdinaryUser"; });

bool is_told(const model::RunRecord& record, const std::string& part)
{
  for (const auto& way : record.left_the_room) {
    if (way.what.find(part) != std::string::npos) {
      return true;
    }
  }
  return false;
}

// Case 11.
TEST_P(SeccompCases, AnInheritedConnectionIsNotTheCommands)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const Descriptor service(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const SocketAddress here(net::Address::v4(INADDR_LOOPBACK), 5000);
    const Descriptor open(::socket(AF_INET, SOCK_STREAM, 0));
    constexpr int inherited = 70;  // which nothing else in this process has
    if (::bind(service.get(), here.get(), here.length) != 0 || ::listen(service.get(), 5) != 0 ||
        ::connect(open.get(), here.get(), here.length) != 0 ||
        ::dup2(open.get(), inherited) != inherited) {
      return "no connection to inherit";
    }
    const Descriptor far(::accept(service.get(), nullptr, nullptr));
    (void)!::write(far.get(), "served\n", 7);
    auto options = by_calls({"bash", "-c", "read -t 2 -u 70 line && test \"$line\" = served"});
    const auto closed = run(options);
    options.keep_descriptors = {inherited};
    const auto kept = run(options);
    ::close(inherited);
    const int before = ::dup(0);
    ::dup2(open.get(), 0);
    const auto as_input = run(by_calls({"true"}));
    ::dup2(before, 0);
    ::close(before);
    if (!closed || !kept) {
      return closed ? kept.error().message : closed.error().message;
    }
    return differs("closed", closed->exit_code, 1) + differs("kept", kept->exit_code, 0) +
           differs("told", is_told(*kept, "descriptor 70"), true) +
           differs("not told", is_told(*closed, "descriptor 70"), false) +
           differs("as input",
                   !as_input && as_input.error().message.find("descriptor 0 is an open network") !=
                                    std::string::npos,
                   true);
  });
}

// Case 13.
TEST_P(SeccompCases, DockersSocketIsRefusedUnlessAllowedAndThenTold)
{
  auto options = world();
  options.prepare = [] {
    // In the test's own mount namespace.
    if (::mount("test", "/run", "tmpfs", 0, "mode=755") != 0) {
      throw std::runtime_error("no /run of the test's own");
    }
    ::chown("/run", GetParam(), GetParam());
  };
  in_mini_internet(options, [](Arrivals&) -> std::string {
    const char* path = "/run/docker.sock";
    const Descriptor docker(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::string(path).copy(address.sun_path, sizeof address.sun_path - 1);
    if (::bind(docker.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(docker.get(), 5) != 0) {
      return "no stand-in for Docker";
    }
    auto visit = by_calls(
        {"python3",
         "-c",
         std::string("import socket,sys; sys.exit(socket.socket(socket.AF_UNIX).connect_ex('") +
             path + "') != 0)"});
    const auto masked = run(visit);
    const bool visited = Descriptor(::accept(docker.get(), nullptr, nullptr)) ? true : false;
    visit.allowed_sockets = {path};
    const auto allowed = run(visit);
    if (!masked || !allowed) {
      return masked ? allowed.error().message : masked.error().message;
    }
    return differs("masked", masked->exit_code, 1) + differs("visited", visited, false) +
           differs("allowed", allowed->exit_code, 0) +
           differs("told", is_told(*allowed, path), true);
  });
}

// Case 19.
TEST_P(SeccompCases, WorksInOddSurroundings)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    ::unsetenv("HOME");
    ::umask(0077);
    ::mkdir("/mnt/scratch/unreadable", 0777);
    if (::chdir("/mnt/scratch/unreadable") != 0) {
      return "cannot change folder";
    }
    ::chmod("/mnt/scratch/unreadable", 0);
    const auto wrong = ends_with("lives", by_calls(test::curl("http://www.europe.example/")), 0) +
                       ends_with("absent", by_calls(test::curl(http(test::microsoft_v4))), 7);
    ::rmdir("/mnt/scratch/unreadable");
    return wrong;
  });
}

// Case 21: what has rights, or makes networks, is looked at as all else.
TEST_P(SeccompCases, SetuidNftAndNamespacesAreNoWayOut)
{
  auto options = world();
  options.prepare = [] {
    std::filesystem::copy_file(reach, "/mnt/scratch/reach");
    ::chmod("/mnt/scratch/reach", 04755);
  };
  in_mini_internet(options, [](Arrivals&) -> std::string {
    std::string wrong;
    for (const char* attempt : {"/mnt/scratch/reach tcp 20.190.128.1 80",
                                "nft flush ruleset; /mnt/zonder/bin/reach tcp 20.190.128.1 80",
                                "unshare -r /mnt/zonder/bin/reach tcp 20.190.128.1 80",
                                "unshare -rn /mnt/zonder/bin/reach tcp 20.190.128.1 80",
                                "unshare -rp -f /mnt/zonder/bin/reach tcp 2603:1026::1 80"}) {
      const auto record =
          run(by_calls({"sh", "-c", "(" + std::string(attempt) + ") >/dev/null 2>&1"}));
      if (!record) {
        return wrong + record.error().message;
      }
      wrong += differs(attempt, record->exit_code != 0, true) +
               differs("unattributed", record->unattributed, std::uint64_t{0});
    }
    return wrong;
  });
}

// Case 23, as fast as each call is looked at. What a connected socket sends is no call with an
// address: of that the report has the connect.
TEST_P(SeccompCases, AFloodIsCountedExactly)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto record = run(by_calls({"python3",
                                      "-c",
                                      "import socket\ns = socket.socket(socket.AF_INET, "
                                      "socket.SOCK_DGRAM)\nfor i in range(20000): "
                                      "s.sendto(b'x', ('20.190.128.1', 7777))"},
                                     Signature::Blackhole));
    if (!record) {
      return record.error().message;
    }
    std::string wrong = differs("exit code", record->exit_code, 0) +
                        differs("blocked", record->blocked_packets, std::uint64_t{20000}) +
                        differs("rows", record->attempts.size(), std::size_t{1}) +
                        differs("unattributed", record->unattributed, std::uint64_t{0});
    if (!record->attempts.empty()) {
      const auto& row = record->attempts.front();
      wrong += differs("count", row.count, std::uint64_t{20000}) +
               differs("programs", row.programs.size(), std::size_t{1});
    }
    return wrong;
  });
}

// Case 40: what the gateway counts there, the calls are here: one for a socket that is connected
// and then sends 300 times, and 20 that connect.
TEST_P(SeccompCases, TheJsonIsAsItsSchemaSaysAndCountsTheCalls)
{
  const auto schema = read_file(ZONDER_SOURCE_DIR "/docs/schema/zonder.run-1.json");
  ASSERT_TRUE(schema);
  in_mini_internet(world(), [&schema](Arrivals&) -> std::string {
    const auto done = run_captured({test::zonder_program,
                                    "20.190.128.0/18,2603:1000::/24,*.microsoft.example",
                                    "--engine",
                                    "seccomp",
                                    "--like",
                                    "refuse",
                                    "--json",
                                    "--",
                                    "sh",
                                    "-c",
                                    "{ reach=/mnt/zonder/bin/reach; $reach flood 20.190.128.1 7777 "
                                    "300; $reach connects 20.190.128.1 443 20; $reach tcp "
                                    "193.0.6.139 80; } >&2; true"});
    if (!done || done->out.empty()) {
      return done ? done->err : done.error().message;
    }
    std::string wrong;
    for (const auto& mistake : test::against_schema(done->out, *schema)) {
      wrong += mistake + "; ";
    }
    const auto report = nlohmann::json::parse(done->out);
    std::uint64_t blocked = 0;
    for (const auto& row : report["attempts"]) {
      blocked += row["verdict"] == "blocked" ? row["count"].get<std::uint64_t>() : 0;
    }
    const auto& totals = report["totals"];
    return wrong + differs("engine", report["engine"].get<std::string>(), std::string("seccomp")) +
           differs("blocked", totals["blocked"].get<std::uint64_t>(), std::uint64_t{21}) +
           differs("rows", blocked, std::uint64_t{21}) +
           differs("passed", totals["passed"].get<std::uint64_t>(), std::uint64_t{1}) +
           differs("unattributed", totals["unattributed"].get<std::uint64_t>(), std::uint64_t{0});
  });
}

}  // namespace
}  // namespace zonder::isolate
