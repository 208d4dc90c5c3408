// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hh"
#include "graph/learn.hh"
#include "model/dependency_model.hh"
#include "modelfile/yaml_editor.hh"

namespace zonder::modelfile {

/// A model and the text that it was read from. A change is made in both; then the text is read
/// again, and if that is not the model that was meant, nothing has changed and the error says so.
/// What is not changed stays as somebody wrote it: comments, order, spaces.
class ModelFile {
public:
  /// Errors: as parse_model().
  static Result<ModelFile> parse(std::string text, std::string_view file);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const model::DependencyModel& model() const { return model_; }

  Result<void> add_sources(const std::vector<model::Source>& sources);
  Result<void> add_parties(const std::vector<model::Party>& parties);
  Result<void> add_graces(const std::vector<model::Grace>& graces);
  Result<void> add_nodes(const std::vector<model::Node>& nodes);
  Result<void> add_decisions(const std::vector<model::Decision>& decisions);

  /// More needs of nodes that are there.
  Result<void> add_needs(const std::vector<std::pair<std::string, model::Need>>& needs);
  Result<void> add_hosting(const std::vector<std::pair<std::string, model::Hosting>>& hosting);
  Result<void> add_owner(const std::string& party, const model::Owner& owner);
  /// The owner with that place in the list is one until that day.
  Result<void> end_owner(const std::string& party, std::size_t place, Date until);
  Result<void> set_operator(const std::string& node, const std::string& party);
  Result<void> set_name(const std::string& node, const model::Label& name);
  /// Everywhere it is named: needs, fallbacks, common modes, scenarios, decisions.
  Result<void> rename_node(const std::string& from, const std::string& to);
  /// The needs are as before, but rest on more.
  Result<void> set_evidence(const std::vector<graph::Confirmed>& confirmed);

private:
  ModelFile(std::string text, model::DependencyModel model)
      : text_(std::move(text)), model_(std::move(model))
  {
  }
  /// `edit` says whether all of it had a place in the text.
  Result<void> change(const std::function<bool(YamlEditor&)>& edit, model::DependencyModel wanted);
  /// More items of lists of nodes.
  template <typename Item>
  Result<void> add_items(const char* key,
                         const std::vector<std::pair<std::string, Item>>& items,
                         std::vector<Item> model::Node::*where);

  std::string text_;
  model::DependencyModel model_;
};

}  // namespace zonder::modelfile
