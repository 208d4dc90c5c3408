// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/capture/capture.hh"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "wire/capture/dns_told.hh"
#include "wire/capture/first_words.hh"
#include "wire/capture/kept_words.hh"
#include "wire/capture/plain_frame.hh"
#include "wire/capture/quic_initial.hh"

namespace zonder::wire::capture {
namespace {

constexpr std::uint16_t dns_port = 53;
constexpr std::uint16_t netbios_port = 137;
constexpr std::uint16_t ssdp_port = 1900;
constexpr std::uint16_t rdp_port = 3389;
constexpr std::uint16_t multicast_dns_port = 5353;
constexpr std::uint16_t link_local_dns_port = 5355;
constexpr std::uint16_t well_known = 1024;

/// So many segments of a direction are looked at in vain before nothing is looked for any more:
/// STARTTLS and the answers of a proxy come earlier.
constexpr std::uint16_t most_looks = 64;
/// Up to here a segment that came too early is kept until the one before it came.
constexpr std::uint16_t early_looks = 16;
constexpr std::size_t most_pending = 32;
constexpr std::size_t most_pieces = 256;
constexpr std::int32_t far_ahead = 1 << 20;

}  // namespace

class Capture::Hearing : public PacketTaker {
public:
  Hearing(Listener& listener, const CaptureLimits& limits)
      : listener_(listener), words_(limits.conversations, limits.kept_bytes), layers_(*this),
        flows_(limits.flows, [this](Flow& flow) { leave(flow); })
  {
  }

  void frame(const Frame& frame)
  {
    number_ = frame.number;
    time_ = frame.time;
    layers_.frame(frame.link, frame.bytes);
    if (counts_.first_malformed == 0 && layers_.counts().malformed > 0) {
      counts_.first_malformed = frame.number;
    }
  }

  void frames(std::span<const Frame> all)
  {
    // What waits for memory here is the table of flows; three passes let the waits overlap.
    auto& plain = plain_;
    while (!all.empty()) {
      const auto some = all.first(std::min(plain.size(), all.size()));
      all = all.subspan(some.size());
      for (std::size_t i = 0; i < some.size(); ++i) {
        plain[i].is = read_plain(some[i], plain[i]);
        if (plain[i].is) {
          flows_.soon(plain[i].flow.hash);
        }
      }
      for (std::size_t i = 0; i < some.size(); ++i) {
        if (plain[i].is) {
          flows_.sooner(plain[i].flow.hash);
        }
      }
      for (std::size_t i = 0; i < some.size(); ++i) {
        if (plain[i].is) {
          take_plain(some[i], plain[i]);
        } else {
          frame(some[i]);
        }
      }
    }
  }

  void end()
  {
    layers_.end();
    flows_.clear();
  }

  void take(const Packet& packet) override
  {
    ++counts_.packets;
    switch (packet.protocol) {
    case protocol::tcp:
      return packet.quoted ? void() : tcp(packet);
    case protocol::udp:
    case protocol::udp_lite:
      return udp(packet);
    default:
      return packet.quoted ? void() : other(packet);
    }
  }

  [[nodiscard]] CaptureCounts counts() const
  {
    auto counts = counts_;
    counts.flows_evicted = flows_.evicted();
    counts.lost_fragments = layers_.lost_fragments();
    counts.words_given_up += words_.given_up();
    return counts;
  }
  [[nodiscard]] const LayerCounts& layers() const { return layers_.counts(); }

private:
  void take_plain(const Frame& frame, const PlainFrame& plain)
  {
    number_ = frame.number;
    time_ = frame.time;
    ++counts_.packets;
    const auto sent = count(plain.packet, plain.flow);
    if (plain.packet.protocol == protocol::tcp) {
      if (plain.packet.payload.size() >= smallest_segment) {
        segment(sent, plain.packet);
      }
      return;
    }
    datagram(sent, plain.packet);
    layers_.carried(plain.packet);
  }

  /// A flow, and which of its ends sent what is looked at.
  struct Sent {
    Flow& flow;
    bool by_b;
    [[nodiscard]] FlowSide& side() const { return flow.sides[by_b ? 1 : 0]; }
    [[nodiscard]] Listening& listening() const { return side().listening; }
    [[nodiscard]] std::uint16_t from() const { return flow.key.port(by_b); }
    [[nodiscard]] std::uint16_t to() const { return flow.key.port(!by_b); }
  };

  Sent count(const Packet& packet, const FlowPlace& place)
  {
    const bool by_b = place.by_b;
    Flow& flow = flows_.at(place.key, place.hash);
    FlowSide& side = flow.sides[by_b ? 1 : 0];
    side.packets += packet.frames;
    side.bytes += packet.length;
    if (time_ != no_time) {
      flow.first = flow.first == no_time ? time_ : std::min(flow.first, time_);
      flow.last = std::max(flow.last, time_);
    }
    if (flow.client == ClientEnd::Unknown) {
      // Who sends first asks, unless only it has the port of a service.
      const bool answers = flow.key.port(by_b) < well_known && flow.key.port(!by_b) >= well_known;
      flow.client = by_b != answers ? ClientEnd::B : ClientEnd::A;
    }
    return {.flow = flow, .by_b = by_b};
  }

  Sent count(const Packet& packet, std::uint16_t source, std::uint16_t destination)
  {
    FlowPlace place;
    find_place(packet, source, destination, place);
    return count(packet, place);
  }

  /// Where the header is cut off, as many ports as are there.
  Sent count_cut(const Packet& packet)
  {
    const auto payload = packet.payload;
    const bool ports = payload.size() >= 4;
    return count(packet,
                 ports ? number16(payload.data()) : std::uint16_t{0},
                 ports ? number16(&payload[2]) : std::uint16_t{0});
  }

  void other(const Packet& packet)
  {
    if (packet.protocol == protocol::sctp) {
      count_cut(packet);
    } else {
      count(packet, 0, 0);
    }
  }

  [[nodiscard]] Scene scene(const FlowKey& key, bool client_is_b) const
  {
    return {.frame = number_,
            .time = time_,
            .client = key.address(client_is_b),
            .server = key.address(!client_is_b),
            .client_port = key.port(client_is_b),
            .server_port = key.port(!client_is_b),
            .protocol = key.protocol()};
  }

  static void begins(const Sent& sent)
  {
    sent.flow.client = sent.by_b ? ClientEnd::B : ClientEnd::A;
  }

  void said(const Scene& scene, Said how, const std::string& name)
  {
    if (!name.empty()) {
      listener_.named(scene, how, name);
    }
  }

  // --- TCP

  static constexpr std::size_t smallest_segment = 20;

  void tcp(const Packet& packet)
  {
    const auto payload = packet.payload;
    if (payload.size() < smallest_segment) {
      count_cut(packet);
      return;
    }
    segment(count(packet, number16(payload.data()), number16(&payload[2])), packet);
  }

  void segment(const Sent& sent, const Packet& packet)
  {
    const auto* bytes = packet.payload.data();
    const unsigned flags = bytes[13];
    const bool syn = (flags & 0x02U) != 0;
    auto sequence = number32(bytes + 4);
    auto& listening = sent.listening();
    if (syn) {
      const bool accepts = (flags & 0x10U) != 0;
      sent.flow.client = sent.by_b != accepts ? ClientEnd::B : ClientEnd::A;
      ++sequence;
      if (!listening.started || listening.next != sequence) {
        give_up(listening);
        listening = {};
        listening.started = true;
        listening.next = sequence;
      }
    }
    const std::size_t header = (bytes[12] >> 4U) * 4U;
    if (header < smallest_segment || header >= packet.payload_length) {
      return;
    }
    listening.spoke = true;
    if (listening.done) {
      return;
    }
    hear(sent, sequence, after(packet.payload, header), packet.payload_length - header);
  }

  /// A segment with something in it; `length` is more than `data` where the capture cut it.
  void hear(const Sent& sent, std::uint32_t sequence, Bytes data, std::size_t length)
  {
    auto& listening = sent.listening();
    if (!listening.started) {
      listening.started = true;
      listening.next = sequence;
    }
    const auto ahead = static_cast<std::int32_t>(sequence - listening.next);
    if (ahead < 0 && ahead > -far_ahead) {
      const auto known = static_cast<std::size_t>(-ahead);
      if (known >= length) {
        return;  // said before
      }
      data = after(data, known);
      length -= known;
    } else if (ahead != 0) {
      const bool wait = ahead > 0 && ahead < far_ahead && listening.looked < early_looks;
      if (wait && keep_early(sent, sequence, data)) {
        return;
      }
      give_up(listening);
      listening.next = sequence;
    }
    listening.next += static_cast<std::uint32_t>(length);
    listen(sent, data, data.size() < length);
    hear_early(sent);
  }

  /// False: too much of what is between is missing. Then all that came too early is read as it is.
  bool keep_early(const Sent& sent, std::uint32_t sequence, Bytes data)
  {
    Words& words = words_of(sent);
    if (words.early.size() < most_pending) {
      words.early.push_back({.sequence = sequence, .bytes = {data.begin(), data.end()}});
      words_.account(sent.listening().words);
      return true;
    }
    auto& listening = sent.listening();
    auto early = std::move(words.early);
    words.early.clear();
    give_up(listening);
    std::sort(early.begin(), early.end(), [&](const auto& one, const auto& two) {
      return one.sequence - listening.next < two.sequence - listening.next;
    });
    for (const auto& segment : early) {
      if (listening.done) {
        return true;
      }
      const auto next = static_cast<std::int32_t>(segment.sequence - listening.next);
      if (next > 0) {
        give_up(listening);
      }
      const auto known = next < 0 ? static_cast<std::size_t>(-std::int64_t{next}) : 0;
      if (known < segment.bytes.size()) {
        const auto rest = Bytes(segment.bytes).subspan(known);
        listening.next = segment.sequence + static_cast<std::uint32_t>(segment.bytes.size());
        listen(sent, rest, false);
      }
    }
    return false;
  }

  /// What came too early, and now follows.
  void hear_early(const Sent& sent)
  {
    auto& listening = sent.listening();
    for (bool found = true; found && listening.words != 0 && !listening.done;) {
      found = false;
      auto* words = words_.find(listening.words);
      if (words == nullptr) {
        return;
      }
      auto& early = words->early;
      for (auto segment = early.begin(); segment != early.end(); ++segment) {
        const auto ahead = static_cast<std::int32_t>(segment->sequence - listening.next);
        if (ahead > 0) {
          continue;
        }
        const auto bytes = std::move(segment->bytes);
        early.erase(segment);
        const auto known = static_cast<std::size_t>(-std::int64_t{ahead});
        if (known < bytes.size()) {
          listening.next += static_cast<std::uint32_t>(bytes.size() - known);
          listen(sent, Bytes(bytes).subspan(known), false);
        }
        found = true;
        break;
      }
    }
  }

  /// The next bytes of a direction, in order. `cut`: others follow that the capture has not.
  void listen(const Sent& sent, Bytes data, bool cut)
  {
    auto& listening = sent.listening();
    Words* words = listening.words == 0 ? nullptr : find_words(listening);
    if (words != nullptr && !words->bytes.empty()) {
      words->bytes.insert(words->bytes.end(), data.begin(), data.end());
      ++words->pieces;
      words->scene = scene(sent.flow.key, sent.by_b);
      words_.account(listening.words);
      words = find_words(listening);
      if (words == nullptr) {
        return;
      }
      // Taken out while it is read, because what is read may ask for room.
      const auto all = std::exchange(words->bytes, {});
      const bool too_much = all.size() > longest_words || words->pieces > most_pieces;
      const auto left = understand(sent, all, cut || too_much);
      keep(sent, left);
      return;
    }
    const auto left = understand(sent, data, cut);
    if (words != nullptr || !left.empty()) {
      keep(sent, left);
    }
  }

  /// Reads what can be read; what is left must be kept until more comes.
  Bytes understand(const Sent& sent, Bytes data, bool ended)
  {
    auto& listening = sent.listening();
    if (sent.from() == dns_port || sent.to() == dns_port) {
      return dns_stream(sent, data, ended);
    }
    if (const auto header = proxy_header(data); header > 0) {
      data = data.subspan(header);
    }
    if (may_begin_hello(data)) {
      HelloWords hello;
      const auto read = read_hello_records(data, ended, hello);
      if (read == Reading::More) {
        return data;
      }
      if (read == Reading::Done) {
        begins(sent);
        said(scene(sent.flow.key, sent.by_b), Said::Tls, hello.name);
        // What follows is encrypted in both directions.
        for (FlowSide& side : sent.flow.sides) {
          side.listening.done = true;
        }
        return {};
      }
    }
    bool any = false;
    while (!data.empty() && may_begin_request(data)) {
      RequestWords request;
      const auto read = read_request(data, ended, request);
      if (read == Reading::More) {
        return data;
      }
      if (read == Reading::Other) {
        break;
      }
      any = true;
      begins(sent);
      const auto where = scene(sent.flow.key, sent.by_b);
      said(where, Said::HttpHost, request.host);
      if (request.target != request.host) {
        said(where, Said::HttpTarget, request.target);
      }
      data = data.subspan(request.size);
    }
    listening.looked = any ? std::uint16_t{0} : static_cast<std::uint16_t>(listening.looked + 1);
    listening.done = listening.looked >= most_looks;
    return {};
  }

  /// Messages with their length before them (RFC 1035 4.2.2).
  Bytes dns_stream(const Sent& sent, Bytes data, bool ended)
  {
    while (data.size() >= 2) {
      const std::size_t length = number16(data.data());
      if (length == 0) {
        sent.listening().done = true;  // it is something else
        return {};
      }
      if (data.size() - 2 < length && !ended) {
        break;
      }
      const auto message = data.subspan(2, std::min(length, data.size() - 2));
      dns(sent.flow.key, sent.by_b, message, DnsKind::Dns);
      data = data.subspan(2 + message.size());
    }
    return ended ? Bytes{} : data;
  }

  // --- words that are kept

  Words* find_words(Listening& listening)
  {
    auto* words = words_.find(listening.words);
    if (words == nullptr) {
      listening.words = 0;  // others needed the room
    }
    return words;
  }

  Words& words_of(const Sent& sent)
  {
    auto& listening = sent.listening();
    if (auto* words = find_words(listening)) {
      return *words;
    }
    listening.words = words_.add();
    Words& words = *words_.find(listening.words);
    words.scene = scene(sent.flow.key, sent.by_b);
    return words;
  }

  void keep(const Sent& sent, Bytes bytes)
  {
    auto& listening = sent.listening();
    if (bytes.empty()) {
      const auto* words = words_.find(listening.words);
      if (words != nullptr && (words->early.empty() || listening.done)) {
        words_.drop(std::exchange(listening.words, 0));
      }
      return;
    }
    Words& words = words_of(sent);
    words.bytes.assign(bytes.begin(), bytes.end());
    words.scene = scene(sent.flow.key, sent.by_b);
    words_.account(listening.words);
  }

  /// More will not come: what is there is read as far as it goes.
  void give_up(Listening& listening)
  {
    const auto id = std::exchange(listening.words, 0);
    const auto* words = words_.find(id);
    if (words == nullptr) {
      return;
    }
    HelloWords hello;
    RequestWords request;
    if (!words->bytes.empty()) {
      ++counts_.words_given_up;
      if (may_begin_hello(words->bytes) &&
          read_hello_records(words->bytes, true, hello) == Reading::Done) {
        said(words->scene, Said::Tls, hello.name);
      } else if (may_begin_request(words->bytes) &&
                 read_request(words->bytes, true, request) == Reading::Done) {
        said(words->scene, Said::HttpHost, request.host);
      }
    }
    words_.drop(id);
  }

  void leave(Flow& flow)
  {
    for (FlowSide& side : flow.sides) {
      if (side.listening.words != 0) {
        give_up(side.listening);
      }
    }
    listener_.flow(flow);
  }

  // --- UDP

  static constexpr std::size_t datagram_header = 8;

  void udp(const Packet& packet)
  {
    const auto payload = packet.payload;
    if (payload.size() < datagram_header) {
      if (!packet.quoted) {
        count_cut(packet);
      }
      return;
    }
    const auto source = number16(payload.data());
    const auto destination = number16(&payload[2]);
    if (!packet.quoted) {
      return datagram(count(packet, source, destination), packet);
    }
    if (source == dns_port || destination == dns_port) {
      quoted_dns(packet, source, destination, payload.subspan(datagram_header));
    }
  }

  void datagram(const Sent& sent, const Packet& packet)
  {
    const auto source = sent.from();
    const auto destination = sent.to();
    const auto data = packet.payload.subspan(datagram_header);
    if (data.empty()) {
      return;
    }
    const auto either = [&](std::uint16_t port) {
      return source == port || destination == port;
    };
    if (either(dns_port)) {
      return dns(sent.flow.key, sent.by_b, data, DnsKind::Dns);
    }
    if (either(multicast_dns_port)) {
      return dns(sent.flow.key, sent.by_b, data, DnsKind::Multicast);
    }
    if (either(link_local_dns_port)) {
      return dns(sent.flow.key, sent.by_b, data, DnsKind::LinkLocal);
    }
    if (either(ssdp_port)) {
      return ssdp(sent, data);
    }
    if (sent.listening().done) {
      return;
    }
    if (may_be_quic_initial(data)) {
      return quic(sent, data);
    }
    if (may_begin_dtls_hello(data)) {
      return dtls(sent, data);
    }
    // NetBIOS has messages of the same form, with names of another kind (RFC 1002).
    if (!either(netbios_port) && DnsWalk::looks_like_dns(data)) {
      return dns(sent.flow.key, sent.by_b, data, DnsKind::Dns);
    }
    if (either(rdp_port)) {
      rdp(sent, data);
    }
    auto& listening = sent.listening();
    listening.done = ++listening.looked >= most_looks;
  }

  void quoted_dns(const Packet& packet, std::uint16_t source, std::uint16_t destination, Bytes data)
  {
    const auto from = end_of(packet.source, packet.v6, source);
    const auto to = end_of(packet.destination, packet.v6, destination);
    FlowKey key;
    key.set(from, to, protocol::udp, packet.v6);
    dns(key, false, data, DnsKind::Dns);
  }

  void quic(const Sent& sent, Bytes data)
  {
    auto& listening = sent.listening();
    const auto* theirs = words_.find(sent.flow.sides[sent.by_b ? 0 : 1].listening.words);
    if (theirs != nullptr && theirs->quic.has_keys) {
      return;  // the server answers, with keys that are not in its packets
    }
    Words& words = words_of(sent);
    HelloWords hello;
    if (!initials_) {
      initials_.emplace();
    }
    const auto read = initials_->read(data, words.quic, hello);
    if (read == Reading::Other && !words.quic.has_keys) {
      words_.drop(std::exchange(listening.words, 0));
      listening.done = ++listening.looked >= most_looks;
      return;
    }
    if (read == Reading::Done) {
      begins(sent);
      said(scene(sent.flow.key, sent.by_b), Said::Quic, hello.name);
    }
    words_.account(listening.words);
  }

  void dtls(const Sent& sent, Bytes data)
  {
    auto& listening = sent.listening();
    Words& words = words_of(sent);
    HelloWords hello;
    const auto read = read_dtls_hello(data, words.dtls, hello);
    if (read == Reading::More) {
      return words_.account(listening.words);
    }
    words_.drop(std::exchange(listening.words, 0));
    listening.done = ++listening.looked >= most_looks;
    if (read == Reading::Done) {
      begins(sent);
      said(scene(sent.flow.key, sent.by_b), Said::Dtls, hello.name);
    }
  }

  /// RDP over UDP puts its own headers before the records of TLS: the record that fills the rest
  /// exactly is one.
  void rdp(const Sent& sent, Bytes data)
  {
    constexpr std::size_t longest_header = 40;
    for (std::size_t at = 8; at < longest_header && data.size() > at + 6; ++at) {
      const auto rest = data.subspan(at);
      HelloWords hello;
      if (may_begin_hello(rest) && rest[5] == 1 &&
          number16(&rest[3]) + std::size_t{5} <= rest.size() &&
          read_hello_records(rest, false, hello) == Reading::Done) {
        begins(sent);
        said(scene(sent.flow.key, sent.by_b), Said::Tls, hello.name);
        return;
      }
    }
  }

  void ssdp(const Sent& sent, Bytes data)
  {
    RequestWords request;
    if (may_begin_request(data) && read_request(data, true, request) == Reading::Done) {
      said(scene(sent.flow.key, sent.by_b), Said::Ssdp, request.host);
    }
  }

  // --- DNS

  void dns(const FlowKey& key, bool by_b, Bytes message, DnsKind kind)
  {
    if (message.size() < DnsWalk::header) {
      ++counts_.malformed_dns;
      return;
    }
    DnsWalk walk(message);
    const bool response = walk.is_response();
    const auto where = scene(key, response && kind != DnsKind::Multicast ? !by_b : by_b);
    tell_dns(walk, kind, where, listener_);
    counts_.malformed_dns += walk.whole() ? 0U : 1U;
  }

  Listener& listener_;
  KeptWords words_;
  Layers layers_;
  FlowTable flows_;
  CaptureCounts counts_;
  std::optional<QuicInitials> initials_;  // made when there is QUIC
  std::array<PlainFrame, 32> plain_;      // of the frames that are looked at together
  std::uint64_t number_ = 0;
  std::int64_t time_ = no_time;
};

Capture::Capture(Listener& listener, const CaptureLimits& limits)
    : hearing_(std::make_unique<Hearing>(listener, limits))
{
}
Capture::~Capture() = default;
void Capture::frame(const Frame& frame)
{
  hearing_->frame(frame);
}
void Capture::frames(std::span<const Frame> frames)
{
  hearing_->frames(frames);
}
void Capture::end()
{
  hearing_->end();
}
CaptureCounts Capture::counts() const
{
  return hearing_->counts();
}
const LayerCounts& Capture::layers() const
{
  return hearing_->layers();
}

}  // namespace zonder::wire::capture
