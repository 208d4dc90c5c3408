// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "base/close_all_but.hh"

#include <algorithm>

#include <sys/syscall.h>
#include <unistd.h>

namespace zonder {

void close_all_but(std::vector<int> keep)
{
  std::sort(keep.begin(), keep.end());
  unsigned int from = 3;
  for (const int fd : keep) {
    const auto kept = static_cast<unsigned int>(fd);
    if (kept > from) {
      ::syscall(SYS_close_range, from, kept - 1, 0);
    }
    from = std::max(from, kept + 1);
  }
  ::syscall(SYS_close_range, from, ~0U, 0);
}

}  // namespace zonder
