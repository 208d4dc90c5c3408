// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "base/child_process.hh"
#include "base/result.hh"

// A room by Wi-Fi: hostapd makes an access point of a wireless card, as a port of the room's
// bridge. A wireless card does not go into another network like a cable does, but with its radio
// (iw), and comes back by the kernel when that network ends.
namespace zonder::isolate {

struct AccessPoint {
  std::string name;      // of the network, as people see it
  std::string password;  // empty: open to all
  std::string link;      // the wireless card: "wlan0"
  std::string radio;     // its radio: "phy0"
};

/// Errors (usage): the name is empty or longer than 32 bytes, the password is none that Wi-Fi can
/// have (8 to 63 ASCII characters).
Result<void> check_access_point(const AccessPoint& wanted);

/// hostapd's configuration: devices are kept apart, and `bridge` is where they come out.
std::string hostapd_configuration(const AccessPoint& wanted, const std::string& bridge);

/// Errors: hostapd or iw is not installed, and what to do.
Result<void> find_access_point_programs();

/// The wireless cards of this machine, and the radio of one. Errors: it is no wireless card.
std::vector<std::string> wireless_links();
Result<std::string> radio_of(const std::string& link);

/// Starts hostapd in the calling process's network, and waits until people can join. It ends with
/// the calling process. Errors: what hostapd said.
Result<ChildProcess> start_access_point(const AccessPoint& wanted, const std::string& bridge);

}  // namespace zonder::isolate
