// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "wire/capture/flows.hh"
#include "wire/capture/layers.hh"

namespace zonder::wire::capture {

/// Which flow a packet is of, and whether its sender is the upper end.
struct FlowPlace {
  FlowKey key;
  std::uint64_t hash = 0;
  bool by_b = false;
};
End end_of(const std::uint8_t* address, bool v6, std::uint16_t port);

void find_place(const Packet& packet,
                std::uint16_t source,
                std::uint16_t destination,
                FlowPlace& place);

/// What nearly all frames are: TCP or UDP in IP in Ethernet, without anything special. These need
/// not go through all layers, and their flow is known before they are looked at.
struct PlainFrame {
  bool is = false;
  Packet packet;
  FlowPlace flow;
};
/// False: it is another kind of frame, or there is something special about it.
bool read_plain(const Frame& frame, PlainFrame& plain);

}  // namespace zonder::wire::capture
