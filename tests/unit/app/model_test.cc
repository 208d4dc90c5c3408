// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/model.hh"
#include "base/file.hh"
#include "modelfile/read_model.hh"
#include "report/model_export.hh"
#include "support/catalog_world.hh"
#include "support/data_world.hh"
#include "support/json_schema.hh"

namespace zonder::app {
namespace {

using nlohmann::json;

const std::string town = ZONDER_SOURCE_DIR "/examples/voorbeeldstad.yaml";

class ModelCommand : public testing::Test {
protected:
  void SetUp() override { data_.world.share_folder = ZONDER_SOURCE_DIR "/examples"; }
  [[nodiscard]] std::string path(const std::string& name) const { return data_.path(name); }
  std::string file(const std::string& name, const std::string& text)
  {
    return data_.file(name, text);
  }
  void expect_schema(const std::string& document, const std::string& schema)
  {
    const auto text = read_file(ZONDER_SOURCE_DIR "/docs/schema/" + schema + ".json");
    ASSERT_TRUE(text);
    EXPECT_EQ(test::against_schema(document, *text), std::vector<std::string>{});
  }

  test::DataWorld data_{test::small_content({})};
};

TEST_F(ModelCommand, InitWritesAModelThatIsSoundAndMarkedAsAssumed)
{
  for (const std::string kind : {"municipality", "hospital", "school", "small-firm"}) {
    EXPECT_EQ(model_init(data_.world, {.kind = kind, .output = path(kind)}), 0);
    const auto model = modelfile::load_model(path(kind));
    ASSERT_TRUE(model) << model.error().message;
    EXPECT_TRUE(model->organisation.illustrative);
    EXPECT_GE(model->nodes.size(), 15U);
    for (const auto& node : model->nodes) {
      for (const auto& need : node.needs) {
        EXPECT_EQ(need.evidence.tier, model::Tier::Declared);
        EXPECT_EQ(need.evidence.confidence, model::Confidence::Low);
        EXPECT_EQ(model->source(need.evidence.source)->kind, model::SourceKind::Assumption);
      }
    }
  }
}

TEST_F(ModelCommand, InitDoesNotWriteOverWhatIsThere)
{
  const auto there = file("mine.yaml", "mine");
  EXPECT_EQ(model_init(data_.world, {.kind = "school", .output = there}), 2);
  EXPECT_EQ(read_file(there).value(), "mine");
  EXPECT_EQ(model_init(data_.world, {.kind = "schol"}), 2);
  EXPECT_NE(data_.err().find("did you mean school?"), std::string::npos);
}

TEST_F(ModelCommand, CheckTellsAllMistakesAndExitsWithOne)
{
  const auto bad =
      file("bad.yaml", "schema: zonder/model/1\nnodes:\n  a: {kind: servise}\n  b: {}\n");
  EXPECT_EQ(model_check(data_.world, bad), 1);
  EXPECT_EQ(data_.out(),
            bad + ": 2 mistakes\n" + bad +
                ":3:13: kind cannot be servise (did you mean service?)\n" + bad +
                ":4:6: a node needs the key kind\n");
  EXPECT_EQ(model_check(data_.world, path("not-there")), 2);
}

TEST_F(ModelCommand, CheckAsJson)
{
  data_.world.form = Form::Json;
  EXPECT_EQ(model_check(data_.world, town), 0);
  const auto document = data_.out();
  expect_schema(document, "zonder.model-check-1");
  EXPECT_EQ(json::parse(document)["sound"], true);
}

TEST_F(ModelCommand, ShowBeginsWithTheVerdict)
{
  EXPECT_EQ(model_show(data_.world, {.file = town}), 0);
  const auto text = data_.out();
  EXPECT_TRUE(
      text.starts_with("55 of 81 services stop sooner or later without what is under the law "
                       "of US.\nMunicipality of Voorbeeldstad: 81 services on 60 other nodes, "
                       "with 201 needs of 204 things; 57 parties run or supply them, 12 own "
                       "those.\nPaper share: 100 per cent"))
      << text;
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 25);
}

TEST_F(ModelCommand, ShowAsJson)
{
  data_.world.form = Form::Json;
  EXPECT_EQ(model_show(data_.world, {.file = town}), 0);
  const auto document = data_.out();
  expect_schema(document, "zonder.model-show-1");
  EXPECT_EQ(json::parse(document)["dependencies"], 204);
}

TEST_F(ModelCommand, DiffExitsWithOneWhereThereIsAny)
{
  auto text = read_file(town).value();
  const auto at = text.find("operator: kpn");
  const auto changed = file("changed.yaml", text.replace(at, 13, "operator: sidn"));
  EXPECT_EQ(model_diff(data_.world, town, town), 0);
  data_.world.form = Form::Json;
  (void)data_.out();
  EXPECT_EQ(model_diff(data_.world, town, changed), 1);
}

TEST_F(ModelCommand, MergeOfAModelAndItselfIsTheFileByteForByte)
{
  EXPECT_EQ(model_merge(data_.world, {.first = town, .second = town, .output = path("both.yaml")}),
            0);
  EXPECT_EQ(read_file(path("both.yaml")).value(), read_file(town).value());
}

TEST_F(ModelCommand, ExportsAsTheEndingSays)
{
  for (const auto& [ending, start] :
       {std::pair{"yaml", "schema: zonder/model/1\n"},
        {"json", "{\n  \"bomFormat\": \"CycloneDX\",\n  \"specVersion\": \"1.6\""},
        {"xml", "<?xml version"},
        {"dot", "digraph model {"},
        {"mmd", "flowchart LR"},
        {"graphml", "<?xml version"},
        {"csv", "node,name,kind"}}) {
    const auto to = path(std::string("x.") + ending);
    EXPECT_EQ(model_export(data_.world, {.file = town, .output = to}), 0);
    EXPECT_TRUE(read_file(to).value().starts_with(start)) << ending;
  }
  EXPECT_EQ(model_export(data_.world, {.file = town, .output = path("x.pdf")}), 2);
  EXPECT_EQ(model_export(data_.world, {.file = town}), 2);
  // What is exported as YAML is the same model.
  EXPECT_EQ(modelfile::load_model(path("x.yaml")).value(), modelfile::load_model(town).value());
}

TEST(ModelExport, KeepsWhatNamesOfOthersWouldBreak)
{
  model::DependencyModel model;
  model::Node node;
  node.id = "a";
  node.name = {.nl = "=1+1,\"x\" <b> & #", .en = "=1+1,\"x\" <b> & #"};
  node.identifiers["gemma"] = "id-0f";
  model.nodes.push_back(node);
  EXPECT_NE(report::model_csv(model, false).find("a,\"'=1+1,\"\"x\"\" <b> & #\""),
            std::string::npos);
  EXPECT_NE(report::model_dot(model, false).find(R"("a" [label="=1+1,\"x\" <b> & #")"),
            std::string::npos);
  EXPECT_NE(report::model_mermaid(model, false).find("n0[\"=1+1,#quot;x#quot; #lt;b> & #35;\"]"),
            std::string::npos);
  const auto exchange = report::model_archimate(model, false);
  EXPECT_NE(exchange.find("<element identifier=\"id-0f\" xsi:type=\"ApplicationComponent\"><name "
                          "xml:lang=\"en\">=1+1,&quot;x&quot; &lt;b&gt; &amp; #</name>"),
            std::string::npos)
      << exchange;
  const auto services = json::parse(report::model_cyclonedx(model, false))["services"];
  EXPECT_EQ(services[0]["bom-ref"], "a");
}

}  // namespace
}  // namespace zonder::app
