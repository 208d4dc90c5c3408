// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/date.hh"
#include "model/words.hh"

namespace zonder::model {

enum class Choice : std::uint8_t { Accept, Rename, Merge, Ignore };

constexpr auto words_for(Choice)
{
  return std::array<std::string_view, 4>{"accept", "rename", "merge", "ignore"};
}

/// What somebody decided about something that was seen, kept in the model so that nobody is asked
/// twice.
struct Decision {
  std::string seen;  // "party:microsoft", "name:mail.example.nl", "application:Zaaksysteem"
  Choice choice = Choice::Accept;
  std::string node;  // what it is in the model; of Ignore: empty
  std::string name;  // of Rename: what people call it
  std::string why;
  std::optional<Date> day;

  bool operator==(const Decision&) const = default;
};

}  // namespace zonder::model
