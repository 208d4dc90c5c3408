// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// Addresses are read as generously as browsers and curl read them: any number of slashes, either
// way round, and characters that should have been written as %20. Where it is not sure that
// something is a password it is taken for one: hiding too much costs a word, too little a secret.
#include "net/url_passwords.hh"

#include <algorithm>
#include <array>
#include <optional>

#include "base/ascii.hh"

namespace zonder::net {
namespace {

constexpr auto none = std::string_view::npos;

bool is_space(char c)
{
  return static_cast<unsigned char>(c) <= 0x20;
}

bool is_slash(char c)
{
  return c == '/' || c == '\\';
}

bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

bool is_letter_or_digit(char c)
{
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The first place from `begin` on where `stops` holds, or the end.
template <typename Stops>
std::size_t end_from(std::string_view text, std::size_t begin, Stops stops)
{
  const auto at = std::find_if(
      text.begin() + static_cast<std::ptrdiff_t>(std::min(begin, text.size())), text.end(), stops);
  return static_cast<std::size_t>(at - text.begin());
}

/// From `begin` on, up to what ends the part of an address that names who asks, and the host.
std::size_t end_of_authority(std::string_view text, std::size_t begin)
{
  return end_from(
      text, begin, [](char c) { return is_space(c) || is_slash(c) || c == '?' || c == '#'; });
}

std::size_t end_of_word(std::string_view text, std::size_t begin)
{
  return end_from(text, begin, is_space);
}

/// Behind the colon at `colon`: the digits of a port, or nothing.
bool is_no_password(std::string_view text, std::size_t colon)
{
  const auto end = end_from(text, colon + 1, [](char c) { return !is_digit(c); });
  return end == text.size() ||
         (end == colon + 1 ? is_space(text[end]) : !is_letter_or_digit(text[end]));
}

/// Where the "@" is behind a password with characters that no address may hold, such as
/// "user:pass word@host"; npos: there is no such password. `colon` is where it begins. It goes on
/// in the same line up to the next address, and to the last "@" of the word.
std::size_t at_behind_odd_password(std::string_view text, std::size_t colon)
{
  if (is_no_password(text, colon)) {
    return none;
  }
  auto rest = text.substr(0, text.find("//", colon));
  rest = rest.substr(0, rest.find('\n', colon));
  const auto first = rest.find('@', colon);
  return first == none ? none : rest.substr(0, end_of_word(rest, first)).rfind('@');
}

struct Place {
  std::size_t begin = 0;
  std::size_t length = 0;
  std::size_t end = 0;  // of what was read of the address
};

/// The password of an address whose slashes end at `begin`.
std::optional<Place> password_of_authority(std::string_view text, std::size_t begin)
{
  auto end = end_of_authority(text, begin);
  const auto authority = text.substr(begin, end - begin);
  const auto colon = begin + std::min(authority.find(':'), text.size() - begin);
  if (colon >= end) {
    return std::nullopt;
  }
  auto host = authority.rfind('@') == none ? none : begin + authority.rfind('@');
  if (host == none) {
    host = at_behind_odd_password(text, colon);
    end = std::max(end, host == none ? 0 : host + 1);
  }
  if (host == none || host <= colon + 1) {
    return std::nullopt;
  }
  return Place{.begin = colon + 1, .length = host - colon - 1, .end = end};
}

/// "www.example.nl", "[2001:db8::1]:8080", "h.example:80/path": nothing else.
bool is_host_and_port(std::string_view text)
{
  const auto bracket = text.starts_with('[') ? text.find(']') : 0;
  if (bracket == none) {
    return false;
  }
  auto at = bracket != 0 ? bracket + 1 : end_from(text, 0, [](char c) {
    return !is_letter_or_digit(c) && c != '.' && c != '-' && c != '_' &&
           static_cast<unsigned char>(c) < 0x80;
  });
  if (at == 0) {
    return false;
  }
  if (at < text.size() && text[at] == ':') {
    const auto end = end_from(text, at + 1, [](char c) { return !is_digit(c); });
    if (end == at + 1) {
      return false;
    }
    at = end;
  }
  return at == text.size() || is_slash(text[at]) || text[at] == '?' || text[at] == '#';
}

/// "mailto:somebody@example.nl" has no password: what stands before the colon tells what follows.
bool tells_a_kind(std::string_view word)
{
  constexpr std::array kinds = {"mailto", "sip", "sips", "xmpp", "acct", "im", "npm", "jsr"};
  return std::any_of(kinds.begin(), kinds.end(), [&word](std::string_view kind) {
    return word.size() >= kind.size() && ascii_lower(std::string(word)).ends_with(kind) &&
           (word.size() == kind.size() || !is_letter_or_digit(word[word.size() - kind.size() - 1]));
  });
}

/// The password of a word that is an address without a scheme, user:password@host; as the value of
/// an option, or between quotes, too.
std::optional<Place> password_of_word(std::string_view text, std::size_t begin, std::size_t end)
{
  auto word = text.substr(begin, end - begin);
  while (!word.empty() && std::string_view("'\"`,;:.)>}").find(word.back()) != none) {
    word.remove_suffix(1);
  }
  const auto colon = word.find(':');
  const auto path = colon == none ? none : end_of_authority(word, colon);
  const auto host = path == none ? none : word.substr(0, path).rfind('@');
  if (colon == none || colon == 0 || host == none || host <= colon + 1 ||
      word.substr(0, colon).find_first_of("@/\\") != none || tells_a_kind(word.substr(0, colon)) ||
      !is_host_and_port(word.substr(host + 1))) {
    return std::nullopt;
  }
  return Place{.begin = begin + colon + 1, .length = host - colon - 1, .end = begin + host + 1};
}

/// Where the slashes of an address that begins at `at` end: "//", or some behind a colon
/// ("https:/", "http:\\").
std::size_t end_of_slashes(std::string_view text, std::size_t at)
{
  const bool behind_scheme = at > 1 && text[at - 1] == ':' && is_letter_or_digit(text[at - 2]);
  const auto end = end_from(text, at, [](char c) { return !is_slash(c); });
  const bool two = text.substr(at, 2) == "//";
  return behind_scheme || two ? end : at;
}

}  // namespace

std::vector<std::pair<std::size_t, std::size_t>> passwords_in(std::string_view text)
{
  std::vector<std::pair<std::size_t, std::size_t>> found;
  for (std::size_t at = 0; at < text.size();) {
    const bool begins_word = !is_space(text[at]) && (at == 0 || is_space(text[at - 1]));
    auto place = begins_word ? password_of_word(text, at, end_of_word(text, at)) : std::nullopt;
    auto next = at + 1;
    if (!place && is_slash(text[at])) {
      const auto begin = end_of_slashes(text, at);
      place = begin > at ? password_of_authority(text, begin) : std::nullopt;
      next = std::max(next, begin);
    }
    if (place) {
      found.emplace_back(place->begin, place->length);
      next = place->end;
    }
    at = next;
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
