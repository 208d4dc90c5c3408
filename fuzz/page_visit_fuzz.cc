// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// The file that the browser's visitor leaves: it lay where a browser that a page has taken over
// could write.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "browse/visit_file.hh"

using namespace zonder;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)browse::order_from_json(text);
  const auto result = browse::result_from_json(text, 4, 3);
  if (result) {
    // What was taken is written and read again as the same.
    const auto again = browse::result_from_json(browse::result_as_json(*result), 4, 3);
    if (!again || !(again->visit == result->visit)) {
      std::abort();
    }
  }
  return 0;
}
