// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mail/attribution.hh"
#include "mail/domain_records.hh"

// Which parties a domain's mail shows, and by what. A sign is one record that leads to one party;
// it is never more than that record says.
namespace zonder::mail {

enum class SignOf : std::uint8_t {
  MxName,        // a mail host bears the party's name
  MxAddress,     // a mail host's address lies in the party's network
  Dkim,          // a DKIM key lies with the party: it signs the domain's mail
  Autodiscover,  // mail programs are sent to the party
  Spf,           // the party may send the domain's mail
  Txt            // the party once asked for a token: somebody there has an account
};

/// How much a sign says of who keeps the mail.
enum class Strength : std::uint8_t {
  Weak,    // may send, or has an account
  Strong,  // signs, or is where mail programs go
  Certain  // takes in the mail
};

struct Sign {
  std::string party;
  std::string party_name;
  SignOf what = SignOf::MxName;
  Strength strength = Strength::Weak;
  Role role = Role::None;
  std::string evidence;  // "MX 10 example-nl.mail.protection.outlook.com"
  bool operator==(const Sign&) const = default;
};

std::string_view to_text(SignOf what);
std::string_view to_text(Strength strength);
std::string_view to_text(Role role);

/// All of them, strongest first, then as the records have them; a party's sign of one kind once for
/// each record.
std::vector<Sign> signs(const DomainRecords& records, const Attribution& attribution);

/// Who asked for this text in TXT: "microsoft" for "MS=ms12345678". Empty: none that is known.
std::string_view asker_of_token(std::string_view text);

}  // namespace zonder::mail
