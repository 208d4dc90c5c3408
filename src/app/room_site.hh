// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/room_clock.hh"
#include "base/descriptor.hh"
#include "base/guarded.hh"
#include "base/result.hh"
#include "isolate/open_hall.hh"
#include "model/room_record.hh"
#include "room/roster.hh"
#include "trust/keyed_word.hh"
#include "web/room_view.hh"
#include "web/server.hh"

namespace zonder::app {

/// The pages of one room: who asks for what, what that does, and which page comes back. One set of
/// routes for the room, one for the leader. Both are called in threads of their own.
class RoomSite {
public:
  struct Options {
    isolate::OpenHall* hall = nullptr;  // outlives the site
    RoomClock clock;
    model::RoomRecord about;  // what is known from the start
    std::string page_url;
    std::string address_url;
    std::string wifi;
    std::string proxy;
    std::vector<std::string> reports;     // where they will be, for the leader
    std::function<void()> spoken;         // called after anybody said something; may be empty
    std::function<std::string()> unkept;  // why what is seen is not kept; may be empty
  };
  /// Errors: no random bytes, no descriptor.
  static Result<std::unique_ptr<RoomSite>> make(Options options);

  web::Response in_room(const web::Request& request);
  web::Response of_leader(const web::Request& request);
  /// "/KEY/": who does not know it finds nothing of the leader's.
  [[nodiscard]] const std::string& leader_base() const { return base_; }

  /// Joined by the leader, or by a page of its own.
  Result<void> join(const net::MacAddress& device, const std::string& name, bool by_leader);

  /// What the engine saw; the pages show it from now on.
  void show(isolate::OpenHall::Reached reached);
  /// Why something of a device's may have gone around the room.
  void note_outside(std::size_t device, model::Outside how, const std::string& what, model::Moment);

  /// All that is known now.
  [[nodiscard]] model::RoomRecord record() const;

  [[nodiscard]] bool stop_wanted() const { return stop_wanted_; }
  /// Readable when somebody wants the room to stop.
  [[nodiscard]] int stop_descriptor() const { return stop_.get(); }

private:
  using Pages = std::function<web::Response(const web::RoomView&)>;
  RoomSite(Options options, const trust::KeyedWord& tokens);
  [[nodiscard]] web::RoomView view_of(const model::RoomRecord& record,
                                      const web::Request& request) const;
  [[nodiscard]] web::Response proxy_settings(const web::Request&) const;
  web::Response join_by_page(const web::Request&, const net::MacAddress&);
  web::Response of_participant(const web::Request&, const net::MacAddress&, std::size_t device);
  web::Response mark(const web::Request&, std::size_t device, const std::string& token);
  web::Response outside(const web::Request&, std::size_t device, const std::string& token);
  web::Response page_again(const web::Request&,
                           std::size_t device,
                           const std::string& token,
                           web::Problem problem) const;
  web::Response admit_by_leader(const web::Request&);
  web::Response dismiss_by_leader(const web::Request&);
  web::Response leaders_page(const web::Request&, web::Problem problem) const;
  void somebody_spoke() const;
  void leave(const net::MacAddress& device, std::size_t number);
  void send_out(const net::MacAddress& device, std::size_t number);
  [[nodiscard]] std::optional<std::size_t> number_of(const net::MacAddress& device) const;

  Options options_;
  trust::KeyedWord tokens_;  // by the address of a device
  std::string base_;
  std::string host_;  // of page_url
  Descriptor stop_;
  std::atomic<bool> stop_wanted_ = false;
  Guarded<room::Roster> roster_;
  Guarded<std::map<net::MacAddress, std::size_t>> numbers_;  // who was ever admitted
  Guarded<isolate::OpenHall::Reached> shown_;
};

}  // namespace zonder::app
