// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <array>
#include <cstdint>

#include "browse/visit_file.hh"

namespace zonder::browse {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t head = 32;  // characters: 24 bytes

/// Nothing but whole groups of the alphabet, with at most two "=" at the end.
bool is_base64(std::string_view text)
{
  const auto padded = text.find_first_not_of(alphabet);
  const auto padding = padded == std::string_view::npos ? "" : text.substr(padded);
  return text.size() % 4 == 0 && (padding.empty() || padding == "=" || padding == "==");
}

std::uint32_t value_of(char c)
{
  return static_cast<std::uint32_t>(alphabet.find(c));
}

std::array<std::uint8_t, head / 4 * 3> first_bytes(std::string_view base64)
{
  std::array<std::uint8_t, head / 4 * 3> bytes{};
  for (std::size_t group = 0; group < head / 4; ++group) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      bits = bits << 6U | value_of(base64[group * 4 + i]);
    }
    for (std::size_t i = 0; i < 3; ++i) {
      bytes.at(group * 3 + i) = static_cast<std::uint8_t>(bits >> (16 - 8 * i));
    }
  }
  return bytes;
}

}  // namespace

std::optional<PictureSize> png_size(std::string_view base64)
{
  // The signature, and then always the chunk with the size (PNG, sections 5.2 and 11.2.2).
  constexpr std::array<std::uint8_t, 16> begin = {
      0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'};
  if (base64.size() <= head || !is_base64(base64)) {
    return std::nullopt;
  }
  const auto bytes = first_bytes(base64);
  if (!std::equal(begin.begin(), begin.end(), bytes.begin())) {
    return std::nullopt;
  }
  const auto number = [&bytes](std::size_t at) {
    return static_cast<unsigned>(bytes.at(at)) << 24U |
           static_cast<unsigned>(bytes.at(at + 1)) << 16U |
           static_cast<unsigned>(bytes.at(at + 2)) << 8U | static_cast<unsigned>(bytes.at(at + 3));
  };
  return PictureSize{.width = number(16), .height = number(20)};
}

}  // namespace zonder::browse
