// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/firewalls/paloalto.hh"

#include <algorithm>

#include "base/translate.hh"
#include "wire/csv/csv.hh"
#include "wire/logs/text.hh"

namespace zonder::wire::firewalls {
namespace {

using std::string_view;

/// Places in a line, which both logs have in common up to the action.
enum Place : std::size_t {
  Type = 3,
  Subtype = 4,
  Generated = 6,
  Source = 7,
  Destination = 8,
  Repeat = 23,
  DestinationPort = 25,
  Protocol = 29,
  Action = 30,
  Bytes = 31,  // of traffic
  Url = 31,    // of the threat log
  BytesReceived = 33,
  Started = 35,
  FewestOfUrl = 32,
  FewestOfTraffic = 37
};

}  // namespace

void PaloaltoReader::read_line(string_view line, logs::EntrySink& sink)
{
  if (!csv::split(line, ',', fields_)) {
    unreadable(say("its quotes do not match its fields"));
    return;
  }
  const auto at = [this](Place place) {
    return place < fields_.size() ? logs::trimmed(fields_[place]) : string_view();
  };
  const bool is_traffic = at(Type) == "TRAFFIC";
  const bool is_url = at(Type) == "THREAT" && at(Subtype) == "url";
  if (fields_.size() <= Type) {
    unreadable(say("no line of Palo Alto's log"));
    return;
  }
  if (!is_traffic && !is_url) {
    count();  // the headings, and other logs
    return;
  }
  const auto fewest = is_url ? FewestOfUrl : FewestOfTraffic;
  if (fields_.size() < fewest) {
    unreadable(say("it has {} of at least {} fields", fields_.size(), static_cast<int>(fewest)));
    return;
  }
  const auto action = at(Action);
  const bool unanswered = at(Protocol) == "tcp" && at(BytesReceived) == "0";
  if (is_url ? action.starts_with("block") || action == "continue" || action == "override"
             : at(Subtype) != "end" || action != "allow" || unanswered) {
    count();
    return;
  }
  logs::Entry entry;
  entry.last = logs::iso_time(at(Generated));
  entry.first = is_traffic ? logs::iso_time(at(Started)) : entry.last;
  entry.client = at(Source);
  entry.server = at(Destination);
  entry.protocol = at(Protocol);
  entry.port = logs::port(at(DestinationPort)).value_or(0);
  // The firewall adds up what is alike within five seconds.
  entry.count = std::clamp<std::uint64_t>(logs::number(at(Repeat)).value_or(1), 1, 1'000'000);
  if (is_traffic) {
    entry.what = logs::What::Flow;
    entry.bytes = logs::number(at(Bytes)).value_or(0);
  } else {
    entry.what = entry.port == 443 ? logs::What::Tls : logs::What::Http;
    entry.name = logs::host_in(at(Url));
  }
  give(entry, sink);
}

bool is_paloalto(string_view head)
{
  auto line = head.substr(0, head.find('\n'));
  for (int i = 0; i < 3; ++i) {
    (void)logs::take_until(line, ',');
  }
  const auto type = logs::take_until(line, ',');
  if (type == "Type") {
    return head.find("Source address") != string_view::npos ||
           head.find("Source Address") != string_view::npos;
  }
  constexpr std::ptrdiff_t fewest = 20;
  return (type == "TRAFFIC" || type == "THREAT") &&
         std::count(line.begin(), line.end(), ',') > fewest;
}

}  // namespace zonder::wire::firewalls
