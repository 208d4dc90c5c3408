// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/run_record.hh"
#include "report/page_comparison.hh"
#include "report/style.hh"

// What is said of web pages, as sentences and words: for the terminal and for the HTML alike.
namespace zonder::report {

/// "1 of 2 pages still load; 12 of 40 requests fell away: 9 microsoft, 3 google."
std::string pages_sentence(const model::PagesTried& pages, const Style& style);

/// How one page fared, with how long it took.
std::vector<std::string> page_sentences(const PageComparison& page, const Style& style);

/// "failed: net::ERR_CONNECTION_REFUSED", "came (200)", "still waiting", "not asked for".
/// Whose a request is: an id, "this machine", or that it is not known.
std::string whose(const model::PageRequest& request, const Style& style);
std::string outcome_words(const model::PageRequest* request, const Style& style);

/// "http://cdn.example/a.js: Failed to load resource"
std::string console_words(const model::ConsoleMessage& message, const Style& style);

/// The pages for a terminal: of each at most `rows` requests that fell away, and as many errors of
/// the console.
std::string pages_as_text(const model::PagesTried& pages, const Style& style, std::size_t rows);

/// What such visits do not tell; empty where the run was of no pages.
std::vector<std::string> page_limits(const model::RunRecord& record, const Style& style);

}  // namespace zonder::report
