// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/page_visit.hh"

namespace zonder::app {

/// What the loopback of this machine is to a page: a room has a loopback of its own, with nothing
/// on it but the ports that were let through. What does not come from there says nothing of the
/// absent.
class ThisMachine {
public:
  /// `by_proxy`: the address that answered may be the proxy's, which tells nothing; `hosts`: the
  /// machine's hosts file, by which a proxy's names can be of this machine all the same.
  ThisMachine(std::vector<std::uint16_t> allowed_ports, bool by_proxy, std::string hosts)
      : allowed_(std::move(allowed_ports)), by_proxy_(by_proxy), hosts_(std::move(hosts))
  {
  }

  /// Marks what both visits asked of it, of all that is not let through.
  void mark(model::PageVisit& with, model::PageVisit& without) const;

private:
  [[nodiscard]] bool has_to_itself(const model::PageRequest& request) const;
  [[nodiscard]] bool lets_through(std::uint16_t port) const;

  std::vector<std::uint16_t> allowed_;
  bool by_proxy_;
  std::string hosts_;
};

}  // namespace zonder::app
