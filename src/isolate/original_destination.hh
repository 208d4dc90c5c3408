// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>

#include "base/descriptor.hh"
#include "isolate/tries.hh"

namespace zonder::isolate {

/// Where the client of a connection meant to go, before the gateway sent it to us. Nothing: nobody
/// sent it.
std::optional<InternetPlace> original_destination(const Descriptor& socket);

/// Closing then resets the connection.
void reset_at_close(const Descriptor& socket);

}  // namespace zonder::isolate
