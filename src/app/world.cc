// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/world.hh"

#include <cstdlib>

namespace zonder::app {

Exit exit_of(Fault fault)
{
  switch (fault) {
  case Fault::Usage:
    return Exit::Usage;
  case Fault::Incomplete:
    return Exit::Incomplete;
  case Fault::NotPossible:
  case Fault::Internal:
    return Exit::NotPossible;
  }
  return Exit::NotPossible;
}

std::vector<std::string> catalog_places(const World& world)
{
  if (const char* named = std::getenv("ZONDER_CATALOG"); named != nullptr && *named != '\0') {
    return {named};
  }
  std::vector<std::string> places;
  if (!world.data_folder.empty()) {
    places.push_back(world.data_folder + "/catalog.snapshot");
  }
  places.push_back(world.share_folder + "/catalog.snapshot");
  return places;
}

}  // namespace zonder::app
