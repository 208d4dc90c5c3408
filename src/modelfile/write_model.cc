// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "modelfile/write_model.hh"

#include <fmt/format.h>

namespace zonder::modelfile {
namespace {

using model::CommonMode;
using model::Decision;
using model::DependencyModel;
using model::Evidence;
using model::Fallback;
using model::Grace;
using model::Hosting;
using model::Label;
using model::model_schema;
using model::Need;
using model::no_source;
using model::Node;
using model::Organisation;
using model::Owner;
using model::Ownership;
using model::Party;
using model::Phase;
using model::Portability;
using model::Scenario;
using model::Seen;
using model::Source;
using model::text_of;

YamlValue word_unless_empty(std::string_view word)
{
  return YamlValue::word(word);
}

YamlValue text_unless_empty(std::string_view text)
{
  return text.empty() ? YamlValue{} : YamlValue::text(text);
}

YamlValue yes(bool is)
{
  return YamlValue::word(is ? "true" : "");
}

YamlValue day(const std::optional<Date>& date)
{
  return YamlValue::word(date ? date->to_string() : "");
}

YamlValue duration(const std::optional<std::chrono::seconds>& duration)
{
  return YamlValue::word(duration ? duration_text(*duration) : "");
}

YamlValue number(double value)
{
  return YamlValue::word(fmt::format("{}", value));
}

/// Quoted: a list of codes has NO in it.
YamlValue jurisdiction(const std::string& code)
{
  return YamlValue::word(code.empty() ? "" : "\"" + code + "\"");
}

YamlValue texts(const std::vector<std::string>& texts)
{
  auto list = YamlValue::list();
  for (const auto& text : texts) {
    list.items.push_back(YamlValue::text(text));
  }
  return list;
}

YamlValue texts(const std::map<std::string, std::string>& texts)
{
  auto map = YamlValue::map();
  for (const auto& [key, text] : texts) {
    map.with(key, YamlValue::text(text));
  }
  return map;
}

template <typename Things>
YamlValue lines(const Things& things)
{
  auto list = YamlValue::list(true);
  for (const auto& thing : things) {
    list.items.push_back(value_of(thing));
  }
  return list;
}

/// One id stands alone, several in a list.
YamlValue ids(const std::vector<std::string>& ids)
{
  return ids.size() == 1 ? YamlValue::text(ids.front()) : texts(ids);
}

void add(YamlValue& map, const Evidence& evidence)
{
  map.with("evidence", YamlValue::word(text_of(evidence.tier)));
  map.with("confidence", YamlValue::word(text_of(evidence.confidence)));
  map.with("source",
           evidence.source.empty() ? YamlValue::word(no_source) : YamlValue::text(evidence.source));
  if (evidence.seen) {
    map.with("seen", value_of(*evidence.seen));
  }
}

std::string section(const char* key, const auto& things)
{
  if (things.empty()) {
    return {};
  }
  auto map = YamlValue::map(true);
  for (const auto& thing : things) {
    map.with(thing.id, value_of(thing));
  }
  return "\n" + entry_text(key, map, 0);
}

YamlValue value_of(const Organisation& organisation)
{
  auto map = YamlValue::map(true);
  map.with("id", text_unless_empty(organisation.id));
  map.with("name", modelfile::value_of(organisation.name));
  map.with("party", text_unless_empty(organisation.party));
  map.with("illustrative", yes(organisation.illustrative));
  map.with("as_of", day(organisation.as_of));
  map.with("figures", texts(organisation.figures));
  return map;
}

}  // namespace

std::string duration_text(std::chrono::seconds duration)
{
  const auto count = duration.count();
  if (count == 0) {
    return "0s";
  }
  for (const auto& [unit, seconds] : {std::pair{'d', 86400}, {'h', 3600}, {'m', 60}}) {
    if (count % seconds == 0) {
      return fmt::format("{}{}", count / seconds, unit);
    }
  }
  return fmt::format("{}s", count);
}

YamlValue value_of(const Label& label)
{
  if (label.nl == label.en) {
    return text_unless_empty(label.nl);
  }
  auto map = YamlValue::map();
  map.with("nl", text_unless_empty(label.nl));
  map.with("en", text_unless_empty(label.en));
  return map;
}

YamlValue value_of(const Seen& seen)
{
  auto map = YamlValue::map();
  map.with("first", day(seen.first));
  map.with("last", day(seen.last));
  map.with("count", YamlValue::word(std::to_string(seen.count)));
  auto via = YamlValue::list();
  for (const auto each : seen.via) {
    via.items.push_back(YamlValue::word(text_of(each)));
  }
  map.with("via", via);
  return map;
}

YamlValue value_of(const Source& source)
{
  auto map = YamlValue::map(true);
  map.with("kind", YamlValue::word(text_of(source.kind)));
  map.with("title", text_unless_empty(source.title));
  map.with("ref", text_unless_empty(source.ref));
  map.with("opened", day(source.opened));
  map.with("says", text_unless_empty(source.says));
  return map;
}

YamlValue value_of(const Owner& owner)
{
  auto map = YamlValue::map();
  map.with("party", text_unless_empty(owner.party));
  map.with("from", day(owner.from));
  map.with("until", day(owner.until));
  add(map, owner.evidence);
  return map;
}

YamlValue value_of(const Party& party)
{
  auto map = YamlValue::map(true);
  map.with("name", value_of(party.name));
  map.with("jurisdiction", jurisdiction(party.jurisdiction));
  switch (party.ownership) {
  case Ownership::Unknown:
    map.with("owners", YamlValue::word("unknown"));
    break;
  case Ownership::None:
    map.with("owners", YamlValue::word("none"));
    break;
  case Ownership::Listed:
    map.with("owners", lines(party.owners));
  }
  add(map, party.evidence);
  map.with("identifiers", texts(party.identifiers));
  return map;
}

YamlValue value_of(const Grace& grace)
{
  auto map = YamlValue::map();
  map.with("name", value_of(grace.name));
  if (!grace.known) {
    map.with("unknown", YamlValue::word("true"));
  } else if (grace.p5 == grace.p50 && grace.p50 == grace.p95) {
    map.with("fixed", duration(grace.p50));
  } else {
    map.with("p5", duration(grace.p5));
    map.with("p50", duration(grace.p50));
    map.with("p95", duration(grace.p95));
  }
  auto voiders = YamlValue::list();
  for (const auto each : grace.void_if) {
    voiders.items.push_back(YamlValue::word(text_of(each)));
  }
  map.with("void_if", voiders);
  map.with("source", text_unless_empty(grace.source));
  return map;
}

YamlValue value_of(const Hosting& hosting)
{
  auto map = YamlValue::map();
  map.with("jurisdiction", jurisdiction(hosting.jurisdiction));
  add(map, hosting.evidence);
  return map;
}

YamlValue value_of(const Need& need)
{
  auto map = YamlValue::map();
  map.with("of", ids(need.of));
  if (need.of.size() != 1 || need.at_least != 1) {
    map.with("at_least", YamlValue::word(std::to_string(need.at_least)));
  }
  map.with("loss", YamlValue::word(text_of(need.loss)));
  if (need.phase != Phase::Run) {
    map.with("phase", YamlValue::word(text_of(need.phase)));
  }
  map.with("data", yes(need.data));
  map.with("grace", need.grace.own ? value_of(*need.grace.own) : YamlValue::text(need.grace.name));
  map.with("note", text_unless_empty(need.note));
  add(map, need.evidence);
  return map;
}

YamlValue value_of(const Fallback& fallback)
{
  auto map = YamlValue::map();
  map.with("name", value_of(fallback.name));
  map.with("start", duration(fallback.start));
  map.with("capacity", number(fallback.capacity));
  map.with("lasts", fallback.lasts ? duration(fallback.lasts) : YamlValue::word("unlimited"));
  if (fallback.error_growth > 0) {
    map.with("error_growth", number(fallback.error_growth));
  }
  if (!fallback.needs.empty()) {
    map.with("needs", texts(fallback.needs));
  }
  add(map, fallback.evidence);
  return map;
}

YamlValue value_of(const Node& node)
{
  auto map = YamlValue::map(true);
  map.with("kind", YamlValue::word(text_of(node.kind)));
  map.with("name", value_of(node.name));
  map.with("domain", text_unless_empty(node.domain));
  map.with("class", word_unless_empty(text_of(node.service_class)));
  map.with("mtpd", duration(node.mtpd));
  map.with("operator", text_unless_empty(node.operated_by));
  map.with("supplier", text_unless_empty(node.supplier));
  map.with("origin", node.origin.empty() ? YamlValue{} : ids(node.origin));
  map.with("restart", duration(node.restart));
  map.with("backlog", node.backlog > 0 ? number(node.backlog) : YamlValue{});
  map.with("break_glass", text_unless_empty(node.break_glass));
  map.with("observer", yes(node.observer));
  map.with("protected", yes(node.is_protected));
  map.with("safe_state", yes(node.safe_state));
  if (node.portability != Portability::Unknown) {
    map.with("portability", YamlValue::word(text_of(node.portability)));
  }
  map.with("site", text_unless_empty(node.site));
  map.with("version", text_unless_empty(node.version));
  map.with("endpoints", texts(node.endpoints));
  map.with("identifiers", texts(node.identifiers));
  add(map, node.evidence);
  map.with("hosting", lines(node.hosting));
  map.with("needs", lines(node.needs));
  map.with("fallbacks", lines(node.fallbacks));
  return map;
}

YamlValue value_of(const CommonMode& mode)
{
  auto map = YamlValue::map(true);
  map.with("name", value_of(mode.name));
  map.with("by", YamlValue::word(text_of(mode.by)));
  map.with("value", text_unless_empty(mode.value));
  map.with("members", texts(mode.members));
  map.with("probability", number(mode.probability));
  map.with("source", text_unless_empty(mode.source));
  return map;
}

YamlValue value_of(const Scenario& scenario)
{
  auto map = YamlValue::map(true);
  map.with("name", value_of(scenario.name));
  map.with("cold", yes(scenario.cold));
  map.with("as_of", day(scenario.as_of));
  map.with("horizon", duration(scenario.horizon));
  auto outages = YamlValue::list(true);
  for (const auto& outage : scenario.outages) {
    auto one = YamlValue::map();
    one.with("selector", YamlValue::text(outage.selector));
    one.with("except", text_unless_empty(outage.except));
    one.with("reach", YamlValue::word(text_of(outage.reach)));
    one.with("mode", YamlValue::word(text_of(outage.mode)));
    one.with("from", duration(outage.from));
    one.with("until", duration(outage.until));
    one.with("notice", duration(outage.notice));
    auto stages = YamlValue::list();
    for (const auto& stage : outage.staging) {
      auto part = YamlValue::map();
      part.with("selector", YamlValue::text(stage.selector));
      part.with("from", duration(stage.from));
      stages.items.push_back(part);
    }
    one.with("staging", stages);
    one.with("by", text_unless_empty(outage.by));
    outages.items.push_back(one);
  }
  map.with("outages", outages);
  map.with("source", text_unless_empty(scenario.source));
  return map;
}

YamlValue value_of(const Decision& decision)
{
  auto map = YamlValue::map();
  map.with("seen", YamlValue::text(decision.seen));
  map.with("decision", YamlValue::word(text_of(decision.choice)));
  map.with("node", text_unless_empty(decision.node));
  map.with("name", text_unless_empty(decision.name));
  map.with("why", text_unless_empty(decision.why));
  map.with("day", day(decision.day));
  return map;
}

std::string write_model(const DependencyModel& model)
{
  std::string text = "schema: " + std::string(model_schema) + "\n";
  if (!model.organisation.id.empty()) {
    text += entry_text("organisation", value_of(model.organisation), 0);
  }
  text += section("sources", model.sources);
  text += section("parties", model.parties);
  text += section("graces", model.graces);
  text += section("nodes", model.nodes);
  text += section("common_modes", model.common_modes);
  text += section("scenarios", model.scenarios);
  if (!model.learned.empty()) {
    text += "\n" + entry_text("learned", lines(model.learned), 0);
  }
  return text;
}

}  // namespace zonder::modelfile
