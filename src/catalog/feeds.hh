// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hh"
#include "catalog/date.hh"

namespace zonder::catalog {

/// A publication that `zonder data update` fetches.
struct Feed {
  std::string id;
  std::string party;   // empty: about many, such as the names of ASes
  std::string url;     // https only; "{uuid}" in it becomes a random one
  std::string source;  // where it says that this is the address
  Date opened;
};

/// What vendors call their services, and which service of a party's facts that is.
struct ServiceWord {
  std::string party;
  std::vector<std::string> called;
  std::string service;
};

struct Feeds {
  std::vector<Feed> feeds;
  std::vector<ServiceWord> services;

  /// The service that a list of the party means by a word; the word itself, in lower case, when
  /// nothing is known of it.
  [[nodiscard]] std::string service_of(const std::string& party, const std::string& word) const;
};

/// Reads data/feeds.yaml (schema zonder.feeds/1). Errors: a line for each mistake.
Result<Feeds> load_feeds(const std::string& path, const std::string& text);

}  // namespace zonder::catalog
