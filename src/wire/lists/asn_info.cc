// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// ipverse/asn-info, as.csv: asn,handle,description, a description with commas in double quotes; its
// successor as-metadata has a fourth column, country-code. It gives names to AS numbers, no
// prefixes.
#include "base/translate.hh"
#include "wire/lists/readers.hh"
#include "wire/lists/text.hh"

namespace zonder::wire::lists {
namespace {

constexpr std::string_view header = "asn,handle,description";
constexpr std::string_view header_with_country = "asn,handle,description,country-code";

/// What stands between double quotes, two of which mean one; nothing when it is not closed.
std::optional<std::string> unquoted(std::string_view text)
{
  if (!text.starts_with('"')) {
    return std::string(text);
  }
  text.remove_prefix(1);
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '"') {
      result += text[i];
    } else if (i + 1 < text.size() && text[i + 1] == '"') {
      result += text[i++];
    } else {
      return i + 1 == text.size() ? std::optional(result) : std::nullopt;
    }
  }
  return std::nullopt;
}

void read_row(std::size_t line, std::string_view row, ListBuilder& builder)
{
  const auto number = take_until(row, ',');
  const auto handle = unquoted(take_until(row, ','));
  const auto description = unquoted(row);
  if (!handle || !description) {
    builder.unreadable({.line = line}, say("a double quote is not closed"));
    return;
  }
  builder.asn({.line = line}, number, *handle, *description);
}

}  // namespace

bool is_asn_info(const Source& source)
{
  return source.content.starts_with(header);
}

void read_asn_info(const Source& source, ListBuilder& builder)
{
  const bool has_country = source.content.starts_with(header_with_country);
  each_line(source.content, [&](std::size_t line, std::string_view row) {
    if (row.empty() || row == header || row == header_with_country) {
      return !builder.full();
    }
    if (has_country) {
      row = row.substr(0, row.rfind(','));
    }
    read_row(line, row, builder);
    return !builder.full();
  });
}

}  // namespace zonder::wire::lists
