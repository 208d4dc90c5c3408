// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/descriptor.hh"
#include "support/dns_bytes.hh"
#include "wire/dns/message.hh"

namespace zonder::test {

/// A resolver on 127.0.0.1, UDP and TCP on one port, that answers what a test wants: nothing, one
/// message or several.
class FakeResolver {
public:
  struct Asked {
    std::uint16_t id = 0;
    wire::dns::Question question;
    bool over_tcp = false;
    Bytes bytes;
  };
  struct Answer {
    Bytes bytes;
    bool from_elsewhere = false;  // from another port than was asked
  };
  using Script = std::function<std::vector<Answer>(const Asked&)>;

  explicit FakeResolver(Script script);
  ~FakeResolver();
  FakeResolver(const FakeResolver&) = delete;
  FakeResolver& operator=(const FakeResolver&) = delete;
  FakeResolver(FakeResolver&&) = delete;
  FakeResolver& operator=(FakeResolver&&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int asked() const { return asked_; }

private:
  void run();
  void serve_udp();
  void serve_tcp();
  std::vector<Answer> answers_to(const Bytes& bytes, bool over_tcp);

  Script script_;
  std::uint16_t port_ = 0;
  std::atomic<int> asked_ = 0;
  std::atomic<bool> stop_ = false;
  Descriptor udp_;
  Descriptor tcp_;
  Descriptor elsewhere_;
  std::thread thread_;
};

/// A socket on 127.0.0.1, or [::1], with a port of the kernel's choice (or `port`).
Descriptor loopback_socket(int kind, std::uint16_t port = 0, bool v6 = false);
std::uint16_t port_of(const Descriptor& socket);

/// Sends the bytes to 127.0.0.1 and gives what comes back; nothing after the time is over.
std::optional<Bytes> exchange_udp(std::uint16_t port, const Bytes& bytes, int milliseconds = 20000);
std::optional<Bytes> exchange_tcp(std::uint16_t port, const Bytes& bytes, int milliseconds = 20000);

/// A response to what was asked, with these records in its answer section.
FakeResolver::Answer
reply(const FakeResolver::Asked& asked, std::vector<TestRecord> answers, unsigned flags = 0x8180);

}  // namespace zonder::test
