// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "net/address.hh"

namespace zonder::isolate {

/// The text of a hosts file (hosts(5)), read once. Lines without an address are passed over.
class HostsFile {
public:
  explicit HostsFile(std::string_view text);

  /// Of a name in small letters, in the file's order; none: the file does not know it.
  [[nodiscard]] const std::vector<net::Address>& addresses_of(const std::string& name) const;

private:
  std::unordered_map<std::string, std::vector<net::Address>> names_;
};

/// For who asks once.
std::vector<net::Address> addresses_in_hosts(std::string_view hosts, const std::string& name);

}  // namespace zonder::isolate
