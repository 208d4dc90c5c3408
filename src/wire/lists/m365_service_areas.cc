// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// A table of Microsoft 365's prefixes per service area, by tabs: service_area endpoint_id required
// tcp udp prefixes_v4, the last with blanks between prefixes.
#include "base/translate.hh"
#include "wire/lists/readers.hh"
#include "wire/lists/text.hh"

namespace zonder::wire::lists {
namespace {

constexpr std::string_view header = "service_area\tendpoint_id\trequired\ttcp\tudp\tprefixes_v4";
constexpr int columns_before_prefixes = 5;

void read_row(std::size_t line, std::string_view row, ListBuilder& builder)
{
  const auto service = trimmed(row.substr(0, row.find('\t')));
  for (int column = 0; column < columns_before_prefixes; ++column) {
    take_until(row, '\t');
  }
  if (trimmed(row).empty()) {
    builder.unreadable({.line = line}, say("a row of this table has six columns, by tabs"));
  }
  for (auto prefix = take_word(row); !prefix.empty() && !builder.full(); prefix = take_word(row)) {
    builder.prefix({.line = line}, prefix, service, space::services);
  }
}

}  // namespace

bool is_m365_service_areas(const Source& source)
{
  return source.content.starts_with(header);
}

void read_m365_service_areas(const Source& source, ListBuilder& builder)
{
  builder.party("microsoft");
  each_line(source.content, [&](std::size_t line, std::string_view row) {
    if (!row.empty() && row != header) {
      read_row(line, row, builder);
    }
    return !builder.full();
  });
}

}  // namespace zonder::wire::lists
