// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/space_reader.hh"

#include <algorithm>

#include "base/translate.hh"
#include "catalog/public_suffix.hh"
#include "catalog/yaml_file.hh"
#include "catalog/yaml_values.hh"

namespace zonder::catalog {

SpaceReader::Rest SpaceReader::read_rest(const YamlMap& map, const std::string& inside)
{
  return {.space = read_space(map),
          .service = read_service(map, inside),
          .operated = read_operated_by(map),
          .basis = basis_.read_basis(map)};
}

Space SpaceReader::read_space(const YamlMap& map)
{
  const auto text = map.text("space");
  if (!text) {
    return Space::Unknown;
  }
  const auto space = parse_space(*text);
  if (!space) {
    file_.wrong(*map.find("space"),
                say("the space is services, customers, shared or unknown, not {}", *text));
  }
  return space.value_or(Space::Unknown);
}

std::string SpaceReader::read_service(const YamlMap& map, const std::string& inside)
{
  const auto id = map.text("service");
  if (!id) {
    return inside;
  }
  services_mentioned_.emplace_back(*id, file_.place_of(*map.find("service")));
  return *id;
}

std::string SpaceReader::read_operated_by(const YamlMap& map)
{
  const auto id = map.text("operator");
  if (!id) {
    return {};
  }
  all_.mention_party(*id, file_.place_of(*map.find("operator")));
  return *id;
}

void SpaceReader::read_asns(const YAML::Node& node)
{
  if (says_unknown(node)) {
    party_.asns_known = false;
    return;
  }
  for (const auto& each : file_.sequence(node, "asns")) {
    const YamlMap map(
        file_, each, {"asn", "space"}, {"source", "confidence", "service", "operator"});
    if (!map.is_sound()) {
      continue;
    }
    auto [space, service, operated, basis] = read_rest(map, "");
    party_.asns.push_back({read_asn(map).value_or(net::Asn{}),
                           space,
                           std::move(service),
                           std::move(operated),
                           basis});
  }
}

std::optional<net::Asn> SpaceReader::read_asn(const YamlMap& map)
{
  const auto text = map.text("asn");
  if (!text) {
    return std::nullopt;
  }
  const auto where = *map.find("asn");
  const auto asn = net::Asn::try_parse(*text);
  if (!asn || asn->number == 0) {
    file_.wrong(where, say("{} is no AS number: write it like 8075", *text));
    return std::nullopt;
  }
  all_.give(CrossReferences::Kind::Asn,
            asn->to_string(),
            file_,
            where,
            tr("{} is already given at {}: an AS belongs to one party"));
  return asn;
}

void SpaceReader::read_domains(const YAML::Node& node, const std::string& service)
{
  for (const auto& each : file_.sequence(node, "domains")) {
    const YamlMap map(
        file_, each, {"suffix", "space"}, {"source", "confidence", "service", "operator"});
    if (!map.is_sound()) {
      continue;
    }
    auto [space, of_service, operated, basis] = read_rest(map, service);
    if (auto suffix = read_suffix(map, space)) {
      party_.domains.push_back(
          {std::move(*suffix), space, std::move(of_service), std::move(operated), basis});
    }
  }
}

std::optional<net::DomainName> SpaceReader::read_suffix(const YamlMap& map, Space space)
{
  const auto text = map.text("suffix");
  if (!text) {
    return std::nullopt;
  }
  const auto where = *map.find("suffix");
  if (text->starts_with('.') || text->starts_with("*.")) {
    const auto bare = text->substr(text->find('.') + 1);
    file_.wrong(where,
                say("write the suffix without what is before it: {} instead of {}", bare, *text));
    return std::nullopt;
  }
  auto suffix = net::DomainName::parse(*text);
  if (!suffix) {
    file_.wrong(where, suffix.error().message);
    return std::nullopt;
  }
  const auto kind = public_suffix_kind(suffix->text());
  if (kind == PublicSuffix::Registry) {
    file_.wrong(where,
                say("{} is a public suffix of a registry: names below it are not one party's",
                    suffix->text()));
  } else if (kind == PublicSuffix::Private && space != Space::Customers && space != Space::Shared) {
    file_.wrong(where,
                say("{} is a public suffix under which customers have names: give it space: "
                    "customers (or shared)",
                    suffix->text()));
  }
  all_.give(CrossReferences::Kind::Suffix,
            suffix->text(),
            file_,
            where,
            tr("the suffix {} is already given at {}: a suffix belongs to one party, once"));
  return std::move(*suffix);
}

void SpaceReader::read_prefixes(const YAML::Node& node, const std::string& service)
{
  for (const auto& each : file_.sequence(node, "prefixes")) {
    const YamlMap map(file_, each, {"prefix", "space"}, {"source", "confidence", "operator"});
    if (!map.is_sound()) {
      continue;
    }
    auto [space, of_service, operated, basis] = read_rest(map, service);
    if (const auto prefix = read_prefix(map, service)) {
      party_.prefixes.push_back(
          {*prefix, space, std::move(of_service), std::move(operated), basis});
    }
  }
}

std::optional<net::Prefix> SpaceReader::read_prefix(const YamlMap& map, const std::string& service)
{
  const auto text = map.text("prefix");
  if (!text) {
    return std::nullopt;
  }
  const auto where = *map.find("prefix");
  const auto prefix = net::Prefix::parse(*text);
  if (!prefix) {
    file_.wrong(where, prefix.error().message);
    return std::nullopt;
  }
  if (prefix->length() < 8) {
    file_.wrong(where, say("{} is too wide to be one party's", *text));
    return std::nullopt;
  }
  all_.give(CrossReferences::Kind::Prefix,
            prefix->to_string() + (service.empty() ? "" : " " + party_.id + " " + service),
            file_,
            where,
            tr("the prefix {} is already given at {}: keep one"));
  return *prefix;
}

void SpaceReader::report_unknown_services()
{
  for (const auto& [id, where] : services_mentioned_) {
    const auto& known = party_.services;
    if (std::ranges::find(known, id, &Service::id) == known.end()) {
      file_.wrong(where, say("{} is no service of {}: add it under services", id, party_.id));
    }
  }
}

}  // namespace zonder::catalog
