// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "base/utf8.hh"

namespace zonder {
namespace {

/// What may follow a first byte: how many bytes, and between what the first of them lies.
struct Rest {
  std::size_t bytes;
  unsigned char least = 0x80;
  unsigned char most = 0xbf;
};

/// The table of RFC 3629, section 4.
std::optional<Rest> rest_after(unsigned char first)
{
  if (first < 0x80) {
    return Rest{.bytes = 0};
  }
  if (first >= 0xc2 && first <= 0xdf) {
    return Rest{.bytes = 1};
  }
  if (first >= 0xe0 && first <= 0xef) {
    return Rest{.bytes = 2,
                .least = static_cast<unsigned char>(first == 0xe0 ? 0xa0 : 0x80),
                .most = static_cast<unsigned char>(first == 0xed ? 0x9f : 0xbf)};
  }
  if (first >= 0xf0 && first <= 0xf4) {
    return Rest{.bytes = 3,
                .least = static_cast<unsigned char>(first == 0xf0 ? 0x90 : 0x80),
                .most = static_cast<unsigned char>(first == 0xf4 ? 0x8f : 0xbf)};
  }
  return std::nullopt;
}

bool follows(std::string_view text, const Rest& rest)
{
  if (text.size() < rest.bytes) {
    return false;
  }
  for (std::size_t i = 0; i < rest.bytes; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < (i == 0 ? rest.least : 0x80) || byte > (i == 0 ? rest.most : 0xbf)) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::optional<std::size_t> characters_in(std::string_view text)
{
  std::size_t characters = 0;
  while (!text.empty()) {
    const auto rest = rest_after(static_cast<unsigned char>(text.front()));
    text.remove_prefix(1);
    if (!rest || !follows(text, *rest)) {
      return std::nullopt;
    }
    text.remove_prefix(rest->bytes);
    ++characters;
  }
  return characters;
}

}  // namespace zonder
