// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <array>

#include "wire/logs/text.hh"
#include "wire/zeek/zeek.hh"

namespace zonder::wire::zeek {
namespace {

using logs::What;

struct Known {
  std::string_view name;
  Field field;
};

constexpr std::array<Known, 19> known = {{{"ts", Field::Time},
                                          {"id.orig_h", Field::Client},
                                          {"id.resp_h", Field::Server},
                                          {"id.resp_p", Field::Port},
                                          {"proto", Field::Protocol},
                                          {"duration", Field::Duration},
                                          {"orig_bytes", Field::ClientBytes},
                                          {"resp_bytes", Field::ServerBytes},
                                          {"orig_ip_bytes", Field::ClientIpBytes},
                                          {"resp_ip_bytes", Field::ServerIpBytes},
                                          {"conn_state", Field::State},
                                          {"query", Field::Query},
                                          {"qtype_name", Field::Type},
                                          {"answers", Field::Answers},
                                          {"server_name", Field::ServerName},
                                          {"host", Field::Host},
                                          {"certificate.issuer", Field::Issuer},
                                          {"san.dns", Field::CertifiedNames},
                                          {"client_initial_dcid", Field::QuicId}}};

/// TCP that nobody answered, or that was refused, is no reaching (Zeek's manual, conn_state: S0 "no
/// reply", REJ "rejected", RSTOS0 and SH "we never saw a SYN-ACK", OTH "no SYN seen" is kept).
bool was_answered(std::string_view protocol, std::string_view state)
{
  return protocol != "tcp" ||
         (state != "S0" && state != "REJ" && state != "RSTOS0" && state != "SH");
}

bool is_address(std::string_view text)
{
  if (text.find(':') != std::string_view::npos) {
    return true;
  }
  return !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos &&
         std::count(text.begin(), text.end(), '.') == 3;
}

}  // namespace

Field field_of(std::string_view name)
{
  // By length first: it is asked for each member of each line of JSON.
  static const auto by_size = [] {
    std::array<std::vector<Known>, 32> sorted;
    for (const auto& each : known) {
      sorted.at(each.name.size()).push_back(each);
    }
    return sorted;
  }();
  if (name.size() < by_size.size()) {
    for (const auto& each : by_size[name.size()]) {
      if (each.name == name) {
        return each.field;
      }
    }
  }
  return Field::None;
}

RowReader::Outcome RowReader::give(const Row& row,
                                   bool has_state,
                                   const std::vector<std::string_view>& answers,
                                   logs::EntrySink& sink)
{
  const auto at = [&row](Field field) {
    return row[static_cast<std::size_t>(field)];
  };
  auto& entry = entry_;
  entry.records.clear();
  entry.first = logs::seconds(at(Field::Time));
  if (entry.first == logs::no_time) {
    entry.first = logs::iso_time(at(Field::Time));
  }
  entry.last = entry.first;
  entry.is_question = true;
  entry.count = 1;
  entry.bytes = 0;
  entry.client = at(Field::Client);
  entry.server = at(Field::Server);
  entry.protocol = at(Field::Protocol);
  entry.name = {};
  if (!at(Field::Issuer).empty()) {
    entry.what = What::Certificate;
    entry.issuer = logs::organisation_in(at(Field::Issuer));
    bool all = true;
    for (const auto name : answers) {
      entry.name = name;
      all = sink.take(entry) && all;
    }
    return all ? Outcome::Given : Outcome::Refused;
  }
  if (entry.client.empty() || entry.server.empty()) {
    return Outcome::NotTraffic;
  }
  const auto port = logs::port(at(Field::Port));
  entry.port = port.value_or(0);
  if (has_state) {
    entry.what = What::Flow;
    if (entry.protocol.starts_with("icmp")) {
      entry.port = 0;
    } else if (!port) {
      return Outcome::Refused;
    }
    if (!was_answered(entry.protocol, at(Field::State))) {
      return Outcome::Given;
    }
    const auto duration = logs::seconds(at(Field::Duration));
    entry.last = entry.first == logs::no_time || duration == logs::no_time ? entry.first
                                                                           : entry.first + duration;
    const bool has_ip_bytes = !at(Field::ClientIpBytes).empty();
    const auto there = at(has_ip_bytes ? Field::ClientIpBytes : Field::ClientBytes);
    const auto back = at(has_ip_bytes ? Field::ServerIpBytes : Field::ServerBytes);
    entry.bytes = logs::number(there).value_or(0) + logs::number(back).value_or(0);
    return sink.take(entry) ? Outcome::Given : Outcome::Refused;
  }
  if (!at(Field::Query).empty()) {
    entry.what = What::Dns;
    entry.name = at(Field::Query);
    const auto type = logs::record_type(at(Field::Type)).value_or(0);
    // Zeek gives what records hold, not whose they are: a name answers for the one before it.
    std::string_view owner = entry.name;
    const bool is_host = type == 1 || type == 28 || type == 5 || type == 65 || type == 64;
    for (const auto answer : answers) {
      if (is_address(answer)) {
        const std::uint16_t kind = answer.find(':') == std::string_view::npos ? 1 : 28;
        entry.records.push_back({.owner = owner, .type = kind, .data = answer});
      } else if (is_host && answer.find(' ') == std::string_view::npos) {
        entry.records.push_back({.owner = owner, .type = 5, .data = answer});
        owner = answer;
      } else if (type == 2 || type == 15) {
        entry.records.push_back({.owner = entry.name, .type = type, .data = answer});
      }
    }
    return sink.take(entry) ? Outcome::Given : Outcome::Refused;
  }
  if (!at(Field::ServerName).empty()) {
    // quic.log has the same column for the name as ssl.log.
    entry.what = at(Field::QuicId).empty() ? What::Tls : What::Quic;
    entry.name = at(Field::ServerName);
    return sink.take(entry) ? Outcome::Given : Outcome::Refused;
  }
  if (!at(Field::Host).empty()) {
    entry.what = What::Http;
    entry.name = at(Field::Host);
    return sink.take(entry) ? Outcome::Given : Outcome::Refused;
  }
  return Outcome::NotTraffic;
}

}  // namespace zonder::wire::zeek
