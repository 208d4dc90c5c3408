// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/absence.hh"

namespace zonder::test {

/// Two absent parties: 0 is "cdn" (203.0.113.0/24, cdn.example), 1 is "microsoft" (20.190.128.0/18,
/// 2603:1026::/32, sharepoint.com but for living.sharepoint.com).
model::Absence small_absence();

}  // namespace zonder::test
