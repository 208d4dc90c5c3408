// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "base/suggestion.hh"

#include <algorithm>

namespace zonder {
namespace {

constexpr std::size_t longest_word = 64;

std::size_t slips_allowed(std::size_t length)
{
  if (length < 3) {
    return 0;
  }
  return length < 6 ? 1 : 2;
}

}  // namespace

std::size_t slips_between(std::string_view a, std::string_view b)
{
  // Three rows of the usual table: the one before last is needed for swapped letters.
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    row[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t wrong = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + wrong});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

std::optional<std::string> suggestion_for(std::string_view typed,
                                          const std::vector<std::string>& known)
{
  if (typed.size() > longest_word) {
    return std::nullopt;
  }
  std::optional<std::string> nearest;
  std::size_t least = slips_allowed(typed.size()) + 1;
  for (const std::string& word : known) {
    if (word.size() > longest_word) {
      continue;
    }
    const std::size_t slips = slips_between(typed, word);
    if (slips > 0 && slips < least) {
      least = slips;
      nearest = word;
    }
  }
  return nearest;
}

}  // namespace zonder
