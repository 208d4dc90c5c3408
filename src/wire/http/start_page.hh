// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zonder::wire::http {

/// What a page makes a browser fetch from others, and where its log-in links lead. No browser: what
/// scripts load in their turn is not seen.
struct PageHosts {
  std::vector<std::string> loads;    // hosts, sorted, each once, without the page's own
  std::vector<std::string> log_ins;  // the same, of links and forms that look like a log-in
};

/// Reads HTML of anybody's; what is no tag is passed over.
PageHosts hosts_in_page(std::string_view html, std::string_view own_host);

/// Where a relative or whole address leads from a page; nothing when that is not http or https.
std::optional<std::string> resolve_url(std::string_view base, std::string_view reference);

/// "www.example.nl" of "https://user@www.example.nl:8443/x"; empty when it is no such address.
std::string host_of_url(std::string_view url);

/// Whether a link or a host looks like a log-in, by its words.
bool looks_like_log_in(std::string_view url);

/// Whether robots.txt asks `agent`, or everybody, to stay away from the start page.
bool robots_forbid_start_page(std::string_view robots, std::string_view agent);

}  // namespace zonder::wire::http
