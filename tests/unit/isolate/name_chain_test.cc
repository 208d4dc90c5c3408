// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "isolate/evidence.hh"
#include "isolate/name_chain.hh"
#include "support/fake_resolver.hh"
#include "support/small_absence.hh"

namespace zonder::isolate {
namespace {

namespace type = wire::dns::type;
using namespace zonder::test;
using Reason = model::NameStep::Reason;
using Asked = FakeResolver::Asked;

/// What a resolver has in its cache: where it would go next for names under these.
struct Zone {
  std::string name;
  std::vector<std::string> servers;
};
struct Cache {
  std::vector<Zone> zones;
  std::vector<std::pair<std::string, std::string>> addresses;  // sent along
  std::vector<std::pair<std::string, std::string>> aliases;
  std::vector<std::pair<std::string, std::string>> asked_only;  // told only when asked for
};

bool is_under(const std::string& name, const std::string& zone)
{
  return name == zone || name.ends_with("." + zone);
}

TestRecord address(const std::string& name, const std::string& text)
{
  return {name, text.find(':') == std::string::npos ? type::a : type::aaaa, address_data(text)};
}

std::vector<FakeResolver::Answer> answer_from(const Cache& cache, const Asked& asked)
{
  const auto& name = asked.question.name;
  TestMessage message{.id = asked.id, .name = name, .type = asked.question.type};
  for (const auto& [owner, to] : cache.aliases) {
    if (asked.question.type == type::cname && owner == name) {
      message.answers.push_back({owner, type::cname, name_data(to)});
    }
  }
  for (const auto& [owner, text] : cache.asked_only) {
    const auto record = address(owner, text);
    if (owner == name && record.type == asked.question.type) {
      message.answers.push_back(record);
    }
  }
  for (const auto& zone : cache.zones) {
    if (message.authority.empty() && is_under(name, zone.name)) {
      for (const auto& server : zone.servers) {
        message.authority.push_back({zone.name, type::ns, name_data(server)});
        for (const auto& [owner, text] : cache.addresses) {
          if (owner == server) {
            message.additional.push_back(address(owner, text));
          }
        }
      }
    }
  }
  return {{.bytes = write(message)}};
}

/// What is found about one name that failed.
std::vector<model::NameStep>
chain_of(const std::string& name, const Cache& cache, NameChains::Families families = {})
{
  FakeResolver resolver([&](const Asked& asked) { return answer_from(cache, asked); });
  auto loop = EventLoop::open().value();
  Resolvers resolvers(
      loop, {.upstream = {{.address = net::Address::v4(0x7f000001), .port = resolver.port()}}});
  const auto absence = small_absence();
  NameChains chains(resolvers, absence, families);
  chains.look(name);
  chains.when_idle([&loop] { loop.stop(); });
  loop.run();
  const auto found = chains.found();
  return found.empty() ? std::vector<model::NameStep>() : found.front().chain;
}

const Cache azure{.zones = {{"shops.example", {"ns1.azure-dns.example", "ns2.azure-dns.example"}},
                            {"gemeente.example", {"ns.gemeente.example"}}},
                  .addresses = {{"ns1.azure-dns.example", "20.190.128.1"},
                                {"ns2.azure-dns.example", "20.190.128.2"},
                                {"ns2.azure-dns.example", "2603:1026::2"},
                                {"ns.gemeente.example", "193.0.6.139"}},
                  .aliases = {{"shop.gemeente.example", "one.shops.example"}},
                  .asked_only = {}};

TEST(NameChains, TellTheAliasAndThenTheServersThatAreAllAbsent)
{
  const auto chain = chain_of("shop.gemeente.example", azure);
  ASSERT_EQ(chain.size(), 2U);
  EXPECT_EQ(chain[0],
            (model::NameStep{.name = "shop.gemeente.example",
                             .zone = "gemeente.example",
                             .reason = Reason::Alias,
                             .target = "one.shops.example",
                             .servers = {}}));
  EXPECT_EQ(chain[1].reason, Reason::ServersAbsent);
  EXPECT_EQ(chain[1].zone, "shops.example");
  ASSERT_EQ(chain[1].servers.size(), 3U);
  EXPECT_EQ(chain[1].servers[1],
            (model::NameServer{.name = "ns2.azure-dns.example",
                               .address = net::Address::try_parse("20.190.128.2"),
                               .party = "microsoft"}));
}

TEST(NameChains, SayNothingWhenOneServerLives)
{
  auto mixed = azure;
  mixed.addresses.emplace_back("ns1.azure-dns.example", "193.0.6.140");
  EXPECT_TRUE(chain_of("one.shops.example", mixed).empty());
  // A server that only a missing family reaches is none.
  mixed.addresses.back().second = "2001:67c:2e8:22::1";
  EXPECT_TRUE(chain_of("one.shops.example", mixed).empty());
  EXPECT_EQ(chain_of("one.shops.example", mixed, {.v4 = true, .v6 = false}).size(), 1U);
}

TEST(NameChains, AskForTheAddressesThatWereNotSentAlong)
{
  auto apart = azure;
  apart.asked_only = std::exchange(apart.addresses, {});
  EXPECT_EQ(chain_of("one.shops.example", apart), chain_of("one.shops.example", azure));
}

TEST(NameChains, FollowServersWhoseOwnNamesAreStuck)
{
  Cache cache{.zones = {{"gemeente.example", {"ns.dns-house.example"}},
                        {"dns-house.example", {"ns1.azure-dns.example"}}},
              .addresses = {{"ns1.azure-dns.example", "20.190.128.1"}},
              .aliases = {},
              .asked_only = {}};
  const auto chain = chain_of("www.gemeente.example", cache);
  ASSERT_EQ(chain.size(), 2U);
  EXPECT_EQ(chain[0].reason, Reason::ServersNotResolved);
  EXPECT_EQ(chain[0].servers.at(0), (model::NameServer{.name = "ns.dns-house.example"}));
  EXPECT_EQ(chain[1].name, "ns.dns-house.example");
  EXPECT_EQ(chain[1].reason, Reason::ServersAbsent);
  // Servers that nobody can find, and no absent party anywhere: no reason that we can see.
  cache.zones[1].servers = {"ns.dns-house.example"};
  EXPECT_TRUE(chain_of("www.gemeente.example", cache).empty());
}

TEST(NameChains, EndWhereAliasesGoRound)
{
  auto round = azure;
  round.aliases = {{"a.gemeente.example", "b.gemeente.example"},
                   {"b.gemeente.example", "a.gemeente.example"}};
  EXPECT_TRUE(chain_of("a.gemeente.example", round).empty());
  EXPECT_TRUE(chain_of("unheard-of.nl", azure).empty());
}

TEST(Evidence, AChainStandsOnlyWhenOneOfItsServersWasAskedInVain)
{
  model::NameResolution dns;
  dns.failed = {
      {.name = "shop.gemeente.example", .chain = chain_of("shop.gemeente.example", azure)}};
  auto unseen = dns;
  const kernel::NftDestination elsewhere{.address = *net::Address::try_parse("20.190.130.1"),
                                         .protocol = 17,
                                         .port = 53,
                                         .packets = 2};
  add_stops_of_resolver(unseen, {elsewhere}, small_absence());
  EXPECT_TRUE(unseen.failed.at(0).chain.empty());
  auto here = elsewhere;
  here.address = *net::Address::try_parse("20.190.128.1");
  add_stops_of_resolver(dns, {elsewhere, here}, small_absence());
  EXPECT_EQ(dns.failed.at(0).chain.size(), 2U);
  ASSERT_EQ(dns.asked_in_vain.size(), 2U);
  EXPECT_EQ(dns.asked_in_vain[0],
            (model::NameServerAsked{.address = here.address, .party = "microsoft", .count = 2}));
}

}  // namespace
}  // namespace zonder::isolate
