// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cerrno>
#include <functional>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/child_process.hh"
#include "kernel/namespaces.hh"

namespace zonder::test {

/// A child in that network, which has said that it is ready (a byte) when this returns.
inline ChildProcess start_in(int network, const std::function<int(int ready)>& body)
{
  int ends[2];
  (void)!::pipe2(ends, O_CLOEXEC);
  auto child = kernel::start_in_new_namespaces({}, [&]() -> int {
    (void)kernel::enter_namespace(network);
    return body(ends[1]);
  });
  ::close(ends[1]);
  char byte = 0;
  while (::read(ends[0], &byte, 1) < 0 && errno == EINTR) {
  }
  ::close(ends[0]);
  return std::move(*child);
}

/// The same with a program in Python, which writes one byte to descriptor 1 when it is ready.
inline ChildProcess start_python_in(int network, const char* program)
{
  return start_in(network, [program](int ready) {
    ::dup2(ready, STDOUT_FILENO);
    ::execlp("python3", "python3", "-c", program, nullptr);
    return 1;
  });
}

}  // namespace zonder::test
