// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string_view>

#include "wire/logs/entry.hh"

namespace zonder::wire::logs {

/// Dates as Windows writes them, in the order and with the signs that its settings say:
///   4/21/2017 7:52:03 AM     21/04/2017 07:52:03     21-4-2017 7:52:03     21.04.2017 07:52:03
///   2017-04-21 07:52:03      2017/04/21 7:52:03      20170421 07:52:03
/// With "-" and "." the day stands first. With "/" it may be the month: which one is told by the
/// first date of the file that can only be read in one way, and until then no time is given.
class LocalDate {
public:
  /// Reads a date, the time behind it and AM or PM off the front. False: this is no date. `moment`
  /// may be `no_time` for one whose order is not known.
  bool take(std::string_view& text, Micros& moment);
  /// Dates were left without a time because nobody can tell their order.
  [[nodiscard]] bool left_some_out() const { return left_out_; }

private:
  enum class Order { Unknown, DayFirst, MonthFirst };
  Order order_ = Order::Unknown;
  bool left_out_ = false;
};

}  // namespace zonder::wire::logs
