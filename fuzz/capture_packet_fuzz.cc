// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// Frames of any kind of link. The first byte chooses it, then each frame has its length in two
// bytes before it. The short way that plain frames take must tell the same as all layers do.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "wire/capture/capture.hh"

namespace capture = zonder::wire::capture;

namespace {

class Heard : public capture::Listener {
public:
  std::string all;
  void asked(const capture::Scene& scene, const capture::DnsQuestion& question) override
  {
    add(scene, question.name);
  }
  void answered(const capture::Scene& scene, const capture::DnsRecord& record) override
  {
    add(scene, record.owner);
    add(scene, record.target);
  }
  void named(const capture::Scene& scene, capture::Said /*said*/, std::string_view text) override
  {
    add(scene, text);
  }
  void flow(const capture::Flow& flow) override
  {
    for (const auto& side : flow.sides) {
      all += std::to_string(side.packets) + "/" + std::to_string(side.bytes) + " ";
    }
    all += flow.key.address(false).to_string() + (flow.client == capture::ClientEnd::A ? ">" : "<");
  }

private:
  void add(const capture::Scene& scene, std::string_view text)
  {
    all += std::to_string(scene.frame) + " ";
    all += text;
    all += " " + scene.client.to_string() + "\n";
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  static constexpr std::uint32_t links[] = {
      1, 0, 9, 12, 50, 51, 101, 105, 108, 113, 119, 127, 163, 204, 228, 276, 147};
  if (size == 0) {
    return 0;
  }
  const auto link = links[data[0] % std::size(links)];
  std::vector<capture::Frame> frames;
  for (std::size_t at = 1; size - at > 2;) {
    const std::size_t told = capture::number16(data + at);
    at += 2;
    const auto length = std::min(told, size - at);
    frames.push_back({.number = frames.size() + 1,
                      .time = static_cast<std::int64_t>(frames.size()),
                      .link = link,
                      .length = static_cast<std::uint32_t>(length),
                      .bytes = {data + at, length}});
    at += length;
  }
  Heard one_by_one;
  Heard together;
  {
    capture::Capture decoder(one_by_one);
    for (const auto& frame : frames) {
      decoder.frame(frame);
    }
    decoder.end();
  }
  {
    capture::Capture decoder(together);
    decoder.frames(frames);
    decoder.end();
  }
  if (one_by_one.all != together.all) {
    std::abort();
  }
  return 0;
}
