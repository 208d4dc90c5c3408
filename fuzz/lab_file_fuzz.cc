// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "lab/lab_file.hh"
#include "lab/zone_file.hh"

// Whatever the bytes are: a lab that holds together, or one sentence with the place in it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto lab = zonder::lab::parse_lab(text, "lab.yaml");
  if (!lab) {
    if (!lab.error().message.starts_with("lab.yaml")) {
      std::abort();
    }
    return 0;
  }
  for (const auto& host : lab->hosts) {
    if (lab->network(host.network) == nullptr || host.addresses.empty()) {
      std::abort();
    }
  }
  for (const auto& zone : lab->zones) {
    if (zonder::lab::zone_text(*lab, zone, {}).empty()) {
      std::abort();
    }
  }
  return 0;
}
