// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "mail/verdict.hh"

namespace zonder::mail {
namespace {

/// A small catalogue: names and networks by what they end in or are.
Attribution catalogue()
{
  const auto of_name = [](const std::string& name) -> Whose {
    if (name.ends_with(".outlook.com") || name == "outlook.com") {
      return {"microsoft", "Microsoft", Role::Mailboxes};
    }
    if (name.ends_with(".kundenserver.de")) {
      return {"ionos", "IONOS", Role::Hosting};
    }
    if (name.ends_with(".trafficmanager.net")) {
      return {"microsoft", "Microsoft", Role::None};
    }
    return {};
  };
  const auto of_origin = [](net::Asn asn) -> Whose {
    switch (asn.number) {
    case 8075:
      return {"microsoft", "Microsoft", Role::Room};
    case 16509:
      return {"amazon", "Amazon", Role::Room};
    case 1136:
      return {"kpn", "KPN", Role::None};
    default:
      return {};
    }
  };
  return {.of_name = of_name, .of_address = nullptr, .of_origin = of_origin, .registered = nullptr};
}

DomainRecords town(const std::string& mail_host, std::uint32_t origin = 0)
{
  DomainRecords records;
  records.domain = "town.nl";
  records.mail_hosts = {{10, {.name = mail_host, .aliases = {}, .addresses = {}}}};
  if (origin != 0) {
    records.mail_origins = {{origin}};
  }
  return records;
}

void signed_by_microsoft(DomainRecords& records)
{
  records.dkim = {{"selector1", {"selector1-town-nl._domainkey.town.onmicrosoft.com"}, true}};
}

void may_send(DomainRecords& records, const std::string& spf)
{
  records.spf_reach = spf_reach_of(records.domain, {spf});
}

Verdict verdict_of(const DomainRecords& records)
{
  return judge(records, signs(records, catalogue()));
}

/// "provider microsoft(certain) behind Mimecast(filter)"
std::string in_short(const Verdict& verdict)
{
  std::string text(to_text(verdict.told));
  for (const auto& keeper : verdict.keepers) {
    text += " " + keeper.party + "(" + std::string(to_text(keeper.strength)) + ")";
  }
  for (const auto& front : verdict.fronts) {
    text += " behind " + front.name + "(" + std::string(to_text(front.role)) + ")";
  }
  for (const auto& hint : verdict.hints) {
    text += " hint " + hint.party;
  }
  return text;
}

TEST(MailVerdict, IsCertainWhereThePartyTakesInTheMail)
{
  EXPECT_EQ(in_short(verdict_of(town("town-nl.mail.protection.outlook.com", 8075))),
            "provider microsoft(certain)");
}

TEST(MailVerdict, SeesWhoKeepsTheMailBehindAFilterAndThatBothAreNeeded)
{
  auto records = town("eu-smtp-inbound-1.mimecast.com");
  signed_by_microsoft(records);
  EXPECT_EQ(in_short(verdict_of(records)), "provider microsoft(strong) behind Mimecast(filter)");
}

TEST(MailVerdict, TakesAnUnknownMailHostForAFrontOnlyWhereAnotherKeepsTheMail)
{
  auto records = town("mail.town.nl", 1136);
  EXPECT_EQ(in_short(verdict_of(records)), "elsewhere");
  EXPECT_EQ(verdict_of(records).arrives_at, std::vector<std::string>{"KPN"});
  signed_by_microsoft(records);
  EXPECT_EQ(in_short(verdict_of(records)), "provider microsoft(strong) behind mail.town.nl(none)");
}

TEST(MailVerdict, DoesNotGuessBehindAFilterFromWhoMaySend)
{
  auto records = town("eu-smtp-inbound-1.mimecast.com");
  may_send(records, "v=spf1 include:spf.protection.outlook.com -all");
  records.verifications = {"microsoft"};
  EXPECT_EQ(in_short(verdict_of(records)), "cannot-be-told behind Mimecast(filter) hint microsoft");
}

TEST(MailVerdict, CannotTellWhoKeepsMailThatArrivesAtRentedMachines)
{
  EXPECT_EQ(in_short(verdict_of(town("mail.town.nl", 16509))), "cannot-be-told hint amazon");
  EXPECT_EQ(in_short(verdict_of(town("inbound-smtp.eu-west-1.amazonaws.com", 16509))),
            "cannot-be-told behind Amazon(relay) hint amazon");
}

TEST(MailVerdict, IsNotMovedByATokenAlone)
{
  auto records = town("mail.town.nl", 1136);
  records.verifications = {"microsoft"};
  EXPECT_EQ(in_short(verdict_of(records)), "elsewhere hint microsoft");
}

TEST(MailVerdict, IsNotMovedByAHostsLeaveToSendForItsSites)
{
  auto records = town("mail.town.nl", 1136);
  may_send(records, "v=spf1 include:spf.kundenserver.de -all");
  EXPECT_EQ(in_short(verdict_of(records)), "elsewhere");
  may_send(records, "v=spf1 include:spf.protection.outlook.com -all");
  EXPECT_EQ(in_short(verdict_of(records)), "cannot-be-told hint microsoft");
}

TEST(MailVerdict, IsThatThereIsNoMail)
{
  DomainRecords records;
  records.domain = "town.nl";
  EXPECT_EQ(in_short(verdict_of(records)), "no-mail");
  records.unanswered = {"MX"};
  EXPECT_EQ(in_short(verdict_of(records)), "not-answered");
}

TEST(MailSigns, NameTheRecordAndNothingThatItDoesNotSay)
{
  auto records = town("town-nl.mail.protection.outlook.com", 8075);
  signed_by_microsoft(records);
  records.mail_programs = {{"autodiscover.town.nl", "cname", "autodiscover.outlook.com.town.nl", 0},
                           {"autodiscover.town.nl", "cname", "x.trafficmanager.net", 0}};
  records.verifications = {"facebook"};
  std::string all;
  for (const auto& sign : signs(records, catalogue())) {
    all += sign.party + " " + std::string(to_text(sign.what)) + " " +
           std::string(to_text(sign.strength)) + ": " + sign.evidence + "\n";
  }
  // A forgotten final dot leads nowhere, and is no sign.
  EXPECT_EQ(all,
            "microsoft mx-name certain: MX 10 town-nl.mail.protection.outlook.com\n"
            "microsoft dkim strong: DKIM selector1 = "
            "selector1-town-nl._domainkey.town.onmicrosoft.com\n"
            "microsoft autodiscover strong: autodiscover CNAME x.trafficmanager.net\n"
            "microsoft mx-address weak: MX in AS8075\n"
            "meta txt weak: TXT token of facebook\n");
}

TEST(MailSigns, KnowATokenByItsBeginning)
{
  EXPECT_EQ(asker_of_token("MS=ms12345678"), "microsoft");
  EXPECT_EQ(asker_of_token("google-site-verification=abc"), "google");
  EXPECT_EQ(asker_of_token("v=spf1 -all"), "");
}

TEST(KnownServices, AreFoundByWholeLabels)
{
  ASSERT_NE(known_service("mxa-1.gslb.pphosted.com"), nullptr);
  EXPECT_EQ(known_service("mxa-1.gslb.pphosted.com")->party, "proofpoint");
  EXPECT_EQ(known_service("notpphosted.com"), nullptr);
  EXPECT_EQ(known_service("inbound-smtp.eu-west-1.amazonaws.com")->role, Role::Relay);
  EXPECT_EQ(known_service("ec2-192-0-2-1.eu-west-1.compute.amazonaws.com"), nullptr);
}

}  // namespace
}  // namespace zonder::mail
