// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hh"
#include "kernel/nft_socket.hh"
#include "net/address.hh"
#include "net/mac_address.hh"

namespace zonder::isolate {

/// Which devices may use a room's network, by the address of their network card, in tables of its
/// own before the gateway's (see frame_rules.hh too). Who is not admitted gets nothing: every name
/// is answered with where the page is, and http goes to that page. Each is admitted up to a moment
/// that the kernel keeps; and unless renew() comes again and again, nobody is: when zonder hangs
/// the room is closed.
///
/// Of the gateway itself who is not admitted reaches the page, what gives him an address, and what
/// names the page; the admitted its name server, the room's proxy, what answers in the place of the
/// absent, and pings too. Nobody reaches anything else.
///
/// A card's address can be taken over by another device in the room, which then is that device.
class Admission {
public:
  struct Options {
    std::string link;  // that devices come by
    net::Address gateway_v4;
    net::Address gateway_v6;
    std::uint16_t page_port = 80;     // on the gateway; http of who is not admitted goes there
    std::uint16_t names_port = 5353;  // on the gateway, for who is not admitted
    std::uint16_t proxy_port = 3128;  // on the gateway, for who is admitted
    /// The card by which the room's own proxy goes out: admitted for as long as the lease, and in
    /// no count, as it tells itself for whom it was. No device knows its address.
    std::optional<net::MacAddress> proxy = std::nullopt;
    std::chrono::milliseconds lease{15000};
    std::uint32_t devices = 1024;  // at most
  };

  /// Nobody is admitted, and the lease has not begun.
  static Result<Admission> close(kernel::NftSocket socket, Options options);
  /// The same once more, by a socket of its own: for another thread.
  static Admission beside(kernel::NftSocket socket, Options options)
  {
    return {std::move(socket), std::move(options)};
  }

  /// Again and again, each time well before the lease ends.
  Result<void> renew();
  /// From now on for so long.
  Result<void> admit(const net::MacAddress& device, std::chrono::milliseconds lasts);
  /// No longer, also what it has open, in both directions. Errors: it was not admitted.
  Result<void> dismiss(const net::MacAddress& device);

  /// Whatever admitted devices opened or tried to open, of whichever party it is, since close().
  Result<std::vector<kernel::NftSent>> tried();
  /// Who has which address, as packets, ARP and neighbour advertisements said in the last minutes.
  /// An address is his who first claimed it, until he has been silent for as long: another's claim
  /// of it is dropped. So an address means one device. One device has some, and no more.
  Result<std::vector<kernel::NftSeat>> seats();

  /// Who else said in the last minutes that he gives out addresses, or is a router.
  Result<std::vector<net::MacAddress>> givers();

  struct Counts {
    std::uint64_t opened = 0;       // packets that open something; all that tried() tells, and
                                    // what is past that
    std::uint64_t claimed = 0;      // frames that claim an address that is another's
    std::uint64_t excess = 0;       // the same past what is one device's, or strangers', share
    std::uint64_t kept_back = 0;    // packets from outside for who is not admitted, or no more
    std::uint64_t turned_away = 0;  // packets of who was not admitted that would have gone through
  };
  Result<Counts> counts();

private:
  Admission(kernel::NftSocket socket, Options options)
      : socket_(std::move(socket)), options_(std::move(options))
  {
  }
  kernel::NftSocket socket_;
  Options options_;
};

}  // namespace zonder::isolate
