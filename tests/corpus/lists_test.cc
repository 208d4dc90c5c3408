// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// Published lists as they are: every entry is accounted for, against counts made here by other
// means.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/file.hh"
#include "net/prefix_set.hh"
#include "support/list_files.hh"
#include "support/shared_data.hh"

namespace zonder::wire {
namespace {

namespace fs = std::filesystem;
constexpr const char* misp = "provider-lists/prefixes-misp.tar.xz";
constexpr const char* lord_alfred = "provider-lists/prefixes-lordalfred.tar.xz";
constexpr const char* v2fly = "provider-lists/v2fly-domain-list-community.tar.xz";
constexpr const char* m365 = "provider-lists/prefixes-m365-serviceareas.tsv";

/// The archive unpacked by tar, in a folder that goes with it.
class Unpacked {
public:
  explicit Unpacked(const std::string& archive) : folder_(*TemporaryFolder::make("zonder-lists"))
  {
    const auto command = "tar xf " + test::shared_data(archive) + " -C " + folder_.path();
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
  }
  [[nodiscard]] std::string file(const ListFile& list) const
  {
    return folder_.path() + list.path.substr(list.path.find(".tar.xz/") + 7);
  }
  [[nodiscard]] const std::string& path() const { return folder_.path(); }
  [[nodiscard]] std::size_t files() const
  {
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) {
      count += entry.is_regular_file() ? 1U : 0U;
    }
    return count;
  }

private:
  TemporaryFolder folder_;
};

Lists all_of(const std::string& archive, const ListHints& hints = {})
{
  auto lists = read_lists(test::shared_data(archive), hints);
  EXPECT_TRUE(lists) << (lists ? "" : lists.error().message);
  return lists ? std::move(*lists) : Lists{};
}

/// Lines that are more than blanks and a comment.
std::size_t lines_with_content(const std::string& file)
{
  std::ifstream in(file);
  std::string line;
  std::size_t count = 0;
  while (std::getline(in, line)) {
    line = line.substr(0, line.find('#'));
    count += line.find_first_not_of(" \t\r") != std::string::npos ? 1U : 0U;
  }
  return count;
}

TEST(ListCorpus, EveryEntryOfEveryMispListIsRead)
{
  ZONDER_NEEDS_SHARED(misp);
  const Unpacked unpacked(misp);
  const auto lists = all_of(misp);
  EXPECT_EQ(lists.files.size(), 35U);
  EXPECT_EQ(lists.files.size() + lists.passed_over.size(), unpacked.files());
  std::map<std::string, std::size_t> parties;
  for (const auto& list : lists.files) {
    std::ifstream in(unpacked.file(list));
    const auto json = nlohmann::json::parse(in);
    EXPECT_EQ(list.format, "misp-warninglist");
    EXPECT_EQ(list.records, json["list"].size()) << list.path;
    EXPECT_EQ(list.skipped, 0U) << list.path;
    for (const auto& complaint : list.complaints) {
      std::printf("as published: %s\n", complaint.c_str());
    }
    EXPECT_EQ(list.prefixes.size() + list.names.size() + list.unreadable, list.records);
    EXPECT_EQ(list.unreadable, 0U) << list.path;
    ++parties[list.party];
  }
  EXPECT_EQ(parties["microsoft"], 8U);
  EXPECT_EQ(parties["google"], 3U);
  EXPECT_EQ(parties[""], 10U);  // revocation, mail, captive portals, block pages, Windows 10 ...
}

TEST(ListCorpus, EveryLineOfLordAlfredsIsRead)
{
  ZONDER_NEEDS_SHARED(lord_alfred);
  const Unpacked unpacked(lord_alfred);
  const auto lists = all_of(lord_alfred);
  EXPECT_EQ(lists.files.size(), 25U);
  EXPECT_EQ(lists.passed_over.size(), 1U);  // its licence
  std::map<std::string, std::size_t> parties;
  for (const auto& list : lists.files) {
    EXPECT_EQ(list.format, "lord-alfred-ipranges");
    EXPECT_EQ(list.records, lines_with_content(unpacked.file(list))) << list.path;
    EXPECT_EQ(list.prefixes.size(), list.records) << list.path;
    EXPECT_NE(list.party, "") << list.path;
    ++parties[list.party];
  }
  EXPECT_EQ(parties.size(), 13U);
}

TEST(ListCorpus, EveryPrefixOfMicrosoft365IsRead)
{
  ZONDER_NEEDS_SHARED(m365);
  const auto lists = all_of(m365);
  ASSERT_EQ(lists.files.size(), 1U);
  std::ifstream in(test::shared_data(m365));
  const std::string text(std::istreambuf_iterator<char>(in), {});
  EXPECT_EQ(lists.files[0].records,
            static_cast<std::size_t>(std::count(text.begin(), text.end(), '/')));
  EXPECT_EQ(lists.files[0].unreadable, 0U);
}

TEST(ListCorpus, EveryRuleOfV2flyIsAccountedFor)
{
  ZONDER_NEEDS_SHARED(v2fly);
  const Unpacked unpacked(v2fly);
  const auto lists = all_of(v2fly, {.known_parties = {"adobe", "zoom", "slack"}});
  std::size_t records = 0;
  std::size_t skipped = 0;
  std::size_t names = 0;
  std::size_t exact = 0;
  std::size_t expected = 0;
  for (const auto& list : lists.files) {
    EXPECT_EQ(list.format, "v2fly-domain-list") << list.path;
    EXPECT_EQ(list.unreadable, 0U) << list.complaints.front();
    expected += lines_with_content(unpacked.file(list));
    records += list.records;
    skipped += list.skipped;
    names += list.names.size();
    exact += static_cast<std::size_t>(
        std::count_if(list.names.begin(), list.names.end(), [](const auto& n) { return n.exact; }));
  }
  for (const auto& sentence : lists.passed_over) {
    std::printf("passed over: %s\n", sentence.c_str());
  }
  EXPECT_EQ(lists.files.size() + lists.passed_over.size(), unpacked.files());
  EXPECT_LE(lists.passed_over.size(), 1U);  // its licence
  EXPECT_EQ(records, expected);
  EXPECT_EQ(names + skipped, records);
  EXPECT_EQ(names, 38573U);
  EXPECT_EQ(exact, 2965U);
  EXPECT_EQ(skipped, 1875U);  // 1,712 includes and 163 regular expressions
}

TEST(ListCorpus, AFolderUnpackedSaysTheSameAsItsArchive)
{
  ZONDER_NEEDS_SHARED(misp);
  const Unpacked unpacked(misp);
  const auto packed = all_of(misp);
  const auto loose = read_lists(unpacked.path(), {});
  ASSERT_TRUE(loose);
  ASSERT_EQ(loose->files.size(), packed.files.size());
  for (std::size_t i = 0; i < packed.files.size(); ++i) {
    EXPECT_EQ(test::prefixes_of(loose->files[i]), test::prefixes_of(packed.files[i]));
    EXPECT_EQ(test::names_of(loose->files[i]), test::names_of(packed.files[i]));
    EXPECT_EQ(loose->files[i].party, packed.files[i].party);
  }
}

TEST(ListCorpus, PublishedPrefixesNameTheRightPartyForAddressesDrawnFromThem)
{
  ZONDER_NEEDS_SHARED("provider-lists");
  ZONDER_NEEDS_SHARED("addresses/sample.tsv");
  std::map<std::string, std::vector<net::Prefix>> prefixes;
  for (const auto& list : all_of("provider-lists").files) {
    for (const auto& claim : list.prefixes) {
      if (!list.party.empty() && claim.space != "shared") {
        prefixes[list.party].push_back(claim.prefix);
      }
    }
  }
  std::map<std::string, net::PrefixSet> sets;
  for (const auto& [party, list] : prefixes) {
    sets[party] = net::PrefixSet::of(list);
  }
  std::ifstream in(test::shared_data("addresses/sample.tsv"));
  std::string address;
  std::string party;
  std::getline(in, address);
  std::size_t right = 0;
  std::size_t asked = 0;
  while (in >> address >> party) {
    ++asked;
    const auto number = net::Address::parse(address);
    ASSERT_TRUE(number);
    if (party != "none") {
      right += sets[party].contains(*number) ? 1U : 0U;
      continue;
    }
    bool claimed = false;
    for (const auto* one : {"vultr",
                            "microsoft",
                            "linode",
                            "google",
                            "digitalocean",
                            "cloudflare",
                            "amazon",
                            "oracle"}) {
      claimed = claimed || sets[one].contains(*number);
    }
    right += claimed ? 0U : 1U;
  }
  EXPECT_EQ(asked, 3000U);
  EXPECT_GE(right, asked * 995 / 1000) << "right for " << right << " of " << asked;
}

}  // namespace
}  // namespace zonder::wire
