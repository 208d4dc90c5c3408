// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/cross_references.hh"

#include <algorithm>

#include <fmt/core.h>

#include "base/translate.hh"
#include "catalog/yaml_file.hh"

namespace zonder::catalog {

void CrossReferences::mention_party(std::string id, Place where)
{
  parties_.push_back({std::move(id), std::move(where)});
}

void CrossReferences::mention_jurisdiction(std::string code, Place where)
{
  jurisdictions_.push_back({std::move(code), std::move(where)});
}

void CrossReferences::give(
    Kind kind, const std::string& thing, YamlFile& file, const YAML::Node& node, const char* twice)
{
  const auto [first, is_new] = given_.try_emplace({kind, thing}, file.place_of(node));
  if (!is_new) {
    file.wrong(node, fmt::format(fmt::runtime(twice), thing, first->second.to_string()));
  }
}

void CrossReferences::report_unknown(const Facts& facts, std::vector<Mistake>& mistakes) const
{
  const auto tell = [&mistakes](const Mention& mention, std::string what) {
    mistakes.push_back(
        {mention.where.file, mention.where.line, mention.where.column, std::move(what)});
  };
  for (const Mention& each : parties_) {
    if (!facts.index_of(each.what)) {
      tell(each,
           say("there is no party {0}: write data/parties/{0}.yaml, or mend the id", each.what));
    }
  }
  const auto& known = facts.jurisdictions;
  for (const Mention& each : jurisdictions_) {
    if (std::none_of(known.begin(), known.end(), [&each](const Jurisdiction& one) {
          return one.code == each.what;
        })) {
      tell(each, say("the jurisdiction {} is not listed in jurisdictions.yaml", each.what));
    }
  }
}

}  // namespace zonder::catalog
