// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

namespace zonder::isolate {

/// Whether this option of a socket (setsockopt) is an int that says nothing of where a packet goes,
/// and that anybody may set. Only those are set for a program by us, who may have more rights than
/// it. In ordinary use, 32-bit programs set few others.
bool is_harmless_int_option(int level, int name);

}  // namespace zonder::isolate
