// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/facts.hh"

namespace zonder::catalog {

/// Parties that own each other round and round on one day, which cannot be.
struct OwnerCircle {
  std::vector<std::string> parties;  // each owned by the next, the last by the first
  std::optional<Date> from;          // the first day on which it holds; nothing: always
};

/// Every circle on any day, once, the smallest id first.
std::vector<OwnerCircle> owner_circles(const Facts& facts);

}  // namespace zonder::catalog
