// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>

#include "catalog/binary.hh"
#include "catalog/facts.hh"
#include "catalog/published.hh"

namespace zonder::catalog {

void write_facts(BinaryWriter& out, const Facts& facts);

/// What write_facts wrote. Checked so far that every index in it may be used: sources, members.
/// Nothing when the bytes are something else.
std::optional<Facts> read_facts(BinaryReader& in);

void write_list(BinaryWriter& out, const PublishedList& list);
std::optional<PublishedList> read_list(BinaryReader& in);

}  // namespace zonder::catalog
