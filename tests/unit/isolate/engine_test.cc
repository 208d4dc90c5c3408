// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>

#include "isolate/command.hh"
#include "isolate/evidence.hh"
#include "isolate/gateway_rules.hh"
#include "isolate/proof.hh"
#include "isolate/room_files.hh"
#include "isolate/room_plan.hh"
#include "isolate/run.hh"

// The parts of the run engine that only think.
namespace zonder::isolate {
namespace {

net::Prefix prefix(const char* text)
{
  return net::Prefix::parse(text).value();
}

net::Address address(const char* text)
{
  return net::Address::parse(text).value();
}

model::AbsentParty party(const char* id, const std::vector<const char*>& prefixes)
{
  std::vector<net::Prefix> all;
  for (const char* text : prefixes) {
    all.push_back(prefix(text));
  }
  return {.id = id, .name = id, .addresses = net::PrefixSet::of(all)};
}

TEST(RoomPlan, GivesEachVethANetworkThatNobodyHas)
{
  auto first = plan_room({});
  plan_for_veth(first, {}, 700);
  // The machine then has a route to the first one's network; the same number wants the same.
  auto second = plan_room({});
  plan_for_veth(second, {{.destination = first.tap_net_v4, .link = "zonder700"}}, 700);
  EXPECT_EQ(first.tap_net_v4.length(), 30U);
  EXPECT_TRUE(first.tap_net_v4.contains(first.tap_v4));
  EXPECT_TRUE(first.tap_net_v4.contains(first.tap_router_v4));
  EXPECT_NE(first.tap_v4, first.tap_router_v4);
  EXPECT_FALSE(second.tap_net_v4.contains(first.tap_v4));
  auto other = plan_room({});
  plan_for_veth(other, {}, 701);
  EXPECT_NE(first.tap_net_v4, other.tap_net_v4);
  EXPECT_NE(first.tap_net_v6, other.tap_net_v6);
  EXPECT_TRUE(first.tap_net_v6.contains(first.tap_router_v6));
}

TEST(RoomPlan, VethKeepsOffANetworkThatTheMachineUses)
{
  const std::vector<kernel::Route> all_of_ten = {
      {.destination = prefix("10.0.0.0/8"), .link = "eth0"}};
  auto plan = plan_room(all_of_ten);
  plan_for_veth(plan, all_of_ten, 12345);
  EXPECT_FALSE(prefix("10.0.0.0/8").contains(plan.tap_v4)) << plan.tap_v4.to_string();
}

TEST(Uplink, IsOneOfFourWords)
{
  EXPECT_EQ(parse_uplink("auto"), UplinkKind::Automatic);
  EXPECT_EQ(parse_uplink("slirp4netns"), UplinkKind::Slirp4netns);
  EXPECT_EQ(parse_uplink("pasta"), UplinkKind::Pasta);
  EXPECT_EQ(parse_uplink("veth"), UplinkKind::Veth);
  EXPECT_FALSE(parse_uplink("tunnel"));
}

TEST(RoomPlan, AvoidsNetworksThatTheMachineUses)
{
  const auto plan = plan_room({{.destination = prefix("10.0.0.0/8"), .link = "eth0"},
                               {.destination = prefix("100.64.0.0/10"), .link = "vpn"},
                               {.destination = prefix("0.0.0.0/0"), .link = "eth0"}});
  EXPECT_EQ(plan.room_net_v4.to_string(), "172.31.213.0/30");
  EXPECT_EQ(plan.tap_net_v4.to_string(), "172.31.214.0/24");
  EXPECT_TRUE(plan.machine_has_v4);
  EXPECT_FALSE(plan.machine_has_v6);
}

TEST(RoomPlan, LinkLocalAndLoopbackAreNoWayOut)
{
  const auto plan = plan_room({{.destination = prefix("fe80::/64"), .link = "eth0"},
                               {.destination = prefix("::1/128"), .link = "lo"},
                               {.destination = prefix("ff00::/8"), .link = "eth0"},
                               {.destination = prefix("127.0.0.0/8"), .link = "lo"}});
  EXPECT_FALSE(plan.machine_has_v4);
  EXPECT_FALSE(plan.machine_has_v6);
  EXPECT_EQ(plan.room_v4.to_string(), "100.64.0.2");
}

TEST(RoomFiles, RoomAsksOnlyFilesAndDnsForHosts)
{
  EXPECT_EQ(
      room_nsswitch_conf("passwd: files\nhosts: files mdns4_minimal resolve\nnetworks: files"),
      "passwd: files\nnetworks: files\nhosts: files dns\n");
  EXPECT_EQ(room_nsswitch_conf("  hosts: nis\n"), "hosts: files dns\n");
}

TEST(RoomFiles, RoomKeepsTheSearchDomains)
{
  EXPECT_EQ(room_resolv_conf({address("100.64.0.1")}, {"search example.nl", "options ndots:2"}),
            "nameserver 100.64.0.1\nsearch example.nl\noptions ndots:2\n");
}

TEST(DeadRanges, AreSortedAndKnowTheirParty)
{
  model::Absence absence;
  absence.parties = {party("a", {"198.51.100.0/24", "2001:db8::/32"}),
                     party("b", {"192.0.2.0/24", "203.0.113.0/24"})};
  const auto v4 = dead_ranges(absence, net::Family::V4);
  ASSERT_EQ(v4.size(), 3U);
  EXPECT_EQ(v4[0].counter, "party1");
  EXPECT_EQ(v4[1].counter, "party0");
  EXPECT_EQ(v4[2].counter, "party1");
  const auto v6 = dead_ranges(absence, net::Family::V6);
  ASSERT_EQ(v6.size(), 1U);
  EXPECT_EQ(v6[0].range.first.to_string(), "2001:db8::");
  EXPECT_EQ(v6[0].counter, "party0");
}

TEST(Canaries, AreOneForEachPartyAndFamily)
{
  model::Absence absence;
  absence.parties = {party("a", {"198.51.100.0/24", "2001:db8::/32"}),
                     party("b", {"192.0.2.7/32"})};
  const auto canaries = choose_canaries(absence, 64);
  ASSERT_EQ(canaries.size(), 3U);
  for (const auto& canary : canaries) {
    EXPECT_EQ(absence.party_of(canary.address), canary.party);
  }
  EXPECT_EQ(choose_canaries(absence, 2).size(), 2U);
  EXPECT_EQ(possible_canaries(absence), 3U);
}

// What if there is no IPv6? Its first addresses are this machine's own.
TEST(Canaries, OfAllThereIsCanBeSentTo)
{
  model::Absence absence;
  absence.parties = {party("a", {"::/0", "0.0.0.0/0"}), party("b", {"10.0.0.0/8"})};
  const auto canaries = choose_canaries(absence, 64);
  ASSERT_EQ(canaries.size(), 3U);
  EXPECT_EQ(canaries[0].address.to_string(), "1.0.0.1");
  EXPECT_EQ(canaries[1].address.to_string(), "2000::1");
  EXPECT_EQ(canaries[2].address.to_string(), "10.0.0.1");
}

TEST(Canaries, StandForNamesWhereAPartyHasNoAddresses)
{
  model::Absence absence;
  absence.parties = {party("a", {})};
  absence.names = {{.suffix = net::DomainName::parse("a.example").value(), .party = 0}};
  const auto canaries = choose_canaries(absence, 64);
  ASSERT_EQ(canaries.size(), 2U);
  EXPECT_TRUE(canaries[0].stands_for_names);
  EXPECT_TRUE(synthetic_v4().contains(canaries[0].address));
}

TEST(FindCommand, SaysWhatAShellWouldSay)
{
  const std::vector<std::string> environment = {"PATH=/usr/bin:/bin"};
  EXPECT_EQ(find_command("sh", environment).exit_code, 0);
  EXPECT_EQ(find_command("no-such-command", environment).exit_code, 127);
  EXPECT_EQ(find_command("/etc/hostname-that-is-not-there", environment).exit_code, 127);
  EXPECT_EQ(find_command("/etc/passwd", environment).exit_code, 126);
  EXPECT_EQ(find_command("/", environment).exit_code, 126);
  EXPECT_EQ(find_command("", environment).exit_code, 127);
}

TEST(ExitCode, ShowsWhatWasFoundOnlyWhenTheCommandItselfSucceeded)
{
  model::RunRecord record;
  EXPECT_EQ(exit_code_of(record, false), 0);
  EXPECT_EQ(exit_code_of(record, true), 1);
  record.exit_code = 7;
  EXPECT_EQ(exit_code_of(record, true), 7);
  record = {};
  record.uplink_died = true;
  EXPECT_EQ(exit_code_of(record, false), 1);
}

TEST(Evidence, JoinsNamesPartiesAndTimes)
{
  model::Absence absence;
  absence.parties = {party("microsoft", {"20.190.128.0/18"})};
  Seen seen;
  seen.started = model::Moment(std::chrono::seconds(100));
  seen.ended = model::Moment(std::chrono::seconds(200));
  seen.blocked = {
      {.address = address("20.190.128.1"), .protocol = IPPROTO_TCP, .port = 443, .packets = 5}};
  seen.passed = {
      {.address = address("193.0.6.139"), .protocol = IPPROTO_ICMP, .port = 0, .packets = 1}};
  seen.times.note({.prefix = rules::blocked_prefix,
                   .source = address("100.64.0.2"),
                   .destination = address("20.190.128.1"),
                   .protocol = IPPROTO_TCP,
                   .source_port = 1,
                   .destination_port = 443},
                  model::Moment(std::chrono::seconds(150)));
  const auto attempts = attempts_of(
      seen,
      absence,
      {.name_of = [](net::Address) { return std::optional<std::string>("login.example"); },
       .party_of_synthetic =
           [](net::Address) {
             return std::optional<std::size_t>();
           }});
  ASSERT_EQ(attempts.size(), 2U);
  EXPECT_EQ(attempts[0].party, "microsoft");
  EXPECT_EQ(attempts[0].name, "login.example");
  EXPECT_EQ(attempts[0].count, 5U);
  EXPECT_EQ(attempts[0].first, model::Moment(std::chrono::seconds(150)));
  EXPECT_EQ(attempts[1].protocol, "icmp");
  EXPECT_EQ(attempts[1].first, seen.started);
}

TEST(Evidence, TellsAllNamesThatLedToASharedAddress)
{
  Seen seen;
  seen.blocked = {
      {.address = address("20.190.128.1"), .protocol = IPPROTO_TCP, .port = 443, .packets = 1}};
  for (const char* name : {"b.example", "a.example", "elsewhere.example"}) {
    Question question;
    question.name = name;
    question.answers = {address(name[0] == 'e' ? "193.0.6.139" : "20.190.128.1")};
    seen.questions.push_back(question);
  }
  const auto attempts =
      attempts_of(seen,
                  {},
                  {.name_of = [](net::Address) { return std::optional<std::string>("b.example"); },
                   .party_of_synthetic =
                       [](net::Address) {
                         return std::optional<std::size_t>();
                       }});
  const auto packets = std::find_if(
      attempts.begin(), attempts.end(), [](const auto& each) { return each.protocol == "tcp"; });
  ASSERT_NE(packets, attempts.end());
  EXPECT_EQ(packets->name, "b.example");
  EXPECT_EQ(packets->names, (std::vector<std::string>{"a.example", "b.example"}));
}

TEST(Evidence, LeavesOutWhatTheProofAsked)
{
  Question question;
  question.name = ".";
  question.count = 1;
  auto again = question;
  again.count = 3;
  const auto since = questions_since({question}, {again});
  ASSERT_EQ(since.size(), 1U);
  EXPECT_EQ(since[0].count, 2U);
  EXPECT_TRUE(questions_since({question}, {question}).empty());
}

}  // namespace
}  // namespace zonder::isolate
