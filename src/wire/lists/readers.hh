// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>

#include "wire/lists/json.hh"
#include "wire/lists/list_builder.hh"

// One pair per format, each in its own file: does this look like it, and read it. Which are tried,
// and in which order, is said in recognise.cc.
namespace zonder::wire::lists {

/// A file in memory; `json` is null when it is not JSON.
struct Source {
  std::string_view path;
  std::string_view content;
  const JsonValue* json = nullptr;
  const ListHints* hints = nullptr;
};

bool is_aws_ip_ranges(const Source&);
void read_aws_ip_ranges(const Source&, ListBuilder&);

bool is_microsoft_365_endpoints(const Source&);
void read_microsoft_365_endpoints(const Source&, ListBuilder&);

bool is_azure_service_tags(const Source&);
void read_azure_service_tags(const Source&, ListBuilder&);

bool is_google_ip_ranges(const Source&);
void read_google_ip_ranges(const Source&, ListBuilder&);

bool is_fastly_ip_list(const Source&);
void read_fastly_ip_list(const Source&, ListBuilder&);

bool is_oracle_ip_ranges(const Source&);
void read_oracle_ip_ranges(const Source&, ListBuilder&);

bool is_github_meta(const Source&);
void read_github_meta(const Source&, ListBuilder&);

bool is_misp_warninglist(const Source&);
void read_misp_warninglist(const Source&, ListBuilder&);

bool is_asn_info(const Source&);
void read_asn_info(const Source&, ListBuilder&);

bool is_m365_service_areas(const Source&);
void read_m365_service_areas(const Source&, ListBuilder&);

bool is_cloudflare_ips(const Source&);
void read_cloudflare_ips(const Source&, ListBuilder&);

bool is_lord_alfred_ipranges(const Source&);
void read_lord_alfred_ipranges(const Source&, ListBuilder&);

bool is_prefix_list(const Source&);
void read_prefix_list(const Source&, ListBuilder&);

bool is_v2fly_domain_list(const Source&);
void read_v2fly_domain_list(const Source&, ListBuilder&);

/// The rows of every list that is lines of prefixes, with comments after '#'.
void read_prefix_lines(const Source&, ListBuilder&, std::string_view service, std::string_view use);

}  // namespace zonder::wire::lists
