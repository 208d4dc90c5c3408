// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <map>
#include <random>
#include <tuple>

#include <gtest/gtest.h>

#include "collect/aggregator.hh"

namespace zonder::collect {
namespace {

using model::Glimpse;
using model::Kind;
using model::Moment;
using model::Relation;
using model::Via;

using Key = std::tuple<Kind, std::string, Relation, Kind, std::string, Via>;
struct Sum {
  std::optional<Moment> first;
  std::optional<Moment> last;
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
  bool operator==(const Sum&) const = default;
};
using Sums = std::map<Key, Sum>;

void widen(Sum& sum,
           const std::optional<Moment>& first,
           const std::optional<Moment>& last,
           std::uint64_t count,
           std::uint64_t bytes)
{
  sum.first = first && (!sum.first || *first < *sum.first) ? first : sum.first;
  sum.last = last && (!sum.last || *last > *sum.last) ? last : sum.last;
  sum.count += count;
  sum.bytes += bytes;
}

Aggregator::Spill into(Sums& sums, std::size_t* spills = nullptr)
{
  return [&sums, spills](std::span<const model::Thing> things,
                         std::span<const model::Row> rows) -> Result<void> {
    if (spills != nullptr) {
      ++*spills;
    }
    for (const auto& row : rows) {
      const auto& subject = things[row.subject];
      const auto& object = things[row.object];
      widen(sums[{subject.kind,
                  std::string(subject.text),
                  row.relation,
                  object.kind,
                  std::string(object.text),
                  row.via}],
            row.first,
            row.last,
            row.count,
            row.bytes);
    }
    return {};
  };
}

TEST(Aggregator, AddsUpWhatIsTheSameAndKeepsApartWhatIsNot)
{
  Sums sums;
  Aggregator aggregator(into(sums));
  const Moment noon{std::chrono::hours(500'000)};
  Glimpse glimpse;
  glimpse.subject = "10.0.0.5";
  glimpse.object = "www.example.nl";
  glimpse.first = noon;
  glimpse.bytes = 7;
  aggregator.take(glimpse);
  glimpse.first = noon - std::chrono::hours(1);
  aggregator.take(glimpse);
  glimpse.via = Via::Tls;
  aggregator.take(glimpse);
  glimpse.object_kind = Kind::Address;
  aggregator.take(glimpse);
  ASSERT_TRUE(aggregator.finish());
  EXPECT_EQ(sums.size(), 3U);
  const auto& sum =
      sums[{Kind::Device, "10.0.0.5", Relation::Asked, Kind::Name, "www.example.nl", Via::Dns}];
  EXPECT_EQ(sum.count, 2U);
  EXPECT_EQ(sum.bytes, 14U);
  EXPECT_EQ(sum.first, noon - std::chrono::hours(1));
  EXPECT_EQ(sum.last, noon);
}

TEST(Aggregator, AgreesWithAPlainMapWhateverItsBounds)
{
  std::mt19937 dice(20261127);
  for (const std::size_t bound : {7U, 100U, 1'000'000U}) {
    Sums expected;
    Sums sums;
    std::size_t spills = 0;
    Aggregator aggregator(into(sums, &spills), {.rows = bound});
    for (int i = 0; i < 5'000; ++i) {
      const std::string subject = "10.0.0." + std::to_string(dice() % 40);
      // Of all lengths, since the hash takes them in pieces.
      const std::string object = std::string(dice() % 40, 'a') + std::to_string(dice() % 50);
      Glimpse glimpse;
      glimpse.subject = subject;
      glimpse.object = object;
      glimpse.relation = dice() % 2 == 0 ? Relation::Asked : Relation::Named;
      glimpse.via = dice() % 2 == 0 ? Via::Dns : Via::Quic;
      glimpse.object_kind = dice() % 8 == 0 ? Kind::Address : Kind::Name;
      if (dice() % 3 != 0) {
        glimpse.first = Moment(std::chrono::seconds(dice() % 1000));
        glimpse.last = *glimpse.first + std::chrono::seconds(dice() % 10);
      }
      glimpse.count = dice() % 5;
      glimpse.bytes = dice() % 1000;
      aggregator.take(glimpse);
      widen(expected[{glimpse.subject_kind,
                      subject,
                      glimpse.relation,
                      glimpse.object_kind,
                      object,
                      glimpse.via}],
            glimpse.first,
            glimpse.last,
            glimpse.count,
            glimpse.bytes);
    }
    ASSERT_TRUE(aggregator.finish());
    EXPECT_EQ(sums, expected) << bound;
    EXPECT_EQ(spills > 1, bound < 1000) << bound;
  }
}

TEST(Aggregator, TellsAnErrorOfItsSpillAndSpillsNoMore)
{
  int spills = 0;
  Aggregator aggregator(
      [&spills](auto, auto) -> Result<void> {
        ++spills;
        return fail(Fault::Usage, "the disk is full");
      },
      {.rows = 1});
  for (const char* name : {"a.example", "b.example", "c.example"}) {
    Glimpse glimpse;
    glimpse.subject = "10.0.0.5";
    glimpse.object = name;
    aggregator.take(glimpse);
  }
  const auto done = aggregator.finish();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "the disk is full");
  EXPECT_EQ(spills, 1);
}

}  // namespace
}  // namespace zonder::collect
