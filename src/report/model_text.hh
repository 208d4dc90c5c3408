// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "graph/model_difference.hh"
#include "graph/model_summary.hh"
#include "model/dependency_model.hh"

// What `zonder model` tells, as text and as JSON. Names of others are made harmless for a terminal.
namespace zonder::report {

std::string
summary_text(const model::DependencyModel& model, const graph::ModelSummary& summary, bool unicode);
/// zonder.model-show/1
std::string summary_json(const model::DependencyModel& model, const graph::ModelSummary& summary);

/// `first` and `second` are what the two are called: their files.
std::string difference_text(const graph::ModelDifference& difference,
                            const std::string& first,
                            const std::string& second,
                            bool unicode);
/// zonder.model-diff/1
std::string difference_json(const graph::ModelDifference& difference,
                            const std::string& first,
                            const std::string& second);

/// One difference as a line: "mail: needs login (declared, high) in a.yaml only".
std::string
difference_line(const graph::Difference& one, const std::string& first, const std::string& second);

}  // namespace zonder::report
