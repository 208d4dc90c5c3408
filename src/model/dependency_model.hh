// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/common_mode.hh"
#include "model/decision.hh"
#include "model/grace.hh"
#include "model/node.hh"
#include "model/party.hh"
#include "model/scenario.hh"

namespace zonder::model {

inline constexpr std::string_view model_schema = "zonder/model/1";

/// Whose model it is.
struct Organisation {
  std::string id;
  Label name;
  std::string party;  // which of the parties we are
  bool illustrative = false;
  std::optional<Date> as_of;
  std::map<std::string, std::string> figures;  // "inhabitants": "100000"

  bool operator==(const Organisation&) const = default;
};

/// What an organisation stands on: a file of schema zonder/model/1 as values, in the file's order.
/// What it refers to is by id; graph::DependencyGraph has the references resolved.
struct DependencyModel {
  Organisation organisation;
  std::vector<Source> sources;
  std::vector<Party> parties;
  std::vector<Grace> graces;
  std::vector<Node> nodes;
  std::vector<CommonMode> common_modes;
  std::vector<Scenario> scenarios;
  std::vector<Decision> learned;

  [[nodiscard]] const Node* node(std::string_view id) const;
  [[nodiscard]] const Party* party(std::string_view id) const;
  [[nodiscard]] const Grace* grace(std::string_view id) const;
  [[nodiscard]] const Source* source(std::string_view id) const;
  [[nodiscard]] const Scenario* scenario(std::string_view id) const;
  /// The grace of a need; nothing when it has a name that there is not.
  [[nodiscard]] std::optional<Grace> grace_of(const GraceUse& use) const;

  bool operator==(const DependencyModel&) const = default;
};

/// What stands in files as an id: letters, digits, ".", "_" and "-", at most 128, a letter or digit
/// first. Those of elements that came from elsewhere are kept as they are.
bool is_model_id(std::string_view text);

}  // namespace zonder::model
