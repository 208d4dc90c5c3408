// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wire/logs/entry.hh"

// Flow records as routers and firewalls export them: NetFlow version 5 (Cisco's, fixed records of
// 48 bytes), version 9 (RFC 3954) and IPFIX (RFC 7011), whose records are described by templates in
// the same stream. What templates claim is bounded before it is believed; a datagram that says more
// than it has is dropped whole.
namespace zonder::wire::flows {

class DatagramReader {
public:
  /// One datagram. Its flows go to `sink`; what cannot be read is counted.
  void take(std::span<const std::uint8_t> datagram, logs::EntrySink& sink);
  /// A datagram that could not even be delimited.
  void unreadable(const std::string& why);
  [[nodiscard]] const logs::Tally& tally() const { return tally_; }
  /// Records that came before, or without, their template: nobody knows what is in them. They are
  /// counted as unreadable at the end.
  void finish();

private:
  struct Column {
    std::uint16_t element = 0;  // 0: of no use
    std::uint16_t size = 0;     // 65535: told in each record
  };
  struct Template {
    std::vector<Column> columns;
    std::size_t least = 0;  // bytes of a record
    bool is_options = false;
  };
  class Bytes;
  using Stream = std::pair<std::uint32_t, std::uint16_t>;  // domain, template

  bool read_v5(Bytes bytes, logs::EntrySink& sink);
  bool read_v9(Bytes bytes, logs::EntrySink& sink);
  bool read_ipfix(Bytes bytes, logs::EntrySink& sink);
  bool read_set(std::uint32_t domain, std::uint16_t id, Bytes set, logs::EntrySink& sink);
  bool read_templates(std::uint32_t domain, Bytes set);
  bool read_options_templates(std::uint32_t domain, Bytes set);
  bool read_columns(Bytes& set, std::size_t count, Template& made) const;
  bool keep(std::uint32_t domain, std::uint16_t id, Template made);
  bool read_records(const Template& form, Bytes set, logs::EntrySink& sink);
  void give(logs::EntrySink& sink, std::uint64_t flags_of_tcp);

  std::map<Stream, Template> templates_;
  std::uint64_t datagrams_ = 0;
  std::uint64_t without_template_ = 0;  // sets
  bool is_ipfix_ = false;
  // Of the datagram that is read: when the exporter started, and sent it.
  logs::Micros started_ = 0;
  logs::Micros sent_ = 0;
  std::string client_;
  std::string server_;
  logs::Entry entry_;
  logs::Tally tally_;
};

/// Whether a file begins with datagrams that each have their length before them, as a big-endian
/// number of four bytes.
bool is_length_framed(std::string_view head);
/// Whether a file is IPFIX messages one after the other (RFC 5655).
bool is_ipfix_file(std::string_view head);

}  // namespace zonder::wire::flows
