// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.hh"
#include "model/observation.hh"
#include "model/words.hh"

// What a statement of a model rests on.
namespace zonder::model {

/// How sure whoever made the statement is.
enum class Confidence : std::uint8_t { Low, Medium, High };

constexpr auto words_for(Confidence)
{
  return std::array<std::string_view, 3>{"low", "medium", "high"};
}
constexpr auto words_for(Tier)
{
  return std::array<std::string_view, 3>{"declared", "measured", "drilled"};
}
constexpr auto words_for(Via)
{
  return std::array<std::string_view, 9>{
      "dns", "tls", "quic", "http", "flow", "log", "list", "certificate", "page"};
}

/// When and by what a measured thing was seen.
struct Seen {
  std::optional<Date> first;
  std::optional<Date> last;
  std::uint64_t count = 0;
  std::vector<Via> via;  // sorted, each once

  bool operator==(const Seen&) const = default;
};

/// What stands in a file for a statement without a source.
inline constexpr std::string_view no_source = "none";

struct Evidence {
  Tier tier = Tier::Declared;
  Confidence confidence = Confidence::Low;
  std::string source;  // id of one of the model's sources; empty: none is given
  std::optional<Seen> seen;

  bool operator==(const Evidence&) const = default;
};

/// What kind of thing a source is.
enum class SourceKind : std::uint8_t {
  Document,     // published; has a reference and the day on which it was opened
  Inventory,    // a list of our own or of somebody else's: GEMMA, CMDB, DORA register
  Measurement,  // traffic, DNS, certificates
  Drill,
  Interview,  // somebody told
  Assumption  // nobody looked; said so aloud
};

constexpr auto words_for(SourceKind)
{
  return std::array<std::string_view, 6>{
      "document", "inventory", "measurement", "drill", "interview", "assumption"};
}

struct Source {
  std::string id;
  SourceKind kind = SourceKind::Document;
  std::string title;
  std::string ref;             // an address, a file, "github:owner/repo/path"
  std::optional<Date> opened;  // the day on which somebody read it
  std::string says;            // in our own words

  bool operator==(const Source&) const = default;
};

}  // namespace zonder::model
