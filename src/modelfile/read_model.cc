// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "modelfile/read_model.hh"

#include <algorithm>
#include <cstdlib>

#include <yaml-cpp/yaml.h>

#include "base/file.hh"
#include "base/translate.hh"
#include "base/utf8.hh"
#include "graph/model_problems.hh"
#include "modelfile/model_yaml.hh"
#include "wire/bounded_yaml.hh"

namespace zonder::modelfile {
namespace {

using model::Choice;
using model::CommonBy;
using model::CommonMode;
using model::Decision;
using model::DependencyModel;
using model::Evidence;
using model::FailureMode;
using model::Fallback;
using model::Grace;
using model::Hosting;
using model::Label;
using model::Loss;
using model::model_schema;
using model::Need;
using model::no_source;
using model::Node;
using model::NodeKind;
using model::Organisation;
using model::Outage;
using model::Ownership;
using model::Party;
using model::Phase;
using model::Portability;
using model::Reach;
using model::Scenario;
using model::Seen;
using model::ServiceClass;
using model::Source;
using model::SourceKind;
using model::Via;
using model::Voider;
using model::what_is_left;

constexpr wire::YamlLimits limits = {.values = 4'000'000, .depth = 12, .only_one_document = true};

std::string sentence_of(const wire::YamlRefusal& refusal)
{
  using Why = wire::YamlRefusal::Why;
  switch (refusal.why) {
  case Why::Alias:
    return say("anchors and aliases (& and *) are not used here; write it out");
  case Why::TooManyValues:
    return say("more than {} values: split the model", limits.values);
  case Why::TooDeep:
    return say("nested more than {} levels deep: nothing in a model is", limits.depth);
  case Why::Empty:
    return say("the file is empty: zonder model init writes one to start from");
  case Why::SecondDocument:
    return say("more than one document (---) in the file: write one file for each");
  case Why::NoYaml:
    break;
  }
  return say("this is not YAML: {}", refusal.parser_says);
}

/// Reads one model; what is given in `defaults` stands in for what a statement does not say itself.
class ModelReader {
public:
  explicit ModelReader(Reader& reader) : reader_(reader) {}

  DependencyModel read(const YAML::Node& root)
  {
    DependencyModel model;
    const Mapping parts(reader_,
                        root,
                        say("a model"),
                        {"schema"},
                        {"organisation",
                         "defaults",
                         "sources",
                         "parties",
                         "graces",
                         "nodes",
                         "common_modes",
                         "scenarios",
                         "learned"});
    if (!parts.is_sound()) {
      return model;
    }
    if (const auto* schema = parts.find("schema");
        schema != nullptr && (!schema->IsScalar() || schema->Scalar() != model_schema)) {
      reader_.wrong(*schema, say("the schema of a model is {}", model_schema));
    }
    if (const auto* node = parts.find("defaults")) {
      read_defaults(*node);
    }
    if (const auto* node = parts.find("organisation")) {
      model.organisation = organisation(*node);
    }
    const auto section = [&](const char* key, auto& things, auto read_one) {
      if (const auto* node = parts.find(key)) {
        for (const auto& [id, entry] : entries_of(reader_, *node, key)) {
          things.push_back(read_one(id, entry));
          if (reader_.full()) {
            return;
          }
        }
      }
    };
    section("sources", model.sources, [&](const auto& id, const auto& n) { return source(id, n); });
    section("parties", model.parties, [&](const auto& id, const auto& n) { return party(id, n); });
    section("graces", model.graces, [&](const auto& id, const auto& n) { return grace(id, n); });
    section("nodes", model.nodes, [&](const auto& id, const auto& n) { return this->node(id, n); });
    section("common_modes", model.common_modes, [&](const auto& id, const auto& n) {
      return common_mode(id, n);
    });
    section("scenarios", model.scenarios, [&](const auto& id, const auto& n) {
      return scenario(id, n);
    });
    if (const auto* node = parts.find("learned")) {
      for (const auto& each : reader_.list(*node, "learned")) {
        model.learned.push_back(decision(each));
      }
    }
    return model;
  }

private:
  void read_defaults(const YAML::Node& node)
  {
    const Mapping parts(reader_, node, say("defaults"), {}, {"evidence", "confidence", "source"});
    read_evidence(parts, defaults_);
  }

  void read_evidence(const Mapping& parts, Evidence& evidence)
  {
    if (const auto* node = parts.find("evidence")) {
      evidence.tier = reader_.word(*node, "evidence", evidence.tier);
    }
    if (const auto* node = parts.find("confidence")) {
      evidence.confidence = reader_.word(*node, "confidence", evidence.confidence);
    }
    if (const auto* node = parts.find("source")) {
      // `none` takes back what defaults say.
      evidence.source = reader_.id(*node, "source");
      if (evidence.source == no_source) {
        evidence.source.clear();
      }
    }
    if (const auto* node = parts.find("seen")) {
      evidence.seen = seen(*node);
    }
  }

  Evidence evidence(const Mapping& parts)
  {
    auto evidence = defaults_;
    read_evidence(parts, evidence);
    return evidence;
  }

  Seen seen(const YAML::Node& node)
  {
    const Mapping parts(reader_, node, "seen", {}, {"first", "last", "count", "via"});
    Seen seen;
    if (const auto* first = parts.find("first")) {
      seen.first = reader_.day(*first, "first");
    }
    if (const auto* last = parts.find("last")) {
      seen.last = reader_.day(*last, "last");
    }
    if (const auto* count = parts.find("count")) {
      seen.count = reader_.count(*count, "count");
    }
    if (const auto* via = parts.find("via")) {
      for (const auto& each : reader_.list(*via, "via")) {
        seen.via.push_back(reader_.word(each, "via", Via::Dns));
      }
      std::sort(seen.via.begin(), seen.via.end());
      seen.via.erase(std::unique(seen.via.begin(), seen.via.end()), seen.via.end());
    }
    return seen;
  }

  /// {nl: ..., en: ...}, or one text, which stands for both.
  Label label(const YAML::Node& node, std::string_view what)
  {
    if (node.IsScalar()) {
      const auto text = reader_.text(node, what);
      return {.nl = text, .en = text};
    }
    const Mapping parts(reader_, node, what, {}, {"nl", "en"});
    Label label;
    if (const auto* nl = parts.find("nl")) {
      label.nl = reader_.text(*nl, what);
    }
    if (const auto* en = parts.find("en")) {
      label.en = reader_.text(*en, what);
    }
    if (parts.is_sound() && !parts.has("nl") && !parts.has("en")) {
      reader_.wrong(node, say("{} needs a text: nl, en, or both", what));
    }
    return label;
  }

  Label label(const Mapping& parts)
  {
    const auto* node = parts.find("name");
    return node == nullptr ? Label{} : label(*node, "name");
  }

  std::string text(const Mapping& parts, const std::string& key, std::size_t most = 500)
  {
    const auto* node = parts.find(key);
    return node == nullptr ? std::string() : reader_.text(*node, key, most);
  }

  std::string id(const Mapping& parts, const std::string& key)
  {
    const auto* node = parts.find(key);
    return node == nullptr ? std::string() : reader_.id(*node, key);
  }

  /// Of a party; `unknown` may be written out.
  std::string party_id(const Mapping& parts, const std::string& key)
  {
    auto party = id(parts, key);
    return party == "unknown" ? "" : party;
  }

  bool yes(const Mapping& parts, const std::string& key)
  {
    const auto* node = parts.find(key);
    return node != nullptr && reader_.yes_or_no(*node, key);
  }

  std::optional<std::chrono::seconds> duration(const Mapping& parts, const std::string& key)
  {
    const auto* node = parts.find(key);
    return node == nullptr ? std::nullopt : reader_.duration(*node);
  }

  std::optional<Date> day(const Mapping& parts, const std::string& key)
  {
    const auto* node = parts.find(key);
    return node == nullptr ? std::nullopt : reader_.day(*node, key);
  }

  std::map<std::string, std::string> texts(const Mapping& parts, const std::string& key)
  {
    std::map<std::string, std::string> texts;
    if (const auto* node = parts.find(key)) {
      for (const auto& [name, value] : entries_of(reader_, *node, key)) {
        texts.emplace(name, reader_.text(value, name));
      }
    }
    return texts;
  }

  Organisation organisation(const YAML::Node& node)
  {
    const Mapping parts(reader_,
                        node,
                        "organisation",
                        {"id"},
                        {"name", "party", "illustrative", "as_of", "figures"});
    return {.id = id(parts, "id"),
            .name = label(parts),
            .party = party_id(parts, "party"),
            .illustrative = yes(parts, "illustrative"),
            .as_of = day(parts, "as_of"),
            .figures = texts(parts, "figures")};
  }

  Source source(const std::string& id, const YAML::Node& node)
  {
    const Mapping parts(
        reader_, node, say("a source"), {"kind", "title"}, {"ref", "opened", "says"});
    Source source{.id = id,
                  .title = text(parts, "title"),
                  .ref = text(parts, "ref", 2000),
                  .opened = day(parts, "opened"),
                  .says = text(parts, "says", 4000)};
    if (const auto* kind = parts.find("kind")) {
      source.kind = reader_.word(*kind, "kind", SourceKind::Assumption);
      if (source.kind == SourceKind::Document && (source.ref.empty() || !source.opened)) {
        reader_.wrong(node,
                      say("a document needs ref (where it is) and opened (when it was read); what "
                          "nobody looked up is of kind assumption"));
      }
    }
    return source;
  }

  Party party(const std::string& id, const YAML::Node& node)
  {
    const Mapping parts(
        reader_,
        node,
        say("a party"),
        {"name"},
        {"jurisdiction", "owners", "evidence", "confidence", "source", "seen", "identifiers"});
    Party party{.id = id,
                .name = label(parts),
                .jurisdiction = text(parts, "jurisdiction"),
                .evidence = evidence(parts),
                .identifiers = texts(parts, "identifiers")};
    if (party.jurisdiction == "unknown") {
      party.jurisdiction.clear();
    }
    const auto* owners = parts.find("owners");
    if (owners == nullptr || (owners->IsScalar() && owners->Scalar() == "unknown")) {
      return party;
    }
    if (owners->IsScalar() && owners->Scalar() == "none") {
      party.ownership = Ownership::None;
      return party;
    }
    if (!owners->IsSequence() || owners->size() == 0) {
      reader_.wrong(*owners, say("owners is a list of direct parents, or none, or unknown"));
      return party;
    }
    party.ownership = Ownership::Listed;
    for (const auto& each : *owners) {
      const Mapping owner(reader_,
                          each,
                          say("an owner"),
                          {"party"},
                          {"from", "until", "evidence", "confidence", "source", "seen"});
      party.owners.push_back({.party = this->id(owner, "party"),
                              .from = day(owner, "from"),
                              .until = day(owner, "until"),
                              .evidence = evidence(owner)});
    }
    return party;
  }

  Grace grace(const std::string& id, const YAML::Node& node)
  {
    const Mapping parts(reader_,
                        node,
                        say("a grace"),
                        {},
                        {"name",
                         "p5",
                         "p50",
                         "p95",
                         "fixed",
                         "life",
                         "renewed_at",
                         "unknown",
                         "void_if",
                         "source"});
    Grace grace;
    const int forms = (parts.has("p5") || parts.has("p50") || parts.has("p95") ? 1 : 0) +
                      (parts.has("fixed") ? 1 : 0) + (parts.has("life") ? 1 : 0) +
                      (parts.has("unknown") ? 1 : 0);
    if (parts.is_sound() && forms != 1) {
      reader_.wrong(
          node,
          say("a grace has one form: p5, p50 and p95; or fixed; or life and renewed_at; or "
              "unknown: true"));
    } else if (parts.has("fixed")) {
      grace.known = true;
      grace.p5 = grace.p50 = grace.p95 = duration(parts, "fixed").value_or(std::chrono::seconds{});
    } else if (parts.has("life")) {
      grace = renewed(parts, node);
    } else if (const auto* unknown = parts.find("unknown")) {
      if (!reader_.yes_or_no(*unknown, "unknown")) {
        reader_.wrong(*unknown, say("a grace that is known says how long: p5, p50, p95 or fixed"));
      }
    } else if (parts.is_sound()) {
      grace.known = true;
      for (const auto& [key, at] :
           {std::pair{"p5", &grace.p5}, {"p50", &grace.p50}, {"p95", &grace.p95}}) {
        if (!parts.has(key)) {
          reader_.wrong(node, say("{} needs the key {}", say("a grace"), key));
        }
        *at = duration(parts, key).value_or(std::chrono::seconds{});
      }
    }
    grace.id = id;
    grace.name = label(parts);
    grace.source = this->id(parts, "source");
    if (const auto* voiders = parts.find("void_if")) {
      for (const auto& each : reader_.list(*voiders, "void_if")) {
        grace.void_if.push_back(reader_.word(each, "void_if", Voider::Revoked));
      }
    }
    return grace;
  }

  Grace renewed(const Mapping& parts, const YAML::Node& node)
  {
    const auto* at = parts.find("renewed_at");
    if (at == nullptr) {
      reader_.wrong(
          node, say("with life goes renewed_at: at which part of its life it is renewed, 0 to 1"));
      return {};
    }
    return what_is_left(duration(parts, "life").value_or(std::chrono::seconds{}),
                        reader_.number(*at, "renewed_at", 0, 1));
  }

  Node node(const std::string& id, const YAML::Node& yaml)
  {
    const Mapping parts(reader_,
                        yaml,
                        say("a node"),
                        {"kind"},
                        {"name",       "operator",  "supplier",   "origin",      "domain",
                         "class",      "mtpd",      "restart",    "backlog",     "break_glass",
                         "observer",   "protected", "safe_state", "portability", "site",
                         "version",    "hosting",   "endpoints",  "identifiers", "evidence",
                         "confidence", "source",    "seen",       "needs",       "fallbacks"});
    Node node{.id = id,
              .name = label(parts),
              .operated_by = party_id(parts, "operator"),
              .supplier = party_id(parts, "supplier"),
              .domain = text(parts, "domain"),
              .mtpd = duration(parts, "mtpd"),
              .restart = duration(parts, "restart"),
              .break_glass = text(parts, "break_glass"),
              .observer = yes(parts, "observer"),
              .is_protected = yes(parts, "protected"),
              .safe_state = yes(parts, "safe_state"),
              .site = text(parts, "site"),
              .version = text(parts, "version"),
              .identifiers = texts(parts, "identifiers")};
    if (const auto* kind = parts.find("kind")) {
      node.kind = reader_.word(*kind, "kind", NodeKind::Component);
    }
    if (const auto* origin = parts.find("origin")) {
      node.origin = reader_.ids(*origin, "origin");
    }
    if (const auto* service_class = parts.find("class")) {
      node.service_class = reader_.word(*service_class, "class", ServiceClass::None);
    }
    if (const auto* backlog = parts.find("backlog")) {
      node.backlog = reader_.number(*backlog, "backlog", 0, 1000);
    }
    if (const auto* portability = parts.find("portability")) {
      node.portability = reader_.word(*portability, "portability", Portability::Unknown);
    }
    if (const auto* hosting = parts.find("hosting")) {
      for (const auto& each : reader_.list(*hosting, "hosting")) {
        node.hosting.push_back(this->hosting(each));
      }
    }
    if (const auto* endpoints = parts.find("endpoints")) {
      for (const auto& each : reader_.list(*endpoints, "endpoints")) {
        node.endpoints.push_back(reader_.text(each, "endpoints"));
      }
    }
    node.evidence = evidence(parts);
    if (const auto* needs = parts.find("needs")) {
      for (const auto& each : reader_.list(*needs, "needs")) {
        node.needs.push_back(need(each));
      }
    }
    if (const auto* fallbacks = parts.find("fallbacks")) {
      for (const auto& each : reader_.list(*fallbacks, "fallbacks")) {
        node.fallbacks.push_back(fallback(each));
      }
    }
    return node;
  }

  Hosting hosting(const YAML::Node& node)
  {
    const Mapping parts(
        reader_, node, "hosting", {"jurisdiction", "evidence", "source"}, {"confidence", "seen"});
    return {.jurisdiction = text(parts, "jurisdiction"), .evidence = evidence(parts)};
  }

  Need need(const YAML::Node& node)
  {
    const Mapping parts(reader_,
                        node,
                        say("a need"),
                        {"of"},
                        {"at_least",
                         "loss",
                         "grace",
                         "phase",
                         "data",
                         "note",
                         "evidence",
                         "confidence",
                         "source",
                         "seen"});
    Need need;
    if (const auto* of = parts.find("of")) {
      need.of = reader_.ids(*of, "of");
      const auto* at_least = parts.find("at_least");
      if (at_least != nullptr) {
        need.at_least = reader_.count(*at_least, "at_least");
      } else if (need.of.size() > 1) {
        reader_.wrong(
            node,
            say("how many of these {} must there be? Add at_least (or write a need for each "
                "when it needs all)",
                need.of.size()));
      }
    }
    if (const auto* loss = parts.find("loss")) {
      need.loss = reader_.word(*loss, "loss", Loss::Stop);
    }
    if (const auto* phase = parts.find("phase")) {
      need.phase = reader_.word(*phase, "phase", Phase::Run);
    }
    if (const auto* grace = parts.find("grace")) {
      if (grace->IsMap()) {
        need.grace = {.name = "", .own = this->grace("", *grace)};
      } else {
        need.grace = {.name = reader_.id(*grace, "grace"), .own = {}};
      }
    }
    need.data = yes(parts, "data");
    need.note = text(parts, "note");
    need.evidence = evidence(parts);
    return need;
  }

  Fallback fallback(const YAML::Node& node)
  {
    const Mapping parts(reader_,
                        node,
                        say("a fallback"),
                        {"name", "start", "capacity", "lasts"},
                        {"error_growth", "needs", "evidence", "confidence", "source", "seen"});
    Fallback fallback{.name = label(parts),
                      .start = duration(parts, "start").value_or(std::chrono::seconds{}),
                      .evidence = evidence(parts)};
    if (const auto* capacity = parts.find("capacity")) {
      fallback.capacity = reader_.number(*capacity, "capacity", 0, 1);
    }
    if (const auto* lasts = parts.find("lasts");
        lasts != nullptr && !(lasts->IsScalar() && lasts->Scalar() == "unlimited")) {
      fallback.lasts = reader_.duration(*lasts).value_or(std::chrono::seconds{});
    }
    if (const auto* growth = parts.find("error_growth")) {
      fallback.error_growth = reader_.number(*growth, "error_growth", 0, 1);
    }
    if (const auto* needs = parts.find("needs")) {
      fallback.needs = reader_.ids(*needs, "needs");
    }
    return fallback;
  }

  CommonMode common_mode(const std::string& id, const YAML::Node& node)
  {
    const Mapping parts(reader_,
                        node,
                        say("a common mode"),
                        {"by", "probability"},
                        {"name", "value", "members", "source"});
    CommonMode mode{.id = id,
                    .name = label(parts),
                    .value = text(parts, "value"),
                    .source = this->id(parts, "source")};
    if (const auto* by = parts.find("by")) {
      mode.by = reader_.word(*by, "by", CommonBy::Members);
    }
    if (const auto* members = parts.find("members")) {
      mode.members = reader_.ids(*members, "members");
    }
    if (const auto* probability = parts.find("probability")) {
      mode.probability = reader_.number(*probability, "probability", 0, 1);
    }
    return mode;
  }

  Scenario scenario(const std::string& id, const YAML::Node& node)
  {
    const Mapping parts(reader_,
                        node,
                        say("a scenario"),
                        {"outages"},
                        {"name", "cold", "as_of", "horizon", "source"});
    Scenario scenario{.id = id,
                      .name = label(parts),
                      .cold = yes(parts, "cold"),
                      .as_of = day(parts, "as_of"),
                      .horizon = duration(parts, "horizon"),
                      .source = this->id(parts, "source")};
    if (const auto* outages = parts.find("outages")) {
      for (const auto& each : reader_.list(*outages, "outages")) {
        scenario.outages.push_back(outage(each));
      }
    }
    return scenario;
  }

  Outage outage(const YAML::Node& node)
  {
    const Mapping parts(reader_,
                        node,
                        say("an outage"),
                        {"selector"},
                        {"except", "reach", "mode", "from", "until", "notice", "staging", "by"});
    Outage outage{.selector = text(parts, "selector"),
                  .except = text(parts, "except"),
                  .from = duration(parts, "from").value_or(std::chrono::seconds{}),
                  .until = duration(parts, "until"),
                  .notice = duration(parts, "notice").value_or(std::chrono::seconds{}),
                  .by = id(parts, "by")};
    if (const auto* reach = parts.find("reach")) {
      outage.reach = reader_.word(*reach, "reach", Reach::Owner);
    }
    if (const auto* mode = parts.find("mode")) {
      outage.mode = reader_.word(*mode, "mode", FailureMode::Gone);
    }
    if (const auto* staging = parts.find("staging")) {
      for (const auto& each : reader_.list(*staging, "staging")) {
        const Mapping stage(reader_, each, say("a stage"), {"selector", "from"}, {});
        outage.staging.push_back(
            {.selector = text(stage, "selector"),
             .from = duration(stage, "from").value_or(std::chrono::seconds{})});
      }
    }
    return outage;
  }

  Decision decision(const YAML::Node& node)
  {
    const Mapping parts(
        reader_, node, say("a decision"), {"seen", "decision"}, {"node", "name", "why", "day"});
    Decision decision{.seen = text(parts, "seen"),
                      .node = id(parts, "node"),
                      .name = text(parts, "name"),
                      .why = text(parts, "why"),
                      .day = day(parts, "day")};
    if (const auto* choice = parts.find("decision")) {
      decision.choice = reader_.word(*choice, "decision", Choice::Accept);
    }
    return decision;
  }

  Reader& reader_;
  Evidence defaults_;
};

/// The value at a path, as far as the file goes down it.
YAML::Node at(YAML::Node node, const graph::Path& path)
{
  for (const auto& step : path) {
    YAML::Node next(YAML::NodeType::Undefined);
    if (node.IsMap()) {
      for (const auto& part : node) {
        if (part.first.IsScalar() && part.first.Scalar() == step) {
          next.reset(part.second);
          break;
        }
      }
    } else if (node.IsSequence()) {
      const auto place = std::strtoul(step.c_str(), nullptr, 10);
      if (place < node.size()) {
        next.reset(node[place]);
      }
    }
    if (!next.IsDefined()) {
      break;
    }
    node.reset(next);
  }
  return node;
}

/// Where the first byte is that is not UTF-8: lines and columns from 0.
std::optional<std::pair<int, int>> not_utf8(std::string_view text)
{
  if (characters_in(text)) {
    return std::nullopt;
  }
  int line = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto one = text.substr(0, end);
    if (!characters_in(one)) {
      std::size_t good = 0;
      while (good < one.size() && characters_in(one.substr(0, good + 1)).has_value()) {
        ++good;
      }
      return std::pair{line, static_cast<int>(good)};
    }
    text.remove_prefix(std::min(end + 1, text.size()));
    ++line;
  }
  return std::pair{line, 0};
}

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

}  // namespace

std::string Mistake::to_string(std::string_view file) const
{
  return line <= 0 ? fmt::format("{}: {}", file, what)
                   : fmt::format("{}:{}:{}: {}", file, line, column, what);
}

Reading read_model(std::string_view text)
{
  Reader reader;
  if (text.size() > largest_model) {
    reader.wrong(-1, -1, say("larger than {} bytes: split the model", largest_model));
    return {.model = {}, .mistakes = reader.take()};
  }
  if (text.starts_with(byte_order_mark)) {
    text.remove_prefix(byte_order_mark.size());
  }
  if (const auto place = not_utf8(text)) {
    reader.wrong(place->first, place->second, say("this is not UTF-8: save the file as UTF-8"));
    return {.model = {}, .mistakes = reader.take()};
  }
  const auto root = wire::load_bounded_yaml(std::string(text), limits);
  if (!root) {
    reader.wrong(root.error().line, root.error().column, sentence_of(root.error()));
    return {.model = {}, .mistakes = reader.take()};
  }
  auto model = ModelReader(reader).read(*root);
  // What does not fit together is told where it stands; what could not be read at all comes first,
  // or a wrong name would be told of every reference to it.
  auto mistakes = reader.take();
  if (mistakes.empty()) {
    for (auto& problem : graph::problems_of(model, most_mistakes)) {
      reader.wrong(at(*root, problem.path), std::move(problem.what));
    }
    mistakes = reader.take();
  }
  return {.model = std::move(model), .mistakes = std::move(mistakes)};
}

Result<DependencyModel> parse_model(std::string_view text, std::string_view file)
{
  auto reading = read_model(text);
  if (reading.mistakes.empty()) {
    return std::move(reading.model);
  }
  auto first = reading.mistakes.front().to_string(file);
  if (const auto more = reading.mistakes.size() - 1; more > 0) {
    first += say(" (and {} more: zonder model check {} lists them)", more, file);
  }
  return fail(Fault::Usage, std::move(first));
}

Result<DependencyModel> load_model(const std::string& path)
{
  const auto text = read_file(path, largest_model);
  if (!text) {
    return fail(text.error());
  }
  return parse_model(*text, path);
}

}  // namespace zonder::modelfile
