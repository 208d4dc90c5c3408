// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "model/page_visit.hh"

namespace zonder::report {

/// The visits to web pages as a part of the HTML report: of each what became of it, both pictures
/// side by side, its requests, and what its console said only without. Asks nothing of any network:
/// the pictures are in it.
std::string pages_as_html(const model::PagesTried& pages);

}  // namespace zonder::report
