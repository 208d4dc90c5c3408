// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// What a browser tells of a stranger's page, cut at zero bytes into events as on the pipe. Whatever
// it tells, what is kept stays within its bounds, and is read back as it was written.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <nlohmann/json.hpp>

#include "browse/browser_pipe.hh"
#include "browse/page_log.hh"
#include "browse/visit_file.hh"

using namespace zonder;

namespace {

void require(bool holds)
{
  if (!holds) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  constexpr browse::PageLimits limits{.requests = 8, .console = 4, .text = 32};
  browse::MessageCutter cutter(4096);
  browse::PageLog log("http://a.example/", "F", limits);
  cutter.put({reinterpret_cast<const char*>(data), size});
  cutter.put({"", 1});
  while (const auto message = cutter.next()) {
    const auto event = nlohmann::json::parse(*message, nullptr, false);
    if (event.is_object()) {
      log.take(event);
    }
  }
  const auto visit = log.visit("title", "http://a.example/");
  require(visit.requests.size() <= limits.requests && visit.console.size() <= limits.console);
  require(log.pending() <= visit.requests.size());
  for (const auto& request : visit.requests) {
    require(request.url.size() <= limits.text + 3 && request.error.size() <= limits.text + 3);
  }
  const browse::VisitResult result{.browser = "x", .sandboxed = true, .visit = visit};
  const auto again = browse::result_from_json(browse::result_as_json(result), 4, 3);
  require(again && again->visit == visit);
  return 0;
}
