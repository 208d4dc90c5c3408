// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hh"
#include "catalog/facts.hh"
#include "model/absence.hh"
#include "model/failure.hh"
#include "net/address.hh"
#include "net/asn.hh"
#include "net/domain_name.hh"
#include "net/prefix.hh"
#include "net/special_use.hh"

// Whose is this? The face of the module: one read-only snapshot, asked by name, address, AS number
// or selector. How an address gets its party: docs/adr/0006-whose-address.md.
namespace zonder::catalog {

class Snapshot;

/// An owner somewhere above a party, as of a day.
struct OwnerAbove {
  std::string id;
  std::string name;
  std::string jurisdiction;   // empty: not known
  std::optional<Date> from;   // nothing: not known since when
  std::optional<Date> until;  // nothing: still
  Confidence confidence = Confidence::Unverified;
};

/// Who runs it, who owns that, and under which law: the same for every address of a party.
struct Control {
  std::string operator_id;  // the party, or the other one that runs it
  std::string operator_name;
  std::string operator_jurisdiction;  // empty: not known
  std::vector<OwnerAbove> owners;     // direct parents first, up to the top
  bool owners_known = true;           // false: somewhere above nobody knows, or nobody looked it up
  /// Of the ultimate parent, since that is who can be ordered; of the operator where the catalogue
  /// knows no parent, or several under different law. Empty: not known.
  std::string jurisdiction;
};

/// What is known of one input.
struct Answer {
  std::string input;
  std::string party;       // id; empty: not known
  std::string party_name;  // as people call it
  std::string service;     // id of a service of the party; empty: none in particular
  std::string service_name_en;
  std::string service_name_nl;
  std::string service_category;  // of it: "identity", "mail"
  Space space = Space::Unknown;
  Control control;
  std::string prefix;           // the announced or published prefix that decided; empty for names
  std::optional<net::Asn> asn;  // that originates the address, or that was asked for
  std::string as_name;          // as the AS table names it
  std::string name_rule;        // the suffix that decided; empty for addresses
  std::string source;           // where the claim comes from, with its date
  std::string source_says;      // what it says, in our words; may be empty
  Confidence confidence = Confidence::Unverified;
  /// Space that is nobody's in particular; only where no party is known.
  std::optional<net::SpecialUse> special;
};

/// A selector resolved, with what must be said about it.
struct Selection {
  model::Absence absence;
  std::size_t parties = 0;
  std::size_t services = 0;
  std::size_t prefixes_v4 = 0;
  std::size_t prefixes_v6 = 0;
  std::size_t names = 0;
  /// "microsoft = 3 owners, 61 services, 412 IPv4 + 70 IPv6 prefixes, 350 names; data of ..."
  std::string summary;
  /// What else a reader must know: what came along by ownership, weaker claims, the data's age.
  std::vector<std::string> notes;
};

/// What a snapshot says of itself.
struct About {
  std::string path;
  std::string date;           // ISO day of the address data: of the AS table, which decides most
  std::string facts_date;     // ISO day of the newest fact or list in it
  std::string checksum;       // SHA-256, hexadecimal
  std::string base_checksum;  // of the shipped snapshot that a user's one was made on; or ""
  std::vector<std::string> credits;  // attribution that licences ask for
};

/// How closely a snapshot is looked at before it is used.
enum class Examined {
  Structure,  // nothing in it leads outside it
  Checksum    // and every byte is as it was written
};

class Catalog {
public:
  /// Opens the first snapshot that is there and sound. One that is there but unsound is passed over
  /// with a sentence in notes(): which, how to mend it, and what is used instead. Errors: none of
  /// them can be used.
  static Result<Catalog> open(const std::vector<std::string>& paths,
                              Examined examined = Examined::Structure);

  /// A snapshot held in memory: for tests, and for trying one before it is written.
  static Result<Catalog> from_bytes(std::string bytes);

  Catalog(Catalog&&) noexcept;
  Catalog& operator=(Catalog&&) noexcept;
  ~Catalog();

  /// Whose is this name, address, prefix or AS number ("as8075")? Errors: it is none of these.
  [[nodiscard]] Result<Answer> who(std::string_view input, Date as_of) const;
  [[nodiscard]] Answer who(net::Address address, Date as_of) const;
  [[nodiscard]] Answer who(const net::DomainName& name, Date as_of) const;

  /// Resolves a selector of the grammar in README.md (selector) for a day. `except` is a
  /// selector too, or empty. `today` tells the data's age. Errors: a sentence with what is wrong in
  /// it and one suggestion.
  [[nodiscard]] Result<Selection> select(std::string_view selector,
                                         std::string_view except,
                                         Date as_of,
                                         Date today,
                                         model::FailureMode mode = model::FailureMode::Gone) const;

  [[nodiscard]] Control control_of(std::size_t party, std::string_view operated, Date as_of) const;
  [[nodiscard]] const Facts& facts() const;
  [[nodiscard]] const Snapshot& snapshot() const;
  [[nodiscard]] const About& about() const;
  /// Sentences about snapshots that were passed over; usually none.
  [[nodiscard]] const std::vector<std::string>& notes() const;

private:
  struct Parts;
  explicit Catalog(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace zonder::catalog
