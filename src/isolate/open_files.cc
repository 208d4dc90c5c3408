// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/open_files.hh"

#include <algorithm>
#include <optional>

#include "base/translate.hh"

namespace zonder::isolate {
namespace {

constexpr rlim_t enough = 16384;
constexpr rlim_t least = 256;  // a child keeps descriptors above 200 while others are put in place

/// One run at a time, in a process with one thread until it is set up.
std::optional<rlimit> users_own;

}  // namespace

Result<void> check_open_files()
{
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max >= least) {
    return {};
  }
  return fail(Fault::NotPossible,
              say("zonder run needs {} open files, and here a process may have {} at most "
                  "(`ulimit -Hn`): start it where that limit is higher",
                  least,
                  limit.rlim_max));
}

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
