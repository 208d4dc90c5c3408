// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/result.hh"

namespace zonder::trust {

/// Words that nobody can make, or guess, who does not know a secret: HMAC-SHA-256 of a text (RFC
/// 2104), of which the first 128 bits are written as 32 hexadecimal digits. Nothing is kept but the
/// secret. Any thread.
class KeyedWord {
public:
  using Secret = std::array<unsigned char, 32>;
  explicit KeyedWord(const Secret& secret) : secret_(secret) {}
  /// With a secret of its own. Errors: no random bytes.
  static Result<KeyedWord> make();

  /// Empty when there is no memory.
  [[nodiscard]] std::string of(std::string_view text) const;
  /// Whether `word` is that of `text`, in a time that does not tell how much of it is right.
  [[nodiscard]] bool fits(std::string_view word, std::string_view text) const;

private:
  Secret secret_;
};

}  // namespace zonder::trust
