// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// https://api.github.com/meta: {"hooks": [...], "web": [...], ..., "actions": [...], "domains":
// {"website": ["*.github.com", ...], "actions_inbound": {"full_domains": [...]}}}. The machines of
// actions, codespaces and dependabot are rented in Azure, anybody's neighbours: shared. Names are
// what users must reach, some of them storage in Azure.
#include <algorithm>
#include <array>

#include "wire/lists/readers.hh"

namespace zonder::wire::lists {
namespace {

constexpr std::array<std::string_view, 4> rented = {
    "actions", "actions_macos", "codespaces", "dependabot"};
constexpr std::array<std::string_view, 3> no_addresses = {
    "ssh_keys", "ssh_key_fingerprints", "domains"};

void read_prefixes(std::string_view service, const JsonValue& rows, ListBuilder& builder)
{
  const bool shared = std::find(rented.begin(), rented.end(), service) != rented.end();
  rows.each([&](std::size_t item, const JsonValue& row) {
    builder.prefix({.list = service, .item = item},
                   row.text(),
                   service,
                   shared ? space::shared : space::services);
    return !builder.full();
  });
}

void read_names(std::string_view service, const JsonValue& rows, ListBuilder& builder)
{
  const auto list = "domains." + std::string(service);
  rows.each([&](std::size_t item, const JsonValue& row) {
    builder.name({.list = list, .item = item}, row.text(), service, true);
    return !builder.full();
  });
  rows.each_member([&](std::string_view, const JsonValue& inner) {
    if (inner.is_array()) {
      inner.each([&](std::size_t item, const JsonValue& row) {
        builder.name({.list = list, .item = item}, row.text(), service, true);
        return !builder.full();
      });
    }
  });
}

}  // namespace

bool is_github_meta(const Source& source)
{
  return source.json != nullptr && source.json->has_array("hooks") &&
         source.json->has_array("git") && source.json->has_array("web");
}

void read_github_meta(const Source& source, ListBuilder& builder)
{
  builder.party("github");
  builder.names_are_needs();
  source.json->each_member([&](std::string_view key, const JsonValue& rows) {
    if (std::find(no_addresses.begin(), no_addresses.end(), key) == no_addresses.end()) {
      read_prefixes(key, rows, builder);
    }
  });
  if (const auto domains = source.json->member("domains")) {
    domains->each_member(
        [&](std::string_view key, const JsonValue& rows) { read_names(key, rows, builder); });
  }
}

}  // namespace zonder::wire::lists
