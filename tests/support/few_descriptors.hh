// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

#include "base/descriptor.hh"

namespace zonder::test {

/// No more descriptors than are in use, and so many; while it lives.
class FewDescriptors {
public:
  explicit FewDescriptors(std::size_t more)
  {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    auto few = before_;
    few.rlim_cur = 200;
    ::setrlimit(RLIMIT_NOFILE, &few);
    for (Descriptor next(::dup(STDERR_FILENO)); next; next = Descriptor(::dup(STDERR_FILENO))) {
      taken_.push_back(std::move(next));
    }
    taken_.resize(taken_.size() - more);
  }
  ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;
  FewDescriptors(FewDescriptors&&) = delete;
  FewDescriptors& operator=(FewDescriptors&&) = delete;

private:
  rlimit before_{};
  std::vector<Descriptor> taken_;
};

/// Of the processor, by all threads.
inline std::chrono::microseconds used_by_process()
{
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  return std::chrono::seconds(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
         std::chrono::microseconds(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
}

}  // namespace zonder::test
