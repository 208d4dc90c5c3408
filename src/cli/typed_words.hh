// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

// What was typed, word by word, before it means anything: which words stand by themselves, and what
// cannot be right about the options.
namespace zonder::cli {

using Words = std::vector<std::string>;

/// Ours, and the command of somebody else's after "--".
struct Split {
  Words ours;
  Words command;
  bool dashes = false;
};
Split split_at_dashes(const Words& words);

/// An option as far as its words go.
struct OptionShape {
  std::string name;  // "--like", "-q"
  bool takes_value = false;
  bool repeats = false;  // may be given several times
  bool number = false;   // its value is a whole number
};
using Shapes = std::vector<OptionShape>;

/// Where the words are that are no option and no option's value.
std::vector<std::size_t> plain_words(const Words& words, const Shapes& known);

/// The first thing that cannot be right, as a sentence: an option that there is not (with the one
/// that was probably meant), one without its value, one that is given twice, a number that is none.
/// `see` is the command whose help tells more. Nothing when all is well.
std::optional<std::string>
mistake_in_options(const Words& words, const Shapes& known, const std::string& see);

}  // namespace zonder::cli
