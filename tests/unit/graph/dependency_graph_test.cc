// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "graph/dependency_graph.hh"
#include "graph/model_problems.hh"
#include "modelfile/read_model.hh"

namespace zonder::graph {
namespace {

using namespace model;

constexpr Date today{.year = 2026, .month = 11, .day = 27};

DependencyModel small_model()
{
  DependencyModel model;
  model.sources.push_back({.id = "s", .kind = SourceKind::Assumption, .title = "s"});
  const auto party = [&](const std::string& id, const std::string& law) {
    Party one;
    one.id = id;
    one.jurisdiction = law;
    model.parties.push_back(one);
  };
  party("dutch", "NL");
  party("middle", "IE");
  party("top", "US");
  const auto owned = [&](std::size_t of, const std::string& by, std::optional<Date> until) {
    Owner owner;
    owner.party = by;
    owner.until = until;
    owner.evidence.source = "s";
    model.parties[of].owners.push_back(owner);
  };
  owned(0, "middle", Date{.year = 2027});
  owned(1, "top", {});
  for (const auto* id : {"mail", "login", "line-a", "line-b"}) {
    Node node;
    node.id = id;
    node.operated_by = "dutch";
    model.nodes.push_back(node);
  }
  Need lines;
  lines.of = {"line-a", "line-b"};
  lines.grace.name = no_grace;
  lines.evidence.source = "s";
  Need login;
  login.of = {"login"};
  login.loss = Loss::NoNew;
  login.grace = {.name = "", .own = Grace{}};
  login.grace.own->known = true;
  login.grace.own->p5 = std::chrono::minutes(1);
  login.grace.own->p50 = std::chrono::minutes(2);
  login.grace.own->p95 = std::chrono::minutes(3);
  login.grace.own->void_if = {Voider::Revoked};
  login.grace.own->source = "s";
  login.evidence.source = "s";
  model.nodes[0].needs = {lines, login};
  model.nodes[1].needs = {lines};
  return model;
}

std::vector<std::string> ids(const DependencyGraph& graph, std::span<const NodeIndex> nodes)
{
  std::vector<std::string> ids;
  for (const auto node : nodes) {
    ids.push_back(graph.node_id(node));
  }
  return ids;
}

TEST(DependencyGraph, HasTheNeedsOfANodeAndFindsThemBackFromTheirMembers)
{
  const auto graph = DependencyGraph::build(small_model(), today);
  ASSERT_TRUE(graph);
  EXPECT_EQ(graph->nodes(), 4U);
  EXPECT_EQ(graph->groups(), 3U);
  const auto mail = *graph->find_node("mail");
  const auto groups = graph->groups_of(mail);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(ids(*graph, graph->members(groups[0])), (std::vector<std::string>{"line-a", "line-b"}));
  EXPECT_EQ(groups[1].loss, Loss::NoNew);
  EXPECT_TRUE(graph->grace(groups[1].grace).is_void_if(Voider::Revoked));
  EXPECT_FALSE(graph->grace(groups[1].grace).is_void_if(Voider::ColdStart));
  EXPECT_EQ(graph->grace(groups[0].grace).p95.count(), 0);
  const auto on = graph->groups_on(*graph->find_node("line-b"));
  ASSERT_EQ(on.size(), 2U);
  EXPECT_EQ(graph->group(on[0]).node, mail);
  EXPECT_EQ(graph->group(on[1]).node, *graph->find_node("login"));
  EXPECT_TRUE(graph->groups_on(mail).empty());
  EXPECT_FALSE(graph->find_node("nothing"));
}

TEST(DependencyGraph, KnowsWhoOwnsAPartyOnADay)
{
  const auto now = DependencyGraph::build(small_model(), today);
  const auto later =
      DependencyGraph::build(small_model(), Date{.year = 2027, .month = 6, .day = 1});
  ASSERT_TRUE(now && later);
  const auto dutch = *now->find_party("dutch");
  EXPECT_EQ(now->owners(dutch).size(), 2U);
  EXPECT_TRUE(now->is_reached_by(dutch, "US"));
  EXPECT_TRUE(now->is_reached_by(dutch, "NL"));
  EXPECT_FALSE(later->is_reached_by(dutch, "US"));
}

TEST(DependencyGraph, IsNotBuiltFromAModelThatDoesNotHoldTogether)
{
  auto model = small_model();
  model.nodes[0].needs[1].of = {"lgin"};
  const auto graph = DependencyGraph::build(model, today);
  ASSERT_FALSE(graph);
  EXPECT_EQ(graph.error().message,
            "nodes.mail.needs[1].of: there is no node lgin (did you mean login?)");
}

/// The one problem of a model that is sound but for what `harm` does to it.
std::string only_problem(const std::function<void(DependencyModel&)>& harm)
{
  auto model = small_model();
  harm(model);
  const auto problems = problems_of(model);
  return problems.size() != 1 ? std::to_string(problems.size()) + " problems"
                              : to_text(problems[0].path) + ": " + problems[0].what;
}

TEST(ModelProblems, AreToldWithTheirPlace)
{
  EXPECT_TRUE(problems_of(small_model()).empty());
  EXPECT_EQ(only_problem([](auto& m) { m.nodes[0].needs[0].at_least = 3; }),
            "nodes.mail.needs[0].at_least: 3 of 2 cannot be: at_least is from 1 to the number of "
            "nodes");
  EXPECT_EQ(only_problem([](auto& m) { m.nodes[0].needs[0].at_least = 0; }),
            "nodes.mail.needs[0].at_least: 0 of 2 cannot be: at_least is from 1 to the number of "
            "nodes");
  EXPECT_EQ(
      only_problem([](auto& m) { m.nodes[0].needs[1].grace.own->p50 = std::chrono::minutes(5); }),
      "nodes.mail.needs[1].grace: of a grace p5 <= p50 <= p95 must hold");
  EXPECT_TRUE(only_problem([](auto& m) {
                m.nodes[0].needs[0].evidence.source.clear();
              }).starts_with("nodes.mail.needs[0]: a need without a source is refused"));
  EXPECT_EQ(only_problem([](auto& m) {
              m.nodes[1].id = "mail";
              m.nodes[0].needs.clear();
            }),
            "nodes.mail: mail stands here twice: keep one");
  EXPECT_EQ(only_problem([](auto& m) { m.parties[2].owners = {m.parties[0].owners[0]}; }),
            "parties.middle.owners: middle would own itself: leave one of these owners out");
}

TEST(ModelProblems, LetCyclesBe)
{
  auto model = small_model();
  Need back;
  back.of = {"mail"};
  back.evidence.source = "s";
  model.nodes[1].needs.push_back(back);
  EXPECT_TRUE(problems_of(model).empty());
}

// Which nodes a scenario takes is simulate's question; that the example holds what it takes to
// answer it as the table beside the checkout does is ours.
TEST(DependencyGraph, OfVoorbeeldstadTakesWhatTheTableSaysForEachLaw)
{
  const std::string table =
      std::string(ZONDER_SHARED_DATA) + "/../examples/voorbeeldstad.removed.csv";
  if (!std::filesystem::exists(table)) {
    GTEST_SKIP() << "the table is not beside this checkout";
  }
  const auto model = modelfile::load_model(ZONDER_SOURCE_DIR "/examples/voorbeeldstad.yaml");
  ASSERT_TRUE(model) << model.error().message;
  const auto graph = DependencyGraph::build(*model, today);
  ASSERT_TRUE(graph);
  const auto taken = [&](const std::function<bool(const NodeRow&)>& takes) {
    std::set<std::string> nodes;
    for (NodeIndex i = 0; i < graph->nodes(); ++i) {
      if (takes(graph->node(i))) {
        nodes.insert(graph->node_id(i));
      }
    }
    return nodes;
  };
  std::ifstream file(table);
  std::string line;
  std::size_t compared = 0;
  while (std::getline(file, line)) {
    const auto scenario = line.substr(0, line.find(','));
    std::istringstream words(line.substr(line.find(',') + 1));
    const std::set<std::string> expected{std::istream_iterator<std::string>(words), {}};
    std::set<std::string> ours;
    if (scenario == "all-us") {
      ours = taken([&](const NodeRow& row) { return graph->is_reached_by(row.operated_by, "US"); });
    } else if (scenario == "all-us-reach-operator") {
      ours =
          taken([&](const NodeRow& row) { return graph->jurisdiction(row.operated_by) == "US"; });
    } else if (scenario == "naive-supplier") {
      ours = taken([&](const NodeRow& row) { return graph->is_reached_by(row.supplier, "US"); });
    } else if (scenario == "canada") {
      ours = taken([&](const NodeRow& row) { return graph->is_reached_by(row.operated_by, "CA"); });
    } else if (scenario == "microsoft" || scenario == "kpn") {
      ours =
          taken([&](const NodeRow& row) { return graph->party_id(row.operated_by) == scenario; });
    } else {
      continue;
    }
    EXPECT_EQ(ours, expected) << scenario;
    ++compared;
  }
  EXPECT_EQ(compared, 6U);
}

}  // namespace
}  // namespace zonder::graph
