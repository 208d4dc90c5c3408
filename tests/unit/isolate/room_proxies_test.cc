// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "isolate/resolv_conf.hh"
#include "isolate/room_proxies.hh"

namespace zonder::isolate {
namespace {

TEST(RoomProxies, AtLoopbackAreKnownBeforehand)
{
  ToldProxies told;
  told.places = {
      {.name = "localhost", .address = {}, .port = 3128},
      {.name = "", .address = net::Address::v4(0x7f000101), .port = 8080},
      {.name = "", .address = net::Address::v4(0x7f000001), .port = 1080, .seen_through = false},
      {.name = "proxy.example", .address = {}, .port = 3128}};
  const model::Absence nobody;
  const RoomProxies proxies({.told = &told, .absence = &nobody, .search = {}, .hosts = {}});
  std::string text;
  for (const auto& place : proxies.at_loopback()) {
    text += place.address.to_string() + " " + std::to_string(place.port) + "; ";
  }
  EXPECT_EQ(text, "127.0.0.1 3128; ::1 3128; 127.0.1.1 8080; ");
}

TEST(RoomProxies, AreLookedForInTheSearchDomains)
{
  EXPECT_EQ(search_domains({"options ndots:1", "domain a.example", "search b.example c.example."}),
            (std::vector<std::string>{"b.example", "c.example"}));
  EXPECT_TRUE(search_domains({"options edns0"}).empty());
}

}  // namespace
}  // namespace zonder::isolate
