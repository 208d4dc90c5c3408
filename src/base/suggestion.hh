// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zonder {

/// How many single slips (a letter too many, too few, wrong, or two swapped) lie between two words:
/// the Damerau-Levenshtein distance in its restricted form, where no letter is touched twice.
std::size_t slips_between(std::string_view a, std::string_view b);

/// The word that was probably meant: the nearest of `known` (the first in order among equals), when
/// it is near enough to be a slip: one in a short word, two from six letters on.
std::optional<std::string> suggestion_for(std::string_view typed,
                                          const std::vector<std::string>& known);

}  // namespace zonder
