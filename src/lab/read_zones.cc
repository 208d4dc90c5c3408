// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <sstream>

#include <yaml-cpp/yaml.h>

#include "base/translate.hh"
#include "lab/lab_readers.hh"

namespace zonder::lab {
namespace {

/// A host that can be the name server of a zone.
std::string dns_host(const YAML::Node& node, const LabFile& lab)
{
  auto name = text_of(node, "servers");
  const auto* host = lab.host(name);
  if (host == nullptr) {
    wrong(node, say("there is no host {} in this file", name));
  }
  if (host->names.empty()) {
    wrong(node, say("{} serves a zone and needs a name (key names)", name));
  }
  return name;
}

std::string record_of(const YAML::Node& node)
{
  auto text = plain_text_of(node, say("a record"));
  std::istringstream words(text);
  std::string owner;
  std::string type;
  std::string data;
  words >> owner >> type >> data;
  const bool is_type = std::ranges::all_of(
      type, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
  if (data.empty() || !is_type || owner.starts_with('$') ||
      text.find_first_of("();") != std::string::npos) {
    wrong(node,
          say("{} is not a record; it is written as \"OWNER TYPE DATA\", such as \"@ MX 10 "
              "mail.example.\"",
              text));
  }
  return text;
}

Zone zone_of(const YAML::Node& key, const YAML::Node& value, const LabFile& lab)
{
  const auto parts = known_parts_of(value, say("a zone"), {"servers", "signed", "records"});
  Zone zone;
  zone.name = key.Scalar() == "." ? "." : domain_of(key);
  const auto& servers = needed(parts, "servers", value, say("the zone {}", zone.name));
  for (const auto& item : nodes_of(servers, "servers")) {
    zone.servers.push_back(dns_host(item, lab));
  }
  if (const auto sign = parts.find("signed"); sign != parts.end()) {
    const auto text = text_of(sign->second, "signed");
    if (text != "true" && text != "false") {
      wrong(sign->second, say("{} must be true or false, not {}", "signed", text));
    }
    zone.is_signed = text == "true";
  }
  if (const auto records = parts.find("records"); records != parts.end()) {
    for (const auto& item : nodes_of(records->second, "records")) {
      zone.records.push_back(record_of(item));
    }
  }
  return zone;
}

}  // namespace

void read_zones(const YAML::Node& node, LabFile& lab)
{
  for (const auto& [key, value] : parts_of(node, "zones")) {
    lab.zones.push_back(zone_of(key, value, lab));
  }
  // Parents before children: fewer labels first.
  std::ranges::stable_sort(lab.zones, {}, [](const Zone& zone) {
    return zone.name == "." ? 0 : 1 + std::ranges::count(zone.name, '.');
  });
  if (lab.zones.empty() || lab.zones.front().name != ".") {
    wrong(node, say("the root zone \".\" is missing"));
  }
}

void read_resolver(const YAML::Node& node, LabFile& lab)
{
  lab.resolver = text_of(node, "resolver");
  if (lab.host(lab.resolver) == nullptr) {
    wrong(node, say("there is no host {} in this file", lab.resolver));
  }
  if (lab.zones.empty()) {
    wrong(node, say("a resolver needs zones, the root \".\" first of all"));
  }
  if (lab.serves_dns(lab.resolver)) {
    wrong(node,
          say("{} serves a zone already; the resolver needs a host of its own", lab.resolver));
  }
}

}  // namespace zonder::lab
