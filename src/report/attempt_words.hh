// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "model/run_record.hh"
#include "report/style.hh"

// What an attempt is called, the same in every form of the report.
namespace zonder::report {

/// What Attempt::count is a number of.
enum class Unit {
  Packets,    // that open something, at the gateway
  Calls,      // of programs: no packet came to the gateway, or there is none (engine seccomp)
  Questions,  // for a name
  Requests    // to a proxy
};

Unit unit_of(const model::Attempt& attempt, const model::RunRecord& record);
/// "packets": for documents, the same in every language.
const char* unit_key(Unit unit);
/// "3 packets", in the user's language.
std::string amount(std::uint64_t count, Unit unit);
/// "3 packets, 1 request"; empty of none.
std::string amounts(const std::map<Unit, std::uint64_t>& counts);

/// A question for a name of the absent that was answered all the same: only their addresses are
/// dead, so nothing was blocked yet.
bool was_only_asked_for(const model::Attempt& attempt, model::Signature like);
/// "blocked", "asked", "failed", "passed": for documents, the same in every language.
const char* verdict_key(const model::Attempt& attempt, model::Signature like);
/// The same in the user's language; what is hindered says how.
std::string verdict_word(const model::Attempt& attempt, model::Signature like);

/// Its address is one that zonder made up, to stand for its name.
bool stands_for_name(const model::Attempt& attempt);
/// "login.example.nl (20.190.128.1)", the address, or the name; what is made up says so.
std::string target_of(const model::Attempt& attempt, const Style& style);
/// "tcp/443"
std::string protocol_of(const model::Attempt& attempt);

}  // namespace zonder::report
