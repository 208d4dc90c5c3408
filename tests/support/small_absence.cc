// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "support/small_absence.hh"

namespace zonder::test {
namespace {

net::PrefixSet set_of(const std::vector<std::string>& prefixes)
{
  std::vector<net::Prefix> parsed;
  for (const auto& prefix : prefixes) {
    parsed.push_back(net::Prefix::parse(prefix).value());
  }
  return net::PrefixSet::of(parsed);
}

}  // namespace

model::Absence small_absence()
{
  const auto name = [](const char* text) {
    return net::DomainName::parse(text).value();
  };
  model::Absence absence;
  absence.selector = "cdn,microsoft";
  absence.parties = {{.id = "cdn", .name = "CDN", .addresses = set_of({"203.0.113.0/24"})},
                     {.id = "microsoft",
                      .name = "Microsoft",
                      .addresses = set_of({"20.190.128.0/18", "2603:1026::/32"})}};
  absence.names = {
      {name("cdn.example"), 0}, {name("living.sharepoint.com"), {}}, {name("sharepoint.com"), 1}};
  absence.data_date = "2026-11-01";
  return absence;
}

}  // namespace zonder::test
