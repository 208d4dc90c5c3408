// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/descriptor.hh"
#include "base/result.hh"

namespace zonder::app {

/// A listening TCP socket at 127.0.0.1, for pages that this machine alone may see.
class LoopbackPort {
public:
  /// 0: any that is free. Errors: in use, or not allowed.
  static Result<LoopbackPort> open(std::uint16_t port);

  [[nodiscard]] std::string to_string() const;  // "127.0.0.1:8080"
  std::vector<Descriptor> take();

private:
  LoopbackPort(Descriptor socket, std::uint16_t port) : socket_(std::move(socket)), port_(port) {}
  Descriptor socket_;
  std::uint16_t port_;
};

}  // namespace zonder::app
