// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/terminal.hh"

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

namespace zonder::isolate {

Terminal::Terminal() : descriptor_(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY))
{
  ours_ = descriptor_ && ::tcgetpgrp(descriptor_.get()) == ::getpgrp();
}

void Terminal::take_back() const
{
  if (!ours_) {
    return;
  }
  const auto group = ::tcgetpgrp(descriptor_.get());
  if (group == ::getpgrp() || (group > 0 && (::kill(-group, 0) == 0 || errno != ESRCH))) {
    return;
  }
  sigset_t stop;
  sigset_t before;
  ::sigemptyset(&stop);
  ::sigaddset(&stop, SIGTTOU);
  ::sigprocmask(SIG_BLOCK, &stop, &before);
  ::tcsetpgrp(descriptor_.get(), ::getpgrp());
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace zonder::isolate
