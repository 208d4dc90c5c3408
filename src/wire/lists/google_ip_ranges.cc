// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// https://www.gstatic.com/ipranges/goog.json and cloud.json: {"syncToken": "1755...",
// "creationTime": "2026-08-11T09:03:05.123", "prefixes": [{"ipv4Prefix": "8.8.8.0/24"},
// {"ipv6Prefix": ..., "service": "Google Cloud", "scope": "europe-west4"}]}. cloud.json is what
// customers rent; goog.json is all of Google with that included (its own services are the one less
// the other), so alone it does not tell whose use. Others publish their crawlers in the same shape
// without syncToken: whose those are is in the file's name only.
#include <array>

#include "wire/lists/readers.hh"
#include "wire/lists/text.hh"

namespace zonder::wire::lists {
namespace {

struct Crawler {
  std::string_view stem;
  std::string_view party;
};

constexpr std::array<Crawler, 9> crawlers = {{
    {"googlebot", "google"},
    {"common-crawlers", "google"},
    {"special-crawlers", "google"},
    {"user-triggered-fetchers", "google"},
    {"user-triggered-fetchers-google", "google"},
    {"bingbot", "microsoft"},
    {"gptbot", "openai"},
    {"chatgpt-user", "openai"},
    {"searchbot", "openai"},
}};

void read_row(std::size_t item,
              const JsonValue& row,
              std::string_view crawler,
              ListBuilder& builder)
{
  const auto field = row.member("ipv6Prefix") ? "ipv6Prefix" : "ipv4Prefix";
  const auto service = crawler.empty() ? row.text_of("service") : crawler;
  const auto rented = service == "Google Cloud" ? space::customers : space::unknown;
  builder.prefix({.list = "prefixes", .item = item, .field = field},
                 row.text_of(field),
                 service,
                 crawler.empty() ? rented : space::services);
}

}  // namespace

bool is_google_ip_ranges(const Source& source)
{
  if (source.json == nullptr || !source.json->has_array("prefixes")) {
    return false;
  }
  const auto first = source.json->member("prefixes")->first();
  return first && (first->member("ipv4Prefix") || first->member("ipv6Prefix"));
}

void read_google_ip_ranges(const Source& source, ListBuilder& builder)
{
  std::string_view crawler;
  builder.called(file_stem(source.path));
  if (source.json->member("syncToken")) {
    builder.party("google");
  } else {
    for (const auto& known : crawlers) {
      if (known.stem == file_stem(source.path)) {
        builder.party(known.party);
        crawler = known.stem;
      }
    }
  }
  builder.published(source.json->text_of("creationTime"));
  const auto rows = source.json->member("prefixes");
  rows->each([&](std::size_t item, const JsonValue& row) {
    read_row(item, row, crawler, builder);
    return !builder.full();
  });
}

}  // namespace zonder::wire::lists
