// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "net/domain_name.hh"
#include "wire/http/start_page.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// Whatever a page says: only names come out, never the page's own, and an address that it leads to
// is one of http or https with a name.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  using namespace zonder;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto hosts = wire::http::hosts_in_page(text, "www.example.nl");
  for (const auto* list : {&hosts.loads, &hosts.log_ins}) {
    for (const auto& host : *list) {
      const auto name = net::DomainName::parse(host);
      if (!name || name->text() != host || host == "www.example.nl") {
        std::abort();
      }
    }
  }
  const auto url = wire::http::resolve_url("https://www.example.nl/a", text.substr(0, 3000));
  if (url && wire::http::host_of_url(*url).empty()) {
    std::abort();
  }
  (void)wire::http::robots_forbid_start_page(text, "zonder");
  (void)wire::http::looks_like_log_in(text);
  return 0;
}
