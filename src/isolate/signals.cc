// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/signals.hh"

#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace zonder::isolate {

Signals::Signals()
{
  ::sigemptyset(&ours_);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM}) {
    ::sigaddset(&ours_, signal);
  }
  ::sigprocmask(SIG_BLOCK, &ours_, &before_);
  descriptor_ = Descriptor(::signalfd(-1, &ours_, SFD_CLOEXEC | SFD_NONBLOCK));
}

Signals::~Signals()
{
  // What came too late to be passed on is not for us either.
  pass_on(-1);
  ::sigprocmask(SIG_SETMASK, &before_, nullptr);
}

void Signals::pass_on(int pidfd) const
{
  signalfd_siginfo info{};
  while (::read(descriptor_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
    const bool from_terminal = info.ssi_code > 0;  // SI_KERNEL: the whole foreground group got it
    if (!from_terminal && pidfd >= 0) {
      ::syscall(SYS_pidfd_send_signal, pidfd, info.ssi_signo, nullptr, 0);
    }
  }
}

}  // namespace zonder::isolate
