// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <vector>

namespace zonder {

/// In a child: nothing of ours stays open but 0, 1, 2 and these.
void close_all_but(std::vector<int> keep);

}  // namespace zonder
