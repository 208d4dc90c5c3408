// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string_view>

#include "wire/logs/lines.hh"

namespace zonder::wire::proxylogs {

/// Squid's access log in its own format (squid.conf, logformat "squid": time, milliseconds, client,
/// result/status, bytes, method, URL, user, hierarchy/peer, type):
///   1795000001.123    250 10.0.0.5 TCP_TUNNEL/200 5120 CONNECT www.example.nl:443 -
///   HIER_DIRECT/... -
/// Of the URL only its host is looked at; the user not at all. What the proxy itself refused went
/// nowhere.
class SquidReader final : public logs::LineReader {
protected:
  void read_line(std::string_view line, logs::EntrySink& sink) override;

private:
  logs::Entry entry_;
};

bool is_squid(std::string_view head);

}  // namespace zonder::wire::proxylogs
