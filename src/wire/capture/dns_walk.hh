// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "wire/capture/bytes.hh"

namespace zonder::wire::capture {

/// A domain name as text: lower case, without a final dot, empty for the root. A byte that is not a
/// letter, digit, '-' or '_' stands as \DDD.
class NameText {
public:
  NameText() {}  // NOLINT: leaves the bytes as they are, because this is made for every message
  [[nodiscard]] std::string_view text() const { return {bytes_.data(), size_}; }
  /// Every byte is one that a host's name may have.
  [[nodiscard]] bool plain() const { return plain_; }
  void clear();
  void label(Bytes label);

private:
  std::array<char, 1024> bytes_;  // 253 bytes, each at most four long; only what has been written
  std::size_t size_ = 0;
  bool plain_ = true;
};

/// Goes through a DNS message that somebody else exchanged. Unlike wire::dns, which refuses a
/// message at the first surprise, it gives what stands before the surprise: what was asked was
/// asked, whatever else is wrong. Copies nothing and asks for no memory, as most frames of some
/// captures are DNS.
class DnsWalk {
public:
  static constexpr std::size_t header = 12;
  /// The message has at least a header.
  explicit DnsWalk(Bytes message);
  /// Whether it can hardly be anything else, on whatever port: one question of the Internet's class
  /// about a name that a host may have, and every count and length right to the last byte.
  static bool looks_like_dns(Bytes message);

  [[nodiscard]] bool is_response() const { return (flags_ & 0x8000U) != 0; }
  [[nodiscard]] unsigned opcode() const { return flags_ >> 11U & 15U; }
  [[nodiscard]] std::uint16_t id() const { return id_; }
  [[nodiscard]] unsigned questions() const { return questions_; }

  /// The next question, whose name and type then are name() and type(). False: no more.
  bool next_question();
  /// The next record of the answer, authority and additional sections.
  bool next_record();

  [[nodiscard]] const NameText& name() const { return name_; }
  [[nodiscard]] std::uint16_t type() const { return type_; }
  [[nodiscard]] std::uint16_t class_code() const { return class_; }
  /// 0 answer, 1 authority, 2 additional.
  [[nodiscard]] unsigned section() const { return section_; }
  [[nodiscard]] Bytes data() const { return data_; }
  /// The name that stands `skip` bytes into the data of the record. False: it is malformed.
  bool target(std::size_t skip, NameText& name) const;

  /// Everything was read, and as it should be.
  [[nodiscard]] bool whole() const { return !broken_; }

private:
  bool read_name(std::size_t& at, NameText& name) const;
  bool fail();

  Bytes message_;
  std::size_t at_ = 12;
  std::uint16_t id_ = 0;
  std::uint16_t flags_ = 0;
  unsigned questions_ = 0;
  std::array<unsigned, 3> records_{};
  NameText name_;
  std::uint16_t type_ = 0;
  std::uint16_t class_ = 0;
  unsigned section_ = 0;
  std::size_t data_at_ = 0;
  Bytes data_;
  bool broken_ = false;
};

}  // namespace zonder::wire::capture
