// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include "base/file.hh"
#include "modelfile/model_file.hh"
#include "modelfile/read_model.hh"
#include "modelfile/write_model.hh"

namespace zonder::modelfile {
namespace {

using namespace model;

// Written as people write: comments everywhere, several styles, spaces at ends.
const std::string town = R"(# A town.
schema: zonder/model/1   # the first line that counts
defaults: {source: talk, confidence: low}

sources:
  talk: {kind: interview, title: "Asked, at the counter"}   # not written down

parties:
  town: {name: Town, jurisdiction: "NL", owners: none}
  cloud:
    name: "Cloud: the big one"
    jurisdiction: "US"
    owners: unknown   # who knows

# --- what we run ---
nodes:
  mail:
    kind: service
    name: {nl: post, en: mail}
    # The operator was different before 2024.
    operator: cloud     # since 2024
    needs:
    - {of: login, loss: stop, grace: unknown}
    - of: [line-a, line-b]
      at_least: 1
      grace: none
      # a comment inside

  login: {kind: component, operator: 'cloud', needs: []}
  line-a:
    kind: component
    needs:   # none yet
  line-b: {kind: component}  # the spare

scenarios:
  dark:
    outages:
      - {selector: "@us, node:login", mode: gone}   # both
# the end
)";

ModelFile open(const std::string& text)
{
  auto file = ModelFile::parse(text, "m.yaml");
  EXPECT_TRUE(file) << (file ? "" : file.error().message);
  return std::move(*file);
}

std::vector<std::string> lines_of(const std::string& text)
{
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

/// "-old" and "+new": the lines that a change took away and put in, both being in order else.
std::vector<std::string> difference(const std::string& before, const std::string& after)
{
  const auto a = lines_of(before);
  const auto b = lines_of(after);
  std::vector<std::vector<std::size_t>> common(a.size() + 1,
                                               std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      common[i][j] =
          a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  std::vector<std::string> found;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      ++i;
      ++j;
    } else if (i < a.size() && (j == b.size() || common[i + 1][j] >= common[i][j + 1])) {
      found.push_back("-" + a[i++]);
    } else {
      found.push_back("+" + b[j++]);
    }
  }
  return found;
}

using Lines = std::vector<std::string>;

Node a_node(const std::string& id)
{
  Node node;
  node.id = id;
  node.kind = NodeKind::Service;
  node.name = {.nl = "kassa", .en = "till"};
  node.operated_by = "town";
  Need need;
  need.of = {"login"};
  need.evidence.source = "talk";
  node.needs.push_back(need);
  return node;
}

TEST(ModelFile, KeepsEveryByteWhereNothingChanges)
{
  EXPECT_EQ(open(town).text(), town);
}

TEST(ModelFile, AddsANodeInLinesOfItsOwn)
{
  auto file = open(town);
  ASSERT_TRUE(file.add_nodes({a_node("till")}));
  EXPECT_EQ(difference(town, file.text()),
            (Lines{"+  till:",
                   "+    kind: service",
                   "+    name: {nl: kassa, en: till}",
                   "+    operator: town",
                   "+    evidence: declared",
                   "+    confidence: low",
                   "+    source: none",
                   "+    needs:",
                   "+      - {of: login, loss: stop, grace: unknown, evidence: declared, "
                   "confidence: low, source: talk}"}));
  EXPECT_NE(file.model().node("till"), nullptr);
}

TEST(ModelFile, ChangesAnOperatorInItsLine)
{
  auto file = open(town);
  ASSERT_TRUE(file.set_operator("mail", "town"));
  EXPECT_EQ(
      difference(town, file.text()),
      (Lines{"-    operator: cloud     # since 2024", "+    operator: town     # since 2024"}));
  ASSERT_TRUE(file.set_operator("login", "town"));
  ASSERT_TRUE(file.set_operator("line-a", "town"));
  ASSERT_TRUE(file.set_operator("line-b", "town"));
  EXPECT_EQ(file.model().node("line-b")->operated_by, "town");
  EXPECT_NE(file.text().find("  line-b: {kind: component, operator: town}  # the spare\n"),
            std::string::npos);
}

TEST(ModelFile, ChangesAnOwner)
{
  auto file = open(town);
  Owner owner;
  owner.party = "town";
  owner.from = Date::try_parse("2026-03");
  owner.evidence.source = "talk";
  ASSERT_TRUE(file.add_owner("cloud", owner));
  EXPECT_EQ(difference(town, file.text()),
            (Lines{"-    owners: unknown   # who knows",
                   "+    owners:   # who knows",
                   "+      - {party: town, from: 2026-03, evidence: declared, confidence: low, "
                   "source: talk}"}));
  const auto before = file.text();
  ASSERT_TRUE(file.end_owner("cloud", 0, *Date::try_parse("2026-11-27")));
  EXPECT_EQ(difference(before, file.text()).size(), 2U);
  EXPECT_EQ(file.model().party("cloud")->owners[0].until->to_string(), "2026-11-27");
}

TEST(ModelFile, RenamesANodeWhereverItIsNamed)
{
  auto file = open(town);
  ASSERT_TRUE(file.rename_node("login", "sign-in"));
  EXPECT_EQ(difference(town, file.text()),
            (Lines{"-    - {of: login, loss: stop, grace: unknown}",
                   "+    - {of: sign-in, loss: stop, grace: unknown}",
                   "-  login: {kind: component, operator: 'cloud', needs: []}",
                   "+  sign-in: {kind: component, operator: 'cloud', needs: []}",
                   "-      - {selector: \"@us, node:login\", mode: gone}   # both",
                   "+      - {selector: \"@us, node:sign-in\", mode: gone}   # both"}));
  EXPECT_FALSE(file.rename_node("nobody", "x"));
  EXPECT_FALSE(file.rename_node("mail", "line-a"));
}

TEST(ModelFile, AddsNeedsInTheStyleOfEachPlace)
{
  auto file = open(town);
  auto need = a_node("x").needs[0];
  need.of = {"line-b"};
  ASSERT_TRUE(file.add_needs({{"mail", need}, {"login", need}, {"line-a", need}}));
  const std::string item =
      "{of: line-b, loss: stop, grace: unknown, evidence: declared, confidence: low, source: talk}";
  EXPECT_EQ(difference(town, file.text()),
            (Lines{"+    - " + item,
                   "-  login: {kind: component, operator: 'cloud', needs: []}",
                   "+  login: {kind: component, operator: 'cloud', needs: [" + item + "]}",
                   "+      - " + item}));
  // Behind the comment that belongs to the last need.
  EXPECT_NE(file.text().find("# a comment inside\n    - {of: line-b"), std::string::npos);
}

TEST(ModelFile, MakesASectionThatIsNotThere)
{
  auto file = open(town);
  ASSERT_TRUE(
      file.add_decisions({{.seen = "name:x.example.nl", .choice = Choice::Ignore, .day = {}}}));
  EXPECT_EQ(difference(town, file.text()),
            (Lines{"+", "+learned:", "+  - {seen: \"name:x.example.nl\", decision: ignore}"}));
}

TEST(ModelFile, KeepsLineEndsOfWindowsAndAMissingLastOne)
{
  std::string windows;
  for (const char c : town) {
    windows += c == '\n' ? "\r\n" : std::string(1, c);
  }
  auto file = open(windows);
  ASSERT_TRUE(file.add_nodes({a_node("till")}));
  EXPECT_EQ(static_cast<std::size_t>(std::count(file.text().begin(), file.text().end(), '\n')),
            static_cast<std::size_t>(std::count(file.text().begin(), file.text().end(), '\r')));
  auto open_end = open(town + "learned: []");
  ASSERT_TRUE(open_end.add_decisions({{.seen = "a", .choice = Choice::Ignore, .day = {}}}));
  EXPECT_TRUE(open_end.text().ends_with("learned:\n  - {seen: a, decision: ignore}"));
  auto marked = open("\xef\xbb\xbf" + town);
  ASSERT_TRUE(marked.rename_node("login", "sign-in"));
  EXPECT_TRUE(marked.text().starts_with("\xef\xbb\xbf# A town."));
}

TEST(ModelFile, LeavesTheFileAloneWhereTheResultWouldNotBeSound)
{
  auto file = open(town);
  auto node = a_node("till");
  node.operated_by = "nobody";
  const auto added = file.add_nodes({node});
  ASSERT_FALSE(added);
  EXPECT_NE(added.error().message.find("there is no party nobody"), std::string::npos);
  EXPECT_EQ(file.text(), town);
}

TEST(ModelFile, RaisesTheEvidenceOfANeed)
{
  auto file = open(town);
  Evidence evidence{.tier = Tier::Measured, .confidence = Confidence::High, .source = "talk"};
  evidence.seen = Seen{.first = Date::try_parse("2026-11-01"),
                       .last = Date::try_parse("2026-11-27"),
                       .count = 12,
                       .via = {Via::Dns, Via::Tls}};
  ASSERT_TRUE(file.set_evidence({{.node = "mail", .need = 0, .evidence = evidence}}));
  EXPECT_EQ(
      difference(town, file.text()),
      (Lines{"-    - {of: login, loss: stop, grace: unknown}",
             "+    - {of: login, loss: stop, grace: unknown, evidence: measured, confidence: "
             "high, seen: {first: 2026-11-01, last: 2026-11-27, count: 12, via: [dns, tls]}}"}));
  const auto before = file.text();
  evidence.seen->count = 13;
  ASSERT_TRUE(file.set_evidence({{.node = "mail", .need = 0, .evidence = evidence}}));
  EXPECT_EQ(difference(before, file.text()).size(), 2U);
}

TEST(ModelFile, ChangesTheExampleAndNothingElseOfIt)
{
  const auto text = read_file(ZONDER_SOURCE_DIR "/examples/voorbeeldstad.yaml");
  ASSERT_TRUE(text);
  auto file = open(*text);
  // Each node in turn is renamed and back; the file is then as it was.
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < file.model().nodes.size(); i += 12) {
    ids.push_back(file.model().nodes[i].id);
  }
  for (const auto& id : ids) {
    ASSERT_TRUE(file.rename_node(id, "another-name")) << id;
    EXPECT_NE(file.text(), *text);
    ASSERT_TRUE(file.rename_node("another-name", id)) << id;
    ASSERT_EQ(file.text(), *text) << id;
  }
}

TEST(WriteModel, WritesWhatReadsTheSame)
{
  const auto example = load_model(ZONDER_SOURCE_DIR "/examples/voorbeeldstad.yaml");
  ASSERT_TRUE(example) << example.error().message;
  const auto again = read_model(write_model(*example));
  ASSERT_TRUE(again.mistakes.empty()) << again.mistakes[0].to_string("again");
  EXPECT_EQ(again.model, *example);
}

TEST(WriteModel, WritesDurationsInTheLargestUnit)
{
  using std::chrono::seconds;
  EXPECT_EQ(duration_text(seconds(0)), "0s");
  EXPECT_EQ(duration_text(seconds(90)), "90s");
  EXPECT_EQ(duration_text(seconds(3600)), "1h");
  EXPECT_EQ(duration_text(seconds(9000)), "150m");
  EXPECT_EQ(duration_text(seconds(172800)), "2d");
}

TEST(YamlValue, QuotesWhatSomeReadersTakeForSomethingElse)
{
  EXPECT_EQ(YamlValue::text("mail").scalar, "mail");
  EXPECT_EQ(YamlValue::text("NO").scalar, "\"NO\"");
  EXPECT_EQ(YamlValue::text("12").scalar, "\"12\"");
  EXPECT_EQ(YamlValue::text("a: b").scalar, "\"a: b\"");
  EXPECT_EQ(YamlValue::text("a \"b\" \\").scalar, R"("a \"b\" \\")");
}

}  // namespace
}  // namespace zonder::modelfile
