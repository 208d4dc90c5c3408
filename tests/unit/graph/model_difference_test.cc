// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "graph/model_difference.hh"
#include "graph/model_summary.hh"
#include "modelfile/merge.hh"
#include "modelfile/read_model.hh"
#include "report/model_text.hh"

namespace zonder::graph {
namespace {

using namespace model;

constexpr Date today{.year = 2026, .month = 11, .day = 27};

const std::string head = R"(schema: zonder/model/1
defaults: {source: list}
sources: {list: {kind: inventory, title: List}, wire: {kind: measurement, title: Wire}}
)";

// What the list says ...
const std::string declared = head + R"(parties:
  us: {name: Us, jurisdiction: "NL", owners: none}
  software: {name: Software, jurisdiction: "NL", owners: none}
  hoster: {name: Hoster, jurisdiction: "NL", owners: none}
nodes:
  cases:   # ours
    kind: service
    name: Case system
    operator: software
    identifiers: {gemma: id-7}
    hosting: [{jurisdiction: "NL", evidence: declared, source: list}]
    needs:
      - {of: cloud, loss: stop, grace: none}
      - {of: [line-a, line-b], at_least: 1, loss: stop}
  cloud: {kind: component, operator: hoster, endpoints: [cases.example.nl]}
  line-a: {kind: network}
  line-b: {kind: network}
  fax: {kind: service, operator: us, needs: [{of: line-a}]}
)";

// ... and what was seen: other ids, another operator, a log-in that no list has, no fax.
const std::string measured = head + R"(parties:
  software: {name: Software, jurisdiction: "NL", owners: [{party: big, source: wire}]}
  amazon: {name: Amazon, jurisdiction: "US", owners: none}
  big: {name: Big, jurisdiction: "US", owners: none}
nodes:
  zaaksysteem:
    kind: service
    operator: software
    identifiers: {gemma: id-7}
    hosting: [{jurisdiction: "US", evidence: measured, source: wire}]
    needs:
      - {of: hosted, loss: degrade, evidence: measured, confidence: high, source: wire}
      - {of: line-a, evidence: measured, source: wire}
      - {of: log-in, evidence: measured, source: wire}
  hosted: {kind: component, operator: amazon, endpoints: [cases.example.nl], evidence: measured, source: wire}
  line-a: {kind: network}
  line-b: {kind: network}
  log-in: {kind: component, operator: amazon, evidence: measured, source: wire}
)";

DependencyModel model_of(const std::string& text)
{
  auto model = modelfile::parse_model(text, "m");
  EXPECT_TRUE(model) << (model ? "" : model.error().message);
  return std::move(*model);
}

std::vector<std::string> lines(const ModelDifference& difference)
{
  std::vector<std::string> all;
  for (const auto& one : difference.differences) {
    all.push_back(std::string(text_of(one.of)) + " " + one.subject + " " +
                  std::string(text_of(one.kind)) + ": " + one.first + " / " + one.second);
  }
  return all;
}

TEST(ModelDifference, ListsEveryErrorThatWasPlantedAndNothingElse)
{
  const auto difference = difference_between(model_of(declared), model_of(measured));
  EXPECT_EQ(lines(difference),
            (std::vector<std::string>{
                "hosting cases differs: NL / US",
                "need cases only_second:  / log-in",
                "loss cases differs: cloud: stop / cloud: degrade",
                "operator cloud differs: hoster / amazon",
                "node fax only_first:  / ",
                "node log-in only_second:  / ",
                "owner software only_second:  / big",
                "party amazon only_second:  / Amazon",
                "party big only_second:  / Big",
                "party us only_first: Us / ",
                "party hoster only_first: Hoster / ",
            }));
  const auto& need = difference.differences[1];
  ASSERT_TRUE(need.second_evidence);
  EXPECT_EQ(need.second_evidence->tier, Tier::Measured);
  EXPECT_EQ(need.second_evidence->source, "wire");
  std::set<std::string> by;
  for (const auto& pair : difference.same) {
    by.insert(pair.first + "=" + pair.second + " by " + pair.by);
  }
  EXPECT_EQ(by,
            (std::set<std::string>{"cases=zaaksysteem by identifier",
                                   "cloud=hosted by endpoint",
                                   "line-a=line-a by id",
                                   "line-b=line-b by id"}));
}

// A wrong inventory of the fictional municipality: each error is found, and nothing else is.
TEST(ModelDifference, FindsWhatWasPlantedInALargeModel)
{
  const auto right = modelfile::load_model(ZONDER_SOURCE_DIR "/examples/voorbeeldstad.yaml");
  ASSERT_TRUE(right);
  for (unsigned seed = 1; seed <= 50; ++seed) {
    std::mt19937 dice(seed);
    auto wrong = *right;
    std::multiset<std::string> planted;
    std::set<std::string> touched = {"vr-koppel"};  // needs lms112 already
    const auto any_node = [&]() -> Node& {
      for (;;) {
        auto& node = wrong.nodes[dice() % wrong.nodes.size()];
        if (!node.needs.empty() && touched.insert(node.id).second) {
          return node;
        }
      }
    };
    for (int i = 0; i < 4; ++i) {
      auto& moved = any_node();
      const auto real = moved.operated_by;
      moved.operated_by = real == "sidn" ? "kpn" : "sidn";
      planted.insert("operator " + moved.id + " differs: " + real + " / " + moved.operated_by);

      auto& forgetful = any_node();
      std::set<std::string> left;
      const auto gone = forgetful.needs.back();
      forgetful.needs.pop_back();
      for (const auto& need : forgetful.needs) {
        left.insert(need.of.begin(), need.of.end());
      }
      if (left.count(gone.of.front()) == 0) {
        std::string of;
        for (const auto& id : gone.of) {
          of += (of.empty() ? "" : ", ") + id;
        }
        planted.insert("need " + forgetful.id + " only_first: " + of + " / ");
      }

      auto& inventive = any_node();
      Need invented = gone;
      invented.of = {"lms112"};
      inventive.needs.push_back(invented);
      planted.insert("need " + inventive.id + " only_second:  / lms112");
    }
    Node shadow;
    shadow.id = "shadow-it";
    wrong.nodes.push_back(shadow);
    planted.insert("node shadow-it only_second:  / ");
    wrong.parties[0].jurisdiction = "IE";
    planted.insert("jurisdiction microsoft differs: US / IE");
    const auto found = lines(difference_between(*right, wrong));
    EXPECT_EQ(std::multiset<std::string>(found.begin(), found.end()), planted) << "seed " << seed;
  }
}

TEST(ModelDifference, IsNoneOfAModelAndItself)
{
  const auto difference = difference_between(model_of(declared), model_of(declared));
  EXPECT_TRUE(difference.differences.empty());
  EXPECT_EQ(difference.same.size(), 5U);
}

TEST(ModelDifference, IsToldWithTheEvidenceOfBoth)
{
  const auto difference = difference_between(model_of(declared), model_of(measured));
  const auto text = report::difference_text(difference, "list.yaml", "seen.yaml", true);
  EXPECT_TRUE(text.starts_with(
      "3 only in list.yaml, 5 only in seen.yaml, 3 told differently; 4 nodes are in both.\n"))
      << text;
  EXPECT_NE(
      text.find("cases: hosting: NL in list.yaml (declared, confidence low, source list), US in "
                "seen.yaml (measured, confidence low, source wire)"),
      std::string::npos)
      << text;
  EXPECT_NE(text.find("Taken for one: cases of list.yaml and zaaksysteem of seen.yaml, by an "
                      "identifier."),
            std::string::npos);
}

TEST(ModelMerge, TakesWhatIsMissingUnderTheIdsOfTheFirstAndKeepsItsText)
{
  auto file = modelfile::ModelFile::parse(declared, "m");
  ASSERT_TRUE(file);
  const auto merged = modelfile::merge_into(*file, model_of(measured));
  ASSERT_TRUE(merged) << merged.error().message;
  EXPECT_EQ(merged->nodes, 1U);
  EXPECT_EQ(merged->needs, 1U);
  EXPECT_EQ(merged->parties, 2U);
  EXPECT_EQ(merged->hosting, 1U);
  EXPECT_EQ(merged->raised, 2U);
  EXPECT_EQ(merged->conflicts.size(), 3U);
  const auto* cases = file->model().node("cases");
  ASSERT_NE(cases, nullptr);
  EXPECT_EQ(cases->needs[0].evidence.tier, Tier::Measured);
  EXPECT_EQ(cases->needs[0].loss, Loss::Stop);
  EXPECT_EQ(cases->needs[2].of, std::vector<std::string>{"log-in"});
  EXPECT_EQ(cases->hosting.size(), 2U);
  EXPECT_EQ(file->model().node("cloud")->operated_by, "hoster");
  EXPECT_NE(file->text().find("  cases:   # ours\n"), std::string::npos);
  // Nothing is taken twice.
  const auto text = file->text();
  const auto again = modelfile::merge_into(*file, model_of(measured));
  ASSERT_TRUE(again);
  EXPECT_EQ(file->text(), text);
}

TEST(ModelMerge, NumbersASourceThatMeansSomethingElse)
{
  auto file = modelfile::ModelFile::parse(declared, "m");
  ASSERT_TRUE(file);
  auto other = model_of(measured);
  other.sources[1].title = "Another wire";
  ASSERT_TRUE(modelfile::merge_into(*file, other));
  EXPECT_EQ(file->model().source("wire-2")->title, "Another wire");
  EXPECT_EQ(file->model().node("log-in")->evidence.source, "wire-2");
}

TEST(TakeLearned, TakesWhatWasDecidedAndWritesTheDecisionDown)
{
  auto file = modelfile::ModelFile::parse(declared, "m");
  ASSERT_TRUE(file);
  Proposals proposals;
  proposals.sources = {{.id = "observed", .kind = SourceKind::Measurement, .title = "Seen"}};
  const auto node = [&](const std::string& id, const std::string& needs) {
    Node one;
    one.id = id;
    one.evidence.source = "observed";
    Need need;
    need.of = {needs};
    need.evidence.source = "observed";
    one.needs = {need};
    return one;
  };
  proposals.nodes = {{.seen = "a", .node = node("devices", "entra-id")},
                     {.seen = "b", .node = node("entra-id", "line-a")},
                     {.seen = "c", .node = node("advertisements", "line-a")},
                     {.seen = "d", .node = node("second-cloud", "line-b")},
                     {.seen = "e", .node = node("undecided", "line-b")}};
  const std::vector<Decision> decisions = {
      {.seen = "a", .choice = Choice::Accept, .node = "devices", .day = today},
      {.seen = "b",
       .choice = Choice::Rename,
       .node = "sign-in",
       .name = "Signing in",
       .day = today},
      {.seen = "c", .choice = Choice::Ignore, .why = "not ours", .day = today},
      {.seen = "d", .choice = Choice::Merge, .node = "cloud", .day = today}};
  const auto taken = modelfile::take_learned(*file, proposals, decisions);
  ASSERT_TRUE(taken) << taken.error().message;
  const auto& model = file->model();
  EXPECT_EQ(model.node("devices")->needs[0].of, std::vector<std::string>{"sign-in"});
  EXPECT_EQ(model.node("sign-in")->name.en, "Signing in");
  EXPECT_EQ(model.node("cloud")->needs[0].of, std::vector<std::string>{"line-b"});
  EXPECT_EQ(model.node("advertisements"), nullptr);
  EXPECT_EQ(model.node("undecided"), nullptr);
  EXPECT_EQ(model.learned, decisions);
}

// From a list that says where an application is hosted, and what its traffic showed.
TEST(TakeLearned, ShowsThatAListAndTheTrafficContradictEachOther)
{
  auto file = modelfile::ModelFile::parse(head + "nodes: {}\n", "m");
  ASSERT_TRUE(file);
  const auto seen = [](Relation relation, Kind kind, const std::string& object, Tier tier) {
    return Observation{.subject_kind = Kind::Application,
                       .subject = "Zaaksysteem",
                       .relation = relation,
                       .object_kind = kind,
                       .object = object,
                       .via = tier == Tier::Declared ? Via::List : Via::Log,
                       .tier = tier,
                       .count = 3};
  };
  const std::vector all = {
      seen(Relation::HostedIn, Kind::Jurisdiction, "NL", Tier::Declared),
      seen(Relation::SignedIn, Kind::Name, "cases.cloud.example", Tier::Measured)};
  const Attribution whose = [](Kind, std::string_view text) {
    return text.ends_with("cloud.example")
               ? std::optional(Attributed{.party = "cloud",
                                          .name = {.nl = "Cloud", .en = "Cloud"},
                                          .jurisdiction = "IE",
                                          .law = "US"})
               : std::nullopt;
  };
  auto proposals = learn(all, file->model(), whose);
  std::vector<Decision> decisions;
  for (const auto& [key, node] : proposals.nodes) {
    // The cloud is where the application itself runs: somebody says that they are one.
    decisions.push_back({.seen = key,
                         .choice = node.id == "zaaksysteem" ? Choice::Accept : Choice::Merge,
                         .node = "zaaksysteem",
                         .day = today});
  }
  const auto taken = modelfile::take_learned(*file, proposals, decisions);
  ASSERT_TRUE(taken) << taken.error().message;
  const auto summary = summarise(file->model(), today);
  ASSERT_TRUE(summary);
  ASSERT_EQ(summary->contradictions.size(), 1U);
  EXPECT_EQ(summary->contradictions[0].declared, "NL");
  EXPECT_EQ(summary->contradictions[0].measured, "US");
  // The next time all of it is known, and nobody is asked.
  EXPECT_TRUE(learn(all, file->model(), whose).nodes.empty());
}

TEST(ModelSummary, CountsWhatRestsOnPaperAndWhatNobodyKnows)
{
  const auto summary = summarise(model_of(measured), today);
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->services, 1U);
  EXPECT_EQ(summary->others, 4U);
  EXPECT_EQ(summary->needs, 3U);
  EXPECT_EQ(summary->measured, 3U);
  EXPECT_EQ(summary->paper_share(), 0.0);
  EXPECT_EQ(summary->unknown_grace, 2U);
  EXPECT_EQ(summary->no_operator, (std::vector<std::string>{"line-a", "line-b"}));
  EXPECT_EQ(summary->without_class, std::vector<std::string>{"zaaksysteem"});
  EXPECT_EQ(summary->laws[0].who, "US");
  EXPECT_EQ(summary->laws[0].services, 1U);
}

TEST(ModelSummary, ShowsWhereADeclarationOfHostingIsContradicted)
{
  auto model = model_of(declared);
  // Nobody measured; but the operator's new owner is under another law than the list says.
  Party owner{.id = "owner", .jurisdiction = "US"};
  model.parties.push_back(owner);
  model.parties[1].ownership = Ownership::Listed;
  model.parties[1].owners = {{.party = "owner", .evidence = {.source = "wire"}}};
  auto summary = summarise(model, today);
  ASSERT_TRUE(summary);
  ASSERT_EQ(summary->contradictions.size(), 1U);
  EXPECT_EQ(summary->contradictions[0].node, "cases");
  EXPECT_EQ(summary->contradictions[0].measured, "NL, US");
  EXPECT_TRUE(summary->contradictions[0].by_operator);
  // What was measured goes before what follows from owners.
  model.nodes[0].hosting.push_back(
      {.jurisdiction = "US", .evidence = {.tier = Tier::Measured, .source = "wire"}});
  summary = summarise(model, today);
  ASSERT_EQ(summary->contradictions.size(), 1U);
  EXPECT_EQ(summary->contradictions[0].measured, "US");
  EXPECT_FALSE(summary->contradictions[0].by_operator);
  const auto text = report::summary_text(model, *summary, true);
  EXPECT_NE(text.find("cases: declared NL (list), measured US (wire)"), std::string::npos) << text;
  // What is as declared is not told.
  model.nodes[0].hosting[1].jurisdiction = "NL";
  EXPECT_TRUE(summarise(model, today)->contradictions.empty());
}

// Which services ever stop is in the table beside the checkout, whatever the hour.
TEST(ModelSummary, OfVoorbeeldstadLetsStopWhatTheTableLetsStop)
{
  const std::string table =
      std::string(ZONDER_SHARED_DATA) + "/../examples/voorbeeldstad.expected.csv";
  if (!std::filesystem::exists(table)) {
    GTEST_SKIP() << "the table is not beside this checkout";
  }
  const auto model = modelfile::load_model(ZONDER_SOURCE_DIR "/examples/voorbeeldstad.yaml");
  ASSERT_TRUE(model) << model.error().message;
  const auto graph = DependencyGraph::build(*model, today);
  ASSERT_TRUE(graph);
  std::ifstream file(table);
  std::string line;
  std::vector<std::vector<std::string>> rows;
  while (std::getline(file, line)) {
    std::vector<std::string> fields(1);
    for (const char c : line) {
      if (c == ',') {
        fields.emplace_back();
      } else if (c != '\r') {
        fields.back() += c;
      }
    }
    rows.push_back(fields);
  }
  ASSERT_EQ(rows.size(), 142U);
  for (std::size_t column = 2; column < rows[0].size(); ++column) {
    const auto& scenario = rows[0][column];
    std::set<std::string> expected;
    std::vector<NodeIndex> gone;
    for (std::size_t row = 1; row < rows.size(); ++row) {
      if (!rows[row][column].empty()) {
        expected.insert(rows[row][0]);
      }
    }
    std::ifstream removed(std::string(ZONDER_SHARED_DATA) +
                          "/../examples/voorbeeldstad.removed.csv");
    while (std::getline(removed, line)) {
      if (line.starts_with(scenario + ",")) {
        std::istringstream words(line.substr(scenario.size() + 1));
        for (std::string word; words >> word;) {
          gone.push_back(*graph->find_node(word));
        }
      }
    }
    ASSERT_FALSE(gone.empty()) << scenario;
    std::set<std::string> ours;
    for (const auto node : gone) {
      ours.insert(graph->node_id(node));
    }
    for (const auto node : standing_on(*graph, gone)) {
      ours.insert(graph->node_id(node));
    }
    EXPECT_EQ(ours, expected) << scenario;
  }
}

}  // namespace
}  // namespace zonder::graph
