// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/import.hh"
#include "app/progress.hh"
#include "support/catalog_world.hh"
#include "support/data_world.hh"
#include "support/json_schema.hh"
#include "support/read_text.hh"

namespace zonder::app {
namespace {

using namespace test;
using nlohmann::json;

catalog::SnapshotContent a_catalogue()
{
  SmallParty cloud{.id = "cloud", .asns = {asn(100)}};
  cloud.domains = {domain("cloud.example")};
  return small_content({cloud}, {originated("192.0.2.0/24", 100)});
}

const std::string dns_log =
    "#separator \\x09\n#fields\tts\tid.orig_h\tid.resp_h\tquery\tqtype_name\t"
    "answers\n"
    "1795000000.0\t10.0.0.5\t10.0.0.1\twww.cloud.example\tA\t-\n"
    "1795000001.0\t10.0.0.6\t10.0.0.1\tmail.town.example\tA\tx.cloud.example\n"
    "1795000002.0\t10.0.0.6\t10.0.0.1\tby-address.example\tA\t192.0.2.7\n"
    "1795000003.0\t10.0.0.6\t10.0.0.1\tnobody.example\tA\t203.0.113.9\n";

class Import : public testing::Test {
protected:
  int run(const std::vector<std::string>& paths, ImportOptions options = {})
  {
    options.paths = paths;
    options.tool = "zonder test";
    return import_files(data.world, options);
  }
  json run_json(const std::vector<std::string>& paths, int expected = 0)
  {
    data.world.form = Form::Json;
    EXPECT_EQ(run(paths), expected);
    return json::parse(data.out());
  }

  DataWorld data{a_catalogue()};
};

TEST_F(Import, TellsWhatOthersBuildOn)
{
  data.world.form = Form::Json;
  EXPECT_EQ(run({data.file("dns.log", dns_log)}), 0);
  const auto out = data.out();
  EXPECT_EQ(against_schema(out, content_of(ZONDER_SOURCE_DIR "/docs/schema/zonder.import-1.json")),
            std::vector<std::string>{});
  const auto told = json::parse(out);
  EXPECT_EQ(told["schema"], "zonder.import/1");
  ASSERT_EQ(told["files"].size(), 1U);
  const auto& file = told["files"][0];
  EXPECT_EQ(file["format"], "zeek");
  EXPECT_EQ(file["records"], 4);
  EXPECT_EQ(file["bytes"], dns_log.size());
  EXPECT_EQ(file["unreadable"], 0);
  EXPECT_EQ(file["devices"], 2);
  EXPECT_EQ(file["names"].size(), 4U);
  EXPECT_EQ(file["names"][0], (json{{"name", "by-address.example"}, {"via", "dns"}, {"count", 1}}));
  // By its own name, by what it is an alias of, and by where it leads.
  EXPECT_EQ(file["parties"], (json{{{"party", "cloud"}, {"count", 3}}}));
}

TEST_F(Import, SaysTheVerdictFirst)
{
  EXPECT_EQ(run({data.file("dns.log", dns_log)}), 0);
  const auto out = data.out();
  EXPECT_TRUE(out.starts_with("2 devices asked for 4 names, of 1 party; 1 name is of nobody that "
                              "the catalogue knows.\nMost often: cloud 3.\n"))
      << out;
  EXPECT_NE(out.find("dns.log"), std::string::npos);
  EXPECT_NE(out.find("Seen from 2026-11-18T11:06:40Z to 2026-11-18T11:06:43Z"), std::string::npos);
  EXPECT_EQ(data.err(), "");
}

TEST_F(Import, TheSameContentByAnotherNameChangesNothing)
{
  run_json({data.file("dns.log", dns_log)});
  const auto again = run_json({data.file("copy.log", dns_log)});
  EXPECT_EQ(again["files"][0]["known"], true);
  EXPECT_TRUE(again["files"][0]["path"].get<std::string>().ends_with("copy.log"));
  EXPECT_EQ(again["files"][0]["parties"][0]["count"], 3);
}

TEST_F(Import, ADamagedLineIsToldWithItsPlaceAndTheRestIsKept)
{
  const auto path = data.file("dns.log", dns_log + "1795000004.0\t10.0.0\n");
  EXPECT_EQ(run({path}), 3);
  EXPECT_EQ(data.err(),
            "zonder: " + path +
                ": 1 part could not be read: line 7: it has 2 of the header's 6 columns\n");
  EXPECT_NE(data.out().find("4 names"), std::string::npos);
}

TEST_F(Import, AFileOfAnotherKindDoesNotStopTheOthers)
{
  const auto told = run_json({data.file("a.txt", "hello\n"), data.file("dns.log", dns_log)}, 3);
  EXPECT_EQ(told["files"].size(), 1U);
  ASSERT_EQ(told["left_out"].size(), 1U);
  EXPECT_TRUE(told["left_out"][0]["path"].get<std::string>().ends_with("a.txt"));
  EXPECT_EQ(run({data.file("a.txt", "hello\n")}), 2) << "alone it is a slip";
}

TEST_F(Import, PayloadIsNeverKept)
{
  const auto path = data.file(
      "eve.json",
      R"({"timestamp":"2026-11-23T09:30:05.1+0100","event_type":"http","src_ip":"10.0.0.5","src_port":1,"dest_ip":"192.0.2.7","dest_port":80,"proto":"TCP","http":{"hostname":"www.cloud.example","url":"/canary-7f3a","http_user_agent":"canary-7f3a"},"payload":"canary-7f3a"})"
      "\n");
  EXPECT_EQ(run({path}), 0);
  std::filesystem::remove(path);
  std::size_t files = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(data.world.data_folder)) {
    if (file.is_regular_file()) {
      ++files;
      EXPECT_EQ(content_of(file.path()).find("canary-7f3a"), std::string::npos) << file.path();
    }
  }
  EXPECT_GE(files, 1U);
}

TEST_F(Import, DevicesBecomePseudonymsAndStaySo)
{
  ImportOptions options;
  options.pseudonyms = true;
  EXPECT_EQ(run({data.file("dns.log", dns_log)}, options), 0);
  EXPECT_EQ(run({data.file("more.log", dns_log + "\n")}), 0) << "without asking again";
  EXPECT_EQ(content_of(data.world.data_folder + "/project.zonder").find("10.0.0.5"),
            std::string::npos);
  const auto rights =
      std::filesystem::status(data.world.data_folder + "/pseudonym.key").permissions();
  EXPECT_EQ(rights, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(Import, ForgetsWithoutAFileToo)
{
  run_json({data.file("dns.log", dns_log)});
  data.world.form = Form::Text;
  ImportOptions options;
  options.forget_before = "2026-11-19";
  EXPECT_EQ(run({}, options), 0);
  EXPECT_NE(data.out().find("Forgotten: 7 observations."), std::string::npos);
  EXPECT_EQ(run({}), 2) << "nothing to do";
}

TEST_F(Import, WithoutACatalogueWhatWasSeenIsKeptAllTheSame)
{
  std::filesystem::remove(data.world.share_folder + "/catalog.snapshot");
  const auto told = run_json({data.file("dns.log", dns_log)}, 3);
  EXPECT_EQ(told["files"][0]["names"].size(), 4U);
  EXPECT_TRUE(told["files"][0]["parties"].empty());
  EXPECT_TRUE(told["data"]["date"].is_null());
}

TEST(Progress, SaysRateAndWhatIsToGo)
{
  EXPECT_EQ(progress_line(500'000'000, 2'000'000'000, 1.0),
            "500.0 MB of 2.0 GB read, 500.0 MB/s, 3 s to go");
  EXPECT_EQ(progress_line(1500, 0, 3.0), "1.5 kB read, 500 B/s");
  EXPECT_EQ(progress_line(10, 5, 1.0), "10 B read, 10 B/s") << "more than there was at first";
}

}  // namespace
}  // namespace zonder::app
