// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// Plain lists: one prefix, address or FIRST-LAST a line, blank lines, comments after '#'. Whose
// they are the user says.
#include <algorithm>

#include "wire/lists/readers.hh"
#include "wire/lists/text.hh"

namespace zonder::wire::lists {
namespace {

constexpr int lines_looked_at = 50;

bool looks_like_prefix(std::string_view text)
{
  const auto end = std::min(text.find('/'), text.find('-'));
  return net::Address::try_parse(trimmed(text.substr(0, end))).has_value();
}

std::string_view without_comment(std::string_view line)
{
  return trimmed(line.substr(0, line.find('#')));
}

}  // namespace

void read_prefix_lines(const Source& source,
                       ListBuilder& builder,
                       std::string_view service,
                       std::string_view use)
{
  each_line(source.content, [&](std::size_t number, std::string_view line) {
    const auto text = without_comment(line);
    if (!text.empty()) {
      builder.prefix({.line = number}, text, service, use);
    }
    return !builder.full();
  });
}

/// More than half of its first lines begin with an address.
bool is_prefix_list(const Source& source)
{
  int good = 0;
  int looked_at = 0;
  each_line(source.content, [&](std::size_t, std::string_view line) {
    const auto text = without_comment(line);
    if (!text.empty()) {
      ++looked_at;
      good += looks_like_prefix(text) ? 1 : 0;
    }
    return looked_at < lines_looked_at;
  });
  return 2 * good > looked_at;
}

void read_prefix_list(const Source& source, ListBuilder& builder)
{
  builder.called(file_stem(source.path));
  read_prefix_lines(source, builder, {}, space::unknown);
}

}  // namespace zonder::wire::lists
