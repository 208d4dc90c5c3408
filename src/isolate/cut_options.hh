// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "isolate/uplink.hh"
#include "model/absence.hh"
#include "model/failure.hh"
#include "model/name_resolution.hh"

namespace zonder::isolate {

/// What falls away and how, and by which way all else is reached: the same for a command and for a
/// room full of devices.
struct CutOptions {
  model::Absence absence;  // empty parties: nothing is absent (start-up is measured that way)
  /// Revoked goes with Signature::Denied, and with nothing else: zonder makes a certificate
  /// authority that the room's programs trust, and answers in the parties' place.
  model::FailureMode mode = model::FailureMode::Gone;
  model::Signature signature = model::Signature::Blackhole;
  std::vector<std::string> controls;  // HOST or HOST:PORT that must be reachable; may be empty
  bool unproved = false;              // go on even when the proof fails; the record says so
  UplinkChoice uplink;
  model::DnsMode dns = model::DnsMode::Forward;
  std::string root_hints;   // for an internet of one's own: the text of a zone file with its root
  bool show_names = false;  // names of servers stay visible: no "ech" in answers
  std::size_t canary_limit = 64;  // at most so many attempts in the proof
  /// Told one sentence at a time, for stderr, in the user's language; may be empty.
  std::function<void(const std::string&)> progress;

  void tell(const std::string& sentence) const
  {
    if (progress) {
      progress(sentence);
    }
  }
  [[nodiscard]] Tell teller() const
  {
    return [this](const std::string& sentence) {
      tell(sentence);
    };
  }
};

}  // namespace zonder::isolate
