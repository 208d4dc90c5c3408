// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string_view>
#include <vector>

#include "catalog/facts_loader.hh"

namespace zonder::catalog {

/// Reads data/jurisdictions.yaml (schema zonder.jurisdictions/1) into the facts. Groups that are
/// the rest of another get everybody else as members.
void load_jurisdictions(const TextFile& text, Facts& facts, std::vector<Mistake>& mistakes);

/// Lower case, [a-z0-9-], at most 64 long: ids of parties, services, groups and sources.
bool is_id(std::string_view text);

/// Two capital letters. Whether there is such a country is another question.
bool is_jurisdiction_code(std::string_view text);

}  // namespace zonder::catalog
