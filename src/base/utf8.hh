// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace zonder {

/// How many characters (code points) a text has; nothing when it is not UTF-8 (RFC 3629: no
/// overlong forms, no surrogates, nothing past U+10FFFF).
std::optional<std::size_t> characters_in(std::string_view text);

}  // namespace zonder
