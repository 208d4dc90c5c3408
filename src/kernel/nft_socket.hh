// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/descriptor.hh"
#include "base/result.hh"
#include "kernel/made_network.hh"
#include "kernel/nft_transaction.hh"
#include "net/address.hh"
#include "net/mac_address.hh"

// A connection to nf_tables in a network namespace that we made.
//
// An ordinary user's transaction must fit the socket's send buffer (SO_SNDBUFFORCE wants rights in
// the first user namespace), which is why `nft -f` fails above some thousand prefixes. So large
// sets are loaded in chunks, as large as the buffer allows, halved when the kernel says that it is
// too much. That is not atomic, which is right where nothing passes before the last chunk is in.
namespace zonder::kernel {

struct NftCount {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
};

/// An element of a set of destinations, with what its counter says.
struct NftDestination {
  net::Address address;
  std::uint8_t protocol = 0;
  std::uint16_t port = 0;
  std::uint64_t packets = 0;
};

/// The same with who sent it.
struct NftSent {
  net::MacAddress sender;
  NftDestination destination;
};

/// Who sends, with the address that it sends from.
struct NftSeat {
  net::MacAddress sender;
  net::Address address;
};

class NftSocket {
public:
  /// Opens the socket in the network namespace of the calling thread, not connected to anything.
  static Result<Descriptor> open_descriptor();
  /// Takes over such a socket. `proof` is of this very socket. `send_buffer` (bytes) is what it
  /// asks for; the kernel may give an ordinary user less (net.core.wmem_max).
  static Result<NftSocket>
  over(Descriptor socket, const MadeNetwork& proof, int send_buffer = largest_send_buffer);

  /// More than 4 MB at once wins nothing and costs memory.
  static constexpr int largest_send_buffer = 4 << 20;

  /// All of it or nothing. Errors name the object that the kernel refused, and why.
  Result<void> commit(const NftTransaction& transaction);

  /// Puts ranges into one set, in as many transactions as needed.
  Result<void>
  load_ranges(const std::string& table, const std::string& set, std::span<const NftRange> ranges);

  /// The named counters of a table.
  Result<std::map<std::string, NftCount>> read_counters(const std::string& table,
                                                        NftFamily of = NftFamily::Inet);
  /// The elements of a set of destinations.
  Result<std::vector<NftDestination>>
  read_destinations(const std::string& table, const std::string& set, net::Family family);
  /// The elements of a set of senders and destinations.
  Result<std::vector<NftSent>>
  read_senders(const std::string& table, const std::string& set, net::Family family);
  /// The elements of a set of seats, and of one of hardware addresses.
  Result<std::vector<NftSeat>> read_seats(const std::string& table,
                                          const std::string& set,
                                          net::Family family,
                                          NftFamily of = NftFamily::Inet);
  Result<std::vector<net::MacAddress>>
  read_hardware(const std::string& table, const std::string& set, NftFamily of = NftFamily::Inet);
  /// How many elements a set has, interval ends included.
  Result<std::size_t> count_elements(const std::string& table, const std::string& set);

  /// Largest transaction so far tried, in bytes: starts at the send buffer's size.
  [[nodiscard]] std::size_t chunk_bytes() const { return chunk_bytes_; }

private:
  friend class HostTable;  // the one that needs no MadeNetwork, and says why
  explicit NftSocket(Descriptor socket) : socket_(std::move(socket)) {}
  void grow_buffers(int wanted);
  Result<void> send_batch(std::span<const NftTransaction::Message> messages, int& error);
  Result<void> dump(std::uint16_t type,
                    NftFamily of,
                    const Attributes& body,
                    const std::function<void(const void* attributes, std::size_t length)>& each);

  Descriptor socket_;
  std::size_t chunk_bytes_ = 0;
  std::uint32_t sequence_ = 0;
};

}  // namespace zonder::kernel
