// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/scan.hh"
#include "base/file.hh"
#include "collect/scan/recorded.hh"
#include "support/catalog_world.hh"
#include "support/data_world.hh"
#include "support/json_schema.hh"

namespace zonder::app {
namespace {

using namespace test;
using nlohmann::json;

/// Post keeps mail; Shield filters it (by its category); Cloud rents machines and keeps mail too.
catalog::SnapshotContent a_catalogue()
{
  SmallParty post{.id = "post", .services = {"mail"}};
  post.domains = {domain("post.example", "mail")};
  SmallParty shield{.id = "shield", .jurisdiction = "GB"};
  shield.categories = {"mail-filter"};
  shield.domains = {domain("shield.example")};
  SmallParty cloud{.id = "cloud", .asns = {asn(100, catalog::Space::Shared)}};
  cloud.categories = {"cloud", "mail"};
  return small_content({post, shield, cloud}, {originated("192.0.2.0/24", 100)});
}

mail::Host host(const std::string& name, const char* address = nullptr)
{
  mail::Host one{.name = name, .aliases = {}, .addresses = {}};
  if (address != nullptr) {
    one.addresses = {net::Address::parse(address).value()};
  }
  return one;
}

class ScanCommand : public testing::Test {
protected:
  ScanCommand()
  {
    mail::DomainRecords behind;
    behind.domain = "a.example";
    behind.mail_hosts = {{10, host("mx.shield.example")}};
    behind.mail_programs = {{"autodiscover.a.example", "cname", "auto.post.example", 0}};
    behind.spf_reach =
        mail::spf_reach_of("a.example", {"v=spf1 include:spf.supplier.example -all"});
    behind.page = mail::StartPage{.url = "https://a.example/",
                                  .redirects = {},
                                  .loads = {"cdn.post.example"},
                                  .log_ins = {},
                                  .certified_by = "name of Shield",
                                  .server = "",
                                  .trouble = ""};
    mail::DomainRecords rented = behind;
    rented.page.reset();
    rented.domain = "b.example";
    rented.mail_hosts = {{10, host("mail.b.example", "192.0.2.7")}};
    rented.mail_programs.clear();
    mail::DomainRecords silent;
    silent.domain = "c.example";
    silent.unanswered = {"NS", "MX"};
    records = collect::records_line(behind) + "\n" + collect::records_line(rented) + "\n";
    with_silence = records + collect::records_line(silent) + "\n";
  }

  int scan_of(const std::string& text)
  {
    path = folder.path() + "/records.jsonl";
    EXPECT_TRUE(write_file(path, text));
    ScanOptions options;
    options.recorded = path;
    return scan(data.world, options);
  }

  TemporaryFolder folder = TemporaryFolder::make().value();
  DataWorld data{a_catalogue()};
  std::string records;
  std::string with_silence;
  std::string path;
};

TEST_F(ScanCommand, TellsDomainsInWordsAndWhatTheyShare)
{
  EXPECT_EQ(scan_of(records), 0);
  const auto out = data.out();
  EXPECT_NE(out.find("a.example\tmail at Name of post, behind Name of shield: it needs both\n"),
            std::string::npos)
      << out;
  EXPECT_NE(
      out.find(
          "b.example\twho keeps the mail cannot be told from DNS (weak signs: Name of cloud)\n"),
      std::string::npos)
      << out;
  EXPECT_NE(out.find("2 domains. Name of post keeps the mail of 1. Of 1 DNS cannot tell."),
            std::string::npos)
      << out;
  EXPECT_NE(out.find("     2  supplier.example "), std::string::npos) << out;
}

TEST_F(ScanCommand, GivesJsonByItsSchema)
{
  data.world.form = Form::Json;
  EXPECT_EQ(scan_of(with_silence), 3);
  const auto out = data.out();
  const auto schema = read_file(ZONDER_SOURCE_DIR "/docs/schema/zonder.scan-1.json").value();
  EXPECT_EQ(against_schema(out, schema), std::vector<std::string>{}) << out;
  const auto document = json::parse(out);
  ASSERT_EQ(document["domains"].size(), 3U);
  const auto& mail = document["domains"][0]["mail"];
  EXPECT_EQ(mail["told"], "provider");
  EXPECT_EQ(mail["keepers"][0]["party"], "post");
  EXPECT_EQ(mail["keepers"][0]["strength"], "strong");
  EXPECT_EQ(mail["fronts"][0]["role"], "filter");
  EXPECT_EQ(document["domains"][0]["findings"][0]["jurisdiction"], "GB");
  const auto& last = document["domains"][0]["findings"].back();
  EXPECT_EQ(last["relation"], "loads-from");
  EXPECT_EQ(last["party"], "post");
  const auto& issuer = document["domains"][0]["findings"][3];
  EXPECT_EQ(issuer["relation"], "certified-by");
  EXPECT_EQ(issuer["party"], "shield");
  EXPECT_EQ(document["domains"][2]["mail"]["told"], "not-answered");
  EXPECT_EQ(document["suppliers"][0]["supplier"], "supplier.example");
  EXPECT_EQ(document["suppliers"][0]["count"], 2);
  EXPECT_EQ(document["totals"]["unanswered"], 1);
}

TEST_F(ScanCommand, SaysWhatItCouldNotReadAndSaysNothingHalf)
{
  EXPECT_EQ(scan_of(records + "not a record\n"), 3);
  EXPECT_NE(data.err().find(path + ":3: is no record of a domain"), std::string::npos);
  DataWorld other(a_catalogue());
  other.world.form = Form::Json;
  ScanOptions options;
  options.recorded = folder.path() + "/not-there";
  EXPECT_NE(scan(other.world, options), 0);
  EXPECT_EQ(other.out(), "");
}

TEST_F(ScanCommand, ShowsRecordsOfAnybodyHarmlessly)
{
  mail::DomainRecords odd;
  odd.domain = "odd.example";
  odd.mail_hosts = {{10, host("\x1b[2Jmx.shield.example")}};
  EXPECT_EQ(scan_of(collect::records_line(odd) + "\n"), 0);
  EXPECT_EQ(data.out().find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace zonder::app
