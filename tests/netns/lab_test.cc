// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child_process.hh"
#include "base/file.hh"
#include "kernel/links.hh"
#include "kernel/namespaces.hh"
#include "lab/closed.hh"
#include "lab/lab.hh"
#include "support/lab.hh"
#include "support/not_here.hh"

// Other tests may run labs at the same time, each in namespaces of its own; so what is left behind
// is looked for by the names of what this lab made.
namespace zonder::lab {
namespace {

using test::MachineState;
using test::PacketCounter;
using test::TestLab;

constexpr const char* two_hosts = R"(lab: two-hosts
networks:
  left: [192.0.2.0/24, "2001:db8:1::/64"]
  right: [198.51.100.0/24, "2001:db8:2::/64"]
hosts:
  asker: {network: left, addresses: [192.0.2.10, "2001:db8:1::10"]}
  answerer:
    network: right
    addresses: [198.51.100.20, "2001:db8:2::20"]
    servers:
      echo: {tcp: 7, udp: 7}
      peer: 8080
      reply: {udp: 5060, text: "here"}
      slow: {port: 9000, seconds: 1}
)";

#define NEEDS_LAB(lab)                                                                             \
  if (!(lab).ok()) {                                                                               \
    ZONDER_NO_NAMESPACES((lab).why_not());                                                         \
  }

/// The namespaces of a lab, as they are called under /proc.
std::set<std::string> namespaces_of(TestLab& lab, const std::string& host)
{
  const auto spaces = lab.lab().host(host);
  std::set<std::string> names;
  if (spaces) {
    names.insert("pid:[" + std::to_string(kernel::namespace_id(spaces->pid.get()).value()) + "]");
    names.insert("net:[" + std::to_string(kernel::namespace_id(spaces->net.get()).value()) + "]");
    names.insert("mnt:[" + std::to_string(kernel::namespace_id(spaces->mount.get()).value()) + "]");
  }
  return names;
}

/// True when none of these is in use any more; waits two seconds at most.
bool are_gone(const std::set<std::string>& names)
{
  for (int i = 0; i < 40; ++i) {
    const auto now = MachineState::now().namespaces;
    if (std::ranges::none_of(names, [&](const std::string& name) { return now.contains(name); })) {
      return true;
    }
    ::usleep(50'000);
  }
  return false;
}

TEST(Lab, SmallServersAnswerInBothFamilies)
{
  auto lab = TestLab::from_text(two_hosts);
  NEEDS_LAB(lab);
  EXPECT_EQ(lab.sh("asker", "curl -sS -m 5 http://198.51.100.20:8080/").out, "192.0.2.10\n");
  EXPECT_EQ(lab.sh("asker", "curl -sS -m 5 'http://[2001:db8:2::20]:8080/'").out,
            "2001:db8:1::10\n");
  EXPECT_EQ(lab.sh("asker", "curl -sS -m 5 http://198.51.100.20:9000/ | wc -c").out, "1048576\n");
  EXPECT_EQ(lab.run("asker",
                    {"bash",
                     "-c",
                     "exec 3<>/dev/tcp/198.51.100.20/7; echo hi >&3; "
                     "read -t 5 x <&3; echo $x"})
                .out,
            "hi\n");
  EXPECT_EQ(lab.run("asker",
                    {"bash",
                     "-c",
                     "exec 3<>/dev/udp/198.51.100.20/5060; echo >&3; "
                     "timeout 5 head -c 4 <&3"})
                .out,
            "here");
}

TEST(Lab, ClosedPortIsRefusedAtOnce)
{
  auto lab = TestLab::from_text(two_hosts);
  NEEDS_LAB(lab);
  const auto tried = lab.sh("asker", "curl -sS -m 5 http://198.51.100.20:81/");
  EXPECT_EQ(tried.code, 7) << tried.err;
}

TEST(Lab, PacketsAreCountedWhereTheyArrive)
{
  auto lab = TestLab::from_text(two_hosts);
  NEEDS_LAB(lab);
  PacketCounter counter(lab, "answerer");
  EXPECT_EQ(counter.arrived(), 0U);
  lab.run("asker", {"bash", "-c", "for i in 1 2 3; do echo x > /dev/udp/198.51.100.20/7; done"});
  EXPECT_EQ(counter.arrived(7), 3U);
  EXPECT_EQ(counter.arrived(), 0U);
}

TEST(Lab, HostHasItsOwnNameResolverAndTrustAndTheMachineKeepsItsOwn)
{
  const auto before = read_file("/etc/resolv.conf").value_or("");
  auto lab = TestLab::from_text(two_hosts);
  NEEDS_LAB(lab);
  EXPECT_EQ(lab.sh("asker", "hostname").out, "asker\n");
  EXPECT_EQ(lab.sh("asker", "grep -c nameserver /etc/resolv.conf").out, "0\n");
  EXPECT_EQ(lab.sh("asker", "grep -c BEGIN /etc/ssl/certs/ca-certificates.crt").out, "1\n");
  EXPECT_EQ(read_file("/etc/resolv.conf").value_or(""), before);
}

TEST(Lab, CommandRunsAsAnOrdinaryUserWithoutRights)
{
  auto lab = TestLab::from_text(two_hosts);
  NEEDS_LAB(lab);
  const auto who = lab.sh("asker", "id -u; grep CapEff /proc/self/status", 1500);
  EXPECT_EQ(who.out, "1500\nCapEff:\t0000000000000000\n") << who.err;
}

TEST(Lab, CommandsExitCodeAndSignalComeThrough)
{
  auto lab = TestLab::from_text(two_hosts);
  NEEDS_LAB(lab);
  EXPECT_EQ(lab.sh("asker", "exit 42").code, 42);
  EXPECT_EQ(lab.sh("asker", "kill -TERM $$").code, 143);
}

TEST(Lab, TunDeviceIsThereForEverybodyWhenRootMadeTheLab)
{
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root can make device nodes";
  }
  if (::access("/dev/net/tun", F_OK) != 0) {
    GTEST_SKIP() << "this machine has no /dev/net/tun";
  }
  auto lab = TestLab::from_text(two_hosts);
  NEEDS_LAB(lab);
  EXPECT_EQ(lab.sh("asker", "exec 3<>/dev/net/tun", 1500).code, 0);
}

TEST(Lab, EndsWithItsObjectAndLeavesNothing)
{
  std::set<std::string> names;
  const auto mounts = read_file("/proc/self/mounts").value();
  {
    auto lab = TestLab::from_text(two_hosts);
    NEEDS_LAB(lab);
    names = namespaces_of(lab, "asker");
    ASSERT_EQ(names.size(), 3U);
    // Processes are in the pid namespace alone; the others are held by descriptors.
    ASSERT_FALSE(are_gone({*names.rbegin()}));
  }
  EXPECT_TRUE(are_gone(names));
  EXPECT_EQ(read_file("/proc/self/mounts").value(), mounts);
}

TEST(Lab, KillingTheKeeperEndsWhateverRunsInTheLab)
{
  auto lab = TestLab::from_text(two_hosts);
  NEEDS_LAB(lab);
  const auto names = namespaces_of(lab, "answerer");
  auto sleeper = lab.start("asker", {"sleep", "60"});
  ASSERT_TRUE(sleeper);
  ASSERT_EQ(::kill(lab.lab().keeper(), SIGKILL), 0);
  EXPECT_TRUE(sleeper->wait_for(std::chrono::seconds(5)).has_value());
  EXPECT_FALSE(lab.lab().status());
  lab = TestLab::from_text("");  // reaps
  EXPECT_TRUE(are_gone(names));
}

TEST(Lab, RegisteredTwiceIsRefusedAndTheFirstLivesOn)
{
  const auto name = "twice-" + std::to_string(::getpid());
  auto yaml = std::string(two_hosts);
  yaml.replace(yaml.find("two-hosts"), 9, name);
  auto first = TestLab::from_text(yaml, {.registered = true});
  NEEDS_LAB(first);
  const auto second = TestLab::from_text(yaml, {.registered = true});
  EXPECT_EQ(second.why_not(),
            "a lab " + name + " is up already; \"zonder lab down " + name + "\" ends it");
  auto found = Lab::find(name);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->status().value().hosts.size(), 2U);
  const auto names = Lab::names();
  EXPECT_NE(std::ranges::find(names, name), names.end());
  ASSERT_TRUE(first.lab().end());
  EXPECT_FALSE(Lab::find(name));
}

TEST(Lab, IsGivenUpWhenItsStarterDiedBeforeItWasUp)
{
  {
    const auto possible = TestLab::from_text(two_hosts);
    NEEDS_LAB(possible);
  }
  const auto before = test::MachineState::now();
  auto file = parse_lab(two_hosts, "test.yaml");
  ASSERT_TRUE(file) << file.error().message;
  file->name = "given-up-" + std::to_string(::getpid());
  const pid_t starter = ::fork();
  if (starter == 0) {
    const auto wait = [](const Namespaces&) {
      std::this_thread::sleep_for(std::chrono::milliseconds(800));
    };
    (void)Lab::start(*file, {.registered = true, .outlives_us = true, .tamper = wait});
    ::_exit(0);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  ::kill(starter, SIGKILL);
  ::waitpid(starter, nullptr, 0);
  // Its own 800 ms, and the kernel's time to take namespaces away, which it does when it likes.
  for (int round = 0; round < 100 && !before.difference().empty(); ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_FALSE(Lab::find(file->name));
  EXPECT_EQ(before.difference(), "");
}

TEST(Lab, WayOutStopsItBeforeTheFirstPacket)
{
  // A namespace that is not the lab's, and a cable from a host into it.
  const auto tamper = [](const Namespaces& namespaces) {
    const auto foreign = kernel::new_network_namespace();
    auto links = kernel::Links::open(namespaces.at("asker").get());
    if (foreign && links) {
      (void)links->add_veth("escape", "outside", foreign->get());
      // Kept open for as long as the keeper lives, else the cable would go with it.
      static const Descriptor kept(::dup(foreign->get()));
      EXPECT_TRUE(kept);
    }
  };
  const auto lab = TestLab::from_text(two_hosts, {.tamper = tamper});
  ASSERT_FALSE(lab.ok());
  if (lab.why_not().find("way out") == std::string::npos) {
    ZONDER_NO_NAMESPACES(lab.why_not());
  }
  EXPECT_EQ(lab.why_not(),
            "the lab has a way out, so not a single packet is sent: link escape in asker");
}

TEST(Lab, ForeignHostIsSaid)
{
  auto lab = TestLab::from_text(two_hosts);
  NEEDS_LAB(lab);
  const auto host = lab.lab().host("nobody");
  ASSERT_FALSE(host);
  EXPECT_EQ(host.error().message, "there is no host nobody in this lab");
}

/// The whole example, once for all that is looked at in it: it is the dearest of these tests.
TEST(Voorbeeldstad, WorksFromTheSignedRootToTheIdentityProvider)
{
  const auto begin = std::chrono::steady_clock::now();
  auto lab = TestLab::from_example("voorbeeldstad");
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  NEEDS_LAB(lab);
  RecordProperty("seconds_until_up", std::to_string(took.count()));
  std::printf("voorbeeldstad was up in %.1f s\n", took.count());
  EXPECT_LT(took.count(), 30.0);

  const auto dig = lab.sh("clerk", "dig +dnssec www.voorbeeldstad.example AAAA");
  EXPECT_NE(dig.out.find("2a01:7c8:aab0::10"), std::string::npos) << dig.out;
  EXPECT_NE(dig.out.find("RRSIG"), std::string::npos) << dig.out;
  EXPECT_NE(dig.out.find("flags: qr rd ra ad;"), std::string::npos) << dig.out;
  EXPECT_EQ(lab.sh("clerk", "dig +short MX voorbeeldstad.example").out,
            "10 mail.voorbeeldstad.example.\n");

  for (const auto* family : {"-4", "-6"}) {
    const auto page = lab.sh(
        "citizen", std::string("curl -sS -m 10 ") + family + " https://www.voorbeeldstad.example/");
    EXPECT_NE(page.out.find("Gemeente Voorbeeldstad"), std::string::npos) << page.err;
  }
  const auto stranger =
      lab.sh("citizen", "curl -sS -m 10 --cacert /dev/null https://www.voorbeeldstad.example/");
  EXPECT_NE(stranger.code, 0) << "a certificate without its authority was believed";

  const auto state = lab.lab().status();
  ASSERT_TRUE(state);
  for (const auto& server : state->servers) {
    EXPECT_NE(server.state, "ended") << server.kind << " of " << server.host;
    if (server.state == "left out") {
      std::printf("left out: %s of %s: %s\n",
                  server.kind.c_str(),
                  server.host.c_str(),
                  server.reason.c_str());
    }
  }
  const auto is_out = [&](const std::string& kind) {
    return std::ranges::any_of(state->servers, [&](const ServerState& server) {
      return server.kind == kind && server.state == "left out";
    });
  };
  if (!is_out("identity")) {
    const auto token = lab.sh("door",
                              "curl -sS -m 10 -d grant_type=client_credentials -d "
                              "client_id=badge-door -d client_secret=not-a-secret-in-a-lab "
                              "https://login.microsoftonline.com/token");
    EXPECT_NE(token.out.find("access_token"), std::string::npos) << token.out << token.err;
    const auto wrong = lab.sh("door",
                              "curl -sS -m 10 -d grant_type=client_credentials -d "
                              "client_id=badge-door -d client_secret=guessed "
                              "https://login.microsoftonline.com/token");
    EXPECT_NE(wrong.out.find("invalid_client"), std::string::npos) << wrong.out << wrong.err;
  }
  if (!is_out("mail")) {
    const auto sent = lab.sh("mail",
                             "printf 'Subject: x\\n\\nhello\\n' | curl -sS -m 10 "
                             "smtp://mail.papierwinkel.example --mail-from a@voorbeeldstad.example "
                             "--mail-rcpt b@papierwinkel.example -T -");
    EXPECT_EQ(sent.code, 0) << sent.err;
  }
}

// Whoever binds the name of a lab could hand namespaces of his own to root, who then runs commands
// in them.
TEST(Lab, NameTakenBySomebodyElseIsNotBelieved)
{
  if (::geteuid() != 0) {
    GTEST_SKIP() << "needs root, to be two users";
  }
  const std::string name = "taken" + std::to_string(::getpid());
  std::array<int, 2> ready{};
  ASSERT_EQ(::pipe2(ready.data(), O_CLOEXEC), 0);
  const pid_t other = ::fork();
  if (other == 0) {
    if (::setgid(1500) != 0 || ::setuid(1500) != 0) {
      (void)!::write(ready[1], "1", 1);
      ::_exit(0);
    }
    const std::string path = "zonder-lab-0-" + name;
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), address.sun_path + 1);
    const int squatter = ::socket(AF_UNIX, SOCK_SEQPACKET, 0);
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + path.size());
    const bool bound = ::bind(squatter, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                       ::listen(squatter, 5) == 0;
    (void)!::write(ready[1], bound ? "y" : "n", 1);
    ::pause();
    ::_exit(0);
  }
  char bound = 'n';
  ASSERT_EQ(::read(ready[0], &bound, 1), 1);
  const auto found = lab::Lab::find(name);
  const auto names = lab::Lab::names();
  ::kill(other, SIGKILL);
  ::waitpid(other, nullptr, 0);
  ::close(ready[0]);
  ::close(ready[1]);
  if (bound == '1') {
    GTEST_SKIP() << "this user namespace has one user";
  }
  ASSERT_EQ(bound, 'y');
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message,
            "the name of the lab " + name +
                " is taken by user 1500, who is not you: give your lab another name");
  EXPECT_EQ(std::count(names.begin(), names.end(), name), 0);
}

}  // namespace
}  // namespace zonder::lab
