// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>
#include <string>

#include "collect/aggregator.hh"
#include "collect/formats.hh"
#include "collect/inflow.hh"

namespace zonder::collect {

/// What one stream of content was, and what became of it.
struct ReadIn {
  std::string format;
  model::ReadCount count;  // its bytes are those of the content, unpacked
  std::string sha256;      // of the content
  bool broken_off = false;
};

/// Recognises a stream (or takes it for `forced`), reads it to its end, and adds it up into
/// `spill`. Errors: it is empty, no known format, or not the one it is said to be; or those of
/// `spill`.
Result<ReadIn> read_in(const std::string& path,
                       Window& window,
                       const Format* forced,
                       const Aggregator::Spill& spill);

}  // namespace zonder::collect
