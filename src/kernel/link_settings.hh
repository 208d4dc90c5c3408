// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <map>
#include <string>

namespace zonder::kernel {

/// What is set for one link under /proc/sys/net: it is lost when the link goes to another network,
/// and comes back with what is ordinary there.
class LinkSettings {
public:
  /// In that network (descriptor). What cannot be read is left out.
  static LinkSettings read(int network_namespace, const std::string& link);
  /// Writes what is different now. True: all is as it was.
  [[nodiscard]] bool write_back(int network_namespace) const;

private:
  std::map<std::string, std::string> values_;  // by path
};

}  // namespace zonder::kernel
