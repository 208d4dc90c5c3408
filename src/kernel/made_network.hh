// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <sys/types.h>

#include "base/result.hh"

namespace zonder::kernel {

/// Proof, as a value, that a socket belongs to a network namespace that we made: without one no
/// rule set can be loaded, so that no mistake of ours can touch the machine's own network.
class MadeNetwork {
public:
  /// `outside` is the number of the network namespace in which zonder was started. Errors when the
  /// socket lives in that one, or in the machine's first one.
  static Result<MadeNetwork> of_socket(int socket, ino_t outside);

  [[nodiscard]] ino_t id() const { return id_; }

private:
  explicit MadeNetwork(ino_t id) : id_(id) {}
  ino_t id_;
};

}  // namespace zonder::kernel
