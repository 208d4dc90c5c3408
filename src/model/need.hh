// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "model/evidence.hh"
#include "model/grace.hh"

namespace zonder::model {

/// What happens to a node when a need of it is not met any more, and its grace is over.
enum class Loss : std::uint8_t {
  Stop,
  Degrade,
  NoNew,   // running sessions live on, then it stops
  Freeze,  // cannot be changed
  Rot,     // risk grows, nothing stops
  Held     // data cannot be had back
};

constexpr auto words_for(Loss)
{
  return std::array<std::string_view, 6>{"stop", "degrade", "nonew", "freeze", "rot", "held"};
}

/// When a node needs it.
enum class Phase : std::uint8_t {
  Run,
  Renew,  // now and then: tokens, names, licences, certificates; the grace is what is left of one
  Start,  // only to start again
  Repair,
  Observe,
  Control  // ownership and law: passes on legal hazards only
};

constexpr auto words_for(Phase)
{
  return std::array<std::string_view, 6>{"run", "renew", "start", "repair", "observe", "control"};
}

/// A node needs `at_least` of these. Several needs of the same nodes are legal.
struct Need {
  std::vector<std::string> of;  // ids of nodes, in the order of the file
  std::size_t at_least = 1;
  Loss loss = Loss::Stop;
  Phase phase = Phase::Run;
  bool data = false;  // what comes over it is believed: distrust spreads along it
  GraceUse grace;
  Evidence evidence;
  std::string note;

  bool operator==(const Need&) const = default;
};

}  // namespace zonder::model
