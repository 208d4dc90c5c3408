// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wire/capture/bytes.hh"

// What a client says first, in the open, and who it thereby asks for: read from bytes that others
// exchanged. Unlike wire::tls and wire::http, which refuse what is not as it should be because they
// answer it, these take what can be read.
namespace zonder::wire::capture {

enum class Reading : std::uint8_t {
  More,   // as it should be so far, and not complete
  Other,  // not what was looked for, or broken
  Done
};

/// No longer ClientHello or head of a request is waited for.
inline constexpr std::size_t longest_words = 65536;

/// A ClientHello, as far as it tells who is asked for. Lower case, no final dot; empty: none.
struct HelloWords {
  std::string name;
  bool encrypted = false;  // there is another inside (ECH); the name is of the outer one
};

/// Whether the bytes, as far as they go, begin a record of TLS with a ClientHello in it.
bool may_begin_hello(Bytes bytes);

/// From what a client sends over a stream, beginning with that record. `ended`: no more comes, so
/// that what is there must do. Several records may hold the message.
Reading read_hello_records(Bytes bytes, bool ended, HelloWords& words);

/// From the message alone, its header of four bytes included.
Reading read_hello_message(Bytes message, bool ended, HelloWords& words);

/// From one datagram that begins with a ClientHello of DTLS, or a piece of it. Pieces are put
/// together in `message`, which the caller keeps; `have` counts its bytes.
struct DatagramHello {
  std::vector<std::uint8_t> message;  // with a header as TLS has it
  std::vector<bool> have;
  std::size_t missing = 0;
};
Reading read_dtls_hello(Bytes datagram, DatagramHello& hello, HelloWords& words);
bool may_begin_dtls_hello(Bytes bytes);

/// The head of a request.
struct RequestWords {
  std::string host;    // of the field Host, without a port
  std::string target;  // of CONNECT, or of a target with a scheme: the host, without a port
  bool connect = false;
  std::size_t size = 0;  // of the head
};

/// Whether the bytes, as far as they go, begin with a method: a request of HTTP/1 may, and so may
/// one of SSDP, which is its kind.
bool may_begin_request(Bytes bytes);
Reading read_request(Bytes bytes, bool ended, RequestWords& words);

/// How long the header is that a proxy puts before what its client said ("PROXY TCP4 ...", or the
/// binary form), 0: there is none, or not whole.
std::size_t proxy_header(Bytes bytes);

/// A host as it stands in Host or SNI: lower case, no port, no final dot. Empty: has other bytes
/// than a host's name or address.
std::string host_text(std::string_view text);

}  // namespace zonder::wire::capture
