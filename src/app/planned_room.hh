// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/room.hh"
#include "app/world.hh"
#include "base/result.hh"
#include "catalog/catalog.hh"
#include "isolate/open_hall.hh"
#include "model/room_record.hh"
#include "net/mac_address.hh"

namespace zonder::app {

/// What was typed for `zonder room`, understood.
struct PlannedRoom {
  isolate::HallOptions options;
  std::set<std::string> bridges;  // of options.ports: they stay, and get one more port
  std::chrono::seconds lasts{};
  std::vector<model::RoomTask> tasks;
  std::vector<std::pair<net::MacAddress, std::string>> devices;  // joined by the leader
  std::vector<std::string> selection;                            // who is absent, in sentences
  std::string facts_date;
  catalog::Date day;
};

/// What will happen to each port of this machine, in sentences.
std::vector<std::string> words_on_ports(const PlannedRoom& planned);
/// What has become of them.
std::vector<std::string> words_at_closing(const PlannedRoom& planned);
/// "eth1 wlan0": all of them.
std::string ports_of(const PlannedRoom& planned);
/// The same, one by one: the card for Wi-Fi too.
std::vector<std::string> all_ports_of(const PlannedRoom& planned);

/// Errors: a port is named twice.
Result<void> check_named_once(const std::vector<std::string>& ports, const std::string& wifi_card);

/// Everything that can be wrong in what was typed, and what was left out is asked for: on a
/// terminal at most which port and how long. Nothing is changed yet.
Result<PlannedRoom> plan_room(const World& world, const RoomOptions& typed);

/// A network port that could become the room.
struct Offer {
  std::string port;
  bool is_on = true;
  bool has_cable = true;

  /// "lan1 (no cable in it)"
  [[nodiscard]] std::string to_string() const;
};
/// Those with a cable in them first, else in their order.
std::vector<Offer> best_first(std::vector<Offer> offers);
/// Why there is none to offer: `reasons` of those that there are.
std::string why_no_port(const std::vector<std::string>& reasons);

/// How long a room lasts, as typed or answered: "60" (minutes), "90m", "2h", "1h30m".
Result<std::chrono::seconds> read_length(const std::string& typed);
/// In English and Dutch; an empty answer is no. Nothing: it is neither.
std::optional<bool> read_yes_or_no(const std::string& answer);

/// "MAC=NAME"
Result<std::pair<net::MacAddress, std::string>> read_device(const std::string& typed);

/// Says what will change on this machine, and asks whether to begin. Errors: not begun.
Result<void> agree(const World& world, const RoomOptions& typed, const PlannedRoom& planned);

}  // namespace zonder::app
