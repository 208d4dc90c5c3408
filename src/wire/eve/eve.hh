// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <memory>
#include <string_view>

#include "wire/logs/lines.hh"

// Suricata's EVE log: lines of JSON, one an event. Taken are flow, dns (version 2 and version 3,
// which is Suricata 8's), tls, quic and http (docs.suricata.io, "EVE JSON Format"); all others are
// read and left out: alerts hold payload.
namespace zonder::wire::eve {

class Reader final : public logs::LineReader {
public:
  Reader();
  ~Reader() override;

protected:
  void read_line(std::string_view line, logs::EntrySink& sink) override;

private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

bool is_eve(std::string_view head);

}  // namespace zonder::wire::eve
