// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include <sys/types.h>

#include "base/child_process.hh"
#include "base/descriptor.hh"
#include "base/result.hh"
#include "isolate/room_plan.hh"

namespace zonder::isolate {

/// A program that carries the gateway's packets to the machine's own network as ordinary
/// connections of the user: nothing on the machine is changed for it. It ends when we end.
class Uplink {
public:
  /// Starts slirp4netns on the gateway's namespaces, held by process `gateway`. Does not wait.
  static Result<Uplink> start_slirp4netns(const RoomPlan& plan, pid_t gateway, bool as_root);

  /// Waits until its link is there. Errors: it ended, with what it said; or it hangs.
  Result<void> wait_until_ready();

  [[nodiscard]] const std::string& name() const { return name_; }
  /// Readable when it has ended.
  [[nodiscard]] int pidfd() const { return process_.pidfd(); }
  [[nodiscard]] bool running() { return process_.running(); }

private:
  Uplink(
      std::string name, ChildProcess process, Descriptor ready, Descriptor said, Descriptor alive)
      : name_(std::move(name)), process_(std::move(process)), ready_(std::move(ready)),
        said_(std::move(said)), alive_(std::move(alive))
  {
  }
  std::string name_;
  ChildProcess process_;
  Descriptor ready_;  // it writes one byte when its link is up
  Descriptor said_;   // what it prints
  Descriptor alive_;  // it ends when this is closed
};

}  // namespace zonder::isolate
