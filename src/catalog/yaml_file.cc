// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/yaml_file.hh"

#include <algorithm>
#include <sstream>

#include <yaml-cpp/eventhandler.h>

#include "base/suggestion.hh"
#include "base/translate.hh"

namespace zonder::catalog {
namespace {

constexpr std::size_t largest_file = std::size_t{1} << 20U;
constexpr std::size_t most_nodes = 100'000;
constexpr int deepest = 16;

/// Raised by the first pass over a file, and caught in YamlFile::parse.
struct Refused {
  YAML::Mark where;
  std::string what;
};

/// The first pass: looks at the events of the parser and builds nothing.
class Limits : public YAML::EventHandler {
public:
  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { node(mark, anchor); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override { node(mark, 1); }
  void OnScalar(const YAML::Mark& mark,
                const std::string& /*tag*/,
                YAML::anchor_t anchor,
                const std::string& /*value*/) override
  {
    node(mark, anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark,
                       const std::string& /*tag*/,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override
  {
    enter(mark, anchor);
  }
  void OnSequenceEnd() override { --depth_; }
  void OnMapStart(const YAML::Mark& mark,
                  const std::string& /*tag*/,
                  YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override
  {
    enter(mark, anchor);
  }
  void OnMapEnd() override { --depth_; }

private:
  void node(const YAML::Mark& mark, YAML::anchor_t anchor)
  {
    if (anchor != 0) {
      throw Refused{mark, tr("anchors and aliases are not allowed here: write the value out")};
    }
    if (++nodes_ > most_nodes) {
      throw Refused{mark, say("more than {} values: split the file", most_nodes)};
    }
  }
  void enter(const YAML::Mark& mark, YAML::anchor_t anchor)
  {
    node(mark, anchor);
    if (++depth_ > deepest) {
      throw Refused{mark, say("nested more than {} levels deep", deepest)};
    }
  }
  std::size_t nodes_ = 0;
  int depth_ = 0;
};

std::string quoted_list(const std::vector<std::string>& words)
{
  std::string list;
  for (const std::string& word : words) {
    list += (list.empty() ? "" : ", ") + word;
  }
  return list;
}

}  // namespace

void YamlFile::wrong(const YAML::Mark& where, std::string what)
{
  mistakes_.push_back(
      {path_, std::max(where.line, 0) + 1, std::max(where.column, 0) + 1, std::move(what)});
}

std::optional<YAML::Node> YamlFile::parse(const std::string& text)
{
  const YAML::Mark start;
  if (text.size() > largest_file) {
    wrong(start, say("larger than the {} bytes that are allowed: split the file", largest_file));
    return std::nullopt;
  }
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    Limits limits;
    if (!parser.HandleNextDocument(limits)) {
      wrong(start, tr("the file is empty: write at least schema and id"));
      return std::nullopt;
    }
    if (parser.HandleNextDocument(limits)) {
      wrong(start, tr("more than one document (---) in the file: write one file for each"));
      return std::nullopt;
    }
    YAML::Node root = YAML::Load(text);
    if (!root.IsMap()) {
      wrong(root, tr("the file must be a mapping (key: value)"));
      return std::nullopt;
    }
    return root;
  } catch (const Refused& refused) {
    wrong(refused.where, refused.what);
  } catch (const YAML::Exception& exception) {
    wrong(exception.mark, say("this is not YAML: {}", exception.msg));
  }
  return std::nullopt;
}

std::optional<std::string> YamlFile::scalar(const YAML::Node& node, std::string_view what)
{
  if (!node.IsScalar() || node.Scalar().empty()) {
    wrong(node, say("{} must be a text that is not empty", what));
    return std::nullopt;
  }
  return node.Scalar();
}

std::vector<YAML::Node> YamlFile::sequence(const YAML::Node& node, std::string_view what)
{
  if (!node.IsSequence()) {
    wrong(node, say("{} must be a list (write [] for none)", what));
    return {};
  }
  std::vector<YAML::Node> all;
  for (const auto& each : node) {
    all.push_back(each);
  }
  return all;
}

YamlMap::YamlMap(YamlFile& file,
                 const YAML::Node& node,
                 std::initializer_list<const char*> required,
                 std::initializer_list<const char*> optional)
    : file_(file), node_(node)
{
  std::vector<std::string> known(required.begin(), required.end());
  known.insert(known.end(), optional.begin(), optional.end());
  if (!node.IsMap()) {
    file.wrong(node, say("this must be a mapping with the keys {}", quoted_list(known)));
    return;
  }
  sound_ = true;
  std::vector<std::string> misspelt;  // told once: as misspelt, not as missing too
  for (const auto& pair : node) {
    const std::string key = pair.first.IsScalar() ? pair.first.Scalar() : std::string();
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      const auto meant = suggestion_for(key, known);
      misspelt.push_back(meant.value_or(""));
      file.wrong(pair.first,
                 meant ? say("unknown key {} (did you mean {}?)", key, *meant)
                       : say("unknown key {} (known here: {})", key, quoted_list(known)));
      continue;
    }
    if (has(key.c_str())) {
      file.wrong(pair.first, say("the key {} is given twice: keep one", key));
      continue;
    }
    entries_.push_back({key, pair.second});
  }
  for (const char* key : required) {
    if (!has(key) && std::find(misspelt.begin(), misspelt.end(), key) == misspelt.end()) {
      file.wrong(node, say("the key {} is missing", key));
    }
  }
}

std::optional<YAML::Node> YamlMap::find(const char* key) const
{
  for (const Entry& entry : entries_) {
    if (entry.key == key) {
      return entry.value;
    }
  }
  return std::nullopt;
}

std::optional<std::string> YamlMap::text(const char* key) const
{
  const auto value = find(key);
  return value ? file_.scalar(*value, key) : std::nullopt;
}

}  // namespace zonder::catalog
