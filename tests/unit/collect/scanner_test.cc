// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// Against a resolver on loopback; the real libunbound asks it.
#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "base/file.hh"
#include "collect/scan/scanner.hh"
#include "support/scan_world.hh"

namespace zonder::collect {
namespace {

using mail::DomainRecords;
using namespace std::chrono_literals;
namespace type = wire::dns::type;

ScannerOptions by(const test::ScanWorld& world)
{
  ScannerOptions options;
  options.asker.resolver = world.resolver();
  options.asker.trust_anchors.clear();
  options.pages = false;
  options.rate_of_a_server = 10'000;
  return options;
}

struct Scanned {
  std::map<std::string, DomainRecords> domains;
  ScanCounts counts;
};

Scanned scan(const ScannerOptions& options,
             std::vector<std::string> domains,
             std::function<bool(const Scanned&)> stop = nullptr)
{
  Scanned scanned;
  const auto counts = scan_domains(options,
                                   {.next = [&]() -> std::optional<std::string> {
                                      if (domains.empty()) {
                                        return std::nullopt;
                                      }
                                      auto first = domains.front();
                                      domains.erase(domains.begin());
                                      return first;
                                    },
                                    .told =
                                        [&](DomainRecords records) {
                                          auto& place = scanned.domains[records.domain];
                                          place = std::move(records);
                                        },
                                    .stop = [&] { return stop && stop(scanned); },
                                    .now =
                                        [] {
                                          return model::Moment(1s);
                                        }});
  EXPECT_TRUE(counts) << counts.error().message;
  scanned.counts = counts.value_or(ScanCounts());
  return scanned;
}

std::vector<std::string> names_in(const mail::SpfReach& reach)
{
  std::vector<std::string> names;
  for (const auto& name : reach.names) {
    names.push_back(name.name);
  }
  return names;
}

TEST(Scanner, FindsEachKindOfRecord)
{
  const test::ScanWorld world;
  const auto scanned = scan(by(world), {"town.example", "nowhere.example"});
  ASSERT_EQ(scanned.domains.size(), 2U);
  EXPECT_FALSE(scanned.domains.at("nowhere.example").exists);
  const auto& town = scanned.domains.at("town.example");
  ASSERT_EQ(town.name_servers.size(), 1U);
  EXPECT_EQ(town.name_servers[0].name, "ns1.dns.example");
  EXPECT_EQ(town.name_servers[0].addresses.size(), 1U);
  ASSERT_EQ(town.mail_hosts.size(), 2U);
  EXPECT_EQ(town.mail_hosts[0].preference, 10U);
  EXPECT_EQ(town.mail_hosts[0].host.name, "eu-smtp-inbound-1.mimecast.com");
  EXPECT_EQ(town.mail_hosts[0].host.addresses.size(), 1U);
  EXPECT_EQ(names_in(town.spf_reach),
            (std::vector<std::string>{
                "spf.protection.outlook.com", "spf.supplier.example", "relay.supplier.example"}));
  EXPECT_EQ(town.spf_reach.lookups, 3U);
  EXPECT_TRUE(town.spf_reach.troubles.empty());
  EXPECT_EQ(town.verifications, std::vector<std::string>{"microsoft"});
  ASSERT_EQ(town.dkim.size(), 1U);
  EXPECT_EQ(town.dkim[0].aliases,
            std::vector<std::string>{"selector1-town-example._domainkey.town.onmicrosoft.com"});
  EXPECT_TRUE(town.dkim[0].has_key);
  ASSERT_EQ(town.mail_programs.size(), 1U);
  EXPECT_EQ(town.mail_programs[0].target, "autodiscover.outlook.com");
  ASSERT_EQ(town.services.size(), 1U);
  EXPECT_EQ(town.services[0].target, "sipdir.online.lync.com");
  EXPECT_EQ(town.services[0].port, 443U);
  EXPECT_EQ(town.dmarc, "v=DMARC1; p=reject");
  EXPECT_EQ(town.mta_sts, "v=STSv1; id=20260101");
  EXPECT_EQ(town.authorities, std::vector<std::string>{"letsencrypt.org"});
  ASSERT_EQ(town.sites.size(), 1U);
  EXPECT_EQ(town.sites[0].name, "www.town.example");
  EXPECT_TRUE(town.unanswered.empty());
  EXPECT_EQ(town.seen, model::Moment(1s));
}

TEST(Scanner, DoesNotTakeAResolverWithoutSignaturesForAForger)
{
  const test::ScanWorld world;
  auto options = by(world);
  const auto folder = TemporaryFolder::make().value();
  options.asker.trust_anchors = folder.path() + "/root.key";
  // An anchor of nobody's: what the root signs with it, no resolver here can show.
  ASSERT_TRUE(write_file(
      options.asker.trust_anchors,
      ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n"));
  const auto scanned = scan(options, {"town.example"});
  const auto& town = scanned.domains.at("town.example");
  EXPECT_EQ(town.mail_hosts.size(), 2U);
  EXPECT_EQ(town.dnssec, mail::Dnssec::Unknown);
}

TEST(Scanner, AsksOnceWhatManyDomainsShare)
{
  test::ScanWorld world;
  world.add_villages(40);
  std::vector<std::string> domains;
  for (int i = 0; i < 40; ++i) {
    domains.push_back("d" + std::to_string(i) + ".example");
  }
  const auto scanned = scan(by(world), domains);
  EXPECT_EQ(scanned.domains.size(), 40U);
  EXPECT_EQ(world.asked("spf.supplier.example", type::txt), 1U);
  EXPECT_EQ(world.asked("ns1.dns.example", type::a), 1U);
}

TEST(Scanner, KeepsToItsRateInAll)
{
  const test::ScanWorld world;
  auto options = by(world);
  options.rate = 100;
  const auto start = std::chrono::steady_clock::now();
  const auto scanned = scan(options, {"town.example", "village.example"});
  const auto seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  // A slow machine only takes longer: this cannot fail by the load of others.
  EXPECT_GE(seconds, (static_cast<double>(scanned.counts.questions) - 11) / 100);
  EXPECT_GT(scanned.counts.questions, 50U);
}

TEST(Scanner, KeepsToTheRateOfOneOperatorsServers)
{
  const test::ScanWorld world;
  auto options = by(world);
  options.rate_of_a_server = 50;
  const auto start = std::chrono::steady_clock::now();
  const auto scanned = scan(options, {"village.example"});
  const auto seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  constexpr double of_others = 10;  // questions outside village.example
  EXPECT_GE(seconds, (static_cast<double>(scanned.counts.questions) - of_others - 6) / 50);
}

TEST(Scanner, GivesUpOnASilentServerAndSaysSoWithoutHoldingUpOthers)
{
  test::ScanWorld world;
  auto options = by(world);
  options.asker.patience = 300ms;
  const auto scanned = scan(options, {"silent.example", "village.example"});
  ASSERT_EQ(scanned.domains.size(), 2U);
  const auto& silent = scanned.domains.at("silent.example");
  EXPECT_TRUE(silent.exists);
  EXPECT_NE(std::find(silent.unanswered.begin(), silent.unanswered.end(), "MX"),
            silent.unanswered.end());
  EXPECT_GT(scanned.counts.silences, 0U);
}

TEST(Scanner, StopsWhenItIsAskedToAndKeepsWhatIsDone)
{
  test::ScanWorld world;
  world.add_villages(200);
  std::vector<std::string> domains;
  for (int i = 0; i < 200; ++i) {
    domains.push_back("d" + std::to_string(i) + ".example");
  }
  auto options = by(world);
  options.domains_at_once = 5;
  const auto scanned =
      scan(options, domains, [](const Scanned& so_far) { return so_far.domains.size() >= 10; });
  EXPECT_GE(scanned.domains.size(), 10U);
  EXPECT_LT(scanned.domains.size(), 30U);
}

TEST(DnsContent, IsLeftOutWhereItIsNotWhatItsTypeSays)
{
  using enum mail::RecordType;
  const auto sound = [](mail::RecordType type, std::string_view data) {
    bool is_sound = true;
    (void)datum_of(type, data, is_sound);
    return is_sound;
  };
  using namespace std::string_view_literals;
  EXPECT_TRUE(sound(A, "\xc0\0\2\1"sv));
  EXPECT_FALSE(sound(A, "\xc0\0\2"sv));
  EXPECT_FALSE(sound(A, "\xc0\0\2\1\1"sv));
  EXPECT_TRUE(sound(Mx, "\0\x0a\1a\0"sv));
  EXPECT_FALSE(sound(Mx, "\0\x0a\5a\0"sv));
  EXPECT_FALSE(sound(Ns, "\xc0\x0c"sv));  // compression: the library gives none
  EXPECT_FALSE(sound(Txt, "\5abc"sv));
  EXPECT_TRUE(sound(Txt, "\3abc\0"sv));
  EXPECT_FALSE(sound(Caa, "\0\5iodefmailto:a@b.nl"sv));
  EXPECT_FALSE(sound(Caa, "\0\5issue;"sv));
}

TEST(DnsContent, ShowsOddBytesOfNamesAsNumbers)
{
  bool sound = true;
  using namespace std::string_view_literals;
  EXPECT_EQ(datum_of(mail::RecordType::Ns, "\4A\x1b.b\2nl\0"sv, sound).text, "a\\027\\046b.nl");
  EXPECT_TRUE(sound);
}

}  // namespace
}  // namespace zonder::collect
