// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "app/world.hh"

namespace zonder::app {

/// `zonder import FILE...`, as typed.
struct ImportOptions {
  std::vector<std::string> paths;  // files, folders, archives; "-": standard input
  std::string format;              // --as; empty: recognised
  std::string project;             // empty: the user's own
  std::string forget_before;       // ISO day; empty: nothing is forgotten
  bool pseudonyms = false;
  bool progress = true;
  std::string tool;  // zonder's version, which each source tells
};

/// Reads files in, adds up what devices asked for and reached into the project, and tells whose
/// that is, as text, zonder.import/1, or a file a line. What cannot be read is told with its place:
/// exit 2 when nothing could be, 3 when the rest was.
int import_files(const World& world, const ImportOptions& options);

}  // namespace zonder::app
