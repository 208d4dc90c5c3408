// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "support/fake_resolver.hh"

#include <array>
#include <cstring>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace zonder::test {
namespace {

sockaddr_in loopback(std::uint16_t port)
{
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

bool readable(int descriptor, int milliseconds)
{
  pollfd waiting{.fd = descriptor, .events = POLLIN, .revents = 0};
  return poll(&waiting, 1, milliseconds) > 0;
}

std::optional<Bytes> read_exactly(int descriptor, std::size_t size, int milliseconds)
{
  Bytes bytes(size);
  for (std::size_t have = 0; have < size;) {
    if (!readable(descriptor, milliseconds)) {
      return std::nullopt;
    }
    const auto got = read(descriptor, bytes.data() + have, size - have);
    if (got <= 0) {
      return std::nullopt;
    }
    have += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::optional<Bytes> read_message(int descriptor, int milliseconds)
{
  const auto length = read_exactly(descriptor, 2, milliseconds);
  return length ? read_exactly(descriptor,
                               static_cast<std::size_t>((*length)[0] << 8U | (*length)[1]),
                               milliseconds)
                : std::nullopt;
}

void write_message(int descriptor, const Bytes& message)
{
  Bytes bytes;
  put_u16(bytes, static_cast<unsigned>(message.size()));
  append(bytes, message);
  for (std::size_t sent = 0; sent < bytes.size();) {
    const auto now = send(descriptor, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (now <= 0) {
      return;
    }
    sent += static_cast<std::size_t>(now);
  }
}

}  // namespace

Descriptor loopback_socket(int kind, std::uint16_t port, bool v6)
{
  Descriptor descriptor(socket(v6 ? AF_INET6 : AF_INET, kind | SOCK_CLOEXEC, 0));
  const auto address = loopback(port);
  sockaddr_in6 address6{};
  address6.sin6_family = AF_INET6;
  address6.sin6_addr = in6addr_loopback;
  address6.sin6_port = htons(port);
  const auto* any = v6 ? reinterpret_cast<const sockaddr*>(&address6)
                       : reinterpret_cast<const sockaddr*>(&address);
  const auto size = v6 ? socklen_t{sizeof address6} : socklen_t{sizeof address};
  if (bind(descriptor.get(), any, size) != 0) {
    return {};
  }
  if (kind == SOCK_STREAM) {
    listen(descriptor.get(), 128);
  }
  return descriptor;
}

std::uint16_t port_of(const Descriptor& socket)
{
  sockaddr_in6 address{};  // large enough for both, and the port lies at the same place
  socklen_t size = sizeof address;
  getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin6_port);
}

std::optional<Bytes> exchange_udp(std::uint16_t port, const Bytes& bytes, int milliseconds)
{
  const Descriptor descriptor(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto address = loopback(port);
  connect(descriptor.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  send(descriptor.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (!readable(descriptor.get(), milliseconds)) {
    return std::nullopt;
  }
  Bytes answer(65536);
  const auto got = recv(descriptor.get(), answer.data(), answer.size(), 0);
  if (got < 0) {
    return std::nullopt;
  }
  answer.resize(static_cast<std::size_t>(got));
  return answer;
}

std::optional<Bytes> exchange_tcp(std::uint16_t port, const Bytes& bytes, int milliseconds)
{
  const Descriptor descriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto address = loopback(port);
  if (connect(descriptor.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return std::nullopt;
  }
  write_message(descriptor.get(), bytes);
  return read_message(descriptor.get(), milliseconds);
}

FakeResolver::FakeResolver(Script script) : script_(std::move(script))
{
  // The port that UDP got may be taken for TCP: then another one.
  for (int i = 0; i < 20 && !tcp_; ++i) {
    udp_ = loopback_socket(SOCK_DGRAM);
    port_ = port_of(udp_);
    tcp_ = loopback_socket(SOCK_STREAM, port_);
  }
  if (!tcp_) {
    throw std::runtime_error("no port on loopback");
  }
  elsewhere_ = loopback_socket(SOCK_DGRAM);
  const int large = 4 << 20;
  setsockopt(udp_.get(), SOL_SOCKET, SO_RCVBUF, &large, sizeof large);
  thread_ = std::thread([this] { run(); });
}

FakeResolver::~FakeResolver()
{
  stop_ = true;
  thread_.join();
}

void FakeResolver::run()
{
  while (!stop_) {
    std::array<pollfd, 2> waiting{pollfd{udp_.get(), POLLIN, 0}, pollfd{tcp_.get(), POLLIN, 0}};
    poll(waiting.data(), waiting.size(), 20);
    if ((waiting[0].revents & POLLIN) != 0) {
      serve_udp();
    }
    if ((waiting[1].revents & POLLIN) != 0) {
      serve_tcp();
    }
  }
}

std::vector<FakeResolver::Answer> FakeResolver::answers_to(const Bytes& bytes, bool over_tcp)
{
  const auto query = wire::dns::parse_query(bytes);
  ++asked_;
  return query ? script_({query->id, query->question, over_tcp, bytes}) : std::vector<Answer>{};
}

void FakeResolver::serve_udp()
{
  Bytes bytes(65536);
  sockaddr_in from{};
  socklen_t size = sizeof from;
  const auto got = recvfrom(udp_.get(),
                            bytes.data(),
                            bytes.size(),
                            MSG_DONTWAIT,
                            reinterpret_cast<sockaddr*>(&from),
                            &size);
  if (got < 0) {
    return;
  }
  bytes.resize(static_cast<std::size_t>(got));
  for (const auto& answer : answers_to(bytes, false)) {
    sendto(answer.from_elsewhere ? elsewhere_.get() : udp_.get(),
           answer.bytes.data(),
           answer.bytes.size(),
           MSG_NOSIGNAL,
           reinterpret_cast<const sockaddr*>(&from),
           size);
  }
}

void FakeResolver::serve_tcp()
{
  const Descriptor connection(accept4(tcp_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  const auto bytes = connection ? read_message(connection.get(), 1000) : std::nullopt;
  if (!bytes) {
    return;
  }
  for (const auto& answer : answers_to(*bytes, true)) {
    write_message(connection.get(), answer.bytes);
  }
}

FakeResolver::Answer
reply(const FakeResolver::Asked& asked, std::vector<TestRecord> answers, unsigned flags)
{
  return {write({.id = asked.id,
                 .flags = flags,
                 .name = asked.question.name,
                 .type = asked.question.type,
                 .answers = std::move(answers)})};
}

}  // namespace zonder::test
