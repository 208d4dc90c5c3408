// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/open_catalog.hh"

namespace zonder::app {

Result<catalog::Catalog> open_catalog(const World& world)
{
  auto opened = catalog::Catalog::open(catalog_places(world));
  if (opened) {
    for (const std::string& note : opened->notes()) {
      std::fprintf(world.err, "zonder: %s\n", note.c_str());
    }
  }
  return opened;
}

int failed_with(const World& world, const Error& error)
{
  std::fprintf(world.err, "zonder: %s\n", error.message.c_str());
  return static_cast<int>(exit_of(error.fault));
}

}  // namespace zonder::app
