// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "mail/attribution.hh"
#include "mail/domain_records.hh"

// Whom many domains share. One domain's suppliers are nothing new to it; what a hundred
// municipalities have in common is: whoever falls away there falls away for all of them.
namespace zonder::mail {

/// By what a domain needs a supplier.
enum class Need : std::uint8_t { MailServer, MailSender, MailSigner, MailClient, NameServer, Site };
std::string_view to_text(Need need);

struct Supplier {
  std::string registered;  // the name that a registry handed out: "simgroephosting.nl"
  Need need = Need::MailSender;
  std::string party;  // of the catalogue; empty: not in there
  std::string party_name;
  std::vector<std::string> domains;  // sorted
};

class SupplierCount {
public:
  explicit SupplierCount(const Attribution& attribution) : attribution_(attribution) {}
  void add(const DomainRecords& records);

  /// Those of at least `least` domains, the most shared first.
  [[nodiscard]] std::vector<Supplier> shared(std::size_t least) const;
  /// The same by party, whatever names it uses and whatever it is needed for.
  [[nodiscard]] std::vector<Supplier> shared_parties(std::size_t least) const;

private:
  void take(const DomainRecords& records, const std::string& name, Need need);

  const Attribution& attribution_;
  std::map<std::pair<std::string, Need>, Supplier> suppliers_;
  std::map<std::pair<std::string, Need>, std::set<std::string>> domains_;
};

}  // namespace zonder::mail
