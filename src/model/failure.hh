// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace zonder::model {

/// What happens to a party: one vocabulary for run, simulate, drill and every report.
enum class FailureMode {
  Gone,     // outage: nothing answers
  Revoked,  // sanction: it answers, but refuses us
  Frozen,   // works, but no new tokens, updates, licences, keys
  Hostile,  // hacked: reachable but not to be trusted, so we cut it off
  Captured  // new owner: nothing fails, the law changes
};

/// How it looks on the network. All but the last are ways of being gone.
enum class Signature {
  Blackhole,    // packets vanish, as in a real outage: programs wait
  Refuse,       // TCP reset, UDP port unreachable
  Unreachable,  // ICMP host unreachable
  Nxdomain,     // the name does not exist
  Servfail,     // the name server fails
  Lossy,        // it lives, but of the packets each way some are lost
  Slow,         // it lives, but only so many bytes a second pass each way
  Late,         // it lives, but each packet comes later
  TlsReset,     // it takes connections, and resets each at the first message of TLS
  Denied        // revoked: it answers every request, and refuses us
};

std::string_view to_string(FailureMode mode);
std::string_view to_string(Signature signature);
std::optional<FailureMode> parse_failure_mode(std::string_view text);
std::optional<Signature> parse_signature(std::string_view text);

inline constexpr std::array all_failure_modes = {FailureMode::Gone,
                                                 FailureMode::Revoked,
                                                 FailureMode::Frozen,
                                                 FailureMode::Hostile,
                                                 FailureMode::Captured};
inline constexpr std::array all_signatures = {Signature::Blackhole,
                                              Signature::Refuse,
                                              Signature::Unreachable,
                                              Signature::Nxdomain,
                                              Signature::Servfail,
                                              Signature::Lossy,
                                              Signature::Slow,
                                              Signature::Late,
                                              Signature::TlsReset,
                                              Signature::Denied};

/// The party still answers, badly.
bool hinders_only(Signature signature);

/// zonder itself takes the party's connections, in its name.
bool is_answered(Signature signature);

// How badly.
inline constexpr unsigned lost_of_hundred = 30;  // packets, each way
inline constexpr unsigned slow_bytes_per_second =
    32000;                                          // each way, for all absent parties together
inline constexpr unsigned late_milliseconds = 250;  // each way

}  // namespace zonder::model
