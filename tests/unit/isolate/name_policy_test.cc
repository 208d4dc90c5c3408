// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "isolate/name_policy.hh"
#include "support/small_absence.hh"

namespace zonder::isolate {
namespace {

using Kind = Ruling::Kind;
using model::Signature;
using wire::dns::Question;
using wire::dns::Record;
using wire::dns::Response;
using wire::dns::Section;
namespace type = wire::dns::type;

Record alias(const char* owner, const char* target)
{
  return {.owner = owner, .type = type::cname, .addresses = {}, .target = target};
}

Record address(const char* owner, const char* text)
{
  const auto parsed = *net::Address::parse(text);
  return {.owner = owner,
          .type = parsed.is_v4() ? type::a : type::aaaa,
          .addresses = {parsed},
          .target = {}};
}

Record along(Record record)
{
  record.section = Section::Additional;
  return record;
}

Response answer(std::vector<Record> records, std::uint16_t rcode = 0)
{
  Response response;
  response.rcode = rcode;
  response.records = std::move(records);
  return response;
}

class NamePolicyTest : public testing::Test {
protected:
  [[nodiscard]] Ruling before(Signature signature, const char* name, std::uint16_t kind) const
  {
    return NamePolicy(absence, signature).before({name, kind});
  }
  [[nodiscard]] Ruling
  after(Signature signature, const char* name, std::uint16_t kind, const Response& response) const
  {
    return NamePolicy(absence, signature).after({name, kind}, response);
  }
  const model::Absence absence = test::small_absence();
};

TEST_F(NamePolicyTest, LetsALivingNameBeAsked)
{
  EXPECT_EQ(before(Signature::Nxdomain, "gemeente.nl", type::a), (Ruling{Kind::Ask, {}}));
  EXPECT_EQ(after(Signature::Blackhole,
                  "gemeente.nl",
                  type::a,
                  answer({address("gemeente.nl", "192.0.2.1")})),
            (Ruling{Kind::Pass, {}}));
}

TEST_F(NamePolicyTest, LetsTheLongestRuleDecide)
{
  EXPECT_EQ(before(Signature::Nxdomain, "www.sharepoint.com", type::a),
            (Ruling{Kind::NxDomain, 1}));
  EXPECT_EQ(before(Signature::Nxdomain, "living.sharepoint.com", type::a), (Ruling{Kind::Ask, {}}));
}

TEST_F(NamePolicyTest, CannotBeFooledByAnOddLabel)
{
  EXPECT_EQ(before(Signature::Servfail, "a\\032b.sharepoint.com", type::a),
            (Ruling{Kind::ServFail, 1}));
  EXPECT_EQ(before(Signature::Servfail, "a\\046sharepoint.com", type::a), (Ruling{Kind::Ask, {}}));
}

TEST_F(NamePolicyTest, FailsOtherRecordsOfAnAbsentNameAsItsOwnServersWould)
{
  EXPECT_EQ(before(Signature::Blackhole, "sharepoint.com", type::https), (Ruling{Kind::NoData, 1}));
  EXPECT_EQ(before(Signature::Blackhole, "sharepoint.com", type::txt), (Ruling{Kind::ServFail, 1}));
  EXPECT_EQ(before(Signature::Blackhole, "sharepoint.com", type::any), (Ruling{Kind::ServFail, 1}));
}

TEST_F(NamePolicyTest, DoesNotLetAnotherClassGetRoundTheNames)
{
  constexpr std::uint16_t class_any = 255;
  for (const auto signature : {Signature::Blackhole, Signature::Nxdomain}) {
    EXPECT_EQ(NamePolicy(absence, signature).before({"sharepoint.com", type::a, class_any}),
              (Ruling{Kind::ServFail, 1}));
  }
  EXPECT_EQ(NamePolicy(absence, Signature::Blackhole).before({"gemeente.nl", type::a, class_any}),
            (Ruling{Kind::Ask, {}}));
}

TEST_F(NamePolicyTest, TellsTheTruthWhenTheWireIsDeadAnyway)
{
  EXPECT_EQ(after(Signature::Blackhole,
                  "www.sharepoint.com",
                  type::a,
                  answer({address("www.sharepoint.com", "20.190.128.1")})),
            (Ruling{Kind::PassWithoutAdditional, 1}));
}

TEST_F(NamePolicyTest, PutsAStandInWhereOneAddressLives)
{
  EXPECT_EQ(after(Signature::Refuse,
                  "www.sharepoint.com",
                  type::a,
                  answer({address("www.sharepoint.com", "20.190.128.1"),
                          address("www.sharepoint.com", "192.0.2.1")})),
            (Ruling{Kind::StandIn, 1}));
}

TEST_F(NamePolicyTest, FollowsAliasesIntoAnAbsentZone)
{
  const auto chain = answer({address("edge.example.net", "192.0.2.1"),
                             alias("b.sharepoint.com", "edge.example.net"),
                             alias("www.gemeente.nl", "b.sharepoint.com")});
  EXPECT_EQ(after(Signature::Blackhole, "www.gemeente.nl", type::a, chain),
            (Ruling{Kind::StandIn, 1}));
  EXPECT_EQ(after(Signature::Nxdomain, "www.gemeente.nl", type::a, chain),
            (Ruling{Kind::NxDomain, 1}));
}

TEST_F(NamePolicyTest, NamesThePartyOfTheFirstAbsentAlias)
{
  EXPECT_EQ(after(Signature::Servfail,
                  "www.gemeente.nl",
                  type::a,
                  answer({alias("x.sharepoint.com", "y.cdn.example"),
                          alias("www.gemeente.nl", "x.sharepoint.com")})),
            (Ruling{Kind::ServFail, 1}));
  EXPECT_EQ(after(Signature::Servfail,
                  "www.gemeente.nl",
                  type::a,
                  answer({alias("y.cdn.example", "x.sharepoint.com"),
                          alias("www.gemeente.nl", "y.cdn.example")})),
            (Ruling{Kind::ServFail, 0}));
}

TEST_F(NamePolicyTest, EndsWithAliasesThatGoRound)
{
  EXPECT_EQ(after(Signature::Servfail,
                  "a.nl",
                  type::a,
                  answer({alias("a.nl", "b.nl"), alias("b.nl", "a.nl")})),
            (Ruling{Kind::Pass, {}}));
}

TEST_F(NamePolicyTest, KeepsAServiceAtAnAbsentTargetFromBeingFound)
{
  const Record service{.owner = "gemeente.nl",
                       .type = type::https,
                       .addresses = {*net::Address::parse("192.0.2.1")},
                       .target = "svc.sharepoint.com"};
  EXPECT_EQ(after(Signature::Blackhole, "gemeente.nl", type::https, answer({service})),
            (Ruling{Kind::NoData, 1}));
}

TEST_F(NamePolicyTest, PassesAFailureOfAnAbsentNameAndStillBlamesTheParty)
{
  EXPECT_EQ(after(Signature::Blackhole, "gone.sharepoint.com", type::a, answer({}, 3)),
            (Ruling{Kind::PassWithoutAdditional, 1}));
  EXPECT_EQ(after(Signature::Blackhole, "v4only.sharepoint.com", type::aaaa, answer({})),
            (Ruling{Kind::PassWithoutAdditional, 1}));
}

TEST_F(NamePolicyTest, LeavesOutAddressesOfAbsentNamesThatComeAlong)
{
  EXPECT_EQ(after(Signature::Blackhole,
                  "gemeente.nl",
                  type::mx,
                  answer({along(address("mx.sharepoint.com", "192.0.2.1"))})),
            (Ruling{Kind::PassWithoutAdditional, {}}));
  EXPECT_EQ(after(Signature::Blackhole,
                  "gemeente.nl",
                  type::mx,
                  answer({along(address("mx.gemeente.nl", "192.0.2.1"))})),
            (Ruling{Kind::Pass, {}}));
}

TEST_F(NamePolicyTest, ClosesTheWaysAroundTheSystemsResolver)
{
  EXPECT_EQ(NamePolicy::on_way_around({"use-application-dns.net", type::a}),
            (Ruling{Kind::NxDomain, {}}));
  EXPECT_EQ(NamePolicy::on_way_around({"_dns.resolver.arpa", type::svcb}),
            (Ruling{Kind::NoData, {}}));
  EXPECT_FALSE(NamePolicy::on_way_around({"not-use-application-dns.net", type::a}));
}

}  // namespace
}  // namespace zonder::isolate
