// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "base/descriptor.hh"

namespace zonder::isolate {

/// A shell in the room may make a process group of its own the terminal's foreground group. When
/// it has ended, that group is nobody, and the terminal is ours again.
class Terminal {
public:
  Terminal();
  void take_back() const;

private:
  Descriptor descriptor_;
  bool ours_ = false;
};

}  // namespace zonder::isolate
