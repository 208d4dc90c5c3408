// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "net/address.hh"
#include "wire/capture/dns_walk.hh"
#include "wire/capture/flows.hh"
#include "wire/capture/layers.hh"

// What a capture says of who asked for whom: names in DNS, in the first words of TLS, DTLS, QUIC
// and HTTP, and exact flows. Memory is bounded whatever the capture's length: what does not fit any
// more is given up, oldest first, and counted. Nothing of a payload is kept but names.
namespace zonder::wire::capture {

/// Where something was said.
struct Scene {
  std::uint64_t frame = 0;
  std::int64_t time = no_time;
  net::Address client = net::Address::v4(0);
  net::Address server = net::Address::v4(0);
  std::uint16_t client_port = 0;
  std::uint16_t server_port = 0;
  std::uint8_t protocol = 0;  // of IP
};

/// Which names of their own kind these are: those of the last two are about the same link only.
enum class DnsKind : std::uint8_t { Dns, Multicast, LinkLocal };

struct DnsQuestion {
  DnsKind kind = DnsKind::Dns;
  bool response = false;  // it was said again in an answer
  std::uint8_t opcode = 0;
  std::uint16_t id = 0;
  std::uint16_t type = 0;
  std::string_view name;  // as NameText; empty for the root
};

struct DnsRecord {
  DnsKind kind = DnsKind::Dns;
  unsigned section = 0;  // 0 answer, 1 authority, 2 additional
  std::uint16_t type = 0;
  std::string_view owner;
  std::string_view target;                // CNAME, DNAME, NS, PTR, MX, SRV, HTTPS, SVCB
  const net::Address* address = nullptr;  // A, AAAA
};

/// By what a client named whom it wants.
enum class Said : std::uint8_t { Tls, Dtls, Quic, HttpHost, HttpTarget, Ssdp };

class Listener {
public:
  Listener() = default;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  Listener(Listener&&) = delete;
  Listener& operator=(Listener&&) = delete;
  virtual ~Listener() = default;
  virtual void asked(const Scene& scene, const DnsQuestion& question) = 0;
  virtual void answered(const Scene& scene, const DnsRecord& record) = 0;
  /// `name`: lower case, no port, no final dot; a host's name, or an address.
  virtual void named(const Scene& scene, Said said, std::string_view name) = 0;
  /// At the end, or earlier where there were too many. The client is the one that began, as far as
  /// can be told.
  virtual void flow(const Flow& flow) = 0;
};

struct CaptureLimits {
  std::size_t flows = std::size_t{1} << 18U;
  std::size_t conversations = 4096;                 // whose first words are being put together
  std::size_t kept_bytes = std::size_t{16} << 20U;  // of all of them together
};

struct CaptureCounts {
  std::uint64_t packets = 0;         // of IP, those that others carry too
  std::uint64_t flows_evicted = 0;   // of so many the rest is counted as another flow
  std::uint64_t words_given_up = 0;  // first words that did not come whole, or did not fit
  std::uint64_t lost_fragments = 0;
  std::uint64_t malformed_dns = 0;
  std::uint64_t first_malformed = 0;  // frame with headers that are; 0: none
};

class Capture {
public:
  explicit Capture(Listener& listener, const CaptureLimits& limits = {});
  ~Capture();
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;
  Capture(Capture&&) = delete;
  Capture& operator=(Capture&&) = delete;

  void frame(const Frame& frame);
  /// Several that are there at once, which is faster: memory is asked for all of their flows before
  /// the first is looked at.
  void frames(std::span<const Frame> frames);
  /// Nothing comes any more: what was begun is read as far as it goes, and all flows are given.
  void end();

  [[nodiscard]] CaptureCounts counts() const;
  [[nodiscard]] const LayerCounts& layers() const;

private:
  class Hearing;
  std::unique_ptr<Hearing> hearing_;
};

}  // namespace zonder::wire::capture
