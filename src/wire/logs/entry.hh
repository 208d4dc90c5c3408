// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

// What the readers of logs, flows and tapped DNS have in common: each gives entries of one form, as
// its format has them. What they mean to us is for the taker to say.
namespace zonder::wire::logs {

/// Microseconds since 1970; `no_time` where there is none.
using Micros = std::int64_t;
inline constexpr Micros no_time = std::numeric_limits<Micros>::min();

enum class What : std::uint8_t {
  Flow,         // client, server, port, protocol, bytes
  Dns,          // client, name when it is a question; records when it is an answer; or both
  Tls,          // client, server, name: what the client called the server
  Quic,         // the same
  Http,         // the same, by the request's host
  Certificate,  // name, issuer
  SignIn,       // subject: an application; object: what was signed in to; or name: who signed it in
  // What lists say; the subject is an application, where nothing else is said.
  Has,         // subject: an organisation, which may be empty; object: an application
  Needs,       // object: an application; or name: a host
  SuppliedBy,  // object: a party
  HostedIn,    // object: a jurisdiction
  Identifier   // object: what the list calls it, as "scheme:identifier"
};

/// One record of an answer: A, AAAA, CNAME and so on by its number.
struct DnsRecord {
  std::string_view owner;
  std::uint16_t type = 0;
  std::string_view data;  // an address, or the name pointed at
};

/// One thing that happened. Its texts live until the taker returns, and are as the log has them:
/// nothing is known of them.
struct Entry {
  What what = What::Flow;
  Micros first = no_time;
  Micros last = no_time;
  std::string_view client;
  std::string_view server;
  std::uint16_t port = 0;     // of the server; 0 where the protocol has none
  std::string_view protocol;  // "tcp", "udp", or another word or number
  bool is_question = true;    // Dns: the name was asked for
  std::string_view name;      // asked for, or said
  std::string_view issuer;    // Certificate: whose it is, in the words of the certificate
  std::string_view subject;   // SignIn and what lists say: in the list's own words, UTF-8
  std::string_view object;
  std::vector<DnsRecord> records;
  std::uint64_t count = 1;
  std::uint64_t bytes = 0;
};

class EntrySink {
public:
  EntrySink() = default;
  EntrySink(const EntrySink&) = delete;
  EntrySink& operator=(const EntrySink&) = delete;
  EntrySink(EntrySink&&) = delete;
  EntrySink& operator=(EntrySink&&) = delete;
  virtual ~EntrySink() = default;
  /// False: something in it is not what it should be, such as an address that is none; then nothing
  /// of it was taken.
  virtual bool take(const Entry& entry) = 0;
};

/// How much was read, how much could not be, and where the first of those is.
struct Tally {
  std::uint64_t records = 0;
  std::uint64_t unreadable = 0;
  std::string first_problem;  // in the user's language
};

}  // namespace zonder::wire::logs
