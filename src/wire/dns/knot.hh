// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <memory>
#include <span>

#include "wire/dns/message.hh"

// Only for the .cc files of this folder: libknot is written in C.
extern "C" {
#include <libknot/codes.h>
#include <libknot/descriptor.h>
#include <libknot/dname.h>
#include <libknot/error.h>
#include <libknot/lookup.h>
#include <libknot/packet/pkt.h>
#include <libknot/rrtype/opt.h>
}

namespace zonder::wire::dns {

struct FreePacket {
  void operator()(knot_pkt_t* packet) const { knot_pkt_free(packet); }
};
using Packet = std::unique_ptr<knot_pkt_t, FreePacket>;

/// A message that libknot has read from end to end; it keeps the bytes that the packet points into.
struct Parsed {
  Bytes bytes;
  Packet packet;
};

/// Errors: too short, too long, malformed, or bytes left over.
Result<Parsed> parse_message(std::span<const std::uint8_t> message);

}  // namespace zonder::wire::dns
