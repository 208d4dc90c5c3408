// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hh"
#include "catalog/date.hh"
#include "net/address.hh"
#include "net/domain_name.hh"

namespace zonder::catalog {

/// A service that answers questions for names inside HTTPS.
struct PrivateResolver {
  std::string called;                   // as people call it
  std::vector<net::DomainName> names;   // each stands for all below it too
  std::vector<net::Address> addresses;  // where it is reached without a name
  std::string source;
  Date opened;
};

class PrivateResolvers {
public:
  explicit PrivateResolvers(std::vector<PrivateResolver> all = {}) : all_(std::move(all)) {}

  [[nodiscard]] const std::vector<PrivateResolver>& all() const { return all_; }
  /// Whose it is; null: nobody's that we know.
  [[nodiscard]] const PrivateResolver* find(std::string_view name) const;
  [[nodiscard]] const PrivateResolver* find(net::Address address) const;

private:
  std::vector<PrivateResolver> all_;
};

/// Reads data/private-resolvers.yaml (schema zonder.private-resolvers/1). Errors: a line for each
/// mistake.
Result<PrivateResolvers> load_private_resolvers(const std::string& path, const std::string& text);

}  // namespace zonder::catalog
