// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// Whose address is it, with the shipped catalogue and the lists that vendors and others really
// published: the traps of docs/adr/0006-whose-address.md, and how often the answer is right.
#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "base/file.hh"
#include "catalog/catalog.hh"
#include "catalog/fact_counts.hh"
#include "catalog/snapshot.hh"
#include "catalog/user_snapshot.hh"
#include "support/shared_data.hh"

namespace zonder::catalog {
namespace {

constexpr Date day{2026, 11, 23};

std::string shipped()
{
  return std::filesystem::path(ZONDER_BINARY).parent_path().parent_path() /
         "share/zonder/catalog.snapshot";
}

#define ZONDER_NEEDS_CATALOGUE()                                                                   \
  do {                                                                                             \
    if (!std::filesystem::exists(shipped())) {                                                     \
      GTEST_SKIP() << "needs " << shipped() << ": run script/bootstrap and build again";           \
    }                                                                                              \
  } while (false)

/// The shipped catalogue with everything below `paths` of ../shared taken in.
Catalog with_lists(const std::vector<std::string>& paths)
{
  auto content = content_to_extend(shipped(), "").value();
  const std::string file = ZONDER_SOURCE_DIR "/data/feeds.yaml";
  const auto feeds = load_feeds(file, read_file(file).value()).value();
  wire::ListHints hints;
  for (const Party& party : content.facts.parties) {
    hints.known_parties.push_back(party.id);
  }
  for (const std::string& path : paths) {
    const auto lists = wire::read_lists(test::shared_data(path), hints).value();
    for (const auto& list : lists.files) {
      take_list(content, list, feeds, "", "2026-11-23");
    }
  }
  return Catalog::from_bytes(compile_snapshot(content)).value();
}

const Catalog& with_all_lists()
{
  static const Catalog catalog = with_lists({"provider-lists"});
  return catalog;
}

struct Sample {
  std::string address;
  std::string expected;  // party, or "none"
};

std::vector<Sample> samples()
{
  std::ifstream file(test::shared_data("addresses/sample.tsv"));
  std::string line;
  std::getline(file, line);
  std::vector<Sample> all;
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    Sample sample;
    fields >> sample.address >> sample.expected;
    all.push_back(std::move(sample));
  }
  return all;
}

struct Score {
  int right = 0;
  int all = 0;
  int false_alarms = 0;  // addresses of nobody that are called one of the parties
};

bool is_right(const Answer& answer, const std::string& expected)
{
  return answer.party == expected ||
         std::any_of(answer.control.owners.begin(),
                     answer.control.owners.end(),
                     [&expected](const OwnerAbove& owner) { return owner.id == expected; });
}

/// Counts, and prints a row for each party.
Score score(const Catalog& catalog)
{
  const auto all = samples();
  std::map<std::string, Score> by_party;
  for (const Sample& sample : all) {
    by_party[sample.expected];
  }
  Score total;
  for (const Sample& sample : all) {
    const auto answer = catalog.who(sample.address, day).value();
    if (sample.expected == "none") {
      total.false_alarms += static_cast<int>(by_party.count(answer.party));
      continue;
    }
    const bool right = is_right(answer, sample.expected);
    for (Score* each : {&total, &by_party[sample.expected]}) {
      each->right += static_cast<int>(right);
      ++each->all;
    }
  }
  for (const auto& [party, each] : by_party) {
    if (each.all > 0) {
      std::printf("  %-14s %4d of %4d right\n", party.c_str(), each.right, each.all);
    }
  }
  std::printf("  %-14s %4d of %4d right, %d false alarms\n",
              "all",
              total.right,
              total.all,
              total.false_alarms);
  return total;
}

TEST(WhoseAddress, WithTheListsNearlyEveryAnswerIsRight)
{
  ZONDER_NEEDS_SHARED("provider-lists");
  ZONDER_NEEDS_SHARED("addresses/sample.tsv");
  ZONDER_NEEDS_CATALOGUE();
  const Score total = score(with_all_lists());
  EXPECT_EQ(total.all, 2500);
  EXPECT_GE(total.right * 1000, total.all * 995);
  EXPECT_EQ(total.false_alarms, 0);
}

TEST(WhoseAddress, WithTheShippedCatalogueAloneMostAnswersAreRight)
{
  ZONDER_NEEDS_SHARED("addresses/sample.tsv");
  ZONDER_NEEDS_CATALOGUE();
  const Score total = score(Catalog::open({shipped()}).value());
  EXPECT_GE(total.right * 100, total.all * 94);
  EXPECT_EQ(total.false_alarms, 0);
}

/// How many IPv4 addresses a party of a selection has.
std::uint64_t v4_addresses(const Catalog& catalog, const char* selector)
{
  std::uint64_t count = 0;
  const auto selection = catalog.select(selector, "", day, day).value();
  for (const auto& party : selection.absence.parties) {
    for (const auto& range : party.addresses.ranges()) {
      count += range.first.is_v4() ? range.last.low() - range.first.low() + 1 : 0;
    }
  }
  return count;
}

TEST(WhoseAddress, GithubsListDoesNotTakeAzure)
{
  ZONDER_NEEDS_SHARED("provider-lists");
  ZONDER_NEEDS_CATALOGUE();
  const auto before = v4_addresses(Catalog::open({shipped()}).value(), "github");
  // Also when GitHub's is the only list there is.
  const auto alone = with_lists({"provider-lists/prefixes-lordalfred.tar.xz"});
  for (const Catalog* catalog : {&alone, &with_all_lists()}) {
    const auto github = v4_addresses(*catalog, "github");
    EXPECT_GE(github, before);
    EXPECT_LT(github, 20'000U);
    EXPECT_GT(v4_addresses(*catalog, "microsoft"), 40'000'000U);
    // 4.148.0.0/14 is in GitHub's list, for the machines that it rents in Azure.
    EXPECT_EQ(catalog->who("4.148.0.1", day)->party, "microsoft");
    EXPECT_EQ(catalog->who("140.82.121.4", day)->party, "github");
  }
}

TEST(WhoseAddress, LinodeInsideAkamaisNetworkIsLinodes)
{
  ZONDER_NEEDS_SHARED("provider-lists");
  ZONDER_NEEDS_SHARED("addresses/sample.tsv");
  ZONDER_NEEDS_CATALOGUE();
  int inside = 0;
  for (const Sample& sample : samples()) {
    const auto answer = with_all_lists().who(sample.address, day).value();
    if (sample.expected == "linode" && answer.asn && answer.asn->number == 20940) {
      EXPECT_EQ(answer.party, "linode") << sample.address;
      ++inside;
    }
  }
  EXPECT_GT(inside, 0);
}

TEST(WhoseAddress, AzureInChinaIsMicrosoftsAndRunByAnother)
{
  ZONDER_NEEDS_CATALOGUE();
  const auto catalog = Catalog::open({shipped()}).value();
  const auto ranges = catalog.snapshot().ranges_of(net::Asn{58593});
  ASSERT_FALSE(ranges.empty());
  const auto answer = catalog.who(ranges.front().first, day);
  EXPECT_EQ(answer.party, "microsoft");
  EXPECT_EQ(answer.service, "azure-china");
  EXPECT_EQ(answer.control.operator_id, "shanghai-blue-cloud");
  EXPECT_EQ(answer.control.operator_jurisdiction, "CN");
  EXPECT_EQ(answer.asn->number, 58593U);
}

TEST(WhoseAddress, ApplesRelayLiesInTheNetworksOfOthers)
{
  ZONDER_NEEDS_SHARED("provider-lists");
  ZONDER_NEEDS_CATALOGUE();
  // 104.28.100.10/31 is in the list of the relay's exits.
  EXPECT_EQ(with_all_lists().who("104.28.100.10", day)->party, "cloudflare");
}

TEST(WhoseAddress, NorwayIsACountry)
{
  ZONDER_NEEDS_CATALOGUE();
  const auto catalog = Catalog::open({shipped()}).value();
  const auto selection = catalog.select("@no", "", day, day);
  ASSERT_TRUE(selection) << selection.error().message;
  for (const auto& party : selection->absence.parties) {
    const auto index = catalog.facts().index_of(party.id);
    const auto control = catalog.control_of(index.value(), "", day);
    const bool norwegian =
        control.operator_jurisdiction == "NO" ||
        std::any_of(control.owners.begin(), control.owners.end(), [](const OwnerAbove& owner) {
          return owner.jurisdiction == "NO";
        });
    EXPECT_TRUE(norwegian) << party.id;
  }
  EXPECT_GT(catalog.select("registry:no", "", day, day)->prefixes_v4, 100U);
}

TEST(WhoseAddress, ThePartiesOfASelectionDoNotOverlap)
{
  ZONDER_NEEDS_SHARED("provider-lists");
  ZONDER_NEEDS_CATALOGUE();
  const auto selection = *with_all_lists().select("@us,registry:US,as15169", "", day, day);
  std::vector<net::Range> all;
  for (const auto& party : selection.absence.parties) {
    all.insert(all.end(), party.addresses.ranges().begin(), party.addresses.ranges().end());
  }
  std::sort(all.begin(), all.end());
  for (std::size_t i = 1; i < all.size(); ++i) {
    ASSERT_TRUE(all[i - 1].last < all[i].first) << all[i].first.to_string();
  }
}

TEST(Facts, TenDrawnOnesEachShowTheirSource)
{
  ZONDER_NEEDS_CATALOGUE();
  const auto catalog = Catalog::open({shipped()}).value();
  std::vector<StatedFact> sourced;
  std::size_t counted = 0;
  for (const FactCount& count : count_facts(catalog.facts())) {
    counted += count.sourced;
  }
  for (StatedFact& fact : stated_facts(catalog.facts())) {
    if (fact.confidence != Confidence::Unverified) {
      sourced.push_back(std::move(fact));
    }
  }
  EXPECT_EQ(sourced.size(), counted) << "counted as sourced, but without a confidence";
  ASSERT_GE(sourced.size(), 10U);
  // Spread over the whole by a fixed seed, so that a failure can be seen again.
  std::uint64_t random = 20261123;
  for (int i = 0; i < 10; ++i) {
    random = random * 6364136223846793005ULL + 1442695040888963407ULL;
    const StatedFact& fact = sourced[(random >> 33U) % sourced.size()];
    ASSERT_NE(fact.source, nullptr) << fact.party << ": " << fact.statement;
    EXPECT_FALSE(fact.source->title.empty());
    EXPECT_FALSE(fact.source->ref.empty());
    EXPECT_TRUE(fact.source->opened.is_whole_day());
    ASSERT_FALSE(fact.source->says.empty());
    // The sentence that names it, where there is one.
    const std::string word = fact.statement.substr(0, fact.statement.find(','));
    const auto& says = fact.source->says;
    const auto named = std::find_if(says.begin(), says.end(), [&word](const std::string& text) {
      return text.find(word) != std::string::npos;
    });
    std::printf("  %s, %s: %s\n    %s (%s), opened %s\n    says: %.200s\n",
                fact.party.c_str(),
                fact.kind.c_str(),
                fact.statement.c_str(),
                fact.source->title.c_str(),
                fact.source->ref.c_str(),
                fact.source->opened.to_string().c_str(),
                (named == says.end() ? says.front() : *named).c_str());
  }
}

}  // namespace
}  // namespace zonder::catalog
