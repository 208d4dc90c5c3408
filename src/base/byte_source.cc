// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "base/byte_source.hh"

#include <cerrno>
#include <cstring>

#include <unistd.h>

#include "base/translate.hh"

namespace zonder {

Result<std::size_t> DescriptorSource::read(std::span<std::uint8_t> room)
{
  for (;;) {
    const auto count = ::read(descriptor_, room.data(), room.size());
    if (count >= 0) {
      return static_cast<std::size_t>(count);
    }
    if (errno != EINTR) {
      return fail(Fault::NotPossible, say("cannot read: {}", std::strerror(errno)));
    }
  }
}

}  // namespace zonder
