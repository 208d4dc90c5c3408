// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>

#include <gtest/gtest.h>

#include "mail/questions.hh"

namespace zonder::mail {
namespace {

using enum RecordType;

/// A DNS in a map: what is not in it does not exist.
using Zone = std::map<Question, std::vector<Datum>>;

Datum name(const std::string& text, std::uint16_t number = 0)
{
  return {number, text, std::nullopt};
}

Datum address(const char* text)
{
  return {0, "", net::Address::parse(text).value()};
}

struct Asked {
  DomainRecords records;
  std::size_t questions = 0;
  std::size_t rounds = 0;
};

/// Asks until nothing is wanted; `silent` gets no answer.
Asked ask_all(const std::string& domain, const Zone& zone, const std::set<Question>& silent = {})
{
  Answers answers;
  Asked asked;
  for (;;) {
    auto assembly = assemble(domain, answers);
    if (assembly.wanted.empty()) {
      asked.records = std::move(assembly.records);
      asked.questions = answers.size();
      return asked;
    }
    ++asked.rounds;
    for (const auto& question : assembly.wanted) {
      EXPECT_FALSE(answers.contains(question)) << question.name << " is asked twice";
      Answer answer{.outcome = Answer::Outcome::NoName};
      if (silent.contains(question)) {
        answer.outcome = Answer::Outcome::NoAnswer;
      } else if (const auto found = zone.find(question); found != zone.end()) {
        answer.data = found->second;
        answer.outcome = Answer::Outcome::Data;
      }
      answers[question] = answer;
    }
  }
}

TEST(Questions, StopAtADomainThatDoesNotExist)
{
  const auto asked = ask_all("no.nl", {});
  EXPECT_FALSE(asked.records.exists);
  EXPECT_EQ(asked.questions, 1U);
}

TEST(Questions, GoOnFromAnswersToWhatTheyName)
{
  const auto asked =
      ask_all("town.nl",
              {{{"town.nl", Ns}, {name("ns.host.nl")}},
               {{"ns.host.nl", A}, {address("192.0.2.53")}},
               {{"town.nl", Mx}, {name("b.mx.nl", 20), name("a.mx.nl", 10)}},
               {{"a.mx.nl", A}, {address("192.0.2.25")}},
               {{"town.nl", Txt},
                {name("MS=ms1"), name("v=spf1 include:spf.nl mx -all"), name("something else")}},
               {{"spf.nl", Txt}, {name("v=spf1 include:deep.nl ~all")}},
               {{"deep.nl", Txt}, {name("v=spf1 ip4:192.0.2.0/24 -all")}},
               {{"selector1._domainkey.town.nl", Txt}, {name("v=DKIM1; p=abc")}},
               {{"_autodiscover._tcp.town.nl", Srv}, {name("mail.host.nl", 443)}},
               {{"_sip._tls.town.nl", Srv}, {name("sip.host.nl", 443)}},
               {{"_dmarc.town.nl", Txt}, {name("v=DMARC1; p=reject")}},
               {{"_mta-sts.town.nl", Txt}, {name("v=STSv1; id=1")}},
               {{"town.nl", Caa}, {name("letsencrypt.org"), name("letsencrypt.org")}},
               {{"www.town.nl", A}, {address("192.0.2.80")}}});
  const auto& records = asked.records;
  ASSERT_EQ(records.mail_hosts.size(), 2U);
  EXPECT_EQ(records.mail_hosts[0].host.name, "a.mx.nl");
  EXPECT_EQ(records.mail_hosts[0].host.addresses.size(), 1U);
  ASSERT_EQ(records.spf_reach.names.size(), 2U);
  EXPECT_EQ(records.spf_reach.names[1].name, "deep.nl");
  EXPECT_EQ(records.spf_reach.lookups, 3U);
  EXPECT_EQ(records.verifications, std::vector<std::string>{"microsoft"});
  ASSERT_EQ(records.dkim.size(), 1U);
  EXPECT_TRUE(records.dkim[0].has_key);
  ASSERT_EQ(records.mail_programs.size(), 1U);
  EXPECT_EQ(records.mail_programs[0].target, "mail.host.nl");
  EXPECT_EQ(records.services.size(), 1U);
  EXPECT_EQ(records.dmarc, "v=DMARC1; p=reject");
  EXPECT_EQ(records.mta_sts, "v=STSv1; id=1");
  EXPECT_EQ(records.authorities, std::vector<std::string>{"letsencrypt.org"});
  ASSERT_EQ(records.sites.size(), 1U);
  EXPECT_EQ(records.sites[0].name, "www.town.nl");
  EXPECT_TRUE(records.unanswered.empty());
  EXPECT_LE(asked.rounds, 5U);
}

TEST(Questions, DoNotTakeAZoneThatAnswersForAnythingForKeys)
{
  Zone zone{{{"town.nl", Ns}, {name("ns.host.nl")}}};
  zone[{"zonder-no-such-selector._domainkey.town.nl", Txt}] = {name("v=DKIM1; p=any")};
  for (const auto selector : dkim_selectors()) {
    zone[{std::string(selector) + "._domainkey.town.nl", Txt}] = {name("v=DKIM1; p=any")};
  }
  zone[{"google._domainkey.town.nl", Txt}] = {name("v=DKIM1; p=own")};
  const auto asked = ask_all("town.nl", zone);
  ASSERT_EQ(asked.records.dkim.size(), 1U);
  EXPECT_EQ(asked.records.dkim[0].selector, "google");
}

TEST(Questions, ThatGotNoAnswerAreNamedAndNotTakenForNothing)
{
  const auto asked = ask_all(
      "town.nl", {{{"town.nl", Ns}, {name("ns.host.nl")}}}, {{"town.nl", Mx}, {"town.nl", Txt}});
  EXPECT_EQ(asked.records.unanswered, (std::vector<std::string>{"MX", "TXT"}));
}

TEST(Questions, KnowADomainThatRefusesMail)
{
  const auto asked =
      ask_all("town.nl", {{{"town.nl", Ns}, {name("ns.host.nl")}}, {{"town.nl", Mx}, {name(".")}}});
  EXPECT_TRUE(asked.records.refuses_mail);
  EXPECT_TRUE(asked.records.mail_hosts.empty());
}

}  // namespace
}  // namespace zonder::mail
