// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/basis_reader.hh"

#include <algorithm>

#include "base/translate.hh"
#include "catalog/yaml_file.hh"
#include "catalog/yaml_values.hh"

namespace zonder::catalog {
namespace {

Date read_day(YamlFile& file, const YAML::Node& node)
{
  const auto day = read_date(file, node, "opened");
  if (day && !day->is_whole_day()) {
    file.wrong(node, tr("opened is a whole day, such as 2026-11-23"));
  }
  return day.value_or(Date{});
}

}  // namespace

std::optional<std::size_t> BasisReader::index_of(const std::string& key) const
{
  const auto found = std::find_if(
      sources_.begin(), sources_.end(), [&key](const Source& source) { return source.key == key; });
  return found == sources_.end()
             ? std::nullopt
             : std::optional(static_cast<std::size_t>(found - sources_.begin()));
}

void BasisReader::read_sources(const YAML::Node& node)
{
  if (!node.IsMap()) {
    file_.wrong(node, tr("sources must be a mapping of keys to sources (write {} for none)"));
    return;
  }
  for (const auto& pair : node) {
    const YamlMap map(file_, pair.second, {"title", "ref", "opened", "says"});
    Source source = read_source(file_, pair.first, map);
    if (!is_id(source.key) || source.key == "unverified") {
      file_.wrong(
          pair.first,
          say("the key of a source is lower case, [a-z0-9-], and not unverified: {}", source.key));
    }
    if (index_of(source.key)) {
      file_.wrong(pair.first, say("the key {} is given twice: keep one", source.key));
    }
    if (const auto opened = map.find("opened")) {
      source.opened = read_day(file_, *opened);
    }
    sources_.push_back(std::move(source));
  }
}

Basis BasisReader::read_basis(const YamlMap& fact)
{
  const auto key = fact.text("source");
  const auto confidence = fact.text("confidence");
  if (!key) {
    if (fact.is_sound() && !fact.has("source")) {
      file_.wrong(fact.node(),
                  tr("a fact needs its source: name one of sources, or write source: unverified"));
    }
    return {};
  }
  if (*key == "unverified") {
    if (confidence) {
      file_.wrong(*fact.find("confidence"),
                  tr("an unverified fact has no confidence: take it out, or name the source"));
    }
    return {};
  }
  used_.insert(*key);
  const auto source = index_of(*key);
  if (!source) {
    file_.wrong(*fact.find("source"),
                say("the source {} is not under sources: add it there, or write unverified", *key));
    return {};
  }
  return {source, judged(confidence, fact)};
}

/// The confidence of a fact that has a source.
Confidence BasisReader::judged(const std::optional<std::string>& confidence, const YamlMap& fact)
{
  const auto read = confidence ? parse_confidence(*confidence) : std::nullopt;
  if (!fact.has("confidence")) {
    file_.wrong(fact.node(), tr("a sourced fact needs its confidence: high, medium or low"));
  } else if (confidence && !read) {
    file_.wrong(*fact.find("confidence"),
                say("the confidence is high, medium or low, not {}", *confidence));
  }
  return read.value_or(Confidence::Low);
}

void BasisReader::report_unused(const YAML::Node& node)
{
  if (!node.IsMap()) {
    return;
  }
  for (const auto& pair : node) {
    if (pair.first.IsScalar() && used_.count(pair.first.Scalar()) == 0) {
      file_.wrong(pair.first,
                  say("no fact uses the source {}: take it out, or name it at a fact",
                      pair.first.Scalar()));
    }
  }
}

}  // namespace zonder::catalog
