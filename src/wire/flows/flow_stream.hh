// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "wire/flows/flows.hh"
#include "wire/logs/stream.hh"

namespace zonder::wire::flows {

/// Datagrams in a file: each with its length before it, or IPFIX messages, which tell it
/// themselves.
class FlowStream final : public logs::StreamReader {
public:
  enum class Framing : std::uint8_t { LengthBefore, Ipfix };
  explicit FlowStream(Framing framing) : framing_(framing) {}

  std::size_t take(std::span<const std::uint8_t> bytes, bool last, logs::EntrySink& sink) override;
  [[nodiscard]] std::size_t wants() const override { return wants_; }
  [[nodiscard]] bool is_lost() const override { return lost_; }
  void finish() override { datagrams_.finish(); }
  [[nodiscard]] const logs::Tally& tally() const override { return datagrams_.tally(); }

private:
  Framing framing_;
  DatagramReader datagrams_;
  std::size_t wants_ = 4;
  bool lost_ = false;
};

}  // namespace zonder::wire::flows
