// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/open_files.hh"

#include <algorithm>
#include <optional>

namespace zonder::isolate {
namespace {

constexpr rlim_t enough = 16384;

/// One run at a time, in a process with one thread until it is set up.
std::optional<rlimit> users_own;

}  // namespace

MoreOpenFiles::MoreOpenFiles()
{
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return;
  }
  users_own = limit;
  limit.rlim_cur = std::max(limit.rlim_cur, std::min(limit.rlim_max, enough));
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

MoreOpenFiles::~MoreOpenFiles()
{
  give_back();
  users_own.reset();
}

void MoreOpenFiles::give_back()
{
  if (users_own) {
    (void)::setrlimit(RLIMIT_NOFILE, &*users_own);
  }
}

}  // namespace zonder::isolate
