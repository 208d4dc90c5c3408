// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>

#include <gtest/gtest.h>

#include "catalog/name_table.hh"

namespace zonder::catalog {
namespace {

/// The block and the table over it.
struct Table {
  explicit Table(const std::vector<NameEntry>& entries) : bytes(build_name_table(entries)) {}
  [[nodiscard]] NameMatch find(std::string_view name) const
  {
    return NameTable::over(bytes)->find(name);
  }
  std::vector<std::byte> bytes;
};

TEST(NameTable, FindsTheLongestSuffixThatANameLiesUnder)
{
  const Table table({{"amazonaws.com", 1}, {"s3.amazonaws.com", 2}, {"example.nl", 3}});
  EXPECT_EQ(table.find("amazonaws.com"), (NameMatch{1, 13}));
  EXPECT_EQ(table.find("ec2.eu-west-1.amazonaws.com"), (NameMatch{1, 13}));
  EXPECT_EQ(table.find("bucket.s3.amazonaws.com"), (NameMatch{2, 16}));
  EXPECT_EQ(table.find("a.b.c.d.s3.amazonaws.com"), (NameMatch{2, 16}));
  EXPECT_EQ(table.find("www.example.nl"), (NameMatch{3, 10}));
  EXPECT_EQ(table.find("example.com"), NameMatch{});
  EXPECT_EQ(table.find("com"), NameMatch{});
}

TEST(NameTable, CutsNamesOnlyBetweenLabels)
{
  const Table table({{"example.com", 1}});
  EXPECT_EQ(table.find("notexample.com"), NameMatch{});
  EXPECT_EQ(table.find("example.com.nl"), NameMatch{});
  EXPECT_EQ(table.find("xample.com"), NameMatch{});
}

TEST(NameTable, ComparesTheWholeSuffixNotOnlyItsEnd)
{
  const Table table({{"one-very-long-label-of-a-provider.cloudapp.example.com", 1}});
  EXPECT_EQ(table.find("x.one-very-long-label-of-a-provider.cloudapp.example.com").value, 1U);
  EXPECT_EQ(table.find("x.two-very-long-label-of-a-provider.cloudapp.example.com").value, 0U);
  EXPECT_EQ(table.find("cloudapp.example.com"), NameMatch{});
}

TEST(NameTable, KnowsSuffixesOfOneLabel)
{
  const Table table({{"amsterdam", 1}, {"gemeente.amsterdam", 2}, {"com", 3}});
  EXPECT_EQ(table.find("museum.amsterdam"), (NameMatch{1, 9}));
  EXPECT_EQ(table.find("amsterdam"), (NameMatch{1, 9}));
  EXPECT_EQ(table.find("www.gemeente.amsterdam"), (NameMatch{2, 18}));
  EXPECT_EQ(table.find("a.b.example.com"), (NameMatch{3, 3}));
  EXPECT_EQ(table.find("example.nl"), NameMatch{});
}

TEST(NameTable, CountsTheLaterOfTwoEqualSuffixes)
{
  EXPECT_EQ(Table({{"example.com", 1}, {"example.com", 2}}).find("example.com").value, 2U);
}

TEST(NameTable, AnswersNothingWhenItIsEmpty)
{
  EXPECT_EQ(Table({}).find("example.com"), NameMatch{});
  EXPECT_EQ(Table({}).find(""), NameMatch{});
}

TEST(NameTable, CanLieAnywhereInAFile)
{
  const Table table({{"example.com", 1}});
  for (std::size_t shift = 0; shift < 8; ++shift) {
    std::vector<std::byte> file(shift);
    file.insert(file.end(), table.bytes.begin(), table.bytes.end());
    const auto moved = NameTable::over(std::span(file).subspan(shift));
    ASSERT_TRUE(moved);
    EXPECT_EQ(moved->find("www.example.com").value, 1U);
  }
}

TEST(NameTable, IsTheSameBytesInWhicheverOrderTheSuffixesCome)
{
  std::vector<NameEntry> entries{{"a.example", 1}, {"b.example", 2}, {"c.b.example", 3}};
  const auto bytes = build_name_table(entries);
  std::reverse(entries.begin(), entries.end());
  EXPECT_EQ(build_name_table(entries), bytes);
}

TEST(NameTable, SaysWhatToDoWhenTheBlockIsNotOne)
{
  const std::vector<std::byte> zeros(100);
  const auto table = NameTable::over(zeros);
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().message,
            "the catalogue's name table is damaged or of another version: get the data again with "
            "`zonder data update`, or install zonder-data again");
  EXPECT_FALSE(NameTable::over({}));
}

}  // namespace
}  // namespace zonder::catalog
