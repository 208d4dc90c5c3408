// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/open_catalog.hh"

#include "app/complain.hh"

namespace zonder::app {

Result<catalog::Catalog> open_catalog(const World& world)
{
  auto opened = catalog::Catalog::open(catalog_places(world), catalog::Examined::Checksum);
  if (opened) {
    for (const std::string& note : opened->notes()) {
      complain(world.err, world.unicode, note);  // with -q too: other data answer
    }
  }
  return opened;
}

int failed_with(const World& world, const Error& error)
{
  complain(world.err, world.unicode, error.message);
  return static_cast<int>(exit_of(error.fault));
}

}  // namespace zonder::app
