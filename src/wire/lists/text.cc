// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/lists/text.hh"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace zonder::wire::lists {
namespace {

constexpr std::string_view blanks = " \t\r";

bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

/// How many bytes the UTF-8 character at the start takes; 0 when it is none, or a control.
std::size_t character_length(std::string_view text)
{
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto follows = [&](std::size_t i) {
    return (byte(i) & 0xC0U) == 0x80U;
  };
  const unsigned first = byte(0);
  if (first >= 0x20 && first < 0x7F) {
    return 1;
  }
  if (first >= 0xC2 && first < 0xE0 && follows(1)) {
    return first == 0xC2 && byte(1) < 0xA0 ? 0 : 2;  // U+0080..9F are controls
  }
  if (first >= 0xE0 && first < 0xF0 && follows(1) && follows(2)) {
    // Overlong forms, surrogates, and U+2000..206F: among these are marks that turn text around.
    const bool overlong = first == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = first == 0xED && byte(1) >= 0xA0;
    const bool mark = first == 0xE2 && (byte(1) == 0x80 || byte(1) == 0x81);
    return overlong || surrogate || mark ? 0 : 3;
  }
  if (first >= 0xF0 && first < 0xF5 && follows(1) && follows(2) && follows(3)) {
    const bool outside = (first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) >= 0x90);
    return outside ? 0 : 4;
  }
  return 0;
}

int number_at(std::string_view text, std::size_t start, std::size_t count)
{
  int number = -1;
  std::from_chars(text.data() + start, text.data() + start + count, number);
  return number;
}

}  // namespace

std::string_view trimmed(std::string_view text)
{
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

std::string_view take_word(std::string_view& text)
{
  text = trimmed(text);
  const auto word = text.substr(0, text.find_first_of(blanks));
  text.remove_prefix(word.size());
  text = trimmed(text);
  return word;
}

std::string_view take_until(std::string_view& text, char separator)
{
  const auto part = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return part;
}

void each_line(std::string_view text,
               const std::function<bool(std::size_t, std::string_view)>& reader)
{
  for (std::size_t number = 1; !text.empty(); ++number) {
    if (!reader(number, trimmed(take_until(text, '\n')))) {
      return;
    }
  }
}

std::string shown(std::string_view text, std::size_t longest)
{
  std::string result;
  const bool cut = text.size() > longest;
  while (!text.empty() && result.size() < longest) {
    const auto length = character_length(text);
    result += length == 0 ? std::string_view("?") : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return cut ? result + "..." : result;
}

std::string iso_day(std::string_view text)
{
  const bool dashed = text.size() >= 10 && text[4] == '-' && text[7] == '-';
  const auto digits = dashed ? std::string(text.substr(0, 4)) + std::string(text.substr(5, 2)) +
                                   std::string(text.substr(8, 2))
                             : std::string(text.substr(0, 8));
  const bool more_digits = !dashed && text.size() > 8 && is_digit(text[8]);
  if (digits.size() != 8 || more_digits || !std::all_of(digits.begin(), digits.end(), is_digit)) {
    return {};
  }
  namespace chrono = std::chrono;
  const chrono::year_month_day day(chrono::year(number_at(digits, 0, 4)),
                                   chrono::month(static_cast<unsigned>(number_at(digits, 4, 2))),
                                   chrono::day(static_cast<unsigned>(number_at(digits, 6, 2))));
  if (!day.ok() || day.year() < chrono::year(2000)) {
    return {};
  }
  return digits.substr(0, 4) + "-" + digits.substr(4, 2) + "-" + digits.substr(6, 2);
}

std::string_view file_name(std::string_view path)
{
  return path.substr(path.rfind('/') + 1);
}

std::string_view file_stem(std::string_view path)
{
  const auto name = file_name(path);
  return name.substr(0, name.rfind('.'));
}

std::string_view folder_name(std::string_view path)
{
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : file_name(path.substr(0, slash));
}

}  // namespace zonder::wire::lists
