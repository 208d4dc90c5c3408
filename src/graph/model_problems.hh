// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "model/dependency_model.hh"

namespace zonder::graph {

/// Where in a model: {"nodes", "mail", "needs", "0", "of", "1"}, as keys and places in lists.
using Path = std::vector<std::string>;

std::string to_text(const Path& path);  // nodes.mail.needs[0].of[1]

/// Something that keeps a model from being a graph, as a sentence that says what to do.
struct Problem {
  Path path;
  std::string what;
};

/// What is wrong with a model as a whole: ids given twice, references to what is not there, groups
/// that ask for more than they have, graces out of order, statements without a source. Cycles are
/// legal. In the order of the model; `most` at most.
std::vector<Problem> problems_of(const model::DependencyModel& model, std::size_t most = 20);

}  // namespace zonder::graph
