// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// ServiceTags_Public_20260810.json: {"changeNumber": 357, "cloud": "Public", "values": [{"name":
// "Storage.WestEurope", "properties": {"systemService": "AzureStorage", "addressPrefixes":
// [...]}}]}. The tags AzureCloud and AzureCloud.REGION are the whole, customers' space included;
// they have no systemService. The day stands in the file's name only.
#include "wire/lists/readers.hh"
#include "wire/lists/text.hh"

namespace zonder::wire::lists {
namespace {

void read_tag(std::size_t item, const JsonValue& tag, ListBuilder& builder)
{
  const auto properties = tag.member("properties");
  const auto prefixes =
      properties ? properties->member("addressPrefixes") : std::optional<JsonValue>();
  if (!prefixes) {
    return;
  }
  const auto name = tag.text_of("name");
  const auto general = name.substr(0, name.find('.'));
  const auto system = properties->text_of("systemService");
  const auto service = system.empty() ? general : system;
  const auto use = general == "AzureCloud" ? space::unknown : space::services;
  prefixes->each([&](std::size_t part, const JsonValue& prefix) {
    const Place place{
        .list = "values", .item = item, .field = "properties.addressPrefixes", .part = part};
    builder.prefix(place, prefix.text(), service, use);
    return !builder.full();
  });
}

}  // namespace

bool is_azure_service_tags(const Source& source)
{
  return source.json != nullptr && source.json->has_array("values") &&
         source.json->member("changeNumber");
}

void read_azure_service_tags(const Source& source, ListBuilder& builder)
{
  builder.party("microsoft");
  builder.called(source.json->text_of("cloud"));
  const auto stem = file_stem(source.path);
  builder.published(stem.substr(stem.rfind('_') + 1));
  source.json->member("values")->each([&](std::size_t item, const JsonValue& tag) {
    read_tag(item, tag, builder);
    return !builder.full();
  });
}

}  // namespace zonder::wire::lists
