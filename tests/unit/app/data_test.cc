// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/data.hh"
#include "app/list.hh"
#include "app/who.hh"
#include "support/catalog_world.hh"
#include "support/data_world.hh"

namespace zonder::app {
namespace {

using namespace test;

catalog::SnapshotContent a_catalogue()
{
  SmallParty cloud{.id = "cloud", .asns = {asn(100, catalog::Space::Customers)}};
  cloud.domains = {domain("cloud.example")};
  return small_content({cloud, {.id = "microsoft"}, {.id = "fastly"}},
                       {originated("192.0.2.0/24", 100)});
}

std::string party_of(DataWorld& data, const std::string& input)
{
  data.world.form = Form::JsonLines;
  EXPECT_EQ(who(data.world, {.inputs = {input}}), 0) << data.err();
  data.world.form = Form::Text;
  const auto json = nlohmann::json::parse(data.out());
  return json["party"].is_null() ? "" : json["party"].get<std::string>();
}

TEST(DataImport, TakesAPlainListForThePartyThatIsNamed)
{
  DataWorld data(a_catalogue());
  const auto list = data.file("mine.txt", "203.0.113.0/24\n2001:db8::/32\n");
  EXPECT_EQ(party_of(data, "203.0.113.9"), "");
  EXPECT_EQ(data_import(data.world, {.paths = {list}, .party = "cloud-alias"}), 0) << data.err();
  EXPECT_NE(data.out().find("prefix-list, cloud: 2 records, 2 prefixes"), std::string::npos);
  EXPECT_EQ(party_of(data, "203.0.113.9"), "cloud");
  EXPECT_EQ(party_of(data, "2001:db8::9"), "cloud");
  EXPECT_EQ(party_of(data, "192.0.2.9"), "cloud");
}

TEST(DataImport, RefusesSpaceThatCanBeNoPartysOwn)
{
  DataWorld data(a_catalogue());
  for (const char* prefix : {"10.0.0.0/8",
                             "10.1.0.0/16",
                             "100.64.0.0/10",
                             "127.0.0.0/8",
                             "169.254.0.0/16",
                             "172.16.0.0/12",
                             "192.168.1.0/24",
                             "fc00::/7",
                             "fe80::/10",
                             "224.0.0.0/4",
                             "ff00::/8",
                             "0.0.0.0/8",
                             "10.0.0.1-10.0.0.9"}) {
    const auto list = data.file("mine.txt", std::string("203.0.113.0/24\n") + prefix + "\n");
    EXPECT_EQ(data_import(data.world, {.paths = {list}, .party = "cloud"}), 3) << prefix;
    EXPECT_EQ(data.err(),
              "  " + list + ":2: " + prefix +
                  " is private or reserved space, which is no party's own\n");
  }
  data.out();
  EXPECT_EQ(party_of(data, "10.1.0.1"), "");
}

TEST(DataImport, ALaterListOfTheSameNameReplacesTheEarlier)
{
  DataWorld data(a_catalogue());
  const auto list = data.file("mine.txt", "203.0.113.0/24\n");
  EXPECT_EQ(data_import(data.world, {.paths = {list}, .party = "cloud"}), 0);
  data.file("mine.txt", "198.51.100.0/24\n");
  EXPECT_EQ(data_import(data.world, {.paths = {list}, .party = "cloud"}), 0);
  data.out();
  EXPECT_EQ(party_of(data, "203.0.113.9"), "");
  EXPECT_EQ(party_of(data, "198.51.100.9"), "cloud");
}

TEST(DataImport, ListsAddUp)
{
  DataWorld data(a_catalogue());
  EXPECT_EQ(data_import(data.world,
                        {.paths = {data.file("one.txt", "203.0.113.0/24\n")}, .party = "cloud"}),
            0);
  EXPECT_EQ(data_import(data.world,
                        {.paths = {data.file("two.txt", "198.51.100.0/24\n")}, .party = "fastly"}),
            0);
  data.out();
  EXPECT_EQ(party_of(data, "203.0.113.9"), "cloud");
  EXPECT_EQ(party_of(data, "198.51.100.9"), "fastly");
}

TEST(DataImport, WritesNothingWhenNothingCanBeTaken)
{
  DataWorld data(a_catalogue());
  const auto bad = data.file("bad.json", "{\"addresses\": [");
  EXPECT_EQ(data_import(data.world, {.paths = {bad}}), 2);
  EXPECT_NE(data.err().find("nothing could be taken: nothing is written"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(data.world.data_folder + "/catalog.snapshot"));
  EXPECT_EQ(data_import(data.world, {.paths = {}}), 2);
  EXPECT_EQ(data_import(data.world, {.paths = {data.path("not-there")}}), 2);
}

TEST(DataImport, SuggestsThePartyThatWasMeant)
{
  DataWorld data(a_catalogue());
  const auto list = data.file("mine.txt", "203.0.113.0/24\n");
  EXPECT_EQ(data_import(data.world, {.paths = {list}, .party = "clodu"}), 2);
  EXPECT_EQ(data.err(), "zonder: the catalogue does not know clodu (did you mean cloud?)\n");
}

TEST(DataVerify, FindsADamagedCatalogue)
{
  DataWorld data(a_catalogue());
  EXPECT_EQ(data_verify(data.world), 0);
  const std::string path = data.world.share_folder + "/catalog.snapshot";
  auto bytes = *read_file(path);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  ASSERT_TRUE(write_file(path, bytes));
  EXPECT_EQ(data_verify(data.world), 1);
  EXPECT_NE(data.out().find("DAMAGED"), std::string::npos);
}

TEST(DataStatus, ShowsBothDatesAndTheCredits)
{
  DataWorld data(a_catalogue());
  EXPECT_EQ(data_status(data.world), 0);
  const auto out = data.out();
  EXPECT_NE(out.find("addresses of 2026-11-01, facts and lists up to 2026-11-23"),
            std::string::npos)
      << out;
  EXPECT_NE(out.find("Everybody."), std::string::npos);
  data.world.form = Form::Json;
  EXPECT_EQ(data_status(data.world), 0);
  EXPECT_EQ(nlohmann::json::parse(data.out())["as_table"]["age_days"], 22);
}

TEST(DataUpdate, RefusesOffline)
{
  DataWorld data(a_catalogue());
  data.world.offline = true;
  EXPECT_EQ(data_update(data.world, {}), 2);
  EXPECT_EQ(data.err(),
            "zonder: --offline: nothing is fetched; `zonder data import` takes the same "
            "publications from disk\n");
}

TEST(List, CountsWhatIsSourced)
{
  DataWorld data(a_catalogue());
  data.world.form = Form::Json;
  EXPECT_EQ(list(data.world, {.what = "facts"}), 0);
  const auto json = nlohmann::json::parse(data.out());
  EXPECT_EQ(json["rows"][2]["kind"], "as");
  EXPECT_EQ(json["rows"][2]["sourced"], 1);
  for (const char* what : {"providers", "owners", "jurisdictions", "services", "formats"}) {
    EXPECT_EQ(list(data.world, {.what = what}), 0) << what;
    EXPECT_EQ(nlohmann::json::parse(data.out())["what"], what);
  }
  EXPECT_EQ(list(data.world, {.what = "provider"}), 2);
  EXPECT_EQ(data.err(), "zonder: there is no list of provider (did you mean providers?)\n");
}

TEST(List, IsALineForEachRowToo)
{
  DataWorld data(a_catalogue());
  for (const char* what :
       {"providers", "owners", "jurisdictions", "services", "formats", "facts"}) {
    data.world.form = Form::Json;
    ASSERT_EQ(list(data.world, {.what = what}), 0) << what;
    const auto rows = nlohmann::json::parse(data.out())["rows"];
    data.world.form = Form::JsonLines;
    ASSERT_EQ(list(data.world, {.what = what}), 0) << what;
    auto lines = nlohmann::json::array();
    std::istringstream text(data.out());
    for (std::string line; std::getline(text, line);) {
      lines.push_back(nlohmann::json::parse(line));
    }
    EXPECT_EQ(lines, rows) << what;
  }
  // Who has no rows gives one line.
  EXPECT_EQ(data_status(data.world), 0);
  const auto status = data.out();
  EXPECT_EQ(status.find('\n'), status.size() - 1) << status;
}

}  // namespace
}  // namespace zonder::app
