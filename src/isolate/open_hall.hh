// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/descriptor.hh"
#include "base/guarded.hh"
#include "base/result.hh"
#include "isolate/access_point.hh"
#include "isolate/admission.hh"
#include "isolate/cut_options.hh"
#include "isolate/enclosure.hh"
#include "isolate/page_names.hh"
#include "isolate/renewer.hh"
#include "isolate/room_proxy.hh"
#include "kernel/nft_socket.hh"
#include "model/room_record.hh"
#include "net/address.hh"
#include "net/mac_address.hh"

// The engine of `zonder room`: ports of this machine become a network in which the absent are dead.
// It fails closed: when anything of zonder dies, or hangs, the room has no network.
namespace zonder::isolate {

struct HallOptions : CutOptions {
  std::vector<std::string> ports;           // of this machine; each must be free
  std::optional<AccessPoint> access_point;  // beside them, or instead
  std::string page_name;                    // leads everybody in the room to the page
  /// So long the machine's own name servers may be silent. In a room whose machine is cut off
  /// itself all stops, and none of it for want of the absent: it ends.
  std::chrono::seconds patience{45};
};

class OpenHall {
public:
  /// How often keep_open() is to come, and how soon the room closes when zonder hangs or ends.
  static constexpr std::chrono::seconds rhythm{3};
  static constexpr std::chrono::seconds lease{15};
  /// Nor does the lease go on without keep_open() for longer than this.
  static constexpr std::chrono::seconds neglect{60};

  /// What can be told without making anything: rights, ports, what is missing here.
  static Result<void> check(const HallOptions& options);

  /// Everything up to the moment that devices can come: the block is proved, the ports are taken.
  /// `options` must outlive it. Errors: what was typed wrong, what is missing here, that the proof
  /// failed. Call it from a process with one thread.
  static Result<std::unique_ptr<OpenHall>> open(const HallOptions& options);
  ~OpenHall();
  OpenHall(const OpenHall&) = delete;
  OpenHall& operator=(const OpenHall&) = delete;
  OpenHall(OpenHall&&) = delete;
  OpenHall& operator=(OpenHall&&) = delete;

  [[nodiscard]] const RoomPlan& plan() const { return enclosure_.plan; }
  [[nodiscard]] const model::Proof& proof() const { return enclosure_.proof; }
  [[nodiscard]] std::string uplink() const { return enclosure_.uplink->name(); }

  /// The listening sockets of the room's page.
  std::vector<Descriptor> take_page() { return std::move(page_); }

  /// Where the room's proxy is, "10.213.80.1:3128"; empty: there is none with this signature.
  [[nodiscard]] std::string proxy() const;

  /// The device that has this address in the room: the first that sent from it, see
  /// Admission::seats(). Any thread.
  std::optional<net::MacAddress> device_at(net::Address address);

  /// From now on for so long; gives its number, the same each time: from 0, in the order of first
  /// admission. Any thread.
  Result<std::size_t> admit(const net::MacAddress& device, std::chrono::milliseconds lasts);
  /// Also what it has open. Any thread.
  Result<void> dismiss(const net::MacAddress& device);

  /// Keeps the room open a while longer, and looks at what was counted. Errors: something that the
  /// room cannot do without has ended.
  Result<void> keep_open();

  /// Descriptors that are readable when the holder or the uplink may have ended: keep_open() tells.
  [[nodiscard]] std::array<int, 2> ended();

  /// What devices reached for so far, by device number; parties of who is not absent stay empty.
  struct Reached {
    std::vector<model::RoomContact> contacts;
    std::uint64_t unlisted = 0;
    std::uint64_t turned_away = 0;
    std::vector<model::RoomLapse> lapses;
    std::vector<model::RoomGiver> givers;
  };
  Result<Reached> reached();

  /// Nobody is admitted any more, and the ports are the machine's again.
  Result<void> close();

private:
  using Target = std::tuple<net::MacAddress, net::Address, std::uint8_t, std::uint16_t>;
  struct Span {
    std::uint64_t packets = 0;
    model::Moment first;
    model::Moment last;
  };
  explicit OpenHall(Enclosure enclosure) : enclosure_(std::move(enclosure)) {}
  Result<void> build(const HallOptions& options);
  Result<void> close_to_strangers(const std::optional<net::MacAddress>& proxy);
  Result<void> start_proxy(Holder::Built& built, const std::vector<net::Address>& own);
  /// As it was some seconds ago: questions for names are many, and a datagram can claim any
  /// address.
  std::optional<net::MacAddress> device_that_asks(net::Address address);
  std::optional<std::size_t> number_of(const net::MacAddress& device);
  Result<kernel::NftSocket> rules_socket();
  Result<void> look_for_givers();
  void look_for_choices();
  Result<void> look_at_counts();
  Result<void> look_at_way_out();
  void add_packets(std::vector<model::RoomContact>& contacts);
  void add_questions(std::vector<model::RoomContact>& contacts);
  Result<void> add_proxied(Reached& reached);

  Enclosure enclosure_;
  std::vector<Descriptor> page_;
  std::unique_ptr<PageNames> page_names_;
  Guarded<std::optional<Admission>> admission_;
  Guarded<std::map<net::Address, net::MacAddress>> seats_;  // some seconds old at most
  Guarded<std::vector<net::MacAddress>> devices_;           // by number
  Guarded<std::map<Target, Span>> spans_;
  Descriptor requests_;  // see Holder::requests()
  struct Giver {
    std::optional<net::MacAddress> card;  // nothing: only known by who took his offer
    model::Moment first;
  };
  Guarded<std::map<std::string, Giver>> givers_;  // by how he is called
  std::chrono::seconds patience_{};
  std::chrono::steady_clock::time_point way_out_tried_;
  std::optional<std::chrono::steady_clock::time_point> way_out_seen_;  // nothing: never was
  bool closed_ = false;
  std::optional<Admission> for_lease_;  // the renewer's own
  std::unique_ptr<Renewer> renewer_;    // ends first
  std::unique_ptr<RoomProxy> proxy_;    // asks all of the above; null: there is none
};

}  // namespace zonder::isolate
