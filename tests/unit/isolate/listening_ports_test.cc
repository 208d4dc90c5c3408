// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/descriptor.hh"
#include "base/file.hh"
#include "isolate/listening_ports.hh"
#include "isolate/socket_address.hh"

namespace zonder::isolate {
namespace {

TEST(ListeningPorts, AreThoseOfSocketsThatListen)
{
  const auto* table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when\n"
                      "   0: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000\n"
                      "   1: 0100007F:01BB 0200007F:0050 01 00000000:00000000 00:00000000\n"
                      "   2: 00000000000000000000000000000000:0C38 "
                      "00000000000000000000000000000000:0000 0A 00000000:00000000\n"
                      "   3: broken\n";
  EXPECT_TRUE(listens_in(table, 80));
  EXPECT_FALSE(listens_in(table, 443));
  EXPECT_TRUE(listens_in(table, 3128));
  EXPECT_FALSE(listens_in("", 80));
}

// Unknown is never good: something may listen there.
TEST(ListeningPorts, AreAllOfThemWhereATableCannotBeRead)
{
  const auto folder = TemporaryFolder::make().value();
  const auto table = folder.path() + "/tcp";
  const auto missing = folder.path() + "/none";
  ASSERT_TRUE(write_file(table, "  sl  local_address rem_address   st\n"));
  EXPECT_FALSE(listens_by_tables(table, table, 80));
  EXPECT_FALSE(listens_by_tables(table, missing, 80));  // a kernel without IPv6
  EXPECT_TRUE(listens_by_tables(table, folder.path(), 80));
  EXPECT_TRUE(listens_by_tables(folder.path(), table, 80));
  EXPECT_TRUE(listens_by_tables(missing, table, 80));
  EXPECT_TRUE(listens_by_tables(missing, missing, 80));
}

TEST(ListeningPorts, AreSeenInThisNetwork)
{
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const SocketAddress any(net::Address::v4(0x7f000001), 0);
  ASSERT_EQ(::bind(socket.get(), any.get(), any.length), 0);
  sockaddr_in own{};
  socklen_t length = sizeof own;
  ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&own), &length);
  EXPECT_FALSE(listens_here(ntohs(own.sin_port)));
  ASSERT_EQ(::listen(socket.get(), 1), 0);
  EXPECT_TRUE(listens_here(ntohs(own.sin_port)));
}

}  // namespace
}  // namespace zonder::isolate
