// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// https://ip-ranges.amazonaws.com/ip-ranges.json: {"createDate": "2026-08-10-17-03-12",
// "prefixes": [{"ip_prefix", "region", "service"}], "ipv6_prefixes": [{"ipv6_prefix", ...}]}.
// The service AMAZON is the whole, the others are parts of it, and EC2 is what customers rent.
#include "wire/lists/readers.hh"

namespace zonder::wire::lists {
namespace {

std::string_view use_of(std::string_view service)
{
  if (service == "EC2") {
    return space::customers;
  }
  return service == "AMAZON" ? space::unknown : space::services;
}

void read_rows(const Source& source,
               std::string_view list,
               std::string_view field,
               ListBuilder& builder)
{
  const auto rows = source.json->member(list);
  if (!rows) {
    return;
  }
  rows->each([&](std::size_t item, const JsonValue& row) {
    const auto service = row.text_of("service");
    const Place place{.list = list, .item = item, .field = field};
    builder.prefix(place, row.text_of(field), service, use_of(service));
    return !builder.full();
  });
}

}  // namespace

bool is_aws_ip_ranges(const Source& source)
{
  return source.json != nullptr && source.json->has_array("prefixes") &&
         source.json->member("createDate");
}

void read_aws_ip_ranges(const Source& source, ListBuilder& builder)
{
  builder.party("amazon");
  builder.published(source.json->text_of("createDate"));
  read_rows(source, "prefixes", "ip_prefix", builder);
  read_rows(source, "ipv6_prefixes", "ipv6_prefix", builder);
}

}  // namespace zonder::wire::lists
