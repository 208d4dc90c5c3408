// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Passwords that stand in addresses, http://user:password@host/ and user:password@host, and all
// that looks like them: a colon, and later in the word an "@". Where they are shown they become
// ***, so that it can be seen that there was one. Who the user is stays, also where that is the
// secret, as in https://token@host/.
namespace zonder::net {

/// Where the passwords are: first byte and length each, in order. The text may be one address, or
/// any words with addresses among them. An empty password is none.
std::vector<std::pair<std::size_t, std::size_t>> passwords_in(std::string_view text);

/// "see http://user:***@www.example.nl/"
std::string without_passwords(std::string_view text);

/// Of the beginning of a text whose rest nobody saw: as if an "@" came next. "http://user:***"
std::string without_passwords_cut_off(std::string_view beginning);

}  // namespace zonder::net
