// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/observation.hh"

// Observations on their way from a reader to where they are kept: each text once.
namespace zonder::model {

/// A device, a name, ...: what observations are between.
struct Thing {
  Kind kind = Kind::Device;
  std::string_view text;
};

/// An observation between two things by their place in a list of them.
struct Row {
  std::uint32_t subject = 0;
  std::uint32_t object = 0;
  Relation relation = Relation::Asked;
  Via via = Via::Dns;
  Tier tier = Tier::Measured;
  std::optional<Moment> first;
  std::optional<Moment> last;
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
};

}  // namespace zonder::model
