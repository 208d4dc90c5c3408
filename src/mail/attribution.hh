// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "net/address.hh"
#include "net/asn.hh"

namespace zonder::mail {

/// What a party does with mail at a name or an address of its own.
enum class Role : std::uint8_t {
  None,       // nothing that tells of mail
  Mailboxes,  // it keeps people's mail
  Hosting,    // it keeps the mail of those whose sites it hosts, and sends what their sites send
  Filter,     // it looks at mail and passes it on
  Relay,      // it takes in or sends mail for programs; where that ends is not told
  Room        // its customers run there what they like
};

/// Whose a name, an address or an AS is.
struct Whose {
  std::string party;  // id; empty: not known
  std::string name;   // as people call it
  Role role = Role::None;
  bool operator==(const Whose&) const = default;
};

/// The catalogue, as far as mail needs it. Each may be left out: then nothing is known.
struct Attribution {
  std::function<Whose(const std::string& name)> of_name;
  std::function<Whose(net::Address address)> of_address;
  std::function<Whose(net::Asn asn)> of_origin;
  /// What a registry handed out: "example.co.uk" for "mx.example.co.uk"; the name itself where that
  /// is not known.
  std::function<std::string(const std::string& name)> registered;
};

/// A mail service that is known by the names of its machines: what the catalogue says of its party
/// is about more than mail, or it is not in there. Nothing: none of these.
struct KnownService {
  std::string_view suffix;
  std::string_view party;  // the catalogue's id, or one of ours
  std::string_view name;
  Role role;
};
const KnownService* known_service(std::string_view name);

}  // namespace zonder::mail
