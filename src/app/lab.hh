// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "app/world.hh"

namespace zonder::app {

/// `zonder lab up FILE`: starts the lab and comes back when every server answers. The same file a
/// second time is fine and does nothing.
int lab_up(const World& world, const std::string& file);

/// `zonder lab down [NAME]`: ends it, and waits until nothing is left. Without a name: the only
/// one.
int lab_down(const World& world, const std::string& name);

/// `zonder lab status [NAME]`: hosts, addresses and servers; schema zonder.lab/1.
int lab_status(const World& world, const std::string& name);

struct LabShellOptions {
  std::string name;  // of the lab
  std::string host;
  std::string user;  // a number: run as that ordinary user; empty: as the lab's root
  std::vector<std::string> command;  // empty: the user's shell
};

/// `zonder lab shell NAME HOST [-- COMMAND...]`: the command's own exit code; 2 what was typed
/// cannot be done, 125 zonder failed, 126 not executable, 127 not found.
int lab_shell(const World& world, const LabShellOptions& options);

}  // namespace zonder::app
