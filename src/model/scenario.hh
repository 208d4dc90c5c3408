// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/date.hh"
#include "model/failure.hh"
#include "model/label.hh"
#include "model/words.hh"

namespace zonder::model {

/// How far a cause reaches: who runs it is itself under that law; who owns them is; whoever made
/// it.
enum class Reach : std::uint8_t { Operator, Owner, Origin };

constexpr auto words_for(Reach)
{
  return std::array<std::string_view, 3>{"operator", "owner", "origin"};
}
constexpr auto words_for(FailureMode)
{
  return std::array<std::string_view, 5>{"gone", "revoked", "frozen", "hostile", "captured"};
}

/// A part of an outage that comes at a time of its own.
struct Stage {
  std::string selector;
  std::chrono::seconds from{0};

  bool operator==(const Stage&) const = default;
};

struct Outage {
  std::string selector;
  std::string except;
  Reach reach = Reach::Owner;
  FailureMode mode = FailureMode::Gone;
  std::chrono::seconds from{0};               // after T0
  std::optional<std::chrono::seconds> until;  // nothing: for good
  std::chrono::seconds notice{0};             // known so long before
  std::vector<Stage> staging;                 // what falls away later than `from`
  std::string by;                             // of Captured: the new owner

  bool operator==(const Outage&) const = default;
};

struct Scenario {
  std::string id;
  Label name;
  bool cold = false;          // nothing runs at T0: everything must start
  std::optional<Date> as_of;  // owners as on that day
  std::optional<std::chrono::seconds> horizon;
  std::vector<Outage> outages;
  std::string source;

  bool operator==(const Scenario&) const = default;
};

}  // namespace zonder::model
