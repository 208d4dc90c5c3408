// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "catalog/basis_reader.hh"
#include "catalog/cross_references.hh"
#include "catalog/facts.hh"

namespace zonder::catalog {

/// Reads the address and name space of a party: its AS numbers, domains and prefixes, of itself or
/// of one of its services. What it finds goes into the party.
class SpaceReader {
public:
  SpaceReader(YamlFile& file, BasisReader& basis, CrossReferences& all, Party& party)
      : file_(file), basis_(basis), all_(all), party_(party)
  {
  }

  void read_asns(const YAML::Node& node);
  /// `service`: of which these are; empty: of none in particular.
  void read_domains(const YAML::Node& node, const std::string& service);
  void read_prefixes(const YAML::Node& node, const std::string& service);
  /// When the party's services are read: tells of each fact for another one.
  void report_unknown_services();

private:
  /// What a fact says beside which space it is about.
  struct Rest {
    Space space = Space::Unknown;
    std::string service;
    std::string operated;
    Basis basis;
  };
  Rest read_rest(const YamlMap& map, const std::string& inside);
  Space read_space(const YamlMap& map);
  std::string read_service(const YamlMap& map, const std::string& inside);
  std::string read_operated_by(const YamlMap& map);
  std::optional<net::Asn> read_asn(const YamlMap& map);
  std::optional<net::DomainName> read_suffix(const YamlMap& map, Space space);
  std::optional<net::Prefix> read_prefix(const YamlMap& map, const std::string& service);

  YamlFile& file_;
  BasisReader& basis_;
  CrossReferences& all_;
  Party& party_;
  std::vector<std::pair<std::string, Place>> services_mentioned_;
};

}  // namespace zonder::catalog
