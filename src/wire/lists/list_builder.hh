// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "wire/lists/lists.hh"

// Where every reader of this folder puts what it finds: entries are checked, counted and complained
// about in one way.
namespace zonder::wire::lists {

/// Whose use the prefixes of a list are, as PrefixClaim::space says it.
namespace space {
inline constexpr std::string_view services = "services";
inline constexpr std::string_view customers = "customers";
inline constexpr std::string_view shared = "shared";
inline constexpr std::string_view unknown = "unknown";
}  // namespace space

/// Where in a file an entry stands: "FILE:12", or "FILE: values[3].ips[0]".
struct Place {
  std::size_t line = 0;  // from 1; 0: the rest of this says where
  std::string_view list;
  std::optional<std::size_t> item;
  std::string_view field;
  std::optional<std::size_t> part;

  [[nodiscard]] std::string in(const std::string& path) const;
};

class ListBuilder {
public:
  ListBuilder(std::string path, std::string format);

  /// What the list says of itself. Texts are foreign: they are made fit to be shown.
  void party(std::string_view id) { list_.party = id; }
  void called(std::string_view name);
  void published(std::string_view day_or_time);
  void names_are_needs() { list_.names_are_needs = true; }

  /// ADDRESS, ADDRESS/LENGTH or FIRST-LAST.
  void prefix(const Place&, std::string_view text, std::string_view service, std::string_view use);
  /// A name; "*." or "." ahead of it means those under it. A star elsewhere is skipped. Without
  /// either it is exact, or not, as `exact` says.
  void name(const Place&, std::string_view text, std::string_view service, bool exact);
  void
  asn(const Place&, std::string_view number, std::string_view handle, std::string_view description);
  void skip() { skip_or_count(true); }
  void unreadable(const Place&, const std::string& what);

  /// True when there is room for no more; readers stop, and finish() says so.
  [[nodiscard]] bool full() const { return full_; }
  [[nodiscard]] const std::string& path() const { return list_.path; }

  /// Errors: too many rows, nothing in it, nothing readable in it, or another party than `hints`.
  Result<ListFile> finish(const ListHints& hints) &&;

private:
  void skip_or_count(bool skipped);
  void add(const net::Prefix& prefix, std::string_view service, std::string_view use);
  void add_range(const Place&, std::string_view text, std::string_view service, std::string_view);
  [[nodiscard]] std::optional<Error> why_not() const;

  ListFile list_;
  bool full_ = false;
};

}  // namespace zonder::wire::lists
