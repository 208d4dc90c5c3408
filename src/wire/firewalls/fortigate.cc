// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/firewalls/fortigate.hh"

#include <algorithm>
#include <array>

#include "base/translate.hh"
#include "wire/logs/text.hh"

namespace zonder::wire::firewalls {

using std::string_view;

/// The words of a line that are of use.
struct FortigateReader::Words {
  enum Key : std::size_t {
    Date,
    Time,
    Zone,
    EventTime,
    LogId,
    Type,
    Subtype,
    EventType,
    Client,
    Server,
    Port,
    Protocol,
    Action,
    Sent,
    Received,
    Duration,
    Host,
    Question,
    Addresses,
    Count
  };
  static constexpr std::array<string_view, Count> names = {"date",
                                                           "time",
                                                           "tz",
                                                           "eventtime",
                                                           "logid",
                                                           "type",
                                                           "subtype",
                                                           "eventtype",
                                                           "srcip",
                                                           "dstip",
                                                           "dstport",
                                                           "proto",
                                                           "action",
                                                           "sentbyte",
                                                           "rcvdbyte",
                                                           "duration",
                                                           "hostname",
                                                           "qname",
                                                           "ipaddr"};

  std::array<string_view, Count> value{};
  [[nodiscard]] string_view operator[](Key key) const { return value[key]; }
};

namespace {

/// Takes the next key and its value off the front; false at the end. What is no such pair (what
/// syslog puts before the line) is passed over.
bool take_pair(string_view& line, string_view& key, string_view& value)
{
  for (;;) {
    const auto start = line.find_first_not_of(' ');
    if (start == string_view::npos) {
      return false;
    }
    line.remove_prefix(start);
    const auto end = line.find_first_of(" =");
    if (end == string_view::npos) {
      return false;
    }
    key = line.substr(0, end);
    const bool is_key = line[end] == '=';
    line.remove_prefix(end + 1);
    if (!is_key) {
      continue;
    }
    if (!line.starts_with('"')) {
      value = logs::take_until(line, ' ');
      return true;
    }
    line.remove_prefix(1);
    std::size_t at = 0;
    while (at < line.size() && line[at] != '"') {
      at += line[at] == '\\' && at + 1 < line.size() ? 2U : 1U;
    }
    value = line.substr(0, at);
    line.remove_prefix(std::min(at + 1, line.size()));
    return true;
  }
}

/// "eventtime" is in seconds, and in nanoseconds since FortiOS 6.2.
logs::Micros event_time(string_view text)
{
  // Seconds have ten digits from 2001 to 2286.
  constexpr std::size_t digits_of_seconds = 10;
  constexpr std::size_t digits_of_micros = 16;
  if (text.size() < digits_of_seconds) {
    return logs::no_time;
  }
  const auto whole = logs::number(text.substr(0, std::min(text.size(), digits_of_micros)));
  if (!whole) {
    return logs::no_time;
  }
  auto micros = static_cast<logs::Micros>(*whole);
  for (auto digits = std::min(text.size(), digits_of_micros); digits < digits_of_micros; ++digits) {
    micros *= 10;
  }
  return micros;
}

logs::Micros local_time(string_view date, string_view time, string_view zone)
{
  return logs::iso_time(std::string(date) + "T" + std::string(time) + std::string(zone));
}

string_view protocol_name(string_view number)
{
  return number == "6" ? "tcp" : number == "17" ? "udp" : number == "1" ? "icmp" : number;
}

bool is_blocked(string_view action)
{
  return action == "block" || action == "blocked" || action == "deny" || action == "redirect" ||
         action == "dropped";
}

}  // namespace

void FortigateReader::read_line(string_view line, logs::EntrySink& sink)
{
  Words words;
  string_view key;
  string_view value;
  while (take_pair(line, key, value)) {
    const auto found = std::find(Words::names.begin(), Words::names.end(), key);
    if (found != Words::names.end()) {
      words.value[static_cast<std::size_t>(found - Words::names.begin())] = value;
    }
  }
  if (words[Words::Type].empty()) {
    unreadable(say("no line of FortiGate: it has no type"));
    return;
  }
  const auto event = event_time(words[Words::EventTime]);
  entry_ = {};
  entry_.last = event != logs::no_time
                    ? event
                    : local_time(words[Words::Date], words[Words::Time], words[Words::Zone]);
  entry_.first = entry_.last;
  entry_.client = words[Words::Client];
  entry_.server = words[Words::Server];
  entry_.port = logs::port(words[Words::Port]).value_or(0);
  entry_.protocol = protocol_name(words[Words::Protocol]);
  const auto type = words[Words::Type];
  const auto subtype = words[Words::Subtype];
  if (type == "traffic") {
    take_traffic(words, sink);
  } else if (subtype == "webfilter" || type == "webfilter") {
    take_filter(words, sink);
  } else if (subtype == "dns" || type == "dns") {
    take_question(words, sink);
  } else {
    count();
  }
}

void FortigateReader::take_traffic(const Words& words, logs::EntrySink& sink)
{
  // 2 and 13 tell of a session's end; 20 of one that goes on, with what it has sent so far.
  constexpr string_view goes_on = "000020";
  const auto action = words[Words::Action];
  const bool unanswered = entry_.protocol == "tcp" && words[Words::Received] == "0";
  if (action == "deny" || action == "start" || action == "dns" || action == "ip-conn" ||
      unanswered || words[Words::LogId].ends_with(goes_on) ||
      words[Words::Subtype] == "multicast") {
    count();
    return;
  }
  entry_.what = logs::What::Flow;
  entry_.bytes = logs::number(words[Words::Sent]).value_or(0) +
                 logs::number(words[Words::Received]).value_or(0);
  constexpr std::uint64_t longest = std::uint64_t{366} * 24 * 3600;
  const auto duration = logs::number(words[Words::Duration]).value_or(0);
  if (entry_.last != logs::no_time && duration < longest) {
    entry_.first = entry_.last - static_cast<logs::Micros>(duration) * 1'000'000;
  }
  if (entry_.protocol.empty()) {
    unreadable(say("no connection: it lacks its protocol"));
    return;
  }
  give(entry_, sink);
}

void FortigateReader::take_filter(const Words& words, logs::EntrySink& sink)
{
  entry_.name = words[Words::Host];
  if (entry_.name.empty() || is_blocked(words[Words::Action])) {
    count();
    return;
  }
  entry_.what = entry_.port == 443 ? logs::What::Tls : logs::What::Http;
  give(entry_, sink);
}

void FortigateReader::take_question(const Words& words, logs::EntrySink& sink)
{
  const bool is_query =
      words[Words::EventType] == "dns-query" || words[Words::Subtype] == "dns-query";
  sees_queries_ = sees_queries_ || is_query;
  entry_.what = logs::What::Dns;
  entry_.name = words[Words::Question];
  entry_.is_question = is_query || !sees_queries_;
  if (entry_.name.empty()) {
    unreadable(say("a query without its name and who asked"));
    return;
  }
  auto addresses =
      is_query || is_blocked(words[Words::Action]) ? string_view() : words[Words::Addresses];
  while (!addresses.empty()) {
    const auto address = logs::trimmed(logs::take_until(addresses, ','));
    const bool is_v6 = address.find(':') != string_view::npos;
    entry_.records.push_back({.owner = entry_.name,
                              .type = static_cast<std::uint16_t>(is_v6 ? 28 : 1),
                              .data = address});
  }
  give(entry_, sink);
}

bool is_fortigate(string_view head)
{
  const auto line = head.substr(0, head.find('\n'));
  const auto has = [line](string_view word) {
    return line.find(word) != string_view::npos;
  };
  return has("logid=") && has("type=") && has("subtype=") &&
         (has("devid=") || has("vd=") || has("srcip="));
}

}  // namespace zonder::wire::firewalls
