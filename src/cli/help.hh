// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zonder::cli {

/// What `zonder` alone says: what it is, three things to try, where to read on.
std::string greeting();

/// The help of one verb in the user's language, or of all when `verb` is empty. Nothing when there
/// is no such verb.
std::optional<std::string> help(std::string_view verb);

/// The verbs there are, in the order of the help.
const std::vector<std::string>& verbs();

/// Whether later versions will have this verb, or alias of one: then it is no selector either.
bool comes_later(std::string_view typed);

/// The verb that a Dutch one stands for; any other word is itself.
std::string in_english(const std::string& verb);

/// The verb that was probably meant, or nothing when none is near.
std::optional<std::string> nearest_verb(std::string_view typed);

}  // namespace zonder::cli
