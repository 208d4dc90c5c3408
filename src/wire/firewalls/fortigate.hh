// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wire/logs/lines.hh"

namespace zonder::wire::firewalls {

/// FortiGate's logs of traffic, web filter and DNS filter: words as key=value, with quotes around
/// text, with or without what syslog puts before them (Fortinet, FortiOS Log Message Reference 7.6,
/// "13 - LOG_ID_TRAFFIC_END_FORWARD" and "54000 - LOG_ID_DNS_QUERY"; Administration Guide, "Sample
/// logs by log type").
///   date=2026-11-23 time=09:30:05 eventtime=1795422605000000000 tz="+0100" logid="0000000013"
///   type="traffic" srcip=10.0.0.5 dstip=192.0.2.7 dstport=443 proto=6 action="close" ...
/// One record a session: that of its end. What was denied reached nothing; nor did a session of TCP
/// to which no byte came back. `user`, `url` and `msg` are not looked at, and `dstname` neither: it
/// may be what a reverse look-up gives, which is not what the device asked for.
class FortigateReader final : public logs::LineReader {
protected:
  void read_line(std::string_view line, logs::EntrySink& sink) override;

private:
  struct Words;
  void take_traffic(const Words& words, logs::EntrySink& sink);
  void take_filter(const Words& words, logs::EntrySink& sink);
  void take_question(const Words& words, logs::EntrySink& sink);

  bool sees_queries_ = false;
  logs::Entry entry_;
};

bool is_fortigate(std::string_view head);

}  // namespace zonder::wire::firewalls
