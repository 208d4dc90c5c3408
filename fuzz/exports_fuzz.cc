// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// What firewalls, Windows, Entra ID, proxies and lists give as logs, tables and JSON.
#include "import_check.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  for (const auto* format : {"windows-dns",
                             "windows-dns-events",
                             "fortigate",
                             "paloalto",
                             "entra-sign-ins",
                             "entra-sign-ins-json",
                             "entra-apps",
                             "entra-apps-json",
                             "softwarecatalogus",
                             "proxy-csv"}) {
    zonder::fuzz::read_as(format, data, size);
  }
  return 0;
}
