// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// Every name that a capture shows, one a line: what script/accuracy holds against other programs.
//   zonder-names CAPTURE...
// A line: file, frame, by what it was said, name, client, server, its port; TAB between them. A
// last line for each file has "#" for the frame and what could not be read.
#include <cstdio>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <fmt/core.h>

#include "base/descriptor.hh"
#include "wire/capture/capture.hh"
#include "wire/capture/each_frame.hh"

namespace zonder {
namespace {

namespace capture = wire::capture;

std::string_view word_of(capture::DnsKind kind)
{
  switch (kind) {
  case capture::DnsKind::Dns:
    return "dns";
  case capture::DnsKind::Multicast:
    return "mdns";
  case capture::DnsKind::LinkLocal:
    return "llmnr";
  }
  return "?";
}

std::string_view word_of(capture::Said said)
{
  switch (said) {
  case capture::Said::Tls:
    return "tls";
  case capture::Said::Dtls:
    return "dtls";
  case capture::Said::Quic:
    return "quic";
  case capture::Said::HttpHost:
    return "http";
  case capture::Said::HttpTarget:
    return "http-target";
  case capture::Said::Ssdp:
    return "ssdp";
  }
  return "?";
}

/// By which kind of record a name was told.
std::string record_word(const capture::DnsRecord& record)
{
  switch (record.type) {
  case 2:
    return "ns";
  case 5:
    return "cname";
  case 12:
    return "ptr";
  case 15:
    return "mx";
  case 33:
    return "srv";
  case 39:
    return "dname";
  default:
    return fmt::format("type{}", record.type);
  }
}

class Printer : public capture::Listener {
public:
  explicit Printer(std::string file) : file_(std::move(file)) {}

  void asked(const capture::Scene& scene, const capture::DnsQuestion& question) override
  {
    line(scene, fmt::format("{}-question", word_of(question.kind)), question.name);
  }
  void answered(const capture::Scene& scene, const capture::DnsRecord& record) override
  {
    const auto kind = word_of(record.kind);
    line(scene, fmt::format("{}-owner", kind), record.owner);
    if (record.address == nullptr) {
      line(scene, fmt::format("{}-{}", kind, record_word(record)), record.target);
    }
  }
  void named(const capture::Scene& scene, capture::Said said, std::string_view name) override
  {
    line(scene, word_of(said), name);
  }
  void flow(const capture::Flow& /*flow*/) override {}

private:
  void line(const capture::Scene& scene, std::string_view kind, std::string_view name)
  {
    fmt::print("{}\t{}\t{}\t{}\t{}\t{}\t{}\n",
               file_,
               scene.frame,
               kind,
               name,
               scene.client.to_string(),
               scene.server.to_string(),
               scene.server_port);
  }
  std::string file_;
};

int names_in(const char* path)
{
  const Descriptor file(::open(path, O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    fmt::print(stderr, "zonder-names: {}: cannot be opened\n", path);
    return 2;
  }
  DescriptorSource source(file.get());
  capture::FrameReader reader;
  Printer printer(path);
  capture::Capture decoder(printer);
  const auto read = capture::each_frames(
      source, reader, [&](std::span<const capture::Frame> frames) { decoder.frames(frames); });
  decoder.end();
  if (!read) {
    fmt::print(stderr, "zonder-names: {}: {}\n", path, read.error().message);
    return 2;
  }
  const auto counts = decoder.counts();
  const auto& layers = decoder.layers();
  std::string links;
  for (const auto& [link, count] : layers.unknown_links) {
    links += fmt::format(" link{}={}", link, count);
  }
  fmt::print("{}\t#\tframes={} unreadable={} malformed={} malformed_dns={} lost_fragments={} "
             "given_up={}{}\n",
             path,
             reader.frames(),
             reader.troubles(),
             layers.malformed,
             counts.malformed_dns,
             counts.lost_fragments,
             counts.words_given_up,
             links);
  return 0;
}

}  // namespace
}  // namespace zonder

int main(int count, char** arguments)
{
  int worst = count > 1 ? 0 : 2;
  for (int i = 1; i < count; ++i) {
    worst = std::max(worst, zonder::names_in(arguments[i]));
  }
  return worst;
}
