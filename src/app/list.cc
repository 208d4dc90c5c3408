// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/list.hh"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "app/as_of.hh"
#include "app/open_catalog.hh"
#include "base/ascii.hh"
#include "base/suggestion.hh"
#include "base/translate.hh"
#include "catalog/fact_counts.hh"
#include "catalog/selector.hh"
#include "report/style.hh"
#include "wire/lists/lists.hh"

namespace zonder::app {
namespace {

using catalog::Catalog;
using catalog::Party;
using nlohmann::ordered_json;

/// A list in the making: rows for people, and the same as JSON.
struct Rows {
  std::vector<std::vector<std::string>> text;
  ordered_json json = ordered_json::array();
};

ordered_json or_null(const std::string& text)
{
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

std::string or_unknown(const std::string& text)
{
  return text.empty() ? tr("unknown") : text;
}

/// Columns as wide as their widest field; the last one as it comes.
std::string table(const std::vector<std::vector<std::string>>& rows)
{
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], row[i].size());
    }
  }
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += i + 1 < row.size() ? fmt::format("{:<{}}  ", row[i], widths[i]) : row[i];
    }
    text += "\n";
  }
  return text;
}

std::string joined(const std::vector<std::string>& words)
{
  std::string all;
  for (const std::string& word : words) {
    all += (all.empty() ? "" : ", ") + word;
  }
  return all;
}

Rows parties(const Catalog& catalog, bool providers, catalog::Date day)
{
  Rows rows;
  rows.text.push_back({tr("id"), tr("law"), tr("name"), tr("also known as")});
  const auto& facts = catalog.facts();
  for (std::size_t i = 0; i < facts.parties.size(); ++i) {
    const Party& party = facts.parties[i];
    if (party.is_provider != providers) {
      continue;
    }
    const auto control = catalog.control_of(i, "", day);
    rows.text.push_back(
        {party.id, or_unknown(control.jurisdiction), party.name, joined(party.aliases)});
    auto owners = ordered_json::array();
    for (const auto& owner : control.owners) {
      owners.push_back(owner.id);
    }
    rows.json.push_back({{"id", party.id},
                         {"name", party.name},
                         {"aliases", party.aliases},
                         {"categories", party.categories},
                         {"jurisdiction", or_null(control.jurisdiction)},
                         {"operator_jurisdiction", or_null(control.operator_jurisdiction)},
                         {"owners", owners},
                         {"owners_known", control.owners_known},
                         {"services", party.services.size()},
                         {"asns", party.asns.size()},
                         {"suffixes", party.domains.size()}});
  }
  return rows;
}

Rows services(const Catalog& catalog)
{
  Rows rows;
  const bool dutch = current_language() == Language::Dutch;
  rows.text.push_back({tr("party"), tr("id"), tr("category"), tr("name")});
  for (const Party& party : catalog.facts().parties) {
    for (const auto& service : party.services) {
      rows.text.push_back(
          {party.id, service.id, service.category, dutch ? service.name.nl : service.name.en});
      rows.json.push_back({{"party", party.id},
                           {"id", service.id},
                           {"category", service.category},
                           {"name", {{"en", service.name.en}, {"nl", service.name.nl}}},
                           {"confidence", to_string(service.basis.confidence)}});
    }
  }
  return rows;
}

Rows jurisdictions(const Catalog& catalog, catalog::Date day)
{
  Rows rows;
  const bool dutch = current_language() == Language::Dutch;
  const auto& facts = catalog.facts();
  rows.text.push_back({tr("selector"), tr("parties"), tr("name")});
  const auto add = [&](const std::string& id,
                       const catalog::Text& name,
                       const std::vector<std::string>& members) {
    const std::string selector = "@" + id;
    const auto chosen = catalog::choose(selector, catalog.snapshot(), day);
    const std::size_t count = chosen ? chosen->parties.size() : 0;
    if (count > 0 || members.size() > 1) {
      rows.text.push_back({selector, std::to_string(count), dutch ? name.nl : name.en});
    }
    rows.json.push_back({{"selector", selector},
                         {"name", {{"en", name.en}, {"nl", name.nl}}},
                         {"members", members},
                         {"parties", count}});
  };
  for (const auto& group : facts.groups) {
    add(group.id, group.name, group.members);
  }
  for (const auto& each : facts.jurisdictions) {
    add(ascii_lower(each.code), each.name, {each.code});
  }
  return rows;
}

Rows formats()
{
  Rows rows;
  rows.text.push_back({tr("formats that `zonder data import` reads")});
  for (const std::string& format : wire::list_formats()) {
    rows.text.push_back({format});
    rows.json.push_back(format);
  }
  return rows;
}

std::string kind_in_words(const std::string& kind)
{
  return kind == "operator"  ? tr("operator")
         : kind == "owner"   ? tr("owner")
         : kind == "suffix"  ? tr("suffix")
         : kind == "prefix"  ? tr("prefix")
         : kind == "service" ? tr("service")
         : kind == "as"      ? tr("AS")
                             : kind;
}

Rows facts(const Catalog& catalog)
{
  Rows rows;
  rows.text.push_back({tr("kind of fact"), tr("sourced"), tr("unverified"), tr("unknown")});
  for (const auto& count : catalog::count_facts(catalog.facts())) {
    rows.text.push_back({kind_in_words(count.kind),
                         std::to_string(count.sourced),
                         std::to_string(count.unverified),
                         std::to_string(count.unknown)});
    rows.json.push_back({{"kind", count.kind},
                         {"sourced", count.sourced},
                         {"unverified", count.unverified},
                         {"unknown", count.unknown}});
  }
  return rows;
}

}  // namespace

int list(const World& world, const ListOptions& options)
{
  static const std::vector<std::string> kinds{
      "providers", "owners", "jurisdictions", "services", "formats", "facts"};
  if (std::find(kinds.begin(), kinds.end(), options.what) == kinds.end()) {
    const auto meant = suggestion_for(options.what, kinds);
    return failed_with(world,
                       {Fault::Usage,
                        meant ? say("there is no list of {} (did you mean {}?)",
                                    report::harmless(options.what, world.unicode),
                                    *meant)
                              : say("there is no list of {}: there are {}",
                                    report::harmless(options.what, world.unicode),
                                    joined(kinds))});
  }
  const auto catalog = open_catalog(world);
  if (!catalog) {
    return failed_with(world, catalog.error());
  }
  const auto day = day_of(world.now);
  const bool of_parties = options.what == "providers" || options.what == "owners";
  const Rows rows = of_parties ? parties(*catalog, options.what == "providers", day)
                    : options.what == "services"      ? services(*catalog)
                    : options.what == "jurisdictions" ? jurisdictions(*catalog, day)
                    : options.what == "formats"       ? formats()
                                                      : facts(*catalog);
  const Rows counts = facts(*catalog);
  if (world.form == Form::JsonLines) {
    for (const auto& row : rows.json) {
      std::fprintf(world.out, "%s\n", row.dump().c_str());
    }
    return static_cast<int>(Exit::Done);
  }
  if (world.form == Form::Json) {
    const ordered_json document{
        {"schema", "zonder.list/1"},
        {"what", options.what},
        {"data", {{"date", catalog->about().date}, {"facts", catalog->about().facts_date}}},
        {"rows", rows.json},
        {"facts", counts.json}};
    std::fprintf(world.out, "%s\n", document.dump(2).c_str());
    return static_cast<int>(Exit::Done);
  }
  std::string text = table(rows.text);
  if (of_parties) {
    text += "\n" + table(counts.text);
  }
  text += say("Facts of {}, addresses of {}.", catalog->about().facts_date, catalog->about().date) +
          "\n";
  std::fputs(text.c_str(), world.out);
  return static_cast<int>(Exit::Done);
}

}  // namespace zonder::app
