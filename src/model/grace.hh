// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/label.hh"
#include "model/words.hh"

namespace zonder::model {

/// What ends a grace at once, whatever was left of it.
enum class Voider : std::uint8_t { Revoked, TenantRefused, ColdStart, Frozen, Hostile, Captured };

constexpr auto words_for(Voider)
{
  return std::array<std::string_view, 6>{
      "revoked", "tenant_refused", "cold_start", "frozen", "hostile", "captured"};
}

/// How long something goes on after what it needs is gone: what is *left* at that moment, not the
/// nominal life. A spread; one time; or nobody knows, which is evaluated as a range.
struct Grace {
  std::string id;  // of a named one
  Label name;
  bool known = false;
  std::chrono::seconds p5{0};  // all three equal: a fixed time
  std::chrono::seconds p50{0};
  std::chrono::seconds p95{0};
  std::vector<Voider> void_if;
  std::string source;

  [[nodiscard]] bool is_ordered() const { return p5 <= p50 && p50 <= p95; }
  bool operator==(const Grace&) const = default;
};

/// What is left of something that lives `life` and is renewed when `renewed_at` of that has passed
/// is evenly spread over [(1 - renewed_at) life, life].
Grace what_is_left(std::chrono::seconds life, double renewed_at);

/// The names that every model has: no grace at all, and one that nobody knows.
inline constexpr std::string_view no_grace = "none";
inline constexpr std::string_view unknown_grace = "unknown";

/// The grace of a need: by name, or its own.
struct GraceUse {
  std::string name = std::string(unknown_grace);
  std::optional<Grace> own;  // then `name` is empty

  bool operator==(const GraceUse&) const = default;
};

}  // namespace zonder::model
