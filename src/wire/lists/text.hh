// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

// Small helpers for foreign text; only for this folder.
namespace zonder::wire::lists {

/// Without blanks, tabs and carriage returns at both ends.
std::string_view trimmed(std::string_view text);

/// The first word, which is taken off the text with the blanks around it; empty at its end.
std::string_view take_word(std::string_view& text);

/// What comes before the next `separator`, which is taken off too.
std::string_view take_until(std::string_view& text, char separator);

/// Calls `reader` with every line's number (from 1) and its trimmed text, while it returns true.
void each_line(std::string_view text,
               const std::function<bool(std::size_t, std::string_view)>& reader);

/// Foreign text that is fit to be shown: control characters and what is no UTF-8 become '?', and
/// past `longest` bytes it is cut.
std::string shown(std::string_view text, std::size_t longest = 100);

/// "2026-08-11" from "2026-08-11...", "20260811" alone or ahead of what is no digit; else empty.
std::string iso_day(std::string_view text);

/// "prefixes/github/ipv4_merged.txt": file name, file name without its extension, folder.
std::string_view file_name(std::string_view path);
std::string_view file_stem(std::string_view path);
std::string_view folder_name(std::string_view path);

}  // namespace zonder::wire::lists
