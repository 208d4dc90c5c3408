// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace zonder::model {

/// What became of one proxy that zonder was told of, and of what the command asked it for.
struct ProxyUse {
  enum class Kind {
    SeenThrough,  // each request was read, judged, and passed on or not
    Closed,       // it cannot be seen through (TLS to the proxy, SOCKS), so it is not reached
    Absent,       // itself of an absent party: dead as all of it
    NotFound,     // its name has no address here; in the room it has none either
    Unseen        // reached as any host is (--proxy none, or an engine that cannot see through it)
  };
  std::string proxy;  // "proxy.example:3128"; Unseen: or the variable that zonder cannot read
  Kind kind = Kind::SeenThrough;
  std::string party;               // id of whose it is, where Absent
  std::uint64_t requests = 0;      // that were read
  std::uint64_t for_absent = 0;    // of these; also what was passed before the absent fell away
  std::uint64_t by_name_only = 0;  // passed on, and where the name leads is not known for certain
  std::uint64_t fronted = 0;       // tunnels to the living in which TLS asked for the absent; cut
  std::uint64_t off_limits = 0;    // refused: for this machine itself, or for nobody
  std::uint64_t not_judged = 0;    // refused: where the name leads could not be told
  std::uint64_t not_understood =
      0;                          // refused: not plainly a request to a proxy, or not plainly TLS
  std::uint64_t not_reached = 0;  // times that the proxy itself did not answer
  std::uint64_t unseen = 0;       // connections to it, or perhaps, if Unseen; else stopped unread
  bool on_this_machine = false;   // at one of its own addresses
};

/// Everything about proxies in one run.
struct Proxies {
  std::vector<ProxyUse> uses;     // in the order in which zonder was told of them
  std::uint64_t unlisted = 0;     // requests past what is kept
  std::uint64_t turned_away = 0;  // connections ended: more at once than zonder takes or can hold
  std::uint64_t waited = 0;       // times that connections waited for a descriptor of zonder's
  std::uint64_t not_remembered = 0;  // names past what is kept, taken for unknown
};

}  // namespace zonder::model
