// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// Where it is not sure that something is a password it is taken for one: hiding too much costs a
// word, too little a secret. So no address is taken apart here. In a word, all from the first colon
// that is not a scheme's up to the last "@" is a password, whatever stands in between.
#include "net/url_passwords.hh"

#include <algorithm>
#include <array>

#include "base/ascii.hh"

namespace zonder::net {
namespace {

constexpr auto none = std::string_view::npos;
constexpr std::string_view slashes = "/\\";
constexpr std::string_view digits = "0123456789";

bool is_space(char c)
{
  return static_cast<unsigned char>(c) <= 0x20;
}

std::size_t end_of_word(std::string_view text, std::size_t begin)
{
  const auto at =
      std::find_if(text.begin() + static_cast<std::ptrdiff_t>(begin), text.end(), is_space);
  return static_cast<std::size_t>(at - text.begin());
}

/// Whether what stands at `at` is one of these; past the end nothing is.
bool is_one_of(std::string_view these, std::string_view text, std::size_t at)
{
  return at < text.size() && these.find(text[at]) != none;
}

/// The first colon that does not end a scheme, as that of "http://" does.
std::size_t first_colon(std::string_view word)
{
  auto colon = word.find(':');
  while (colon != none && is_one_of(slashes, word, colon + 1) &&
         is_one_of(slashes, word, colon + 2)) {
    colon = word.find(':', colon + 1);
  }
  return colon;
}

/// "mailto:somebody@example.nl" has no password: what stands before its only colon tells what
/// follows.
bool is_of_a_kind(std::string_view word, std::size_t colon, std::size_t at)
{
  constexpr std::array kinds = {"mailto",
                                "sip",
                                "sips",
                                "xmpp",
                                "acct",
                                "im",
                                "npm",
                                "jsr",
                                // of selectors, as in "registry:RU,@us"
                                "category",
                                "service",
                                "registry"};
  const auto before = ascii_lower(std::string(word.substr(0, colon)));
  return std::find(kinds.begin(), kinds.end(), before) != kinds.end() &&
         word.substr(0, at).find(':', colon + 1) == none;
}

/// A port, or the colon of a sentence: digits, and no more letters behind them.
bool is_port(std::string_view word, std::size_t colon)
{
  const auto end = word.find_first_not_of(digits, colon + 1);
  constexpr std::string_view ends = ",;.)/'\"";
  return end == none || (end > colon + 1 && is_one_of(ends, word, end));
}

/// Whether the word is an address whose password may go on behind a space: in "http://user:my" it
/// begins, as the first thing behind the slashes of a scheme.
bool may_go_on(std::string_view word)
{
  for (auto colon = word.find(':'); colon != none; colon = word.find(':', colon + 1)) {
    const auto slash = word.substr(0, colon).find_last_of(slashes);
    if (slash != none && slash > 0 && is_one_of("/\\:", word, slash - 1)) {
      return !is_port(word, colon);
    }
  }
  return false;
}

/// The last "@" of the first word that has one: behind `begin`, in the same line, before the next
/// address.
std::size_t at_further_on(std::string_view text, std::size_t begin)
{
  const auto rest = text.substr(0, std::min(text.find('\n', begin), text.find("//", begin)));
  const auto first = rest.find('@', begin);
  return first == none ? none : rest.substr(0, end_of_word(rest, first)).rfind('@');
}

}  // namespace

std::vector<std::pair<std::size_t, std::size_t>> passwords_in(std::string_view text)
{
  std::vector<std::pair<std::size_t, std::size_t>> found;
  for (std::size_t begin = 0; begin < text.size();) {
    auto end = end_of_word(text, begin);
    const auto word = text.substr(begin, end - begin);
    const auto colon = first_colon(word);
    auto at = colon == none ? none : word.rfind('@');
    if (at != none && is_of_a_kind(word, colon, at)) {
      at = colon;
    }
    if (at == none && colon != none && may_go_on(word)) {
      const auto further = at_further_on(text, end);
      at = further == none ? none : further - begin;
      end = further == none ? end : end_of_word(text, further);
    }
    if (at != none && at > colon + 1) {
      found.emplace_back(begin + colon + 1, at - colon - 1);
    }
    begin = end + 1;
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

std::string without_passwords_cut_off(std::string_view beginning)
{
  auto shown = without_passwords(std::string(beginning) + "@");
  shown.pop_back();
  return shown;
}

}  // namespace zonder::net
