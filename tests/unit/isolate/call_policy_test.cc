// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <string>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "isolate/call_policy.hh"
#include "isolate/call_tally.hh"
#include "isolate/int_option.hh"
#include "isolate/never_forwarded.hh"
#include "isolate/own_sockets.hh"
#include "kernel/socket_filter.hh"

namespace zonder::isolate {
namespace {

model::Absence absence()
{
  model::Absence absence;
  absence.parties.push_back(
      {.id = "microsoft",
       .name = "Microsoft",
       .addresses = net::PrefixSet::of(std::vector{*net::Prefix::parse("20.190.128.0/18"),
                                                   *net::Prefix::parse("2603:1000::/24")})});
  return absence;
}

/// "absent 0", "pass", ...
std::string fate(const char* address,
                 std::uint16_t port,
                 std::uint8_t protocol = IPPROTO_TCP,
                 bool absent_now = true)
{
  static const auto gone = absence();
  static const CallPolicy policy(
      gone, {5432}, [](net::Address) { return std::optional<std::size_t>(7); });
  const auto own = [](const Destination& to) {
    return to.port == (to.protocol == IPPROTO_TCP ? 8080 : 8081);
  };
  const auto decision = policy.decide(
      {.address = *net::Address::try_parse(address), .protocol = protocol, .port = port},
      own,
      absent_now);
  const auto party = decision.party ? " " + std::to_string(*decision.party) : std::string();
  switch (decision.fate) {
  case Fate::Pass:
    return "pass" + party;
  case Fate::Absent:
    return "absent" + party;
  case Fate::NameServer:
    return "names" + party;
  case Fate::PrivateDns:
    return "private dns" + party;
  case Fate::Nowhere:
    return "nowhere" + party;
  case Fate::Here:
    return "here" + party;
  case Fate::NotHere:
    return "not here" + party;
  }
  return "";
}

TEST(CallPolicy, TheAbsentAreAbsentByWhicheverAddressTheyAreReached)
{
  EXPECT_EQ(fate("20.190.128.1", 443), "absent 0");
  EXPECT_EQ(fate("2603:1026::1", 443), "absent 0");
  EXPECT_EQ(fate("64:ff9b::14be:8001", 443), "absent 0") << "behind a translator";
  EXPECT_EQ(fate("20.190.128.1", 53, IPPROTO_UDP), "absent 0") << "a resolver of theirs";
  EXPECT_EQ(fate("20.190.128.1", 0, IPPROTO_ICMP), "absent 0");
  EXPECT_EQ(fate("198.18.0.1", 80), "absent 7") << "stands for a name";
  EXPECT_EQ(fate("193.0.6.139", 443), "pass");
  EXPECT_EQ(fate("64:ff9b::c100:68b", 443), "pass");
}

TEST(CallPolicy, NobodyIsAbsentBeforehandButStandInsAlwaysAre)
{
  EXPECT_EQ(fate("20.190.128.1", 443, IPPROTO_TCP, false), "pass");
  EXPECT_EQ(fate("64:ff9b::14be:8001", 443, IPPROTO_TCP, false), "pass");
  EXPECT_EQ(fate("fd00:7a6f:6e64:6572::1", 80, IPPROTO_TCP, false), "absent 7");
}

TEST(CallPolicy, NamesGoToOurOwnServerAndNotOverTls)
{
  EXPECT_EQ(fate("9.9.9.9", 53, IPPROTO_UDP), "names");
  EXPECT_EQ(fate("9.9.9.9", 53), "names");
  EXPECT_EQ(fate("127.0.0.53", 53, IPPROTO_UDP), "names");
  EXPECT_EQ(fate("9.9.9.9", 853), "private dns");
}

TEST(CallPolicy, OfThisMachineOnlyWhatIsOursOrAllowed)
{
  EXPECT_EQ(fate("127.0.0.1", 631), "not here");
  EXPECT_EQ(fate("0.0.0.0", 631), "not here");
  EXPECT_EQ(fate("::", 631), "not here");
  EXPECT_EQ(fate("::1", 8080), "here");
  EXPECT_EQ(fate("::1", 8080, IPPROTO_UDP), "not here");
  EXPECT_EQ(fate("127.0.0.1", 8081, IPPROTO_UDP), "here");
  EXPECT_EQ(fate("127.0.0.1", 5432), "here");
  EXPECT_EQ(fate("127.0.0.1", 5432, IPPROTO_UDP), "not here");
}

TEST(CallPolicy, AddressesThatMeanAnotherLeadNowhere)
{
  for (const char* address : {"::20.190.128.1",
                              "::ffff:0:20.190.128.1",
                              "2002:14be:8001::1",
                              "2001::1",
                              "64:ff9b:1::1",
                              "fe80::1",
                              "169.254.169.254",
                              "224.0.0.251",
                              "ff02::fb",
                              "255.255.255.255"}) {
    EXPECT_EQ(fate(address, 80), "nowhere") << address;
  }
}

TEST(CallPolicy, HasTheListOfTheGateway)
{
  for (const auto& prefix : never_forwarded()) {
    for (const auto& address : {prefix.first(), prefix.last()}) {
      const auto what = fate(address.to_string().c_str(), 80);
      EXPECT_TRUE(what == "nowhere" || what == "not here") << address.to_string() << " " << what;
    }
  }
}

/// Of a port where the command has socket 1, and 3 is one of MPTCP.
bool alone(const char* to, std::vector<kernel::SocketRow> there)
{
  OwnSockets own;
  own.note(IPPROTO_TCP, 5432, 1);
  own.note(IPPROTO_TCP, 5432, 3);
  return own.alone_get(
      {.address = *net::Address::try_parse(to), .protocol = IPPROTO_TCP, .port = 5432}, there);
}

kernel::SocketRow row(const char* at, std::uint64_t cookie, bool is_mptcp = false)
{
  return {.address = *net::Address::try_parse(at), .cookie = cookie, .is_mptcp = is_mptcp};
}

TEST(OwnSockets, AreOnlyThoseThatAPacketFinds)
{
  EXPECT_TRUE(alone("127.0.0.1", {row("127.0.0.1", 1)}));
  EXPECT_TRUE(alone("127.0.0.1", {row("0.0.0.0", 1)}));
  EXPECT_TRUE(alone("127.0.0.1", {row("::", 1)}));
  EXPECT_TRUE(alone("::1", {row("::", 1), row("127.0.0.1", 2)}));
  EXPECT_FALSE(alone("127.0.0.1", {})) << "it listens no more";
  EXPECT_FALSE(alone("127.0.0.1", {row("127.0.0.2", 1)}));
  EXPECT_FALSE(alone("::1", {row("0.0.0.0", 1)}));
  EXPECT_FALSE(alone("127.0.0.1", {row("127.0.0.1", 0)})) << "without a number it is nobody's";
}

TEST(OwnSockets, AreNotThoseThatSomebodyElseMayGetItInTheStead)
{
  EXPECT_FALSE(alone("127.0.0.1", {row("127.0.0.2", 1), row("127.0.0.1", 2)}));
  EXPECT_FALSE(alone("127.0.0.1", {row("0.0.0.0", 1), row("127.0.0.1", 2)}));
  EXPECT_FALSE(alone("127.0.0.1", {row("127.0.0.1", 1), row("127.0.0.1", 2)}));
  EXPECT_FALSE(alone("127.0.0.1", {row("::", 1), row("127.0.0.1", 2)}));
  EXPECT_FALSE(alone("0.0.0.0", {row("127.0.0.2", 1), row("127.0.0.1", 2)}));
  EXPECT_FALSE(alone("::", {row("::1", 1), row("127.0.0.1", 2)}));
}

TEST(OwnSockets, OfMptcpHaveTwoRows)
{
  EXPECT_TRUE(alone("127.0.0.1", {row("127.0.0.1", 4), row("127.0.0.1", 3, true)}));
  EXPECT_FALSE(alone("127.0.0.1", {row("127.0.0.1", 6), row("127.0.0.1", 5, true)}));
  EXPECT_FALSE(
      alone("127.0.0.1", {row("127.0.0.1", 2), row("0.0.0.0", 4), row("0.0.0.0", 3, true)}));
  EXPECT_FALSE(alone("127.0.0.1",
                     {row("127.0.0.1", 4),
                      row("127.0.0.1", 3, true),
                      row("127.0.0.1", 6),
                      row("127.0.0.1", 5, true)}));
}

TEST(OwnSockets, ForgetTheOldestFirst)
{
  OwnSockets own(2);
  for (const std::uint64_t cookie : {1U, 2U, 3U}) {
    own.note(IPPROTO_TCP, 5432, cookie);
  }
  const Destination to{
      .address = *net::Address::try_parse("127.0.0.1"), .protocol = IPPROTO_TCP, .port = 5432};
  EXPECT_TRUE(own.had_port(to));
  EXPECT_FALSE(own.alone_get(to, std::vector{row("127.0.0.1", 1)}));
  EXPECT_TRUE(own.alone_get(to, std::vector{row("127.0.0.1", 3)}));
}

TEST(IntOption, SourceRoutesAndWhatNeedsRightsAreNotHarmless)
{
  EXPECT_TRUE(is_harmless_int_option(SOL_SOCKET, SO_REUSEADDR));
  EXPECT_TRUE(is_harmless_int_option(IPPROTO_TCP, TCP_NODELAY));
  EXPECT_TRUE(is_harmless_int_option(IPPROTO_IPV6, IPV6_V6ONLY));
  EXPECT_FALSE(is_harmless_int_option(IPPROTO_IP, IP_OPTIONS));
  EXPECT_FALSE(is_harmless_int_option(IPPROTO_IP, IP_TRANSPARENT));
  EXPECT_FALSE(is_harmless_int_option(IPPROTO_IPV6, IPV6_RTHDR));
  EXPECT_FALSE(is_harmless_int_option(IPPROTO_IPV6, 32)) << "IPV6_FLOWLABEL_MGR";
  EXPECT_FALSE(is_harmless_int_option(SOL_SOCKET, SO_MARK));
  EXPECT_FALSE(is_harmless_int_option(SOL_SOCKET, SO_BINDTODEVICE));
}

TEST(CallTally, CountsEachPlaceAndPastItsBoundOnlyTheTotal)
{
  CallTally tally(2);
  const auto at = [](const char* text) {
    return Destination{
        .address = *net::Address::try_parse(text), .protocol = IPPROTO_TCP, .port = 443};
  };
  const model::Moment now{};
  for (const char* text : {"192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.3"}) {
    tally.note(at(text), true, now);
  }
  EXPECT_EQ(tally.total(true), 4U);
  EXPECT_EQ(tally.total(false), 0U);
  EXPECT_EQ(tally.tried(at("192.0.2.1"), true), 2U);
  EXPECT_EQ(tally.tried(at("192.0.2.1"), false), 0U);
  EXPECT_EQ(tally.destinations(true).size(), 2U);
}

TEST(SocketFilter, LetsMakeOnlyWhatCallsNameAnAddressFor)
{
  EXPECT_EQ(kernel::may_make_socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), 0);
  EXPECT_EQ(kernel::may_make_socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, IPPROTO_UDP), 0);
  EXPECT_EQ(kernel::may_make_socket(AF_UNIX, SOCK_SEQPACKET, 0), 0);
  EXPECT_EQ(kernel::may_make_socket(AF_NETLINK, SOCK_RAW, 0), 0);
  EXPECT_EQ(kernel::may_make_socket(AF_INET, SOCK_RAW, IPPROTO_ICMP), EPERM);
  EXPECT_EQ(kernel::may_make_socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP), EPROTONOSUPPORT);
  EXPECT_EQ(kernel::may_make_socket(AF_PACKET, SOCK_RAW, 0), EAFNOSUPPORT);
  EXPECT_EQ(kernel::may_make_socket(AF_VSOCK, SOCK_STREAM, 0), EAFNOSUPPORT);
}

}  // namespace
}  // namespace zonder::isolate
