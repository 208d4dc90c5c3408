// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "catalog/catalog.hh"
#include "mail/domain_records.hh"
#include "mail/suppliers.hh"
#include "mail/verdict.hh"

namespace zonder::app {

/// A domain needs something of somebody's: one line of what a scan found.
struct ScanFinding {
  std::string relation;  // "mail-server", "name-server", ...: model::Relation's words, and "site"
  std::string object;    // a name, or an address
  std::string party;     // empty: not in the catalogue
  std::string party_name;
  std::string operator_jurisdiction;
  std::string owner;         // the top one; empty: the party itself, or not known
  std::string jurisdiction;  // that counts, as `who` tells it
  std::string by;            // "name" or "address": which of both told whose it is
};

/// What is told of one domain.
struct ScannedDomain {
  mail::DomainRecords records;
  std::vector<mail::Sign> signs;
  mail::Verdict verdict;
  std::vector<ScanFinding> findings;
};

/// A host counts twice where its name is one party's and its address another's: the one who is
/// asked, and the one whose machines it runs on.
std::vector<ScanFinding> scan_findings(const mail::DomainRecords& records,
                                       const catalog::Catalog& catalog,
                                       catalog::Date day);

std::string scanned_json(const ScannedDomain& domain);  // one line, without its end
std::string suppliers_json(const std::vector<mail::Supplier>& suppliers);
/// In full, for a few; and as one line, for many.
std::string scanned_text(const ScannedDomain& domain);
std::string scanned_line(const ScannedDomain& domain);
/// "mail at Microsoft, behind Mimecast".
std::string verdict_in_words(const mail::Verdict& verdict);

}  // namespace zonder::app
