// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "lab/zone_file.hh"

#include <sstream>

namespace zonder::lab {
namespace {

constexpr const char* time_to_live = "300";

std::string with_dot(const std::string& name)
{
  return name == "." ? name : name + ".";
}

const std::string& server_name(const LabFile& lab, const std::string& host)
{
  return lab.host(host)->names.front();  // parse_lab saw that both are there
}

void put(std::string& text, const std::string& owner, const char* type, const std::string& data)
{
  text += with_dot(owner) + " " + time_to_live + " " + type + " " + data + "\n";
}

void put_addresses(std::string& text, const std::string& name, const Host& host)
{
  for (const auto& address : host.addresses) {
    put(text, name, address.is_v4() ? "A" : "AAAA", address.to_string());
  }
}

/// The zone in which `zone` is delegated.
const Zone* parent_of(const LabFile& lab, const Zone& zone)
{
  if (zone.name == ".") {
    return nullptr;
  }
  const auto dot = zone.name.find('.');
  return lab.zone_of(dot == std::string::npos ? "" : zone.name.substr(dot + 1));
}

/// An owner as in the file: "@" is the zone itself, a name without final dot is relative to it.
std::string own_record(const std::string& record)
{
  std::istringstream words(record);
  std::string owner;
  std::string type;
  std::string data;
  words >> owner >> type >> std::ws;
  std::getline(words, data);
  return owner + " " + time_to_live + " " + type + " " + data + "\n";
}

}  // namespace

std::string zone_text(const LabFile& lab,
                      const Zone& zone,
                      const std::map<std::string, std::vector<std::string>>& ds)
{
  std::string text = "$ORIGIN " + with_dot(zone.name) + "\n";
  const auto& first = server_name(lab, zone.servers.front());
  put(text,
      zone.name,
      "SOA",
      with_dot(first) + " hostmaster." + with_dot(first) + " 1 3600 600 86400 60");
  for (const auto& server : zone.servers) {
    put(text, zone.name, "NS", with_dot(server_name(lab, server)));
  }
  for (const auto& record : zone.records) {
    text += own_record(record);
  }
  for (const auto& host : lab.hosts) {
    for (const auto& name : host.names) {
      if (lab.zone_of(name) == &zone) {
        put_addresses(text, name, host);
      }
    }
  }
  for (const auto& child : lab.zones) {
    if (parent_of(lab, child) != &zone) {
      continue;
    }
    for (const auto& server : child.servers) {
      const auto& name = server_name(lab, server);
      put(text, child.name, "NS", with_dot(name));
      // Glue, where the name lies below the cut and could not be found otherwise.
      const auto* home = lab.zone_of(name);
      for (const auto* above = home; above != nullptr; above = parent_of(lab, *above)) {
        if (above == &child) {
          put_addresses(text, name, *lab.host(server));
          break;
        }
      }
    }
    if (const auto found = ds.find(child.name); found != ds.end()) {
      for (const auto& data : found->second) {
        put(text, child.name, "DS", data);
      }
    }
  }
  return text;
}

std::string root_hints(const LabFile& lab)
{
  std::string text;
  for (const auto& server : lab.zone_of("")->servers) {
    const auto& name = server_name(lab, server);
    put(text, ".", "NS", with_dot(name));
    put_addresses(text, name, *lab.host(server));
  }
  return text;
}

}  // namespace zonder::lab
