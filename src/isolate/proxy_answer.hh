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

/// An answer in the proxy's place, whole: 400, 403, 503 or 504.
std::string proxy_answer(unsigned status, bool with_body);

}  // namespace zonder::isolate
