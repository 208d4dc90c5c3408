// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "kernel/attributes.hh"
#include "kernel/nft_rule.hh"
#include "net/prefix_set.hh"

namespace zonder::kernel {

/// What a table looks at: packets of both families of IP as the machine takes, sends and forwards
/// them, or frames as its bridges do. Values as in the kernel's NFPROTO_*.
enum class NftFamily : std::uint8_t { Inet = 1, Bridge = 7 };

/// Where in a packet's way a base chain hangs; values as in the kernel's NF_INET_*, which those
/// of bridges (NF_BR_*) equal.
enum class Hook : std::uint32_t {
  Prerouting = 0,
  Input = 1,
  Forward = 2,
  Output = 3,
  Postrouting = 4
};

struct NftBaseChain {
  std::string name;
  std::string type = "filter";  // or "nat"
  Hook hook = Hook::Forward;
  int priority = 0;
  bool accept = false;  // what happens to a packet that no rule decides on
};

/// A range of addresses in an interval set; in a map, with the counter that it gives. Of one
/// family, sorted, and not overlapping within one set.
struct NftRange {
  net::Range range;
  std::string counter;  // empty: a plain set
};

/// Messages that the kernel takes all or none. Made of small objects: rules, chains, counters;
/// large sets go through NftSocket::load_ranges, which cuts them up.
class NftTransaction {
public:
  struct Message {
    std::uint16_t type = 0;   // NFT_MSG_*
    std::uint16_t flags = 0;  // NLM_F_*
    NftFamily family = NftFamily::Inet;
    std::string what;  // "set dead4", for errors; not translated
    Attributes body;
  };

  /// All of it is about one table.
  explicit NftTransaction(std::string table, NftFamily family = NftFamily::Inet)
      : table_(std::move(table)), family_(family)
  {
  }
  /// The other's messages too, after ours: the kernel takes all of both or none.
  void append(NftTransaction other);

  void add_table();
  /// One that must not be there yet, and that the kernel takes away when the socket that made it is
  /// closed, however that comes about.
  void add_owned_table();
  void add_chain(const std::string& name);
  void add_base_chain(const NftBaseChain& chain);
  void delete_chain(const std::string& name);
  void flush_chain(const std::string& name);  // its rules go, it stays
  void add_counter(const std::string& name);
  /// Ranges of addresses, each of which gives a counter; see NftSocket::load_ranges.
  void add_counter_map(const std::string& name, net::Family family);
  /// A set that rules fill: destination address, protocol, port. With a timeout when its elements
  /// go away by themselves (NftRule::once_per), without when they are counted.
  void add_destination_set(const std::string& name,
                           net::Family family,
                           bool forgets,
                           std::uint32_t size);
  /// A set of keys that we put in by hand, each with its own end.
  enum class TimedKey { Hardware, Family };
  void add_timed_set(const std::string& name, TimedKey key, std::uint32_t size);
  /// Puts it in for so long from now on, whether or not it is there.
  void
  put(const std::string& set, std::span<const std::uint8_t> key, std::chrono::milliseconds lasts);
  /// Errors at commit: it is not there.
  void take_out(const std::string& set, std::span<const std::uint8_t> key);
  /// As a set of destinations, of which the key begins with the hardware address of who sends.
  void add_sender_set(const std::string& name, net::Family family, std::uint32_t size);
  /// Of who sends with the address that it sends from, of such addresses alone, and of who sends
  /// alone; each is forgotten in its time.
  void add_seat_set(const std::string& name, net::Family family, std::uint32_t size);
  void add_source_set(const std::string& name, net::Family family, std::uint32_t size);
  void add_hardware_set(const std::string& name, std::uint32_t size);
  void flush_set(const std::string& name);
  void add_rule(const std::string& chain, const NftRule& rule);
  void add_ranges(const std::string& set, std::span<const NftRange> ranges, bool first_of_set);

  [[nodiscard]] const std::string& table() const { return table_; }
  [[nodiscard]] const std::vector<Message>& messages() const { return messages_; }

private:
  Attributes& start(std::uint16_t type, std::uint16_t flags, std::string what);
  void change_element(std::uint16_t type,
                      const std::string& set,
                      std::span<const std::uint8_t> key,
                      std::chrono::milliseconds lasts);
  void add_set(const std::string& name,
               std::uint32_t flags,
               std::uint32_t key_type,
               std::uint32_t key_length,
               std::uint32_t size);

  std::string table_;
  NftFamily family_;
  std::uint32_t last_set_ = 0;
  std::vector<Message> messages_;
};

}  // namespace zonder::kernel
