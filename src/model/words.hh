// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// Enumerations that stand in files by a word each. Every one of them has beside it
//   constexpr auto words_for(Loss) { return std::array<std::string_view, 6>{...}; }
// in the order of its enumerators; reading, writing and "it is one of: ..." follow from that.
namespace zonder::model {

template <typename Enum>
constexpr std::string_view text_of(Enum value)
{
  return words_for(value)[static_cast<std::size_t>(value)];
}

template <typename Enum>
std::optional<Enum> parse_word(std::string_view text)
{
  const auto words = words_for(Enum{});
  const auto found = std::find(words.begin(), words.end(), text);
  return found == words.end() ? std::nullopt
                              : std::optional(static_cast<Enum>(found - words.begin()));
}

}  // namespace zonder::model
