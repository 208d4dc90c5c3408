// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "kernel/attributes.hh"
#include "net/prefix.hh"

namespace zonder::kernel {

/// What conntrack says of a packet; values as in the kernel's NF_CT_STATE_BIT.
enum class FlowState : std::uint32_t { Invalid = 1, Established = 2, Related = 4, New = 8 };

/// How a packet is turned away; values as in the kernel's NFT_REJECT_ICMPX.
enum class Refusal : std::uint8_t {
  NoRoute = 0,
  PortUnreachable = 1,
  HostUnreachable = 2,
  Prohibited = 3
};

/// Where a frame says from which address somebody speaks; the last two make a neighbour believe
/// that he has it.
enum class Claim {
  Source,          // of an IP packet
  ArpSender,       // of ARP, question and answer alike; IPv4 only
  NeighbourTarget  // of a neighbour advertisement; IPv6 only
};

/// One rule of an nft table: steps that are taken from left to right until one does not match. Read
/// it as a sentence: rule.from_link("room").protocol(17).port(53).drop().
class NftRule {
public:
  /// In a table of family inet.
  NftRule() = default;
  /// In one of family bridge, where what is looked at is a frame.
  static NftRule of_frame();

  // Steps that match or end the rule.
  NftRule& family(net::Family family);
  NftRule& from_link(std::string_view name);
  NftRule& to_link(std::string_view name);
  NftRule& protocol(std::uint8_t number);
  NftRule& not_protocol(std::uint8_t number);
  NftRule& port(std::uint16_t number);             // destination port; after protocol()
  NftRule& from_port(std::uint16_t number);        // after protocol()
  NftRule& icmp_type(std::uint8_t number);         // after protocol()
  NftRule& opens_tcp();                            // SYN alone; after protocol(TCP)
  NftRule& extension_header(std::uint8_t number);  // IPv6, anywhere among its headers
  NftRule& to(const net::Prefix& prefix);
  NftRule& from(const net::Prefix& prefix);
  NftRule& flow_is(FlowState state);
  NftRule& flow_is_established_or_related();
  NftRule& to_none_of(std::string_view set, net::Family family);
  NftRule& to_any_of(std::string_view set, net::Family family);
  NftRule& from_any_of(std::string_view set, net::Family family);
  /// By the hardware address of who sends; the link must be one of Ethernet.
  NftRule& from_hardware_in(std::string_view set);
  NftRule& from_hardware_not_in(std::string_view set);
  /// And of whom it is sent to; in frames that leave.
  NftRule& to_hardware_not_in(std::string_view set);
  NftRule& is_arp();
  NftRule& is_marked(std::uint32_t mark);
  /// An address that is claimed, in a frame.
  NftRule& claims(const net::Prefix& prefix, Claim claim);
  /// NFPROTO_IPV4 and NFPROTO_IPV6 as elements.
  NftRule& family_not_in(std::string_view set);
  /// Of a hundred packets so many, by chance.
  NftRule& chance(unsigned of_hundred);
  /// Only what comes past so many bytes a second; a burst of so many is allowed.
  NftRule& over_rate(std::uint64_t bytes_per_second, std::uint32_t burst);
  /// Only what comes past so many packets in a while, of all; or of who sends, each by itself, kept
  /// in a set of hardware addresses as long as it takes to forget. When that is full this ends.
  struct Share {
    std::uint64_t packets = 1;
    std::chrono::seconds in{1};  // a second, a minute, an hour
    std::uint32_t at_once = 1;
  };
  NftRule& over(const Share& share);
  NftRule& sender_over(const Share& share, std::string_view set, std::chrono::milliseconds forget);
  /// What follows knows it by this, until it leaves; a rule of routing too, see Links::add_rule().
  NftRule& mark(std::uint32_t mark);
  /// Gives the packet this priority, by which its link finds the class that it goes by.
  NftRule& into_lane(std::uint32_t traffic_class);
  // The same for IPv6 addresses that mean an IPv4 address to a NAT64 with the well-known prefix
  // (RFC 6052): 64:ff9b::192.0.2.1 is 192.0.2.1. What is looked up is the IPv4 address.
  NftRule& to_any_behind_nat64(std::string_view set);
  NftRule& from_any_behind_nat64(std::string_view set);

  // Steps that count and remember. The key of a set of destinations is address, protocol, port.
  NftRule& count(std::string_view counter);
  /// Counts in the counter that the map gives for the destination; ends when it gives none.
  NftRule& count_by_destination(std::string_view map, net::Family family);
  NftRule& count_by_destination_behind_nat64(std::string_view map);
  /// Puts the destination into a set, each element with its own counter. Ends when the set is full.
  NftRule& count_destination(std::string_view set, net::Family family, bool with_port);
  /// Goes on only for a destination that was not in the set, and puts it there for so long.
  NftRule& once_per(std::chrono::milliseconds period,
                    std::string_view set,
                    net::Family family,
                    bool with_port);
  /// The same with who sends before it, by hardware address.
  NftRule& count_sender_and_destination(std::string_view set, net::Family family, bool with_port);
  /// Who sends a frame, by hardware address, together with the address that it claims: whether that
  /// is in the set; or puts it there for so long from now on. Ends when the set is full.
  NftRule& from_seat_in(std::string_view set, Claim claim, net::Family family);
  NftRule&
  keep_seat(std::chrono::milliseconds lasts, std::string_view set, Claim claim, net::Family family);
  /// The address that is claimed alone, and who sends alone, likewise.
  NftRule& claims_any_of(std::string_view set, Claim claim, net::Family family);
  NftRule& keep_claimed(std::chrono::milliseconds lasts,
                        std::string_view set,
                        Claim claim,
                        net::Family family);
  NftRule& keep_sender(std::chrono::milliseconds lasts, std::string_view set);
  NftRule& log(std::uint16_t group, std::string_view prefix);
  /// TCP goes to the socket of this machine that it belongs to, whatever address it is for; what
  /// opens a connection to the transparent one that listens at the port. Ends when there is none.
  NftRule& to_transparent_socket(std::uint16_t port);

  // Verdicts.
  NftRule& accept();
  NftRule& drop();
  NftRule& jump(std::string_view chain);
  NftRule& go_to(std::string_view chain);
  NftRule& go_back();  // to where the chain was jumped to from
  NftRule& reset_tcp();
  NftRule& reject(Refusal code);
  NftRule& masquerade();
  NftRule& send_to(net::Address address, std::uint16_t port);

  [[nodiscard]] const Attributes& expressions() const { return expressions_; }

private:
  void claimed(Claim claim, net::Family family, std::uint32_t into);
  void is_claim(Claim claim, net::Family family);
  void seat(Claim claim, net::Family family);
  void is_in(const net::Prefix& prefix);
  void limit(const Share& share);
  void keep(std::string_view set, std::chrono::milliseconds lasts);
  void step(std::string_view name, const std::function<void(Attributes&)>& fill);
  void meta(std::uint32_t key, std::uint32_t reg);
  void load(std::uint32_t base, std::uint32_t offset, std::uint32_t length, std::uint32_t reg);
  void destination(net::Family family, std::uint32_t reg);
  void destination_key(net::Family family, bool with_port, std::uint32_t begin);
  void count_key(std::string_view set);
  void compare(bool equal, std::span<const std::uint8_t> value);
  void compare_by(std::uint32_t how, std::span<const std::uint8_t> value);
  void mask(std::span<const std::uint8_t> bits);
  void immediate(std::uint32_t reg, std::span<const std::uint8_t> value);
  void verdict(std::uint32_t code, std::string_view chain = {});
  void look_up(std::string_view set, bool inverted);
  void count_by_key(std::string_view map);
  void behind_nat64(std::uint32_t address_offset);
  void address_in(const net::Prefix& prefix, std::uint32_t address_offset);
  void link(std::uint32_t key, std::string_view name);

  Attributes expressions_;
  bool frames_ = false;
};

}  // namespace zonder::kernel
