// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "wire/dns/message.hh"

// DNS messages that we make ourselves. Each answer copies id, question and EDNS from the query.
namespace zonder::wire::dns {

/// A query with recursion wanted. The name is "." or as DomainName::text().
/// Errors: not a name.
Result<Bytes> build_query(std::uint16_t id, const std::string& name, std::uint16_t type);

/// A query for what a resolver has in its cache, sound or not: it shall ask nobody. Errors: not a
/// name.
Result<Bytes> build_cache_query(std::uint16_t id, const std::string& name, std::uint16_t type);

/// An answer without records: NXDOMAIN, SERVFAIL, and with NoError "no such data". Errors: `query`
/// is no query.
Result<Bytes> answer_empty(std::span<const std::uint8_t> query, Rcode rcode);

/// One A or AAAA record, by the address' family, at the name asked for.
Result<Bytes>
answer_address(std::span<const std::uint8_t> query, net::Address address, std::uint32_t ttl);

/// "Too long for UDP: ask again over TCP."
Result<Bytes> answer_truncated(std::span<const std::uint8_t> query);

/// The response without its additional section, EDNS excepted. Errors: as parse_response().
Result<Bytes> without_additional(std::span<const std::uint8_t> response);

/// A response, and how often something was taken out of it.
struct Shortened {
  Bytes bytes;
  std::size_t removed = 0;
};

/// The response with no "ech" (SvcParamKey 5) in its SVCB and HTTPS records, so that who reads it
/// names the server in the open when it begins TLS. Where nothing is removed the bytes are as they
/// were; else the message is written anew, and no longer claims to be validated. Errors: as
/// parse_response().
Result<Shortened> without_ech(std::span<const std::uint8_t> response);

/// The id, the first two bytes of any message. The message has at least two.
std::uint16_t id_of(std::span<const std::uint8_t> message);
void set_id(Bytes& message, std::uint16_t id);

}  // namespace zonder::wire::dns
