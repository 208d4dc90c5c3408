// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdio>
#include <string>

namespace zonder::app {

/// One sentence for the user, "zonder: ...". It may hold words of somebody else's (a file, the
/// command line), so it is made harmless for a terminal, and shows no password of an address.
/// Everything that is said on the error stream and may have such words goes by here.
void complain(std::FILE* err, bool unicode, const std::string& sentence);

}  // namespace zonder::app
