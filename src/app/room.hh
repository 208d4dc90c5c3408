// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "app/world.hh"

namespace zonder::app {

/// `zonder room SELECTOR [options]`, as typed.
struct RoomOptions {
  std::string selector;
  std::string except;
  std::string mode = "gone";
  std::string like;
  std::string dns = "forward";
  std::string uplink = "auto";
  std::vector<std::string> controls;
  bool unproved = false;
  std::vector<std::string> ports;    // of this machine, that become the room
  std::string wifi;                  // the name of its Wi-Fi; empty: by cable only
  std::string wifi_on;               // the wireless card; empty: the only one
  std::string wifi_password;         // file with it; empty: open to all
  std::string lasts;                 // "60m"; empty: asked, or an hour
  std::string tasks;                 // file; empty: the ordinary ones
  std::vector<std::string> devices;  // MAC=NAME, joined by the leader
  bool cold = false;
  std::vector<std::string> reports;  // files; the suffix gives the format. None: a usual one
  std::string exported;              // file for all observations
  std::string recover;               // the report of a room that ended without zonder
  bool yes = false;                  // nothing is asked
  int page_port = 0;                 // of the leader's page on this machine; 0: any
};

/// Holds a room: asks what was left out, says what will change, opens it, stays until its time is
/// up or somebody stops it, and tells what was seen. With `recover` instead: makes the report of a
/// room that ended without zonder, from what was kept of it. Exit codes as World has them.
int room(const World& world, const RoomOptions& options);

}  // namespace zonder::app
