// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "browse/visit_file.hh"

namespace zonder::browse {

/// Visits one page of the order in a browser of its own with an empty profile, in `profile`. It is
/// back within the order's time and some seconds. What went wrong is in the result.
VisitResult visit_page(const VisitOrder& order, const std::string& url, const std::string& profile);

/// Reads the order in `folder`, visits its pages one after another, and leaves a file of each
/// there. Gives the signal that ended it early, or 0: its browser is ended first, so that nothing
/// writes any more where somebody wants to clear up. Errors: the order cannot be read, or a file
/// cannot be written.
Result<int> visit_all(const std::string& folder);

inline constexpr const char* order_name = "order.json";

}  // namespace zonder::browse
