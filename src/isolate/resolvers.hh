// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <unordered_map>
#include <vector>

#include "base/descriptor.hh"
#include "isolate/event_loop.hh"
#include "isolate/resolv_conf.hh"
#include "wire/dns/message.hh"

namespace zonder::isolate {

/// Asks the user's own resolvers, in the thread of one event loop. Over UDP from a random port with
/// a random id, over TCP when the answer is too long. A silent resolver is followed by the next one
/// while its answer may still come; the first sound answer counts. What does not match the question
/// is ignored.
class Resolvers {
public:
  struct Options {
    std::vector<Upstream> upstream;
    std::chrono::milliseconds next_try_after{1500};
    std::chrono::milliseconds give_up_after{8000};
    /// A socket (SOCK_DGRAM, SOCK_STREAM) from where the resolvers can be reached, not connected
    /// and not blocking; an empty one when there is none any more. Empty: our own network.
    std::function<Descriptor(int kind)> socket = {};
  };
  struct Reply {
    wire::dns::Bytes bytes;  // as it came, but for the id, which is that of the query
    wire::dns::Response response;
  };
  /// Nothing: no resolver answered. A failure that a resolver reported (SERVFAIL) is a reply.
  using Done = std::function<void(std::optional<Reply>)>;

  Resolvers(EventLoop& loop, Options options);
  Resolvers(const Resolvers&) = delete;
  Resolvers& operator=(const Resolvers&) = delete;
  Resolvers(Resolvers&&) = delete;
  Resolvers& operator=(Resolvers&&) = delete;
  ~Resolvers();

  /// `query` is a sound query for `question`; `usable` says which of the resolvers may be asked.
  /// Calls `done` once, never before this returns. False: too much is outstanding.
  bool ask(wire::dns::Bytes query,
           wire::dns::Question question,
           const std::vector<bool>& usable,
           Done done);

  /// Ends everything outstanding: each `done` gets nothing.
  void abandon();

  /// Answers that did not fit their question, or were no DNS at all.
  [[nodiscard]] std::uint64_t ignored() const { return ignored_; }

private:
  using Number = std::uint64_t;  // of one question; never used twice
  using Token = EventLoop::Token;

  struct UdpSocket {
    Descriptor descriptor;
    std::size_t upstream = 0;
    std::unordered_map<std::uint16_t, Number> waiting;  // by id
  };
  struct UdpTry {
    Token socket = 0;
    std::uint16_t id = 0;
  };
  struct TcpTry {
    Descriptor descriptor;
    std::size_t upstream = 0;
    Number number = 0;
    std::uint16_t id = 0;
    wire::dns::Bytes out;
    std::size_t sent = 0;
    wire::dns::Bytes in;
  };
  struct Asked {
    wire::dns::Bytes query;
    wire::dns::Question question;
    std::vector<std::size_t> order;  // the resolvers that may be asked, as the user has them
    std::set<std::size_t> failed;    // have refused or reported a failure
    std::size_t tries = 0;
    Done done;
    std::vector<UdpTry> udp;
    std::optional<Token> tcp;
    std::optional<std::size_t> wants_tcp;  // waits for its turn, at this resolver
    std::optional<Reply> failure;          // the last that was reported
    EventLoop::Timer next{};
    EventLoop::Timer end{};
  };

  [[nodiscard]] Descriptor connected_socket(const Upstream& upstream, int kind) const;
  void try_next(Number number);
  bool send_udp(Number number, Asked& asked, std::size_t upstream);
  std::optional<Token> socket_for(std::size_t upstream);
  std::optional<Token> open_socket(std::size_t upstream);
  void on_udp(Token token);
  void on_datagram(Token token, wire::dns::Bytes bytes);
  void on_udp_error(Token token);
  void start_tcp(Number number, std::size_t upstream);
  void start_waiting_tcp();
  void on_tcp(Token token, std::uint32_t events);
  bool pump_tcp(TcpTry& attempt, std::uint32_t events);
  void end_tcp(Token token);
  void accept_reply(Number number, std::size_t upstream, Reply reply);
  void resolver_failed(Number number, std::size_t upstream);
  void finish(Number number, std::optional<Reply> reply);
  void drop_udp(const UdpTry& attempt);

  EventLoop& loop_;
  Options options_;
  std::random_device random_;
  std::uint64_t ignored_ = 0;
  Number next_number_ = 1;
  std::unordered_map<Number, Asked> asked_;
  std::map<Token, UdpSocket> udp_;
  std::map<Token, TcpTry> tcp_;
  std::deque<Number> waiting_for_tcp_;
  EventLoop::Timer tcp_turn_{};
};

}  // namespace zonder::isolate
