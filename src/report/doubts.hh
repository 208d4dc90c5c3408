// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/run_record.hh"

namespace zonder::report {

/// Why a run in which nothing was seen to be asked of the absent may yet not be taken for one in
/// which nothing was.
enum class Doubt {
  NotStarted,        // the command
  NotProved,         // that the block holds (--unproved)
  NothingFellAway,   // --after: the command ended before
  NetworkDied,       // the uplink, or the name server
  NamesHung,         // names that only name servers of the absent could have answered
  NamesFailed,       // of which no answer told where they lead
  CutByNameOnly,     // what went to those who run a service that has no addresses of its own
  NotListed,         // blocked packets and questions of which nothing is known
  NotLookedAt,       // calls, which were refused
  ProxiedNotJudged,  // requests to proxies, to nobody knows where
  PerhapsProxied,    // connections to what may be a proxy that nobody told of
};

/// Each once, in the order above. `allowed`: attempts, by their place, at what may be a proxy and
/// may be gone to.
std::vector<Doubt> doubts_of(const model::RunRecord& record,
                             const std::vector<std::size_t>& allowed = {});

/// "not-proved": the same in every language.
const char* name_of(Doubt doubt);

/// Names of which no answer told where they lead: each once, sorted. Another answer of the same
/// name makes up for it.
std::vector<std::string> failed_names(const model::RunRecord& record);

/// Of one that passed to the addresses of somebody of whom services were absent by their names
/// only: which (whether it was for one of them is not known). Nothing where only some of their
/// services were meant to be gone (frozen).
std::vector<std::string> cut_by_name_there(const model::Attempt& attempt,
                                           const model::RunRecord& record);

/// Packets to the absent that are in no attempt, and questions and requests to proxies that were
/// not kept or not read.
std::uint64_t not_listed(const model::RunRecord& record);

}  // namespace zonder::report
