// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/resolvers.hh"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "wire/dns/answer.hh"

namespace zonder::isolate {
namespace {

namespace dns = wire::dns;

// A machine often lets a process open 1,024 descriptors: with three resolvers at most 192 + 64.
constexpr std::size_t most_sockets_per_resolver = 64;
constexpr std::size_t most_tcp = 64;
constexpr std::size_t most_outstanding = 8192;
// So that a flood on one socket does not keep the others waiting.
constexpr int most_datagrams_at_once = 64;
constexpr std::size_t length_prefix = 2;

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

SocketAddress socket_address(const Upstream& upstream)
{
  SocketAddress address;
  const auto bytes = upstream.address.bytes();
  if (upstream.address.is_v4()) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(upstream.port);
    std::memcpy(&in.sin_addr, bytes.data(), sizeof in.sin_addr);
    address.size = sizeof in;
    std::memcpy(&address.storage, &in, sizeof in);
  } else {
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(upstream.port);
    in.sin6_scope_id = upstream.link;
    std::memcpy(&in.sin6_addr, bytes.data(), sizeof in.sin6_addr);
    address.size = sizeof in;
    std::memcpy(&address.storage, &in, sizeof in);
  }
  return address;
}

/// Failures after which the C library would ask the next resolver.
bool is_failure(const dns::Response& response)
{
  using dns::Rcode;
  return response.rcode == static_cast<std::uint16_t>(Rcode::ServFail) ||
         response.rcode == static_cast<std::uint16_t>(Rcode::Refused) ||
         response.rcode == static_cast<std::uint16_t>(Rcode::NotImp);
}

}  // namespace

Resolvers::Resolvers(EventLoop& loop, Options options) : loop_(loop), options_(std::move(options))
{
}

Resolvers::~Resolvers()
{
  for (const auto& [token, socket] : udp_) {
    loop_.forget(token);
  }
  for (const auto& [token, attempt] : tcp_) {
    loop_.forget(token);
  }
  loop_.cancel(tcp_turn_);
  for (const auto& [number, asked] : asked_) {
    loop_.cancel(asked.next);
    loop_.cancel(asked.end);
  }
}

/// A socket that talks to this resolver only: the kernel drops what others send to it. Over TCP the
/// connection may still be on its way.
Descriptor Resolvers::connected_socket(const Upstream& upstream, int kind) const
{
  const auto address = socket_address(upstream);
  auto descriptor =
      options_.socket
          ? options_.socket(kind)
          : Descriptor(::socket(address.storage.ss_family, kind | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (descriptor && connect(descriptor.get(), address.get(), address.size) != 0 &&
      errno != EINPROGRESS) {
    descriptor.reset();
  }
  return descriptor;
}

bool Resolvers::ask(dns::Bytes query,
                    dns::Question question,
                    const std::vector<bool>& usable,
                    Done done)
{
  if (asked_.size() >= most_outstanding) {
    return false;
  }
  const auto number = next_number_++;
  Asked asked;
  asked.query = std::move(query);
  asked.question = std::move(question);
  asked.done = std::move(done);
  for (std::size_t i = 0; i < options_.upstream.size(); ++i) {
    if (usable.at(i)) {
      asked.order.push_back(i);
    }
  }
  asked.next = loop_.after(std::chrono::milliseconds(0), [this, number] { try_next(number); });
  asked.end = loop_.after(options_.give_up_after, [this, number] { finish(number, std::nullopt); });
  asked_.emplace(number, std::move(asked));
  return true;
}

void Resolvers::abandon()
{
  while (!asked_.empty()) {
    finish(asked_.begin()->first, std::nullopt);
  }
}

void Resolvers::try_next(Number number)
{
  const auto found = asked_.find(number);
  if (found == asked_.end()) {
    return;
  }
  auto& asked = found->second;
  loop_.cancel(asked.next);
  // A TCP exchange that is still under way has had its time.
  if (asked.tcp) {
    end_tcp(*asked.tcp);
  }
  asked.wants_tcp.reset();
  while (asked.failed.size() < asked.order.size()) {
    const auto upstream = asked.order[asked.tries++ % asked.order.size()];
    if (asked.failed.count(upstream) > 0) {
      continue;
    }
    if (send_udp(number, asked, upstream)) {
      asked.next = loop_.after(options_.next_try_after, [this, number] { try_next(number); });
      return;
    }
    asked.failed.insert(upstream);
  }
  finish(number, std::nullopt);
}

bool Resolvers::send_udp(Number number, Asked& asked, std::size_t upstream)
{
  const auto token = socket_for(upstream);
  if (!token) {
    return false;
  }
  auto& socket = udp_.at(*token);
  std::uint16_t id = 0;
  do {
    id = static_cast<std::uint16_t>(random_() & 0xffffU);
  } while (socket.waiting.count(id) > 0);
  auto query = asked.query;
  dns::set_id(query, id);
  socket.waiting.emplace(id, number);
  asked.udp.push_back({*token, id});
  const auto sent = send(socket.descriptor.get(), query.data(), query.size(), MSG_NOSIGNAL);
  // A full buffer is a lost packet: the next try follows by the clock.
  if (sent < 0 && errno != EAGAIN && errno != ENOBUFS) {
    drop_udp(asked.udp.back());
    asked.udp.pop_back();
    return false;
  }
  return true;
}

std::optional<Resolvers::Token> Resolvers::socket_for(std::size_t upstream)
{
  std::vector<Token> open;
  for (const auto& [token, socket] : udp_) {
    if (socket.upstream == upstream) {
      open.push_back(token);
    }
  }
  if (open.size() < most_sockets_per_resolver) {
    if (const auto token = open_socket(upstream)) {
      return token;
    }
  }
  if (open.empty()) {
    return std::nullopt;
  }
  const auto token = open[random_() % open.size()];
  // Past half of all ids a free one takes long to find, and is easy to guess.
  return udp_.at(token).waiting.size() < 0x8000 ? std::optional(token) : std::nullopt;
}

std::optional<Resolvers::Token> Resolvers::open_socket(std::size_t upstream)
{
  auto descriptor = connected_socket(options_.upstream[upstream], SOCK_DGRAM);
  if (!descriptor) {
    return std::nullopt;
  }
  const auto token =
      loop_.watch(descriptor.get(), EPOLLIN, [this](Token self, std::uint32_t) { on_udp(self); });
  if (!token) {
    return std::nullopt;
  }
  udp_.emplace(*token, UdpSocket{std::move(descriptor), upstream, {}});
  return *token;
}

void Resolvers::on_udp(Token token)
{
  dns::Bytes buffer(dns::largest_message);
  for (int i = 0; i < most_datagrams_at_once; ++i) {
    const auto found = udp_.find(token);
    if (found == udp_.end()) {
      return;
    }
    const auto got =
        recv(found->second.descriptor.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0) {
      if (errno != EAGAIN && errno != EINTR) {
        on_udp_error(token);
      }
      return;
    }
    on_datagram(token, {buffer.begin(), buffer.begin() + got});
  }
}

void Resolvers::on_datagram(Token token, dns::Bytes bytes)
{
  const auto& socket = udp_.at(token);
  const auto upstream = socket.upstream;
  auto response = dns::parse_response(bytes);
  const auto waiting = response ? socket.waiting.find(response->id) : socket.waiting.end();
  if (waiting == socket.waiting.end() ||
      asked_.at(waiting->second).question != response->question) {
    ++ignored_;
    return;
  }
  const auto number = waiting->second;
  if (response->truncated) {
    start_tcp(number, upstream);
    return;
  }
  accept_reply(number, upstream, {std::move(bytes), std::move(*response)});
}

// The resolver's machine says that nobody listens there: true for all who wait on this socket.
void Resolvers::on_udp_error(Token token)
{
  const auto& socket = udp_.at(token);
  const auto upstream = socket.upstream;
  std::vector<Number> numbers;
  for (const auto& [id, number] : socket.waiting) {
    numbers.push_back(number);
  }
  for (const auto number : numbers) {
    resolver_failed(number, upstream);
  }
}

void Resolvers::start_tcp(Number number, std::size_t upstream)
{
  auto& asked = asked_.at(number);
  if (asked.tcp || asked.wants_tcp) {
    return;
  }
  asked.wants_tcp = upstream;
  waiting_for_tcp_.push_back(number);
  loop_.cancel(asked.next);
  asked.next = loop_.after(2 * options_.next_try_after, [this, number] { try_next(number); });
  start_waiting_tcp();
}

void Resolvers::start_waiting_tcp()
{
  while (tcp_.size() < most_tcp && !waiting_for_tcp_.empty()) {
    const auto number = waiting_for_tcp_.front();
    waiting_for_tcp_.pop_front();
    const auto found = asked_.find(number);
    if (found == asked_.end() || !found->second.wants_tcp) {
      continue;
    }
    auto& asked = found->second;
    const auto upstream = *std::exchange(asked.wants_tcp, std::nullopt);
    TcpTry attempt;
    attempt.descriptor = connected_socket(options_.upstream[upstream], SOCK_STREAM);
    attempt.upstream = upstream;
    attempt.number = number;
    attempt.id = static_cast<std::uint16_t>(random_() & 0xffffU);
    auto query = asked.query;
    dns::set_id(query, attempt.id);
    attempt.out = {static_cast<std::uint8_t>(query.size() >> 8U),
                   static_cast<std::uint8_t>(query.size() & 0xffU)};
    attempt.out.insert(attempt.out.end(), query.begin(), query.end());
    const auto token =
        attempt.descriptor
            ? loop_.watch(attempt.descriptor.get(),
                          EPOLLIN | EPOLLOUT,
                          [this](Token self, std::uint32_t events) { on_tcp(self, events); })
            : Result<Token>(fail(Error{}));
    if (!token) {
      resolver_failed(number, upstream);
      continue;
    }
    asked.tcp = *token;
    tcp_.emplace(*token, std::move(attempt));
  }
}

void Resolvers::on_tcp(Token token, std::uint32_t events)
{
  const auto found = tcp_.find(token);
  if (found == tcp_.end()) {
    return;
  }
  auto& attempt = found->second;
  const bool alive = pump_tcp(attempt, events);
  const auto& in = attempt.in;
  const std::size_t wanted =
      in.size() < length_prefix ? dns::largest_message : static_cast<std::size_t>(dns::id_of(in));
  const bool complete = in.size() >= length_prefix && in.size() - length_prefix >= wanted;
  if (alive && !complete) {
    return;
  }
  const auto number = attempt.number;
  const auto upstream = attempt.upstream;
  const auto id = attempt.id;
  dns::Bytes bytes;
  if (complete) {
    bytes.assign(in.begin() + length_prefix,
                 in.begin() + static_cast<std::ptrdiff_t>(length_prefix + wanted));
  }
  end_tcp(token);
  auto response = dns::parse_response(bytes);
  if (complete && response && response->id == id &&
      response->question == asked_.at(number).question) {
    accept_reply(number, upstream, {std::move(bytes), std::move(*response)});
  } else {
    ignored_ += complete ? 1 : 0;
    resolver_failed(number, upstream);
  }
}

/// Sends and receives what can be without waiting. False: the connection is over.
bool Resolvers::pump_tcp(TcpTry& attempt, std::uint32_t events)
{
  const int descriptor = attempt.descriptor.get();
  if ((events & EPOLLOUT) != 0 && attempt.sent < attempt.out.size()) {
    const auto sent = send(descriptor,
                           attempt.out.data() + attempt.sent,
                           attempt.out.size() - attempt.sent,
                           MSG_NOSIGNAL);
    if (sent < 0) {
      return errno == EAGAIN || errno == EINTR;
    }
    attempt.sent += static_cast<std::size_t>(sent);
    if (attempt.sent == attempt.out.size()) {
      loop_.change(*asked_.at(attempt.number).tcp, EPOLLIN);
    }
  }
  if ((events & (EPOLLIN | EPOLLERR | EPOLLHUP)) == 0) {
    return true;
  }
  dns::Bytes buffer(length_prefix + dns::largest_message - attempt.in.size());
  const auto got = recv(descriptor, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got <= 0) {
    return got < 0 && (errno == EAGAIN || errno == EINTR);
  }
  attempt.in.insert(attempt.in.end(), buffer.begin(), buffer.begin() + got);
  return true;
}

void Resolvers::end_tcp(Token token)
{
  const auto found = tcp_.find(token);
  if (found == tcp_.end()) {
    return;
  }
  if (const auto asked = asked_.find(found->second.number); asked != asked_.end()) {
    asked->second.tcp.reset();
  }
  loop_.forget(token);
  tcp_.erase(found);
  if (!waiting_for_tcp_.empty()) {
    loop_.cancel(tcp_turn_);
    tcp_turn_ = loop_.after(std::chrono::milliseconds(0), [this] { start_waiting_tcp(); });
  }
}

void Resolvers::accept_reply(Number number, std::size_t upstream, Reply reply)
{
  auto& asked = asked_.at(number);
  const auto id = dns::id_of(asked.query);
  dns::set_id(reply.bytes, id);
  reply.response.id = id;
  if (is_failure(reply.response)) {
    asked.failure = std::move(reply);
    resolver_failed(number, upstream);
    return;
  }
  finish(number, std::move(reply));
}

void Resolvers::resolver_failed(Number number, std::size_t upstream)
{
  const auto found = asked_.find(number);
  if (found == asked_.end()) {
    return;
  }
  auto& asked = found->second;
  asked.failed.insert(upstream);
  std::vector<UdpTry> others;
  for (const auto& attempt : asked.udp) {
    if (udp_.at(attempt.socket).upstream == upstream) {
      drop_udp(attempt);
    } else {
      others.push_back(attempt);
    }
  }
  asked.udp = std::move(others);
  // An exchange with another resolver goes on, until its time is over.
  if (!asked.tcp && !asked.wants_tcp) {
    try_next(number);
  }
}

void Resolvers::finish(Number number, std::optional<Reply> reply)
{
  const auto found = asked_.find(number);
  if (found == asked_.end()) {
    return;
  }
  auto asked = std::move(found->second);
  asked_.erase(found);
  loop_.cancel(asked.next);
  loop_.cancel(asked.end);
  for (const auto& attempt : asked.udp) {
    drop_udp(attempt);
  }
  if (asked.tcp) {
    end_tcp(*asked.tcp);
  }
  asked.done(reply ? std::move(reply) : std::move(asked.failure));
}

void Resolvers::drop_udp(const UdpTry& attempt)
{
  const auto found = udp_.find(attempt.socket);
  if (found == udp_.end()) {
    return;
  }
  found->second.waiting.erase(attempt.id);
  // A fresh port for the next question.
  if (found->second.waiting.empty()) {
    loop_.forget(attempt.socket);
    udp_.erase(found);
  }
}

}  // namespace zonder::isolate
