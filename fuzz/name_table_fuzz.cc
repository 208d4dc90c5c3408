// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// A hostile name table: over() refuses it, or every look-up stays inside it and gives a suffix of
// the name. The input's last bytes are the names, so that the fuzzer can steer them.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "catalog/name_table.hh"

using zonder::catalog::NameMatch;
using zonder::catalog::NameTable;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  const auto table = NameTable::over({reinterpret_cast<const std::byte*>(data), size});
  if (!table) {
    return 0;
  }
  std::vector<std::string_view> names{"", "com", "www.example.com", "a.b.c.d.e.f.example.com"};
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  for (std::size_t length = 1; length <= size && length < 80; ++length) {
    names.push_back(all.substr(size - length));
    names.push_back(all.substr(size - length, length / 2));
  }
  std::vector<NameMatch> found(names.size());
  table->find(names, found);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (table->find(names[i]) != found[i] || found[i].length > names[i].size()) {
      std::abort();
    }
  }
  return 0;
}
