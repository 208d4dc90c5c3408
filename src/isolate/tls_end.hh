// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hh"
#include "trust/authority.hh"

namespace zonder::isolate {

/// The server's end of one TLS connection, between bytes and bytes: there is no socket in it.
class TlsEnd {
public:
  enum class State {
    Handshake,
    Open,
    Closed,      // by the client, as it should
    Distrusted,  // the client said that it does not believe the certificate
    Failed       // anything else
  };
  ~TlsEnd();
  TlsEnd(const TlsEnd&) = delete;
  TlsEnd& operator=(const TlsEnd&) = delete;
  TlsEnd(TlsEnd&&) = delete;
  TlsEnd& operator=(TlsEnd&&) = delete;

  /// What the client sent. Gives what it said in it, once the connection is open.
  std::string take_in(std::string_view bytes);
  /// Says this, and that nothing follows.
  void say_last(std::string_view text);
  /// What is to be sent to the client.
  std::string take_out();
  [[nodiscard]] State state() const;

private:
  friend class TlsServer;
  struct Parts;
  explicit TlsEnd(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// Ends TLS under whatever name is asked for, by certificates made on the spot. TLS 1.2 and 1.3;
/// of protocols inside it, HTTP/1.1 only. For one thread.
class TlsServer {
public:
  static Result<TlsServer> make(trust::Authority authority);
  TlsServer(TlsServer&&) noexcept;
  TlsServer& operator=(TlsServer&&) noexcept;
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  ~TlsServer();

  /// For a name or an address. Errors: OpenSSL cannot.
  Result<std::unique_ptr<TlsEnd>> take(const std::string& name);

private:
  struct State;
  explicit TlsServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace zonder::isolate
