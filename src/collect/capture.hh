// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/byte_source.hh"
#include "base/result.hh"
#include "model/observation.hh"

namespace zonder::collect {

struct CaptureOptions {
  /// Also what stays on the link: names by multicast DNS and LLMNR, flows to groups and to all.
  bool local = false;
  std::size_t flows_at_most = std::size_t{1} << 18U;
};

struct CaptureRead {
  model::ReadCount count;  // records: frames; unreadable: frames and places in the file
  std::uint64_t flows = 0;
  std::uint64_t unanswered = 0;  // connections that were tried only: no glimpses
  /// What somebody must know who relies on this, a sentence each, in the user's language.
  std::vector<std::string> remarks;
};

/// Whether a file that begins like this is a capture (pcap or pcapng); 4 bytes are enough.
bool begins_capture(std::span<const std::uint8_t> bytes);

/// Reads a capture of any length with the same memory, from a file or a pipe, and gives what it
/// shows: who asked for which name, by which name a server was called, where names lead, and which
/// endpoints were reached. Nothing else of what was said is kept. Errors: is no capture; cannot be
/// read. A damaged one gives what was readable.
Result<CaptureRead>
read_capture(ByteSource& source, model::GlimpseSink& sink, const CaptureOptions& options = {});

}  // namespace zonder::collect
