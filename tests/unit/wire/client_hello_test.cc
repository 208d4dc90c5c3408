// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "support/tls_bytes.hh"
#include "wire/tls/client_hello.hh"

namespace zonder::wire::tls {
namespace {

using test::in_records;
using test::message_of;
using test::TestHello;
using test::TlsBytes;

HelloRead hello(const std::string& name, bool encrypted = false)
{
  return ClientHello{.server_name = name, .encrypted = encrypted};
}

HelloRead read(const TestHello& hello)
{
  return read_client_hello(in_records(message_of(hello)));
}

TEST(ClientHello, TellsTheServersName)
{
  EXPECT_EQ(read(TestHello::for_name("login.example")), hello("login.example"));
  EXPECT_EQ(read(TestHello::for_name("Login.EXAMPLE.")), hello("login.example"));
}

TEST(ClientHello, MayGiveNoNameOrNoExtensions)
{
  EXPECT_EQ(read({.extensions = {{0x2b, {2, 3, 4}}}}), hello(""));
  EXPECT_EQ(read({.extensions = {}}), hello(""));
  EXPECT_EQ(read({.extensions = {}, .no_extensions = true}), hello(""));
}

TEST(ClientHello, TellsTheOuterNameWhereThereIsAnInnerOne)
{
  auto outer = TestHello::for_name("public.example");
  outer.extensions.push_back({0xfe0d, {0, 0, 1, 0, 1, 9}});
  EXPECT_EQ(read(outer), hello("public.example", true));
}

TEST(ClientHello, MayLieInSeveralRecordsOfAnySize)
{
  const auto message = message_of(TestHello::for_name("login.example"));
  for (std::size_t most = 1; most <= message.size(); ++most) {
    EXPECT_EQ(read_client_hello(in_records(message, most)), hello("login.example")) << most;
  }
}

TEST(ClientHello, IsWaitedForUntilItIsComplete)
{
  for (const std::size_t most : {std::size_t{7}, std::size_t{16384}}) {
    const auto whole = in_records(message_of(TestHello::for_name("login.example")), most);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      EXPECT_EQ(read_client_hello(std::span(whole).first(size)), HelloRead(NoHello::More)) << size;
    }
  }
}

TEST(ClientHello, LeavesRecordsBehindItAlone)
{
  auto bytes = in_records(message_of(TestHello::for_name("login.example")));
  bytes.insert(bytes.end(), {23, 3, 3, 0, 4, 1, 2, 3, 4});  // early data
  EXPECT_EQ(read_client_hello(bytes), hello("login.example"));
}

TEST(ClientHello, IsToldFromWhatIsNoTls)
{
  for (const std::string text :
       {"GET / HTTP/1.1\r\n", "SSH-2.0-x\r\n", "\x16\x02", "\x15\x03\x01"}) {
    EXPECT_EQ(read_client_hello(TlsBytes(text.begin(), text.end())), HelloRead(NoHello::NotTls));
  }
}

TEST(ClientHello, IsRefusedWhereOneLengthDoesNotFit)
{
  const auto message = message_of(TestHello::for_name("login.example"));
  // Every byte of every length and type, one up: none may read past the end, and what is still
  // taken for a ClientHello is a whole one.
  const auto good = in_records(message);
  std::size_t malformed = 0;
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto bad = good;
    ++bad[i];
    malformed += read_client_hello(bad) == HelloRead(NoHello::Malformed) ? 1U : 0U;
  }
  EXPECT_GT(malformed, 15U);
}

TEST(ClientHello, IsRefusedAtTheFirstSurprise)
{
  const auto refused = HelloRead(NoHello::Malformed);
  auto twice = TestHello::for_name("login.example");
  twice.extensions.push_back(twice.extensions.front());
  EXPECT_EQ(read(twice), refused);
  EXPECT_EQ(read({.extensions = {{0, {}}}}), refused);
  EXPECT_EQ(read(TestHello::for_name("a.example,DNS:b.example")), refused);
  EXPECT_EQ(read(TestHello::for_name(std::string(256, 'a'))), refused);
  for (const char* name : {".", "..", "a..", "a..b", ".a"}) {
    EXPECT_EQ(read(TestHello::for_name(name)), refused) << name;
  }
  // Two names in one list.
  TlsBytes two;
  TlsBytes list = {0, 0, 1, 'a', 0, 0, 1, 'b'};
  test::add_vector(two, list, 2);
  EXPECT_EQ(read({.extensions = {{0, two}}}), refused);
  // More behind the message in its own record.
  auto message = message_of(TestHello::for_name("login.example"));
  message.push_back(0);
  EXPECT_EQ(read_client_hello(in_records(message)), refused);
  // Another message; an empty record; an alert in between; one that never ends.
  message = message_of(TestHello::for_name("login.example"));
  message[0] = 2;
  EXPECT_EQ(read_client_hello(in_records(message)), refused);
  EXPECT_EQ(read_client_hello(TlsBytes{22, 3, 1, 0, 0}), refused);
  EXPECT_EQ(read_client_hello(TlsBytes{22, 3, 1, 0, 1, 1, 21, 3, 1, 0, 2, 1, 0}), refused);
  EXPECT_EQ(read_client_hello(TlsBytes{22, 3, 1, 0, 4, 1, 0xff, 0xff, 0xff}), refused);
  EXPECT_EQ(read_client_hello(TlsBytes{22, 3, 1, 0, 4, 1, 0, 0, 0}), refused);
}

}  // namespace
}  // namespace zonder::wire::tls
