// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <vector>

#include <gtest/gtest.h>

#include "wire/dhcp/choice.hh"

namespace zonder::wire::dhcp {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// From a client, with these options.
Bytes message(const Bytes& options, std::uint8_t operation = 1)
{
  Bytes bytes(236);
  bytes[0] = operation;
  bytes.insert(bytes.end(), {99, 130, 83, 99});
  bytes.insert(bytes.end(), options.begin(), options.end());
  return bytes;
}

const Bytes type_request = {53, 1, 3};
const Bytes of_server = {54, 4, 192, 168, 7, 1};

Bytes operator+(Bytes first, const Bytes& second)
{
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

TEST(DhcpChoice, IsThatOfARequestWithAServer)
{
  const auto server = net::Address::try_parse("192.168.7.1");
  ASSERT_TRUE(server);
  EXPECT_EQ(read_choice(message(type_request + of_server + Bytes{255})), server);
  EXPECT_EQ(read_choice(message(of_server + Bytes{0, 0, 12, 2, 'p', 'c'} + type_request)), server);
}

TEST(DhcpChoice, WhoAsksForAnOfferOrForHisOwnAddressAgainChoosesNobody)
{
  EXPECT_EQ(read_choice(message(Bytes{53, 1, 1, 255})), std::nullopt);
  EXPECT_EQ(read_choice(message(type_request + Bytes{50, 4, 192, 168, 7, 9, 255})), std::nullopt);
  EXPECT_EQ(read_choice(message(Bytes{53, 1, 4} + of_server)), std::nullopt);  // declined
}

TEST(DhcpChoice, WhatIsNoMessageOfAClientIsNone)
{
  EXPECT_EQ(read_choice({}), std::nullopt);
  EXPECT_EQ(read_choice(message(type_request + of_server, 2)), std::nullopt);
  auto other = message(type_request + of_server);
  other[236] = 0;
  EXPECT_EQ(read_choice(other), std::nullopt);
}

TEST(DhcpChoice, NothingIsReadPastTheEndWhereverItIsCut)
{
  const auto whole = message(type_request + of_server + Bytes{255});
  for (std::size_t length = 0; length < whole.size() - 2; ++length) {
    EXPECT_EQ(read_choice({whole.data(), length}), std::nullopt) << length;
  }
  EXPECT_EQ(read_choice(message(type_request + Bytes{54, 200, 1})), std::nullopt);
  EXPECT_EQ(read_choice(message(type_request + Bytes{54, 3, 1, 2, 3})), std::nullopt);
}

}  // namespace
}  // namespace zonder::wire::dhcp
