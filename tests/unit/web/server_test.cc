// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/guarded.hh"
#include "support/few_descriptors.hh"
#include "web/server.hh"

namespace zonder::web {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

sockaddr_in v4_address(const char* address, std::uint16_t port)
{
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  ::inet_pton(AF_INET, address, &at.sin_addr);
  return at;
}

sockaddr_in6 v6_address(const char* address, std::uint16_t port)
{
  sockaddr_in6 at{};
  at.sin6_family = AF_INET6;
  at.sin6_port = htons(port);
  ::inet_pton(AF_INET6, address, &at.sin6_addr);
  return at;
}

template <typename Address>
const sockaddr* as_any(const Address& address)
{
  return reinterpret_cast<const sockaddr*>(&address);
}

template <typename Address>
Descriptor listening(const Address& address)
{
  Descriptor socket(::socket(as_any(address)->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int both = 0;
  if (as_any(address)->sa_family == AF_INET6) {
    ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &both, sizeof both);
  }
  if (::bind(socket.get(), as_any(address), sizeof address) != 0 ||
      ::listen(socket.get(), SOMAXCONN) != 0) {
    return {};
  }
  return socket;
}

std::uint16_t port_of(const Descriptor& socket)
{
  sockaddr_in6 at{};  // the port is at the same place in both
  socklen_t length = sizeof at;
  ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&at), &length);
  return ntohs(at.sin6_port);
}

/// A browser, byte by byte.
class Client {
public:
  explicit Client(std::uint16_t port, const char* from = "127.0.0.1", const char* to = "127.0.0.1")
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
  {
    const auto own = v4_address(from, 0);
    const auto there = v4_address(to, port);
    connected_ = ::bind(socket_.get(), as_any(own), sizeof own) == 0 &&
                 ::connect(socket_.get(), as_any(there), sizeof there) == 0;
  }
  static Client v6(std::uint16_t port)
  {
    Client client;
    client.socket_ = Descriptor(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto there = v6_address("::1", port);
    client.connected_ = ::connect(client.socket_.get(), as_any(there), sizeof there) == 0;
    return client;
  }

  [[nodiscard]] bool connected() const { return connected_; }
  void send(const std::string& bytes) const
  {
    (void)::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  void no_more() const { ::shutdown(socket_.get(), SHUT_WR); }

  /// All up to the end that the server makes, or what came in this time.
  std::string rest(std::chrono::milliseconds limit = 5s)
  {
    const auto end = Clock::now() + limit;
    while (!ended_ && Clock::now() < end) {
      more(std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()));
    }
    return std::exchange(got_, {});
  }
  /// Up to this text.
  std::string until(const std::string& end)
  {
    const auto limit = Clock::now() + 5s;
    while (got_.find(end) == std::string::npos && Clock::now() < limit && more(100ms)) {
    }
    const auto at = std::min(got_.find(end), got_.size() - std::min(end.size(), got_.size()));
    auto before = got_.substr(0, at + end.size());
    got_.erase(0, at + end.size());
    return before;
  }
  /// Whether the server closed it within this time.
  bool closed(std::chrono::milliseconds limit = 5s)
  {
    (void)rest(limit);
    return ended_;
  }

private:
  Client() = default;
  bool more(std::chrono::milliseconds limit)
  {
    pollfd poll = {.fd = socket_.get(), .events = POLLIN, .revents = 0};
    if (::poll(&poll, 1, static_cast<int>(limit.count())) != 1) {
      return true;
    }
    char buffer[4096];
    const auto count = ::recv(socket_.get(), buffer, sizeof buffer, 0);
    if (count <= 0) {
      ended_ = true;
      return false;
    }
    got_.append(buffer, static_cast<std::size_t>(count));
    return true;
  }

  Descriptor socket_;
  bool connected_ = false;
  bool ended_ = false;
  std::string got_;
};

/// A server that writes down what it was asked and answers "hello\n".
class WebServer : public testing::Test {
protected:
  void begin(Limits limits = {}, std::function<Response(const Request&)> handler = {})
  {
    auto socket = listening(v4_address("127.0.0.1", 0));
    port_ = port_of(socket);
    std::vector<Descriptor> sockets;
    sockets.push_back(std::move(socket));
    auto started = Server::start(
        std::move(sockets),
        [this, handler](const Request& request) {
          asked_.lock()->push_back(request);
          return handler ? handler(request) : Response{.type = "text/plain", .body = "hello\n"};
        },
        limits);
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
  }

  std::string answer_to(const std::string& bytes) const
  {
    Client client(port_);
    client.send(bytes);
    return client.rest();
  }
  static std::string get(const std::string& path, const std::string& more = "")
  {
    return "GET " + path + " HTTP/1.1\r\nHost: zonder.internal\r\n" + more + "\r\n";
  }
  static std::string last(const std::string& path) { return get(path, "Connection: close\r\n"); }
  static std::string post(const std::string& body, const std::string& more = "")
  {
    return "POST /join HTTP/1.1\r\nHost: zonder.internal\r\nConnection: close\r\n"
           "Content-Type: application/x-www-form-urlencoded\r\n" +
           more + "\r\n" + body;
  }
  static std::string length(std::size_t bytes)
  {
    return "Content-Length: " + std::to_string(bytes) + "\r\n";
  }
  std::vector<Request> asked() { return *asked_.lock(); }
  static bool begins(const std::string& answer, const std::string& status)
  {
    return answer.starts_with("HTTP/1.1 " + status);
  }

  Guarded<std::vector<Request>> asked_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Server> server_;
};

TEST_F(WebServer, TellsItsHandlerWhatWasAsked)
{
  begin();
  const auto answer = answer_to("GET /about?lang=nl&x=a+b HTTP/1.1\r\nHost: Zonder.internal:80\r\n"
                                "Accept-Language: nl,en;q=0.5\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(begins(answer, "200 OK\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\nhello\n")) << answer;
  const auto requests = asked();
  ASSERT_EQ(requests.size(), 1U);
  const auto& request = requests[0];
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.path, "/about");
  EXPECT_EQ(request.query, (Form{{"lang", "nl"}, {"x", "a b"}}));
  EXPECT_EQ(request.host, "zonder.internal");
  EXPECT_EQ(request.language, "nl,en;q=0.5");
  EXPECT_EQ(request.from, *net::Address::try_parse("127.0.0.1"));
  EXPECT_EQ(request.to, *net::Address::try_parse("127.0.0.1"));
  EXPECT_NE(request.port, 0);
}

TEST_F(WebServer, GivesNothingAwayByItsHeaders)
{
  begin({}, [](const Request& request) {
    auto response = Response{.status = 303, .body = "", .location = "/#task-3"};
    if (request.path == "/own") {
      response.policy = "default-src 'none'; script-src 'nonce-x'";
      response.headers = {{"Cache-Control", "max-age=5"}, {"X-More", "yes"}};
    }
    return response;
  });
  const auto usual = answer_to(last("/"));
  for (const auto* header : {"HTTP/1.1 303 See Other",
                             "Location: /#task-3",
                             "Cache-Control: no-store",
                             "Referrer-Policy: no-referrer",
                             "X-Content-Type-Options: nosniff",
                             "X-Frame-Options: DENY",
                             "Cross-Origin-Resource-Policy: same-origin",
                             "Content-Length: 0",
                             "Content-Type: text/html; charset=utf-8"}) {
    EXPECT_NE(usual.find(std::string(header) + "\r\n"), std::string::npos)
        << header << " in " << usual;
  }
  EXPECT_NE(usual.find(std::string("Content-Security-Policy: ") + default_policy + "\r\n"),
            std::string::npos);
  EXPECT_EQ(usual.find("Server:"), std::string::npos);
  const auto own = answer_to(last("/own"));
  for (const auto* header : {"Cache-Control: max-age=5",
                             "X-More: yes",
                             "Content-Security-Policy: default-src 'none'; script-src 'nonce-x'"}) {
    EXPECT_NE(own.find(std::string(header) + "\r\n"), std::string::npos) << header << " in " << own;
  }
  EXPECT_EQ(own.find("no-store"), std::string::npos);
}

TEST_F(WebServer, ReadsForms)
{
  begin();
  EXPECT_TRUE(begins(answer_to(post("name=Jan+V&consent=yes", length(22))), "200"));
  EXPECT_TRUE(begins(
      answer_to(post("5\r\na=1&b\r\n2\r\n=2\r\n0\r\n\r\n", "Transfer-Encoding: chunked\r\n")),
      "200"));
  ASSERT_EQ(asked().size(), 2U);
  EXPECT_EQ(asked()[0].form, (Form{{"name", "Jan V"}, {"consent", "yes"}}));
  EXPECT_EQ(asked()[1].form, (Form{{"a", "1"}, {"b", "2"}}));
  EXPECT_TRUE(begins(answer_to(post("a=%zz", length(5))), "400"));
  EXPECT_TRUE(begins(answer_to("POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n" +
                               length(2) + "\r\n{}"),
                     "415"));
  EXPECT_EQ(asked().size(), 2U);
}

TEST_F(WebServer, AnswersRequestsThatCameTogetherInTheirOrder)
{
  begin({}, [](const Request& request) { return Response{.body = "<" + request.path + ">"}; });
  const auto all = answer_to(get("/1") + get("/2") + last("/3"));
  const auto first = all.find("</1>");
  const auto second = all.find("</2>");
  const auto third = all.find("</3>");
  EXPECT_TRUE(first < second && second < third && third != std::string::npos) << all;
}

TEST_F(WebServer, SendsTheHeadOnlyWhereOnlyThatIsAsked)
{
  begin();
  const auto answer = answer_to("HEAD / HTTP/1.1\r\nHost: h.example\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answer.find("\r\nContent-Length: 6\r\n"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
  EXPECT_EQ(asked()[0].method, "HEAD");
}

TEST_F(WebServer, KnowsTheOldProtocol)
{
  begin();
  const auto answer = answer_to("GET / HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.0 200 OK\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("hello\n"));
  EXPECT_EQ(asked()[0].host, "");
}

TEST_F(WebServer, SaysSoWhenARequestCannotBeRead)
{
  begin();
  for (const std::string& bad :
       {std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11),
        std::string("hello\r\n\r\n"),
        std::string("GET /\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\n\r\n"),
        std::string("GET / HTTP/2.0\r\nHost: h\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nHost: h\r\n : x\r\n\r\n"),
        std::string("CONNECT h.example:443 HTTP/1.1\r\nHost: h.example\r\n\r\n"),
        std::string("OPTIONS * HTTP/1.1\r\nHost: h.example\r\n\r\n"),
        post("a=b", "Content-Length: -3\r\n"),
        post("a=b", "Content-Length: x\r\n"),
        post("a=b", "Content-Length: 3\r\nContent-Length: 4\r\n"),
        post("0\r\n\r\n", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"),
        post("0\r\n\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"),
        post("a=b", "Transfer-Encoding: identity\r\n"),
        post("zz\r\n", "Transfer-Encoding: chunked\r\n")}) {
    const auto answer = answer_to(bad);
    EXPECT_TRUE(begins(answer, "400 Bad Request\r\n")) << bad << " -> " << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\nThis request cannot be read.\n")) << answer;
    EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  }
  EXPECT_TRUE(asked().empty());
  EXPECT_TRUE(begins(answer_to(last("/")), "200"));
}

TEST_F(WebServer, SaysSoWhenARequestIsTooLong)
{
  begin();
  EXPECT_TRUE(begins(answer_to(get("/" + std::string(9000, 'a'))), "431"));
  EXPECT_TRUE(begins(answer_to(get("/", "X: " + std::string(9000, 'a') + "\r\n")), "431"));
  EXPECT_TRUE(begins(answer_to(post("note=" + std::string(8188, 'a'), length(8193))), "413"));
  EXPECT_TRUE(begins(answer_to(post("", "Content-Length: 99999999999999999999\r\n")), "400"));
  std::string chunks;
  for (int i = 0; i < 10; ++i) {
    chunks += "400\r\n" + std::string(1024, 'a') + "\r\n";
  }
  EXPECT_TRUE(
      begins(answer_to(post(chunks + "0\r\n\r\n", "Transfer-Encoding: chunked\r\n")), "413"));
  // What was said arrives although much more was sent.
  EXPECT_TRUE(begins(answer_to(post(std::string(200000, 'a'), length(200000))), "413"));
  EXPECT_TRUE(asked().empty());
  EXPECT_TRUE(begins(answer_to(post("note=" + std::string(8187, 'a'), length(8192))), "200"));
}

TEST_F(WebServer, SaysSoWhenARequestEndsHalfWay)
{
  begin();
  for (const auto& half : {std::string("GET / HT"), post("a=b", length(30))}) {
    Client client(port_);
    client.send(half);
    client.no_more();
    EXPECT_TRUE(begins(client.rest(), "400")) << half;
  }
  Client silent(port_);
  silent.no_more();
  EXPECT_EQ(silent.rest(), "");
  EXPECT_TRUE(asked().empty());
}

TEST_F(WebServer, TakesWhatIsLongerThanItSaidForTheNextRequest)
{
  begin();
  Client client(port_);
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
              "Content-Length: 3\r\n\r\na=bcdef\r\n\r\n");
  const auto all = client.rest();
  EXPECT_TRUE(begins(all, "200")) << all;
  EXPECT_NE(all.find("HTTP/1.1 400"), std::string::npos) << all;
  ASSERT_EQ(asked().size(), 1U);
  EXPECT_EQ(asked()[0].form, (Form{{"a", "b"}}));
}

TEST_F(WebServer, ResolvesNoPath)
{
  begin();
  (void)answer_to(last("/../..//etc/./passwd%2f.."));
  EXPECT_EQ(asked()[0].path, "/../..//etc/./passwd%2f..");
}

TEST_F(WebServer, ReadsWhatProxiesAreAsked)
{
  begin();
  (void)answer_to(last("http://www.europe.example/a?b=c"));
  EXPECT_EQ(asked()[0].host, "www.europe.example");
  EXPECT_EQ(asked()[0].path, "/a");
  EXPECT_EQ(asked()[0].query, (Form{{"b", "c"}}));
}

TEST_F(WebServer, TellsWhoWaitsThatHeMayGoOn)
{
  begin();
  Client client(port_);
  client.send(post("", length(3) + "Expect: 100-continue\r\n"));
  EXPECT_EQ(client.until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("a=b");
  EXPECT_TRUE(begins(client.rest(), "200"));
  EXPECT_TRUE(begins(answer_to(post("", length(99999) + "Expect: 100-continue\r\n")), "413"));
}

TEST_F(WebServer, OutlivesItsHandler)
{
  begin({}, [](const Request& request) -> Response {
    if (request.path == "/throw") {
      throw std::runtime_error("a secret");
    }
    if (request.path == "/odd") {
      throw 7;
    }
    return {.body = "", .headers = {{"X-Name", "a\r\nSet-Cookie: b=c"}}};
  });
  for (const auto* path : {"/throw", "/odd", "/split"}) {
    const auto answer = answer_to(last(path));
    EXPECT_TRUE(begins(answer, "500")) << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\nSomething went wrong here; try again.\n")) << answer;
  }
}

TEST_F(WebServer, ClosesWhoIsSlowOrSilent)
{
  begin({.idle = 300ms, .request = 600ms});
  Client silent(port_);
  Client slow(port_);
  Client slow_body(port_);
  slow_body.send(post("a", length(30)));
  const auto began = Clock::now();
  auto left = get("/");
  while (!slow.closed(50ms) && Clock::now() - began < 5s) {
    slow.send(left.substr(0, 1));
    left.erase(0, 1);
  }
  EXPECT_LT(Clock::now() - began, 2s);
  EXPECT_GE(Clock::now() - began, 500ms);
  EXPECT_TRUE(silent.closed(1s));
  EXPECT_TRUE(slow_body.closed(1s));
  EXPECT_TRUE(asked().empty());
}

TEST_F(WebServer, ClosesWhoDoesNotTakeTheAnswer)
{
  begin({.answer = 400ms},
        [](const Request&) { return Response{.body = std::string(30000000, 'x')}; });
  Client client(port_);
  client.send(get("/"));
  std::this_thread::sleep_for(1s);
  std::size_t got = 0;
  for (auto part = client.rest(200ms); !part.empty(); part = client.rest(200ms)) {
    got += part.size();
  }
  EXPECT_TRUE(client.closed(1s));
  EXPECT_LT(got, 30000000U);
}

TEST_F(WebServer, ClosesAConnectionThatAsksForEver)
{
  begin({.requests = 3});
  Client client(port_);
  for (int i = 0; i < 5; ++i) {
    client.send(get("/"));
  }
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(asked().size(), 3U);
}

TEST_F(WebServer, HasPlaceForEveryClient)
{
  begin({.per_client = 3});
  Client other(port_, "127.0.0.2");
  std::vector<Client> greedy;
  for (int i = 0; i < 10; ++i) {
    greedy.emplace_back(port_);
    greedy.back().send(i == 0 ? "GET / HT" : "");
    std::this_thread::sleep_for(20ms);
  }
  // The one that asks stays for as long as there are idle ones.
  EXPECT_FALSE(greedy[0].closed(50ms));
  for (std::size_t i = 1; i < 8; ++i) {
    EXPECT_TRUE(greedy[i].closed(1s)) << i;
  }
  EXPECT_FALSE(greedy[8].closed(50ms));
  EXPECT_FALSE(greedy[9].closed(50ms));
  other.send(last("/"));
  EXPECT_TRUE(begins(other.rest(), "200"));
}

TEST_F(WebServer, AnswersThoughAThousandAreOpen)
{
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  auto more = before;
  more.rlim_cur = std::min<rlim_t>(before.rlim_max, 4096);
  ::setrlimit(RLIMIT_NOFILE, &more);
  if (more.rlim_cur < 2000) {
    GTEST_SKIP() << "no more than " << more.rlim_cur << " descriptors here";
  }
  begin();
  std::vector<Client> crowd;
  for (int i = 0; i < 1000; ++i) {
    crowd.emplace_back(port_, ("127.0.1." + std::to_string(1 + i % 100)).c_str());
    ASSERT_TRUE(crowd.back().connected()) << i;
    if (i % 2 == 0) {
      crowd.back().send("GET / HTTP/1.1\r\nHo");  // and never the rest
    }
  }
  const auto began = Clock::now();
  EXPECT_TRUE(begins(answer_to(last("/")), "200"));
  EXPECT_LT(Clock::now() - began, 1s);
  const auto open = std::count_if(crowd.begin(), crowd.end(), [](auto& each) {
    return !each.closed(0ms) && !each.closed(1ms);
  });
  EXPECT_LE(open, 512);
  EXPECT_GE(open, 500);
  server_->stop();
  crowd.clear();
  ::setrlimit(RLIMIT_NOFILE, &before);
}

TEST_F(WebServer, WaitsForDescriptorsAndGoesOn)
{
  begin();
  std::optional<Client> client;
  {
    const test::FewDescriptors few(1);
    client.emplace(port_);
    client->send(last("/"));
    const auto used = test::used_by_process();
    EXPECT_EQ(client->rest(500ms), "");
    EXPECT_LT(test::used_by_process() - used, 100ms);
  }
  EXPECT_TRUE(begins(client->rest(), "200"));
}

TEST_F(WebServer, StopsAtOnceAndLeavesNothing)
{
  const auto count = [](const char* folder) {
    return std::distance(std::filesystem::directory_iterator(folder),
                         std::filesystem::directory_iterator());
  };
  const auto descriptors = count("/proc/self/fd");
  const auto threads = count("/proc/self/task");
  {
    begin();
    std::vector<Client> open;
    for (int i = 0; i < 12; ++i) {
      open.emplace_back(port_);
      open.back().send(i % 3 == 0 ? "GET / H" : i % 3 == 1 ? get("/") : "");
    }
    std::this_thread::sleep_for(50ms);
    const auto began = Clock::now();
    server_->stop();
    EXPECT_LT(Clock::now() - began, 200ms);
    for (auto& each : open) {
      EXPECT_TRUE(each.closed(100ms));
    }
    EXPECT_FALSE(Client(port_).connected());
    server_->stop();
    server_.reset();
  }
  EXPECT_EQ(count("/proc/self/fd"), descriptors);
  EXPECT_EQ(count("/proc/self/task"), threads);
}

TEST_F(WebServer, SpeaksIPv6AndKnowsWhoComesByIPv4)
{
  auto any = listening(v6_address("::", 0));
  if (!any) {
    GTEST_SKIP() << "no IPv6 here";
  }
  const auto port = port_of(any);
  std::vector<Descriptor> sockets;
  sockets.push_back(std::move(any));
  const auto server = Server::start(std::move(sockets), [](const Request& request) {
    return Response{.body = request.from.to_string() + " " + request.to.to_string()};
  });
  ASSERT_TRUE(server);
  auto six = Client::v6(port);
  if (!six.connected()) {
    GTEST_SKIP() << "no IPv6 loopback here";
  }
  six.send(last("/"));
  EXPECT_TRUE(six.rest().ends_with("\r\n\r\n::1 ::1"));
  Client four(port, "127.0.0.5", "127.0.0.1");
  four.send(last("/"));
  EXPECT_TRUE(four.rest().ends_with("\r\n\r\n127.0.0.5 127.0.0.1"));
}

TEST_F(WebServer, TakesOnlySocketsThatListen)
{
  std::vector<Descriptor> sockets;
  sockets.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto server = Server::start(std::move(sockets), [](const Request&) { return Response(); });
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().message, "a page's server was given a socket that does not listen");
}

}  // namespace
}  // namespace zonder::web
