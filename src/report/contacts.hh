// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/run_record.hh"
#include "report/style.hh"

// A contact is one thing that a command needs of an absent party, told apart by what stays the same
// from one run to the next. docs/adr/0009-baseline.md has why it is these five.
namespace zonder::report {

/// What a contact is known by. The texts are harmless for a terminal, and UTF-8.
struct ContactKey {
  std::string party;       // id of whose it is
  std::string target;      // the name that led there; the address where there was no name
  std::string protocol;    // "tcp", "udp", "icmp", a number; "dns": the name was only asked for
  std::uint16_t port = 0;  // 0 where the protocol has none
  std::string program;     // last part of how it was started; empty: not known

  auto operator<=>(const ContactKey&) const = default;
};

struct Contact {
  ContactKey key;
  std::vector<std::size_t> attempts;   // places in RunRecord::attempts, at least one
  std::vector<std::size_t> questions;  // the same, for the name of what was then tried
};

/// What the command reached for of the absent, and was stopped; by key. Where several names led to
/// one address, those count that the program itself asked for, whichever was asked for last. A
/// question for a name is a contact of its own only where the program then tried no address of it.
std::vector<Contact> contacts_of(const model::RunRecord& record);

/// Whether it is the same thing as what was known. A program that is not known fits every program;
/// a name that was asked for fits whatever it was asked for.
bool fits(const ContactKey& contact, const ContactKey& known);

/// "github.com by git (tcp/443)"
std::string words_of(const ContactKey& key, const Style& style);

}  // namespace zonder::report
