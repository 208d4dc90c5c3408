// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// Capture files from anybody, with all that lies in them. The file must give the same however it
// comes in pieces, every packet must be in a flow, and no name may have a byte that none has.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "wire/capture/capture.hh"
#include "wire/capture/each_frame.hh"

namespace capture = zonder::wire::capture;

namespace {

void require(bool holds)
{
  if (!holds) {
    std::abort();
  }
}

class Heard : public capture::Listener {
public:
  std::uint64_t names = 0;
  std::uint64_t packets = 0;

  void asked(const capture::Scene& /*scene*/, const capture::DnsQuestion& question) override
  {
    name(question.name);
  }
  void answered(const capture::Scene& /*scene*/, const capture::DnsRecord& record) override
  {
    name(record.owner);
    name(record.target);
  }
  void
  named(const capture::Scene& /*scene*/, capture::Said /*said*/, std::string_view text) override
  {
    require(!text.empty() && text.size() <= 255);
    name(text);
  }
  void flow(const capture::Flow& flow) override
  {
    packets += flow.sides[0].packets + flow.sides[1].packets;
    require(flow.first <= flow.last);
  }

private:
  void name(std::string_view text)
  {
    ++names;
    for (const char c : text) {
      const bool upper = c >= 'A' && c <= 'Z';
      require(c > ' ' && c < 0x7f && !upper);
    }
  }
};

/// Gives so many bytes at once.
class Drip : public zonder::ByteSource {
public:
  Drip(std::span<const std::uint8_t> bytes, std::size_t most) : source_(bytes), most_(most) {}
  zonder::Result<std::size_t> read(std::span<std::uint8_t> room) override
  {
    return source_.read(room.first(std::min(room.size(), most_)));
  }

private:
  zonder::MemorySource source_;
  std::size_t most_;
};

struct Told {
  std::uint64_t frames = 0;
  std::uint64_t troubles = 0;
  std::uint64_t names = 0;
  std::uint64_t packets = 0;
  bool operator==(const Told&) const = default;
};

Told read(std::span<const std::uint8_t> bytes, std::size_t most)
{
  Drip source(bytes, most);
  capture::FrameReader reader;
  Heard heard;
  capture::Capture decoder(heard, {.flows = 64, .conversations = 8, .kept_bytes = 65536});
  require(capture::each_frames(source, reader, [&](std::span<const capture::Frame> frames) {
            decoder.frames(frames);
          }).has_value());
  decoder.end();
  require(reader.offset() <= bytes.size());
  return {.frames = reader.frames(),
          .troubles = reader.troubles(),
          .names = heard.names,
          .packets = heard.packets};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  const std::span bytes(data, size);
  require(read(bytes, size + 1) == read(bytes, 7));
  return 0;
}
