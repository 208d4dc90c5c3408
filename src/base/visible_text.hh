// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace zonder {

/// Whether a text has control characters: U+0000 to U+001F, U+007F to U+009F, and the separators of
/// lines and paragraphs (U+2028, U+2029). False for what is not UTF-8.
bool has_control_characters(std::string_view text);

/// The text without what would not be seen and can mislead whoever reads it: control characters but
/// line feeds, those that turn the direction of writing, those without a width. Nothing when it is
/// not UTF-8.
std::optional<std::string> visible_text(std::string_view text);

/// A JSON document, with every such character, and those of control that JSON lets stand, written
/// as \uXXXX: it means the same, and nobody who looks at the file is misled. `json` is UTF-8.
std::string json_without_unseen(std::string_view json);

}  // namespace zonder
