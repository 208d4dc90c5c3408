// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "wire/logs/entry.hh"

// Small readers of the words in logs.
namespace zonder::wire::logs {

/// Digits alone, up to 18 of them; nothing for anything else.
std::optional<std::uint64_t> number(std::string_view text);
/// A port; nothing past 65535.
std::optional<std::uint16_t> port(std::string_view text);
/// Seconds since 1970 with or without a fraction: "1609459200.123456".
Micros seconds(std::string_view text);
/// "2026-11-23T09:30:05.123456+0100", with ' ' for 'T', "Z" or no zone at all (which is read as
/// UTC), "+01:00" too.
Micros iso_time(std::string_view text);
/// "23-Nov-2026 09:30:05.123", read as UTC.
Micros day_month_year(std::string_view text);
Micros at(int year, unsigned month, unsigned day, unsigned hour, unsigned minute, unsigned second);

/// What comes before the next `separator`, which is taken off too; all where there is none.
std::string_view take_until(std::string_view& text, char separator);
/// The next word between blanks; empty at the end.
std::string_view take_word(std::string_view& text);
/// Without blanks at both ends.
std::string_view trimmed(std::string_view text);
/// The number of a record's type: "A", "aaaa", "TYPE65"; nothing for a word that is none.
std::optional<std::uint16_t> record_type(std::string_view word);
/// "Jan" is 1; 0 for another word.
unsigned month_number(std::string_view word);

/// "www.example.nl:8443" of "https://user@www.example.nl:8443/path"; "www.example.nl:443" of
/// itself.
std::string_view host_in(std::string_view url);

/// The organisation in a distinguished name ("CN=R3,O=Let's Encrypt,C=US", in either order), or
/// its common name where it has none.
std::string_view organisation_in(std::string_view distinguished_name);

}  // namespace zonder::wire::logs
