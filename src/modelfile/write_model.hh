// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <string>

#include "model/dependency_model.hh"
#include "modelfile/yaml_value.hh"

// Parts of a model as they stand in its file. What read_model reads from them is equal to them.
namespace zonder::modelfile {

/// "4h"; the largest unit of which there is a whole number.
std::string duration_text(std::chrono::seconds duration);

YamlValue value_of(const model::Label& label);
YamlValue value_of(const model::Source& source);
YamlValue value_of(const model::Party& party);
YamlValue value_of(const model::Owner& owner);
YamlValue value_of(const model::Grace& grace);
YamlValue value_of(const model::Node& node);
YamlValue value_of(const model::Hosting& hosting);
YamlValue value_of(const model::Need& need);
YamlValue value_of(const model::Fallback& fallback);
YamlValue value_of(const model::CommonMode& mode);
YamlValue value_of(const model::Scenario& scenario);
YamlValue value_of(const model::Decision& decision);
YamlValue value_of(const model::Seen& seen);

/// A whole file, in the order of the model, with nothing left to defaults.
std::string write_model(const model::DependencyModel& model);

}  // namespace zonder::modelfile
