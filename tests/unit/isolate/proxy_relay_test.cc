// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "isolate/proxy_answer.hh"
#include "isolate/proxy_relay.hh"
#include "isolate/socket_address.hh"
#include "support/few_descriptors.hh"
#include "support/mini_internet.hh"
#include "support/tls_bytes.hh"

// The relay itself, on this machine's loopback: the "proxy" is a socket of the test's own.
namespace zonder::isolate {
namespace {

const net::Address here = net::Address::v4(0x7f000001);

Descriptor listening(bool blocking, std::uint16_t& port)
{
  Descriptor socket(
      ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | (blocking ? 0 : SOCK_NONBLOCK), 0));
  const SocketAddress any(here, 0);
  sockaddr_in own{};
  socklen_t length = sizeof own;
  EXPECT_EQ(::bind(socket.get(), any.get(), any.length), 0);
  EXPECT_EQ(::listen(socket.get(), 8), 0);
  ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&own), &length);
  port = ntohs(own.sin_port);
  return socket;
}

/// All that comes until the end, for at most so long.
std::string hear_all(const Descriptor& socket, int milliseconds = 5000)
{
  std::string all;
  pollfd ready = {.fd = socket.get(), .events = POLLIN, .revents = 0};
  while (::poll(&ready, 1, milliseconds) > 0) {
    std::array<char, 65536> bytes{};
    const auto got = ::recv(socket.get(), bytes.data(), bytes.size(), 0);
    if (got <= 0) {
      return all + (got < 0 ? "[reset]" : "[end]");
    }
    all.append(bytes.data(), static_cast<std::size_t>(got));
  }
  return all;
}

void reset_when_closed(const Descriptor& socket)
{
  const linger at_once = {.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

class Relayed : public testing::Test {
protected:
  Relayed() { start({}); }

  void start(ProxyRelay::Options options, bool on_this_machine = false)
  {
    relay_.reset();
    proxy_ = listening(true, proxy_port_);
    auto listener = listening(false, relay_port_);
    options.absence = &absence_;
    options.silence = std::chrono::milliseconds(50);
    options.proxies.push_back({.host = "proxy.example",
                               .port = proxy_port_,
                               .addresses = {here},
                               .party = {},
                               .on_this_machine = on_this_machine});
    std::vector<ProxyRelay::Listener> listeners;
    listeners.push_back(
        {.socket = std::move(listener), .at = InternetPlace{.address = here, .port = proxy_port_}});
    relay_ = ProxyRelay::start(std::move(options), std::move(listeners)).value();
  }

  static Descriptor new_socket()
  {
    return Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  }
  Descriptor client(const std::string& says)
  {
    auto socket = new_socket();
    ask(relay_port_, socket, says);
    return socket;
  }
  static void ask(std::uint16_t port, const Descriptor& socket, const std::string& says)
  {
    const SocketAddress there(here, port);
    EXPECT_EQ(::connect(socket.get(), there.get(), there.length), 0);
    if (says.empty()) {
      return;  // a send would be told of a reset that is to be heard
    }
    EXPECT_EQ(::send(socket.get(), says.data(), says.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(says.size()));
  }
  Descriptor at_proxy()
  {
    const timeval limit = {.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(proxy_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    return Descriptor(::accept4(proxy_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  }

  model::Absence absence_ = test::microsoft_absence();
  Descriptor proxy_;
  std::uint16_t proxy_port_ = 0;
  std::uint16_t relay_port_ = 0;
  std::unique_ptr<ProxyRelay> relay_;
};

TEST_F(Relayed, TheSilentAreAnsweredForWhenAProxyWouldGiveUp)
{
  const auto answer = hear_all(client("CONNECT login.microsoft.example:443 HTTP/1.1\r\n\r\n"));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 504 Gateway Timeout\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("[end]")) << answer;
  relay_->stop();
  ASSERT_EQ(relay_->attempts().size(), 1U);
  EXPECT_EQ(relay_->attempts()[0].verdict, model::Verdict::Blocked);
  EXPECT_EQ(relay_->attempts()[0].party, "microsoft");
}

TEST_F(Relayed, ANameThatNobodyCanLookUpPassesByItselfAndIsCounted)
{
  const auto one = client("GET http://www.europe.example/a HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto proxy = at_proxy();
  std::array<char, 1000> bytes{};
  const auto got = ::recv(proxy.get(), bytes.data(), bytes.size(), 0);
  EXPECT_EQ(std::string(bytes.data(), static_cast<std::size_t>(got)),
            "GET http://www.europe.example/a HTTP/1.1\r\nHost: www.europe.example\r\n"
            "Connection: close\r\n\r\n");
  // More than is held: what the client does not take, the proxy is not asked for.
  const std::string much(4U << 20U, 'x');
  (void)::fcntl(proxy.get(), F_SETFL, O_NONBLOCK);
  std::size_t sent = 0;
  for (int round = 0; round < 200; ++round) {
    const auto more = ::send(proxy.get(), much.data(), much.size(), MSG_NOSIGNAL);
    sent += more > 0 ? static_cast<std::size_t>(more) : 0;
    ::usleep(1000);
  }
  EXPECT_LT(sent, 100U << 20U);
  ::shutdown(proxy.get(), SHUT_WR);
  EXPECT_EQ(hear_all(one).size(), sent + std::string("[end]").size());
  relay_->stop();
  EXPECT_EQ(relay_->counts()[0].by_name_only, 1U);
}

/// Looks each name up as that address, at once.
ProxyRelay::Options finds(const std::optional<net::Address>& address)
{
  ProxyRelay::Options options;
  options.look_up = [address](const net::DomainName&, auto done) {
    Forwarder::Found found{.party = {}, .addresses = {}, .complete = true};
    if (address) {
      found.addresses.push_back(*address);
    }
    done(found);
  };
  return options;
}

std::string first_of(const Descriptor& socket)
{
  std::array<char, 1000> bytes{};
  const auto got = ::recv(socket.get(), bytes.data(), bytes.size(), 0);
  return {bytes.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
}

constexpr const char* document = "GET http://www.europe.example:8081/ HTTP/1.1\r\n\r\n";
constexpr const char* tunnel = "CONNECT www.europe.example:8081 HTTP/1.1\r\n\r\n";

// A proxy on this machine could be led to this machine's own services by such a name.
TEST_F(Relayed, ToAProxyOnThisMachineNoNamePassesThatNobodyKnows)
{
  start(finds({}), true);
  for (const auto* request : {document, tunnel}) {
    const auto answer = hear_all(client(request));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 403 ")) << answer;
    EXPECT_NE(answer.find("--allow-host"), std::string::npos) << answer;
  }
  relay_->stop();
  EXPECT_EQ(relay_->counts()[0].not_judged, 2U);
  EXPECT_EQ(relay_->counts()[0].by_name_only, 0U);
  EXPECT_EQ(relay_->attempts().front().verdict, model::Verdict::Blocked);

  auto allowed = finds({});
  allowed.allowed_ports = {8081};
  start(std::move(allowed), true);
  const auto one = client(document);
  EXPECT_TRUE(first_of(at_proxy()).starts_with("GET http://www.europe.example:8081/ "));
  relay_->stop();
  EXPECT_EQ(relay_->counts()[0].by_name_only, 1U);
}

// Between our look-up and the proxy's a name can change.
TEST_F(Relayed, WhereSomethingListensHereAProxyOnThisMachineIsGivenNoName)
{
  const auto europe = net::Address::parse(test::europe_v4).value();
  auto listens = finds(europe);
  listens.listens_here = [](std::uint16_t port) {
    return port == 8081;
  };
  start(std::move(listens), true);
  const auto one = client(tunnel);
  EXPECT_EQ(first_of(at_proxy()),
            "CONNECT 193.0.6.139:8081 HTTP/1.1\r\nHost: 193.0.6.139:8081\r\n\r\n");
  EXPECT_TRUE(hear_all(client(document)).starts_with("HTTP/1.1 403 "));
  const auto elsewhere = client("CONNECT www.europe.example:8082 HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(first_of(at_proxy()).starts_with("CONNECT www.europe.example:8082 "));
  relay_->stop();
  EXPECT_EQ(relay_->counts()[0].not_judged, 1U);
  EXPECT_EQ(relay_->counts()[0].by_name_only, 0U);
}

TEST_F(Relayed, AnotherProxyIsGivenTheName)
{
  auto listens = finds(net::Address::parse(test::europe_v4).value());
  listens.listens_here = [](std::uint16_t) {
    return true;
  };
  start(std::move(listens));
  const auto one = client(tunnel);
  EXPECT_TRUE(first_of(at_proxy()).starts_with("CONNECT www.europe.example:8081 "));
}

TEST_F(Relayed, ANameThatNobodyAnswersForIsRefusedWhereNamesAreAnswered)
{
  ProxyRelay::Options options;
  options.look_up = [](const net::DomainName&, auto done) {
    done(Forwarder::Found());
  };
  options.answers_names = [] {
    return true;
  };
  start(std::move(options));
  EXPECT_TRUE(hear_all(client(document)).starts_with("HTTP/1.1 503 "));
  relay_->stop();
  EXPECT_EQ(relay_->counts()[0].not_judged, 1U);
}

TEST_F(Relayed, ConnectionsPastTheLimitAreCountedAsThat)
{
  ProxyRelay::Options options;
  options.most_connections = 2;
  start(std::move(options));
  const auto one = client("GET ");
  const auto two = client("GET ");
  EXPECT_EQ(hear_all(client("")), "[reset]");
  relay_->stop();
  EXPECT_EQ(relay_->turned_away(), 1U);
  EXPECT_EQ(relay_->unlisted(), 0U);
}

TEST_F(Relayed, WithoutADescriptorLeftItWaitsAndDoesNotSpin)
{
  std::vector<Descriptor> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(new_socket());
  }
  std::chrono::microseconds used{};
  const auto port = relay_port_;  // a sanitizer needs descriptors to look at the fixture
  {
    const test::FewDescriptors few(0);  // so that none of them can be taken at the other end
    for (const auto& each : clients) {
      ask(port, each, "GET http://www.europe.example/ HTTP/1.1\r\n\r\n");
    }
    const auto before = test::used_by_process();
    ::usleep(600'000);
    used = test::used_by_process() - before;
  }
  EXPECT_LT(used, std::chrono::milliseconds(150));
  // When there are some again, they are taken.
  for (std::size_t i = 0; i < clients.size(); ++i) {
    EXPECT_TRUE(first_of(at_proxy()).starts_with("GET http://www.europe.example/ "));
  }
  relay_->stop();
  EXPECT_GE(relay_->waited(), 1U);
  EXPECT_EQ(relay_->turned_away(), 0U);
}

TEST_F(Relayed, AProxyThatDoesNotAnswerIsNotTheAbsent)
{
  proxy_.reset();
  EXPECT_EQ(hear_all(client("GET http://www.europe.example/ HTTP/1.1\r\n\r\n")), "[reset]");
  relay_->stop();
  EXPECT_EQ(relay_->counts()[0].not_reached, 1U);
}

TEST_F(Relayed, ATunnelIsHeldUntilItsTlsSaysWhoIsMeant)
{
  const auto one = client("CONNECT www.europe.example:443 HTTP/1.1\r\n\r\n");
  const auto proxy = at_proxy();
  std::array<char, 1000> bytes{};
  (void)::recv(proxy.get(), bytes.data(), bytes.size(), 0);
  const std::string yes = "HTTP/1.1 200 Yes\r\n\r\n";
  (void)::send(proxy.get(), yes.data(), yes.size(), MSG_NOSIGNAL);
  EXPECT_EQ(::recv(one.get(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(yes.size()));
  // The beginning of a handshake, and no more.
  const std::string part("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);
  (void)::send(one.get(), part.data(), part.size(), MSG_NOSIGNAL);
  EXPECT_EQ(hear_all(proxy, 300), "");
  // What can no longer become one ends it.
  ::shutdown(one.get(), SHUT_WR);
  EXPECT_EQ(hear_all(proxy), "[end]");
  relay_->stop();
  EXPECT_EQ(relay_->counts()[0].not_understood, 1U);
}

/// Begins TLS with that name in a tunnel that the proxy has opened, and says what comes of it.
std::string end_of_tunnel(const Descriptor& room, const Descriptor& proxy, const std::string& name)
{
  (void)first_of(proxy);
  const std::string yes = "HTTP/1.1 200 Yes\r\n\r\n";
  (void)::send(proxy.get(), yes.data(), yes.size(), MSG_NOSIGNAL);
  (void)first_of(room);
  const auto hello = test::in_records(test::message_of(test::TestHello::for_name(name)));
  (void)::send(room.get(), hello.data(), hello.size(), MSG_NOSIGNAL);
  return hear_all(room, 300);
}

// As for the name outside: this machine is not for the room, by whichever name.
TEST_F(Relayed, ATunnelInWhichTlsAsksForThisMachineIsCut)
{
  ProxyRelay::Options options;
  options.look_up = [](const net::DomainName& name, auto done) {
    const bool turned = name.text() == "turned.example";
    done(Forwarder::Found{
        .party = {},
        .addresses = {net::Address::parse(turned ? "127.0.0.1" : test::europe_v4).value()},
        .complete = true});
  };
  start(std::move(options));
  for (const std::string name : {"localhost", "turned.example"}) {
    const auto one = client(tunnel);
    EXPECT_EQ(end_of_tunnel(one, at_proxy(), name), "[reset]") << name;
  }
  const auto other = client(tunnel);
  EXPECT_EQ(end_of_tunnel(other, at_proxy(), "other.example"), "");
  relay_->stop();
  EXPECT_EQ(relay_->counts()[0].off_limits, 2U);
  const auto attempts = relay_->attempts();
  EXPECT_TRUE(std::any_of(attempts.begin(), attempts.end(), [](const auto& each) {
    return each.name == "turned.example" && each.verdict == model::Verdict::Blocked;
  }));
}

/// Nobody answers, as where the user's resolver is down for a while.
ProxyRelay::Options nobody_answers()
{
  ProxyRelay::Options options;
  options.look_up = [](const net::DomainName&, auto done) {
    done(Forwarder::Found());
  };
  options.answers_names = [] {
    return true;
  };
  options.armed = false;
  return options;
}

TEST_F(Relayed, BeforeTheCutANameThatNobodyAnswersForPasses)
{
  start(nobody_answers());
  {
    const auto before = client(document);
    EXPECT_TRUE(first_of(at_proxy()).starts_with("GET http://www.europe.example:8081/ "));
  }
  const auto one = client(tunnel);
  EXPECT_EQ(end_of_tunnel(one, at_proxy(), "inner.example"), "");
  ASSERT_TRUE(relay_->arm());
  EXPECT_TRUE(hear_all(client(document)).starts_with("HTTP/1.1 503 "));
  relay_->stop();
  EXPECT_EQ(relay_->counts()[0].not_judged, 1U);
}

TEST_F(Relayed, WhatIsOpenOverTheCutAndWasNotJudgedIsInDoubt)
{
  start(nobody_answers());
  const auto one = client(tunnel);
  const auto proxy = at_proxy();
  (void)first_of(proxy);
  ASSERT_TRUE(relay_->arm());
  relay_->stop();
  EXPECT_EQ(relay_->counts()[0].by_name_only, 1U);

  // To a proxy on this machine it could be a way to its services, whoever is absent.
  start(nobody_answers(), true);
  EXPECT_TRUE(hear_all(client(tunnel)).starts_with("HTTP/1.1 403 "));
}

// Judged good, and open: what its name turns out to lead to later counts all the same.
TEST_F(Relayed, WhatIsOpenOverTheCutIsDoubtedWhenItsNameTurns)
{
  auto options = finds(net::Address::parse(test::europe_v4).value());
  options.armed = false;
  const auto turned = std::make_shared<std::atomic<bool>>(false);
  options.look_up = [turned](const net::DomainName& name, auto done) {
    const bool absent = *turned || name.text() == "else.example";
    done(Forwarder::Found{
        .party = {},
        .addresses = {net::Address::parse(absent ? test::microsoft_v4 : test::europe_v4).value()},
        .complete = true});
  };
  options.kept = std::chrono::milliseconds(0);
  start(std::move(options));
  const auto one = client(tunnel);
  const auto proxy = at_proxy();
  (void)first_of(proxy);
  ASSERT_TRUE(relay_->arm());
  *turned = true;
  EXPECT_TRUE(hear_all(client(tunnel)).starts_with("HTTP/1.1 504 "));
  relay_->stop();
  EXPECT_EQ(relay_->counts()[0].by_name_only, 1U);
}

// As for the outer name: good now, and in doubt when it turns out to lead to the absent as well.
TEST_F(Relayed, WhatWasAskedForInATunnelIsDoubtedWhenItsNameTurns)
{
  for (const bool cut_later : {false, true}) {
    ProxyRelay::Options options;
    options.armed = !cut_later;
    const auto turned = std::make_shared<std::atomic<bool>>(false);
    options.look_up = [turned](const net::DomainName& name, auto done) {
      const bool absent = *turned && name.text() == "inner.example";
      done(Forwarder::Found{
          .party = {},
          .addresses = {net::Address::parse(absent ? test::microsoft_v4 : test::europe_v4).value()},
          .complete = true});
    };
    options.kept = std::chrono::milliseconds(0);
    start(std::move(options));
    const auto one = client(tunnel);
    const auto proxy = at_proxy();
    EXPECT_EQ(end_of_tunnel(one, proxy, "inner.example"), "");
    ASSERT_TRUE(!cut_later || relay_->arm());
    *turned = true;
    EXPECT_TRUE(hear_all(client("GET http://inner.example/ HTTP/1.1\r\n\r\n"))
                    .starts_with("HTTP/1.1 504 "));
    relay_->stop();
    EXPECT_EQ(relay_->counts()[0].by_name_only, 1U) << cut_later;
  }
}

constexpr const char* for_the_absent = "GET http://login.microsoft.example/ HTTP/1.1\r\n\r\n";

// It is thrown away, so nobody can tell for whom it was.
TEST_F(Relayed, WhatComesBehindTheOneRequestIsCounted)
{
  start(finds(net::Address::parse(test::europe_v4).value()));
  const std::string upload =
      "POST http://www.europe.example/ HTTP/1.1\r\nContent-Length: 2\r\n\r\nab";
  for (const auto& [first, rest, count] :
       {std::tuple<std::string, std::string, unsigned>{document, "", 0U},
        {document, for_the_absent, 1U},
        {upload, "\r\n", 1U},
        {upload, for_the_absent, 2U}}) {
    const auto one = client(first + rest);
    EXPECT_EQ(first_of(at_proxy()).find("microsoft"), std::string::npos);
    ::shutdown(one.get(), SHUT_WR);
    (void)hear_all(one, 300);
    if (count == 2U) {
      relay_->stop();
      EXPECT_EQ(relay_->counts()[0].not_understood, count);
    }
  }
  start({});
  EXPECT_TRUE(
      hear_all(client(std::string("GET http://localhost/ HTTP/1.1\r\n\r\n") + for_the_absent))
          .starts_with("HTTP/1.1 403 "));
  relay_->stop();
  EXPECT_EQ(relay_->counts()[0].off_limits, 1U);
  EXPECT_EQ(relay_->counts()[0].not_understood, 1U);
}

TEST_F(Relayed, WhatWasSaidAndNotReadAtTheEndIsCounted)
{
  const auto one = client("GET http://login.micro");
  const auto two = client(for_the_absent);
  const auto three = client("");
  relay_->stop();
  const auto count = relay_->counts()[0];
  EXPECT_EQ(count.not_understood + count.for_absent, 2U);
}

/// Answers for europe.example, and for nothing else ever.
ProxyRelay::Options answers_for_europe_only()
{
  ProxyRelay::Options options;
  options.look_up = [](const net::DomainName& name, auto done) {
    if (name.text() == "www.europe.example") {
      done(Forwarder::Found{.party = {},
                            .addresses = {net::Address::parse(test::europe_v4).value()},
                            .complete = true});
    }
  };
  return options;
}

TEST_F(Relayed, WhatIsGivenUpWhileItsNameIsLookedUpIsNotJudged)
{
  start(answers_for_europe_only());
  constexpr const char* hung = "GET http://hung.example/ HTTP/1.1\r\n\r\n";
  {
    const auto soon_over = client(hung);
    reset_when_closed(soon_over);
    ::usleep(100'000);
  }
  {
    const auto one = client(tunnel);
    const auto proxy = at_proxy();
    EXPECT_EQ(end_of_tunnel(one, proxy, "inner.example"), "");
    reset_when_closed(one);
  }
  const auto still_there = client(hung);
  ::usleep(100'000);
  relay_->stop();
  EXPECT_EQ(relay_->counts()[0].not_judged, 3U);
  std::string rows;
  for (const auto& each : relay_->attempts()) {
    if (each.verdict == model::Verdict::Blocked) {
      rows += each.name + " " + std::to_string(each.count) + "; ";
    }
  }
  EXPECT_EQ(rows, "hung.example 2; inner.example 1; ");
}

// Refused for this machine, and yet perhaps for the absent.
TEST_F(Relayed, ThisMachineAndTheAbsentByOneNameIsNotJudged)
{
  ProxyRelay::Options options;
  options.look_up = [](const net::DomainName& name, auto done) {
    Forwarder::Found found{.party = {}, .addresses = {here}, .complete = true};
    if (name.text() == "both.example") {
      found.addresses.push_back(net::Address::parse(test::microsoft_v4).value());
    } else if (name.text() == "www.europe.example") {
      found.addresses = {net::Address::parse(test::europe_v4).value()};
    }
    done(found);
  };
  start(std::move(options));
  const auto ask = [this](const std::string& name) {
    EXPECT_TRUE(
        hear_all(client("GET http://" + name + "/ HTTP/1.1\r\n\r\n")).starts_with("HTTP/1.1 403 "));
  };
  ask("here.example");
  ask("both.example");
  const auto one = client(tunnel);
  EXPECT_EQ(end_of_tunnel(one, at_proxy(), "both.example"), "[reset]");
  relay_->stop();
  EXPECT_EQ(relay_->counts()[0].off_limits, 3U);
  EXPECT_EQ(relay_->counts()[0].not_judged, 2U);
}

TEST_F(Relayed, WhatIsNoRequestToAProxyIsRefused)
{
  for (const std::string text : {"GET / HTTP/1.1\r\nHost: login.microsoft.example\r\n\r\n",
                                 "\x05\x01",
                                 "\x16\x03\x01\x02"}) {
    EXPECT_TRUE(hear_all(client(text)).starts_with("HTTP/1.1 400 ")) << text;
  }
  relay_->stop();
  EXPECT_EQ(relay_->counts()[0].not_understood, 3U);
  EXPECT_EQ(relay_->counts()[0].requests, 0U);
}

}  // namespace
}  // namespace zonder::isolate
