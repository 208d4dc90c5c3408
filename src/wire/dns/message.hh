// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hh"
#include "net/address.hh"
#include "net/domain_name.hh"

// DNS messages (RFC 1035, EDNS: RFC 6891, SVCB and HTTPS: RFC 9460), read with libknot. Bytes come
// from anybody: at the first surprise the whole message is refused.
namespace zonder::wire::dns {

using Bytes = std::vector<std::uint8_t>;

namespace type {
inline constexpr std::uint16_t a = 1;
inline constexpr std::uint16_t ns = 2;
inline constexpr std::uint16_t cname = 5;
inline constexpr std::uint16_t soa = 6;
inline constexpr std::uint16_t ptr = 12;
inline constexpr std::uint16_t mx = 15;
inline constexpr std::uint16_t txt = 16;
inline constexpr std::uint16_t aaaa = 28;
inline constexpr std::uint16_t srv = 33;
inline constexpr std::uint16_t dname = 39;
inline constexpr std::uint16_t svcb = 64;
inline constexpr std::uint16_t https = 65;
inline constexpr std::uint16_t any = 255;
}  // namespace type

/// The answer code; codes past these are passed along as their number.
enum class Rcode : std::uint16_t {
  NoError = 0,
  FormErr = 1,
  ServFail = 2,
  NxDomain = 3,
  NotImp = 4,
  Refused = 5
};

inline constexpr std::uint16_t class_in = 1;
inline constexpr std::size_t smallest_message = 12;
inline constexpr std::size_t largest_message = 65535;
/// What fits into an answer over UDP when the asker says nothing.
inline constexpr std::uint16_t plain_udp_size = 512;

/// What is asked. The name is as Record::owner.
struct Question {
  std::string name;
  std::uint16_t type = 0;
  std::uint16_t class_code = class_in;
  auto operator<=>(const Question&) const = default;
};

struct Query {
  std::uint16_t id = 0;
  std::uint8_t opcode = 0;  // 0: an ordinary query; with another one the question is not looked at
  Question question;
  bool has_edns = false;
  bool wants_dnssec = false;
  std::uint16_t udp_size = plain_udp_size;  // the largest answer that the asker takes over UDP
};

enum class Section : std::uint8_t { Answer, Authority, Additional };

/// One record of an answer; EDNS' own OPT is not among them.
struct Record {
  Section section = Section::Answer;
  /// Lower case, without the final dot, "." for the root. A byte that is not a letter, digit, '-'
  /// or '_' is written as \DDD, so that this can be shown and compared.
  std::string owner;
  std::uint16_t type = 0;
  std::uint32_t ttl = 0;
  std::vector<net::Address> addresses;  // A and AAAA: one; SVCB and HTTPS: their hints
  /// CNAME, DNAME, NS, PTR, MX, SRV: the name pointed at; SOA: the primary server; SVCB and HTTPS:
  /// the target ("." means the owner). Empty for others.
  std::string target;
};

struct Response {
  std::uint16_t id = 0;
  bool truncated = false;
  std::uint16_t rcode = 0;  // with EDNS' upper bits
  Question question;
  std::vector<Record> records;
};

/// Errors: not a well-formed query with exactly one question.
Result<Query> parse_query(std::span<const std::uint8_t> message);

/// Errors: not a well-formed response with exactly one question; a record whose content is not what
/// its type says; bytes after the end. In a truncated response the records may be fewer.
Result<Response> parse_response(std::span<const std::uint8_t> message);

/// "A", "HTTPS", "TYPE65280".
std::string type_name(std::uint16_t type);

/// "NOERROR", "SERVFAIL", "RCODE77".
std::string rcode_name(std::uint16_t rcode);

/// The name without labels that no host name may have, from the left: what rules about names can be
/// asked about. Nothing for the root.
std::optional<net::DomainName> as_domain_name(std::string_view name);

}  // namespace zonder::wire::dns
