// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/date.hh"
#include "model/evidence.hh"
#include "model/label.hh"

namespace zonder::model {

/// A direct parent, for as long as it was: from the day `from` up to, but not on, the day `until`.
struct Owner {
  std::string party;
  std::optional<Date> from;   // nothing: not known since when
  std::optional<Date> until;  // nothing: still
  Evidence evidence;

  [[nodiscard]] bool holds_on(Date day) const
  {
    return (!from || !before(day, *from)) && (!until || before(day, *until));
  }
  bool operator==(const Owner&) const = default;
};

/// Whether anybody knows who owns a party.
enum class Ownership : std::uint8_t { Unknown, None, Listed };

/// A legal entity: one that runs or makes something, or one that owns such a one. Its jurisdiction
/// is its own; that of who owns it stands with the owner, so that a European company in American
/// hands is both.
struct Party {
  std::string id;
  Label name;
  std::string jurisdiction;  // a code such as "NL"; empty: not known
  Ownership ownership = Ownership::Unknown;
  std::vector<Owner> owners;  // of Listed
  Evidence evidence;
  std::map<std::string, std::string> identifiers;  // as others number it: "kvk", "lei"

  bool operator==(const Party&) const = default;
};

}  // namespace zonder::model
