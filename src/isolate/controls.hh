// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "isolate/forwarder.hh"
#include "model/absence.hh"
#include "model/run_record.hh"
#include "net/address.hh"

namespace zonder::isolate {

/// How something is reached from where the command will be.
struct WayToControls {
  /// One of the addresses answers at one of the ports. A refusal is an answer too: the host is
  /// there.
  std::function<bool(const std::vector<net::Address>&, const std::vector<std::uint16_t>&)>
      any_answers;
  /// The name server that the command will have answers.
  std::function<bool()> name_server_answers;
};

/// HOST, HOST:PORT or [V6]:PORT. Errors (usage): it is none of these.
Result<void> check_control(const std::string& text);

/// The hosts in `controls` (HOST or HOST:PORT) must answer, and none may be this machine itself,
/// whose addresses are `own`; without any control, the user's resolver must, through the room's
/// name server. zonder asks no host of its own choosing.
void try_controls(const std::vector<std::string>& controls,
                  const std::vector<net::Address>& own,
                  const WayToControls& way,
                  Forwarder* forwarder,
                  const std::string& no_forwarder,
                  const model::Absence& absence,
                  model::Proof& proof);

}  // namespace zonder::isolate
