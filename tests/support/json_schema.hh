// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

namespace zonder::test {

/// Holds a document against a schema of docs/schema. Knows type, const, enum, required, properties,
/// additionalProperties, items, minItems, anyOf, pattern, minimum, maximum and $ref into $defs, and
/// throws on any other word, so that a schema cannot ask for more than is checked.
/// Gives what is wrong, each with its place; empty when all is well.
std::vector<std::string> against_schema(const std::string& document, const std::string& schema);

}  // namespace zonder::test
