// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/proxylogs/proxy_csv.hh"

#include <algorithm>
#include <array>

#include "base/ascii.hh"
#include "base/translate.hh"
#include "net/address.hh"
#include "wire/logs/text.hh"

namespace zonder::wire::proxylogs {
namespace {

using std::string_view;

constexpr auto urls =
    std::to_array<string_view>({"host", "hostname", "ehost", "url", "eurl", "requested url"});
constexpr auto clients = std::to_array<string_view>(
    {"cintip", "cip", "clientip", "client ip", "client_ip", "client internal ip", "source ip"});

/// Zscaler's sample.
constexpr std::size_t sample_url = 3;
constexpr std::size_t sample_action = 4;
constexpr std::size_t sample_client = 21;
constexpr std::size_t sample_fewest = 25;

bool is_sample(const std::vector<std::string>& fields)
{
  return fields.size() >= sample_fewest &&
         net::Address::try_parse(logs::trimmed(fields[sample_client])).has_value() &&
         fields[sample_url].find('.') != std::string::npos;
}

/// "Mon Jun 20 15:29:11 2022"
logs::Micros c_time(string_view text)
{
  (void)logs::take_word(text);
  const auto month = logs::month_number(logs::take_word(text));
  const auto day = logs::number(logs::take_word(text));
  const auto clock = logs::take_word(text);
  const auto year = logs::take_word(text);
  if (month == 0 || !day || *day > 31 || year.size() != 4) {
    return logs::no_time;
  }
  const auto two = [](std::uint64_t number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
  };
  return logs::iso_time(std::string(year) + "-" + two(month) + "-" + two(*day) + "T" +
                        std::string(clock));
}

}  // namespace

bool ProxyCsvReader::read_headings(const Fields& headings)
{
  if (is_sample(headings)) {
    time_ = 0;
    url_ = sample_url;
    action_ = sample_action;
    client_ = sample_client;
    begins_with_record_ = true;
    return true;
  }
  time_ =
      csv::column(headings, {"time", "datetime", "event time", "logged time", "epochtime", "date"});
  url_ = csv::column(headings, urls);
  client_ = csv::column(headings, clients);
  action_ = csv::column(headings, {"action", "policy action", "reqaction"});
  return url_ != nowhere && client_ != nowhere;
}

void ProxyCsvReader::read_record(const Fields& fields, logs::EntrySink& sink)
{
  const auto action = ascii_lower(std::string(field(fields, action_)));
  if (action.starts_with("block") || action.starts_with("den")) {
    count();
    return;
  }
  auto when = field(fields, time_);
  entry_.first = c_time(when);
  for (const auto read : {logs::iso_time, logs::seconds}) {
    entry_.first = entry_.first == logs::no_time ? read(when) : entry_.first;
  }
  if (entry_.first == logs::no_time) {
    (void)date_.take(when, entry_.first);
  }
  entry_.last = entry_.first;
  entry_.what = logs::What::Http;
  entry_.client = field(fields, client_);
  entry_.name = logs::host_in(field(fields, url_));
  if (entry_.name.empty()) {
    unreadable(say("a request without its host"));
    return;
  }
  give(entry_, sink);
}

bool is_proxy_csv(string_view head)
{
  const auto headings = csv::headings_in(head);
  return is_sample(headings) || (csv::has_any(headings, urls) && csv::has_any(headings, clients));
}

}  // namespace zonder::wire::proxylogs
