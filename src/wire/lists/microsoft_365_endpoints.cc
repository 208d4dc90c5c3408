// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// https://endpoints.office.com/endpoints/worldwide: [{"id": 1, "serviceArea": "Exchange", "ips":
// [...], "urls": ["*.outlook.com", ...], "category": "Optimize", "required": true}]. The addresses
// are Microsoft's; the names are what its users must reach, others' among them (revocation servers
// of certificate authorities).
#include "wire/lists/readers.hh"

namespace zonder::wire::lists {
namespace {

void read_endpoint(std::size_t item, const JsonValue& endpoint, ListBuilder& builder)
{
  const auto service = endpoint.text_of("serviceArea");
  if (const auto ips = endpoint.member("ips")) {
    ips->each([&](std::size_t part, const JsonValue& ip) {
      builder.prefix(
          {.item = item, .field = "ips", .part = part}, ip.text(), service, space::services);
      return !builder.full();
    });
  }
  if (const auto urls = endpoint.member("urls")) {
    urls->each([&](std::size_t part, const JsonValue& url) {
      builder.name({.item = item, .field = "urls", .part = part}, url.text(), service, true);
      return !builder.full();
    });
  }
}

}  // namespace

bool is_microsoft_365_endpoints(const Source& source)
{
  if (source.json == nullptr || !source.json->is_array()) {
    return false;
  }
  const auto first = source.json->first();
  return first && first->member("serviceArea");
}

void read_microsoft_365_endpoints(const Source& source, ListBuilder& builder)
{
  builder.party("microsoft");
  builder.names_are_needs();
  source.json->each([&](std::size_t item, const JsonValue& endpoint) {
    read_endpoint(item, endpoint, builder);
    return !builder.full();
  });
}

}  // namespace zonder::wire::lists
