// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/yaml_file.hh"

#include <algorithm>

#include "base/suggestion.hh"
#include "base/translate.hh"
#include "wire/bounded_yaml.hh"

namespace zonder::catalog {
namespace {

constexpr std::size_t largest_file = std::size_t{1} << 20U;
constexpr wire::YamlLimits limits = {.values = 100'000, .depth = 16, .only_one_document = true};

std::string sentence_of(const wire::YamlRefusal& refusal)
{
  using Why = wire::YamlRefusal::Why;
  switch (refusal.why) {
  case Why::Alias:
    return tr("anchors and aliases are not allowed here: write the value out");
  case Why::TooManyValues:
    return say("more than {} values: split the file", limits.values);
  case Why::TooDeep:
    return say("nested more than {} levels deep", limits.depth);
  case Why::Empty:
    return tr("the file is empty: write at least schema and id");
  case Why::SecondDocument:
    return tr("more than one document (---) in the file: write one file for each");
  case Why::NoYaml:
    break;
  }
  return say("this is not YAML: {}", refusal.parser_says);
}

std::string quoted_list(const std::vector<std::string>& words)
{
  std::string list;
  for (const std::string& word : words) {
    list += (list.empty() ? "" : ", ") + word;
  }
  return list;
}

}  // namespace

Place YamlFile::place_at(int line, int column) const
{
  return {path_, std::max(line, 0) + 1, std::max(column, 0) + 1};
}

Place YamlFile::place_of(const YAML::Node& node) const
{
  const auto mark = node.Mark();
  return place_at(mark.line, mark.column);
}

void YamlFile::wrong(const Place& where, std::string what)
{
  mistakes_.push_back({where.file, where.line, where.column, std::move(what)});
}

std::optional<YAML::Node> YamlFile::parse(const std::string& text)
{
  if (text.size() > largest_file) {
    wrong(place_at(0, 0),
          say("larger than the {} bytes that are allowed: split the file", largest_file));
    return std::nullopt;
  }
  const auto root = wire::load_bounded_yaml(text, limits);
  if (!root) {
    wrong(place_at(root.error().line, root.error().column), sentence_of(root.error()));
    return std::nullopt;
  }
  if (!root->IsMap()) {
    wrong(*root, tr("the file must be a mapping (key: value)"));
    return std::nullopt;
  }
  return *root;
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
