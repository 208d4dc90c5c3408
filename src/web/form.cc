// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "web/form.hh"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace zonder::web {

namespace {

/// 0 to 15, or -1.
int hex_digit(char c)
{
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'A' && c <= 'F') {
    return c - 'A' + 10;
  }
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// How many bytes follow the first of a character, and what its first bits are worth; -1: none
/// begins so.
std::pair<int, std::uint32_t> lead_byte(std::uint8_t byte)
{
  if (byte < 0x80) {
    return {0, byte};
  }
  if (byte >= 0xc2 && byte < 0xe0) {
    return {1, byte & 0x1fU};
  }
  if (byte >= 0xe0 && byte < 0xf0) {
    return {2, byte & 0x0fU};
  }
  return byte >= 0xf0 && byte < 0xf5 ? std::pair{3, byte & 0x07U} : std::pair{-1, 0U};
}

bool may_stand(std::uint32_t character, int more)
{
  const bool overlong = (more == 2 && character < 0x800) || (more == 3 && character < 0x10000);
  const bool surrogate = character >= 0xd800 && character < 0xe000;
  const bool control =
      (character < 0x20 && character != '\t' && character != '\r' && character != '\n') ||
      character == 0x7f;
  return !overlong && !surrogate && !control && character <= 0x10ffff;
}

bool is_text(std::string_view bytes)
{
  while (!bytes.empty()) {
    auto [more, character] = lead_byte(static_cast<std::uint8_t>(bytes.front()));
    bytes.remove_prefix(1);
    if (more < 0 || bytes.size() < static_cast<std::size_t>(more)) {
      return false;
    }
    for (int i = 0; i < more; ++i) {
      const auto byte = static_cast<std::uint8_t>(bytes.front());
      if ((byte & 0xc0U) != 0x80U) {
        return false;
      }
      character = (character << 6U) | (byte & 0x3fU);
      bytes.remove_prefix(1);
    }
    if (!may_stand(character, more)) {
      return false;
    }
  }
  return true;
}

std::optional<std::string> decoded(std::string_view text, std::size_t at_most)
{
  std::string bytes;
  while (!text.empty()) {
    const char c = text.front();
    std::size_t taken = 1;
    if (c == '%') {
      const int high = text.size() > 2 ? hex_digit(text[1]) : -1;
      const int low = text.size() > 2 ? hex_digit(text[2]) : -1;
      if (high < 0 || low < 0) {
        return std::nullopt;
      }
      bytes += static_cast<char>(high * 16 + low);
      taken = 3;
    } else {
      bytes += c == '+' ? ' ' : c;
    }
    if (bytes.size() > at_most) {
      return std::nullopt;
    }
    text.remove_prefix(taken);
  }
  return is_text(bytes) ? std::optional(std::move(bytes)) : std::nullopt;
}

}  // namespace

std::optional<Form> read_form(std::string_view text, const FormLimits& limits)
{
  Form form;
  while (!text.empty()) {
    const auto part = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    if (part.empty()) {
      continue;
    }
    const auto equals = std::min(part.find('='), part.size());
    auto name = decoded(part.substr(0, equals), limits.name);
    auto value = decoded(part.substr(std::min(equals + 1, part.size())), limits.value);
    if (!name || !value || form.size() == limits.fields ||
        !form.emplace(std::move(*name), std::move(*value)).second) {
      return std::nullopt;
    }
  }
  return form;
}

std::string form_encoded(std::string_view text)
{
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
  std::string encoded;
  for (const char c : text) {
    if (plain.find(c) != std::string_view::npos) {
      encoded += c;
    } else {
      const auto byte = static_cast<std::uint8_t>(c);
      encoded += {'%', digits[byte >> 4U], digits[byte & 0x0fU]};
    }
  }
  return encoded;
}

std::string write_form(const Form& form)
{
  std::string text;
  for (const auto& [name, value] : form) {
    text += (text.empty() ? "" : "&") + form_encoded(name) + "=" + form_encoded(value);
  }
  return text;
}

}  // namespace zonder::web
