// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "collect/scan/asker.hh"
#include "collect/scan/recorded.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// Records of domains as a file has them: what was read is written and reads the same. And the
// content of DNS records.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  using namespace zonder;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<mail::DomainRecords> all;
  (void)collect::read_records_text(
      "x", text, [&all](mail::DomainRecords records) { all.push_back(std::move(records)); });
  for (const auto& records : all) {
    const auto line = collect::records_line(records);
    std::vector<mail::DomainRecords> again;
    (void)collect::read_records_text(
        "x", line, [&again](mail::DomainRecords one) { again.push_back(std::move(one)); });
    if (again.size() != 1 || collect::records_line(again.front()) != line) {
      std::abort();
    }
  }
  using enum mail::RecordType;
  for (const auto type : {A, Ns, Mx, Txt, Aaaa, Srv, Caa}) {
    bool sound = true;
    (void)collect::datum_of(type, text, sound);
  }
  return 0;
}
