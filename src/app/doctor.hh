// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "app/world.hh"

namespace zonder::app {

/// What works on this machine, what does not, and how to mend it; schema zonder.doctor/1.
/// Everything is found out by trying it. Gives 0 when `run` can work here, 4 when something needed
/// is missing, 3 when something needed could not be found out.
int doctor(const World& world);

}  // namespace zonder::app
