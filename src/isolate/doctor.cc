// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/doctor.hh"

namespace zonder::isolate {

std::vector<Check> examine()
{
  return {};
}

}  // namespace zonder::isolate
