// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/result.hh"
#include "collect/scan/asker.hh"
#include "collect/scan/page_fetcher.hh"
#include "mail/domain_records.hh"

namespace zonder::collect {

struct ScannerOptions {
  AskerOptions asker;
  FetcherOptions fetcher;
  double rate = 2000;             // questions a second in all
  double rate_of_a_server = 200;  // to the name servers of one operator
  std::size_t domains_at_once = 300;
  bool pages = true;
  bool visits_private_space = false;  // pages at addresses such as 10.0.0.1: for tests
};

struct ScanCounts {
  std::uint64_t domains = 0;
  std::uint64_t questions = 0;  // that were asked; others were known
  std::uint64_t silences = 0;
};

/// Asks about domains, hundreds at once, and tells each when all is known that will be.
struct ScannerCalls {
  std::function<std::optional<std::string>()> next;  // a domain; nothing: that was all
  std::function<void(mail::DomainRecords)> told;
  std::function<bool()> stop;                                 // asked often
  std::function<model::Moment()> now;                         // for the records
  std::function<void(const ScanCounts&)> progress = nullptr;  // a few times a second
};

/// Errors: libunbound or libcurl cannot be set up.
Result<ScanCounts> scan_domains(const ScannerOptions& options, const ScannerCalls& calls);

}  // namespace zonder::collect
