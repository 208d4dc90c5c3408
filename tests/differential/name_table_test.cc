// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// The name table against a map of suffixes that is asked for each ending of the name in turn.
#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "catalog/name_table.hh"

namespace zonder::catalog {
namespace {

using Suffixes = std::map<std::string, std::uint32_t, std::less<>>;

NameMatch longest(const Suffixes& suffixes, std::string_view name)
{
  for (std::string_view rest = name;;) {
    const auto found = suffixes.find(rest);
    if (found != suffixes.end()) {
      return {found->second, static_cast<std::uint32_t>(rest.size())};
    }
    const auto dot = rest.find('.');
    if (dot == std::string_view::npos) {
      return {};
    }
    rest.remove_prefix(dot + 1);
  }
}

class World {
public:
  explicit World(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  /// From few letters, so that labels repeat; now and then as long as a label may be.
  std::string label()
  {
    const auto kind = below(20);
    const std::size_t length = kind == 0 ? 63 : kind < 4 ? 5 + below(12) : 1 + below(3);
    std::string text;
    while (text.size() < length) {
      text += static_cast<char>(below(15) == 0 ? '-' : 'a' + below(2));
    }
    return text;
  }

  std::string name(std::size_t most_labels)
  {
    std::string text = label();
    for (auto more = below(most_labels); more > 0; --more) {
      text += "." + label();
    }
    return text;
  }

  Suffixes table()
  {
    Suffixes suffixes;
    const bool deep = below(4) == 0;
    for (auto count = below(30); count > 0; --count) {
      std::string suffix = name(deep ? 30 : 4);
      if (!suffixes.empty() && below(3) == 0) {
        suffix = label() + "." + std::next(suffixes.begin(), below_size(suffixes))->first;
      }
      suffixes[suffix] = static_cast<std::uint32_t>(random_()) | 1U;
    }
    return suffixes;
  }

  /// Names below, above, beside and unlike those of the table, and some that no resolver would
  /// take.
  std::vector<std::string> questions(const Suffixes& suffixes)
  {
    std::vector<std::string> all{"", ".", "..", "a", "a.", ".a", "a..b", ".a.b", "a.b."};
    for (const auto& [suffix, value] : suffixes) {
      all.push_back(suffix);
      all.push_back(name(3) + "." + suffix);
      all.push_back("a" + suffix);
      all.push_back("." + suffix);
      all.push_back(suffix + ".");
      all.push_back(suffix.substr(below(suffix.size())));
      all.push_back(suffix + label());
      all.push_back(name(4) + suffix.substr(below(suffix.size())));
    }
    for (int i = 0; i < 20; ++i) {
      all.push_back(name(6));
    }
    return all;
  }

private:
  std::ptrdiff_t below_size(const Suffixes& suffixes)
  {
    return static_cast<std::ptrdiff_t>(below(suffixes.size()));
  }
  std::mt19937_64 random_;
};

std::vector<std::byte> block_of(const Suffixes& suffixes)
{
  std::vector<NameEntry> entries;
  for (const auto& [suffix, value] : suffixes) {
    entries.push_back({suffix, value});
  }
  return build_name_table(entries);
}

void expect_agreement(const Suffixes& suffixes, const std::vector<std::string>& questions)
{
  const auto bytes = block_of(suffixes);
  const auto table = NameTable::over(bytes);
  ASSERT_TRUE(table) << table.error().message;
  std::vector<std::string_view> names;
  std::vector<NameMatch> expected;
  for (const std::string& question : questions) {
    // A copy of exactly this size, so that asan sees a byte read before or behind it.
    const std::vector<char> exact(question.begin(), question.end());
    const std::string_view name(exact.data(), exact.size());
    expected.push_back(longest(suffixes, name));
    ASSERT_EQ(table->find(name).value, expected.back().value) << question;
    ASSERT_EQ(table->find(name).length, expected.back().length) << question;
    names.emplace_back(question);
  }
  std::vector<NameMatch> found(names.size(), NameMatch{7, 7});
  table->find(names, found);
  EXPECT_TRUE(found == expected);
}

TEST(NameTableAgainstMap, AgreesOnThousandsOfSmallTables)
{
  World world(20261123);
  for (int round = 0; round < 4000 && !testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const auto suffixes = world.table();
    expect_agreement(suffixes, world.questions(suffixes));
  }
}

TEST(NameTableAgainstMap, AgreesOnATableOfManyThousandSuffixes)
{
  World world(5);
  Suffixes suffixes;
  for (std::uint32_t i = 1; i < 20000; ++i) {
    suffixes[world.name(5)] = i;
  }
  expect_agreement(suffixes, world.questions(suffixes));
}

/// Ask a block that may be anything; only that nothing is read outside it counts (asan).
void ask_around(const std::vector<std::byte>& bytes, const std::vector<std::string>& questions)
{
  const std::vector<std::byte> exact(bytes);
  const auto table = NameTable::over(exact);
  if (!table) {
    EXPECT_FALSE(table.error().message.empty());
    return;
  }
  for (const std::string& name : questions) {
    EXPECT_LE(table->find(name).length, name.size());
  }
}

TEST(NameTableAgainstMap, StaysInsideABlockOfWhichAnyByteIsWrong)
{
  World world(3);
  for (int round = 0; round < 4; ++round) {
    const auto suffixes = world.table();
    const auto questions = world.questions(suffixes);
    const auto bytes = block_of(suffixes);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      for (const unsigned change : {0x01U, 0x80U, 0xffU}) {
        auto damaged = bytes;
        damaged[at] ^= std::byte(change);
        ask_around(damaged, questions);
      }
    }
  }
}

TEST(NameTableAgainstMap, RefusesABlockThatIsCutShortOrTooLong)
{
  World world(4);
  auto bytes = block_of(world.table());
  bytes.push_back(std::byte{0});
  EXPECT_FALSE(NameTable::over(bytes));
  bytes.pop_back();
  while (!bytes.empty()) {
    bytes.pop_back();
    const auto exact = bytes;
    ASSERT_FALSE(NameTable::over(exact));
  }
}

}  // namespace
}  // namespace zonder::catalog
