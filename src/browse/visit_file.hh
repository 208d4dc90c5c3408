// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hh"
#include "model/page_visit.hh"

// How the visitor, a process of its own, is told what to visit and tells what it saw: JSON files in
// a folder of ours. What comes back was next to a browser that looked at a stranger's page, so it
// is read as a stranger's: sizes, kinds and characters are checked.
namespace zonder::browse {

struct VisitOrder {
  std::vector<std::string> urls;
  std::string program;            // the browser
  std::chrono::seconds wait{30};  // for a page, at most
  unsigned width = 1280;          // of what is looked at, in pixels
  unsigned height = 800;
};

/// One page as the visitor saw it, and in which browser.
struct VisitResult {
  std::string browser;  // "Chrome/140.0.7339.127"; empty: it did not start
  bool sandboxed = true;
  model::PageVisit visit;
};

inline constexpr std::size_t largest_visit = std::size_t{16} << 20U;       // bytes of a file
inline constexpr std::size_t largest_screenshot = std::size_t{12} << 20U;  // bytes of base64

std::string order_as_json(const VisitOrder& order);
Result<VisitOrder> order_from_json(std::string_view text);

std::string result_as_json(const VisitResult& result);
/// Errors (incomplete): it is damaged. A screenshot that is no PNG of that size is left out.
Result<VisitResult> result_from_json(std::string_view text, unsigned width, unsigned height);

/// "page-0.json"
std::string result_name(std::size_t page);

/// A file in a folder that the browser could write in too: a regular one, no link, no longer than
/// `limit`. Errors (incomplete).
Result<std::string> read_untrusted(const std::string& path, std::size_t limit);

/// The size of a PNG in base64; nothing: it is none.
struct PictureSize {
  unsigned width = 0;
  unsigned height = 0;
  bool operator==(const PictureSize&) const = default;
};
std::optional<PictureSize> png_size(std::string_view base64);

}  // namespace zonder::browse
