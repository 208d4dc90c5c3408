// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "catalog/catalog.hh"
#include "model/observation.hh"

namespace zonder::app {

/// Whose the things are that devices asked for and reached, as `zonder who` tells it. A name counts
/// for whose it is itself, whose the names are that it is an alias of, and whose the addresses are
/// that it leads to: without any of these it does not work.
class PartiesSeen {
public:
  struct Name {
    std::map<model::Via, std::uint64_t> count;
  };

  void take(const model::Observation& seen);
  /// After all was taken. `catalog`: null where there is none; then nobody is known.
  void attribute(const catalog::Catalog* catalog, catalog::Date day);

  [[nodiscard]] const std::set<std::string>& devices() const { return devices_; }
  /// That lists have, or to which somebody signed in.
  [[nodiscard]] const std::set<std::string>& applications() const { return applications_; }
  [[nodiscard]] const std::map<std::string, Name>& names() const { return names_; }
  [[nodiscard]] std::size_t endpoints() const { return endpoints_.size(); }
  /// By id: questions, names said and connections that were for it.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& parties() const { return parties_; }
  /// Names and addresses that are nobody's that the catalogue knows.
  [[nodiscard]] std::size_t unknown_names() const { return unknown_names_; }

private:
  std::set<std::string> parties_of_name(const catalog::Catalog& catalog,
                                        catalog::Date day,
                                        const std::string& name) const;

  std::set<std::string> devices_;
  std::set<std::string> applications_;
  std::map<std::string, Name> names_;
  std::map<std::string, std::uint64_t> endpoints_;
  std::map<std::string, std::set<std::string>> aliases_;
  std::map<std::string, std::set<std::string>> addresses_;
  std::map<std::string, std::uint64_t> parties_;
  std::size_t unknown_names_ = 0;
};

}  // namespace zonder::app
