// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// A baseline comes out of somebody's repository: whatever it holds, it is refused with a sentence,
// or means the same when it is written and read again.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "report/baseline.hh"

using namespace zonder;

namespace {

void require(bool holds)
{
  if (!holds) {
    std::abort();
  }
}

bool steers(char c)
{
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto baseline = report::baseline_from_json(text, "deps.json");
  if (!baseline) {
    require(baseline.error().fault == Fault::Usage && !baseline.error().message.empty());
    return 0;
  }
  require(std::is_sorted(baseline->contacts.begin(), baseline->contacts.end()));
  for (const auto& key : baseline->contacts) {
    require(!key.party.empty() && !key.target.empty() && !key.protocol.empty());
    const auto words = report::words_of(key, {.unicode = true});
    require(std::none_of(words.begin(), words.end(), steers));
    require(report::fits(key, key));
  }
  const auto written = report::baseline_as_json(*baseline);
  const auto again = report::baseline_from_json(written, "deps.json");
  require(again.has_value() && again->contacts == baseline->contacts);
  require(report::baseline_as_json(*again) == written);
  return 0;
}
