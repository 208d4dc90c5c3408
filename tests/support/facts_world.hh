// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "catalog/facts_loader.hh"

// Small worlds of facts for tests, as text.
namespace zonder::test {

/// A sound data/jurisdictions.yaml with NL, NO, US, CA and the groups eu, five-eyes and non-eu.
catalog::TextFile some_jurisdictions();

/// A sound file data/parties/ID.yaml: an American provider with one AS, one suffix, one service.
std::string some_party(const std::string& id);

/// `text` with the first `what` replaced by `with`; fails the test when `what` is not in it.
std::string replaced(std::string text, const std::string& what, const std::string& with);

/// data/parties/ID.yaml for every text, named by its `id:` line.
std::vector<catalog::TextFile> as_files(const std::vector<std::string>& texts);

/// The facts of these parties; fails the test when anything is wrong with them.
catalog::Facts sound_facts(const std::vector<std::string>& texts);

}  // namespace zonder::test
