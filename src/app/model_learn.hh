// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "app/world.hh"

namespace zonder::app {

struct ModelLearnOptions {
  std::string file;
  std::string project;              // of `zonder import`; empty: the user's own
  std::string as_of;                // owners as they were on that day; empty: today
  std::vector<std::string> accept;  // what was seen, as the list has it; "all"
  std::vector<std::string> ignore;
  std::vector<std::string> merge;  // SEEN=NODE: it is that node of the model
  std::string output;              // empty: standard output
};

/// What was seen becomes proposals for a model. Without a choice they are listed, and nothing is
/// written; 1 when there are any. With one the model is written with it, and with the choice.
int model_learn(const World& world, const ModelLearnOptions& options);

}  // namespace zonder::app
