// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "net/url_passwords.hh"

#include <algorithm>

namespace zonder::net {
namespace {

/// From `begin` on, up to what ends the part of an address that names who asks, and the host.
std::size_t end_of_authority(std::string_view text, std::size_t begin)
{
  const auto ends = [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == '/' || c == '?' || c == '#' || c == '\\';
  };
  auto end = begin;
  while (end < text.size() && !ends(text[end])) {
    ++end;
  }
  return end;
}

}  // namespace

std::vector<std::pair<std::size_t, std::size_t>> passwords_in(std::string_view text)
{
  std::vector<std::pair<std::size_t, std::size_t>> found;
  for (auto at = text.find("//"); at != std::string_view::npos; at = text.find("//", at)) {
    const auto begin = at + 2;
    const auto end = end_of_authority(text, begin);
    const auto authority = text.substr(begin, end - begin);
    const auto host = authority.rfind('@');
    const auto colon = authority.find(':');
    if (host != std::string_view::npos && colon < host && host - colon > 1) {
      found.emplace_back(begin + colon + 1, host - colon - 1);
    }
    at = std::max(end, at + 1);
  }
  return found;
}

std::string without_passwords(std::string_view text)
{
  std::string shown;
  std::size_t done = 0;
  for (const auto& [begin, length] : passwords_in(text)) {
    shown.append(text.substr(done, begin - done)).append("***");
    done = begin + length;
  }
  return shown.append(text.substr(done));
}

}  // namespace zonder::net
