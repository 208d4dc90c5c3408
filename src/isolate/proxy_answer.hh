// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "model/failure.hh"

namespace zonder::isolate {

/// How a proxy ends a request for somebody who is gone.
enum class ProxyEnd {
  AtOnce,        // it says that it could not connect: 503
  AfterSilence,  // it has tried for as long as it tries: 504
  InTls          // the connection is there, and is reset at the first message of TLS
};

/// By the signature; `is_address`: it was asked for by an address, which no name server is asked
/// for. Lossy, slow and revoked are not made through a proxy.
ProxyEnd how_a_proxy_ends(model::Signature signature, bool is_address, bool opens_tunnel);

/// What is answered in the proxy's place.
enum class ProxyAnswer {
  NotUnderstood,     // 400
  OffLimits,         // 403: for this machine itself
  PerhapsHere,       // 403: what may be this machine itself
  NotLookedUp,       // 503: nobody could tell where the name leads
  NotReached,        // 503
  NotReachedInTime,  // 504
  // Of a proxy that connects itself:
  TheRoomItself,  // 403: for the room or the machine that makes it
  NoAddress,      // 502: the name has none
  NotConnected    // 502: it did not come about, for whatever reason
};

/// The answer, whole.
std::string proxy_answer(ProxyAnswer which, bool with_body);

}  // namespace zonder::isolate
