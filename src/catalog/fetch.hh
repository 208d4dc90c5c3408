// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "base/result.hh"

namespace zonder::catalog {

struct FetchLimits {
  std::size_t bytes = std::size_t{64} << 20U;
  std::chrono::seconds connect{15};
  std::chrono::seconds whole{120};
  std::string ca_file;  // authorities to trust instead of the system's; for tests
};

struct Fetched {
  bool unchanged = false;  // the server says that what `etag` names is still it
  std::string body;
  std::string etag;  // may be empty
};

/// Fetches an https:// address, certificate checked, at most three redirects and those to https://
/// too. `etag`: of what we have; empty: nothing. Errors: anything but a whole answer within the
/// limits, in one sentence.
Result<Fetched> fetch(const std::string& url, const std::string& etag, const FetchLimits& limits);

}  // namespace zonder::catalog
