// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>
#include <netinet/in.h>

#include "kernel/links.hh"
#include "kernel/made_network.hh"
#include "kernel/namespaces.hh"
#include "kernel/nft_socket.hh"
#include "support/namespaces.hh"

namespace zonder::kernel {
namespace {

using net::Address;
using net::Family;

/// Opens the packet filter of the calling process's network, which must not be `outside`.
Result<NftSocket> open_nft(ino_t outside, int send_buffer)
{
  auto socket = NftSocket::open_descriptor();
  if (!socket) {
    return fail(socket.error());
  }
  const auto proof = MadeNetwork::of_socket(socket->get(), outside);
  if (!proof) {
    return fail(proof.error());
  }
  return NftSocket::over(std::move(*socket), *proof, send_buffer);
}

/// In namespaces of our own, with a packet filter; `body` says what is wrong.
void with_nft(const std::function<Result<void>(NftSocket&)>& body,
              int send_buffer = NftSocket::largest_send_buffer)
{
  const auto outside = own_namespace_id("net");
  ASSERT_TRUE(outside);
  test::in_new_namespaces({.user = true}, [&]() -> std::string {
    auto nft = open_nft(*outside, send_buffer);
    if (!nft) {
      return nft.error().message;
    }
    const auto result = body(*nft);
    return result ? "" : result.error().message;
  });
}

/// A table with two counters and a map from addresses to them.
NftTransaction table_with_map()
{
  NftTransaction start("test");
  start.add_table();
  start.add_counter("a");
  start.add_counter("b");
  start.add_counter_map("dead4", Family::V4);
  start.add_counter_map("dead6", Family::V6);
  return start;
}

std::vector<NftRange> many_ranges(std::uint32_t count)
{
  std::vector<NftRange> ranges;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto first = Address::v4(0x01000000U + i * 512);
    ranges.push_back({{first, Address::v4(0x01000000U + i * 512 + 255)}, i % 2 == 0 ? "a" : "b"});
  }
  return ranges;
}

TEST(Nft, RefusesTheNetworkThatItWasStartedIn)
{
  const auto socket = NftSocket::open_descriptor();
  ASSERT_TRUE(socket) << socket.error().message;
  const auto outside = own_namespace_id("net");
  const auto proof = MadeNetwork::of_socket(socket->get(), *outside);
  EXPECT_FALSE(proof);
}

TEST(Nft, TakesEveryKindOfRule)
{
  with_nft([](NftSocket& nft) -> Result<void> {
    auto rules = table_with_map();
    for (const auto family : {Family::V4, Family::V6}) {
      const std::string suffix = family == Family::V4 ? "4" : "6";
      rules.add_destination_set("blocked" + suffix, family, false, 65536);
      rules.add_destination_set("seen" + suffix, family, true, 65536);
    }
    rules.add_base_chain({.name = "forward", .hook = Hook::Forward});
    rules.add_base_chain(
        {.name = "in", .type = "nat", .hook = Hook::Prerouting, .priority = -100, .accept = true});
    rules.add_base_chain(
        {.name = "out", .type = "nat", .hook = Hook::Postrouting, .priority = 100, .accept = true});
    rules.add_chain("absent");
    for (const auto family : {Family::V4, Family::V6}) {
      const bool v4 = family == Family::V4;
      const std::string suffix = v4 ? "4" : "6";
      const auto address = v4 ? Address::v4(0x0a000001) : Address::v6(0xfd00ULL << 48U, 1);
      rules.add_rule("in",
                     NftRule()
                         .from_link("room")
                         .to_none_of("dead" + suffix, family)
                         .protocol(IPPROTO_UDP)
                         .port(53)
                         .send_to(address, 53));
      rules.add_rule("forward",
                     NftRule()
                         .from_link("room")
                         .count_by_destination("dead" + suffix, family)
                         .go_to("absent"));
      rules.add_rule("forward", NftRule().from_any_of("dead" + suffix, family).drop());
      rules.add_rule("forward", NftRule().to(net::Prefix::containing(address, 15)).count("a"));
      rules.add_rule("absent",
                     NftRule()
                         .family(family)
                         .protocol(IPPROTO_TCP)
                         .count_destination("blocked" + suffix, family, true));
      rules.add_rule("absent",
                     NftRule()
                         .family(family)
                         .not_protocol(IPPROTO_TCP)
                         .once_per(std::chrono::seconds(1), "seen" + suffix, family, false)
                         .log(1, "blocked"));
    }
    rules.add_rule("forward", NftRule().flow_is_established_or_related().accept());
    rules.add_rule("forward", NftRule().flow_is(FlowState::New).jump("absent"));
    rules.add_rule("absent", NftRule().protocol(IPPROTO_TCP).reset_tcp());
    rules.add_rule("absent", NftRule().reject(Refusal::HostUnreachable));
    rules.add_rule("out", NftRule().to_link("tap0").masquerade());
    return nft.commit(rules);
  });
}

TEST(Nft, LoadsAHundredThousandRangesAndKeepsThemApart)
{
  with_nft([](NftSocket& nft) -> Result<void> {
    ZONDER_TRY(nft.commit(table_with_map()));
    const auto ranges = many_ranges(100000);
    ZONDER_TRY(nft.load_ranges("test", "dead4", ranges));
    const auto count = nft.count_elements("test", "dead4");
    // A beginning and an end of each, and the end of the nothing before the first.
    return count && *count == 2 * ranges.size() + 1
               ? Result<void>()
               : fail(Fault::Internal, "other number: " + std::to_string(count.value_or(0)));
  });
}

// Case 18: what Debian's net.core.wmem_max leaves an ordinary user.
TEST(Nft, LoadsInTransactionsThatFitASmallSendBuffer)
{
  constexpr int debians = 212992;
  with_nft(
      [](NftSocket& nft) -> Result<void> {
        const auto ranges = many_ranges(30000);
        const auto chunk = nft.chunk_bytes();
        ZONDER_TRY(nft.commit(table_with_map()));
        ZONDER_TRY(nft.load_ranges("test", "dead4", ranges));
        const auto count = nft.count_elements("test", "dead4");
        // The kernel doubles what is asked for.
        return count && *count == 2 * ranges.size() + 1 && chunk < std::size_t{2} * debians
                   ? Result<void>()
                   : fail(Fault::Internal,
                          std::to_string(count.value_or(0)) + " elements in transactions of " +
                              std::to_string(chunk));
      },
      debians);
}

TEST(Nft, TakesRangesThatTouchAndThatReachTheEdges)
{
  with_nft([](NftSocket& nft) -> Result<void> {
    ZONDER_TRY(nft.commit(table_with_map()));
    const std::vector<NftRange> v4 = {{{Address::v4(0), Address::v4(0xff)}, "a"},
                                      {{Address::v4(0x100), Address::v4(0x1ff)}, "b"},
                                      {{Address::v4(0x200), Address::v4(0x200)}, "a"},
                                      {{Address::v4(0xffffff00), Address::v4(0xffffffff)}, "b"}};
    const std::vector<NftRange> v6 = {{{Address::v6(0, 0), Address::v6(0, ~0ULL)}, "a"},
                                      {{Address::v6(1, 0), Address::v6(1, 5)}, "b"},
                                      {{Address::v6(~0ULL, 0), Address::v6(~0ULL, ~0ULL)}, "b"}};
    ZONDER_TRY(nft.load_ranges("test", "dead4", v4));
    return nft.load_ranges("test", "dead6", v6);
  });
}

TEST(Nft, NamesTheObjectThatTheKernelRefuses)
{
  with_nft([](NftSocket& nft) -> Result<void> {
    auto wrong = table_with_map();
    wrong.add_rule("nowhere", NftRule().accept());
    const auto result = nft.commit(wrong);
    if (result || result.error().message.find("a rule of chain nowhere") == std::string::npos) {
      return fail(Fault::Internal, result ? "taken" : result.error().message);
    }
    // All or nothing: the table is not there either.
    return nft.load_ranges("test", "dead4", many_ranges(1))
               ? fail(Fault::Internal, "table is there")
               : Result<void>();
  });
}

}  // namespace
}  // namespace zonder::kernel
