// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "base/date.hh"

namespace zonder::catalog {

using zonder::before;
using zonder::Date;

}  // namespace zonder::catalog
