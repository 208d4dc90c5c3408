// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "catalog/catalog.hh"
#include "catalog/snapshot_content.hh"

// A small catalogue for tests: parties as short rows, addresses from the documentation ranges.
namespace zonder::test {

/// Facts of a party in one line each; everything is sourced from "a table".
struct SmallParty {
  std::string id;
  std::string jurisdiction = "US";
  std::vector<catalog::Owner> owners;
  std::vector<catalog::AsnFact> asns;
  std::vector<catalog::DomainFact> domains;
  std::vector<catalog::PrefixFact> prefixes;
  std::vector<std::string> services;    // ids; the category is the id
  std::vector<std::string> categories;  // of the party
};

catalog::Owner
owner(const std::string& party, const std::string& from = "", const std::string& until = "");
catalog::AsnFact asn(std::uint32_t number,
                     catalog::Space space = catalog::Space::Services,
                     const std::string& service = "",
                     const std::string& operated = "");
catalog::DomainFact domain(const std::string& suffix,
                           const std::string& service = "",
                           catalog::Space space = catalog::Space::Services);
catalog::PrefixFact prefix(const std::string& text, const std::string& service = "");
catalog::AsRange originated(const std::string& prefix, std::uint32_t asn);
catalog::PublishedList published(const std::string& party,
                                 const std::vector<std::string>& prefixes);

/// The facts, the origins and the lists as the content of a snapshot of 2026-11-23.
catalog::SnapshotContent small_content(const std::vector<SmallParty>& parties,
                                       std::vector<catalog::AsRange> origins = {},
                                       std::vector<catalog::PublishedList> lists = {});

/// The same, compiled and opened.
catalog::Catalog small_catalog(const std::vector<SmallParty>& parties,
                               std::vector<catalog::AsRange> origins = {},
                               std::vector<catalog::PublishedList> lists = {});

inline constexpr catalog::Date test_day{2026, 11, 23};

}  // namespace zonder::test
