// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/model_text.hh"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/translate.hh"
#include "report/style.hh"

namespace zonder::report {
namespace {

using graph::Difference;
using graph::DifferenceKind;
using graph::DifferenceOf;
using model::Confidence;
using model::DependencyModel;
using model::Evidence;
using model::text_of;
using model::Tier;
using model::unknown_grace;
using nlohmann::ordered_json;

constexpr std::size_t most_rows = 6;  // of a table, so that the whole stays on one screen

std::string named(const DependencyModel& model, const std::string& party)
{
  const auto* found = model.party(party);
  const bool dutch = current_language() == Language::Dutch;
  return found == nullptr || found->name.empty() ? party : found->name.in(dutch);
}

std::string nodes(std::size_t count)
{
  return fmt::format(fmt::runtime(ntr("{} node", "{} nodes", count)), count);
}

/// "a, b, c and 4 more"
std::string some_of(const std::vector<std::string>& all)
{
  std::string text;
  for (std::size_t i = 0; i < std::min(all.size(), most_rows); ++i) {
    text += (i == 0 ? "" : ", ") + all[i];
  }
  return all.size() > most_rows ? say("{} and {} more", text, all.size() - most_rows) : text;
}

std::string tier_word(Tier tier)
{
  switch (tier) {
  case Tier::Declared:
    return tr("declared");
  case Tier::Measured:
    return tr("measured");
  case Tier::Drilled:
    break;
  }
  return tr("drilled");
}

std::string confidence_word(Confidence confidence)
{
  switch (confidence) {
  case Confidence::Low:
    return tr("confidence low");
  case Confidence::Medium:
    return tr("confidence medium");
  case Confidence::High:
    break;
  }
  return tr("confidence high");
}

/// "measured, confidence high, seen 12 times, last on 2026-11-27; source"
std::string evidence_text(const std::optional<Evidence>& evidence)
{
  if (!evidence) {
    return tr("no evidence given");
  }
  auto text = tier_word(evidence->tier) + ", " + confidence_word(evidence->confidence);
  if (evidence->seen) {
    text += ", " + say("seen {} times", evidence->seen->count);
    if (evidence->seen->last) {
      text += ", " + say("last on {}", evidence->seen->last->to_string());
    }
  }
  return evidence->source.empty() ? text : text + ", " + say("source {}", evidence->source);
}

void add_unknown(std::string& text, std::size_t count, const std::string& what)
{
  if (count > 0) {
    text += "  " + fmt::format("{:>5}  {}", count, what) + "\n";
  }
}

std::string unknown_text(const graph::ModelSummary& summary)
{
  std::string text;
  add_unknown(text,
              summary.unknown_grace,
              tr("needs that stop something, and nobody knows after how long"));
  add_unknown(text,
              summary.no_operator.size(),
              say("nodes of which nobody knows who runs them: {}", some_of(summary.no_operator)));
  add_unknown(text,
              summary.unknown_law.size(),
              say("parties under a law that nobody knows: {}", some_of(summary.unknown_law)));
  add_unknown(text,
              summary.unknown_owners.size(),
              say("parties whose owners nobody knows: {}", some_of(summary.unknown_owners)));
  add_unknown(text,
              summary.without_class.size(),
              say("services without a class: {}", some_of(summary.without_class)));
  return text.empty() ? std::string() : std::string(tr("Not known:")) + "\n" + text;
}

ordered_json json_of(const std::optional<Evidence>& evidence)
{
  if (!evidence) {
    return nullptr;
  }
  ordered_json json{{"tier", text_of(evidence->tier)},
                    {"confidence", text_of(evidence->confidence)},
                    {"source", evidence->source}};
  if (evidence->seen) {
    const auto day = [](const std::optional<Date>& date) {
      return date ? ordered_json(date->to_string()) : ordered_json(nullptr);
    };
    auto via = ordered_json::array();
    for (const auto each : evidence->seen->via) {
      via.push_back(text_of(each));
    }
    json["seen"] = {{"first", day(evidence->seen->first)},
                    {"last", day(evidence->seen->last)},
                    {"count", evidence->seen->count},
                    {"via", via}};
  }
  return json;
}

ordered_json json_of(const std::vector<graph::Concentration>& rows)
{
  auto all = ordered_json::array();
  for (const auto& row : rows) {
    all.push_back({{"who", row.who}, {"nodes", row.nodes}, {"services", row.services}});
  }
  return all;
}

std::string what_is(DifferenceOf of)
{
  switch (of) {
  case DifferenceOf::Node:
    return tr("node");
  case DifferenceOf::Need:
    return tr("need of");
  case DifferenceOf::Party:
    return tr("party");
  case DifferenceOf::Operator:
    return tr("operator");
  case DifferenceOf::Supplier:
    return tr("supplier");
  case DifferenceOf::Hosting:
    return tr("hosting");
  case DifferenceOf::Jurisdiction:
    return tr("jurisdiction");
  case DifferenceOf::Owner:
    return tr("owner");
  case DifferenceOf::Loss:
    break;
  }
  return tr("loss");
}

}  // namespace

std::string
summary_text(const DependencyModel& model, const graph::ModelSummary& summary, bool unicode)
{
  const bool dutch = current_language() == Language::Dutch;
  const auto& organisation = model.organisation;
  const auto name = organisation.name.empty() ? organisation.id : organisation.name.in(dutch);
  std::string text;
  if (!summary.laws.empty()) {
    const auto top = std::find_if(summary.laws.begin(), summary.laws.end(), [&](const auto& law) {
      const auto* us = model.party(organisation.party);
      return us == nullptr || law.who != us->jurisdiction;
    });
    if (top != summary.laws.end()) {
      text += say("{} of {} services stop sooner or later without what is under the law of {}.",
                  top->services,
                  summary.services,
                  top->who) +
              "\n";
    }
  }
  text += say("{}: {} services on {} other nodes, with {} needs of {} things; {} parties run or "
              "supply them, {} own those.",
              name.empty() ? tr("This model") : name,
              summary.services,
              summary.others,
              summary.needs,
              summary.dependencies,
              summary.parties_running,
              summary.parties_owning) +
          "\n";
  text += say("Paper share: {} per cent of the needs rest on declarations alone ({} declared, {} "
              "measured, "
              "{} drilled).",
              std::lround(100 * summary.paper_share()),
              summary.declared,
              summary.measured,
              summary.drilled) +
          "\n";
  if (organisation.illustrative) {
    text += std::string(
                tr("Made up to learn and test with: it tells nothing of a real organisation.")) +
            "\n";
  }
  text += "\n" +
          std::string(tr("Services that stop sooner or later without it, no fallback counted:")) +
          "\n";
  const auto row = [&](const std::string& who, const graph::Concentration& one) {
    text += fmt::format("  {:>5}  {}\n", one.services, who);
  };
  for (std::size_t i = 0; i < std::min(summary.laws.size(), most_rows / 2); ++i) {
    row(say("the law of {}, owners included ({} nodes)",
            summary.laws[i].who,
            summary.laws[i].nodes),
        summary.laws[i]);
  }
  for (std::size_t i = 0; i < std::min(summary.parties.size(), most_rows); ++i) {
    row(fmt::format(
            "{} ({})", named(model, summary.parties[i].who), nodes(summary.parties[i].nodes)),
        summary.parties[i]);
  }
  text += say("{} services have no fallback.", summary.without_fallback) + "\n";
  if (const auto unknown = unknown_text(summary); !unknown.empty()) {
    text += "\n" + unknown;
  }
  if (!summary.contradictions.empty()) {
    text += "\n" + std::string(tr("Hosted elsewhere than somebody declared:")) + "\n";
  }
  for (const auto& one : summary.contradictions) {
    text += "  " +
            (one.by_operator ? say("{}: declared {} ({}), but whoever runs it is under {} ({})",
                                   one.node,
                                   one.declared,
                                   one.declared_source,
                                   one.measured,
                                   one.measured_source)
                             : say("{}: declared {} ({}), measured {} ({})",
                                   one.node,
                                   one.declared,
                                   one.declared_source,
                                   one.measured,
                                   one.measured_source)) +
            "\n";
  }
  if (organisation.as_of) {
    text += "\n" + say("The model is of {}.", organisation.as_of->to_string()) + "\n";
  }
  // Line by line: line ends of ours stay.
  std::string shown;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = text.find('\n', at);
    shown += harmless(text.substr(at, end - at), unicode) + "\n";
    at = end + 1;
  }
  return shown;
}

std::string summary_json(const DependencyModel& model, const graph::ModelSummary& summary)
{
  auto contradictions = ordered_json::array();
  for (const auto& one : summary.contradictions) {
    contradictions.push_back({{"node", one.node},
                              {"declared", one.declared},
                              {"declared_source", one.declared_source},
                              {"measured", one.measured},
                              {"measured_source", one.measured_source},
                              {"by_operator", one.by_operator}});
  }
  const auto& organisation = model.organisation;
  const ordered_json document{
      {"schema", "zonder.model-show/1"},
      {"organisation", organisation.id},
      {"illustrative", organisation.illustrative},
      {"as_of",
       organisation.as_of ? ordered_json(organisation.as_of->to_string()) : ordered_json(nullptr)},
      {"services", summary.services},
      {"other_nodes", summary.others},
      {"needs", summary.needs},
      {"dependencies", summary.dependencies},
      {"parties_running", summary.parties_running},
      {"parties_owning", summary.parties_owning},
      {"paper_share", summary.paper_share()},
      {"evidence",
       {{"declared", summary.declared},
        {"measured", summary.measured},
        {"drilled", summary.drilled}}},
      {"services_without_fallback", summary.without_fallback},
      {"unknown",
       {{"graces", summary.unknown_grace},
        {"operators", summary.no_operator},
        {"jurisdictions", summary.unknown_law},
        {"owners", summary.unknown_owners},
        {"classes", summary.without_class}}},
      {"laws", json_of(summary.laws)},
      {"parties", json_of(summary.parties)},
      {"hosting_contradictions", contradictions}};
  return document.dump(2) + "\n";
}

std::string
difference_line(const Difference& one, const std::string& first, const std::string& second)
{
  const auto what = what_is(one.of);
  const bool whole = one.of == DifferenceOf::Node || one.of == DifferenceOf::Party;
  const auto subject = whole ? what + " " + one.subject : one.subject + ": " + what;
  // Of a node or party the name tells more than its id; of all else, what is said of it.
  const auto said = [&](const std::string& text) {
    return text.empty() ? std::string() : whole ? " (" + text + ")" : " " + text;
  };
  switch (one.kind) {
  case DifferenceKind::OnlyFirst:
    return say(
        "{}: only in {} ({})", subject + said(one.first), first, evidence_text(one.first_evidence));
  case DifferenceKind::OnlySecond:
    return say("{}: only in {} ({})",
               subject + said(one.second),
               second,
               evidence_text(one.second_evidence));
  case DifferenceKind::Differs:
    break;
  }
  return say("{}: {} in {} ({}), {} in {} ({})",
             subject,
             one.first,
             first,
             evidence_text(one.first_evidence),
             one.second,
             second,
             evidence_text(one.second_evidence));
}

std::string difference_text(const graph::ModelDifference& difference,
                            const std::string& first,
                            const std::string& second,
                            bool unicode)
{
  const auto& all = difference.differences;
  const auto count = [&](DifferenceKind kind) {
    return std::count_if(all.begin(), all.end(), [&](const auto& one) { return one.kind == kind; });
  };
  std::string text;
  const auto line = [&](const std::string& sentence) {
    text += harmless(sentence, unicode) + "\n";
  };
  if (all.empty()) {
    line(say("The same: {} nodes, with their needs and parties.", difference.same.size()));
    return text;
  }
  line(say("{} only in {}, {} only in {}, {} told differently; {} nodes are in both.",
           count(DifferenceKind::OnlyFirst),
           first,
           count(DifferenceKind::OnlySecond),
           second,
           count(DifferenceKind::Differs),
           difference.same.size()));
  for (const auto& one : all) {
    line("  " + difference_line(one, first, second));
  }
  for (const auto& pair : difference.same) {
    if (pair.by != "id") {
      line(say("Taken for one: {} of {} and {} of {}, by {}.",
               pair.first,
               first,
               pair.second,
               second,
               pair.by == "identifier" ? tr("an identifier")
               : pair.by == "endpoint" ? tr("an endpoint")
                                       : tr("their name")));
    }
  }
  return text;
}

std::string difference_json(const graph::ModelDifference& difference,
                            const std::string& first,
                            const std::string& second)
{
  auto differences = ordered_json::array();
  for (const auto& one : difference.differences) {
    differences.push_back({{"of", text_of(one.of)},
                           {"kind", text_of(one.kind)},
                           {"subject", one.subject},
                           {"first", one.first},
                           {"second", one.second},
                           {"first_evidence", json_of(one.first_evidence)},
                           {"second_evidence", json_of(one.second_evidence)}});
  }
  auto same = ordered_json::array();
  for (const auto& pair : difference.same) {
    same.push_back({{"first", pair.first}, {"second", pair.second}, {"by", pair.by}});
  }
  const ordered_json document{{"schema", "zonder.model-diff/1"},
                              {"first", first},
                              {"second", second},
                              {"differences", differences},
                              {"same", same}};
  return document.dump(2) + "\n";
}

}  // namespace zonder::report
