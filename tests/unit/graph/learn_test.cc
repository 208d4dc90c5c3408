// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>

#include <gtest/gtest.h>

#include "graph/learn.hh"

namespace zonder::graph {
namespace {

using namespace model;

const Moment day_one = Moment{} + std::chrono::days(20'000);  // 2024-10-04

Observation seen(Kind subject_kind,
                 const std::string& subject,
                 Relation relation,
                 Kind object_kind,
                 const std::string& object,
                 Via via,
                 std::uint64_t count = 1)
{
  return {.subject_kind = subject_kind,
          .subject = subject,
          .relation = relation,
          .object_kind = object_kind,
          .object = object,
          .via = via,
          .first = day_one,
          .last = day_one + std::chrono::days(3),
          .count = count};
}

std::optional<Attributed> whose(Kind kind, std::string_view text)
{
  Attributed cloud{.party = "microsoft",
                   .name = {.nl = "Microsoft", .en = "Microsoft"},
                   .jurisdiction = "US",
                   .law = "US",
                   .owners_known = true};
  if (text.ends_with("login.microsoftonline.com") || text == "198.51.100.7") {
    cloud.service = "entra-id";
    cloud.service_name = {.nl = "Entra ID", .en = "Entra ID"};
    return cloud;
  }
  if (text.ends_with("outlook.com") || (kind == Kind::Party && text == "Microsoft")) {
    return cloud;
  }
  if (text.ends_with("filter.example")) {
    return Attributed{.party = "mail-filter",
                      .name = {.nl = "Filter", .en = "Filter"},
                      .jurisdiction = "NL",
                      .law = "US",
                      .owners = {{"big-owner", {.nl = "Groot", .en = "Big"}}},
                      .owners_known = true};
  }
  return std::nullopt;
}

DependencyModel empty_model()
{
  DependencyModel model;
  model.organisation.id = "town";
  return model;
}

const ProposedNode* proposed(const Proposals& proposals, const std::string& key)
{
  const auto found = std::find_if(proposals.nodes.begin(),
                                  proposals.nodes.end(),
                                  [&](const ProposedNode& node) { return node.seen == key; });
  return found == proposals.nodes.end() ? nullptr : &*found;
}

TEST(Learn, ProposesWhatDevicesUseWithWhoRunsItAndHowSureThatIs)
{
  const std::vector all = {
      seen(Kind::Device,
           "10.0.0.5",
           Relation::Asked,
           Kind::Name,
           "login.microsoftonline.com",
           Via::Dns,
           7),
      seen(Kind::Device,
           "10.0.0.6",
           Relation::Named,
           Kind::Name,
           "login.microsoftonline.com",
           Via::Tls,
           5),
      seen(Kind::Device,
           "10.0.0.6",
           Relation::Reached,
           Kind::Endpoint,
           "198.51.100.7:443/tcp",
           Via::Flow,
           5),
      seen(Kind::Device, "10.0.0.6", Relation::Asked, Kind::Name, "nobody.example", Via::Dns)};
  const auto proposals = learn(all, empty_model(), whose);
  const auto* entra = proposed(proposals, "service:microsoft/entra-id");
  ASSERT_NE(entra, nullptr);
  EXPECT_EQ(entra->node.id, "entra-id");
  EXPECT_EQ(entra->node.operated_by, "microsoft");
  EXPECT_EQ(entra->node.endpoints, std::vector<std::string>{"login.microsoftonline.com"});
  ASSERT_EQ(entra->node.hosting.size(), 1U);
  EXPECT_EQ(entra->node.hosting[0].jurisdiction, "US");
  const auto* devices = proposed(proposals, "devices");
  ASSERT_NE(devices, nullptr);
  ASSERT_EQ(devices->node.needs.size(), 1U);
  const auto& need = devices->node.needs[0];
  EXPECT_EQ(need.of, std::vector<std::string>{"entra-id"});
  EXPECT_EQ(need.evidence.tier, Tier::Measured);
  EXPECT_EQ(need.evidence.confidence, Confidence::High);
  EXPECT_EQ(need.evidence.seen->count, 17U);
  EXPECT_EQ(need.evidence.seen->first->to_string(), "2024-10-04");
  EXPECT_EQ(need.evidence.seen->last->to_string(), "2024-10-07");
  EXPECT_EQ(need.evidence.seen->via, (std::vector{Via::Dns, Via::Tls, Via::Flow}));
  EXPECT_EQ(need.grace.name, unknown_grace);
  ASSERT_EQ(proposals.parties.size(), 1U);
  EXPECT_EQ(proposals.parties[0].ownership, Ownership::None);
  ASSERT_EQ(proposals.sources.size(), 1U);
  EXPECT_EQ(proposals.unattributed, 1U);
}

TEST(Learn, IsLessSureOfAQuestionForANameThanOfAConnection)
{
  const auto confidence = [](Via via, std::uint64_t count) {
    const std::vector one = {
        seen(Kind::Device, "d", Relation::Asked, Kind::Name, "outlook.com", via, count)};
    return proposed(learn(one, empty_model(), whose), "devices")->node.needs[0].evidence.confidence;
  };
  EXPECT_EQ(confidence(Via::Dns, 1), Confidence::Low);
  EXPECT_EQ(confidence(Via::Dns, 100), Confidence::Medium);
  EXPECT_EQ(confidence(Via::Tls, 1), Confidence::Medium);
  EXPECT_EQ(confidence(Via::Tls, 10), Confidence::High);
}

TEST(Learn, TakesMailServersForAlternativesAndFollowsNames)
{
  const std::vector all = {seen(Kind::Name,
                                "town.example",
                                Relation::MailServer,
                                Kind::Name,
                                "mx.filter.example",
                                Via::Dns),
                           seen(Kind::Name,
                                "town.example",
                                Relation::MailServer,
                                Kind::Name,
                                "mx2.town.example",
                                Via::Dns),
                           seen(Kind::Name,
                                "mx2.town.example",
                                Relation::Alias,
                                Kind::Name,
                                "town.mail.protection.outlook.com",
                                Via::Dns),
                           seen(Kind::Name,
                                "town.example",
                                Relation::MailClient,
                                Kind::Name,
                                "autodiscover.outlook.com",
                                Via::Dns)};
  const auto proposals = learn(all, empty_model(), whose);
  const auto* mail = proposed(proposals, "mail.name:town.example");
  ASSERT_NE(mail, nullptr);
  EXPECT_EQ(mail->node.id, "mail.town.example");
  ASSERT_EQ(mail->node.needs.size(), 2U);
  EXPECT_EQ(mail->node.needs[0].loss, Loss::Stop);
  EXPECT_EQ(mail->node.needs[0].at_least, 1U);
  EXPECT_EQ(mail->node.needs[0].of, (std::vector<std::string>{"mail-filter", "microsoft"}));
  EXPECT_EQ(mail->node.needs[0].evidence.confidence, Confidence::High);
  EXPECT_EQ(mail->node.needs[1].loss, Loss::Degrade);
  // A Dutch company in American hands is both.
  const auto& parties = proposals.parties;
  const auto filter = std::find_if(
      parties.begin(), parties.end(), [](const Party& party) { return party.id == "mail-filter"; });
  ASSERT_NE(filter, parties.end());
  EXPECT_EQ(filter->jurisdiction, "NL");
  EXPECT_EQ(filter->owners[0].party, "big-owner");
  EXPECT_EQ(parties[0].id, "big-owner");
  EXPECT_EQ(parties[0].jurisdiction, "US");
}

TEST(Learn, FindsWhatTheModelHasAndRaisesItsEvidence)
{
  auto model = empty_model();
  Node entra;
  entra.id = "log-in";
  entra.endpoints = {"login.microsoftonline.com"};
  Node cases;
  cases.id = "cases";
  cases.name = {.nl = "Zaaksysteem", .en = "Case system"};
  Need need;
  need.of = {"log-in"};
  need.evidence.source = "talk";
  cases.needs = {need};
  cases.hosting = {{.jurisdiction = "NL", .evidence = {.source = "gemma"}}};
  model.nodes = {entra, cases};
  const std::vector all = {
      seen(Kind::Application,
           "Zaaksysteem",
           Relation::SignedIn,
           Kind::Name,
           "login.microsoftonline.com",
           Via::Log,
           40),
      seen(
          Kind::Application, "Zaaksysteem", Relation::Needs, Kind::Name, "outlook.com", Via::List)};
  const auto proposals = learn(all, model, whose);
  ASSERT_EQ(proposals.confirmed.size(), 1U);
  EXPECT_EQ(proposals.confirmed[0].node, "cases");
  EXPECT_EQ(proposals.confirmed[0].evidence.tier, Tier::Measured);
  ASSERT_EQ(proposals.needs.size(), 1U);
  EXPECT_EQ(proposals.needs[0].first, "cases");
  EXPECT_EQ(proposals.needs[0].second.of, std::vector<std::string>{"microsoft"});
  // The law under which the log-in was seen to run, beside what was declared.
  ASSERT_EQ(proposals.hosting.size(), 1U);
  EXPECT_EQ(proposals.hosting[0].first, "log-in");
  EXPECT_EQ(proposals.hosting[0].second.jurisdiction, "US");
}

TEST(Learn, FindsANodeByThePrefixOrTheAddressWhereItIsReached)
{
  auto model = empty_model();
  Node cases;
  cases.id = "cases";
  cases.endpoints = {"198.51.100.0/24"};
  Node files;
  files.id = "files";
  files.endpoints = {"2001:db8::5"};
  model.nodes = {cases, files};
  const std::vector all = {
      seen(Kind::Device, "d", Relation::Reached, Kind::Endpoint, "198.51.100.7:443/tcp", Via::Flow),
      seen(Kind::Device,
           "d",
           Relation::Reached,
           Kind::Endpoint,
           "[2001:db8::5]:445/tcp",
           Via::Flow)};
  const auto proposals = learn(all, model, whose);
  ASSERT_EQ(proposals.nodes.size(), 1U);
  const auto& needs = proposals.nodes[0].node.needs;
  ASSERT_EQ(needs.size(), 2U);
  EXPECT_EQ(needs[0].of, std::vector<std::string>{"cases"});
  EXPECT_EQ(needs[1].of, std::vector<std::string>{"files"});
  ASSERT_EQ(proposals.hosting.size(), 1U);
  EXPECT_EQ(proposals.hosting[0].first, "cases");
}

TEST(Learn, KeepsWhatSomebodyDecided)
{
  auto model = empty_model();
  Node office;
  office.id = "office";
  model.nodes = {office};
  model.learned = {
      {.seen = "service:microsoft/entra-id", .choice = Choice::Ignore, .day = {}},
      {.seen = "party:microsoft", .choice = Choice::Merge, .node = "office", .day = {}}};
  const std::vector all = {
      seen(Kind::Device, "d", Relation::Named, Kind::Name, "login.microsoftonline.com", Via::Tls),
      seen(Kind::Device, "d", Relation::Named, Kind::Name, "outlook.com", Via::Tls)};
  const auto proposals = learn(all, model, whose);
  EXPECT_EQ(proposals.ignored, 1U);
  ASSERT_EQ(proposals.nodes.size(), 1U);
  EXPECT_EQ(proposals.nodes[0].seen, "devices");
  EXPECT_EQ(proposals.nodes[0].node.needs[0].of, std::vector<std::string>{"office"});
}

TEST(Learn, TakesTheHostingOfAListAsDeclared)
{
  const std::vector all = {seen(Kind::Application,
                                "Zaaksysteem",
                                Relation::HostedIn,
                                Kind::Jurisdiction,
                                "NL",
                                Via::List),
                           seen(Kind::Application,
                                "Zaaksysteem",
                                Relation::SuppliedBy,
                                Kind::Party,
                                "Zaak & Co",
                                Via::List)};
  auto declared = all;
  for (auto& one : declared) {
    one.tier = Tier::Declared;
  }
  const auto proposals = learn(declared, empty_model(), whose);
  ASSERT_EQ(proposals.nodes.size(), 1U);
  const auto& node = proposals.nodes[0].node;
  EXPECT_EQ(node.id, "zaaksysteem");
  EXPECT_EQ(node.supplier, "zaak-co");
  ASSERT_EQ(node.hosting.size(), 1U);
  EXPECT_EQ(node.hosting[0].evidence.tier, Tier::Declared);
  EXPECT_EQ(node.evidence.confidence, Confidence::Low);
}

TEST(Learn, GivesTheSameWhateverTheOrder)
{
  std::vector all = {
      seen(
          Kind::Device, "d", Relation::Named, Kind::Name, "login.microsoftonline.com", Via::Tls, 3),
      seen(Kind::Device, "e", Relation::Asked, Kind::Name, "outlook.com", Via::Dns, 9),
      seen(Kind::Name,
           "town.example",
           Relation::MailServer,
           Kind::Name,
           "mx.filter.example",
           Via::Dns)};
  const auto one = learn(all, empty_model(), whose);
  std::reverse(all.begin(), all.end());
  const auto other = learn(all, empty_model(), whose);
  ASSERT_EQ(one.nodes.size(), other.nodes.size());
  for (std::size_t i = 0; i < one.nodes.size(); ++i) {
    EXPECT_EQ(one.nodes[i].node, other.nodes[i].node);
  }
  EXPECT_EQ(one.parties, other.parties);
}

}  // namespace
}  // namespace zonder::graph
