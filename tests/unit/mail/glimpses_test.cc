// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "mail/glimpses.hh"

namespace zonder::mail {
namespace {

class Written : public model::GlimpseSink {
public:
  void take(const model::Glimpse& glimpse) override
  {
    text += std::string(glimpse.subject) + " " + std::string(to_text(glimpse.relation)) + " " +
            std::string(glimpse.object) + " (" + std::string(to_text(glimpse.object_kind)) +
            ", by " + std::string(to_text(glimpse.via)) + ")\n";
    all_measured = all_measured && glimpse.tier == model::Tier::Measured;
  }
  std::string text;
  bool all_measured = true;
};

TEST(ScanGlimpses, SayWhatTheRecordsSayOneByOne)
{
  DomainRecords records;
  records.domain = "town.nl";
  records.mail_hosts = {{10,
                         {.name = "mx.town.nl",
                          .aliases = {"mx.host.nl"},
                          .addresses = {net::Address::parse("192.0.2.1").value()}}}};
  records.spf_reach = spf_reach_of("town.nl", {"v=spf1 include:spf.host.nl exists:%{i}.x.nl -all"});
  records.dkim = {{"selector1", {"key.onmicrosoft.com"}, true}, {"mail", {}, true}};
  records.mail_programs = {{"autodiscover.town.nl", "cname", "autodiscover.outlook.com", 0}};
  records.verifications = {"microsoft"};
  records.page = StartPage{.url = "https://town.nl/",
                           .redirects = {"www.town.nl"},
                           .loads = {"cdn.example"},
                           .log_ins = {},
                           .certified_by = "",
                           .server = "",
                           .trouble = ""};
  Written written;
  tell_glimpses(records, written);
  EXPECT_EQ(written.text,
            "town.nl mail-server mx.town.nl (name, by dns)\n"
            "mx.town.nl alias mx.host.nl (name, by dns)\n"
            "mx.host.nl leads-to 192.0.2.1 (address, by dns)\n"
            "town.nl mail-sender spf.host.nl (name, by dns)\n"
            "town.nl mail-signer key.onmicrosoft.com (name, by dns)\n"
            "town.nl mail-client autodiscover.outlook.com (name, by dns)\n"
            "town.nl verified microsoft (party, by dns)\n"
            "town.nl redirects-to www.town.nl (name, by page)\n"
            "town.nl loads-from cdn.example (name, by page)\n");
  EXPECT_TRUE(written.all_measured);
}

}  // namespace
}  // namespace zonder::mail
