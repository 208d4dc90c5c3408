// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstring>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/descriptor.hh"
#include "isolate/process_book.hh"
#include "isolate/tries.hh"
#include "isolate/unix_binds.hh"

namespace zonder::isolate {
namespace {

template <typename T>
std::vector<std::uint8_t> bytes_of(const T& address, std::size_t size = sizeof(T))
{
  std::vector<std::uint8_t> bytes(size);
  std::memcpy(bytes.data(), &address, size);
  return bytes;
}

sockaddr_in6 v6(const char* text, std::uint16_t port)
{
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(port);
  ::inet_pton(AF_INET6, text, &address.sin6_addr);
  return address;
}

std::string told(const NamedPlace& place)
{
  if (const auto* internet = std::get_if<InternetPlace>(&place)) {
    return internet->address.to_string() + " " + std::to_string(internet->port);
  }
  const auto* path = std::get_if<std::string>(&place);
  return path == nullptr ? "nothing" : *path;
}

TEST(NamedPlace, ReadsWhatProgramsHandToTheKernel)
{
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(443);
  ::inet_pton(AF_INET, "20.190.128.1", &v4.sin_addr);
  EXPECT_EQ(told(place_named_by(bytes_of(v4))), "20.190.128.1 443");
  EXPECT_EQ(told(place_named_by(bytes_of(v6("2603:1026::1", 80)))), "2603:1026::1 80");
  // It goes out as IPv4.
  EXPECT_EQ(told(place_named_by(bytes_of(v6("::ffff:20.190.128.1", 80)))), "20.190.128.1 80");
  sockaddr_un path{};
  path.sun_family = AF_UNIX;
  std::strcpy(path.sun_path, "/run/user/1000/bus");
  EXPECT_EQ(told(place_named_by(bytes_of(path))), "/run/user/1000/bus");
}

TEST(NamedPlace, ShortForeignAndAbstractOnesNameNothing)
{
  sockaddr_un abstract{};
  abstract.sun_family = AF_UNIX;
  std::memcpy(abstract.sun_path, "\0hidden", 7);
  EXPECT_EQ(told(place_named_by(bytes_of(abstract))), "nothing");
  EXPECT_EQ(told(place_named_by(bytes_of(abstract, sizeof(sa_family_t)))), "nothing");
  const auto whole = bytes_of(v6("2603:1026::1", 80));
  for (std::size_t size = 0; size < 24; ++size) {
    const std::vector<std::uint8_t> cut(whole.begin(),
                                        whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(told(place_named_by(cut)), "nothing") << size;
  }
  EXPECT_EQ(told(place_named_by(std::vector<std::uint8_t>{16, 0, 1, 2, 3, 4, 5, 6})), "nothing");
}

/// A unix address that no file system knows of.
sockaddr_un abstract(const std::string& name)
{
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  name.copy(&address.sun_path[1], name.size());
  return address;
}

/// How many paths were told as somebody else's, after a bind to `wanted` was looked at and one to
/// `done` was done.
std::size_t
strangers_after(const Descriptor& socket, const sockaddr_un& wanted, const sockaddr_un& done)
{
  Tries tries;
  UnixBinds binds;
  binds.begin(Descriptor(::dup(socket.get())), bytes_of(wanted), "there");
  binds.settle(tries);
  EXPECT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&done), sizeof done), 0);
  binds.settle(tries);
  EXPECT_TRUE(binds.empty());
  tries.connected("there", 0, model::Moment());
  return tries.outside().size();
}

TEST(UnixBinds, MakeWhatTheyMadeAndNothingElse)
{
  const auto name = "zonder-test-" + std::to_string(::getpid());
  const Descriptor made(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const Descriptor other(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(strangers_after(made, abstract(name), abstract(name)), 0U);
  EXPECT_EQ(strangers_after(other, abstract(name), abstract(name + "-other")), 1U);
}

TEST(UnixBinds, AreNotThoseOfASocketThatHasItsNameFromSomebodyElse)
{
  const auto name = abstract("zonder-handed-" + std::to_string(::getpid()));
  const Descriptor handed(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::bind(handed.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
  Tries tries;
  UnixBinds binds;
  binds.begin(Descriptor(::dup(handed.get())), bytes_of(name), "there");
  EXPECT_TRUE(binds.empty());
}

TEST(Tries, CountEachProgramApartAndKeepTheOrder)
{
  Tries tries;
  const Destination there{.address = net::Address::v4(0x14BE8001), .protocol = 6, .port = 443};
  const model::Moment start;
  tries.reached_for(there, 7, start + std::chrono::seconds(1));
  tries.reached_for(there, 3, start + std::chrono::seconds(2));
  tries.reached_for(there, 7, start + std::chrono::seconds(3));
  const auto shares = tries.at(there);
  ASSERT_EQ(shares.size(), 2U);
  EXPECT_EQ(shares[0].program, 7U);
  EXPECT_EQ(shares[0].tries, 2U);
  EXPECT_EQ(shares[0].last, start + std::chrono::seconds(3));
  EXPECT_EQ(shares[1].program, 3U);
  auto other_port = there;
  other_port.port = 80;
  EXPECT_TRUE(tries.at(other_port).empty());
}

TEST(Tries, WhatDoesNotFitIsCountedAndNeverInvented)
{
  Tries tries(2);
  const auto to = [](std::uint16_t port) {
    return Destination{.address = net::Address::v4(1), .protocol = 6, .port = port};
  };
  for (std::uint16_t port = 1; port <= 5; ++port) {
    tries.reached_for(to(port), 0, {});
  }
  tries.reached_for(to(1), 0, {});
  EXPECT_EQ(tries.at(to(1)).at(0).tries, 2U);
  EXPECT_EQ(tries.at(to(2)).size(), 1U);
  EXPECT_TRUE(tries.at(to(3)).empty());
  EXPECT_EQ(tries.not_kept(), 3U);
}

TEST(Tries, TellToWhereAPacketShouldHaveGone)
{
  Tries tries;
  const Destination pointed{.address = net::Address::v4(1), .protocol = 17, .port = 53};
  const Destination sent{.address = net::Address::v4(2), .protocol = 17, .port = 53};
  tries.reached_for(pointed, 0, {}, false);
  tries.reached_for(sent, 0, {}, false);
  tries.reached_for(sent, 1, {}, true);
  tries.reached_for(sent, 1, {}, false);
  const auto all = tries.sent_to();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].first, sent);
  EXPECT_EQ(all[0].second.size(), 2U);
}

TEST(Tries, LongPathsAreBoundedByTheirBytes)
{
  Tries tries;
  constexpr std::size_t many = 20000;
  for (std::size_t i = 0; i < many; ++i) {
    tries.connected(std::string(4000, 'a') + std::to_string(i), 0, {});
  }
  const auto kept = tries.outside().size();
  EXPECT_GT(kept, 1000U);
  EXPECT_LT(kept * 4000, std::size_t{33} << 20U);
  EXPECT_EQ(tries.not_kept(), many - kept);
  tries.connected(tries.outside().front().first, 0, {});
  EXPECT_EQ(tries.not_kept(), many - kept) << "what is known is counted still";
}

TEST(Tries, SocketsThatTheRoomMadeAreInside)
{
  Tries tries;
  tries.made("/tmp/own");
  tries.connected("/tmp/own", 0, {});
  tries.connected("/run/other", 1, {});
  const auto outside = tries.outside();
  ASSERT_EQ(outside.size(), 1U);
  EXPECT_EQ(outside[0].first, "/run/other");
  EXPECT_EQ(outside[0].second.at(0).program, 1U);
}

TEST(Arguments, AreApartAlsoWhereOneIsEmptyOrTheLastIsCutOff)
{
  using namespace std::string_literals;
  EXPECT_EQ(arguments_in("sh\0-c\0\0exit"s), (std::vector<std::string>{"sh", "-c", "", "exit"}));
  EXPECT_EQ(arguments_in("a\0b\0"s), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(arguments_in("").empty());
}

// Where the arguments are cut, the "@" that tells of a password may be gone.
TEST(Arguments, ThatAreCutShowNoPassword)
{
  using namespace std::string_literals;
  const auto zeros = "curl\0-d\0"s + std::string(40, '0') + '\0';
  const auto cut_at = zeros.size() + "http://user:SECRET"s.size();
  EXPECT_EQ(arguments_at_most(cut_at, zeros + "http://user:SECRET@h.example/\0"s).back(),
            "http://user:***");
  // That is all that was read, and it was full.
  EXPECT_EQ(arguments_at_most(cut_at, zeros + "http://user:SECRET").back(), "http://user:***");
  // Whole: what is shown of these is decided where they are told.
  EXPECT_EQ(arguments_at_most(cut_at + 1, zeros + "http://user:SECRET\0"s).back(),
            "http://user:SECRET");
  EXPECT_EQ(arguments_at_most(4096, "sh\0-c\0\0exit"s),
            (std::vector<std::string>{"sh", "-c", "", "exit"}));
  EXPECT_TRUE(arguments_at_most(4096, "").empty());
}

}  // namespace
}  // namespace zonder::isolate
