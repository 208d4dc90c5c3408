// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>
#include <vector>

#include "catalog/cross_references.hh"
#include "catalog/facts_loader.hh"

namespace zonder::catalog {

/// Reads data/parties/ID.yaml (schema zonder.party/1); nothing when it is no mapping. What must be
/// checked against other files goes into `all`.
std::optional<Party>
read_party(const TextFile& text, CrossReferences& all, std::vector<Mistake>& mistakes);

}  // namespace zonder::catalog
