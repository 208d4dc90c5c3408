// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "lab/lab_file.hh"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/sha.h>
#include <yaml-cpp/yaml.h>

#include "base/file.hh"
#include "base/translate.hh"
#include "lab/lab_readers.hh"
#include "lab/lab_yaml.hh"

namespace zonder::lab {
namespace {

constexpr std::size_t largest_file = std::size_t{1} << 20U;

LabFile lab_of(const YAML::Node& root)
{
  const auto parts =
      known_parts_of(root, say("a lab"), {"lab", "networks", "hosts", "zones", "resolver"});
  LabFile lab;
  lab.name = name_of(needed(parts, "lab", root, say("a lab")), say("the lab"));
  read_networks(needed(parts, "networks", root, say("a lab")), lab);
  const auto places = read_hosts(needed(parts, "hosts", root, say("a lab")), lab);
  if (const auto zones = parts.find("zones"); zones != parts.end()) {
    read_zones(zones->second, lab);
  }
  if (const auto resolver = parts.find("resolver"); resolver != parts.end()) {
    read_resolver(resolver->second, lab);
  }
  check_across(lab, places);
  return lab;
}

std::string checksum_of(std::string_view text)
{
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::string result;
  for (const auto byte : digest) {
    result += fmt::format("{:02x}", byte);
  }
  return result;
}

}  // namespace

net::Address gateway_of(const net::Prefix& prefix)
{
  return prefix.last().previous().value_or(prefix.last());
}

bool is_lab_name(std::string_view text)
{
  const auto is_letter = [](char c) {
    return c >= 'a' && c <= 'z';
  };
  return !text.empty() && text.size() <= 31 && is_letter(text.front()) &&
         std::ranges::all_of(
             text, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; });
}

const Host* LabFile::host(std::string_view wanted) const
{
  const auto found = std::ranges::find(hosts, wanted, &Host::name);
  return found == hosts.end() ? nullptr : &*found;
}

const Network* LabFile::network(std::string_view wanted) const
{
  const auto found = std::ranges::find(networks, wanted, &Network::name);
  return found == networks.end() ? nullptr : &*found;
}

const Zone* LabFile::zone_of(std::string_view wanted) const
{
  const Zone* best = nullptr;
  for (const auto& zone : zones) {
    const bool within = zone.name == "." || wanted == zone.name ||
                        (wanted.size() > zone.name.size() && wanted.ends_with(zone.name) &&
                         wanted[wanted.size() - zone.name.size() - 1] == '.');
    if (within && (best == nullptr || best->name == "." || zone.name.size() > best->name.size())) {
      best = &zone;
    }
  }
  return best;
}

bool LabFile::serves_dns(std::string_view host) const
{
  return std::ranges::any_of(zones, [host](const Zone& zone) {
    return std::ranges::find(zone.servers, host) != zone.servers.end();
  });
}

Result<LabFile> parse_lab(std::string_view text, const std::string& file)
{
  if (text.size() > largest_file) {
    return fail(Fault::Usage,
                say("{}: {}", file, say("larger than {} bytes: this is not a lab", largest_file)));
  }
  try {
    auto lab = lab_of(tree_of(std::string(text)));
    lab.checksum = checksum_of(text);
    return lab;
  } catch (const Wrong& problem) {
    const auto& [line, column] = problem.where;
    return fail(Fault::Usage,
                line < 0 ? say("{}: {}", file, problem.what)
                         : say("{}:{}:{}: {}", file, line + 1, column + 1, problem.what));
  }
}

Result<LabFile> read_lab(const std::string& path)
{
  const auto text = read_file(path, largest_file);
  if (!text) {
    return fail(text.error());
  }
  return parse_lab(*text, path);
}

}  // namespace zonder::lab
