// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "collect/capture.hh"

#include <optional>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "base/translate.hh"
#include "wire/capture/capture.hh"
#include "wire/capture/each_frame.hh"

namespace zonder::collect {
namespace {

namespace capture = wire::capture;
namespace protocol = wire::capture::protocol;
using model::Glimpse;
using model::Kind;
using model::Relation;
using model::Via;

std::optional<model::Moment> moment(std::int64_t nanoseconds)
{
  if (nanoseconds == capture::no_time) {
    return std::nullopt;
  }
  return model::Moment(
      std::chrono::duration_cast<model::Moment::duration>(std::chrono::nanoseconds(nanoseconds)));
}

/// A name that a rule or a list could speak of: not the root, and no bytes that no host has.
bool is_host_name(std::string_view name)
{
  return !name.empty() && name.find_first_of("\\:") == std::string_view::npos &&
         !net::Address::try_parse(name);
}

/// Sent to several, none of which is far away.
bool is_local(const net::Address& address)
{
  constexpr std::uint64_t everybody = 0xffffffff;
  return address.is_v4() ? address.low() >> 28U == 0xe || address.low() == everybody
                         : address.high() >> 56U == 0xff;
}

std::string protocol_name(std::uint8_t number)
{
  switch (number) {
  case protocol::tcp:
    return "tcp";
  case protocol::udp:
    return "udp";
  case protocol::sctp:
    return "sctp";
  case protocol::udp_lite:
    return "udplite";
  default:
    return fmt::format("{}", number);
  }
}

std::optional<Relation> relation_of(std::uint16_t record)
{
  switch (record) {
  case 1:
  case 28:
    return Relation::LeadsTo;
  case 2:
    return Relation::NameServer;
  case 5:
  case 39:
  case 64:
  case 65:
    return Relation::Alias;
  case 15:
    return Relation::MailServer;
  case 33:
    return Relation::ServiceRecord;
  default:
    return std::nullopt;
  }
}

/// Turns what the capture says into glimpses.
class Teller : public capture::Listener {
public:
  Teller(model::GlimpseSink& sink, const CaptureOptions& options)
      : sink_(sink), options_(options), asked_(remembered_questions)
  {
  }

  void asked(const capture::Scene& scene, const capture::DnsQuestion& question) override
  {
    const bool skip = (question.kind != capture::DnsKind::Dns && !options_.local) ||
                      question.opcode != 0 || !is_host_name(question.name);
    if (skip || (was_asked(scene, question) && question.response)) {
      return;
    }
    tell(scene.time,
         {.subject_kind = Kind::Device,
          .subject = text_of(scene.client),
          .relation = Relation::Asked,
          .object_kind = Kind::Name,
          .object = question.name,
          .via = Via::Dns});
  }

  void answered(const capture::Scene& scene, const capture::DnsRecord& record) override
  {
    const auto relation = relation_of(record.type);
    if ((record.kind != capture::DnsKind::Dns && !options_.local) || !relation ||
        !is_host_name(record.owner)) {
      return;
    }
    if (record.address != nullptr) {
      tell(scene.time,
           {.subject_kind = Kind::Name,
            .subject = record.owner,
            .relation = *relation,
            .object_kind = Kind::Address,
            .object = text_of(*record.address),
            .via = Via::Dns});
    } else if (is_host_name(record.target)) {
      tell(scene.time,
           {.subject_kind = Kind::Name,
            .subject = record.owner,
            .relation = *relation,
            .object_kind = Kind::Name,
            .object = record.target,
            .via = Via::Dns});
    }
  }

  void named(const capture::Scene& scene, capture::Said said, std::string_view name) override
  {
    if (!is_host_name(name) || said == capture::Said::Ssdp) {
      return;
    }
    const auto via = said == capture::Said::Quic                                 ? Via::Quic
                     : said == capture::Said::Tls || said == capture::Said::Dtls ? Via::Tls
                                                                                 : Via::Http;
    tell(scene.time,
         {.subject_kind = Kind::Device,
          .subject = text_of(scene.client),
          .relation = Relation::Named,
          .object_kind = Kind::Name,
          .object = name,
          .via = via});
  }

  void flow(const capture::Flow& flow) override
  {
    ++flows;
    const bool client_is_b = flow.client == capture::ClientEnd::B;
    const auto& client = flow.sides[client_is_b ? 1 : 0];
    const auto& server = flow.sides[client_is_b ? 0 : 1];
    const auto number = flow.key.protocol();
    // A capture of one direction only has no answers, but then it has what the client said.
    if (number == protocol::tcp && server.packets == 0 && !client.listening.spoke) {
      ++unanswered;
      return;
    }
    const auto where = flow.key.address(!client_is_b);
    if (number == protocol::icmp || number == protocol::icmp6 ||
        (is_local(where) && !options_.local)) {
      return;
    }
    const auto port = flow.key.port(!client_is_b);
    const bool has_ports = number == protocol::tcp || number == protocol::udp ||
                           number == protocol::sctp || number == protocol::udp_lite;
    const auto address = where.to_string();
    const auto endpoint = !has_ports ? address
                          : where.is_v4()
                              ? fmt::format("{}:{}/{}", address, port, protocol_name(number))
                              : fmt::format("[{}]:{}/{}", address, port, protocol_name(number));
    const auto device = flow.key.address(client_is_b).to_string();
    sink_.take({.subject_kind = Kind::Device,
                .subject = device,
                .relation = Relation::Reached,
                .object_kind = has_ports ? Kind::Endpoint : Kind::Address,
                .object = endpoint,
                .via = Via::Flow,
                .first = moment(flow.first),
                .last = moment(flow.last),
                .count = 1,
                .bytes = client.bytes + server.bytes});
  }

  std::uint64_t flows = 0;
  std::uint64_t unanswered = 0;

private:
  /// How many questions are remembered to tell whether an answer is to one of them; each has one
  /// place that it may have, and takes it from another.
  static constexpr std::size_t remembered_questions = 65536;

  bool was_asked(const capture::Scene& scene, const capture::DnsQuestion& question)
  {
    std::uint64_t hash = std::hash<std::string_view>{}(question.name);
    for (const std::uint64_t part : {scene.client.high(),
                                     scene.client.low(),
                                     scene.server.high(),
                                     scene.server.low(),
                                     std::uint64_t{scene.client_port} << 32U |
                                         std::uint64_t{question.type} << 16U | question.id}) {
      hash = (hash ^ part) * 0x9e3779b97f4a7c15ULL;
      hash ^= hash >> 29U;
    }
    hash |= 1U;
    return std::exchange(asked_[hash % remembered_questions], hash) == hash;
  }

  std::string_view text_of(const net::Address& address)
  {
    text_ = address.to_string();
    return text_;
  }

  void tell(std::int64_t time, Glimpse glimpse)
  {
    glimpse.first = moment(time);
    glimpse.last = glimpse.first;
    sink_.take(glimpse);
  }

  model::GlimpseSink& sink_;
  CaptureOptions options_;
  std::vector<std::uint64_t> asked_;
  std::string text_;
};

std::string problem_text(const capture::FrameReader::Trouble& trouble)
{
  switch (trouble.fault) {
  case capture::FrameFault::NotACapture:
    return say("neither pcap nor pcapng");
  case capture::FrameFault::CutOff:
    return say("byte {}: the file ends in the middle of a frame, after frame {}",
               trouble.offset,
               trouble.frame);
  case capture::FrameFault::BadLength:
    return say("byte {}: a length that cannot be, after frame {}", trouble.offset, trouble.frame);
  case capture::FrameFault::UnknownInterface:
    return say("byte {}: frame {} is of an interface that the file does not describe",
               trouble.offset,
               trouble.frame);
  }
  return {};
}

std::vector<std::string> remarks_on(const capture::Capture& decoder)
{
  std::vector<std::string> remarks;
  const auto counts = decoder.counts();
  for (const auto& [link, frames] : decoder.layers().unknown_links) {
    remarks.push_back(
        say("{} frames are of a kind of link that is not understood (link type {})", frames, link));
  }
  if (counts.flows_evicted > 0) {
    remarks.push_back(say("{} flows were counted before the end, to keep memory in bounds; those "
                          "that went on are counted again",
                          counts.flows_evicted));
  }
  if (counts.lost_fragments > 0) {
    remarks.push_back(say("{} fragments of packets belong to packets of which the rest is missing",
                          counts.lost_fragments));
  }
  if (counts.words_given_up > 0) {
    remarks.push_back(say("{} conversations began with something that is not whole in the capture",
                          counts.words_given_up));
  }
  if (counts.malformed_dns > 0) {
    remarks.push_back(
        say("{} DNS messages are malformed or cut off; what stands before the fault was read",
            counts.malformed_dns));
  }
  return remarks;
}

}  // namespace

bool begins_capture(std::span<const std::uint8_t> bytes)
{
  return capture::FrameReader::begins_capture(bytes);
}

Result<CaptureRead>
read_capture(ByteSource& source, model::GlimpseSink& sink, const CaptureOptions& options)
{
  Teller teller(sink, options);
  capture::FrameReader reader;
  capture::Capture decoder(teller, {.flows = options.flows_at_most});
  const auto read = capture::each_frames(
      source, reader, [&](std::span<const capture::Frame> frames) { decoder.frames(frames); });
  // What was seen before an error is as true as without it.
  decoder.end();
  if (!read) {
    return fail(read.error());
  }
  const auto& trouble = reader.first_trouble();
  if (trouble && trouble->fault == capture::FrameFault::NotACapture) {
    return fail(Fault::Usage, problem_text(*trouble));
  }
  const auto& layers = decoder.layers();
  CaptureRead result;
  result.count.records = reader.frames();
  result.count.bytes = reader.offset();
  result.count.unreadable = reader.troubles() + layers.malformed;
  if (trouble) {
    result.count.first_problem = problem_text(*trouble);
  } else if (layers.malformed > 0) {
    result.count.first_problem = say("frame {}: its headers are cut off or contradict themselves",
                                     decoder.counts().first_malformed);
  }
  result.flows = teller.flows;
  result.unanswered = teller.unanswered;
  result.remarks = remarks_on(decoder);
  return result;
}

}  // namespace zonder::collect
