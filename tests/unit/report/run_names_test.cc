// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/file.hh"
#include "report/run_html.hh"
#include "report/run_json.hh"
#include "report/run_names.hh"
#include "report/run_text.hh"
#include "support/json_schema.hh"

namespace zonder::report {
namespace {

using Reason = model::NameStep::Reason;

const Style plain{.colour = false, .unicode = false, .now = {}};

model::RunRecord shop_without_microsoft()
{
  model::RunRecord record;
  record.selector = "microsoft";
  record.parties = {"microsoft"};
  record.command = {"curl", "https://shop.example.nl"};
  record.exit_code = 6;
  record.data_date = "2026-11-01";
  record.dns.mode = model::DnsMode::Honest;
  record.dns.resolver_blocked = 12;
  record.dns.resolver_passed = 5;
  record.dns.failed = {{.name = "odd.example.nl", .chain = {}},
                       {.name = "shop.example.nl",
                        .chain = {{.name = "shop.example.nl",
                                   .zone = "example.nl",
                                   .reason = Reason::Alias,
                                   .target = "shop.azurewebsites.example",
                                   .servers = {}},
                                  {.name = "shop.azurewebsites.example",
                                   .zone = "azurewebsites.example",
                                   .reason = Reason::ServersAbsent,
                                   .target = {},
                                   .servers = {{.name = "ns1-01.azure-dns.example",
                                                .address = net::Address::try_parse("20.190.128.1"),
                                                .party = "microsoft"}}}}}};
  return record;
}

TEST(RunNames, TellTheWayByWhichANameHangsOnTheAbsent)
{
  const auto record = shop_without_microsoft();
  const std::string line =
      "shop.example.nl -> CNAME shop.azurewebsites.example -> name servers of "
      "azurewebsites.example: ns1-01.azure-dns.example (20.190.128.1): microsoft";
  EXPECT_EQ(stuck_names(record.dns, plain), std::vector{line});
  const auto text = run_as_text(record, plain);
  EXPECT_NE(text.find("Names that hang on name servers of the absent:\n  " + line + "\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("1 name could not be looked up, since name servers of the absent are all it "
                      "has: shop.example.nl."),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("for a reason that was not seen: odd.example.nl."), std::string::npos);
  EXPECT_NE(text.find("12 packets to these were stopped, 5 flows to others let through"),
            std::string::npos);
  // It did reach for the absent, by way of the name.
  EXPECT_EQ(text.find("It asked nothing of the absent"), std::string::npos);
  EXPECT_NE(run_as_html(record, plain).find("-&gt; CNAME shop.azurewebsites.example"),
            std::string::npos);
}

TEST(RunNames, TellServersThatHaveNoAddressAndWhy)
{
  model::FailedName failed{.name = "a.nl", .chain = {}};
  failed.chain = {{.name = "a.nl",
                   .zone = "a.nl",
                   .reason = Reason::ServersNotResolved,
                   .target = {},
                   .servers = {{.name = "ns.b.nl"}}},
                  {.name = "ns.b.nl",
                   .zone = "b.nl",
                   .reason = Reason::ServersAbsent,
                   .target = {},
                   .servers = {{.name = "ns.c.nl",
                                .address = net::Address::try_parse("20.190.128.1"),
                                .party = "microsoft"}}}};
  EXPECT_EQ(chain_line(failed, plain),
            "a.nl -> name servers of a.nl: ns.b.nl (no address); ns.b.nl -> name servers of b.nl: "
            "ns.c.nl (20.190.128.1): microsoft");
}

TEST(RunNames, KeepToThePublishedSchema)
{
  const auto text = run_as_json(shop_without_microsoft(), {});
  const auto schema = read_file(ZONDER_SOURCE_DIR "/docs/schema/zonder.run-1.json");
  ASSERT_TRUE(schema);
  EXPECT_EQ(test::against_schema(text, *schema), std::vector<std::string>{});
  const auto document = nlohmann::json::parse(text);
  EXPECT_EQ(document["dns"]["mode"], "honest");
  const auto& failed = document["dns"]["failed"][1];
  EXPECT_EQ(failed["name"], "shop.example.nl");
  EXPECT_EQ(failed["chain"][0]["reason"], "alias");
  EXPECT_EQ(failed["chain"][1]["zone"], "azurewebsites.example");
  EXPECT_EQ(failed["chain"][1]["servers"][0]["address"], "20.190.128.1");
  EXPECT_EQ(failed["chain"][1]["servers"][0]["party"], "microsoft");
  EXPECT_EQ(document["dns"]["resolver"]["blocked"], 12);
  EXPECT_EQ(document["totals"]["blocked"], 0);
}

TEST(RunNames, SayWhenTheResolverDiedAndWhenNamesWereKeptVisible)
{
  auto record = shop_without_microsoft();
  record.dns.resolver_died = true;
  record.dns.show_names = true;
  record.dns.ech_removed = 3;
  const auto text = run_as_text(record, plain);
  EXPECT_NE(text.find("THE NAME SERVER (unbound) DIED"), std::string::npos);
  EXPECT_NE(text.find("(ech) were taken out of 3 records"), std::string::npos);
}

}  // namespace
}  // namespace zonder::report
