// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "base/visible_text.hh"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/utf8.hh"

namespace zonder {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

constexpr std::array controls = {Range{0x00, 0x1f}, Range{0x7f, 0x9f}, Range{0x2028, 0x2029}};

/// Those of Unicode that are ignored where they are not known (Default_Ignorable_Code_Point), but
/// for the selectors of a form (U+FE00 to U+FE0F), which pictures of every telephone have.
constexpr std::array unseen = {Range{0x00ad, 0x00ad},
                               Range{0x034f, 0x034f},
                               Range{0x061c, 0x061c},
                               Range{0x115f, 0x1160},
                               Range{0x17b4, 0x17b5},
                               Range{0x180b, 0x180f},
                               Range{0x200b, 0x200f},
                               Range{0x202a, 0x202e},
                               Range{0x2060, 0x206f},
                               Range{0x3164, 0x3164},
                               Range{0xfeff, 0xfeff},
                               Range{0xffa0, 0xffa0},
                               Range{0xfff0, 0xfffb},
                               Range{0x1bca0, 0x1bca3},
                               Range{0x1d173, 0x1d17a},
                               Range{0xe0000, 0xe0fff}};

template <typename Ranges>
bool is_in(const Ranges& ranges, char32_t character)
{
  return std::ranges::any_of(
      ranges, [&](const Range& each) { return each.first <= character && character <= each.last; });
}

/// How many bytes the first character has, of a text that is UTF-8.
std::size_t size_of_first(std::string_view text)
{
  const auto first = static_cast<unsigned char>(text.front());
  return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

char32_t first_of(std::string_view text)
{
  const auto size = size_of_first(text);
  const auto first = static_cast<unsigned char>(text.front());
  char32_t character = size == 1 ? first : first & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    character = character << 6U | (static_cast<unsigned char>(text[i]) & 0x3fU);
  }
  return character;
}

/// Calls `each` with every character and its bytes; `text` is UTF-8.
template <typename Each>
void for_each_character(std::string_view text, const Each& each)
{
  while (!text.empty()) {
    const auto size = size_of_first(text);
    each(first_of(text), text.substr(0, size));
    text.remove_prefix(size);
  }
}

}  // namespace

bool has_control_characters(std::string_view text)
{
  bool has = false;
  if (characters_in(text)) {
    for_each_character(text, [&](char32_t character, std::string_view) {
      has = has || is_in(controls, character);
    });
  }
  return has;
}

std::optional<std::string> visible_text(std::string_view text)
{
  if (!characters_in(text)) {
    return std::nullopt;
  }
  std::string visible;
  for_each_character(text, [&](char32_t character, std::string_view bytes) {
    if (character == '\n' || (!is_in(controls, character) && !is_in(unseen, character))) {
      visible += bytes;
    }
  });
  return visible;
}

std::string json_without_unseen(std::string_view json)
{
  // What ends a line of the document is no part of a text in it: there it is written \\n.
  const auto stays = [](char32_t character) {
    return character == '\n' || (!is_in(controls, character) && !is_in(unseen, character));
  };
  std::string safe;
  for_each_character(json, [&](char32_t character, std::string_view bytes) {
    if (stays(character)) {
      safe += bytes;
    } else if (character < 0x10000) {
      safe += fmt::format("\\u{:04x}", static_cast<unsigned>(character));
    } else {
      const auto rest = static_cast<unsigned>(character) - 0x10000;
      safe += fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + (rest >> 10U), 0xdc00 + (rest & 0x3ffU));
    }
  });
  return safe;
}

}  // namespace zonder
