// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include "modelfile/read_model.hh"
#include "modelfile/write_model.hh"

namespace zonder::modelfile {
namespace {

using namespace model;
using std::chrono::hours;
using std::chrono::minutes;

// Every key that there is.
const std::string all_of_it = R"(schema: zonder/model/1
organisation:
  id: town
  name: Town
  party: us
  illustrative: true
  as_of: 2026-11-27
  figures: {staff: 900}
defaults: {evidence: declared, confidence: medium, source: talk}
sources:
  talk: {kind: interview, title: Asked}
  paper: {kind: document, title: Paper, ref: "https://example.nl", opened: 2026-11-01, says: It is so.}
parties:
  us: {name: Us, jurisdiction: "NL", owners: none}
  daughter:
    name: {nl: dochter, en: daughter}
    jurisdiction: "NL"
    owners:
      - {party: mother, from: 2019, until: 2026-05-01, source: paper, confidence: high}
    identifiers: {kvk: "12345678"}
  mother: {name: Mother, jurisdiction: "US", owners: unknown}
graces:
  token: {p5: 1m, p50: 37m, p95: 74m, void_if: [revoked, cold_start], source: paper}
  cert: {life: 90d, renewed_at: 0.5, source: paper}
nodes:
  mail:
    kind: service
    name: {nl: post, en: mail}
    operator: daughter
    supplier: mother
    origin: [mother, us]
    domain: core
    class: B
    mtpd: 24h
    restart: 30m
    backlog: 0.5
    break_glass: the envelope in the safe
    observer: true
    protected: true
    safe_state: true
    portability: managed
    site: north
    version: "3.1"
    hosting:
      - {jurisdiction: "NL", evidence: declared, source: talk}
      - {jurisdiction: "US", evidence: measured, source: paper, seen: {first: 2026-11-01, last: 2026-11-27, count: 4, via: [tls, dns, dns]}}
    endpoints: [mail.example.nl, 192.0.2.0/24]
    identifiers: {gemma: id-1}
    evidence: measured
    needs:
      - {of: login, loss: nonew, phase: renew, grace: token, data: true, note: after a day}
      - {of: [a, b], at_least: 2, loss: degrade, grace: {fixed: 4h, source: talk}}
      - {of: login}
    fallbacks:
      - {name: paper, start: 1h, capacity: 0.3, lasts: unlimited, error_growth: 0.02, needs: [a]}
      - {name: nothing, start: 0s, capacity: 0, lasts: 30d}
  login: {kind: component}
  a: {kind: site}
  b: {kind: people}
common_modes:
  same: {by: version, probability: 0.1, source: paper}
scenarios:
  sold:
    name: Sold
    cold: true
    as_of: 2026-11-27
    horizon: 30d
    outages:
      - {selector: daughter, mode: captured, by: mother, from: 1d}
      - selector: "@us"
        except: "node:a"
        reach: origin
        mode: frozen
        until: 8h
        notice: 7d
        staging: [{selector: "node:mail", from: 2h}]
learned:
  - {seen: "name:mail.example.nl", decision: rename, node: mail, name: Mail, day: 2026-11-27}
  - {seen: "party:cdn", decision: ignore, why: an advertisement}
)";

Reading good(const std::string& text)
{
  auto reading = read_model(text);
  for (const auto& mistake : reading.mistakes) {
    ADD_FAILURE() << mistake.to_string("m.yaml");
  }
  return reading;
}

TEST(ReadModel, ReadsEveryKeyThatThereIs)
{
  const auto model = good(all_of_it).model;
  EXPECT_EQ(model.organisation.party, "us");
  EXPECT_EQ(model.sources[1].opened->to_string(), "2026-11-01");
  EXPECT_EQ(model.parties[1].name.en, "daughter");
  EXPECT_EQ(model.parties[1].jurisdiction, "NL");
  EXPECT_EQ(model.parties[1].owners[0].evidence.confidence, Confidence::High);
  EXPECT_EQ(model.parties[0].ownership, Ownership::None);
  EXPECT_EQ(model.graces[0].p50, minutes(37));
  EXPECT_EQ(model.graces[0].void_if, (std::vector{Voider::Revoked, Voider::ColdStart}));
  EXPECT_EQ(model.graces[1].p50, hours(24 * 135 / 2));
  const auto& mail = model.nodes[0];
  EXPECT_EQ(mail.service_class, ServiceClass::B);
  EXPECT_EQ(mail.mtpd, hours(24));
  EXPECT_TRUE(mail.observer && mail.is_protected && mail.safe_state);
  EXPECT_EQ(mail.hosting[1].evidence.seen->via, (std::vector{Via::Dns, Via::Tls}));
  EXPECT_EQ(mail.evidence.tier, Tier::Measured);
  EXPECT_EQ(mail.evidence.source, "talk");
  EXPECT_EQ(mail.needs[0].loss, Loss::NoNew);
  EXPECT_EQ(mail.needs[0].phase, Phase::Renew);
  EXPECT_TRUE(mail.needs[0].data);
  EXPECT_EQ(mail.needs[1].at_least, 2U);
  EXPECT_EQ(mail.needs[1].grace.own->p95, hours(4));
  EXPECT_EQ(mail.needs[2].grace.name, unknown_grace);
  EXPECT_EQ(mail.needs[2].evidence.confidence, Confidence::Medium);
  EXPECT_FALSE(mail.fallbacks[0].lasts);
  EXPECT_EQ(mail.fallbacks[0].needs, std::vector<std::string>{"a"});
  EXPECT_EQ(model.common_modes[0].by, CommonBy::Version);
  EXPECT_EQ(model.scenarios[0].outages[0].by, "mother");
  EXPECT_EQ(model.scenarios[0].outages[1].staging[0].from, hours(2));
  EXPECT_EQ(model.learned[1].choice, Choice::Ignore);
}

TEST(ReadModel, ReadsWhatIsWrittenAsItWas)
{
  const auto model = good(all_of_it).model;
  EXPECT_EQ(good(write_model(model)).model, model);
}

TEST(ReadModel, TakesNorwayForACountry)
{
  const auto model = good("schema: zonder/model/1\nsources: {s: {kind: assumption, title: t}}\n"
                          "parties: {p: {name: P, jurisdiction: NO, source: s}}\n");
  EXPECT_EQ(model.model.parties[0].jurisdiction, "NO");
}

TEST(ReadModel, LetsNodesNeedEachOther)
{
  good("schema: zonder/model/1\ndefaults: {source: s}\nsources: {s: {kind: assumption, title: t}}\n"
       "nodes: {a: {kind: service, needs: [{of: b}]}, b: {kind: service, needs: [{of: a}]}}\n");
}

TEST(ReadModel, TellsTwentyMistakesAtMostInTheOrderOfTheFile)
{
  std::string text = "schema: zonder/model/1\nnodes:\n";
  for (int i = 0; i < 50; ++i) {
    text += "  n" + std::to_string(i) + ": {kind: castle}\n";
  }
  const auto reading = read_model(text);
  ASSERT_EQ(reading.mistakes.size(), 20U);
  EXPECT_EQ(reading.mistakes[0].line, 3);
  EXPECT_EQ(reading.mistakes[19].line, 22);
  const auto model = parse_model(text, "m.yaml");
  ASSERT_FALSE(model);
  EXPECT_TRUE(model.error().message.starts_with("m.yaml:3:14: kind cannot be castle"));
  EXPECT_NE(model.error().message.find("and 19 more"), std::string::npos);
}

// --- the fictional municipality, against the draft that it was made from ---

std::string draft_folder()
{
  return std::string(ZONDER_SHARED_DATA) + "/../examples/";
}

std::chrono::seconds seconds_of(const std::string& text)
{
  long total = 0;
  long number = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      number = number * 10 + (c - '0');
    } else {
      total += number * (c == 'd' ? 86400 : c == 'h' ? 3600 : c == 'm' ? 60 : 1);
      number = 0;
    }
  }
  return std::chrono::seconds(total + number);
}

class Voorbeeldstad : public testing::Test {
protected:
  void SetUp() override
  {
    auto model = load_model(ZONDER_SOURCE_DIR "/examples/voorbeeldstad.yaml");
    ASSERT_TRUE(model) << model.error().message;
    model_ = std::move(*model);
  }
  DependencyModel model_;
};

TEST_F(Voorbeeldstad, HasItsServicesComponentsNeedsAndParties)
{
  std::size_t services = 0;
  std::size_t needs = 0;
  std::map<std::string, bool> named;
  for (const auto& node : model_.nodes) {
    services += node.kind == NodeKind::Service ? 1 : 0;
    for (const auto& need : node.needs) {
      needs += need.of.size();
    }
    named[node.operated_by] = named[node.supplier] = true;
  }
  EXPECT_EQ(services, 81U);
  EXPECT_EQ(model_.nodes.size() - services, 60U);
  EXPECT_EQ(needs, 204U);
  EXPECT_EQ(named.size(), 57U);
}

TEST_F(Voorbeeldstad, LosesNothingOfTheDraft)
{
  if (!std::filesystem::exists(draft_folder() + "voorbeeldstad.draft.yaml")) {
    GTEST_SKIP() << "the draft is not beside this checkout";
  }
  const auto draft = YAML::LoadFile(draft_folder() + "voorbeeldstad.draft.yaml");
  for (const auto& grace : draft["grace"]) {
    const auto id = grace.first.as<std::string>();
    const auto ours = model_.grace_of({.name = id, .own = {}});
    ASSERT_TRUE(ours) << id;
    EXPECT_EQ(ours->p5, seconds_of(grace.second[0].as<std::string>())) << id;
    EXPECT_EQ(ours->p50, seconds_of(grace.second[1].as<std::string>())) << id;
    EXPECT_EQ(ours->p95, seconds_of(grace.second[2].as<std::string>())) << id;
  }
  std::map<std::string, YAML::Node> nodes;
  for (const auto& part : draft["components"]) {
    nodes.emplace(part.first.as<std::string>(), part.second);
  }
  for (const auto& part : draft["services"]) {
    nodes.emplace(part["id"].as<std::string>(), static_cast<const YAML::Node&>(part));
  }
  ASSERT_EQ(nodes.size(), model_.nodes.size());
  std::map<std::string, std::string> same_party;  // of the draft and of ours
  for (const auto& node : model_.nodes) {
    const auto& theirs = nodes[node.id];
    const bool service = node.kind == NodeKind::Service;
    const auto supplier = theirs["p"].as<std::string>();
    const auto runs = theirs["o"] ? theirs["o"].as<std::string>() : service ? "Gemeente" : supplier;
    const auto operated_by = runs == "saas" ? supplier : runs;
    EXPECT_EQ(same_party.emplace(supplier, node.supplier).first->second, node.supplier) << node.id;
    EXPECT_EQ(same_party.emplace(operated_by, node.operated_by).first->second, node.operated_by)
        << node.id;
    std::size_t at = 0;
    for (const auto& group : theirs["any"]) {
      EXPECT_EQ(node.needs[at].at_least, group[0].as<std::size_t>());
      EXPECT_EQ(node.needs[at].of, group[1].as<std::vector<std::string>>());
      EXPECT_EQ(node.needs[at].grace.name, no_grace);
      ++at;
    }
    for (const auto& need : theirs["n"]) {
      ASSERT_LT(at, node.needs.size()) << node.id;
      EXPECT_EQ(node.needs[at].of, std::vector{need[0].as<std::string>()}) << node.id;
      EXPECT_EQ(text_of(node.needs[at].loss), need[1].as<std::string>()) << node.id;
      EXPECT_EQ(node.needs[at].grace.name, need[2].as<std::string>()) << node.id;
      ++at;
    }
    EXPECT_EQ(at, node.needs.size()) << node.id;
    if (service) {
      EXPECT_EQ(text_of(node.service_class), theirs["c"].as<std::string>());
      EXPECT_EQ(node.domain, theirs["d"].as<std::string>());
    }
    ASSERT_EQ(node.fallbacks.size(), theirs["f"] ? 1U : 0U) << node.id;
    if (theirs["f"]) {
      EXPECT_EQ(node.fallbacks[0].start, seconds_of(theirs["f"][1].as<std::string>()));
      EXPECT_DOUBLE_EQ(node.fallbacks[0].capacity, theirs["f"][2].as<double>());
      EXPECT_EQ(node.fallbacks[0].lasts, seconds_of(theirs["f"][3].as<std::string>()));
    }
  }
  EXPECT_EQ(same_party.size(), 57U);
  // The ultimate owner's law is that of the draft.
  for (const auto& [theirs, ours] : same_party) {
    const auto* party = model_.party(ours);
    ASSERT_NE(party, nullptr) << ours;
    const auto& law = party->owners.empty() ? party->jurisdiction
                                            : model_.party(party->owners[0].party)->jurisdiction;
    EXPECT_EQ(law, draft["parties"][theirs][1].as<std::string>()) << theirs;
  }
}

}  // namespace
}  // namespace zonder::modelfile
