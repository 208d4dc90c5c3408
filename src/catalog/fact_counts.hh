// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "catalog/facts.hh"

namespace zonder::catalog {

/// How well one kind of fact is founded.
struct FactCount {
  std::string kind;  // "operator", "owner", "as", "suffix", "prefix", "service"
  std::size_t sourced = 0;
  std::size_t unverified = 0;  // written down, but nobody looked it up
  std::size_t unknown = 0;     // parties of which it is not known
};

std::vector<FactCount> count_facts(const Facts& facts);

/// One fact with what it rests on, as a sentence: to show, and to draw samples from.
struct StatedFact {
  std::string party;
  std::string kind;
  std::string statement;  // "AS8075, space shared"
  Confidence confidence = Confidence::Unverified;
  const Source* source = nullptr;  // of the party; nothing: unverified
};

std::vector<StatedFact> stated_facts(const Facts& facts);

}  // namespace zonder::catalog
