// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

// What `zonder run` needs of this machine, each found out by really trying it in a throw-away
// child.
namespace zonder::isolate {

enum class Health { Works, Missing, Unknown };

struct Check {
  std::string id;    // stable, for JSON: "user-namespaces", "nft", "slirp4netns" ...
  std::string what;  // in the user's language
  Health health = Health::Unknown;
  std::string detail;  // what was found: a version, an errno's words
  std::string remedy;  // what to do; empty when it works
  bool needed = true;  // false: `run` can do without
};

std::vector<Check> examine();

}  // namespace zonder::isolate
