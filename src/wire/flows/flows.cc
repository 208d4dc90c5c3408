// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// The numbers of the fields are those of IANA's registry of IPFIX information elements, of which
// NetFlow 9's (RFC 3954, section 8) are the beginning.
#include "wire/flows/flows.hh"

#include <algorithm>
#include <array>

#include "base/translate.hh"
#include "wire/logs/address_text.hh"

namespace zonder::wire::flows {
namespace {

using logs::Micros;

constexpr std::size_t most_templates = 4096;
constexpr std::size_t most_columns = 256;
constexpr std::uint16_t told_in_record = 65535;
constexpr std::uint16_t first_data_set = 256;

namespace element {
constexpr std::uint16_t bytes = 1;
constexpr std::uint16_t protocol = 4;
constexpr std::uint16_t tcp_flags = 6;
constexpr std::uint16_t source_port = 7;
constexpr std::uint16_t source_v4 = 8;
constexpr std::uint16_t destination_port = 11;
constexpr std::uint16_t destination_v4 = 12;
constexpr std::uint16_t last_switched = 21;
constexpr std::uint16_t first_switched = 22;
constexpr std::uint16_t bytes_back = 23;
constexpr std::uint16_t source_v6 = 27;
constexpr std::uint16_t destination_v6 = 28;
constexpr std::uint16_t start_seconds = 150;
constexpr std::uint16_t end_seconds = 151;
constexpr std::uint16_t start_millis = 152;
constexpr std::uint16_t end_millis = 153;
constexpr std::uint16_t boot_millis = 160;
constexpr std::uint16_t initiator_bytes = 231;
constexpr std::uint16_t responder_bytes = 232;
}  // namespace element

/// How large a field that we use may be at most; 0: of no use.
std::size_t largest(std::uint16_t number)
{
  switch (number) {
  case element::bytes:
  case element::bytes_back:
  case element::initiator_bytes:
  case element::responder_bytes:
  case element::start_millis:
  case element::end_millis:
  case element::boot_millis:
    return 8;
  case element::protocol:
    return 1;
  case element::tcp_flags:
  case element::source_port:
  case element::destination_port:
    return 2;
  case element::source_v4:
  case element::destination_v4:
  case element::last_switched:
  case element::first_switched:
  case element::start_seconds:
  case element::end_seconds:
    return 4;
  case element::source_v6:
  case element::destination_v6:
    return 16;
  default:
    return 0;
  }
}

std::string_view protocol_word(std::uint64_t number)
{
  return number == 6     ? "tcp"
         : number == 17  ? "udp"
         : number == 132 ? "sctp"
         : number == 1   ? "icmp"
         : number == 58  ? "icmp6"
                         : "other";
}

bool has_ports(std::uint64_t protocol)
{
  return protocol == 6 || protocol == 17 || protocol == 132;
}

/// Which end serves, where the record does not tell who began: well-known ports are below 1024
/// (RFC 6335), and services above them mostly below the ports that systems give to those who ask.
bool source_serves(std::uint16_t source, std::uint16_t destination)
{
  return source < destination;
}

}  // namespace

/// Takes from the front; what is not there fails.
class DatagramReader::Bytes {
public:
  explicit Bytes(std::span<const std::uint8_t> left) : left_(left) {}
  [[nodiscard]] std::size_t left() const { return left_.size(); }
  bool take(std::size_t count, std::span<const std::uint8_t>& taken)
  {
    if (count > left_.size()) {
      return false;
    }
    taken = left_.first(count);
    left_ = left_.subspan(count);
    return true;
  }
  bool skip(std::size_t count)
  {
    std::span<const std::uint8_t> skipped;
    return take(count, skipped);
  }
  template <typename Number>
  bool number(Number& value)
  {
    std::span<const std::uint8_t> taken;
    if (!take(sizeof value, taken)) {
      return false;
    }
    value = static_cast<Number>(number_of(taken));
    return true;
  }
  static std::uint64_t number_of(std::span<const std::uint8_t> bytes)
  {
    std::uint64_t value = 0;
    for (const auto byte : bytes) {
      value = value << 8U | byte;
    }
    return value;
  }

private:
  std::span<const std::uint8_t> left_;
};

void DatagramReader::unreadable(const std::string& why)
{
  if (tally_.unreadable++ == 0) {
    tally_.first_problem = say("datagram {}: {}", datagrams_, why);
  }
}

void DatagramReader::take(std::span<const std::uint8_t> datagram, logs::EntrySink& sink)
{
  ++datagrams_;
  Bytes bytes(datagram);
  std::uint16_t version = 0;
  if (!bytes.number(version)) {
    unreadable(say("too short for any version of NetFlow"));
    return;
  }
  bool sound = false;
  switch (version) {
  case 5:
    sound = read_v5(bytes, sink);
    break;
  case 9:
    sound = read_v9(bytes, sink);
    break;
  case 10:
    sound = read_ipfix(bytes, sink);
    break;
  default:
    unreadable(say("version {}, which is not 5, 9 or 10", version));
    return;
  }
  if (!sound) {
    unreadable(say("it says that it has more than it has"));
  }
}

void DatagramReader::give(logs::EntrySink& sink, std::uint64_t flags_of_tcp)
{
  // A connection that was only asked for (SYN alone) reached nobody.
  constexpr std::uint64_t syn = 2;
  constexpr std::uint64_t all_flags = 0x3F;
  if (entry_.protocol == "tcp" && (flags_of_tcp & all_flags) == syn) {
    ++tally_.records;
    return;
  }
  entry_.client = client_;
  entry_.server = server_;
  if (sink.take(entry_)) {
    ++tally_.records;
  } else {
    unreadable(say("an address or a name in it is none"));
  }
}

bool DatagramReader::read_v5(Bytes bytes, logs::EntrySink& sink)
{
  std::uint16_t count = 0;
  std::uint32_t uptime = 0;
  std::uint32_t seconds = 0;
  std::uint32_t nanoseconds = 0;
  constexpr std::size_t rest_of_header = 8;
  constexpr std::size_t record_size = 48;
  if (!bytes.number(count) || !bytes.number(uptime) || !bytes.number(seconds) ||
      !bytes.number(nanoseconds) || !bytes.skip(rest_of_header) ||
      bytes.left() < count * record_size) {
    return false;
  }
  const Micros started =
      Micros{seconds} * 1'000'000 + Micros{nanoseconds} / 1000 - Micros{uptime} * 1000;
  for (unsigned i = 0; i < count; ++i) {
    std::span<const std::uint8_t> record;
    (void)bytes.take(record_size, record);
    const auto at = [&record](std::size_t place, std::size_t size) {
      return Bytes::number_of(record.subspan(place, size));
    };
    const auto* source = record.data();
    const auto* destination = record.data() + 4;
    entry_.first = started + static_cast<Micros>(at(24, 4)) * 1000;
    entry_.last = std::max(entry_.first, started + static_cast<Micros>(at(28, 4)) * 1000);
    auto source_port = static_cast<std::uint16_t>(at(32, 2));
    auto destination_port = static_cast<std::uint16_t>(at(34, 2));
    const auto protocol = at(38, 1);
    entry_.protocol = protocol_word(protocol);
    entry_.bytes = at(20, 4);
    if (has_ports(protocol) && source_serves(source_port, destination_port)) {
      std::swap(source, destination);
      std::swap(source_port, destination_port);
    }
    entry_.port = has_ports(protocol) ? destination_port : std::uint16_t{0};
    logs::put_address(source, 4, client_);
    logs::put_address(destination, 4, server_);
    give(sink, at(37, 1));
  }
  return true;
}

bool DatagramReader::read_v9(Bytes bytes, logs::EntrySink& sink)
{
  std::uint16_t count = 0;
  std::uint32_t uptime = 0;
  std::uint32_t seconds = 0;
  std::uint32_t sequence = 0;
  std::uint32_t domain = 0;
  if (!bytes.number(count) || !bytes.number(uptime) || !bytes.number(seconds) ||
      !bytes.number(sequence) || !bytes.number(domain)) {
    return false;
  }
  is_ipfix_ = false;
  sent_ = Micros{seconds} * 1'000'000;
  started_ = sent_ - Micros{uptime} * 1000;
  constexpr std::size_t header = 4;
  while (bytes.left() >= header) {
    std::uint16_t id = 0;
    std::uint16_t size = 0;
    (void)bytes.number(id);
    (void)bytes.number(size);
    std::span<const std::uint8_t> content;
    if (size < header || !bytes.take(size - header, content) ||
        !read_set(domain, id, Bytes(content), sink)) {
      return false;
    }
  }
  return true;
}

bool DatagramReader::read_ipfix(Bytes bytes, logs::EntrySink& sink)
{
  std::uint16_t length = 0;
  std::uint32_t seconds = 0;
  std::uint32_t sequence = 0;
  std::uint32_t domain = 0;
  constexpr std::size_t before = 4;  // version and length
  if (!bytes.number(length) || length < before || length - before > bytes.left()) {
    return false;
  }
  std::span<const std::uint8_t> content;
  (void)bytes.take(length - before, content);
  Bytes message(content);
  if (!message.number(seconds) || !message.number(sequence) || !message.number(domain)) {
    return false;
  }
  is_ipfix_ = true;
  sent_ = Micros{seconds} * 1'000'000;
  started_ = logs::no_time;
  constexpr std::size_t header = 4;
  while (message.left() >= header) {
    std::uint16_t id = 0;
    std::uint16_t size = 0;
    (void)message.number(id);
    (void)message.number(size);
    std::span<const std::uint8_t> set;
    if (size < header || !message.take(size - header, set) ||
        !read_set(domain, id, Bytes(set), sink)) {
      return false;
    }
  }
  return true;
}

bool DatagramReader::read_set(std::uint32_t domain,
                              std::uint16_t id,
                              Bytes set,
                              logs::EntrySink& sink)
{
  const std::uint16_t templates = is_ipfix_ ? 2 : 0;
  if (id == templates) {
    return read_templates(domain, set);
  }
  if (id == templates + 1) {
    return read_options_templates(domain, set);
  }
  if (id < first_data_set) {
    return true;
  }
  const auto form = templates_.find({domain, id});
  if (form == templates_.end()) {
    ++without_template_;
    return true;
  }
  return form->second.is_options || read_records(form->second, set, sink);
}

bool DatagramReader::read_columns(Bytes& set, std::size_t count, Template& made) const
{
  if (count > most_columns) {
    return false;
  }
  constexpr std::uint16_t of_an_enterprise = 0x8000;
  for (std::size_t i = 0; i < count; ++i) {
    Column column;
    if (!set.number(column.element) || !set.number(column.size)) {
      return false;
    }
    if (is_ipfix_ && (column.element & of_an_enterprise) != 0) {
      std::uint32_t enterprise = 0;
      if (!set.number(enterprise)) {
        return false;
      }
      column.element = 0;
    }
    if (column.size == 0 || column.size > largest(column.element)) {
      column.element = 0;
    }
    if (column.size == told_in_record && is_ipfix_) {
      made.least += 1;
    } else {
      made.least += column.size;
    }
    made.columns.push_back(column);
  }
  return true;
}

bool DatagramReader::keep(std::uint32_t domain, std::uint16_t id, Template made)
{
  // A record of nothing would be there without end.
  if (id < first_data_set || made.least == 0) {
    return false;
  }
  const Stream key(domain, id);
  if (templates_.size() >= most_templates && templates_.count(key) == 0) {
    return false;
  }
  templates_[key] = std::move(made);
  return true;
}

bool DatagramReader::read_templates(std::uint32_t domain, Bytes set)
{
  constexpr std::size_t header = 4;
  while (set.left() >= header) {
    std::uint16_t id = 0;
    std::uint16_t count = 0;
    (void)set.number(id);
    (void)set.number(count);
    if (count == 0) {
      // IPFIX takes a template back so; in NetFlow 9 it is padding.
      templates_.erase({domain, id});
      continue;
    }
    Template made;
    if (!read_columns(set, count, made) || !keep(domain, id, std::move(made))) {
      return false;
    }
  }
  return true;
}

bool DatagramReader::read_options_templates(std::uint32_t domain, Bytes set)
{
  constexpr std::size_t header = 6;
  while (set.left() >= header) {
    std::uint16_t id = 0;
    std::uint16_t all = 0;
    std::uint16_t scope = 0;
    (void)set.number(id);
    (void)set.number(all);
    (void)set.number(scope);
    // NetFlow 9 counts bytes of the two kinds, IPFIX fields of both together.
    const std::size_t count = is_ipfix_ ? all : (std::size_t{all} + scope) / 4;
    if (id == 0 && count == 0) {
      continue;
    }
    Template made;
    made.is_options = true;
    if (!read_columns(set, count, made) || !keep(domain, id, std::move(made))) {
      return false;
    }
  }
  return true;
}

bool DatagramReader::read_records(const Template& form, Bytes set, logs::EntrySink& sink)
{
  while (set.left() >= form.least) {
    std::array<std::uint64_t, 256> numbers{};
    std::span<const std::uint8_t> source;
    std::span<const std::uint8_t> destination;
    for (const auto& column : form.columns) {
      std::size_t size = column.size;
      if (column.size == told_in_record && is_ipfix_) {
        std::uint8_t small = 0;
        if (!set.number(small)) {
          return false;
        }
        size = small;
        std::uint16_t large = 0;
        if (small == 255) {
          if (!set.number(large)) {
            return false;
          }
          size = large;
        }
      }
      std::span<const std::uint8_t> value;
      if (!set.take(size, value)) {
        return false;
      }
      const auto number = column.element;
      if (number == 0) {
        continue;
      }
      const bool is_v4 = number == element::source_v4 || number == element::destination_v4;
      const bool is_v6 = number == element::source_v6 || number == element::destination_v6;
      if (is_v4 || is_v6) {
        if (size != (is_v6 ? 16U : 4U)) {
          return false;
        }
        // Exporters fill in the family that a record is not of with zeros.
        const bool nothing = std::all_of(value.begin(), value.end(), [](auto b) { return b == 0; });
        auto& place =
            number == element::source_v4 || number == element::source_v6 ? source : destination;
        place = nothing && !place.empty() ? place : value;
      } else if (size <= sizeof(std::uint64_t)) {
        numbers.at(number) = Bytes::number_of(value);
      }
    }
    if (source.empty() || destination.empty()) {
      // Counters of the exporter itself, or of frames that are no IP.
      ++tally_.records;
      continue;
    }
    const auto protocol = numbers[element::protocol];
    auto source_port = static_cast<std::uint16_t>(numbers[element::source_port]);
    auto destination_port = static_cast<std::uint16_t>(numbers[element::destination_port]);
    entry_.protocol = protocol_word(protocol);
    entry_.bytes = numbers[element::bytes] + numbers[element::bytes_back] +
                   numbers[element::initiator_bytes] + numbers[element::responder_bytes];
    const auto time = [this, &numbers](
                          std::uint16_t millis, std::uint16_t seconds, std::uint16_t uptime) {
      constexpr std::uint64_t latest = std::uint64_t{1} << 45U;  // milliseconds: the year 3084
      if (numbers[millis] != 0 && numbers[millis] < latest) {
        return static_cast<Micros>(numbers[millis]) * 1000;
      }
      if (numbers[seconds] != 0) {
        return static_cast<Micros>(numbers[seconds]) * 1'000'000;
      }
      const auto boot = numbers[element::boot_millis];
      const auto started = boot != 0 && boot < latest ? static_cast<Micros>(boot) * 1000 : started_;
      return started == logs::no_time
                 ? sent_
                 : started + static_cast<Micros>(numbers[uptime] & 0xFFFFFFFFU) * 1000;
    };
    entry_.first = time(element::start_millis, element::start_seconds, element::first_switched);
    entry_.last = std::max(entry_.first,
                           time(element::end_millis, element::end_seconds, element::last_switched));
    if (has_ports(protocol) && source_serves(source_port, destination_port)) {
      std::swap(source, destination);
      std::swap(source_port, destination_port);
    }
    entry_.port = has_ports(protocol) ? destination_port : std::uint16_t{0};
    logs::put_address(source.data(), source.size(), client_);
    logs::put_address(destination.data(), destination.size(), server_);
    give(sink, numbers[element::tcp_flags]);
  }
  return true;
}

void DatagramReader::finish()
{
  if (without_template_ > 0) {
    if (tally_.unreadable == 0) {
      tally_.first_problem = say("records whose template never came before them");
    }
    tally_.unreadable += without_template_;
    without_template_ = 0;
  }
}

namespace {

std::uint32_t number_at(std::string_view head, std::size_t place, std::size_t size)
{
  std::uint32_t value = 0;
  for (std::size_t i = place; i < place + size; ++i) {
    value = value << 8U | static_cast<std::uint8_t>(head[i]);
  }
  return value;
}

}  // namespace

bool is_length_framed(std::string_view head)
{
  if (head.size() < 6) {
    return false;
  }
  const auto length = number_at(head, 0, 4);
  const auto version = number_at(head, 4, 2);
  return length >= 16 && length <= 65535 && (version == 5 || version == 9 || version == 10);
}

bool is_ipfix_file(std::string_view head)
{
  return head.size() >= 16 && number_at(head, 0, 2) == 10 && number_at(head, 2, 2) >= 16;
}

}  // namespace zonder::wire::flows
