// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/jurisdictions_loader.hh"

#include <algorithm>
#include <set>

#include "base/translate.hh"
#include "catalog/yaml_file.hh"
#include "catalog/yaml_values.hh"

namespace zonder::catalog {
namespace {

/// Reads data/jurisdictions.yaml.
class JurisdictionReader {
public:
  JurisdictionReader(const TextFile& text, std::vector<Mistake>& mistakes)
      : file_(text.path, mistakes)
  {
  }
  void read(const std::string& text, Facts& facts);

private:
  Text read_name(const YamlMap& map);
  void read_group(const YAML::Node& node, Facts& facts);
  void read_sources(const YAML::Node& node, Facts& facts);
  void fill_complements(Facts& facts);

  YamlFile file_;
  std::set<std::string> codes_;
};

Text JurisdictionReader::read_name(const YamlMap& map)
{
  const auto node = map.find("name");
  return node ? read_text(file_, *node) : Text{};
}

void JurisdictionReader::read_sources(const YAML::Node& node, Facts& facts)
{
  if (!node.IsMap()) {
    file_.wrong(node, tr("sources must be a mapping of keys to sources (write {} for none)"));
    return;
  }
  for (const auto& pair : node) {
    const YamlMap map(file_, pair.second, {"title", "ref", "opened", "says"});
    Source source = read_source(file_, pair.first, map);
    source.opened = read_opened(file_, map);
    facts.jurisdiction_sources.push_back(std::move(source));
  }
}

void JurisdictionReader::read_group(const YAML::Node& node, Facts& facts)
{
  const YamlMap map(
      file_, node, {"id", "name", "source"}, {"members", "complement_of", "confidence"});
  if (!map.is_sound()) {
    return;
  }
  Group group;
  group.id = map.text("id").value_or("");
  if (!is_id(group.id)) {
    file_.wrong(node, say("an id is lower case, [a-z0-9-], at most 64 long, not {}", group.id));
  }
  const auto twice = std::any_of(facts.groups.begin(),
                                 facts.groups.end(),
                                 [&group](const Group& other) { return other.id == group.id; });
  if (twice) {
    file_.wrong(node, say("the group {} is given twice: keep one", group.id));
  }
  group.name = read_name(map);
  if (map.has("members") == map.has("complement_of")) {
    file_.wrong(node, tr("a group has either members or complement_of"));
  }
  if (const auto members = map.find("members")) {
    for (const auto& each : file_.sequence(*members, "members")) {
      const auto code = read_jurisdiction_code(file_, each, "code");
      if (!code.empty() && codes_.count(code) == 0) {
        file_.wrong(each, say("the jurisdiction {} is not listed in jurisdictions.yaml", code));
      }
      group.members.push_back(code);
    }
    std::sort(group.members.begin(), group.members.end());
  }
  if (map.has("complement_of")) {
    group.complement_of = map.text("complement_of").value_or("");
    const auto known =
        std::any_of(facts.groups.begin(), facts.groups.end(), [&group](const Group& other) {
          return other.id == group.complement_of && other.complement_of.empty();
        });
    if (!known) {
      file_.wrong(
          *map.find("complement_of"),
          say("{} is no group with members that stands above this one", group.complement_of));
    }
  }
  if (const auto key = map.text("source"); key && *key != "unverified") {
    const auto source = std::find_if(facts.jurisdiction_sources.begin(),
                                     facts.jurisdiction_sources.end(),
                                     [&key](const Source& each) { return each.key == *key; });
    if (source == facts.jurisdiction_sources.end()) {
      file_.wrong(
          *map.find("source"),
          say("the source {} is not under sources: add it there, or write unverified", *key));
    } else {
      group.basis.source = static_cast<std::size_t>(source - facts.jurisdiction_sources.begin());
      group.basis.confidence =
          parse_confidence(map.text("confidence").value_or("high")).value_or(Confidence::High);
    }
  }
  facts.groups.push_back(std::move(group));
}

void JurisdictionReader::fill_complements(Facts& facts)
{
  for (Group& group : facts.groups) {
    if (group.complement_of.empty()) {
      continue;
    }
    for (const Group& other : facts.groups) {
      if (other.id != group.complement_of) {
        continue;
      }
      for (const std::string& code : codes_) {
        if (!std::binary_search(other.members.begin(), other.members.end(), code)) {
          group.members.push_back(code);
        }
      }
    }
  }
}

void JurisdictionReader::read(const std::string& text, Facts& facts)
{
  const auto root = file_.parse(text);
  if (!root) {
    return;
  }
  const YamlMap map(file_, *root, {"schema", "jurisdictions", "groups", "sources"}, {"source"});
  check_schema(file_, map, "zonder.jurisdictions/1");
  if (const auto sources = map.find("sources")) {
    read_sources(*sources, facts);
  }
  if (const auto list = map.find("jurisdictions")) {
    for (const auto& each : file_.sequence(*list, "jurisdictions")) {
      const YamlMap row(file_, each, {"code", "name"}, {"source"});
      if (!row.has("code")) {
        continue;
      }
      const auto code = read_jurisdiction_code(file_, *row.find("code"), "code");
      if (!code.empty() && !codes_.insert(code).second) {
        file_.wrong(*row.find("code"), say("the jurisdiction {} is given twice: keep one", code));
        continue;
      }
      facts.jurisdictions.push_back({code, read_name(row)});
    }
  }
  if (const auto groups = map.find("groups")) {
    for (const auto& each : file_.sequence(*groups, "groups")) {
      read_group(each, facts);
    }
  }
  fill_complements(facts);
}

}  // namespace

void load_jurisdictions(const TextFile& text, Facts& facts, std::vector<Mistake>& mistakes)
{
  JurisdictionReader(text, mistakes).read(text.text, facts);
}

}  // namespace zonder::catalog
