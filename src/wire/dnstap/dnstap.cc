// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/dnstap/dnstap.hh"

#include <optional>

#include <protozero/pbf_reader.hpp>

#include "base/translate.hh"
#include "wire/logs/address_text.hh"

namespace zonder::wire::dnstap {
namespace {

constexpr std::string_view content_type = "protobuf:dnstap.Dnstap";
constexpr std::size_t largest_frame = std::size_t{1} << 20U;
constexpr std::size_t largest_control = 512;

std::uint32_t number_at(std::span<const std::uint8_t> bytes)
{
  return std::uint32_t{bytes[0]} << 24U | std::uint32_t{bytes[1]} << 16U |
         std::uint32_t{bytes[2]} << 8U | bytes[3];
}

/// Of dnstap.proto's Message, as far as it is of use.
struct Message {
  std::uint64_t type = 0;
  protozero::data_view query_address;
  protozero::data_view response_address;
  std::uint64_t response_port = 0;
  std::uint64_t query_seconds = 0;
  std::uint32_t query_nanoseconds = 0;
  std::uint64_t response_seconds = 0;
  std::uint32_t response_nanoseconds = 0;
  protozero::data_view query;
  protozero::data_view response;
};

using protozero::pbf_wire_type;

bool is(const protozero::pbf_reader& reader, pbf_wire_type type)
{
  return reader.wire_type() == type;
}

/// False: a field is not of the type that dnstap.proto gives it.
bool read_message(protozero::data_view view, Message& message)
{
  protozero::pbf_reader reader(view);
  while (reader.next()) {
    const auto tag = reader.tag();
    switch (tag) {
    case 1:
    case 7:
    case 8:
    case 12: {
      if (!is(reader, pbf_wire_type::varint)) {
        return false;
      }
      const auto value = reader.get_uint64();
      (tag == 1   ? message.type
       : tag == 7 ? message.response_port
       : tag == 8 ? message.query_seconds
                  : message.response_seconds) = value;
      break;
    }
    case 9:
    case 13: {
      if (!is(reader, pbf_wire_type::fixed32)) {
        return false;
      }
      const auto value = reader.get_fixed32();
      (tag == 9 ? message.query_nanoseconds : message.response_nanoseconds) = value;
      break;
    }
    case 4:
    case 5:
    case 10:
    case 14: {
      if (!is(reader, pbf_wire_type::length_delimited)) {
        return false;
      }
      const auto value = reader.get_view();
      (tag == 4    ? message.query_address
       : tag == 5  ? message.response_address
       : tag == 10 ? message.query
                   : message.response) = value;
      break;
    }
    default:
      reader.skip();
    }
  }
  return true;
}

std::optional<Message> read_frame(std::string_view frame)
{
  // protozero throws at the first surprise.
  try {
    protozero::pbf_reader reader(frame.data(), frame.size());
    Message message;
    bool found = false;
    while (reader.next()) {
      constexpr std::uint32_t message_tag = 14;
      if (reader.tag() == message_tag && is(reader, pbf_wire_type::length_delimited)) {
        if (!read_message(reader.get_view(), message)) {
          return std::nullopt;
        }
        found = true;
      } else {
        reader.skip();
      }
    }
    return found ? std::optional(message) : std::nullopt;
  } catch (const protozero::exception&) {
    return std::nullopt;
  }
}

/// Empty: no address.
void put_address(protozero::data_view bytes, std::string& text)
{
  logs::put_address(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(), text);
}

std::span<const std::uint8_t> bytes_of(protozero::data_view view)
{
  return {reinterpret_cast<const std::uint8_t*>(view.data()), view.size()};
}

}  // namespace

void Reader::unreadable(const std::string& why)
{
  if (tally_.unreadable++ == 0) {
    tally_.first_problem = say("frame {}: {}", frames_, why);
  }
}

std::size_t Reader::take(std::span<const std::uint8_t> bytes, bool last, logs::EntrySink& sink)
{
  constexpr std::size_t head = 4;
  std::size_t used = 0;
  while (!lost_ && bytes.size() - used >= head) {
    const auto left = bytes.subspan(used);
    std::size_t whole = head + number_at(left);
    if (whole == head) {
      // A control frame: its own length, its type, and fields of no use to us.
      constexpr std::size_t control_head = 12;
      if (left.size() < control_head) {
        wants_ = control_head;
        break;
      }
      const std::size_t length = number_at(left.subspan(4));
      if (length < 4 || length > largest_control) {
        unreadable(say("no control frame has {} bytes", length));
        lost_ = true;
        return used;
      }
      whole = 2 * head + length;
      if (left.size() < whole) {
        wants_ = whole;
        break;
      }
      // Also behind the one that ends a stream another may begin: files are put together by cat.
      used += whole;
      wants_ = head;
      continue;
    }
    if (whole - head > largest_frame) {
      unreadable(say("no frame of dnstap has {} bytes", whole - head));
      lost_ = true;
      return used;
    }
    if (left.size() < whole) {
      wants_ = whole;
      break;
    }
    ++frames_;
    take_message({reinterpret_cast<const char*>(left.data()) + head, whole - head}, sink);
    used += whole;
    wants_ = head;
  }
  if (last && !lost_ && used < bytes.size()) {
    unreadable(say("it breaks off within a frame"));
    lost_ = true;
  }
  return used;
}

void Reader::take_message(std::string_view frame, logs::EntrySink& sink)
{
  const auto message = read_frame(frame);
  if (!message) {
    unreadable(say("not a message of dnstap"));
    return;
  }
  // AUTH, RESOLVER, CLIENT, FORWARDER, STUB, TOOL: a query and a response each, from 1.
  constexpr std::uint64_t resolver = 3;
  constexpr std::uint64_t forwarder = 7;
  constexpr std::uint64_t last_known = 12;
  if (message->type == 0 || message->type > last_known) {
    ++tally_.records;  // UPDATE and what comes later: nothing asked
    return;
  }
  const bool is_query = message->type % 2 == 1;
  const auto pair = message->type - (is_query ? 0 : 1);
  const bool of_clients = pair != resolver && pair != forwarder;
  sees_clients_ = sees_clients_ || of_clients;
  auto& sees_queries = sees_queries_[of_clients ? 1 : 0];
  const auto wire = is_query ? message->query : message->response;
  if (wire.size() == 0) {
    ++tally_.records;  // a tap may leave it out
    return;
  }
  if (!message_.read(bytes_of(wire)) || message_.is_response() == is_query) {
    unreadable(say("its DNS message is malformed"));
    return;
  }
  sees_queries = sees_queries || is_query;
  put_address(message->query_address, client_);
  put_address(message->response_address, server_);
  entry_.what = logs::What::Dns;
  entry_.client = client_;
  entry_.server = server_;
  entry_.name = message_.question();
  entry_.is_question = !client_.empty() && !entry_.name.empty() && (is_query || !sees_queries) &&
                       (of_clients || !sees_clients_);
  const auto seconds = is_query || message->response_seconds == 0 ? message->query_seconds
                                                                  : message->response_seconds;
  const auto nanoseconds = is_query || message->response_seconds == 0
                               ? message->query_nanoseconds
                               : message->response_nanoseconds;
  constexpr std::uint64_t latest = 32'503'680'000;  // the year 3000
  entry_.first = seconds == 0 || seconds > latest
                     ? logs::no_time
                     : static_cast<logs::Micros>(seconds) * 1'000'000 + nanoseconds / 1000;
  entry_.last = entry_.first;
  entry_.records = message_.records();
  if (sink.take(entry_)) {
    ++tally_.records;
  } else {
    unreadable(say("an address or a name in it is none"));
  }
}

bool is_dnstap(std::string_view head)
{
  using namespace std::string_view_literals;
  constexpr std::size_t start_frame = 64;
  return head.starts_with("\0\0\0\0"sv) &&
         head.substr(0, start_frame).find(content_type) != std::string_view::npos;
}

}  // namespace zonder::wire::dnstap
