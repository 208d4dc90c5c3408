// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mail/signs.hh"

// Who keeps a domain's mail, as far as its signs tell. Where they do not, that is the verdict: a
// classifier that called such domains self-hosted was wrong about 19 of 20 whose mail bounced at
// Amazon (esorics2026, accuracy_report.json).
namespace zonder::mail {

enum class Told : std::uint8_t {
  Provider,   // a party known to keep mail
  Elsewhere,  // servers of nobody who is known to keep mail for others, and no sign of such a one
  CannotBeTold,  // behind a filter, relay or rented machine that hides it, or signs that are too
                 // weak
  NoMail,        // takes no mail
  NotAnswered    // the name servers did not say
};

struct Keeper {
  std::string party;
  std::string party_name;
  Strength strength = Strength::Weak;
  bool operator==(const Keeper&) const = default;
};

/// Whom mail passes before it is kept. The domain needs it as much as the keeper: both, not either.
struct Front {
  std::string party;  // empty: known by its machines only
  std::string name;   // of the party, or of the machine
  Role role = Role::None;
  bool operator==(const Front&) const = default;
};

struct Verdict {
  Told told = Told::Elsewhere;
  std::vector<Keeper> keepers;  // strongest first
  std::vector<Front> fronts;
  std::vector<Keeper> hints;            // parties that weak signs show, where no keeper is known
  std::vector<std::string> arrives_at;  // whose mail hosts they are, where no keeper is known
  bool operator==(const Verdict&) const = default;
};

std::string_view to_text(Told told);

Verdict judge(const DomainRecords& records, const std::vector<Sign>& signs);

}  // namespace zonder::mail
