// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "app/world.hh"

namespace zonder::app {

struct ModelInitOptions {
  std::string kind = "municipality";  // hospital, school, small-firm
  std::string output;                 // empty: standard output
};

/// Writes the model of a reference organisation to start from; never over a file that is there.
int model_init(const World& world, const ModelInitOptions& options);

/// All that is wrong with a model, each at its place; 1 when there is anything.
int model_check(const World& world, const std::string& file);

struct ModelShowOptions {
  std::string file;
  std::string as_of;  // owners as they were on that day; empty: today
};

/// What a model says as a whole: what stands on whom, the paper share, what nobody knows.
int model_show(const World& world, const ModelShowOptions& options);

/// What one of two models says and the other does not; 1 when there is anything.
int model_diff(const World& world, const std::string& first, const std::string& second);

struct ModelMergeOptions {
  std::string first;
  std::string second;
  std::string output;  // empty: standard output
};

/// The first, as it is written, with what only the second has; 1 where both say something else, and
/// the first has stayed.
int model_merge(const World& world, const ModelMergeOptions& options);

struct ModelExportOptions {
  std::string file;
  std::string output;  // its suffix tells the format; empty: standard output
  std::string format;  // yaml, json (CycloneDX), xml (ArchiMate), dot, mmd, graphml, csv
};

int model_export(const World& world, const ModelExportOptions& options);

}  // namespace zonder::app
