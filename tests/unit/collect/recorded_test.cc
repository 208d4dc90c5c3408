// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "collect/scan/recorded.hh"

namespace zonder::collect {
namespace {

using mail::DomainRecords;

std::vector<DomainRecords> read(const std::string& text, model::ReadCount* count = nullptr)
{
  std::vector<DomainRecords> all;
  const auto read = read_records_text(
      "x.json", text, [&all](DomainRecords records) { all.push_back(std::move(records)); });
  EXPECT_TRUE(read) << read.error().message;
  if (count != nullptr && read) {
    *count = *read;
  }
  return all;
}

TEST(RecordedDns, ComesBackAsItWasWritten)
{
  DomainRecords records;
  records.domain = "town.nl";
  records.seen = model::Moment(std::chrono::seconds(1'777'359'045));
  records.dnssec = mail::Dnssec::Signed;
  records.mail_hosts = {{10,
                         {.name = "mx.town.nl",
                          .aliases = {"mx.host.nl"},
                          .addresses = {net::Address::parse("192.0.2.1").value()}}}};
  records.spf = "v=spf1 include:a.nl ip4:192.0.2.0/24 foo:bar -all";
  records.spf_reach = mail::spf_reach_of("town.nl", {records.spf});
  records.dkim = {{"selector1", {"x.onmicrosoft.com"}, true}};
  records.mail_programs = {{"autodiscover.town.nl", "cname", "autodiscover.outlook.com", 0}};
  records.services = {{"_sip._tls.town.nl", "srv", "sip.host.nl", 443}};
  records.name_servers = {{.name = "ns.host.nl", .aliases = {}, .addresses = {}}};
  records.verifications = {"microsoft"};
  records.dmarc = "v=DMARC1; p=none";
  records.authorities = {"letsencrypt.org"};
  records.page = mail::StartPage{.url = "https://town.nl/",
                                 .redirects = {"www.town.nl"},
                                 .loads = {"cdn.example"},
                                 .log_ins = {"login.example"},
                                 .certified_by = "Let's Encrypt",
                                 .server = "nginx",
                                 .trouble = ""};
  records.unanswered = {"CAA"};
  const auto back = read(records_line(records) + "\n");
  ASSERT_EQ(back.size(), 1U);
  EXPECT_EQ(back[0], records);
}

TEST(RecordedDns, IsReadUpToALineThatWasCutOff)
{
  DomainRecords records;
  records.domain = "town.nl";
  const auto line = records_line(records);
  model::ReadCount count;
  EXPECT_EQ(read(line + "\n\n" + line.substr(0, line.size() / 2), &count).size(), 1U);
  EXPECT_EQ(count.unreadable, 1U);
  EXPECT_EQ(count.first_problem, "x.json:3: is no record of a domain");
}

TEST(RecordedDns, OfMxmapIsReadToo)
{
  const auto all = read(R"({"Town.NL": {"mx": ["Town-NL.mail.protection.outlook.com."],
    "mx_asns": [8075], "mx_cnames": {"Town-NL.mail.protection.outlook.com.": "x.y.nl"},
    "spf": "v=SPF1 include:a.nl -all",
    "spf_resolved": "v=SPF1 include:a.nl -all v=spf1 include:b.nl -all",
    "dkim": {"selector1": "s.onmicrosoft.com"},
    "autodiscover": {"autodiscover_srv": "mail.host.nl"}, "ts": 1777359045,
    "txt_verifications": ["microsoft"]},
    "null.nl": {"mx": [""]}, "odd.nl": {"mx": 7, "mx_asns": "x", "dkim": [1], "spf": null}})");
  ASSERT_EQ(all.size(), 3U);
  const auto& town = all[0];
  EXPECT_EQ(town.domain, "town.nl");
  ASSERT_EQ(town.mail_hosts.size(), 1U);
  EXPECT_EQ(town.mail_hosts[0].host.name, "town-nl.mail.protection.outlook.com");
  EXPECT_EQ(town.mail_hosts[0].host.aliases, std::vector<std::string>{"x.y.nl"});
  EXPECT_EQ(town.mail_origins[0].number, 8075U);
  ASSERT_EQ(town.spf_reach.names.size(), 2U);
  EXPECT_EQ(town.spf_reach.names[1].name, "b.nl");
  EXPECT_EQ(town.mail_programs[0].type, "srv");
  EXPECT_TRUE(all[1].refuses_mail);
  EXPECT_TRUE(all[2].mail_hosts.empty());
}

TEST(RecordedDns, SaysWhatAFileOfSomethingElseIsNot)
{
  const auto read = read_records_text("x.json", "[1, 2]", [](DomainRecords) {});
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("x.json: holds no records"), std::string::npos);
}

}  // namespace
}  // namespace zonder::collect
