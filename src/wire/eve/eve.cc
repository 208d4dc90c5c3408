// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/eve/eve.hh"

#include <algorithm>
#include <optional>
#include <vector>

#include <simdjson.h>

#include "base/translate.hh"
#include "wire/logs/json_text.hh"
#include "wire/logs/text.hh"

namespace zonder::wire::eve {
namespace {

namespace ondemand = simdjson::ondemand;
using logs::What;

/// What is of use in an event, whichever it is.
struct Event {
  bool of_no_use = false;  // of another kind: not read further
  std::string_view type;
  std::string_view timestamp;
  std::string_view source;
  std::string_view source_port;
  std::string_view destination;
  std::string_view destination_port;
  std::string_view protocol;
  std::string_view flow_start;
  std::string_view flow_end;
  std::string_view flow_state;
  std::string_view bytes_there;
  std::string_view bytes_back;
  std::string_view packets_back;
  std::string_view dns_type;
  std::string_view dns_name;
  std::vector<std::string_view> questions;  // version 3
  std::vector<logs::DnsRecord> records;
  std::string_view sni;
  std::string_view issuer;
  std::string_view host;

  void clear()
  {
    auto lists = std::move(questions);
    auto kept = std::move(records);
    *this = Event{};
    lists.clear();
    kept.clear();
    questions = std::move(lists);
    records = std::move(kept);
  }
};

/// Calls `take` with the key and value of each member; false at the first that is malformed.
template <typename Take>
bool each_member(ondemand::object& object, const Take& take)
{
  for (auto each : object) {
    ondemand::field member;
    if (std::move(each).get(member) != simdjson::SUCCESS ||
        !take(logs::json_key(member), member.value())) {
      return false;
    }
  }
  return true;
}

template <typename Take>
bool each_member(ondemand::value value, const Take& take)
{
  ondemand::object object;
  return value.get_object().get(object) == simdjson::SUCCESS && each_member(object, take);
}

template <typename Take>
bool each_item(ondemand::value value, const Take& take)
{
  ondemand::array list;
  if (value.get_array().get(list) != simdjson::SUCCESS) {
    return false;
  }
  for (auto each : list) {
    ondemand::value item;
    if (std::move(each).get(item) != simdjson::SUCCESS || !take(item)) {
      return false;
    }
  }
  return true;
}

bool is_one(ondemand::value value, ondemand::json_type wanted)
{
  ondemand::json_type type{};
  return value.type().get(type) == simdjson::SUCCESS && type == wanted;
}

bool read_flow(ondemand::value value, Event& event)
{
  return each_member(value, [&event](std::string_view key, ondemand::value member) {
    std::string_view* place = key == "start"            ? &event.flow_start
                              : key == "end"            ? &event.flow_end
                              : key == "state"          ? &event.flow_state
                              : key == "bytes_toserver" ? &event.bytes_there
                              : key == "bytes_toclient" ? &event.bytes_back
                              : key == "pkts_toclient"  ? &event.packets_back
                                                        : nullptr;
    return place == nullptr || logs::json_text(member, *place);
  });
}

/// {"rrname": ..., "rrtype": ..., "rdata": ...}
bool read_record(ondemand::value value, Event& event)
{
  logs::DnsRecord record;
  std::string_view type;
  const bool sound =
      each_member(value, [&record, &type](std::string_view key, ondemand::value member) {
        std::string_view* place = key == "rrname"   ? &record.owner
                                  : key == "rrtype" ? &type
                                  : key == "rdata"  ? &record.data
                                                    : nullptr;
        return place == nullptr || logs::json_text(member, *place);
      });
  record.type = logs::record_type(type).value_or(0);
  if (!record.owner.empty() && !record.data.empty()) {
    event.records.push_back(record);
  }
  return sound;
}

/// {"A": ["192.0.2.1"], "CNAME": [...]}: whose each is is not told; the name that was asked for
/// stands for the first, and each alias for the next.
bool read_grouped(ondemand::value value, Event& event)
{
  return each_member(value, [&event](std::string_view key, ondemand::value member) {
    const auto type = logs::record_type(key).value_or(0);
    if (!is_one(member, ondemand::json_type::array)) {
      return true;
    }
    return each_item(member, [&event, type](ondemand::value item) {
      logs::DnsRecord record{.owner = {}, .type = type, .data = {}};
      const bool sound = logs::json_text(item, record.data);
      if (!record.data.empty()) {
        event.records.push_back(record);
      }
      return sound;
    });
  });
}

bool read_dns(ondemand::value value, Event& event)
{
  return each_member(value, [&event](std::string_view key, ondemand::value member) {
    if (key == "type") {
      return logs::json_text(member, event.dns_type);
    }
    if (key == "rrname") {
      return logs::json_text(member, event.dns_name);
    }
    if (key == "queries" && is_one(member, ondemand::json_type::array)) {
      return each_item(member, [&event](ondemand::value item) {
        return each_member(item, [&event](std::string_view name, ondemand::value text) {
          if (name != "rrname") {
            return true;
          }
          event.questions.emplace_back();
          return logs::json_text(text, event.questions.back());
        });
      });
    }
    if (key == "answers" && is_one(member, ondemand::json_type::array)) {
      return each_item(member, [&event](ondemand::value item) { return read_record(item, event); });
    }
    if (key == "grouped" && is_one(member, ondemand::json_type::object) && event.records.empty()) {
      return read_grouped(member, event);
    }
    return true;
  });
}

bool read_name(ondemand::value value, Event& event)
{
  return each_member(value, [&event](std::string_view key, ondemand::value member) {
    std::string_view* place = key == "sni"        ? &event.sni
                              : key == "issuerdn" ? &event.issuer
                              : key == "hostname" ? &event.host
                                                  : nullptr;
    return place == nullptr || logs::json_text(member, *place);
  });
}

bool is_of_use(std::string_view type)
{
  return type == "flow" || type == "dns" || type == "tls" || type == "quic" || type == "http";
}

std::string_view* place_in(Event& event, std::string_view key)
{
  switch (key.size()) {
  case 5:
    return key == "proto" ? &event.protocol : nullptr;
  case 6:
    return key == "src_ip" ? &event.source : nullptr;
  case 7:
    return key == "dest_ip" ? &event.destination : nullptr;
  case 8:
    return key == "src_port" ? &event.source_port : nullptr;
  case 9:
    return key == "timestamp"   ? &event.timestamp
           : key == "dest_port" ? &event.destination_port
                                : nullptr;
  default:
    return nullptr;
  }
}

bool read_event(ondemand::object& object, Event& event)
{
  return each_member(object, [&event](std::string_view key, ondemand::value member) {
    if (auto* place = place_in(event, key)) {
      return logs::json_text(member, *place);
    }
    if (key == "event_type") {
      const bool sound = logs::json_text(member, event.type);
      event.of_no_use = sound && !event.type.empty() && !is_of_use(event.type);
      return sound && !event.of_no_use;
    }
    if (key.size() > 4 || !is_one(member, ondemand::json_type::object)) {
      return true;
    }
    if (key == "flow") {
      return read_flow(member, event);
    }
    if (key == "dns") {
      return read_dns(member, event);
    }
    return (key != "tls" && key != "quic" && key != "http") || read_name(member, event);
  });
}

/// "TCP", "UDP", "IPv6-ICMP" in our words.
std::string_view protocol_of(std::string_view word)
{
  return word == "TCP" ? "tcp" : word == "UDP" ? "udp" : word == "SCTP" ? "sctp" : "";
}

/// Aliases in their order, then what the last of them leads to.
void give_owners(std::vector<logs::DnsRecord>& records, std::string_view asked)
{
  constexpr std::uint16_t cname = 5;
  std::string_view owner = asked;
  for (auto& record : records) {
    if (record.owner.empty() && record.type == cname) {
      record.owner = owner;
      owner = record.data;
    }
  }
  for (auto& record : records) {
    if (record.owner.empty()) {
      record.owner = owner;
    }
  }
}

}  // namespace

struct Reader::Parts {
  ondemand::parser parser;
  Event event;
  logs::Entry entry;
  bool sees_questions = false;  // then an answer's question was there already
};

Reader::Reader() : parts_(std::make_unique<Parts>()) {}
Reader::~Reader() = default;

void Reader::read_line(std::string_view line, logs::EntrySink& sink)
{
  auto& event = parts_->event;
  auto& entry = parts_->entry;
  event.clear();
  ondemand::document document;
  ondemand::object object;
  if (parts_->parser
              .iterate(simdjson::padded_string_view(line, line.size() + logs::PaddedText::padding))
              .get(document) != simdjson::SUCCESS ||
      document.get_object().get(object) != simdjson::SUCCESS) {
    unreadable(say("not a JSON object"));
    return;
  }
  const bool sound = read_event(object, event);
  if (event.of_no_use) {
    count();
    return;
  }
  if (!sound) {
    unreadable(say("the JSON breaks off or is malformed"));
    return;
  }
  if (document.current_location().error() == simdjson::SUCCESS) {
    unreadable(say("something stands behind the JSON object"));
    return;
  }
  if (event.type.empty()) {
    unreadable(say("no event_type, which every event of EVE has"));
    return;
  }
  entry.first = logs::iso_time(event.timestamp);
  entry.last = entry.first;
  entry.client = event.source;
  entry.server = event.destination;
  entry.protocol = protocol_of(event.protocol);
  entry.port = logs::port(event.destination_port).value_or(0);
  entry.is_question = true;
  entry.bytes = 0;
  entry.name = {};
  entry.records.clear();
  if (event.type == "flow") {
    entry.what = What::Flow;
    if (entry.protocol.empty()) {
      entry.protocol = "other";
      entry.port = 0;
    }
    const auto start = logs::iso_time(event.flow_start);
    const auto end = logs::iso_time(event.flow_end);
    entry.first = start == logs::no_time ? entry.first : start;
    entry.last = end == logs::no_time ? entry.first : std::max(end, entry.first);
    entry.bytes =
        logs::number(event.bytes_there).value_or(0) + logs::number(event.bytes_back).value_or(0);
    // TCP that nobody answered is no reaching.
    if (entry.protocol == "tcp" && event.packets_back == "0") {
      count();
      return;
    }
    give(entry, sink);
    return;
  }
  if (event.type == "dns") {
    entry.what = What::Dns;
    const bool asks = event.dns_type == "query" || event.dns_type == "request";
    parts_->sees_questions = parts_->sees_questions || asks;
    entry.is_question = asks || !parts_->sees_questions;
    // Some versions tell an answer in the direction in which it went.
    if (!asks && event.source_port == "53" && event.destination_port != "53") {
      std::swap(entry.client, entry.server);
    }
    if (event.questions.empty()) {
      event.questions.push_back(event.dns_name);
    }
    give_owners(event.records, event.questions.front());
    entry.records = event.records;
    bool taken = true;
    for (const auto name : event.questions) {
      entry.name = name;
      taken = sink.take(entry) && taken;
      entry.records.clear();
    }
    taken ? count() : unreadable_entry();
    return;
  }
  entry.what = event.type == "tls" ? What::Tls : event.type == "quic" ? What::Quic : What::Http;
  entry.name = entry.what == What::Http ? event.host : event.sni;
  if (entry.name.empty()) {
    count();
    return;
  }
  const bool taken = sink.take(entry);
  if (taken && !event.issuer.empty()) {
    entry.what = What::Certificate;
    entry.issuer = logs::organisation_in(event.issuer);
    (void)sink.take(entry);
  }
  taken ? count() : unreadable_entry();
}

bool is_eve(std::string_view head)
{
  const auto line = head.substr(0, head.find('\n'));
  return line.starts_with('{') && line.find("\"event_type\":") != std::string_view::npos &&
         line.find("\"timestamp\":") != std::string_view::npos;
}

}  // namespace zonder::wire::eve
