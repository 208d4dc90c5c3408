// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/build_content.hh"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "base/ascii.hh"
#include "base/file.hh"
#include "base/translate.hh"
#include "catalog/facts_loader.hh"
#include "catalog/public_suffix.hh"
#include "wire/tables/ip_location.hh"
#include "wire/tables/third_party_web.hh"

namespace zonder::catalog {
namespace {

using wire::tables::AsRow;
using wire::tables::CountryRow;

Result<std::string> version_of(const std::string& package)
{
  const std::string path = package + "/package.json";
  const auto text = read_file(path, std::size_t{1} << 20U);
  if (!text) {
    return fail(text.error());
  }
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object() || !json.contains("version") || !json["version"].is_string()) {
    return fail(Fault::Usage, say("{} says no version: install the package again", path));
  }
  return json["version"].get<std::string>();
}

/// "2.3.2026061719" is of 2026-06-17.
std::string day_in_version(const std::string& version)
{
  const auto digits = version.substr(version.rfind('.') + 1);
  if (digits.size() < 8) {
    return {};
  }
  const auto day = digits.substr(0, 4) + "-" + digits.substr(4, 2) + "-" + digits.substr(6, 2);
  return Date::try_parse(day) ? day : std::string();
}

Result<void> add_as_tables(SnapshotContent& content, const std::string& folder)
{
  std::map<net::Asn, std::string> names;
  std::vector<AsRange> ranges;
  for (const char* file : {"/asn-ipv4.csv", "/asn-ipv6.csv"}) {
    const std::string path = folder + file;
    const auto text = LoadedFile::open(path);
    if (!text) {
      return fail(text.error());
    }
    const auto bytes = text->bytes();
    auto rows = wire::tables::read_as_table(
        {reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path);
    if (!rows) {
      return fail(std::move(rows).error());
    }
    for (AsRow& row : *rows) {
      ranges.push_back({row.range, row.asn});
      names.emplace(row.asn, std::move(row.name));
    }
  }
  content.as_ranges = without_overlaps(std::move(ranges));
  for (auto& [asn, name] : names) {
    content.as_names.push_back({asn, std::move(name)});
  }
  return {};
}

Result<void> add_countries(SnapshotContent& content, const std::string& folder)
{
  for (const char* file : {"/asn-country-ipv4.csv", "/asn-country-ipv6.csv"}) {
    const std::string path = folder + file;
    const auto text = LoadedFile::open(path);
    if (!text) {
      return fail(text.error());
    }
    const auto bytes = text->bytes();
    auto rows = wire::tables::read_country_table(
        {reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path);
    if (!rows) {
      return fail(std::move(rows).error());
    }
    for (CountryRow& row : *rows) {
      content.countries.push_back({row.range, std::move(row.country)});
    }
  }
  std::sort(content.countries.begin(),
            content.countries.end(),
            [](const CountryRange& a, const CountryRange& b) { return a.range < b.range; });
  return {};
}

/// The party that an entity of third-party-web is: by the company's name or the entity's own.
std::optional<std::size_t> party_of(const Facts& facts, const wire::tables::WebEntity& entity)
{
  for (const std::string& name : {entity.company, entity.name}) {
    if (name.empty()) {
      continue;
    }
    if (const auto index = facts.index_of_name(ascii_lower(name))) {
      return index;
    }
    for (std::size_t i = 0; i < facts.parties.size(); ++i) {
      if (ascii_lower(facts.parties[i].name) == ascii_lower(name)) {
        return i;
      }
    }
  }
  return std::nullopt;
}

Result<void>
add_web_names(SnapshotContent& content, const std::string& folder, const std::string& version)
{
  const std::string path = folder + "/dist/entities.json";
  const auto text = read_file(path, std::size_t{1} << 26U);
  if (!text) {
    return fail(text.error());
  }
  const auto entities = wire::tables::read_web_entities(*text, path);
  if (!entities) {
    return fail(entities.error());
  }
  std::map<std::string, PublishedList> lists;
  for (const auto& entity : *entities) {
    const auto party = party_of(content.facts, entity);
    if (!party) {
      continue;
    }
    const std::string& id = content.facts.parties[*party].id;
    PublishedList& list = lists[id];
    list.name = "third-party-web/" + id;
    list.format = "third-party-web";
    list.party = id;
    list.title = "third-party-web " + version;
    list.date = content.date;
    list.standing = Standing::Weak;
    for (const std::string& domain : entity.domains) {
      auto name = net::DomainName::parse(domain);
      if (name && public_suffix_kind(name->text()) == PublicSuffix::No) {
        list.names.push_back({std::move(*name), Space::Unknown, {}});
      }
    }
  }
  for (auto& [id, list] : lists) {
    content.lists.push_back(std::move(list));
  }
  return {};
}

/// The newest day on which a source of our facts was opened.
std::string day_of_facts(const Facts& facts)
{
  Date newest{1970, 1, 1};
  for (const Party& party : facts.parties) {
    for (const Source& source : party.sources) {
      newest = before(newest, source.opened) ? source.opened : newest;
    }
  }
  return newest.to_string();
}

}  // namespace

std::vector<AsRange> without_overlaps(std::vector<AsRange> ranges)
{
  std::stable_sort(ranges.begin(), ranges.end(), [](const AsRange& a, const AsRange& b) {
    return a.range.first < b.range.first ||
           (a.range.first == b.range.first && b.range.last < a.range.last);
  });
  std::vector<AsRange> done;
  std::vector<AsRange> open;  // wider ranges of which a rest may follow
  const auto finish_before = [&](std::optional<net::Address> border) {
    while (!open.empty() && (!border || open.back().range.last < *border)) {
      done.push_back(open.back());
      const auto behind = open.back().range.last.next();
      const auto family = open.back().range.last.family();
      open.pop_back();
      // What lies below goes on after this one.
      while (!open.empty() && behind && open.back().range.last.family() == family) {
        if (open.back().range.last < *behind) {
          open.pop_back();
          continue;
        }
        open.back().range.first = std::max(open.back().range.first, *behind);
        break;
      }
    }
  };
  for (const AsRange& each : ranges) {
    finish_before(each.range.first);
    if (!open.empty() && open.back().range.first < each.range.first) {
      AsRange head = open.back();
      head.range.last = *each.range.first.previous();
      done.push_back(head);
      open.back().range.first = each.range.first;
    }
    open.push_back(each);
  }
  finish_before(std::nullopt);
  return done;
}

Result<SnapshotContent> build_content(const Ingredients& ingredients)
{
  auto loaded = load_facts_folder(ingredients.facts_folder);
  if (!loaded) {
    return fail(std::move(loaded).error());
  }
  if (!loaded->mistakes.empty()) {
    std::string all;
    for (const Mistake& mistake : loaded->mistakes) {
      all += mistake.to_string() + "\n";
    }
    return fail(Fault::Usage,
                all + say("{} mistakes in the facts: nothing is written", loaded->mistakes.size()));
  }
  SnapshotContent content;
  content.facts = std::move(loaded->facts);
  content.date = day_of_facts(content.facts);
  if (ingredients.npm_folder.empty()) {
    return content;
  }
  const std::string asn = ingredients.npm_folder + "/@ip-location-db/asn";
  const std::string country = ingredients.npm_folder + "/@ip-location-db/asn-country";
  const std::string web = ingredients.npm_folder + "/third-party-web";
  const auto as_version = version_of(asn);
  const auto country_version = version_of(country);
  const auto web_version = version_of(web);
  for (const auto* version : {&as_version, &country_version, &web_version}) {
    if (!*version) {
      return fail(version->error());
    }
  }
  content.as_date = day_in_version(*as_version);
  ZONDER_TRY(add_as_tables(content, asn));
  ZONDER_TRY(add_countries(content, country));
  ZONDER_TRY(add_web_names(content, web, *web_version));
  content.credits = {
      "Facts about parties: The zonder contributors, CC0 1.0.",
      "Address ranges by AS: RouteViews (https://www.routeviews.org), DB-IP (https://db-ip.com) "
      "and "
      "NRO (https://www.nro.net), CC BY 4.0, merged by ip-location-db, npm package "
      "@ip-location-db/asn " +
          *as_version + "; aggregated and joined with our own facts by zonder.",
      "Countries of AS registration: NRO (https://www.nro.net), CC BY 4.0, npm package "
      "@ip-location-db/asn-country " +
          *country_version + ".",
      "Web third parties: third-party-web " + *web_version +
          ", Copyright (c) 2019 Patrick Hulce, MIT licence."};
  return content;
}

}  // namespace zonder::catalog
