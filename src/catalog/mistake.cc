// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/mistake.hh"

#include <fmt/core.h>

namespace zonder::catalog {

std::string Place::to_string() const
{
  return fmt::format("{}:{}:{}", file, line, column);
}

std::string Mistake::to_string() const
{
  return Place{file, line, column}.to_string() + ": " + what;
}

}  // namespace zonder::catalog
