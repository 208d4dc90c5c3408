// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/querylogs/windows.hh"

#include <algorithm>

#include "base/translate.hh"
#include "wire/logs/text.hh"

namespace zonder::wire::querylogs {
namespace {

using logs::take_word;
using std::string_view;

constexpr string_view packet_mark = " PACKET ";

/// "(3)www(7)example(2)nl(0)" as a name with points; ".www.example.nl." of older servers likewise.
/// False: it is neither.
bool put_name(string_view counted, std::string& name)
{
  name.clear();
  if (counted.starts_with('.')) {
    name = counted.substr(1);
    return true;
  }
  while (counted.starts_with('(')) {
    counted.remove_prefix(1);
    const auto size = logs::number(logs::take_until(counted, ')'));
    if (!size) {
      return false;
    }
    if (*size == 0) {
      return counted.empty();
    }
    // Bytes that cannot be printed are written longer than they are.
    const auto end = std::min(counted.find('('), counted.size());
    name += name.empty() ? "" : ".";
    name += counted.substr(0, end);
    counted.remove_prefix(end);
  }
  return false;
}

/// What stands behind "QNAME=" in the message of an event, up to the semicolon.
string_view value_in(string_view message, string_view key)
{
  const auto at = message.find(key);
  if (at == string_view::npos) {
    return {};
  }
  auto rest = message.substr(at + key.size());
  return logs::trimmed(logs::take_until(rest, ';'));
}

std::vector<std::string> remark_of(const logs::LocalDate& date)
{
  if (!date.left_some_out()) {
    return {};
  }
  return {say("dates such as 3/4/2026 do not tell the day from the month: they were left out until "
              "a date did")};
}

}  // namespace

void WindowsDnsReader::read_line(string_view line, logs::EntrySink& sink)
{
  const auto mark = line.find(packet_mark);
  auto rest = line.substr(0, mark);
  logs::Micros moment = logs::no_time;
  if (mark == string_view::npos || !date_.take(rest, moment)) {
    // The head of the file, other events, and the details of a packet.
    count();
    return;
  }
  entry_.first = entry_.last = moment;
  read_packet(line.substr(mark + packet_mark.size()), sink);
}

void WindowsDnsReader::read_packet(string_view rest, logs::EntrySink& sink)
{
  (void)take_word(rest);  // where it lies in memory
  const auto transport = take_word(rest);
  const auto way = take_word(rest);
  const auto remote = take_word(rest);
  (void)take_word(rest);  // the message's number
  auto kind = take_word(rest);
  const bool is_response = kind == "R";
  if (is_response) {
    kind = take_word(rest);
  }
  const auto flags = rest.find(']');
  if ((transport != "UDP" && transport != "TCP") || (way != "Rcv" && way != "Snd") ||
      flags == string_view::npos) {
    unreadable(say("no packet as the DNS server of Windows writes it"));
    return;
  }
  rest.remove_prefix(flags + 1);
  (void)take_word(rest);  // the record's type
  const auto name = take_word(rest);
  if (kind == "Q" && !put_name(name, name_)) {
    unreadable(say("a query without its name and who asked"));
    return;
  }
  const bool asks = way == "Rcv" && !is_response;
  const bool answers = way == "Snd" && is_response;
  sees_queries_ = sees_queries_ || (asks && kind == "Q");
  if (kind != "Q" || !(asks || (answers && !sees_queries_))) {
    count();
    return;
  }
  entry_.what = logs::What::Dns;
  entry_.client = remote;
  entry_.name = name_;
  give(entry_, sink);
}

std::vector<std::string> WindowsDnsReader::remarks() const
{
  return remark_of(date_);
}

bool WindowsDnsEventsReader::read_headings(const Fields& headings)
{
  time_ = csv::column(headings, {"timecreated", "date and time", "datum en tijd"});
  return true;
}

void WindowsDnsEventsReader::read_record(const Fields& fields, logs::EntrySink& sink)
{
  constexpr string_view mark = "QUERY_RECEIVED:";
  const auto found = std::find_if(fields.begin(), fields.end(), [mark](const std::string& each) {
    return each.find(mark) != std::string::npos;
  });
  if (found == fields.end()) {
    count();
    return;
  }
  auto when = field(fields, time_);
  entry_.first = logs::iso_time(when);
  if (entry_.first == logs::no_time) {
    (void)date_.take(when, entry_.first);
  }
  entry_.last = entry_.first;
  entry_.what = logs::What::Dns;
  entry_.client = value_in(*found, "Source=");
  entry_.name = value_in(*found, "QNAME=");
  if (entry_.name.empty()) {
    unreadable(say("a query without its name and who asked"));
    return;
  }
  give(entry_, sink);
}

std::vector<std::string> WindowsDnsEventsReader::remarks() const
{
  return remark_of(date_);
}

bool is_windows_dns(string_view head)
{
  if (head.find("DNS Server log file creation") != string_view::npos ||
      head.find("Message logging key (for packets") != string_view::npos) {
    return true;
  }
  const auto mark = head.find(packet_mark);
  if (mark == string_view::npos) {
    return false;
  }
  const auto start = head.rfind('\n', mark);
  auto line = head.substr(start == string_view::npos ? 0 : start + 1);
  line = line.substr(0, line.find('\n'));
  logs::Micros moment = logs::no_time;
  return logs::LocalDate().take(line, moment) &&
         (line.find(" Rcv ") != string_view::npos || line.find(" Snd ") != string_view::npos);
}

bool is_windows_dns_events(string_view head)
{
  return head.find("QUERY_RECEIVED: TCP=") != string_view::npos &&
         csv::separator_of(head.substr(0, head.find('\n'))) != '\0';
}

}  // namespace zonder::wire::querylogs
