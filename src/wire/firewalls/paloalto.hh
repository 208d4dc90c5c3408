// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wire/logs/lines.hh"

namespace zonder::wire::firewalls {

/// Palo Alto's log of traffic: fields between commas in the order of "Traffic Log Fields" and
/// "Threat Log Fields" (Palo Alto Networks, PAN-OS 9.1 and 10.0, Syslog Field Descriptions), with
/// or without what syslog puts before the first. Of the threat log only visits of web pages (URL)
/// are taken, and of those the host.
///   1,2026/11/23 09:30:05,0123,TRAFFIC,end,2561,2026/11/23 09:30:04,10.0.0.5,192.0.2.7,...
/// One record a session: that of its end. Times are those of the firewall, read as UTC.
class PaloaltoReader final : public logs::LineReader {
protected:
  void read_line(std::string_view line, logs::EntrySink& sink) override;

private:
  std::vector<std::string> fields_;
};

bool is_paloalto(std::string_view head);

}  // namespace zonder::wire::firewalls
