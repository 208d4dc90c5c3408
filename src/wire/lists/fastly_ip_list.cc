// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// https://api.fastly.com/public-ip-list: {"addresses": [...], "ipv6_addresses": [...]}.
#include "wire/lists/readers.hh"

namespace zonder::wire::lists {
namespace {

void read_rows(const Source& source, std::string_view list, ListBuilder& builder)
{
  const auto rows = source.json->member(list);
  if (!rows) {
    return;
  }
  rows->each([&](std::size_t item, const JsonValue& row) {
    builder.prefix({.list = list, .item = item}, row.text(), {}, space::services);
    return !builder.full();
  });
}

}  // namespace

bool is_fastly_ip_list(const Source& source)
{
  return source.json != nullptr && source.json->has_array("addresses") &&
         source.json->has_array("ipv6_addresses");
}

void read_fastly_ip_list(const Source& source, ListBuilder& builder)
{
  builder.party("fastly");
  read_rows(source, "addresses", builder);
  read_rows(source, "ipv6_addresses", builder);
}

}  // namespace zonder::wire::lists
