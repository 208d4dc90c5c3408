// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string>

#include "isolate/admission.hh"
#include "kernel/nft_transaction.hh"
#include "net/address.hh"

// What of a room's frames its bridge lets by. Here a frame still says whose card it comes from and,
// on its way out, to whose card it goes: the rules of the gateway, which look at packets, know the
// second no more. So here is decided
//
//   whose an address is: his who first claims it, by a packet, by ARP or as a neighbour, until he
//   has been silent for a while. Another's claim of it is dropped, so the gateway does not believe
//   it either. One card has a share of addresses and of questions for one, and those that have not
//   joined have one together: what is left is the others'.
//
//   that what comes back from outside goes only to cards that are admitted: the kernel looks when
//   the packet leaves, so it ends in the same moment as the admission, however that ends.
//
//   who else gives out addresses here: nobody is to. Its offers are dropped, and it is told.
namespace zonder::isolate::frames {

inline constexpr const char* table = "zonder_frames";
inline constexpr auto table_family = kernel::NftFamily::Bridge;
inline constexpr const char* admitted = "admitted";
inline constexpr const char* own_cards = "own";
inline constexpr const char* givers = "givers";  // of addresses, who are not us

// Names of counters.
inline constexpr const char* claimed = "claimed";      // frames that claim what is another's
inline constexpr const char* excess = "excess";        // past what is one's share
inline constexpr const char* kept_back = "kept_back";  // from outside for who is not admitted
inline constexpr const char* given = "given";          // offers of addresses that are not ours

/// What the gateway forwards to the room bears it: only who is admitted gets it.
inline constexpr std::uint32_t for_the_admitted = 0x7a6f6e64;

/// The set of who has which address.
std::string seat_set(net::Family family);

/// The whole table.
kernel::NftTransaction all(const Admission::Options& options);

}  // namespace zonder::isolate::frames
