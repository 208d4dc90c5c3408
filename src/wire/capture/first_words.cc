// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/capture/first_words.hh"

#include <algorithm>

namespace zonder::wire::capture {
namespace {

constexpr std::uint8_t handshake_record = 22;
constexpr std::uint8_t client_hello = 1;
constexpr std::size_t record_header = 5;
constexpr std::size_t longest_record = 16384 + 2048;  // what TLS 1.2 lets an encrypted one have
constexpr std::size_t message_header = 4;
constexpr std::uint16_t server_name = 0;
constexpr std::uint16_t encrypted_hello = 0xfe0d;
constexpr std::size_t longest_host = 255;

/// Takes from the front; what is not there is empty, and then nothing more is.
class Reader {
public:
  explicit Reader(Bytes bytes) : left_(bytes) {}
  Bytes take(std::size_t count)
  {
    if (count > left_.size()) {
      short_ = true;
      left_ = {};
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
  Bytes vector(std::size_t width) { return take(number(width)); }
  [[nodiscard]] bool empty() const { return left_.empty(); }
  [[nodiscard]] bool came_short() const { return short_; }

private:
  Bytes left_;
  bool short_ = false;
};

std::string_view text_of(Bytes bytes)
{
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The first host name of the extension (RFC 6066 3).
std::string name_in(Bytes extension)
{
  Reader list(extension);
  list.take(2);
  while (!list.empty()) {
    const auto kind = list.number(1);
    const auto value = list.vector(2);
    if (kind == 0 && !list.came_short()) {
      return host_text(text_of(value));
    }
  }
  return {};
}

bool is_token_letter(std::uint8_t byte)
{
  return (byte >= 'A' && byte <= 'Z') || byte == '-' || byte == '_';
}

constexpr std::size_t longest_method = 20;

/// The length of the method that stands first; all there is when it has no end yet, 0 for no
/// method.
std::size_t method_size(Bytes bytes)
{
  std::size_t size = 0;
  while (size < bytes.size() && size <= longest_method && is_token_letter(bytes[size])) {
    ++size;
  }
  const bool ended = size < bytes.size();
  return size > longest_method || (ended && (size < 3 || bytes[size] != ' ')) ? 0 : size;
}

std::string_view without_spaces(std::string_view text)
{
  const auto is_space = [](char c) {
    return c == ' ' || c == '\t' || c == '\r';
  };
  while (!text.empty() && is_space(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_space(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

bool same_word(std::string_view text, std::string_view lower)
{
  return text.size() == lower.size() &&
         std::equal(text.begin(), text.end(), lower.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
         });
}

/// Of "http://user@host:80/path" or, for CONNECT, "host:443".
std::string target_host(std::string_view target, bool connect)
{
  if (!connect) {
    const auto scheme = target.find("://");
    if (scheme == std::string_view::npos || scheme > 8) {
      return {};
    }
    target.remove_prefix(scheme + 3);
    target = target.substr(0, target.find_first_of("/?#"));
    if (const auto user = target.rfind('@'); user != std::string_view::npos) {
      target.remove_prefix(user + 1);
    }
  }
  return host_text(target);
}

}  // namespace

std::string host_text(std::string_view text)
{
  std::string host;
  if (!text.empty() && text.front() == '[') {
    const auto end = text.find(']');
    text = end == std::string_view::npos ? std::string_view() : text.substr(1, end - 1);
  } else if (const auto colon = text.find(':');
             colon != std::string_view::npos &&
             text.find(':', colon + 1) == std::string_view::npos) {
    text = text.substr(0, colon);
  }
  if (!text.empty() && text.back() == '.') {
    text.remove_suffix(1);
  }
  if (text.empty() || text.size() > longest_host) {
    return {};
  }
  host.reserve(text.size());
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool plain = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_' || c == '.' || c == ':';
    if (!plain) {
      return {};
    }
    host.push_back(upper ? static_cast<char>(c - 'A' + 'a') : c);
  }
  const bool empty_label =
      host.front() == '.' || host.back() == '.' || host.find("..") != std::string::npos;
  return empty_label ? std::string() : host;
}

Reading read_hello_message(Bytes message, bool ended, HelloWords& words)
{
  if (!message.empty() && message[0] != client_hello) {
    return Reading::Other;
  }
  if (message.size() >= message_header) {
    const std::size_t length = number24(&message[1]);
    if (length > longest_words) {
      return Reading::Other;
    }
    if (message.size() - message_header >= length) {
      message = message.first(message_header + length);
      ended = true;
    }
  }
  if (!ended) {
    return Reading::More;
  }
  Reader reader(message);
  reader.take(message_header + 2 + 32);  // version and random
  reader.vector(1);                      // session
  reader.vector(2);                      // cipher suites
  reader.vector(1);                      // compression
  if (reader.came_short()) {
    return Reading::Other;
  }
  reader.number(2);
  while (!reader.empty()) {
    const auto type = reader.number(2);
    const auto data = reader.vector(2);
    if (reader.came_short()) {
      break;
    }
    if (type == server_name && words.name.empty()) {
      words.name = name_in(data);
    }
    words.encrypted = words.encrypted || type == encrypted_hello;
  }
  return Reading::Done;
}

bool may_begin_hello(Bytes bytes)
{
  const auto at = [&](std::size_t place, auto good) {
    return place >= bytes.size() || good(bytes[place]);
  };
  return !bytes.empty() && bytes[0] == handshake_record &&
         at(1, [](unsigned byte) { return byte == 3; }) &&
         at(2, [](unsigned byte) { return byte <= 4; }) &&
         at(3, [](unsigned byte) { return byte <= longest_record >> 8U; }) &&
         at(5, [](unsigned byte) { return byte == client_hello; });
}

Reading read_hello_records(Bytes bytes, bool ended, HelloWords& words)
{
  if (!may_begin_hello(bytes)) {
    return Reading::Other;
  }
  // In the common case one record has it all, and nothing is copied.
  if (bytes.size() > record_header) {
    const std::size_t length = number16(&bytes[3]);
    if (bytes.size() - record_header >= length) {
      const auto whole = read_hello_message(bytes.subspan(record_header, length), false, words);
      if (whole != Reading::More) {
        return whole;
      }
    }
  }
  std::vector<std::uint8_t> message;
  auto left = bytes;
  while (left.size() >= record_header && left[0] == handshake_record && left[1] == 3) {
    const std::size_t length = number16(&left[3]);
    if (length == 0 || length > longest_record) {
      return Reading::Other;
    }
    const auto there = left.subspan(record_header);
    const auto part = there.first(std::min(length, there.size()));
    message.insert(message.end(), part.begin(), part.end());
    left = there.subspan(part.size());
  }
  // Another kind of record in between: nothing that follows is of this message.
  const bool broken = left.size() >= record_header;
  return read_hello_message(message, ended || broken, words);
}

bool may_begin_dtls_hello(Bytes bytes)
{
  return bytes.size() > 25 && bytes[0] == handshake_record && bytes[1] == 0xfe &&
         bytes[2] >= 0xfc && bytes[13] == client_hello;
}

Reading read_dtls_hello(Bytes datagram, DatagramHello& hello, HelloWords& words)
{
  constexpr std::size_t header = 13;
  constexpr std::size_t fragment_header = 12;
  while (datagram.size() >= header + fragment_header && datagram[0] == handshake_record) {
    const std::size_t record = number16(&datagram[11]);
    auto body = datagram.subspan(header);
    body = body.first(std::min(record, body.size()));
    datagram = datagram.subspan(header + body.size());
    if (body.size() < fragment_header || body[0] != client_hello) {
      continue;
    }
    const std::size_t length = number24(&body[1]);
    const std::size_t offset = number24(&body[6]);
    const std::size_t size = number24(&body[9]);
    const auto piece = body.subspan(fragment_header);
    if (length > longest_words / 4 || size > piece.size() || offset > length ||
        size > length - offset) {
      return Reading::Other;
    }
    if (hello.have.size() != length) {
      hello.message.assign(message_header + length, 0);
      hello.have.assign(length, false);
      hello.missing = length;
      std::copy_n(body.begin(), message_header, hello.message.begin());
    }
    for (std::size_t i = 0; i < size; ++i) {
      hello.message[message_header + offset + i] = piece[i];
      hello.missing -= hello.have[offset + i] ? 0U : 1U;
      hello.have[offset + i] = true;
    }
    if (hello.missing == 0) {
      // After the session DTLS has a cookie, which TLS has not.
      const std::size_t session = message_header + 2 + 32;
      auto& message = hello.message;
      if (message.size() > session) {
        const std::size_t cookie = session + 1 + message[session];
        if (cookie < message.size() && message.size() - cookie > message[cookie]) {
          const auto at = message.begin() + static_cast<std::ptrdiff_t>(cookie);
          const auto end = at + 1 + *at;
          message.erase(at, end);
          const auto now = message.size() - message_header;
          message[1] = static_cast<std::uint8_t>(now >> 16U);
          message[2] = static_cast<std::uint8_t>(now >> 8U);
          message[3] = static_cast<std::uint8_t>(now);
        }
      }
      hello.have.clear();
      return read_hello_message(message, true, words);
    }
  }
  return Reading::More;
}

bool may_begin_request(Bytes bytes)
{
  return method_size(bytes.first(std::min(bytes.size(), longest_method + 1))) > 0;
}

Reading read_request(Bytes bytes, bool ended, RequestWords& words)
{
  const auto text = text_of(bytes);
  const auto first_end = text.find('\n');
  if (first_end == std::string_view::npos) {
    return ended ? Reading::Other : Reading::More;
  }
  const auto line = without_spaces(text.substr(0, first_end));
  const auto method_end = line.find(' ');
  const auto version = line.rfind(' ');
  if (method_end == std::string_view::npos || version <= method_end ||
      !line.substr(version + 1).starts_with("HTTP/1.")) {
    return Reading::Other;
  }
  const bool connect = line.substr(0, method_end) == "CONNECT";
  std::string host;
  std::size_t at = first_end + 1;
  bool whole = false;
  while (at < text.size()) {
    const auto end = text.find('\n', at);
    if (end == std::string_view::npos) {
      break;
    }
    const auto field = text.substr(at, end - at);
    at = end + 1;
    if (field.empty() || field == "\r") {
      whole = true;
      break;
    }
    const auto colon = field.find(':');
    if (host.empty() && colon != std::string_view::npos &&
        same_word(without_spaces(field.substr(0, colon)), "host")) {
      host = host_text(without_spaces(field.substr(colon + 1)));
    }
  }
  if (!whole && !ended) {
    return Reading::More;
  }
  words.host = std::move(host);
  words.target = target_host(line.substr(method_end + 1, version - method_end - 1), connect);
  words.connect = connect;
  words.size = at;
  return Reading::Done;
}

std::size_t proxy_header(Bytes bytes)
{
  constexpr std::string_view binary("\r\n\r\n\0\r\nQUIT\n", 12);
  constexpr std::size_t longest_line = 107;
  const auto text = text_of(bytes);
  if (text.starts_with("PROXY ")) {
    const auto end = text.substr(0, longest_line).find("\r\n");
    return end == std::string_view::npos ? 0 : end + 2;
  }
  if (text.size() >= 16 && text.starts_with(binary)) {
    const std::size_t size = 16U + number16(&bytes[14]);
    return size <= bytes.size() ? size : 0;
  }
  return 0;
}

}  // namespace zonder::wire::capture
