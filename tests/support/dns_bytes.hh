// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "wire/dns/message.hh"

// DNS messages by hand, without libknot, so that a test does not check a library with itself.
namespace zonder::test {

using wire::dns::Bytes;

void put_u16(Bytes& bytes, unsigned value);
void put_u32(Bytes& bytes, std::uint32_t value);
/// "www.example.nl" or "."; labels as they stand, not compressed.
void put_name(Bytes& bytes, const std::string& name);
void append(Bytes& bytes, const Bytes& more);

Bytes name_data(const std::string& name);
Bytes address_data(const std::string& address);
/// A service binding: priority, target, and parameters that the caller has made with svcb_hint().
Bytes svcb_data(unsigned priority, const std::string& target, const Bytes& parameters = {});
Bytes svcb_hint(const std::vector<std::string>& addresses);

struct TestRecord {
  std::string owner;
  unsigned type = 0;
  Bytes data;
  std::uint32_t ttl = 300;
};

struct TestMessage {
  unsigned id = 0x1234;
  unsigned flags = 0x8180;  // response, recursion wanted and available
  std::string name;
  unsigned type = wire::dns::type::a;
  std::vector<TestRecord> answers;
  std::vector<TestRecord> authority;
  std::vector<TestRecord> additional;
};

Bytes write(const TestMessage& message);

/// EDNS' record: the size that the sender takes, and whether DNSSEC is wanted.
TestRecord edns(unsigned udp_size, bool dnssec = false);

}  // namespace zonder::test
