// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "wire/logs/entry.hh"

namespace zonder::wire::dns {

/// The question of a DNS message and what its answer section holds of addresses and of other names,
/// and no more: for logs of millions of messages, of which libknot's reading (message.hh) would be
/// the larger part of the cost. The names point into the reader's own memory until the next
/// message.
///
/// Compression (RFC 1035, 4.1.4) may only point to before where it stands, so that a name ends; all
/// names of a message together are bounded.
class BriefReader {
public:
  BriefReader();

  /// False at the first surprise: then nothing holds.
  bool read(std::span<const std::uint8_t> message);

  [[nodiscard]] bool is_response() const { return is_response_; }
  /// Lower case, without a final dot; empty for the root. A byte that no host name has is left as
  /// it is, but for a dot within a label, which is a '\'.
  [[nodiscard]] std::string_view question() const { return question_; }
  [[nodiscard]] std::uint16_t type() const { return type_; }
  /// A, AAAA, CNAME, DNAME, NS, MX, and SVCB and HTTPS with a target. Empty when the answer says
  /// that something went wrong.
  [[nodiscard]] const std::vector<logs::DnsRecord>& records() const { return records_; }

private:
  bool take_name(std::size_t& at, std::string_view& name);
  bool take_record(std::size_t& at);
  [[nodiscard]] std::uint16_t number(std::size_t at) const;
  std::string_view address_text(std::size_t at, bool is_v4);

  static constexpr std::size_t most_text = std::size_t{64} << 10U;
  std::unique_ptr<char[]> text_;
  std::size_t used_ = 0;
  std::span<const std::uint8_t> message_;
  bool is_response_ = false;
  std::string_view question_;
  std::uint16_t type_ = 0;
  std::vector<logs::DnsRecord> records_;
};

}  // namespace zonder::wire::dns
