// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "room/task_yaml.hh"

#include <algorithm>

#include <yaml-cpp/yaml.h>

#include "base/duration.hh"
#include "base/suggestion.hh"
#include "base/translate.hh"
#include "base/utf8.hh"
#include "net/domain_name.hh"
#include "wire/bounded_yaml.hh"

namespace zonder::room {
namespace {

constexpr wire::YamlLimits limits = {.values = 4'000, .depth = 6, .only_one_document = true};

std::string sentence_of(const wire::YamlRefusal& refusal)
{
  using Why = wire::YamlRefusal::Why;
  switch (refusal.why) {
  case Why::Alias:
    return say("anchors and aliases (& and *) are not used here; write it out");
  case Why::TooManyValues:
    return say("more than {} values: split the file", limits.values);
  case Why::TooDeep:
    return say("nested more than {} levels deep", limits.depth);
  case Why::Empty:
    return say("the file is empty; examples/room/town-hall.yaml shows what stands in it");
  case Why::SecondDocument:
    return say("more than one document (---) in the file: write one file for each");
  case Why::NoYaml:
    break;
  }
  return say("this is not YAML: {}", refusal.parser_says);
}

std::string listed(const std::vector<std::string>& words)
{
  std::string list;
  for (const auto& word : words) {
    list += (list.empty() ? "" : ", ") + word;
  }
  return list;
}

/// Of ASCII and of the block after it (U+0080 to U+009F); the text is UTF-8.
bool has_control_characters(const std::string& text, bool lines)
{
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool second = byte == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (second || byte == 0x7f || (byte < 0x20 && !(lines && byte == '\n'))) {
      return true;
    }
  }
  return false;
}

}  // namespace

Place place_of(const YAML::Node& node)
{
  const auto mark = node.Mark();
  return {.line = mark.line, .column = mark.column};
}

void wrong(const Place& where, std::string what)
{
  throw Wrong{.where = where, .what = std::move(what)};
}

void wrong(const YAML::Node& where, std::string what)
{
  wrong(place_of(where), std::move(what));
}

YAML::Node tree_of(const std::string& text)
{
  auto tree = wire::load_bounded_yaml(text, limits);
  if (!tree) {
    wrong({.line = tree.error().line, .column = tree.error().column}, sentence_of(tree.error()));
  }
  return std::move(*tree);
}

std::map<std::string, YAML::Node> parts_of(const YAML::Node& node,
                                           const std::vector<std::string>& known)
{
  if (!node.IsMap()) {
    wrong(node, say("this must be a mapping with the keys {}", listed(known)));
  }
  std::map<std::string, YAML::Node> parts;
  for (const auto& part : node) {
    const auto key = part.first.IsScalar() ? part.first.Scalar() : std::string();
    if (std::ranges::find(known, key) == known.end()) {
      const auto meant = suggestion_for(key, known);
      wrong(part.first,
            meant ? say("unknown key {} (did you mean {}?)", key, *meant)
                  : say("unknown key {} (known here: {})", key, listed(known)));
    }
    if (!parts.emplace(key, part.second).second) {
      wrong(part.first, say("the key {} is given twice: keep one", key));
    }
  }
  return parts;
}

std::vector<YAML::Node> nodes_of(const YAML::Node& node, const std::string& key, std::size_t most)
{
  if (node.IsScalar()) {
    return {node};
  }
  if (!node.IsSequence()) {
    wrong(node, say("{} must be a list (write [] for none)", key));
  }
  if (node.size() > most) {
    wrong(node[most], say("more than {} in {}: leave the least out", most, key));
  }
  return {node.begin(), node.end()};
}

std::string text_of(const YAML::Node& node, const std::string& key, std::size_t most, bool lines)
{
  if (!node.IsScalar() || node.Scalar().empty()) {
    wrong(node, say("{} must be a text that is not empty", key));
  }
  auto text = node.Scalar();
  while (lines && text.ends_with('\n')) {
    text.pop_back();  // YAML's blocks end with one
  }
  const auto characters = characters_in(text);
  if (!characters || has_control_characters(text, lines)) {
    wrong(node,
          lines ? say("{} has control characters in it: leave them out", key)
                : say("{} has control characters or line ends in it: leave them out", key));
  }
  if (*characters == 0) {
    wrong(node, say("{} must be a text that is not empty", key));
  }
  if (*characters > most) {
    wrong(node, say("{} is {} characters long, and may be {}: shorten it", key, *characters, most));
  }
  return text;
}

std::string domain_of(const YAML::Node& node)
{
  const auto text = text_of(node, "names", 253);
  if (text.starts_with("*.")) {
    wrong(node, say("write {}: a name stands for itself and all below it", text.substr(2)));
  }
  const auto name = net::DomainName::parse(text);
  if (!name) {
    wrong(node, name.error().message);
  }
  return name->text();
}

bool yes_or_no_of(const YAML::Node& node, const std::string& key)
{
  const auto text = node.IsScalar() ? node.Scalar() : std::string();
  if (text != "true" && text != "false") {
    wrong(node, say("{} must be true or false, not {}", key, text));
  }
  return text == "true";
}

std::chrono::minutes minutes_of(const YAML::Node& node, const std::string& key)
{
  const auto duration = parse_duration(text_of(node, key, 20));
  if (!duration) {
    wrong(node, duration.error().message);
  }
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(*duration);
  if (minutes.count() == 0) {
    wrong(node, say("{} must be a minute (1m) or longer; leave it out where nothing lasts", key));
  }
  return minutes;
}

}  // namespace zonder::room
