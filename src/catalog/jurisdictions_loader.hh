// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <vector>

#include "catalog/facts_loader.hh"

namespace zonder::catalog {

/// Reads data/jurisdictions.yaml (schema zonder.jurisdictions/1) into the facts. Groups that are
/// the rest of another get everybody else as members.
void load_jurisdictions(const TextFile& text, Facts& facts, std::vector<Mistake>& mistakes);

}  // namespace zonder::catalog
