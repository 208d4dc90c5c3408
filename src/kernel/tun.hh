// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "base/descriptor.hh"
#include "base/result.hh"

namespace zonder::kernel {

/// Makes a link of this name in the calling thread's network, of which each packet, with its IP
/// header first, is read from and written to the descriptor (non-blocking), wherever that is. The
/// link goes when it is closed. Errors: /dev/net/tun is not there, or may not be used.
Result<Descriptor> open_tun(const std::string& name);

}  // namespace zonder::kernel
