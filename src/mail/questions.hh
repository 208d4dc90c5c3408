// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mail/domain_records.hh"

// What to ask DNS about a domain, and what its answers mean together. Which questions come next
// depends on the answers so far (a mail host's address, the record that SPF includes), so one
// function does both: it makes of the answers what can be made of them, and says what it lacks.
// Asking, waiting and giving up are somebody else's.
namespace zonder::mail {

enum class RecordType : std::uint16_t {
  A = 1,
  Ns = 2,
  Mx = 15,
  Txt = 16,
  Aaaa = 28,
  Srv = 33,
  Caa = 257
};
std::string_view to_text(RecordType type);

struct Question {
  std::string name;
  RecordType type = RecordType::A;
  auto operator<=>(const Question&) const = default;
};

/// One record of an answer.
struct Datum {
  std::uint16_t number = 0;             // MX: preference; SRV: port; CAA: flags
  std::string text;                     // a name, or what TXT and CAA say
  std::optional<net::Address> address;  // A and AAAA
  bool operator==(const Datum&) const = default;
};

struct Answer {
  enum class Outcome : std::uint8_t { Data, NoData, NoName, NoAnswer };
  Outcome outcome = Outcome::NoAnswer;
  std::vector<std::string> aliases;  // the CNAMEs on the way, in order
  std::vector<Datum> data;           // sorted as the resolver gave it
  bool validated = false;            // DNSSEC was looked at
  bool secure = false;               // DNSSEC holds
  bool bogus = false;                // DNSSEC does not hold: then it is NoAnswer too
};

using Answers = std::map<Question, Answer>;

struct Assembly {
  DomainRecords records;
  std::vector<Question> wanted;  // each once; none: the records are complete
};

Assembly assemble(const std::string& domain, const Answers& answers);

/// The DKIM selectors that are tried; a key by another name is not found.
std::span<const std::string_view> dkim_selectors();

}  // namespace zonder::mail
