// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <charconv>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include "base/file.hh"
#include "modelfile/read_model.hh"
#include "support/json_schema.hh"

// The published schema and the loader say the same of what a model file may hold.
namespace zonder::modelfile {
namespace {

using nlohmann::json;

json scalar(const YAML::Node& node)
{
  const auto& text = node.Scalar();
  if (node.Tag() == "!") {
    return text;  // it was quoted
  }
  if (text == "true" || text == "false") {
    return text == "true";
  }
  std::int64_t whole = 0;
  double number = 0;
  const auto* end = text.data() + text.size();
  if (std::from_chars(text.data(), end, whole).ptr == end && !text.empty()) {
    return whole;
  }
  if (std::from_chars(text.data(), end, number).ptr == end && !text.empty()) {
    return number;
  }
  return text;
}

json json_of(const YAML::Node& node)
{
  if (node.IsMap()) {
    auto all = json::object();
    for (const auto& part : node) {
      all[part.first.Scalar()] = json_of(part.second);
    }
    return all;
  }
  if (node.IsSequence()) {
    auto all = json::array();
    for (const auto& part : node) {
      all.push_back(json_of(part));
    }
    return all;
  }
  return node.IsScalar() ? scalar(node) : json();
}

std::vector<std::string> against(const std::string& yaml)
{
  static const auto schema = read_file(ZONDER_SOURCE_DIR "/docs/schema/zonder.model-1.json");
  return test::against_schema(json_of(YAML::Load(yaml)).dump(), *schema);
}

TEST(ModelSchema, FitsTheModelsThatWeShip)
{
  for (const std::string file : {"examples/voorbeeldstad.yaml",
                                 "examples/model/municipality.yaml",
                                 "examples/model/hospital.yaml",
                                 "examples/model/school.yaml",
                                 "examples/model/small-firm.yaml",
                                 "fuzz/corpus/model_file/every-key.yaml",
                                 "fuzz/corpus/model_file/comments.yaml"}) {
    const auto text = read_file(std::string(ZONDER_SOURCE_DIR) + "/" + file);
    ASSERT_TRUE(text) << file;
    EXPECT_EQ(against(*text), std::vector<std::string>{}) << file;
    const auto model = parse_model(*text, file);
    EXPECT_TRUE(model) << (model ? "" : model.error().message);
  }
}

TEST(ModelSchema, RefusesWhatTheLoaderRefuses)
{
  const std::string head = "schema: zonder/model/1\nsources: {s: {kind: assumption, title: t}}\n";
  for (const std::string bad :
       {"schema: zonder/model/2\n",
        "nodes: {}\n",
        "schema: zonder/model/1\nnode: {}\n",
        "schema: zonder/model/1\nnodes: {a: {kind: servise}}\n",
        "schema: zonder/model/1\nnodes: {a: {kind: service, operater: p}}\n",
        "schema: zonder/model/1\nnodes: {a: {kind: service, mtpd: 24}}\n",
        "schema: zonder/model/1\nnodes: {a: {name: A}}\n",
        "schema: zonder/model/1\nparties: {p: {name: P, owners: []}}\n",
        "schema: zonder/model/1\nparties: {p: {name: P, jurisdiction: Netherlands}}\n",
        "schema: zonder/model/1\ngraces: {g: {fixed: 1h}}\n",
        "schema: zonder/model/1\nscenarios: {q: {outages: []}}\n"}) {
    EXPECT_FALSE(against(bad).empty()) << bad;
    EXPECT_FALSE(read_model(bad).mistakes.empty()) << bad;
  }
}

}  // namespace
}  // namespace zonder::modelfile
