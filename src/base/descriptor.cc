// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "base/descriptor.hh"

#include <unistd.h>

namespace zonder {

void Descriptor::reset()
{
  if (fd_ >= 0) {
    ::close(fd_);
  }
  fd_ = -1;
}

}  // namespace zonder
