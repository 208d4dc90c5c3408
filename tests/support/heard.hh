// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "wire/capture/capture.hh"

namespace zonder::test {

/// All that a capture said, a line each: "tls login.example 10.0.0.1>10.0.0.2:443".
class Heard : public wire::capture::Listener {
public:
  std::vector<std::string> lines;
  std::vector<wire::capture::Flow> flows;

  void asked(const wire::capture::Scene& scene, const wire::capture::DnsQuestion& question) override
  {
    static constexpr const char* words[] = {"dns", "mdns", "llmnr"};
    add(scene,
        fmt::format("{}{}",
                    words[static_cast<std::size_t>(question.kind)],
                    question.response ? "-again" : ""),
        question.name);
  }
  void answered(const wire::capture::Scene& scene, const wire::capture::DnsRecord& record) override
  {
    const auto what =
        record.address != nullptr ? record.address->to_string() : std::string(record.target);
    add(scene, fmt::format("answer{}", record.type), fmt::format("{}={}", record.owner, what));
  }
  void
  named(const wire::capture::Scene& scene, wire::capture::Said said, std::string_view name) override
  {
    static constexpr const char* words[] = {"tls", "dtls", "quic", "http", "target", "ssdp"};
    add(scene, words[static_cast<std::size_t>(said)], name);
  }
  void flow(const wire::capture::Flow& flow) override { flows.push_back(flow); }

private:
  void add(const wire::capture::Scene& scene, std::string_view how, std::string_view what)
  {
    lines.push_back(fmt::format("{} {} {}>{}:{}",
                                how,
                                what,
                                scene.client.to_string(),
                                scene.server.to_string(),
                                scene.server_port));
  }
};

/// What is heard in frames of one kind of link.
struct Hearing {
  Heard heard;
  wire::capture::CaptureCounts counts;
  wire::capture::LayerCounts layers;
};
inline std::vector<std::string> heard_in(const std::vector<std::vector<std::uint8_t>>& frames,
                                         Hearing& hearing,
                                         std::uint32_t link = 1,
                                         const wire::capture::CaptureLimits& limits = {})
{
  wire::capture::Capture capture(hearing.heard, limits);
  std::uint64_t number = 0;
  for (const auto& frame : frames) {
    ++number;
    capture.frame({.number = number,
                   .time = static_cast<std::int64_t>(number) * 1000,
                   .link = link,
                   .length = static_cast<std::uint32_t>(frame.size()),
                   .bytes = frame});
  }
  capture.end();
  hearing.counts = capture.counts();
  hearing.layers = capture.layers();
  return hearing.heard.lines;
}
inline std::vector<std::string> heard_in(const std::vector<std::vector<std::uint8_t>>& frames,
                                         std::uint32_t link = 1)
{
  Hearing hearing;
  return heard_in(frames, hearing, link);
}

}  // namespace zonder::test
