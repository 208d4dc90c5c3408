// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// A hostile catalogue file: it is refused, or every question to it stays inside it.
#include <cstdint>

#include "catalog/catalog.hh"
#include "catalog/snapshot.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  using namespace zonder;
  const catalog::Date day{2026, 11, 23};
  auto opened =
      catalog::Catalog::from_bytes(std::string(reinterpret_cast<const char*>(data), size));
  if (!opened) {
    return 0;
  }
  for (const char* input : {"192.0.2.1",
                            "255.255.255.255",
                            "2001:db8::1",
                            "www.cloud.example",
                            "as100",
                            "192.0.2.0/24"}) {
    (void)opened->who(input, day);
  }
  (void)opened->select("cloud", "", day, day);
  (void)opened->select("@us,registry:US,as100", "192.0.2.0/25", day, day);
  (void)opened->snapshot().content();
  return 0;
}
