// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstring>
#include <filesystem>
#include <fstream>

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/descriptor.hh"
#include "isolate/own_unix_sockets.hh"
#include "isolate/process_book.hh"
#include "isolate/tries.hh"
#include "isolate/unix_place.hh"
#include "kernel/socket_table.hh"

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

sockaddr_un at_path(const std::string& path)
{
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(&address.sun_path[0], sizeof address.sun_path - 1);
  return address;
}

Descriptor unix_socket()
{
  return Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

int bind_to(const Descriptor& socket, const sockaddr_un& address)
{
  return ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

UnixPlace place_of(const sockaddr_un& address)
{
  return unix_place(::gettid(), bytes_of(address));
}

/// Whether what is at `wanted` is taken for made here, after a bind to it was looked at and one to
/// `done` was done.
bool is_made_after(const Descriptor& socket, const sockaddr_un& wanted, const sockaddr_un& done)
{
  OwnUnixSockets own(kernel::open_unix_table());
  own.note(socket);
  EXPECT_EQ(bind_to(socket, done), 0);
  EXPECT_EQ(::listen(socket.get(), 1), 0);
  return own.made(place_of(wanted));
}

TEST(OwnUnixSockets, AreWhatTheyMadeAndNothingElse)
{
  const auto name = "zonder-test-" + std::to_string(::getpid());
  const auto theirs = unix_socket();
  ASSERT_EQ(bind_to(theirs, abstract(name + "-theirs")), 0);
  EXPECT_TRUE(is_made_after(unix_socket(), abstract(name), abstract(name)));
  EXPECT_FALSE(is_made_after(unix_socket(), abstract(name + "-theirs"), abstract(name + "-other")));
}

TEST(OwnUnixSockets, NamesWithZerosInThemAreApart)
{
  const auto name = "zonder-zero-" + std::to_string(::getpid());
  const auto with = [&](const std::string& end) {
    return abstract(name + std::string(1, '\0') + end);
  };
  const auto theirs = unix_socket();
  ASSERT_EQ(bind_to(theirs, with("theirs")), 0);
  OwnUnixSockets own(kernel::open_unix_table());
  const auto mine = unix_socket();
  own.note(mine);
  ASSERT_EQ(bind_to(mine, with("mine")), 0);
  EXPECT_TRUE(own.made(place_of(with("mine"))));
  EXPECT_FALSE(own.made(place_of(with("theirs"))));
  sockaddr_un nameless{};
  nameless.sun_family = AF_UNIX;
  const auto zero = bytes_of(nameless, offsetof(sockaddr_un, sun_path) + 1);
  EXPECT_EQ(unix_place(::gettid(), zero).kind, UnixPlace::Kind::Abstract);
}

TEST(OwnUnixSockets, ANameThatSomebodyElseTookLaterIsTheirs)
{
  const auto name = abstract("zonder-later-" + std::to_string(::getpid()));
  OwnUnixSockets own(kernel::open_unix_table());
  auto mine = unix_socket();
  own.note(mine);
  ASSERT_EQ(bind_to(mine, name), 0);
  EXPECT_TRUE(own.made(place_of(name)));
  mine = Descriptor();
  const auto theirs = unix_socket();
  ASSERT_EQ(bind_to(theirs, name), 0);
  EXPECT_FALSE(own.made(place_of(name)));
}

class UnixSockets : public testing::Test {
protected:
  void SetUp() override
  {
    folder_ = (std::filesystem::temp_directory_path() / "zonder-sockets-XXXXXX").string();
    ASSERT_NE(::mkdtemp(folder_.data()), nullptr);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string in(const std::string& name) const { return folder_ + "/" + name; }

  std::string folder_;
};

TEST_F(UnixSockets, MadeHereAreThatUnderEveryName)
{
  EXPECT_TRUE(is_made_after(unix_socket(), at_path(in("own")), at_path(in("own"))));
  const auto theirs = unix_socket();
  ASSERT_EQ(bind_to(theirs, at_path(in("theirs"))), 0);
  OwnUnixSockets own(kernel::open_unix_table());
  const auto mine = unix_socket();
  own.note(mine);
  ASSERT_EQ(bind_to(mine, at_path(in("mine"))), 0);
  std::filesystem::create_symlink("mine", in("link"));
  std::filesystem::create_hard_link(in("mine"), in("hard"));
  std::filesystem::rename(in("mine"), in("renamed"));
  EXPECT_TRUE(own.made(place_of(at_path(in("renamed")))));
  EXPECT_TRUE(own.made(place_of(at_path(in("hard")))));
  // And somebody else's is theirs at a place where ours was.
  std::filesystem::rename(in("theirs"), in("mine"));
  EXPECT_FALSE(own.made(place_of(at_path(in("mine")))));
  EXPECT_FALSE(own.made(place_of(at_path(in("link")))));
}

TEST_F(UnixSockets, OneThatFailsMakesNothing)
{
  const auto theirs = unix_socket();
  ASSERT_EQ(bind_to(theirs, at_path(in("theirs"))), 0);
  OwnUnixSockets own(kernel::open_unix_table());
  const auto mine = unix_socket();
  own.note(mine);
  EXPECT_EQ(bind_to(mine, at_path(in("theirs"))), -1);
  EXPECT_FALSE(own.made(place_of(at_path(in("theirs")))));
}

TEST_F(UnixSockets, AreToldByTheirPathWithoutLinks)
{
  const auto service = unix_socket();
  ASSERT_EQ(bind_to(service, at_path(in("service"))), 0);
  std::filesystem::create_symlink(in("service"), in("link"));
  const Descriptor folder(::open(folder_.c_str(), O_PATH | O_CLOEXEC));
  const Descriptor file(::open(in("service").c_str(), O_PATH | O_CLOEXEC));
  const auto real = std::filesystem::canonical(in("service")).string();
  for (const auto& path : {in("service"),
                           in("link"),
                           "/proc/self/fd/" + std::to_string(folder.get()) + "/service",
                           "/proc/self/fd/" + std::to_string(file.get())}) {
    const auto place = place_of(at_path(path));
    EXPECT_EQ(place.kind, UnixPlace::Kind::Socket) << path;
    EXPECT_EQ(place.path, real) << path;
  }
}

TEST_F(UnixSockets, WhatIsNoneLeadsNowhere)
{
  std::ofstream(in("file")) << "x";
  for (const auto& path : {in("file"), in("none"), folder_, in("file/x")}) {
    EXPECT_EQ(place_of(at_path(path)).kind, UnixPlace::Kind::Nothing) << path;
  }
  sockaddr unspecified{};
  unspecified.sa_family = AF_UNSPEC;
  EXPECT_EQ(unix_place(::gettid(), bytes_of(unspecified)).kind, UnixPlace::Kind::Nothing);
}

TEST_F(UnixSockets, OfAThreadThatCannotBeSeenAreUnknown)
{
  // No such thread: as unseen as one that hides.
  const auto place = unix_place(0x7fffffff, bytes_of(at_path(in("service"))));
  EXPECT_EQ(place.kind, UnixPlace::Kind::Unknown);
  EXPECT_EQ(place.path, in("service"));
}

TEST_F(UnixSockets, LieInAFolderUnderEveryName)
{
  std::filesystem::create_directories(in("masked/below"));
  const auto service = unix_socket();
  const auto other = unix_socket();
  ASSERT_EQ(bind_to(service, at_path(in("masked/below/s"))), 0);
  ASSERT_EQ(bind_to(other, at_path(in("maskedtoo"))), 0);
  std::filesystem::create_hard_link(in("masked/below/s"), in("elsewhere"));
  for (const char* name : {"masked/below/s", "elsewhere"}) {
    const auto place = place_of(at_path(in(name)));
    EXPECT_TRUE(lies_in(place, in("masked"))) << name;
    EXPECT_TRUE(lies_in(place, in("masked/below/s"))) << name;
    EXPECT_FALSE(lies_in(place, in("maskedtoo"))) << name;
  }
  EXPECT_FALSE(lies_in(place_of(at_path(in("maskedtoo"))), in("masked")));
}

TEST(OwnUnixSockets, AreNotThoseOfASocketThatHasItsNameFromSomebodyElse)
{
  const auto name = abstract("zonder-handed-" + std::to_string(::getpid()));
  const auto handed = unix_socket();
  ASSERT_EQ(bind_to(handed, name), 0);
  OwnUnixSockets own(kernel::open_unix_table());
  own.note(handed);
  EXPECT_FALSE(own.made(place_of(name)));
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
    tries.connected(
        {.kind = UnixPlace::Kind::Socket, .path = std::string(4000, 'a') + std::to_string(i)},
        0,
        {});
  }
  const auto kept = tries.outside().size();
  EXPECT_GT(kept, 1000U);
  EXPECT_LT(kept * 4000, std::size_t{33} << 20U);
  EXPECT_EQ(tries.not_kept(), many - kept);
  tries.connected({.kind = UnixPlace::Kind::Socket, .path = tries.outside().front().path}, 0, {});
  EXPECT_EQ(tries.not_kept(), many - kept) << "what is known is counted still";
}

TEST(Tries, WhatCouldNotBeLookedUpStandsApart)
{
  Tries tries;
  tries.connected({.kind = UnixPlace::Kind::Socket, .path = "/run/s"}, 0, {});
  tries.connected({.kind = UnixPlace::Kind::Unknown, .path = "/run/s"}, 1, {});
  const auto outside = tries.outside();
  ASSERT_EQ(outside.size(), 2U);
  EXPECT_FALSE(outside[0].is_known);
  EXPECT_EQ(outside[0].programs.at(0).program, 1U);
  EXPECT_TRUE(outside[1].is_known);
  EXPECT_EQ(outside[1].programs.at(0).program, 0U);
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
