// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// A hostile address table: over() refuses it, or every look-up stays inside it, and asking one by
// one or many at once gives the same.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "catalog/address_table.hh"

using zonder::catalog::AddressTable;
using zonder::catalog::V6;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  const auto table = AddressTable::over({reinterpret_cast<const std::byte*>(data), size});
  if (!table) {
    return 0;
  }
  // Addresses from the input's own bytes, so that the fuzzer can steer them.
  std::vector<std::uint32_t> v4{0, 0xffffffff, 0x0a000001};
  std::vector<V6> v6{{0, 0}, {~0ULL, ~0ULL}, {0x20010db800000000, 1}};
  std::uint64_t mixed = size;
  for (std::size_t i = 0; i < size && i < 200; ++i) {
    mixed = (mixed ^ data[size - 1 - i]) * 0x9e3779b97f4a7c15U;
    v4.push_back(static_cast<std::uint32_t>(mixed >> 32U));
    v6.push_back({mixed, mixed << 7U});
  }
  std::vector<std::uint32_t> found_v4(v4.size());
  std::vector<std::uint32_t> found_v6(v6.size());
  table->find_v4(v4, found_v4);
  table->find_v6(v6, found_v6);
  for (std::size_t i = 0; i < v4.size(); ++i) {
    if (table->find_v4(v4[i]) != found_v4[i] ||
        table->find_v6(v6[i].high, v6[i].low) != found_v6[i]) {
      std::abort();
    }
  }
  return 0;
}
