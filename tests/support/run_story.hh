// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "model/absence.hh"
#include "model/run_record.hh"

// What happened in a run, as a short text for tests of what is made of it.
namespace zonder::test {

/// A run without "@us", of `make`, that was proved and ended with 0. A line for each attempt, "-"
/// for what is not there; the same program is one process, two programs are joined by a comma:
///
///     git       blocked  github  github.com  192.0.2.1  tcp/443
///     git,curl  blocked  github  github.com  -          dns
///     git       blocked  github  b.io|a.io   192.0.2.1  tcp/443
///
/// where b.io and a.io led to that address, b.io last. Throws on any other line.
model::RunRecord run_story(const std::string& lines);

/// Parties as --allow could name them: "github" with 192.0.2.0/24 and *.github.com.
model::Absence
allowed_party(const std::string& id, const std::string& prefix, const std::string& suffix);

}  // namespace zonder::test
