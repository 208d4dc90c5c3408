// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// A PAC file as some web server or colleague gave it. Whatever stands in it, what is found is
// bounded, is somewhere, and is found again where it is written as a PAC file would.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "isolate/proxies.hh"

using namespace zonder;

namespace {

constexpr std::size_t most_places = 34;  // past 32 nothing more is read; one may have two ports

void require(bool holds)
{
  if (!holds) {
    std::abort();
  }
}

void require_found_again(const isolate::ProxyPlace& place)
{
  const auto text = (place.seen_through ? "\"PROXY " : "\"SOCKS ") + place.to_string() + "\"";
  const auto again = isolate::proxies_in_pac(text);
  require(again.places.size() == 1 && again.places.front() == place);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto found = isolate::proxies_in_pac(text);
  require(found.places.size() <= most_places);
  for (const auto& place : found.places) {
    require(place.port != 0 && place.name.empty() == place.address.has_value());
    require_found_again(place);
  }
  const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
  require(found.wrong.empty() == (found.wrong_line == 0));
  require(found.wrong_line <= static_cast<std::size_t>(lines));
  return 0;
}
