// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "cli/typed_words.hh"

#include <algorithm>
#include <charconv>
#include <set>
#include <string_view>

#include "base/suggestion.hh"
#include "base/translate.hh"

namespace zonder::cli {
namespace {

bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

/// "-" alone and negative numbers are values.
bool looks_like_option(std::string_view word)
{
  return word.size() > 1 && word[0] == '-' && !is_digit(word[1]);
}

/// An option with what stands behind it, or a plain word.
struct Piece {
  std::size_t at = 0;
  std::string name;                    // of an option; empty: a plain word
  const OptionShape* shape = nullptr;  // nothing: no option that we know
  std::optional<std::string> value;
};

std::vector<Piece> pieces_of(const Words& words, const Shapes& known)
{
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < words.size(); ++i) {
    Piece piece{.at = i, .name = {}, .value = {}};
    if (looks_like_option(words[i])) {
      const auto equals = words[i].starts_with("--") ? words[i].find('=') : std::string::npos;
      piece.name = words[i].substr(0, equals);
      const auto shape = std::find_if(known.begin(), known.end(), [&piece](const auto& each) {
        return each.name == piece.name;
      });
      piece.shape = shape == known.end() ? nullptr : &*shape;
      if (equals != std::string::npos) {
        piece.value = words[i].substr(equals + 1);
      } else if (piece.shape != nullptr && piece.shape->takes_value && i + 1 < words.size() &&
                 !looks_like_option(words[i + 1])) {
        piece.value = words[++i];
      }
    }
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

bool is_number(const std::string& text)
{
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

std::string not_known(const std::string& option, const Shapes& known, const std::string& see)
{
  Words names;
  for (const auto& each : known) {
    names.push_back(each.name);
  }
  const auto meant = suggestion_for(option, names);
  return meant ? say("there is no option {} (did you mean {}?)", option, *meant)
               : say("I do not know what to do with: {} ({} shows what there is)", option, see);
}

}  // namespace

Split split_at_dashes(const Words& words)
{
  const auto dashes = std::find(words.begin(), words.end(), "--");
  Split split;
  split.ours.assign(words.begin(), dashes);
  split.dashes = dashes != words.end();
  if (split.dashes) {
    split.command.assign(dashes + 1, words.end());
  }
  return split;
}

std::vector<std::size_t> plain_words(const Words& words, const Shapes& known)
{
  std::vector<std::size_t> plain;
  for (const auto& piece : pieces_of(words, known)) {
    if (piece.name.empty()) {
      plain.push_back(piece.at);
    }
  }
  return plain;
}

std::optional<std::string>
mistake_in_options(const Words& words, const Shapes& known, const std::string& see)
{
  std::set<std::string> seen;
  for (const auto& piece : pieces_of(words, known)) {
    if (piece.name.empty()) {
      continue;
    }
    if (piece.shape == nullptr) {
      return not_known(piece.name, known, see);
    }
    if (!piece.shape->takes_value) {
      if (piece.value) {
        return say("{} takes no value, so not {}", piece.name, *piece.value);
      }
      continue;
    }
    if (!piece.value) {
      return say("{} needs a value behind it ({} shows which)", piece.name, see);
    }
    if (!seen.insert(piece.name).second && !piece.shape->repeats) {
      return say("{} is given twice: keep one", piece.name);
    }
    if (piece.shape->number && !is_number(*piece.value)) {
      return say("{} wants a number, not {}", piece.name, *piece.value);
    }
  }
  return std::nullopt;
}

}  // namespace zonder::cli
