// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "wire/dhcp/choice.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// What was read, written as the shortest message that says it, reads the same.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  using zonder::wire::dhcp::read_choice;
  if (const auto server = read_choice({data, size})) {
    std::vector<std::uint8_t> again(236);
    again[0] = 1;
    again.insert(again.end(), {99, 130, 83, 99, 53, 1, 3, 54, 4});
    const auto bytes = server->bytes();
    again.insert(again.end(), bytes.begin(), bytes.begin() + 4);
    if (!server->is_v4() || read_choice(again) != server) {
      std::abort();
    }
  }
  return 0;
}
