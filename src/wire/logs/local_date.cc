// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/logs/local_date.hh"

#include <array>
#include <utility>

#include "wire/logs/text.hh"

namespace zonder::wire::logs {
namespace {

/// Up to `most` numbers with one of `signs` between them; how many there were, and the last sign.
struct Numbers {
  std::array<unsigned, 3> value{};
  std::array<std::size_t, 3> digits{};
  std::size_t count = 0;
  char sign = 0;
};

Numbers numbers_in(std::string_view word, std::string_view signs)
{
  Numbers found;
  while (found.count < found.value.size()) {
    std::size_t size = 0;
    unsigned value = 0;
    while (size < word.size() && size < 8 && word[size] >= '0' && word[size] <= '9') {
      value = value * 10 + static_cast<unsigned>(word[size++] - '0');
    }
    if (size == 0) {
      return {};
    }
    found.value[found.count] = value;
    found.digits[found.count++] = size;
    word.remove_prefix(size);
    if (word.empty()) {
      return found;
    }
    if (signs.find(word.front()) == std::string_view::npos) {
      return {};
    }
    found.sign = word.front();
    word.remove_prefix(1);
  }
  return {};
}

}  // namespace

bool LocalDate::take(std::string_view& text, Micros& moment)
{
  auto rest = text;
  const auto date = numbers_in(take_word(rest), "/-.");
  auto clock_word = take_word(rest);
  // A clock may have a fraction of a second behind it, which is of no use here.
  clock_word = clock_word.substr(0, clock_word.find_first_of(".,"));
  auto clock = numbers_in(clock_word, ":");
  if (clock.count < 2) {
    return false;
  }
  auto after = rest;
  const auto half = take_word(after);
  if (half == "AM" || half == "PM" || half == "am" || half == "pm") {
    rest = after;
    if (clock.value[0] == 0 || clock.value[0] > 12) {
      return false;
    }
    clock.value[0] = clock.value[0] % 12 + (half == "PM" || half == "pm" ? 12 : 0);
  }
  unsigned year = 0;
  unsigned month = 0;
  unsigned day = 0;
  if (date.count == 1 && date.digits[0] == 8) {
    year = date.value[0] / 10000;
    month = date.value[0] / 100 % 100;
    day = date.value[0] % 100;
  } else if (date.count == 3 && date.digits[0] == 4) {
    year = date.value[0];
    month = date.value[1];
    day = date.value[2];
  } else if (date.count == 3 && (date.digits[2] == 4 || date.digits[2] == 2)) {
    year = date.value[2] + (date.digits[2] == 2 ? 2000 : 0);
    day = date.value[0];
    month = date.value[1];
    if (date.sign == '/') {
      if (day > 12) {
        order_ = Order::DayFirst;
      } else if (month > 12) {
        order_ = Order::MonthFirst;
      }
      if (order_ == Order::MonthFirst) {
        std::swap(day, month);
      } else if (order_ == Order::Unknown && day != month) {
        left_out_ = true;
        moment = no_time;
        text = rest;
        return true;
      }
    }
  } else {
    return false;
  }
  if (year > 3000) {
    return false;
  }
  moment = at(static_cast<int>(year), month, day, clock.value[0], clock.value[1], clock.value[2]);
  if (moment == no_time) {
    return false;
  }
  text = rest;
  return true;
}

}  // namespace zonder::wire::logs
