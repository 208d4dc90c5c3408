// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <set>
#include <thread>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "isolate/forwarder.hh"
#include "support/fake_resolver.hh"
#include "support/small_absence.hh"
#include "wire/dns/answer.hh"

// Everything here talks to loopback only.
namespace zonder::isolate {
namespace {

using namespace zonder::test;
using model::Signature;
using model::Verdict;
using wire::dns::Rcode;
namespace dns = wire::dns;
namespace type = wire::dns::type;
using std::chrono::milliseconds;

using Asked = FakeResolver::Asked;
using Answers = std::vector<FakeResolver::Answer>;

TestRecord a(const std::string& owner, const std::string& address)
{
  return {owner, type::a, address_data(address)};
}

/// The internet of these tests.
Answers small_internet(const Asked& asked)
{
  const auto& name = asked.question.name;
  if (asked.question.type == type::ns && name == ".") {
    return {reply(asked, {{".", type::ns, name_data("a.root.example")}})};
  }
  if (asked.question.type == type::https) {
    return {reply(asked, {{name, type::https, svcb_data(1, ".", svcb_hint({"192.0.2.80"}))}})};
  }
  if (asked.question.type == type::aaaa && name == "www.sharepoint.com") {
    return {reply(asked, {{name, type::aaaa, address_data("2603:1026::1")}})};
  }
  if (asked.question.type != type::a) {
    return {reply(asked, {})};
  }
  if (name == "www.sharepoint.com") {
    return {reply(asked, {a(name, "20.190.128.1")})};
  }
  if (name == "shared.sharepoint.com" || name == "neighbour.nl") {
    return {reply(asked, {a(name, "192.0.2.10")})};
  }
  if (name == "www.gemeente.nl") {
    return {reply(
        asked,
        {{name, type::cname, name_data("edge.cdn.example")}, a("edge.cdn.example", "192.0.2.20")})};
  }
  if (name == "gone.sharepoint.com" || name == "no-such.nl") {
    return {reply(asked, {}, 0x8183)};
  }
  if (name == "broken.nl") {
    return {reply(asked, {}, 0x8182)};
  }
  if (name == "silent.nl") {
    return {};
  }
  return {reply(asked, {a(name, "192.0.2.1")})};
}

/// A forwarder in front of the given resolvers, with its two sockets.
class Room {
public:
  explicit Room(const std::vector<std::uint16_t>& resolvers,
                Signature signature = Signature::Blackhole,
                bool armed = true,
                // Long, so that a slow machine does not make a test of something else.
                milliseconds next_try_after = milliseconds(10000),
                milliseconds give_up_after = milliseconds(20000))
  {
    Forwarder::Options options;
    options.absence = &absence_;
    options.signature = signature;
    options.armed = armed;
    options.next_try_after = next_try_after;
    options.give_up_after = give_up_after;
    for (const auto port : resolvers) {
      options.upstream.push_back({net::Address::v4(0x7f000001), port});
    }
    start(std::move(options));
  }
  explicit Room(Forwarder::Options options) { start(std::move(options)); }

  Forwarder& operator*() { return *forwarder_; }
  Forwarder* operator->() { return forwarder_.get(); }
  [[nodiscard]] std::uint16_t udp() const { return udp_; }
  [[nodiscard]] std::uint16_t tcp() const { return tcp_; }
  static const model::Absence& absence() { return absence_; }

  [[nodiscard]] std::optional<dns::Response>
  ask(const std::string& name, unsigned kind = type::a, int patience = 20000) const
  {
    const auto query = dns::build_query(0x4321, name, static_cast<std::uint16_t>(kind)).value();
    return read(exchange_udp(udp_, query, patience));
  }
  [[nodiscard]] std::optional<dns::Response> ask_over_tcp(const std::string& name,
                                                          unsigned kind = type::a) const
  {
    const auto query = dns::build_query(0x4321, name, static_cast<std::uint16_t>(kind)).value();
    return read(exchange_tcp(tcp_, query));
  }
  static std::optional<dns::Response> read(const std::optional<Bytes>& bytes)
  {
    if (!bytes) {
      return std::nullopt;
    }
    auto response = dns::parse_response(*bytes);
    return response ? std::optional(std::move(*response)) : std::nullopt;
  }

private:
  void start(Forwarder::Options options)
  {
    std::vector<Descriptor> udp;
    std::vector<Descriptor> tcp;
    udp.push_back(loopback_socket(SOCK_DGRAM));
    tcp.push_back(loopback_socket(SOCK_STREAM));
    udp_ = port_of(udp.back());
    tcp_ = port_of(tcp.back());
    const int large = 4 << 20;
    setsockopt(udp.back().get(), SOL_SOCKET, SO_RCVBUF, &large, sizeof large);
    auto started = Forwarder::start(std::move(options), std::move(udp), std::move(tcp));
    if (!started) {
      throw std::runtime_error(started.error().message);
    }
    forwarder_ = std::move(*started);
  }

  static const inline model::Absence absence_ = small_absence();
  std::unique_ptr<Forwarder> forwarder_;
  std::uint16_t udp_ = 0;
  std::uint16_t tcp_ = 0;
};

std::string only_address(const std::optional<dns::Response>& response)
{
  if (!response || response->rcode != 0 || response->records.size() != 1 ||
      response->records[0].addresses.size() != 1) {
    return "not one address";
  }
  return response->records[0].addresses[0].to_string();
}

std::uint16_t rcode(const std::optional<dns::Response>& response)
{
  return response ? response->rcode : std::uint16_t{999};
}

/// "name type verdict party xcount", one for each question, in the order that they are given.
std::vector<std::string> told(const Forwarder& forwarder)
{
  std::vector<std::string> rows;
  for (const auto& each : forwarder.questions()) {
    rows.push_back(each.name + ' ' + each.type_name + ' ' +
                   (each.verdict == Verdict::Blocked ? "blocked" : "passed") + ' ' +
                   (each.party ? std::to_string(*each.party) : "-") + " x" +
                   std::to_string(each.count));
  }
  return rows;
}

TEST(Forwarder, PassesALivingNameOnUnchanged)
{
  Bytes sent;
  FakeResolver resolver([&](const Asked& asked) {
    auto answer = write(
        {.id = asked.id,
         .flags = 0x81b0,  // authentic data, checking disabled
         .name = asked.question.name,
         .answers = {a(asked.question.name, "192.0.2.1"), {asked.question.name, 46, Bytes(30, 0)}},
         .additional = {edns(1400, true)}});
    sent = answer;
    return Answers{{answer}};
  });
  Room room({resolver.port()});

  const auto query =
      write({.id = 7, .flags = 0x0100, .name = "gemeente.nl", .additional = {edns(1232, true)}});
  auto got = exchange_udp(room.udp(), query);

  ASSERT_TRUE(got);
  EXPECT_EQ(dns::id_of(*got), 7);
  dns::set_id(*got, dns::id_of(sent));
  EXPECT_EQ(*got, sent);
}

TEST(Forwarder, AnswersOverTcpAndUdpAlike)
{
  FakeResolver resolver(small_internet);
  Room room({resolver.port()});
  EXPECT_EQ(only_address(room.ask("gemeente.nl")), "192.0.2.1");
  EXPECT_EQ(only_address(room.ask_over_tcp("gemeente.nl")), "192.0.2.1");
  EXPECT_EQ(told(*room), (std::vector<std::string>{"gemeente.nl A passed - x2"}));
}

TEST(Forwarder, TellsTheTruthAboutAnAbsentNameWhoseAddressesAreDead)
{
  FakeResolver resolver(small_internet);
  Room room({resolver.port()});
  EXPECT_EQ(only_address(room.ask("www.sharepoint.com")), "20.190.128.1");
  EXPECT_EQ(only_address(room.ask("www.sharepoint.com", type::aaaa)), "2603:1026::1");
  EXPECT_EQ(room->name_of(*net::Address::parse("20.190.128.1")), "www.sharepoint.com");
  EXPECT_EQ(told(*room),
            (std::vector<std::string>{"www.sharepoint.com A blocked 1 x1",
                                      "www.sharepoint.com AAAA blocked 1 x1"}));
}

TEST(Forwarder, KeepsTwoNamesOnOneAddressApart)
{
  FakeResolver resolver(small_internet);
  Room room({resolver.port()}, Signature::Refuse);

  const auto stand_in = only_address(room.ask("shared.sharepoint.com"));
  EXPECT_EQ(stand_in, "198.18.0.1");
  EXPECT_EQ(only_address(room.ask("neighbour.nl")), "192.0.2.10");
  EXPECT_EQ(only_address(room.ask("shared.sharepoint.com")), stand_in);
  EXPECT_EQ(room->name_of(*net::Address::parse(stand_in)), "shared.sharepoint.com");
  EXPECT_EQ(room->party_of(*net::Address::parse(stand_in)), 1U);
  EXPECT_EQ(room->name_of(*net::Address::parse("192.0.2.10")), "neighbour.nl");
}

TEST(Forwarder, FollowsAnAliasIntoAnAbsentZone)
{
  FakeResolver resolver(small_internet);
  Room blackhole({resolver.port()}, Signature::Blackhole);
  EXPECT_EQ(only_address(blackhole.ask("www.gemeente.nl")), "198.18.0.1");
  EXPECT_EQ(told(*blackhole), (std::vector<std::string>{"www.gemeente.nl A blocked 0 x1"}));

  Room nxdomain({resolver.port()}, Signature::Nxdomain);
  EXPECT_EQ(rcode(nxdomain.ask("www.gemeente.nl")), 3);
  Room servfail({resolver.port()}, Signature::Servfail);
  EXPECT_EQ(rcode(servfail.ask("www.gemeente.nl")), 2);
}

TEST(Forwarder, FailsAnAbsentNameWithoutAskingAnybody)
{
  FakeResolver resolver(small_internet);
  Room room({resolver.port()}, Signature::Nxdomain);
  EXPECT_EQ(rcode(room.ask("www.sharepoint.com")), 3);
  EXPECT_EQ(rcode(room.ask("living.sharepoint.com")), 0);
  EXPECT_EQ(resolver.asked(), 1);
}

TEST(Forwarder, KeepsAnAbsentNameFromBeingFoundByItsServiceRecord)
{
  FakeResolver resolver(small_internet);
  Room room({resolver.port()});
  const auto absent = room.ask("shared.sharepoint.com", type::https);
  EXPECT_EQ(rcode(absent), 0);
  EXPECT_TRUE(absent->records.empty());

  // A living name's hints are remembered as its addresses.
  const auto living = room.ask("gemeente.nl", type::https);
  ASSERT_EQ(living->records.size(), 1U);
  EXPECT_EQ(room->name_of(*net::Address::parse("192.0.2.80")), "gemeente.nl");
  EXPECT_EQ(told(*room),
            (std::vector<std::string>{"gemeente.nl HTTPS passed - x1",
                                      "shared.sharepoint.com HTTPS blocked 1 x1"}));
}

TEST(Forwarder, CountsAnAbsentNameThatNoLongerExistsAsBlocked)
{
  FakeResolver resolver(small_internet);
  Room room({resolver.port()});
  EXPECT_EQ(rcode(room.ask("gone.sharepoint.com")), 3);
  EXPECT_EQ(told(*room), (std::vector<std::string>{"gone.sharepoint.com A blocked 1 x1"}));
}

TEST(Forwarder, LetsEverythingLiveUntilItIsArmed)
{
  FakeResolver resolver(small_internet);
  Room room({resolver.port()}, Signature::Nxdomain, false);
  EXPECT_EQ(rcode(room.ask("www.sharepoint.com")), 0);
  room->arm();
  EXPECT_EQ(rcode(room.ask("www.sharepoint.com")), 3);
  EXPECT_EQ(told(*room),
            (std::vector<std::string>{"www.sharepoint.com A blocked 1 x1",
                                      "www.sharepoint.com A passed - x1"}));
}

TEST(Forwarder, SendsBrowsersBackToTheSystemsResolver)
{
  FakeResolver resolver(small_internet);
  Room room({resolver.port()}, Signature::Blackhole, false);
  EXPECT_EQ(rcode(room.ask("use-application-dns.net")), 3);
  EXPECT_EQ(resolver.asked(), 0);
}

TEST(Forwarder, FetchesALongAnswerOverTcp)
{
  FakeResolver resolver([](const Asked& asked) {
    std::vector<TestRecord> many;
    for (int i = 0; i < 100; ++i) {
      many.push_back(a(asked.question.name, "192.0.2." + std::to_string(i)));
    }
    return asked.over_tcp ? Answers{reply(asked, many)} : Answers{reply(asked, {}, 0x8380)};
  });
  Room room({resolver.port()});

  // Too long for this asker over UDP: it is told so, and comes back over TCP.
  const auto truncated = room.ask("long.nl");
  ASSERT_TRUE(truncated);
  EXPECT_TRUE(truncated->truncated);
  EXPECT_TRUE(truncated->records.empty());
  EXPECT_EQ(room.ask_over_tcp("long.nl")->records.size(), 100U);

  const auto large = Room::read(exchange_udp(
      room.udp(), write({.flags = 0x0100, .name = "long.nl", .additional = {edns(4096)}})));
  ASSERT_TRUE(large);
  EXPECT_EQ(large->records.size(), 100U);
}

TEST(Forwarder, SaysServfailWhenTheLongAnswerCannotBeFetched)
{
  FakeResolver resolver([](const Asked& asked) {
    return asked.over_tcp ? Answers{} : Answers{reply(asked, {}, 0x8380)};
  });
  Room room({resolver.port()});
  EXPECT_EQ(rcode(room.ask("long.nl")), 2);
  EXPECT_EQ(room->counters().unanswered, 1U);
}

TEST(Forwarder, AsksTheNextResolverWhenOneIsSilent)
{
  FakeResolver silent([](const Asked&) { return Answers{}; });
  FakeResolver resolver(small_internet);
  Room room({silent.port(), resolver.port()},
            Signature::Blackhole,
            true,
            milliseconds(200),
            milliseconds(20000));
  EXPECT_EQ(only_address(room.ask("gemeente.nl")), "192.0.2.1");
  EXPECT_GE(silent.asked(), 1);
}

TEST(Forwarder, AsksTheNextResolverAtOnceWhenNobodyListensOrOneFails)
{
  const auto nobody = port_of(loopback_socket(SOCK_DGRAM));
  FakeResolver failing([](const Asked& asked) { return Answers{reply(asked, {}, 0x8185)}; });
  FakeResolver resolver(small_internet);
  Room room({nobody, failing.port(), resolver.port()},
            Signature::Blackhole,
            true,
            milliseconds(30000),
            milliseconds(60000));
  EXPECT_EQ(only_address(room.ask("gemeente.nl")), "192.0.2.1");
}

TEST(Forwarder, TellsTheFailureWhenEveryResolverFails)
{
  FakeResolver resolver(small_internet);
  Room room({resolver.port(), resolver.port()});
  EXPECT_EQ(rcode(room.ask("broken.nl")), 2);
  EXPECT_EQ(room->counters().unanswered, 0U);
}

TEST(Forwarder, GivesUpOnASilentResolverAndLetsNothingElseWait)
{
  FakeResolver resolver(small_internet);
  Room room({resolver.port()}, Signature::Blackhole, true, milliseconds(500), milliseconds(3000));

  const auto start = std::chrono::steady_clock::now();
  std::optional<dns::Response> silent;
  std::thread waiting([&] { silent = room.ask("silent.nl"); });
  EXPECT_EQ(only_address(room.ask("gemeente.nl")), "192.0.2.1");
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(2500));
  waiting.join();
  EXPECT_EQ(rcode(silent), 2);
  EXPECT_EQ(room->counters().unanswered, 1U);
  EXPECT_EQ(told(*room),
            (std::vector<std::string>{"gemeente.nl A passed - x1", "silent.nl A passed - x1"}));
}

TEST(Forwarder, IgnoresAnswersThatDoNotFitTheQuestion)
{
  FakeResolver resolver([](const Asked& asked) {
    auto other_id = reply(asked, {a(asked.question.name, "192.0.2.66")});
    dns::set_id(other_id.bytes, static_cast<std::uint16_t>(asked.id + 1));
    auto other_question = asked;
    other_question.question.name = "other.nl";
    auto other_type = asked;
    other_type.question.type = type::aaaa;
    auto forged = reply(asked, {a(asked.question.name, "192.0.2.66")});
    forged.from_elsewhere = true;
    auto cut_off = reply(asked, {a(asked.question.name, "192.0.2.66")});
    cut_off.bytes.resize(cut_off.bytes.size() - 2);
    return Answers{{Bytes{}},
                   {Bytes(3, 0xff)},
                   {Bytes(600, 0xff)},
                   other_id,
                   reply(other_question, {a("other.nl", "192.0.2.66")}),
                   reply(other_type, {}),
                   forged,
                   cut_off,
                   reply(asked, {a(asked.question.name, "192.0.2.1")})};
  });
  Room room({resolver.port()});
  EXPECT_EQ(only_address(room.ask("gemeente.nl")), "192.0.2.1");
  // The forged one is dropped by the kernel, since it comes from a port that was not asked.
  EXPECT_EQ(room->counters().ignored_answers, 7U);
}

TEST(Forwarder, AsksWithADifferentIdAndPortEachTime)
{
  std::set<std::uint16_t> ids;
  FakeResolver resolver([&](const Asked& asked) {
    ids.insert(asked.id);
    return small_internet(asked);
  });
  Room room({resolver.port()});
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(room.ask("n" + std::to_string(i) + ".nl"));
  }
  EXPECT_GT(ids.size(), 15U);
}

TEST(Forwarder, DropsWhatIsNoQuestion)
{
  FakeResolver resolver(small_internet);
  Room room({resolver.port()});
  EXPECT_FALSE(exchange_udp(room.udp(), Bytes(40, 0xff), 200));
  EXPECT_FALSE(exchange_udp(room.udp(), Bytes{}, 50));
  EXPECT_FALSE(exchange_tcp(room.tcp(), Bytes(40, 0xff), 200));
  EXPECT_EQ(room->counters().odd_questions, 3U);
  EXPECT_EQ(only_address(room.ask("gemeente.nl")), "192.0.2.1");
}

TEST(Forwarder, TakesOrdinaryQuestionsOnly)
{
  FakeResolver resolver(small_internet);
  Room room({resolver.port()});
  const auto notify = write({.flags = 0x2000, .name = "gemeente.nl", .type = type::soa});
  EXPECT_EQ(rcode(Room::read(exchange_udp(room.udp(), notify))), 4);
  EXPECT_EQ(resolver.asked(), 0);
}

TEST(Forwarder, AnswersAThousandQuestionsAtOnce)
{
  FakeResolver resolver(small_internet);
  Room room({resolver.port()}, Signature::Blackhole, true, milliseconds(2000), milliseconds(20000));

  // One socket that sends them all and then listens; a second one that never listens.
  const auto socket = loopback_socket(SOCK_DGRAM);
  const int large = 8 << 20;
  setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUF, &large, sizeof large);
  const auto address = [&] {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    in.sin_port = htons(room.udp());
    return in;
  }();
  ASSERT_EQ(connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  std::set<std::uint16_t> missing;
  for (std::uint16_t i = 0; i < 1000; ++i) {
    const auto query = dns::build_query(i, "n" + std::to_string(i) + ".nl", type::a).value();
    ASSERT_GT(send(socket.get(), query.data(), query.size(), 0), 0);
    missing.insert(i);
  }
  const timeval patience{.tv_sec = 20, .tv_usec = 0};
  setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  while (!missing.empty()) {
    Bytes buffer(4096);
    const auto got = recv(socket.get(), buffer.data(), buffer.size(), 0);
    ASSERT_GT(got, 0) << missing.size() << " questions without an answer";
    buffer.resize(static_cast<std::size_t>(got));
    const auto response = dns::parse_response(buffer);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->question.name, "n" + std::to_string(response->id) + ".nl");
    missing.erase(response->id);
  }
  EXPECT_EQ(room->questions().size(), 1000U);
  EXPECT_EQ(room->counters().questions, 1000U);
}

TEST(Forwarder, AsksOnceForSomebodyWhoRepeatsHimself)
{
  std::atomic<int> asked_for = 0;
  FakeResolver resolver([&](const Asked& asked) {
    ++asked_for;
    std::this_thread::sleep_for(milliseconds(100));
    return small_internet(asked);
  });
  Room room({resolver.port()}, Signature::Blackhole, true, milliseconds(5000), milliseconds(8000));
  const auto socket = loopback_socket(SOCK_DGRAM);
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  in.sin_port = htons(room.udp());
  ASSERT_EQ(connect(socket.get(), reinterpret_cast<const sockaddr*>(&in), sizeof in), 0);
  const auto query = dns::build_query(1, "gemeente.nl", type::a).value();
  for (int i = 0; i < 5; ++i) {
    send(socket.get(), query.data(), query.size(), 0);
  }
  Bytes buffer(4096);
  ASSERT_GT(recv(socket.get(), buffer.data(), buffer.size(), 0), 0);
  EXPECT_EQ(asked_for, 1);
}

TEST(Forwarder, TakesSeveralQuestionsOnOneConnection)
{
  FakeResolver resolver(small_internet);
  Room room({resolver.port()});
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  in.sin_port = htons(room.tcp());
  ASSERT_EQ(connect(socket.get(), reinterpret_cast<const sockaddr*>(&in), sizeof in), 0);
  Bytes all;
  for (std::uint16_t i = 0; i < 3; ++i) {
    const auto query = dns::build_query(i, "n" + std::to_string(i) + ".nl", type::a).value();
    put_u16(all, static_cast<unsigned>(query.size()));
    append(all, query);
  }
  // In pieces, as a network may deliver them; and our own side closed at the end.
  for (const auto byte : all) {
    ASSERT_EQ(send(socket.get(), &byte, 1, 0), 1);
  }
  shutdown(socket.get(), SHUT_WR);
  const timeval patience{.tv_sec = 3, .tv_usec = 0};
  setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  std::set<std::uint16_t> ids;
  for (int i = 0; i < 3; ++i) {
    Bytes length(2);
    ASSERT_EQ(recv(socket.get(), length.data(), 2, MSG_WAITALL), 2);
    Bytes message(dns::id_of(length));
    ASSERT_EQ(recv(socket.get(), message.data(), message.size(), MSG_WAITALL),
              static_cast<ssize_t>(message.size()));
    ids.insert(dns::id_of(message));
  }
  EXPECT_EQ(ids, (std::set<std::uint16_t>{0, 1, 2}));
}

TEST(Forwarder, SurvivesMoreConnectionsThanItKeeps)
{
  FakeResolver resolver(small_internet);
  Room room({resolver.port()});
  std::vector<Descriptor> idle;
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  in.sin_port = htons(room.tcp());
  for (int i = 0; i < 100; ++i) {
    idle.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(connect(idle.back().get(), reinterpret_cast<const sockaddr*>(&in), sizeof in), 0);
  }
  EXPECT_EQ(only_address(room.ask_over_tcp("gemeente.nl")), "192.0.2.1");
}

TEST(Forwarder, SaysHowMuchItCouldNotWriteDown)
{
  FakeResolver resolver(small_internet);
  Forwarder::Options options;
  options.absence = &Room::absence();
  options.upstream = {{net::Address::v4(0x7f000001), resolver.port()}};
  options.names_kept = 2;
  Room room(std::move(options));
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(room.ask("n" + std::to_string(i) + ".nl"));
  }
  EXPECT_EQ(room->questions().size(), 2U);
  EXPECT_EQ(room->counters().questions_not_kept, 3U);
}

TEST(Forwarder, LooksUpControlsOutsideThePolicyAndDoesNotWriteThemDown)
{
  FakeResolver resolver(small_internet);
  Room room({resolver.port()}, Signature::Nxdomain);
  const auto addresses = room->resolve(net::DomainName::parse("www.sharepoint.com").value());
  ASSERT_TRUE(addresses) << addresses.error().message;
  ASSERT_EQ(addresses->size(), 2U);
  EXPECT_EQ(addresses->front().to_string(), "20.190.128.1");
  EXPECT_TRUE(room->questions().empty());

  EXPECT_EQ(room->resolve(net::DomainName::parse("no-such.nl").value()).error().message,
            "no-such.nl does not exist, says your resolver");
  EXPECT_EQ(room->resolve(net::DomainName::parse("broken.nl").value()).error().message,
            "your resolver could not look up broken.nl: it says SERVFAIL");
}

TEST(Forwarder, ChecksThatAResolverAnswersAtAll)
{
  FakeResolver resolver(small_internet);
  Room good({resolver.port()});
  EXPECT_TRUE(good->check_upstream());

  FakeResolver failing([](const Asked& asked) { return Answers{reply(asked, {}, 0x8182)}; });
  Room bad({failing.port()});
  EXPECT_EQ(bad->check_upstream().error().message,
            "your resolver answers, but cannot look anything up: it says SERVFAIL");

  Room silent({port_of(loopback_socket(SOCK_DGRAM))});
  EXPECT_EQ(silent->check_upstream().error().message,
            "none of your resolvers answered: 127.0.0.1 (is this machine online?)");
}

TEST(Forwarder, LosesAResolverThatIsItselfAbsent)
{
  Forwarder::Options options;
  options.absence = &Room::absence();
  options.signature = Signature::Refuse;
  options.upstream = {{net::Address::v4(0xcb007101), 53}};  // 203.0.113.1, never asked
  Room room(std::move(options));
  EXPECT_EQ(room->check_upstream().error().message,
            "your resolver 203.0.113.1 is itself at CDN, which falls away: no name can be looked "
            "up in the room (name another one in /etc/resolv.conf)");
  EXPECT_EQ(rcode(room.ask("gemeente.nl")), 2);
  EXPECT_EQ(told(*room), (std::vector<std::string>{"gemeente.nl A blocked 0 x1"}));
}

TEST(Forwarder, StopsWithQuestionsOutstandingAndKeepsWhatWasAsked)
{
  FakeResolver resolver(small_internet);
  Room room({resolver.port()}, Signature::Blackhole, true, milliseconds(5000), milliseconds(9000));
  EXPECT_TRUE(room.ask("gemeente.nl"));
  std::thread asking([&] {
    const auto never = room->resolve(net::DomainName::parse("silent.nl").value());
    EXPECT_FALSE(never);
  });
  EXPECT_FALSE(room.ask("silent.nl", type::a, 200));
  room->stop();
  asking.join();
  EXPECT_FALSE(room.ask("gemeente.nl", type::a, 200));
  EXPECT_FALSE(room->check_upstream());
  EXPECT_EQ(told(*room).front(), "gemeente.nl A passed - x1");
}

TEST(Forwarder, NeedsAResolver)
{
  Forwarder::Options options;
  options.absence = &Room::absence();
  const auto forwarder = Forwarder::start(std::move(options), {}, {});
  ASSERT_FALSE(forwarder);
  EXPECT_EQ(forwarder.error().message, "there is no resolver to pass questions on to");
}

TEST(Forwarder, KeepsServerNamesVisibleWhenThatIsWanted)
{
  const Bytes ech{0, 5, 0, 3, 0xfe, 0x0d, 9};
  FakeResolver resolver([&](const Asked& asked) -> std::vector<FakeResolver::Answer> {
    return {reply(asked, {{asked.question.name, type::https, svcb_data(1, ".", ech)}})};
  });
  for (const bool wanted : {true, false}) {
    Forwarder::Options options;
    options.absence = &Room::absence();
    options.upstream = {{net::Address::v4(0x7f000001), resolver.port()}};
    options.show_names = wanted;
    Room room(std::move(options));
    const auto query = dns::build_query(7, "www.example.nl", type::https).value();
    const auto answer = exchange_udp(room.udp(), query).value();
    const bool there =
        std::search(answer.begin(), answer.end(), ech.begin(), ech.end()) != answer.end();
    EXPECT_EQ(there, !wanted);
    EXPECT_EQ(room->counters().ech_removed, wanted ? 1U : 0U);
  }
}

}  // namespace
}  // namespace zonder::isolate
