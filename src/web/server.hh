// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/descriptor.hh"
#include "base/result.hh"
#include "net/address.hh"
#include "web/form.hh"

namespace zonder::web {

/// What a browser asks. Everything in it is foreign text.
struct Request {
  std::string method;    // "GET", as sent
  std::string path;      // from its first "/", as sent: nothing decoded, no ".." followed
  Form query;            // empty too where what stands behind the question mark cannot be read
  Form form;             // of the body; one that cannot be read never comes this far (400)
  std::string host;      // lower case, without port, brackets and last dot; empty: none was named
  std::string language;  // Accept-Language as sent
  net::Address from = net::Address::v4(0);
  std::uint16_t port = 0;                 // of the browser
  net::Address to = net::Address::v4(0);  // where it came in
};

/// What is answered. Unless `headers` says otherwise it is kept by nobody, shown in no frame, tells
/// nobody where its reader came from, and is what `type` says.
struct Response {
  unsigned status = 200;
  std::string type = "text/html; charset=utf-8";
  std::string body;
  std::string location;  // where to go instead; empty: nowhere
  std::string policy;    // Content-Security-Policy; empty: default_policy
  std::vector<std::pair<std::string, std::string>> headers;  // further ones
};

/// Styles in the page, forms to where it came from, and nothing else.
inline constexpr const char* default_policy =
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'";

/// What anybody in the room may use of it.
struct Limits {
  std::size_t header = 8192;                 // bytes of the request's first part; past it: 431
  std::size_t body = 8192;                   // bytes of what is sent along; past it: 413
  std::size_t connections = 512;             // at once
  std::size_t per_client = 16;               // at once, by address
  std::size_t requests = 100;                // one after the other on a connection
  std::chrono::milliseconds idle{10000};     // nothing is asked
  std::chrono::milliseconds request{10000};  // from its first byte to its last
  std::chrono::milliseconds answer{30000};   // until all of it is taken
};

/// An HTTP/1.0 and 1.1 server for small pages that the program makes itself; no files, no TLS.
/// Keeps no log. Where there are too many connections the one that has been idle for longest is
/// closed, then the one that has been sending its request for longest: an ordinary request takes
/// milliseconds, so it is never that one that goes.
class Server {
public:
  /// Called in the server's thread, one at a time: keep it short. What it throws becomes 500.
  using Handler = std::function<Response(const Request&)>;

  /// Answers who connects to these sockets: TCP, IPv4 or IPv6, bound and listening, of whatever
  /// network namespace. Errors: one of them is no such socket, no descriptors, no thread.
  static Result<std::unique_ptr<Server>>
  start(std::vector<Descriptor> listening, Handler handler, Limits limits = {});

  /// Closes all that is open, and returns when that is done. Not from the handler.
  void stop();
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  Server(Server&&) = delete;
  Server& operator=(Server&&) = delete;

private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace zonder::web
