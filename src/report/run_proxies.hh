// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/run_record.hh"
#include "report/style.hh"

namespace zonder::report {

/// What went to proxies, of which nobody can tell whether it was for the absent.
struct NotJudged {
  std::uint64_t passed = 0;   // by their name alone
  std::uint64_t refused = 0;  // since it could not be told where they lead
  std::uint64_t unread = 0;   // since they were not plainly requests
  std::uint64_t stopped = 0;  // connections to proxies that are closed
  std::uint64_t ended = 0;    // connections past what zonder takes
  std::uint64_t unseen = 0;   // connections to proxies that nobody saw through

  [[nodiscard]] std::uint64_t all() const
  {
    return passed + refused + unread + stopped + ended + unseen;
  }
};
NotJudged not_judged(const model::Proxies& proxies);

/// The same, for the verdict: at most one sentence for each.
std::vector<std::string> not_judged_sentences(const model::Proxies& proxies, const Style& style);

/// The attempts, by their place in the record, that reached a port where proxies often are, and so
/// may have asked one for the absent that nobody told of; but those of `allowed`.
std::vector<std::size_t> perhaps_proxied(const model::RunRecord& record,
                                         const std::vector<std::size_t>& allowed = {});

/// The same, for the verdict: none or one.
std::vector<std::string> perhaps_proxied_sentences(const model::RunRecord& record,
                                                   const std::vector<std::size_t>& allowed,
                                                   const Style& style);

/// What was asked of the proxies that zonder was told of, as plain sentences.
std::vector<std::string> proxy_grounds(const model::RunRecord& record, const Style& style);

/// What seeing through a proxy does not tell, where one was asked something; and who may be one
/// that nobody told of.
std::vector<std::string> proxy_limits(const model::RunRecord& record, const Style& style);

}  // namespace zonder::report
