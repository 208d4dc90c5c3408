// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/tcp_relay.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <optional>
#include <system_error>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/translate.hh"
#include "base/without_signals.hh"
#include "isolate/event_loop.hh"
#include "isolate/joined_sockets.hh"
#include "isolate/listeners.hh"
#include "isolate/never_forwarded.hh"
#include "isolate/original_destination.hh"
#include "isolate/socket_address.hh"
#include "isolate/tries.hh"
#include "wire/ip/tcp_opening.hh"

namespace zonder::isolate {
namespace {

namespace ip = wire::ip;

constexpr std::size_t largest_packet = 65536;
constexpr int packets_at_once = 64;  // before others have their turn

/// Who opens a connection, and where to: what names it in the network here.
using Key = std::tuple<net::Address, std::uint16_t, net::Address, std::uint16_t>;

Key key_of(const ip::TcpOpening& opening)
{
  return {opening.source, opening.source_port, opening.destination, opening.destination_port};
}

std::optional<InternetPlace> place_of(int socket, decltype(::getpeername)* ask)
{
  std::array<std::uint8_t, sizeof(sockaddr_in6)> bytes{};
  socklen_t length = bytes.size();
  if (ask(socket, reinterpret_cast<sockaddr*>(bytes.data()), &length) != 0) {
    return std::nullopt;
  }
  const auto named = place_named_by({bytes.data(), length});
  const auto* place = std::get_if<InternetPlace>(&named);
  return place == nullptr ? std::nullopt : std::optional(*place);
}

std::optional<Key> key_of(const Descriptor& taken)
{
  const auto from = place_of(taken.get(), ::getpeername);
  const auto to = place_of(taken.get(), ::getsockname);
  return from && to ? std::optional(Key{from->address, from->port, to->address, to->port})
                    : std::nullopt;
}

/// As many descriptors as the system allows this process. Gives for how many connections these are,
/// with some left for everything else: each takes two, and two for a pipe while it is held up.
std::size_t allow_descriptors()
{
  constexpr rlim_t kept = 256;
  constexpr rlim_t each = 4;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return 0;
  }
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    (void)::getrlimit(RLIMIT_NOFILE, &limit);
  }
  return limit.rlim_cur > kept ? (limit.rlim_cur - kept) / each : 0;
}

/// What is small goes at once, as it came.
void send_at_once(const Descriptor& socket)
{
  const int on = 1;
  (void)::setsockopt(socket.get(), SOL_TCP, TCP_NODELAY, &on, sizeof on);
}

std::optional<ip::NotPassedOn> not_passed_on_for(int error)
{
  switch (error) {
  case ENETUNREACH:
    return ip::NotPassedOn::NoRoute;
  case EHOSTUNREACH:
  case EHOSTDOWN:
    return ip::NotPassedOn::HostUnreachable;
  case EACCES:
  case EPERM:
    return ip::NotPassedOn::Prohibited;
  default:
    return std::nullopt;
  }
}

}  // namespace

struct TcpRelay::State {
  State(Options given, RelayNetwork made, EventLoop opened)
      : options(std::move(given)), network(std::move(made)), loop(std::move(opened)),
        listeners(loop)
  {
  }

  /// Being opened: until the other side answers, and then until it comes back here.
  struct Opening {
    ip::TcpOpening opening;
    std::vector<std::uint8_t> packet;
    Descriptor outside;
    EventLoop::Token token = 0;
    std::uint64_t turn = 0;  // place in `unanswered`
    bool answered = false;
    EventLoop::Timer end{};
  };
  struct Connection {
    JoinedSockets sockets;
    std::array<EventLoop::Token, 2> tokens{};
    std::array<std::uint32_t, 2> wishes{};
  };

  Result<void> begin();
  void on_packets();
  void on_packet(std::span<const std::uint8_t> packet);
  [[nodiscard]] bool is_closed(const net::Address& address) const;
  void open(const ip::TcpOpening& opening, std::span<const std::uint8_t> packet);
  void on_answer(const Key& key);
  void say_no(const Opening& failed, int error) const;
  void send_back(std::span<const std::uint8_t> packet) const;
  void take(Descriptor inside);
  void join(Descriptor inside, Descriptor outside);
  void on_event(std::uint64_t number, std::uint32_t events);
  void watch_further(Connection& connection);
  void close(std::uint64_t number);
  void forget(const Key& key);
  [[nodiscard]] bool has_room();

  const Options options;
  RelayNetwork network;
  EventLoop loop;
  Listeners listeners;
  PipePool pipes;
  std::map<Key, Opening> openings;
  std::map<std::uint64_t, Key> unanswered;  // those who wait for the other side, oldest first
  std::size_t most_connections = 0;
  std::unordered_map<std::uint64_t, Connection> connections;
  std::uint64_t next = 1;
  Counts counts;
  bool stopped = false;
  std::thread thread;
};

Result<void> TcpRelay::State::begin()
{
  most_connections = std::min(options.most_connections, allow_descriptors());
  for (auto* listener : {&network.listener_v4, &network.listener_v6}) {
    ZONDER_TRY(listeners.add(std::move(*listener),
                             [this](Descriptor inside) { take(std::move(inside)); }));
  }
  const auto token = loop.watch(
      network.opening.get(), EPOLLIN, [this](EventLoop::Token, std::uint32_t) { on_packets(); });
  return token ? Result<void>() : fail(token.error());
}

void TcpRelay::State::on_packets()
{
  std::array<std::uint8_t, largest_packet> bytes;
  for (int i = 0; i < packets_at_once; ++i) {
    const auto got = ::read(network.opening.get(), bytes.data(), bytes.size());
    if (got <= 0) {
      return;
    }
    on_packet({bytes.data(), static_cast<std::size_t>(got)});
  }
}

void TcpRelay::State::on_packet(std::span<const std::uint8_t> packet)
{
  const auto opening = ip::read_tcp_opening(packet);
  if (!opening) {
    return;
  }
  const auto found = openings.find(key_of(*opening));
  if (found == openings.end()) {
    open(*opening, packet);
  } else if (found->second.answered) {
    send_back(packet);  // the one before was lost on its way back
  }
}

bool TcpRelay::State::is_closed(const net::Address& address) const
{
  const auto holds = [&](const net::Prefix& prefix) {
    return prefix.contains(address);
  };
  return std::ranges::any_of(never_forwarded(), holds) ||
         std::ranges::any_of(options.closed, holds);
}

/// Who only waits makes room for who comes: many openings to where nobody answers would shut out
/// everybody else.
bool TcpRelay::State::has_room()
{
  if (openings.size() + connections.size() < most_connections) {
    return true;
  }
  if (unanswered.empty()) {
    return false;
  }
  forget(unanswered.begin()->second);
  ++counts.turned_away;
  return true;
}

void TcpRelay::State::open(const ip::TcpOpening& opening, std::span<const std::uint8_t> packet)
{
  if (is_closed(opening.destination)) {
    return;
  }
  if (!has_room()) {
    ++counts.turned_away;
    return;
  }
  Opening begun = {.opening = opening, .packet = {packet.begin(), packet.end()}};
  const bool v4 = opening.destination.is_v4();
  begun.outside =
      Descriptor(::socket(v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  if (!begun.outside ||
      // An IPv4 address written as IPv6 would be another one, perhaps this machine's own.
      (!v4 && ::setsockopt(begun.outside.get(), SOL_IPV6, IPV6_V6ONLY, &on, sizeof on) != 0)) {
    ++counts.turned_away;
    return;
  }
  const SocketAddress there(opening.destination, opening.destination_port);
  if (::connect(begun.outside.get(), there.get(), there.length) != 0 && errno != EINPROGRESS) {
    say_no(begun, errno);
    return;
  }
  const auto key = key_of(opening);
  const auto token = loop.watch(begun.outside.get(),
                                EPOLLOUT,
                                [this, key](EventLoop::Token, std::uint32_t) { on_answer(key); });
  if (!token) {
    ++counts.turned_away;
    return;
  }
  begun.token = *token;
  begun.turn = next++;
  unanswered.emplace(begun.turn, key);
  openings.emplace(key, std::move(begun));
}

void TcpRelay::State::on_answer(const Key& key)
{
  auto& opening = openings.at(key);
  int error = 0;
  socklen_t length = sizeof error;
  (void)::getsockopt(opening.outside.get(), SOL_SOCKET, SO_ERROR, &error, &length);
  if (error != 0) {
    say_no(opening, error);
    forget(key);
    return;
  }
  loop.forget(std::exchange(opening.token, 0));
  unanswered.erase(opening.turn);
  opening.answered = true;
  opening.end = loop.after(options.return_patience, [this, key] { forget(key); });
  send_back(opening.packet);
}

/// As the outside said it; where it said nothing, nothing.
void TcpRelay::State::say_no(const Opening& failed, int error) const
{
  if (error == ECONNREFUSED || error == ECONNRESET) {
    send_back(ip::refusal_of(failed.opening));
  } else if (const auto why = not_passed_on_for(error)) {
    const auto& router = failed.opening.destination.is_v4() ? options.router_v4 : options.router_v6;
    send_back(ip::not_passed_on(failed.packet, failed.opening, router, *why));
  }
}

void TcpRelay::State::send_back(std::span<const std::uint8_t> packet) const
{
  // One that is lost is asked for again by whoever opens the connection.
  (void)!::write(network.opening.get(), packet.data(), packet.size());
}

void TcpRelay::State::take(Descriptor inside)
{
  const auto key = key_of(inside);
  if (!key) {
    reset_at_close(inside);
    return;
  }
  const auto found = openings.find(*key);
  if (found == openings.end() || !found->second.answered) {
    reset_at_close(inside);
    return;
  }
  auto outside = std::move(found->second.outside);
  loop.cancel(found->second.end);
  openings.erase(found);
  ++counts.opened;
  join(std::move(inside), std::move(outside));
}

void TcpRelay::State::join(Descriptor inside, Descriptor outside)
{
  send_at_once(inside);
  send_at_once(outside);
  const auto number = next++;
  auto& connection =
      connections
          .emplace(number,
                   Connection{.sockets = JoinedSockets(std::move(inside), std::move(outside))})
          .first->second;
  connection.wishes = connection.sockets.wishes();
  for (std::size_t end = 0; end < 2; ++end) {
    const auto token = loop.watch(
        connection.sockets.descriptor(end),
        connection.wishes.at(end),
        [this, number](EventLoop::Token, std::uint32_t events) { on_event(number, events); });
    if (!token) {
      connection.sockets.break_off();
      close(number);
      return;
    }
    connection.tokens.at(end) = *token;
  }
}

void TcpRelay::State::on_event(std::uint64_t number, std::uint32_t events)
{
  auto& connection = connections.at(number);
  const bool reset = (events & EPOLLERR) != 0;
  switch (reset ? JoinedSockets::State::Broken : connection.sockets.pass_on(pipes)) {
  case JoinedSockets::State::Flows:
    watch_further(connection);
    return;
  case JoinedSockets::State::Broken:
    connection.sockets.break_off();
    break;
  case JoinedSockets::State::Over:
    break;
  }
  close(number);
}

void TcpRelay::State::watch_further(Connection& connection)
{
  const auto wishes = connection.sockets.wishes();
  for (std::size_t end = 0; end < 2; ++end) {
    auto& token = connection.tokens.at(end);
    if (connection.sockets.is_over(end) && token != 0) {
      loop.forget(std::exchange(token, 0));  // it would report that without end
    } else if (wishes.at(end) != connection.wishes.at(end) && token != 0) {
      loop.change(token, wishes.at(end));
    }
  }
  connection.wishes = wishes;
}

void TcpRelay::State::close(std::uint64_t number)
{
  const auto found = connections.find(number);
  for (const auto token : found->second.tokens) {
    if (token != 0) {
      loop.forget(token);
    }
  }
  connections.erase(found);
}

void TcpRelay::State::forget(const Key& key)
{
  const auto found = openings.find(key);
  if (found->second.token != 0) {
    loop.forget(found->second.token);
    unanswered.erase(found->second.turn);
  }
  openings.erase(found);
}

TcpRelay::TcpRelay(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<TcpRelay>> TcpRelay::start(Options options, RelayNetwork network)
{
  auto loop = EventLoop::open();
  if (!loop) {
    return fail(loop.error());
  }
  auto state = std::make_unique<State>(std::move(options), std::move(network), std::move(*loop));
  ZONDER_TRY(state->begin());
  try {
    const WithoutSignals guard;
    state->thread = std::thread([living = state.get()] { living->loop.run(); });
  } catch (const std::system_error& problem) {
    return fail(Fault::NotPossible,
                say("cannot start the thread that passes TCP on: {}", problem.what()));
  }
  return std::unique_ptr<TcpRelay>(new TcpRelay(std::move(state)));
}

TcpRelay::~TcpRelay()
{
  stop();
}

void TcpRelay::stop()
{
  if (!std::exchange(state_->stopped, true)) {
    state_->loop.stop();
    state_->thread.join();
    state_->connections.clear();
    state_->openings.clear();
  }
}

TcpRelay::Counts TcpRelay::counts() const
{
  return state_->counts;
}

}  // namespace zonder::isolate
