// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "app/world.hh"

namespace zonder::app {

/// `zonder scan`, as typed.
struct ScanOptions {
  std::vector<std::string> domains;
  std::string from;      // a file with a domain a line, or "-"
  std::string recorded;  // records that are already there: nothing is asked
  std::string resume;    // records go here, and what is there already is not asked again
  std::string resolver;  // an address; empty: from the root down
  std::string rate;      // "50/s"; empty: the default
  std::string as_of;
  std::string root_hints;  // of another root: a laboratory's
  std::string ca_file;
  bool no_web = false;
};

/// Asks DNS and start pages about domains, and tells whom they need and by which sign. Ctrl-C ends
/// it with what is done. Exit 3 when something got no answer or could not be read.
int scan(const World& world, const ScanOptions& options);

}  // namespace zonder::app
