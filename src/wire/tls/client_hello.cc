// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/tls/client_hello.hh"

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

namespace zonder::wire::tls {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint8_t handshake_record = 22;
constexpr std::size_t longest_record = 16384;
constexpr std::size_t record_header = 5;
constexpr std::size_t message_header = 4;
constexpr std::uint8_t client_hello = 1;
constexpr std::uint16_t server_name = 0;
constexpr std::uint16_t encrypted_client_hello = 0xfe0d;
constexpr std::uint8_t host_name = 0;
constexpr std::size_t longest_name = 255;

/// Takes from the front; once something was not there, nothing is any more.
class Reader {
public:
  explicit Reader(Bytes bytes) : left_(bytes) {}

  Bytes take(std::size_t count)
  {
    if (failed_ || count > left_.size()) {
      failed_ = true;
      return {};
    }
    const auto taken = left_.first(count);
    left_ = left_.subspan(count);
    return taken;
  }
  std::size_t number(std::size_t width)
  {
    std::size_t value = 0;
    for (const auto byte : take(width)) {
      value = value << 8U | byte;
    }
    return value;
  }
  /// A vector with its length before it, which must be within these bounds.
  Bytes vector(std::size_t width, std::size_t least, std::size_t most)
  {
    const auto length = number(width);
    if (length < least || length > most) {
      failed_ = true;
    }
    return take(length);
  }
  [[nodiscard]] bool empty() const { return left_.empty(); }
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] bool ended_well() const { return !failed_ && left_.empty(); }

private:
  Bytes left_;
  bool failed_ = false;
};

/// A host name as it may stand in a certificate; nothing when it has any other byte.
std::optional<std::string> host_text(Bytes bytes)
{
  if (!bytes.empty() && bytes.back() == '.') {
    bytes = bytes.first(bytes.size() - 1);
  }
  if (bytes.empty() || bytes.size() > longest_name) {
    return std::nullopt;
  }
  std::string text;
  for (const auto byte : bytes) {
    const bool upper = byte >= 'A' && byte <= 'Z';
    const bool plain = upper || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
                       byte == '-' || byte == '_' || byte == '.';
    if (!plain) {
      return std::nullopt;
    }
    text.push_back(static_cast<char>(upper ? byte - 'A' + 'a' : byte));
  }
  const bool empty_label =
      text.front() == '.' || text.back() == '.' || text.find("..") != std::string::npos;
  return empty_label ? std::nullopt : std::optional(text);
}

/// One name at most of each type (RFC 6066 3), and the only type there is is a host name.
std::optional<std::string> name_in(Bytes extension)
{
  Reader outer(extension);
  Reader list(outer.vector(2, 1, 0xffff));
  std::optional<std::string> name;
  while (!list.empty() && !list.failed()) {
    const auto type = list.number(1);
    const auto value = list.vector(2, 1, 0xffff);
    if (type != host_name || name) {
      return std::nullopt;
    }
    name = host_text(value);
    if (!name) {
      return std::nullopt;
    }
  }
  return outer.ended_well() && list.ended_well() ? name : std::nullopt;
}

HelloRead read_extensions(Bytes bytes)
{
  Reader extensions(bytes);
  ClientHello hello;
  std::set<std::size_t> known;
  while (!extensions.empty()) {
    const auto type = extensions.number(2);
    const auto data = extensions.vector(2, 0, 0xffff);
    // Types that nobody knows (GREASE, RFC 8701) are as good as any, but none comes twice.
    if (extensions.failed() || !known.insert(type).second) {
      return NoHello::Malformed;
    }
    if (type == server_name) {
      const auto name = name_in(data);
      if (!name) {
        return NoHello::Malformed;
      }
      hello.server_name = *name;
    }
    hello.encrypted = hello.encrypted || type == encrypted_client_hello;
  }
  return hello;
}

HelloRead read_message(Bytes bytes)
{
  Reader message(bytes);
  message.take(2 + 32);      // version and random
  message.vector(1, 0, 32);  // session
  const auto suites = message.vector(2, 2, 0xfffe);
  message.vector(1, 1, 255);  // compression
  if (message.failed() || suites.size() % 2 != 0) {
    return NoHello::Malformed;
  }
  if (message.empty()) {
    return ClientHello{};  // before TLS 1.3 there may be no extensions
  }
  const auto extensions = message.vector(2, 0, 0xffff);
  return message.ended_well() ? read_extensions(extensions) : HelloRead(NoHello::Malformed);
}

/// How long the message is with its header; of the header alone until that is there. Nothing: it is
/// no ClientHello, or too long.
std::optional<std::size_t> length_of(const std::vector<std::uint8_t>& message)
{
  if (message.empty()) {
    return message_header;
  }
  if (message.front() != client_hello) {
    return std::nullopt;
  }
  if (message.size() < message_header) {
    return message_header;
  }
  Reader header(Bytes(message).subspan(1));
  const auto length = header.number(3);
  return length > 0 && length <= longest_hello ? std::optional(message_header + length)
                                               : std::nullopt;
}

}  // namespace

HelloRead read_client_hello(std::span<const std::uint8_t> bytes)
{
  // What was sent first decides whether this is TLS at all, as soon as there is any of it.
  if (!bytes.empty() && bytes[0] != handshake_record) {
    return NoHello::NotTls;
  }
  if (bytes.size() > 1 && bytes[1] != 3) {
    return NoHello::NotTls;
  }
  std::vector<std::uint8_t> message;
  while (bytes.size() >= record_header) {
    Reader header(bytes.first(record_header));
    const auto type = header.number(1);
    const auto version = header.number(2);
    const auto length = header.number(2);
    if (type != handshake_record || version >> 8U != 3 || length == 0 || length > longest_record) {
      return NoHello::Malformed;
    }
    const auto there = bytes.subspan(record_header);
    const auto part = there.first(std::min(length, there.size()));
    message.insert(message.end(), part.begin(), part.end());
    const auto whole = length_of(message);
    if (!whole) {
      return NoHello::Malformed;
    }
    if (message.size() > *whole) {
      return NoHello::Malformed;
    }
    if (message.size() == *whole && message.size() > message_header) {
      // The record may hold nothing more either, even where that has not come yet.
      return part.size() == length ? read_message(Bytes(message).subspan(message_header))
                                   : HelloRead(NoHello::Malformed);
    }
    bytes = there.subspan(part.size());
  }
  return NoHello::More;
}

}  // namespace zonder::wire::tls
