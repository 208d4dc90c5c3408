// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

// First messages of TLS by hand, so that a reader is not checked with itself.
namespace zonder::test {

using TlsBytes = std::vector<std::uint8_t>;

inline void add_number(TlsBytes& to, std::size_t value, std::size_t width)
{
  for (std::size_t i = width; i-- > 0;) {
    to.push_back(static_cast<std::uint8_t>(value >> (8 * i) & 0xffU));
  }
}

inline void add_vector(TlsBytes& to, const TlsBytes& content, std::size_t width)
{
  add_number(to, content.size(), width);
  to.insert(to.end(), content.begin(), content.end());
}

/// The content of a server_name extension.
inline TlsBytes server_name_data(const std::string& name)
{
  TlsBytes entry = {0};
  add_vector(entry, {name.begin(), name.end()}, 2);
  TlsBytes data;
  add_vector(data, entry, 2);
  return data;
}

struct TestHello {
  std::vector<std::pair<unsigned, TlsBytes>> extensions;
  bool no_extensions = false;  // not even an empty list, as old clients do

  static TestHello for_name(const std::string& name)
  {
    return {.extensions = {{0x1a1a, {}}, {0, server_name_data(name)}, {0x2b, {2, 3, 4}}}};
  }
};

/// The handshake message, with its header.
inline TlsBytes message_of(const TestHello& hello)
{
  TlsBytes body = {3, 3};
  body.resize(body.size() + 32, 0x5a);
  add_vector(body, TlsBytes(32, 7), 1);
  add_vector(body, {0x1a, 0x1a, 0x13, 0x01}, 2);
  add_vector(body, {0}, 1);
  if (!hello.no_extensions) {
    TlsBytes list;
    for (const auto& [type, data] : hello.extensions) {
      add_number(list, type, 2);
      add_vector(list, data, 2);
    }
    add_vector(body, list, 2);
  }
  TlsBytes message = {1};
  add_vector(message, body, 3);
  return message;
}

/// In records of at most `most` bytes each.
inline TlsBytes in_records(const TlsBytes& message, std::size_t most = 16384)
{
  TlsBytes all;
  for (std::size_t at = 0; at < message.size(); at += most) {
    const auto end = std::min(message.size(), at + most);
    all.insert(all.end(), {22, 3, 1});
    add_vector(all,
               {message.begin() + static_cast<std::ptrdiff_t>(at),
                message.begin() + static_cast<std::ptrdiff_t>(end)},
               2);
  }
  return all;
}

}  // namespace zonder::test
