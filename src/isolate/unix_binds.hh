// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/descriptor.hh"
#include "isolate/tries.hh"

namespace zonder::isolate {

/// Unix sockets that programs bind themselves while we look on. Whether a bind made its path is
/// known afterwards only, from the socket: one that fails, since somebody else's service is there,
/// makes nothing.
class UnixBinds {
public:
  /// A bind is about to be done. `socket`: a copy of what is to be bound, which is kept for a
  /// moment only; `address`: the sockaddr; `path`: what Tries is to know it by.
  void begin(Descriptor socket, std::span<const std::uint8_t> address, std::string path);

  /// Tells `tries` what was made since. To be called before it is asked, and every settle_again
  /// while not empty.
  void settle(Tries& tries);
  [[nodiscard]] bool empty() const { return pending_.empty(); }

  static constexpr std::chrono::milliseconds settle_again{10};

private:
  struct Pending {
    Descriptor socket;
    std::string wanted;
    std::string path;
    std::chrono::steady_clock::time_point since;
  };
  std::vector<Pending> pending_;
};

}  // namespace zonder::isolate
