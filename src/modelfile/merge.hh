// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <vector>

#include "base/result.hh"
#include "graph/learn.hh"
#include "graph/model_difference.hh"
#include "modelfile/model_file.hh"

namespace zonder::modelfile {

/// What came into a model from another one.
struct Merged {
  std::size_t sources = 0;
  std::size_t parties = 0;
  std::size_t graces = 0;
  std::size_t nodes = 0;
  std::size_t needs = 0;
  std::size_t hosting = 0;
  std::size_t raised = 0;                    // needs that now rest on better evidence
  std::vector<graph::Difference> conflicts;  // where both say something else: the file's stays
};

/// Takes from the other model what the file lacks: sources, parties, graces, nodes, needs, hosting.
/// Ids of the file stay; an id of the other that the file has for something else gets a number.
/// Scenarios and common modes are those of the file.
Result<Merged> merge_into(ModelFile& file, const model::DependencyModel& other);

/// Takes what is proposed into the file as somebody decided, and writes the decisions into it. A
/// proposal without a decision is left out; what rests on nodes that the file has (needs, hosting,
/// better evidence) is taken.
Result<Merged> take_learned(ModelFile& file,
                            graph::Proposals proposals,
                            const std::vector<model::Decision>& decisions);

}  // namespace zonder::modelfile
