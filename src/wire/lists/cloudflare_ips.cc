// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// https://www.cloudflare.com/ips-v4 and ips-v6: a prefix a line. Nothing in it says whose, so the
// file's name must.
#include "wire/lists/readers.hh"
#include "wire/lists/text.hh"

namespace zonder::wire::lists {

bool is_cloudflare_ips(const Source& source)
{
  const auto stem = file_name(source.path);
  return (stem == "ips-v4" || stem == "ips-v6" || stem == "ips-v4.txt" || stem == "ips-v6.txt") &&
         is_prefix_list(source);
}

void read_cloudflare_ips(const Source& source, ListBuilder& builder)
{
  builder.party("cloudflare");
  read_prefix_lines(source, builder, {}, space::services);
}

}  // namespace zonder::wire::lists
