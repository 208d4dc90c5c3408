// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "isolate/hosts_file.hh"

namespace zonder::isolate {
namespace {

TEST(HostsFile, GivesANameItsAddressesInOrderEachLineOnce)
{
  const HostsFile hosts("127.0.0.1 localhost # the usual\n"
                        "::1\tip6-localhost LOCALHOST localhost\n"
                        "192.0.2.1 proxy.example Proxy\n"
                        "not-an-address proxy\n"
                        "# 192.0.2.9 proxy\n"
                        "192.0.2.8");
  EXPECT_EQ(hosts.addresses_of("proxy"), std::vector{net::Address::v4(0xc0000201)});
  EXPECT_EQ(hosts.addresses_of("localhost"),
            (std::vector{net::Address::v4(0x7f000001), net::Address::v6(0, 1)}));
  EXPECT_TRUE(hosts.addresses_of("other").empty());
  EXPECT_TRUE(HostsFile("").addresses_of("localhost").empty());
}

}  // namespace
}  // namespace zonder::isolate
