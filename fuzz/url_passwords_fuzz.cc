// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "net/url_passwords.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// Passwords lie in the text, in order and apart; what is around them is shown as it was. And one
// that is put into an address is never shown, whatever stands before or behind it.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  using namespace zonder;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::size_t done = 0;
  std::string shown;
  for (const auto& [begin, length] : net::passwords_in(text)) {
    if (begin < done || length == 0 || begin > size || length > size - begin) {
      std::abort();
    }
    shown.append(text.substr(done, begin - done)).append("***");
    done = begin + length;
  }
  if (shown.append(text.substr(done)) != net::without_passwords(text)) {
    std::abort();
  }
  for (const auto* address : {"\nhttp://clerk:Geheim-1@h.example/", "\nclerk:Geheim-1@"}) {
    if (net::without_passwords(address + std::string(text)).find("Geheim-1") != std::string::npos ||
        net::without_passwords(std::string(text) + address).find("Geheim-1") != std::string::npos) {
      std::abort();
    }
  }
  const auto cut = std::string(text) + "\nhttp://clerk:Geheim-1";
  if (net::without_passwords_cut_off(cut).find("Geheim-1") != std::string::npos) {
    std::abort();
  }
  return 0;
}
