// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "wire/logs/entry.hh"

namespace zonder::wire::logs {

/// A reader of a stream of messages that each tell their own length.
class StreamReader {
public:
  StreamReader() = default;
  StreamReader(const StreamReader&) = delete;
  StreamReader& operator=(const StreamReader&) = delete;
  StreamReader(StreamReader&&) = delete;
  StreamReader& operator=(StreamReader&&) = delete;
  virtual ~StreamReader() = default;

  /// Reads what is whole at the front, and gives how many bytes that was. `last`: no more will
  /// come.
  virtual std::size_t take(std::span<const std::uint8_t> bytes, bool last, EntrySink& sink) = 0;
  /// How many bytes it must have at once to go on.
  [[nodiscard]] virtual std::size_t wants() const = 0;
  /// It lost its way: nobody can tell any more where the next message begins.
  [[nodiscard]] virtual bool is_lost() const = 0;
  /// All was taken.
  virtual void finish() = 0;
  [[nodiscard]] virtual const Tally& tally() const = 0;
};

}  // namespace zonder::wire::logs
