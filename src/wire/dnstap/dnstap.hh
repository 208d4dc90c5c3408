// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "wire/dns/brief.hh"
#include "wire/logs/stream.hh"

// dnstap: DNS messages as a resolver saw them, each with who asked and when, as a protobuf in a
// frame of Frame Streams (dnstap.pb/dnstap.proto; farsightsec/fstrm, "Frame Streams"). Taken are
// who asked, for which name, and where it leads; a resolver's own questions to other servers count
// as somebody's asking only where the file has none of its clients.
namespace zonder::wire::dnstap {

class Reader final : public logs::StreamReader {
public:
  std::size_t take(std::span<const std::uint8_t> bytes, bool last, logs::EntrySink& sink) override;
  [[nodiscard]] std::size_t wants() const override { return wants_; }
  [[nodiscard]] bool is_lost() const override { return lost_; }
  void finish() override {}
  [[nodiscard]] const logs::Tally& tally() const override { return tally_; }

  /// One frame's content.
  void take_message(std::string_view frame, logs::EntrySink& sink);

private:
  void unreadable(const std::string& why);

  std::size_t wants_ = 4;
  bool lost_ = false;
  bool sees_clients_ = false;
  // By whether it is of clients: an answer's question was there already.
  bool sees_queries_[2] = {false, false};
  std::uint64_t frames_ = 0;
  dns::BriefReader message_;
  std::string client_;
  std::string server_;
  logs::Entry entry_;
  logs::Tally tally_;
};

bool is_dnstap(std::string_view head);

}  // namespace zonder::wire::dnstap
