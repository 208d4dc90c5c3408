// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/run_record.hh"
#include "net/address.hh"
#include "net/prefix.hh"

namespace zonder::isolate {

/// One thing that the room asked its name server, with how often.
struct Question {
  std::string name;  // lower case, no final dot, "." for the root; odd bytes as \DDD
  std::uint16_t type = 0;
  std::string type_name;  // "A", "HTTPS", "TYPE65280"
  model::Verdict verdict = model::Verdict::Passed;
  std::optional<std::size_t> party;  // index in Absence::parties, when it was blocked
  bool failed = false;               // nobody told where the name leads
  std::uint64_t count = 0;
  model::Moment first;
  model::Moment last;
  std::vector<net::Address> answers;  // what the room was told, hints of HTTPS and SVCB too; sorted
  std::vector<model::Share> programs;  // who asked, as far as known; by first time
};

/// Where addresses that stand for one absent name come from. The gateway cuts both off, always.
net::Prefix synthetic_v4();  // 198.18.0.0/15 (RFC 2544: never on the internet)
net::Prefix synthetic_v6();  // fd00:7a6f:6e64:6572::/64

/// What was asked and answered, and the addresses that were made up for absent names. Bounded: past
/// `capacity` questions (and four times as many addresses) nothing new is kept, only counted.
class NameLedger {
public:
  explicit NameLedger(std::size_t capacity = 100000) : capacity_(capacity) {}

  struct Entry {
    std::string name;
    std::uint16_t type = 0;
    model::Verdict verdict = model::Verdict::Passed;
    std::optional<std::size_t> party;
    std::vector<net::Address> answers;
    std::optional<std::size_t> program = {};  // who asked
    bool failed = false;                      // see Question
  };
  void note(const Entry& entry, model::Moment now);

  /// The address that stands for the name, the same one each time. Nothing when all are used up.
  std::optional<net::Address>
  synthetic(const std::string& name, net::Family family, std::size_t party);

  [[nodiscard]] std::vector<Question> questions() const;
  [[nodiscard]] std::optional<std::string> name_of(net::Address address) const;
  [[nodiscard]] std::optional<std::size_t> party_of(net::Address synthetic) const;
  [[nodiscard]] std::uint64_t not_kept() const { return not_kept_; }

private:
  struct Key {
    std::string name;
    std::uint16_t type = 0;
    model::Verdict verdict = model::Verdict::Passed;
    std::optional<std::size_t> party;
    bool failed = false;
    auto operator<=>(const Key&) const = default;
  };
  struct Row {
    std::uint64_t count = 0;
    model::Moment first;
    model::Moment last;
    std::vector<net::Address> answers;
    std::vector<model::Share> programs;
  };
  struct Stand {
    std::string name;
    std::size_t party = 0;
  };

  std::size_t capacity_;
  std::uint64_t not_kept_ = 0;
  std::map<Key, Row> rows_;
  std::map<net::Address, std::string> names_;             // the last name asked for
  std::unordered_map<std::string, std::size_t> numbers_;  // name -> place in stands_
  std::vector<Stand> stands_;
};

}  // namespace zonder::isolate
