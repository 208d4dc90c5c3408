// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// https://docs.oracle.com/iaas/tools/public_ip_ranges.json: {"last_updated_timestamp":
// "2026-08-08T...", "regions": [{"region": "eu-amsterdam-1", "cidrs": [{"cidr": "132.145.0.0/20",
// "tags": ["OCI"]}]}]}. OCI are the networks of customers; OSN, alone or with OBJECT_STORAGE, is
// Oracle's network for its own services.
#include "wire/lists/readers.hh"

namespace zonder::wire::lists {
namespace {

/// The most telling tag: OBJECT_STORAGE says more than the OSN that it lies in.
std::string_view service_of(const JsonValue& row)
{
  std::string_view service;
  if (const auto tags = row.member("tags")) {
    tags->each([&](std::size_t, const JsonValue& tag) {
      service = service.empty() || service == "OSN" ? tag.text() : service;
      return true;
    });
  }
  return service;
}

std::string_view use_of(std::string_view service)
{
  if (service.empty()) {
    return space::unknown;
  }
  return service == "OCI" ? space::customers : space::services;
}

void read_region(std::size_t item, const JsonValue& region, ListBuilder& builder)
{
  const auto rows = region.member("cidrs");
  if (!rows) {
    return;
  }
  rows->each([&](std::size_t part, const JsonValue& row) {
    const auto service = service_of(row);
    builder.prefix({.list = "regions", .item = item, .field = "cidrs", .part = part},
                   row.text_of("cidr"),
                   service,
                   use_of(service));
    return !builder.full();
  });
}

}  // namespace

bool is_oracle_ip_ranges(const Source& source)
{
  return source.json != nullptr && source.json->has_array("regions") &&
         source.json->member("last_updated_timestamp");
}

void read_oracle_ip_ranges(const Source& source, ListBuilder& builder)
{
  builder.party("oracle");
  builder.published(source.json->text_of("last_updated_timestamp"));
  source.json->member("regions")->each([&](std::size_t item, const JsonValue& region) {
    read_region(item, region, builder);
    return !builder.full();
  });
}

}  // namespace zonder::wire::lists
