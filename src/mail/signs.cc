// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "mail/signs.hh"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "base/ascii.hh"

namespace zonder::mail {
namespace {

/// Beginnings of the texts that services ask for in TXT, to see that a domain is somebody's.
/// Looked up on 27 November 2026 in: github:davidhuser/mxmap src/mail_sovereignty/signatures.py
/// (Microsoft, Google) and in the kinds that mxmap-it/mxmap.it counts in its records (the others).
struct Token {
  std::string_view start;
  std::string_view asker;
};
constexpr std::array tokens{Token{"ms=ms", "microsoft"},
                            Token{"google-site-verification=", "google"},
                            Token{"apple-domain-verification=", "apple"},
                            Token{"facebook-domain-verification=", "facebook"},
                            Token{"atlassian-domain-verification=", "atlassian"},
                            Token{"docusign=", "docusign"}};

/// What the asker is called in the catalogue.
std::string_view party_of_asker(std::string_view asker)
{
  return asker == "facebook" ? "meta" : asker;
}

/// Finds signs in one domain's records.
class Finder {
public:
  Finder(const DomainRecords& records, const Attribution& attribution)
      : records_(records), attribution_(attribution)
  {
  }

  std::vector<Sign> find()
  {
    mail_hosts();
    keys();
    mail_programs();
    senders();
    tokens_asked_for();
    std::stable_sort(signs_.begin(), signs_.end(), [](const Sign& one, const Sign& other) {
      return one.strength > other.strength;
    });
    return std::move(signs_);
  }

private:
  void mail_hosts()
  {
    for (const auto& [preference, host] : records_.mail_hosts) {
      const std::string record = "MX " + std::to_string(preference) + " " + host.name;
      named(host.name, SignOf::MxName, Strength::Certain, record);
      for (const auto& alias : host.aliases) {
        named(alias, SignOf::MxName, Strength::Certain, record + " = " + alias);
      }
      for (const auto& address : host.addresses) {
        if (attribution_.of_address) {
          add(attribution_.of_address(address),
              SignOf::MxAddress,
              Strength::Certain,
              record + " at " + address.to_string());
        }
      }
    }
    for (const auto& origin : records_.mail_origins) {
      if (attribution_.of_origin) {
        add(attribution_.of_origin(origin),
            SignOf::MxAddress,
            Strength::Certain,
            "MX in " + origin.to_string());
      }
    }
  }

  void keys()
  {
    for (const auto& key : records_.dkim) {
      for (const auto& alias : key.aliases) {
        named(alias, SignOf::Dkim, Strength::Strong, "DKIM " + key.selector + " = " + alias);
      }
    }
  }

  void mail_programs()
  {
    for (const auto& pointer : records_.mail_programs) {
      named(pointer.target,
            SignOf::Autodiscover,
            Strength::Strong,
            "autodiscover " + ascii_upper(pointer.type) + " " + pointer.target);
    }
  }

  void senders()
  {
    for (const auto& name : records_.spf_reach.names) {
      if (!name.name.empty() && name.name.find('%') == std::string::npos) {
        named(name.name,
              SignOf::Spf,
              Strength::Weak,
              "SPF " + std::string(to_text(name.mechanism)) + ":" + name.name +
                  (name.by == records_.domain ? "" : " by " + name.by));
      }
    }
  }

  void tokens_asked_for()
  {
    for (const auto& asker : records_.verifications) {
      const std::string party(party_of_asker(asker));
      add({party, party, Role::None}, SignOf::Txt, Strength::Weak, "TXT token of " + asker);
    }
  }

  /// Names of the domain itself tell nothing of others.
  void named(const std::string& name, SignOf what, Strength strength, const std::string& evidence)
  {
    if (const auto* service = known_service(name)) {
      add({std::string(service->party), std::string(service->name), service->role},
          what,
          strength,
          evidence);
    } else if (attribution_.of_name) {
      add(attribution_.of_name(name), what, strength, evidence);
    }
  }

  void add(const Whose& whose, SignOf what, Strength strength, const std::string& evidence)
  {
    if (whose.party.empty() || !known_.emplace(whose.party, what, evidence).second) {
      return;
    }
    // That a machine stands in somebody's network tells who runs the network, not whose mail it is.
    const bool tells =
        whose.role == Role::Mailboxes || whose.role == Role::Hosting || whose.role == Role::Filter;
    if (what == SignOf::MxAddress && !tells) {
      strength = Strength::Weak;
    }
    signs_.push_back({whose.party, whose.name, what, strength, whose.role, evidence});
  }

  const DomainRecords& records_;
  const Attribution& attribution_;
  std::vector<Sign> signs_;
  std::set<std::tuple<std::string, SignOf, std::string>> known_;
};

}  // namespace

std::string_view to_text(SignOf what)
{
  switch (what) {
  case SignOf::MxName:
    return "mx-name";
  case SignOf::MxAddress:
    return "mx-address";
  case SignOf::Dkim:
    return "dkim";
  case SignOf::Autodiscover:
    return "autodiscover";
  case SignOf::Spf:
    return "spf";
  case SignOf::Txt:
    return "txt";
  }
  return {};
}

std::string_view to_text(Strength strength)
{
  switch (strength) {
  case Strength::Weak:
    return "weak";
  case Strength::Strong:
    return "strong";
  case Strength::Certain:
    return "certain";
  }
  return {};
}

std::string_view to_text(Role role)
{
  switch (role) {
  case Role::None:
    return "none";
  case Role::Mailboxes:
    return "mailboxes";
  case Role::Hosting:
    return "hosting";
  case Role::Filter:
    return "filter";
  case Role::Relay:
    return "relay";
  case Role::Room:
    return "room";
  }
  return {};
}

std::vector<Sign> signs(const DomainRecords& records, const Attribution& attribution)
{
  return Finder(records, attribution).find();
}

std::string_view asker_of_token(std::string_view text)
{
  const auto lower = ascii_lower(std::string(text.substr(0, 40)));
  for (const auto& token : tokens) {
    if (lower.starts_with(token.start)) {
      return token.asker;
    }
  }
  return {};
}

}  // namespace zonder::mail
