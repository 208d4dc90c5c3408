// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include <sys/types.h>

#include "base/result.hh"
#include "kernel/nft_socket.hh"
#include "net/address.hh"

namespace zonder::kernel {

/// The one packet filter that zonder may put into a network that it did not make (MadeNetwork keeps
/// all others out of there): what a veth pair between that network and a gateway needs, and nothing
/// else. Nobody can give it a rule. It is one table, "zonder_<number>", with rules that are all
/// about the one link "zonder<number>":
///
///   - what comes from that link is masqueraded when it leaves by another;
///   - it never reaches this machine itself, but for neighbour discovery;
///   - towards it only answers go.
///
/// It changes no table of anybody else, and a verdict of somebody else's to drop stays one. The
/// kernel takes it away when we let go of it or die (an owner table, Linux 5.12).
class HostTable {
public:
  /// In the network of the calling thread. Errors: no right to, or the kernel has no such tables.
  static Result<HostTable> create(unsigned number);

  static std::string table_name(unsigned number) { return "zonder_" + std::to_string(number); }
  static std::string link_name(unsigned number) { return "zonder" + std::to_string(number); }

  /// An address (of a range for documentation, RFC 5737 and 3849) for which a packet from the link
  /// is counted where it would leave, and goes no further.
  static net::Address test_address(net::Family family);
  /// How many such packets came so far. Errors: the counter cannot be read.
  Result<std::uint64_t> arrived(net::Family family);

  /// From now on create() refuses in this network, in this process and its children. For tests,
  /// which thereby can never touch the machine's own.
  static void forbid_in(ino_t network);

private:
  HostTable(NftSocket socket, std::string table)
      : socket_(std::move(socket)), table_(std::move(table))
  {
  }
  NftSocket socket_;
  std::string table_;
};

}  // namespace zonder::kernel
