// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/descriptor.hh"
#include "base/result.hh"
#include "isolate/room_plan.hh"
#include "net/mac_address.hh"

namespace zonder::test {

/// A device at the other end of a cable, in a network of its own, of which "eth0" is all that it
/// has.
class RoomDevice {
public:
  /// Plugged into `port` of the machine, which is made. What is wrong, or nothing.
  std::string plug_in(const std::string& port);
  /// The same into a port of a switch (a bridge of the machine's).
  std::string plug_into_switch(const std::string& bridge, const std::string& port);

  [[nodiscard]] const net::MacAddress& hardware() const { return hardware_; }
  [[nodiscard]] int space() const { return space_.get(); }

  /// As a device does by itself: it asks for addresses (DHCP, by udhcpc or dhclient) and listens
  /// for routers. Gives what it got of IPv4 ("address router name-server"), or what was wrong.
  std::string ask_for_addresses();
  std::string ask_for_addresses_by_dhclient();
  /// Addresses by hand.
  Result<void> use(const isolate::RoomPlan& plan);

  /// A shell in it, as root, with the name server that it was given; what it printed.
  [[nodiscard]] std::string sh(const std::string& script) const;
  void within(const std::function<void()>& body) const;

  /// 0, or the errno of a connection.
  [[nodiscard]] int connect_to(const std::string& where, std::uint16_t port) const;
  /// Whether it can be reached within some seconds: a router must be heard of first, and a new
  /// address is only used when nobody answered that he has it.
  [[nodiscard]] bool comes_to(const std::string& where, std::uint16_t port) const;
  /// What a name server at that place says, or why it says nothing.
  [[nodiscard]] std::string address_of(const std::string& name, const std::string& server) const;

  /// Joins as people do: by the page, from its form. What is wrong, or nothing.
  [[nodiscard]] std::string join(const std::string& name) const;
  /// What the page's form must bring back.
  [[nodiscard]] std::string token() const;

private:
  std::string finish();
  std::string folder_;  // for its own files
  Descriptor space_;
  net::MacAddress hardware_;
};

}  // namespace zonder::test
