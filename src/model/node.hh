// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/evidence.hh"
#include "model/fallback.hh"
#include "model/label.hh"
#include "model/need.hh"

namespace zonder::model {

enum class NodeKind : std::uint8_t { Service, Component, Site, Network, People };

constexpr auto words_for(NodeKind)
{
  return std::array<std::string_view, 5>{"service", "component", "site", "network", "people"};
}

/// How bad it is when it stops: A life and safety, B within a day, C within days, D longer.
enum class ServiceClass : std::uint8_t { None, A, B, C, D };

constexpr auto words_for(ServiceClass)
{
  return std::array<std::string_view, 5>{"", "A", "B", "C", "D"};
}

/// How easily it can be run elsewhere.
enum class Portability : std::uint8_t { Unknown, Metal, Plain, Managed };

constexpr auto words_for(Portability)
{
  return std::array<std::string_view, 4>{"unknown", "metal", "plain", "managed"};
}

/// Under which law somebody says, or somebody saw, that it runs. That of an inventory and that of
/// what was measured stand beside each other; where they differ it is told.
struct Hosting {
  std::string jurisdiction;
  Evidence evidence;

  bool operator==(const Hosting&) const = default;
};

/// Something that can stop: a service to people, or what services stand on.
struct Node {
  std::string id;  // never renumbered
  Label name;
  NodeKind kind = NodeKind::Component;
  std::string operated_by;  // parties; empty: not known
  std::string supplier;
  std::vector<std::string> origin;  // where the technology comes from
  std::string domain;               // of work: "social care"
  ServiceClass service_class = ServiceClass::None;
  std::optional<std::chrono::seconds> mtpd;  // longest disruption that can be borne
  std::optional<std::chrono::seconds> restart;
  double backlog = 0;       // hours to catch up, for each hour down
  std::string break_glass;  // how it is started where what it needs to start is not there
  bool observer = false;    // without it you are blind
  bool is_protected = false;
  bool safe_state = false;  // what it falls back to is a correct shutdown, not a failure
  Portability portability = Portability::Unknown;
  std::string site;
  std::string version;
  std::vector<Hosting> hosting;
  std::vector<std::string>
      endpoints;  // names (and all below them) and prefixes where it is reached
  std::map<std::string, std::string> identifiers;  // as others number it: "gemma", "cmdb"
  Evidence evidence;                               // that there is such a thing, run by that party
  std::vector<Need> needs;
  std::vector<Fallback> fallbacks;

  bool operator==(const Node&) const = default;
};

}  // namespace zonder::model
