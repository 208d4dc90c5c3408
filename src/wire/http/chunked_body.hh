// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace zonder::wire::http {

/// Finds the end of a body in chunks (RFC 9112 7.1), so that nothing behind it is taken for a part
/// of it. Strict: no extensions, no trailers, no lone line feeds.
class ChunkedBody {
public:
  enum class State { More, Done, Malformed };

  /// How many of the bytes belong to the body; once Done or Malformed, none.
  std::size_t take(std::string_view bytes);
  [[nodiscard]] State state() const;

private:
  enum class Step {
    Size,
    SizeEnd,
    Data,
    DataReturn,
    DataEnd,
    LastReturn,
    LastEnd,
    Done,
    Malformed
  };
  Step on_size(char c);

  Step step_ = Step::Size;
  std::uint64_t left_ = 0;  // of this chunk
  unsigned digits_ = 0;
};

}  // namespace zonder::wire::http
