// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/proxy_relay.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <future>
#include <map>
#include <system_error>
#include <thread>
#include <utility>
#include <variant>

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/guarded.hh"
#include "base/translate.hh"
#include "base/without_signals.hh"
#include "isolate/event_loop.hh"
#include "isolate/original_destination.hh"
#include "isolate/proxy_answer.hh"
#include "isolate/proxy_policy.hh"
#include "isolate/socket_address.hh"
#include "wire/http/chunked_body.hh"
#include "wire/http/proxy_request.hh"
#include "wire/tls/client_hello.hh"

namespace zonder::isolate {
namespace {

namespace http = wire::http;
namespace tls = wire::tls;
using Body = http::ProxyRequest::Body;

constexpr std::size_t most_connections = 1000;
constexpr std::size_t most_held = 256 * 1024;  // bytes on their way, each direction
constexpr std::size_t most_rows = 20000;
constexpr std::size_t most_names = 20000;             // that were looked up and are remembered
constexpr std::chrono::seconds head_patience{60};     // browsers open connections beforehand
constexpr std::chrono::seconds hello_patience{10};    // from its first byte to the whole message
constexpr std::chrono::seconds connect_patience{30};  // of each of the proxy's addresses
constexpr std::chrono::seconds look_up_patience{3};
constexpr std::chrono::seconds name_kept{30};
constexpr std::chrono::seconds drained_for{2};
constexpr std::chrono::seconds idle_after_extra{5};

enum class Phase {
  Head,         // of a request
  LookUp,       // of the name in it
  Silent,       // the absent are: until the proxy would say so
  Trap,         // a tunnel to the absent that ends at the first message of TLS
  Connect,      // to the proxy
  Reply,        // of the proxy, to CONNECT
  Challenge,    // the rest of a reply that asks for credentials
  Hello,        // the first message of TLS in a tunnel
  InnerLookUp,  // of the name in that
  Tunnel,
  Document,  // the body of the one request, and the answer
  Answered,  // by us; only the rest is to come
  Frozen     // to the absent, and the cut has come
};

/// One end of a connection, and what is still to be written to it.
struct End {
  Descriptor socket;
  EventLoop::Token token = 0;
  std::string out;
  bool heard_all = false;  // it says nothing more
  bool told_all = false;   // we say nothing more to it
};

struct Connection {
  std::size_t proxy = 0;
  std::vector<net::Address> to_try;  // of the proxy
  std::optional<std::size_t> program;
  Phase phase = Phase::Head;
  End room;
  End machine;
  std::string in;     // of the room, not yet decided on
  std::string reply;  // of the proxy, to CONNECT
  http::ProxyRequest request;
  ProxyJudgement judgement;
  std::string inner;       // the name in the tunnel's TLS, while it is looked up
  std::uint64_t left = 0;  // bytes of the body, or of the challenge
  http::ChunkedBody chunks;
  bool extra = false;  // something came behind the one request
  EventLoop::Timer deadline{};
};

struct Row {
  std::optional<std::size_t> party;
  std::string name;
  std::optional<net::Address> address;
  std::uint16_t port = 0;
  model::Verdict verdict = model::Verdict::Passed;
  auto operator<=>(const Row&) const = default;
};
struct Seen {
  std::uint64_t count = 0;
  model::Moment first;
  model::Moment last;
  std::map<std::size_t, model::Share> programs;
};

struct KnownName {
  ProxyJudgement judgement;
  EventLoop::Clock::time_point until;
};

bool must_wait(int error)
{
  return error == EAGAIN || error == EINTR || error == ENOTCONN;
}

/// False: the connection is broken.
bool hear(End& from, std::string& into, std::size_t most)
{
  std::array<char, 65536> bytes;
  while (!from.heard_all && into.size() < most) {
    const auto got = ::recv(from.socket.get(), bytes.data(), bytes.size(), 0);
    if (got < 0) {
      return must_wait(errno);
    }
    from.heard_all = got == 0;
    into.append(bytes.data(), static_cast<std::size_t>(got));
  }
  return true;
}

bool tell(End& to, bool nothing_follows)
{
  while (!to.out.empty()) {
    const auto sent = ::send(to.socket.get(), to.out.data(), to.out.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      return must_wait(errno);
    }
    to.out.erase(0, static_cast<std::size_t>(sent));
  }
  if (nothing_follows && !to.told_all) {
    to.told_all = true;
    (void)::shutdown(to.socket.get(), SHUT_WR);
  }
  return true;
}

std::uint16_t port_of_peer(const Descriptor& socket)
{
  sockaddr_in6 address{};  // the port lies at the same place for IPv4
  socklen_t length = sizeof address;
  const auto got = ::getpeername(socket.get(), reinterpret_cast<sockaddr*>(&address), &length);
  return got == 0 ? ntohs(address.sin6_port) : std::uint16_t{0};
}

/// Nothing of the request goes further in these.
bool is_over(Phase phase)
{
  return phase == Phase::Silent || phase == Phase::Answered || phase == Phase::Frozen;
}

/// What the proxy says is passed on as it is.
bool hears_proxy(Phase phase)
{
  return phase == Phase::Challenge || phase == Phase::Hello || phase == Phase::InnerLookUp ||
         phase == Phase::Tunnel || phase == Phase::Document;
}

}  // namespace

/// Lives in the relay's thread, but for its ends.
struct ProxyRelay::State {
  using Number = std::uint64_t;

  State(Options given, EventLoop opened)
      : options(std::move(given)), policy(*options.absence, options.own), armed(options.armed),
        counts(options.proxies.size()), loop(std::move(opened)),
        mailbox(std::make_shared<Guarded<EventLoop*>>(&loop))
  {
  }

  void on_accept(const Listener& listener);
  void take(const InternetPlace& place, Descriptor socket);
  [[nodiscard]] std::optional<std::size_t> proxy_at(const InternetPlace& place) const;

  void on_room(Number number, std::uint32_t events);
  void on_machine(Number number, std::uint32_t events);
  void go_on(Number number);
  bool hear_room(Connection& connection);
  bool hear_machine(Number number, Connection& connection);
  bool decide(Number number, Connection& connection);
  bool read_head(Number number, Connection& connection);
  bool read_reply(Number number, Connection& connection);
  bool read_hello(Number number, Connection& connection);
  bool pass_body(Connection& connection);
  bool end_challenge(Number number, Connection& connection);
  bool spring_trap(Number number, Connection& connection);
  bool tell_both(Connection& connection);
  void watch_further(End& end, std::uint32_t events);
  [[nodiscard]] bool room_may_speak(const Connection& connection) const;

  void judge_request(Number number);
  void judge_name(Number number, const std::string& name);
  void on_found(const std::string& name, const ProxyJudgement& judgement, bool keep);
  void settle(Number number, const ProxyJudgement& judgement);
  void settle_inner(Number number, const ProxyJudgement& judgement);
  void look_dead(Number number);
  void answer(Number number, unsigned status);
  void connect(Number number);
  void on_connecting(Number number);
  static void send_request(Connection& connection);
  void drop_machine(Connection& connection);
  void refuse_misunderstood(Number number);
  void cut(Number number);
  void cut_everything_absent();

  void note(const Connection& connection, const Row& row);
  void tell_follower(const Connection& connection, const Row& row) const;
  [[nodiscard]] Row row_of(const Connection& connection, model::Verdict verdict) const;
  void set_deadline(Number number, std::chrono::milliseconds after, std::function<void()> action);
  void close(Number number, bool with_reset);

  const Options options;
  const ProxyPolicy policy;
  bool armed;
  std::vector<Counts> counts;
  EventLoop loop;
  std::shared_ptr<Guarded<EventLoop*>> mailbox;  // for answers that come after our end
  std::vector<std::unique_ptr<Listener>> listeners;
  std::map<Number, Connection> connections;
  std::map<std::string, KnownName> known;
  std::map<std::string, std::vector<Number>> waiting;  // for a name that is being looked up
  std::map<Row, Seen> rows;
  std::uint64_t unlisted = 0;
  Number next = 1;
  bool stopped = false;
  std::thread thread;
};

void ProxyRelay::State::on_accept(const Listener& listener)
{
  for (;;) {
    Descriptor socket(
        ::accept4(listener.socket.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket) {
      return;
    }
    const auto place = listener.at ? listener.at : original_destination(socket);
    if (place) {
      take(*place, std::move(socket));
    } else {
      reset_at_close(socket);
    }
  }
}

std::optional<std::size_t> ProxyRelay::State::proxy_at(const InternetPlace& place) const
{
  for (std::size_t i = 0; i < options.proxies.size(); ++i) {
    const auto& proxy = options.proxies[i];
    if (proxy.port == place.port &&
        std::find(proxy.addresses.begin(), proxy.addresses.end(), place.address) !=
            proxy.addresses.end()) {
      return i;
    }
  }
  return std::nullopt;
}

void ProxyRelay::State::take(const InternetPlace& place, Descriptor socket)
{
  const auto proxy = proxy_at(place);
  if (!proxy || connections.size() >= most_connections) {
    unlisted += proxy ? 1U : 0U;
    reset_at_close(socket);
    return;
  }
  const auto number = next++;
  auto& connection = connections[number];
  connection.proxy = *proxy;
  // The one that was meant first, and the others of the same proxy.
  connection.to_try = options.proxies[*proxy].addresses;
  const auto meant = std::find(connection.to_try.begin(), connection.to_try.end(), place.address);
  std::rotate(connection.to_try.begin(), meant, connection.to_try.end());
  if (options.asker) {
    connection.program = options.asker(port_of_peer(socket));
  }
  connection.room.socket = std::move(socket);
  const auto token = loop.watch(
      connection.room.socket.get(),
      EPOLLIN,
      [this, number](EventLoop::Token, std::uint32_t events) { on_room(number, events); });
  if (!token) {
    ++unlisted;
    close(number, true);
    return;
  }
  connection.room.token = *token;
  set_deadline(number, head_patience, [this, number] {
    if (connections.at(number).in.empty()) {
      close(number, false);
    } else {
      refuse_misunderstood(number);
    }
  });
}

void ProxyRelay::State::set_deadline(Number number,
                                     std::chrono::milliseconds after,
                                     std::function<void()> action)
{
  auto& connection = connections.at(number);
  loop.cancel(connection.deadline);
  connection.deadline = action ? loop.after(after, std::move(action)) : EventLoop::Timer{};
}

void ProxyRelay::State::close(Number number, bool with_reset)
{
  const auto found = connections.find(number);
  if (found == connections.end()) {
    return;
  }
  auto& connection = found->second;
  if (with_reset) {
    reset_at_close(connection.room.socket);
  }
  loop.cancel(connection.deadline);
  for (const auto* end : {&connection.room, &connection.machine}) {
    if (end->token != 0) {
      loop.forget(end->token);
    }
  }
  connections.erase(found);
}

void ProxyRelay::State::on_room(Number number, std::uint32_t events)
{
  if ((events & EPOLLERR) != 0) {
    close(number, true);
    return;
  }
  go_on(number);
}

void ProxyRelay::State::on_machine(Number number, std::uint32_t events)
{
  const auto found = connections.find(number);
  if (found != connections.end() && found->second.phase == Phase::Connect) {
    on_connecting(number);
  } else if ((events & EPOLLERR) != 0) {
    close(number, true);
    return;
  }
  go_on(number);
}

/// Hears and tells what can be heard and told, at both ends.
void ProxyRelay::State::go_on(Number number)
{
  const auto found = connections.find(number);
  if (found == connections.end()) {
    return;
  }
  auto& connection = found->second;
  if (!hear_room(connection)) {
    close(number, true);
    return;
  }
  // A step may end the connection, and says so; or lead to the next one.
  for (auto before = Phase::Frozen; before != connection.phase;) {
    before = connection.phase;
    if (!decide(number, connection)) {
      return;
    }
  }
  if (!hear_machine(number, connection)) {
    return;
  }
  const bool wants_a_tunnel =
      (connection.phase == Phase::Connect || connection.phase == Phase::Reply) &&
      connection.request.opens_tunnel();
  const bool left_alone =
      (is_over(connection.phase) || wants_a_tunnel) && connection.room.heard_all;
  const bool told = tell_both(connection);
  const auto& room = connection.room;
  const auto& machine = connection.machine;
  if (!told || left_alone || (room.told_all && machine.told_all)) {
    close(number, !told);
    return;
  }
  watch_further(connection.room,
                (room_may_speak(connection) ? EPOLLIN : 0U) | (room.out.empty() ? 0U : EPOLLOUT));
  if (connection.phase == Phase::Connect) {
    return;
  }
  const bool machine_may_speak =
      !machine.heard_all && room.out.size() < most_held && connection.reply.size() < most_held;
  watch_further(connection.machine,
                (machine_may_speak ? EPOLLIN : 0U) | (machine.out.empty() ? 0U : EPOLLOUT));
}

/// An end that is over in both directions would report that without end.
void ProxyRelay::State::watch_further(End& end, std::uint32_t events)
{
  if (end.token == 0) {
    return;
  }
  if (end.heard_all && end.told_all) {
    loop.forget(std::exchange(end.token, 0));
    return;
  }
  loop.change(end.token, events);
}

bool ProxyRelay::State::room_may_speak(const Connection& connection) const
{
  return !connection.room.heard_all &&
         connection.in.size() + connection.machine.out.size() < most_held;
}

/// False: the connection is broken.
bool ProxyRelay::State::hear_room(Connection& connection)
{
  const auto room_for = connection.machine.out.size() < most_held
                            ? most_held - connection.machine.out.size()
                            : std::size_t{0};
  if (!hear(connection.room, connection.in, room_for)) {
    return false;
  }
  if (is_over(connection.phase)) {
    connection.in.clear();
  }
  return true;
}

/// What is done with what the room said. False: the connection is no more.
bool ProxyRelay::State::decide(Number number, Connection& connection)
{
  switch (connection.phase) {
  case Phase::Head:
    return read_head(number, connection);
  case Phase::Trap:
    return spring_trap(number, connection);
  case Phase::Hello:
    return read_hello(number, connection);
  case Phase::Tunnel:
    connection.machine.out += std::exchange(connection.in, {});
    return true;
  case Phase::Document:
    if (!pass_body(connection)) {
      ++counts[connection.proxy].not_understood;
      close(number, true);
      return false;
    }
    return true;
  case Phase::LookUp:
  case Phase::Silent:
  case Phase::Connect:
  case Phase::Reply:
  case Phase::Challenge:
  case Phase::InnerLookUp:
  case Phase::Answered:
  case Phase::Frozen:
    return true;
  }
  return true;
}

bool ProxyRelay::State::read_head(Number number, Connection& connection)
{
  const auto& proxy = options.proxies[connection.proxy];
  if (armed && proxy.party && !connection.in.empty()) {
    note(connection,
         {.party = proxy.party,
          .name = proxy.host,
          .address = {},
          .port = proxy.port,
          .verdict = model::Verdict::Blocked});
    connection.phase = Phase::Frozen;
    if (options.signature != model::Signature::Blackhole) {
      close(number, true);
      return false;
    }
    return true;
  }
  auto read = http::read_proxy_request(connection.in);
  if (auto* request = std::get_if<http::ProxyRequest>(&read)) {
    connection.request = std::move(*request);
    connection.in.erase(0, connection.request.size);
    judge_request(number);
    return connections.count(number) > 0;
  }
  if (std::get<http::NoProxyRequest>(read) == http::NoProxyRequest::Malformed) {
    refuse_misunderstood(number);
  } else if (connection.room.heard_all) {
    if (!connection.in.empty()) {
      ++counts[connection.proxy].not_understood;
    }
    close(number, false);
    return false;
  }
  return connections.count(number) > 0;
}

void ProxyRelay::State::refuse_misunderstood(Number number)
{
  ++counts[connections.at(number).proxy].not_understood;
  answer(number, 400);
}

void ProxyRelay::State::judge_request(Number number)
{
  auto& connection = connections.at(number);
  ++counts[connection.proxy].requests;
  connection.phase = Phase::LookUp;
  set_deadline(number, {}, {});
  const auto& request = connection.request;
  if (const auto judgement = policy.at_once(request.name, request.address)) {
    settle(number, *judgement);
  } else {
    judge_name(number, request.name);
  }
}

/// Settles now, or when the name was looked up.
void ProxyRelay::State::judge_name(Number number, const std::string& name)
{
  const auto settled = [this, number](const ProxyJudgement& judgement) {
    if (connections.at(number).phase == Phase::InnerLookUp) {
      settle_inner(number, judgement);
    } else {
      settle(number, judgement);
    }
  };
  const auto found = known.find(name);
  if (found != known.end() && found->second.until > EventLoop::Clock::now()) {
    settled(found->second.judgement);
    return;
  }
  if (const auto here = options.known_here ? options.known_here(policy, name) : std::nullopt) {
    settled(*here);
    return;
  }
  const auto domain = net::DomainName::parse(name);
  if (!options.look_up || !domain) {
    settled({.party = {}, .off_limits = false, .by_name_only = true});
    return;
  }
  auto& those = waiting[name];
  those.push_back(number);
  if (those.size() > 1) {
    return;
  }
  loop.after(look_up_patience, [this, name] {
    on_found(name, {.party = {}, .off_limits = false, .by_name_only = true}, false);
  });
  options.look_up(*domain, [this, name, box = mailbox](const Forwarder::Found& answer) {
    const auto held = box->lock();
    if (*held != nullptr) {
      (*held)->post([this, name, answer] {
        on_found(name, policy.after(answer.party, answer.addresses), true);
      });
    }
  });
}

void ProxyRelay::State::on_found(const std::string& name,
                                 const ProxyJudgement& judgement,
                                 bool keep)
{
  if (keep && (known.size() < most_names || known.count(name) > 0)) {
    known[name] = {.judgement = judgement, .until = EventLoop::Clock::now() + name_kept};
  }
  const auto found = waiting.find(name);
  if (found == waiting.end()) {
    return;
  }
  const auto numbers = std::move(found->second);
  waiting.erase(found);
  for (const auto number : numbers) {
    const auto one = connections.find(number);
    if (one == connections.end()) {
      continue;
    }
    if (one->second.phase == Phase::LookUp && one->second.request.name == name) {
      settle(number, judgement);
    } else if (one->second.phase == Phase::InnerLookUp && one->second.inner == name) {
      settle_inner(number, judgement);
    }
    go_on(number);
  }
}

Row ProxyRelay::State::row_of(const Connection& connection, model::Verdict verdict) const
{
  return {.party = connection.judgement.party,
          .name = connection.request.name,
          .address = connection.request.address,
          .port = connection.request.port,
          .verdict = verdict};
}

void ProxyRelay::State::note(const Connection& connection, const Row& row)
{
  const auto now = std::chrono::system_clock::now();
  auto found = rows.find(row);
  if (found == rows.end()) {
    if (rows.size() >= most_rows) {
      ++unlisted;
      return;
    }
    found = rows.emplace(row, Seen{.count = 0, .first = now, .last = now, .programs = {}}).first;
  }
  auto& seen = found->second;
  ++seen.count;
  seen.last = now;
  if (connection.program) {
    auto& share =
        seen.programs
            .try_emplace(
                *connection.program,
                model::Share{.program = *connection.program, .tries = 0, .first = now, .last = now})
            .first->second;
    ++share.tries;
    share.last = now;
  }
}

/// Of an attempt at somebody absent, in the moment that it is made.
void ProxyRelay::State::tell_follower(const Connection& connection, const Row& row) const
{
  if (options.on_attempt && row.party) {
    options.on_attempt({.time = std::chrono::system_clock::now(),
                        .party = *row.party,
                        .name = row.name,
                        .address = row.address,
                        .port = row.port,
                        .protocol = "proxy",
                        .program = {}},
                       connection.program);
  }
}

void ProxyRelay::State::settle(Number number, const ProxyJudgement& judgement)
{
  auto& connection = connections.at(number);
  auto& count = counts[connection.proxy];
  connection.judgement = judgement;
  count.for_absent += judgement.party ? 1U : 0U;
  if (judgement.party && armed) {
    const auto row = row_of(connection, model::Verdict::Blocked);
    note(connection, row);
    tell_follower(connection, row);
    look_dead(number);
    return;
  }
  if (judgement.off_limits) {
    ++count.off_limits;
    note(connection, row_of(connection, model::Verdict::Blocked));
    answer(number, 403);
    return;
  }
  count.by_name_only += judgement.by_name_only ? 1U : 0U;
  note(connection, row_of(connection, model::Verdict::Passed));
  if (connection.machine.socket) {
    send_request(connection);  // the proxy asked for credentials on the same connection
    return;
  }
  connect(number);
}

void ProxyRelay::State::look_dead(Number number)
{
  auto& connection = connections.at(number);
  drop_machine(connection);  // a challenge on the same connection was for somebody who lives
  const auto end = how_a_proxy_ends(
      options.signature, connection.request.address.has_value(), connection.request.opens_tunnel());
  switch (end) {
  case ProxyEnd::AtOnce:
    answer(number, 503);
    return;
  case ProxyEnd::AfterSilence:
    connection.phase = Phase::Silent;
    set_deadline(number, options.silence, [this, number] { answer(number, 504); });
    return;
  case ProxyEnd::InTls:
    connection.phase = Phase::Trap;
    connection.room.out += "HTTP/1.1 200 Connection established\r\n\r\n";
    set_deadline(number, hello_patience, [this, number] { close(number, true); });
    return;
  }
}

void ProxyRelay::State::drop_machine(Connection& connection)
{
  if (connection.machine.token != 0) {
    loop.forget(std::exchange(connection.machine.token, 0));
  }
  connection.machine = {};
}

/// In the proxy's place.
void ProxyRelay::State::answer(Number number, unsigned status)
{
  auto& connection = connections.at(number);
  drop_machine(connection);
  connection.room.out += proxy_answer(status, connection.request.method != "HEAD");
  connection.phase = Phase::Answered;
  set_deadline(number, drained_for, [this, number] { close(number, false); });
  if (!tell(connection.room, true)) {
    close(number, true);
    return;
  }
  watch_further(connection.room, EPOLLIN | (connection.room.out.empty() ? 0U : EPOLLOUT));
}

bool ProxyRelay::State::spring_trap(Number number, Connection& connection)
{
  const auto* start = reinterpret_cast<const std::uint8_t*>(connection.in.data());
  const auto read = tls::read_client_hello({start, connection.in.size()});
  const bool wait = std::holds_alternative<tls::NoHello>(read) &&
                    std::get<tls::NoHello>(read) == tls::NoHello::More;
  if (wait && !connection.room.heard_all) {
    return true;
  }
  close(number, true);
  return false;
}

/// To the next of the proxy's addresses.
void ProxyRelay::State::connect(Number number)
{
  auto& connection = connections.at(number);
  connection.phase = Phase::Connect;
  drop_machine(connection);
  while (!connection.to_try.empty()) {
    const auto address = connection.to_try.front();
    connection.to_try.erase(connection.to_try.begin());
    Descriptor socket(::socket(
        address.is_v4() ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const SocketAddress there(address, options.proxies[connection.proxy].port);
    if (!socket ||
        (::connect(socket.get(), there.get(), there.length) != 0 && errno != EINPROGRESS)) {
      continue;
    }
    const auto token =
        loop.watch(socket.get(), EPOLLOUT, [this, number](EventLoop::Token, std::uint32_t events) {
          on_machine(number, events);
        });
    if (!token) {
      continue;
    }
    connection.machine.socket = std::move(socket);
    connection.machine.token = *token;
    set_deadline(number, connect_patience, [this, number] { connect(number); });
    return;
  }
  ++counts[connection.proxy].not_reached;
  close(number, true);
}

void ProxyRelay::State::on_connecting(Number number)
{
  auto& connection = connections.at(number);
  int error = 0;
  socklen_t length = sizeof error;
  (void)::getsockopt(connection.machine.socket.get(), SOL_SOCKET, SO_ERROR, &error, &length);
  if (error != 0) {
    connect(number);
    return;
  }
  set_deadline(number, {}, {});
  send_request(connection);
}

void ProxyRelay::State::send_request(Connection& connection)
{
  const auto& request = connection.request;
  connection.machine.out += request.head;
  connection.phase = request.opens_tunnel() ? Phase::Reply : Phase::Document;
  connection.left = request.length;
}

/// Of the one request: to its end, and no further.
bool ProxyRelay::State::pass_body(Connection& connection)
{
  std::size_t taken = 0;
  switch (connection.request.body) {
  case Body::None:
    break;
  case Body::Length:
    taken =
        static_cast<std::size_t>(std::min<std::uint64_t>(connection.left, connection.in.size()));
    connection.left -= taken;
    break;
  case Body::Chunked:
    taken = connection.chunks.take(connection.in);
    if (connection.chunks.state() == http::ChunkedBody::State::Malformed) {
      return false;
    }
    break;
  }
  connection.machine.out += connection.in.substr(0, taken);
  connection.extra = connection.extra || taken < connection.in.size();
  connection.in.clear();
  return true;
}

/// What the proxy said. False: the connection is no more.
bool ProxyRelay::State::hear_machine(Number number, Connection& connection)
{
  if (!connection.machine.socket || is_over(connection.phase) ||
      connection.phase == Phase::Connect || connection.phase == Phase::Trap) {
    return true;
  }
  auto& into = connection.phase == Phase::Reply ? connection.reply : connection.room.out;
  const auto before = into.size();
  if (!hear(connection.machine, into, most_held)) {
    close(number, true);
    return false;
  }
  if (connection.phase == Phase::Reply) {
    return read_reply(number, connection);
  }
  if (connection.phase == Phase::Challenge) {
    const auto more = into.size() - before;
    connection.left -= std::min<std::uint64_t>(connection.left, more);
    if (connection.left > 0 && connection.machine.heard_all) {
      close(number, true);  // less than it said
      return false;
    }
    return connection.left > 0 || end_challenge(number, connection);
  }
  if (connection.phase == Phase::Head && connection.machine.heard_all) {
    close(number, false);
    return false;
  }
  if (connection.phase == Phase::Document && connection.extra) {
    set_deadline(number, idle_after_extra, [this, number] { close(number, false); });
  }
  return true;
}

bool ProxyRelay::State::read_reply(Number number, Connection& connection)
{
  const auto read = http::read_proxy_reply(connection.reply);
  const auto* reply = std::get_if<http::ProxyReply>(&read);
  if (reply == nullptr && !connection.machine.heard_all &&
      std::get<http::NoProxyRequest>(read) == http::NoProxyRequest::More) {
    return true;
  }
  if (reply == nullptr || reply->status < 200) {  // nothing that can be said to CONNECT
    close(number, true);
    return false;
  }
  const auto rest = connection.reply.size() - reply->size;
  connection.room.out += std::exchange(connection.reply, {});
  if (reply->status < 300) {
    connection.phase = Phase::Hello;
    loop.post([this, number] { go_on(number); });  // its first message may be there already
    return true;
  }
  // Some proxies know a client by its connection: then the next request comes on the same one.
  if (reply->status == 407 && !reply->closes && reply->length && *reply->length >= rest) {
    connection.left = *reply->length - rest;
    connection.phase = Phase::Challenge;
    return connection.left > 0 || end_challenge(number, connection);
  }
  // The rest of the answer, and nothing more from the room.
  connection.phase = Phase::Document;
  return true;
}

bool ProxyRelay::State::end_challenge(Number number, Connection& connection)
{
  connection.phase = Phase::Head;
  set_deadline(number, head_patience, [this, number] { close(number, false); });
  loop.post([this, number] { go_on(number); });  // the next one may be there already
  return true;
}

/// Of a tunnel: who is asked for in it. What the room says is held until that is known.
bool ProxyRelay::State::read_hello(Number number, Connection& connection)
{
  const auto* start = reinterpret_cast<const std::uint8_t*>(connection.in.data());
  const auto read = tls::read_client_hello({start, connection.in.size()});
  const auto open = [&] {
    set_deadline(number, {}, {});
    connection.phase = Phase::Tunnel;
    return true;
  };
  if (const auto* hello = std::get_if<tls::ClientHello>(&read)) {
    if (hello->server_name.empty() || hello->server_name == connection.request.name) {
      return open();
    }
    set_deadline(number, {}, {});
    connection.inner = hello->server_name;
    connection.phase = Phase::InnerLookUp;
    if (const auto judgement = policy.at_once(connection.inner, std::nullopt)) {
      settle_inner(number, *judgement);
    } else {
      judge_name(number, connection.inner);
    }
    return connections.count(number) > 0;
  }
  const auto why_not = std::get<tls::NoHello>(read);
  if (why_not == tls::NoHello::NotTls || (connection.in.empty() && connection.room.heard_all)) {
    return open();
  }
  if (why_not == tls::NoHello::Malformed || connection.room.heard_all) {
    ++counts[connection.proxy].not_understood;
    close(number, true);
    return false;
  }
  if (!connection.in.empty() && connection.deadline == EventLoop::Timer{}) {
    set_deadline(number, hello_patience, [this, number] {
      ++counts[connections.at(number).proxy].not_understood;
      close(number, true);
    });
  }
  return true;
}

void ProxyRelay::State::settle_inner(Number number, const ProxyJudgement& judgement)
{
  auto& connection = connections.at(number);
  if (!judgement.party) {
    connection.inner.clear();
    connection.phase = Phase::Tunnel;
    return;
  }
  auto& count = counts[connection.proxy];
  ++count.fronted;
  count.for_absent += connection.judgement.party ? 0U : 1U;
  connection.judgement.party = judgement.party;
  auto row = row_of(connection, armed ? model::Verdict::Blocked : model::Verdict::Passed);
  row.name = connection.inner;
  row.address = std::nullopt;
  note(connection, row);
  if (armed) {
    tell_follower(connection, row);
    close(number, true);
    return;
  }
  connection.phase = Phase::Tunnel;
}

/// False: one of them is broken.
bool ProxyRelay::State::tell_both(Connection& connection)
{
  auto& room = connection.room;
  auto& machine = connection.machine;
  const bool room_is_done =
      connection.phase == Phase::Answered || (hears_proxy(connection.phase) && machine.heard_all);
  if (!tell(room, room_is_done)) {
    return false;
  }
  const bool passes_end = connection.phase == Phase::Tunnel || connection.phase == Phase::Document;
  return !machine.socket || connection.phase == Phase::Connect ||
         tell(machine, passes_end && room.heard_all);
}

/// The absent fall away: what is open to them is as silent as they are, or is reset.
void ProxyRelay::State::cut(Number number)
{
  auto& connection = connections.at(number);
  const auto& proxy = options.proxies[connection.proxy];
  if (proxy.party) {
    connection.judgement.party = proxy.party;
  }
  if (!connection.judgement.party || connection.phase == Phase::Head || is_over(connection.phase)) {
    return;
  }
  auto row = row_of(connection, model::Verdict::Blocked);
  if (!connection.inner.empty()) {
    row.name = connection.inner;
    row.address = std::nullopt;
  }
  note(connection, row);
  tell_follower(connection, row);
  const bool silent = options.signature == model::Signature::Blackhole ||
                      options.signature == model::Signature::Nxdomain ||
                      options.signature == model::Signature::Servfail;
  if (!silent) {
    close(number, true);
    return;
  }
  drop_machine(connection);
  connection.room.out.clear();
  connection.in.clear();
  connection.phase = Phase::Frozen;
  set_deadline(number, {}, {});
  watch_further(connection.room, EPOLLIN);
}

void ProxyRelay::State::cut_everything_absent()
{
  armed = true;
  std::vector<Number> numbers;
  for (const auto& [number, connection] : connections) {
    numbers.push_back(number);
  }
  for (const auto number : numbers) {
    cut(number);
  }
}

ProxyRelay::ProxyRelay(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<ProxyRelay>> ProxyRelay::start(Options options,
                                                      std::vector<Listener> listeners)
{
  auto loop = EventLoop::open();
  if (!loop) {
    return fail(loop.error());
  }
  auto state = std::make_unique<State>(std::move(options), std::move(*loop));
  for (auto& each : listeners) {
    state->listeners.push_back(std::make_unique<Listener>(std::move(each)));
    const auto* kept = state->listeners.back().get();
    const auto token = state->loop.watch(
        kept->socket.get(), EPOLLIN, [living = state.get(), kept](EventLoop::Token, std::uint32_t) {
          living->on_accept(*kept);
        });
    if (!token) {
      return fail(token.error());
    }
  }
  try {
    const WithoutSignals guard;
    state->thread = std::thread([living = state.get()] { living->loop.run(); });
  } catch (const std::system_error& problem) {
    return fail(Fault::NotPossible,
                say("cannot start the thread that sees through proxies: {}", problem.what()));
  }
  return std::unique_ptr<ProxyRelay>(new ProxyRelay(std::move(state)));
}

ProxyRelay::~ProxyRelay()
{
  stop();
}

Result<void> ProxyRelay::arm()
{
  const auto promise = std::make_shared<std::promise<void>>();
  auto done = promise->get_future();
  state_->loop.post([this, promise] {
    state_->cut_everything_absent();
    promise->set_value();
  });
  if (done.wait_for(std::chrono::seconds(5)) != std::future_status::ready) {
    return fail(Fault::Internal, say("the thread that sees through proxies does not answer"));
  }
  return {};
}

void ProxyRelay::stop()
{
  if (!std::exchange(state_->stopped, true)) {
    *state_->mailbox->lock() = nullptr;
    state_->loop.stop();
    state_->thread.join();
    state_->connections.clear();
    state_->listeners.clear();
  }
}

std::vector<model::Attempt> ProxyRelay::attempts() const
{
  const auto& parties = state_->options.absence->parties;
  std::vector<model::Attempt> all;
  for (const auto& [row, seen] : state_->rows) {
    model::Attempt attempt;
    attempt.party = row.party ? parties[*row.party].id : "";
    attempt.name = row.name;
    attempt.address = row.address;
    attempt.port = row.port;
    attempt.protocol = "proxy";
    attempt.verdict = row.verdict;
    attempt.count = seen.count;
    attempt.first = seen.first;
    attempt.last = seen.last;
    for (const auto& [program, share] : seen.programs) {
      attempt.programs.push_back(share);
    }
    std::sort(attempt.programs.begin(), attempt.programs.end(), [](const auto& a, const auto& b) {
      return std::tie(a.first, a.program) < std::tie(b.first, b.program);
    });
    all.push_back(std::move(attempt));
  }
  return all;
}

std::vector<ProxyRelay::Counts> ProxyRelay::counts() const
{
  return state_->counts;
}

std::uint64_t ProxyRelay::unlisted() const
{
  return state_->unlisted;
}

}  // namespace zonder::isolate
