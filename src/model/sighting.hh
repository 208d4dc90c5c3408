// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "model/run_record.hh"
#include "net/address.hh"

namespace zonder::model {

/// One attempt at an absent party, as it is known in the moment that it is made: a call that names
/// an address of its, or a question for a name that fails. The account of the run knows more.
struct Sighting {
  Moment time;
  std::size_t party = 0;                // place in Absence::parties
  std::string name;                     // asked for, now or before; empty: none was seen
  std::optional<net::Address> address;  // nothing: only the name was asked for
  std::uint16_t port = 0;
  std::string protocol;            // as Attempt::protocol
  std::optional<Program> program;  // nothing: not known
};

}  // namespace zonder::model
