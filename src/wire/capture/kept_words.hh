// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "wire/capture/capture.hh"
#include "wire/capture/first_words.hh"
#include "wire/capture/quic_initial.hh"

namespace zonder::wire::capture {

/// What was said so far in one direction, until it is whole.
struct Words {
  struct Early {
    std::uint32_t sequence = 0;
    std::vector<std::uint8_t> bytes;
  };
  Scene scene;                      // where the last of it was said
  std::vector<std::uint8_t> bytes;  // of a stream, in order
  std::vector<Early> early;         // segments that came before the one that they follow
  std::size_t pieces = 0;
  std::size_t counted = 0;  // bytes, as they stand in the sum of all
  QuicHello quic;
  DatagramHello dtls;

  [[nodiscard]] std::size_t size() const;
};

/// The first words of many conversations, each under a number. When there are too many, or all take
/// too much, those that began first go, and are counted.
class KeptWords {
public:
  KeptWords(std::size_t most, std::size_t most_bytes) : most_(most), most_bytes_(most_bytes) {}

  /// Nothing: they went, or never were.
  Words* find(std::uint32_t id);
  std::uint32_t add();
  void drop(std::uint32_t id);
  /// Books what these take now; it may be that they must go for it.
  void account(std::uint32_t id);
  [[nodiscard]] std::uint64_t given_up() const { return given_up_; }

private:
  void give_up(std::map<std::uint32_t, Words>::iterator which);

  std::size_t most_;
  std::size_t most_bytes_;
  std::map<std::uint32_t, Words> words_;  // by age
  std::uint32_t last_ = 0;
  std::size_t bytes_ = 0;
  std::uint64_t given_up_ = 0;
};

}  // namespace zonder::wire::capture
