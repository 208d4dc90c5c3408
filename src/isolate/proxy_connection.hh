// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/descriptor.hh"
#include "isolate/event_loop.hh"
#include "isolate/proxy_policy.hh"
#include "net/address.hh"
#include "wire/http/chunked_body.hh"
#include "wire/http/proxy_request.hh"

namespace zonder::isolate {

/// How far one connection from the room to a proxy is.
enum class ProxyPhase {
  Head,         // of a request
  LookUp,       // of the name in it
  Silent,       // the absent are: until the proxy would say so
  Trap,         // a tunnel to the absent that ends at the first message of TLS
  Connect,      // to the proxy
  Reply,        // of the proxy, to CONNECT
  Challenge,    // the rest of a reply that asks for credentials
  Hello,        // the first message of TLS in a tunnel
  InnerLookUp,  // of the name in that
  Tunnel,
  Document,  // the body of the one request, and the answer
  Answered,  // by us; only the rest is to come
  Frozen     // to the absent, and the cut has come
};

/// One end of a connection, and what is still to be written to it.
struct ProxySide {
  Descriptor socket;
  EventLoop::Token token = 0;
  std::string out;
  bool heard_all = false;  // it says nothing more
  bool told_all = false;   // we say nothing more to it
};

/// A connection of the room's, from its first byte to its end.
struct ProxyConnection {
  std::size_t proxy = 0;
  std::optional<net::Address> client;  // where it comes from
  std::vector<net::Address> to_try;    // of the proxy, or of who is asked for
  std::optional<std::size_t> program;
  ProxyPhase phase = ProxyPhase::Head;
  ProxySide room;
  ProxySide machine;
  std::string in;     // of the room, not yet decided on
  std::string reply;  // of the proxy, to CONNECT
  wire::http::ProxyRequest request;
  ProxyJudgement judgement;
  bool in_doubt = false;   // counted as passed on by name only
  bool pinned = false;     // to an address that was judged: the proxy looks nothing up
  std::string inner;       // the name in the tunnel's TLS, while it is looked up
  std::string inside;      // the same, when it was judged good
  std::uint64_t left = 0;  // bytes of the body, or of the challenge
  wire::http::ChunkedBody chunks;
  bool extra = false;  // something came that was not understood, or behind the one request
  EventLoop::Timer deadline{};
};

/// Takes what there is, until `into` holds so many bytes. False: the connection is broken.
bool hear(ProxySide& from, std::string& into, std::size_t most);

/// Writes what can be written. False: the connection is broken.
bool tell(ProxySide& to, bool nothing_follows);

/// Nothing of the request goes further in these.
bool is_over(ProxyPhase phase);

/// What the proxy says is passed on as it is.
bool hears_proxy(ProxyPhase phase);

}  // namespace zonder::isolate
