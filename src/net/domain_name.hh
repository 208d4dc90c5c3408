// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/result.hh"

namespace zonder::net {

/// A domain name in the form that goes over the wire: lower case, IDNA (xn--), no final dot. Labels
/// such as _dmarc are allowed; the root is not.
class DomainName {
public:
  /// Reads a name as a person types it: "Gemeente.NL", "café.example", "www.example.". Errors:
  /// empty or overlong labels, forbidden characters.
  static Result<DomainName> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }

  /// True when this name is `suffix` or lies below it.
  [[nodiscard]] bool is_under(const DomainName& suffix) const;

  auto operator<=>(const DomainName&) const = default;

private:
  explicit DomainName(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace zonder::net
