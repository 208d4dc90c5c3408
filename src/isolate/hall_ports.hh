// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/child_process.hh"
#include "base/descriptor.hh"
#include "base/result.hh"
#include "isolate/room_plan.hh"
#include "kernel/link_settings.hh"
#include "kernel/links.hh"

namespace zonder::isolate {

/// What a room has of the machine: its ports, while it lasts. Used in the process that holds the
/// room's network, which is the calling one's own.
class HallPorts {
public:
  /// `plan` is of a hall, and outlives it. `machine`: the machine's network.
  HallPorts(const RoomPlan& plan, Descriptor machine) : plan_(plan), machine_(std::move(machine)) {}

  /// Puts a link among the room's, apart from the others.
  static Result<void>
  join(kernel::Links& here, const std::string& link, const std::string& room_link);

  /// All or none. Errors: a port is not there, or in use.
  Result<void> take();
  /// Off first: nobody who stays shall think that he still has a network. Errors: one cannot go
  /// back; the others did.
  Result<void> give_back();

  /// What must run while the room lasts.
  [[nodiscard]] std::optional<ChildProcess>& access_point() { return access_point_; }

private:
  struct Taken {
    std::string name;
    bool was_up = false;
    bool made = false;  // by us
    int index = 0;      // in the machine's network
    kernel::LinkSettings settings = {};
  };
  Result<void> take_each(kernel::Links& here, kernel::Links& machine, const Descriptor& own);
  Result<void> take_port(kernel::Links& machine,
                         kernel::Links& here,
                         const kernel::Link& port,
                         const Descriptor& own);
  Result<void> plug_into_bridge(kernel::Links& machine,
                                kernel::Links& here,
                                const kernel::Link& bridge,
                                const Descriptor& own);
  Result<void> open_access_point(const AccessPoint& wanted, const Descriptor& own);
  Result<void> give_back(kernel::Links& here, kernel::Links& machine, const Taken& port);

  const RoomPlan& plan_;
  Descriptor machine_;
  std::vector<Taken> taken_;
  std::string radio_;  // taken
  std::optional<ChildProcess> access_point_;
};

}  // namespace zonder::isolate
