// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "model/page_visit.hh"

// Two visits to a page, with everybody and without the absent, held against each other.
namespace zonder::report {

enum class PageVerdict {
  StillLoads,
  NoLongerLoads,
  TellsNothing  // it did not load with everybody either, there was no visit, or what did not come
                // is this machine's own, of which the room has nothing
};

/// "still-loads", "no-longer-loads", "tells-nothing"
const char* word_of(PageVerdict verdict);

/// The same request in both visits; null where it was not made. With the second null it was not
/// even asked for: what asks for it may have fallen away, or a page asks for something else each
/// time.
struct ComparedRequest {
  const model::PageRequest* with = nullptr;
  const model::PageRequest* without = nullptr;

  /// It came with everybody, and not without.
  [[nodiscard]] bool fell_away() const;
  /// It is asked for only without, and did not come.
  [[nodiscard]] bool failed_anew() const;
  /// It came with everybody, and not without, since it is at this machine's own loopback.
  [[nodiscard]] bool not_in_the_room() const;
  /// One of the two that is there: with everybody, if it can.
  [[nodiscard]] const model::PageRequest& any() const { return with != nullptr ? *with : *without; }
};

/// How many requests of a party fell away.
using PartyCount = std::pair<std::string, std::size_t>;  // id, or empty: not known

struct PageComparison {
  const model::PageVisit* with = nullptr;  // of the record
  const model::PageVisit* without = nullptr;
  PageVerdict verdict = PageVerdict::TellsNothing;
  std::vector<ComparedRequest> requests;  // what fell away first, what failed anew, ...
  std::size_t came = 0;                   // with everybody
  std::size_t fell_away = 0;              // of those
  std::size_t not_asked = 0;              // of those that fell away: not asked for either
  std::size_t failed_anew = 0;
  std::size_t not_in_the_room = 0;  // in none of the counts that are of the absent
  const model::PageRequest* own_document =
      nullptr;                      // the page itself is at this machine's loopback
  std::vector<PartyCount> parties;  // of what fell away; most first
  std::vector<const model::ConsoleMessage*> new_errors;  // of the console, only without
};

/// A page each, in the order in which they were asked for. The pages outlive what is given.
std::vector<PageComparison> compare(const model::PagesTried& pages);

/// Of several pages together; most first.
std::vector<PartyCount> parties_of(const std::vector<PageComparison>& pages);

/// 0 all still load, 1 one no longer does, 3 of one it cannot be told (and none has stopped).
int exit_code_of(const model::PagesTried& pages);

}  // namespace zonder::report
