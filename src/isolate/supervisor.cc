// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/supervisor.hh"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <deque>
#include <iterator>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/boot_clock.hh"
#include "base/descriptor.hh"
#include "base/guarded.hh"
#include "base/translate.hh"
#include "base/without_signals.hh"
#include "isolate/own_unix_sockets.hh"
#include "net/special_use.hh"

namespace zonder::isolate {
namespace {

using kernel::CallNotice;
using kernel::WatchedCall;
using std::chrono::steady_clock;

constexpr std::uint16_t dns_port = 53;
constexpr int mptcp = 262;  // its packets are TCP's

/// A copy of a socket that was pointed at a name server. The kernel gives it its own port only when
/// the call goes on, so it is looked at when the question has come.
struct Asker {
  Descriptor socket;
  bool over_tcp = false;
  std::size_t program = 0;
  steady_clock::time_point since;
};
constexpr std::size_t most_askers = 64;
constexpr std::chrono::seconds asker_kept{5};

std::uint8_t protocol_of(const Descriptor& socket, WatchedCall call)
{
  int protocol = 0;
  socklen_t length = sizeof protocol;
  if (!socket || ::getsockopt(socket.get(), SOL_SOCKET, SO_PROTOCOL, &protocol, &length) != 0) {
    return call == WatchedCall::Connect ? IPPROTO_TCP : IPPROTO_UDP;
  }
  return static_cast<std::uint8_t>(protocol == mptcp ? int{IPPROTO_TCP} : protocol);
}

bool has_ports(std::uint8_t protocol)
{
  return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP;
}

std::uint16_t own_port(const Descriptor& socket)
{
  sockaddr_in6 address{};  // the port lies at the same place for IPv4
  socklen_t length = sizeof address;
  const auto got = ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &length);
  return got == 0 ? ntohs(address.sin6_port) : std::uint16_t{0};
}

/// The cookie of the network that a socket belongs to; 0: not known.
std::uint64_t network_of(const Descriptor& socket)
{
  std::uint64_t cookie = 0;
  socklen_t length = sizeof cookie;
  return socket && ::getsockopt(socket.get(), SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &length) == 0
             ? cookie
             : 0;
}

bool is_unix(const kernel::SocketBytes& address)
{
  sa_family_t family = AF_UNSPEC;
  std::memcpy(&family, address.data(), std::min(address.size(), sizeof family));
  return family == AF_UNIX;
}

}  // namespace

struct Supervisor::State {
  State(kernel::CallListener given,
        OnReach observer,
        std::vector<InternetPlace> places,
        Descriptor unix_table)
      : listener(std::move(given)), on_reach(std::move(observer)), proxies(std::move(places)),
        wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), own_network(network_of(unix_table)),
        own_unix(std::move(unix_table))
  {
  }

  void live();
  void look_at(const CallNotice& notice);
  void look_at_address(const CallNotice& notice,
                       std::size_t program,
                       const kernel::SocketBytes& address,
                       Descriptor& socket);
  void
  look_at_path(const CallNotice& notice, std::size_t program, const kernel::SocketBytes& address);
  [[nodiscard]] bool is_elsewhere(const Descriptor& socket, const InternetPlace& place) const;
  void forget_old_askers();

  [[nodiscard]] bool has_asker(const InternetPlace& place, std::uint8_t protocol) const;

  kernel::CallListener listener;
  OnReach on_reach;
  const std::vector<InternetPlace> proxies;
  Descriptor wake;
  const std::uint64_t own_network;  // its cookie; 0: not known
  OwnUnixSockets own_unix;
  std::uint64_t unseen = 0;
  void turn_when_asked();

  ProcessBook book;
  std::atomic<bool> turn_is_asked = false;
  Tries tries;
  Tries earlier;                      // before the turn
  Tries sockets;                      // of unix sockets, whenever
  Guarded<std::deque<Asker>> askers;  // newest last
  std::thread thread;
};

void Supervisor::State::live()
{
  for (;;) {
    std::array<pollfd, 2> ready = {
        pollfd{.fd = listener.descriptor(), .events = POLLIN, .revents = 0},
        pollfd{.fd = wake.get(), .events = POLLIN, .revents = 0}};
    const int limit = askers.lock()->empty() ? -1 : 1000;
    if (::poll(ready.data(), ready.size(), limit) < 0 && errno != EINTR) {
      return;
    }
    forget_old_askers();
    if (ready[1].revents != 0) {
      return;
    }
    if ((ready[0].revents & POLLIN) != 0) {
      if (const auto notice = listener.receive()) {
        look_at(*notice);
        listener.let_go_on(*notice);
      }
    } else if (ready[0].revents != 0) {
      return;  // nobody is left who could ask
    }
  }
}

void Supervisor::State::look_at(const CallNotice& notice)
{
  const auto named =
      notice.unread == 0 ? kernel::addresses_in(notice) : kernel::NamedAddresses{.hidden = true};
  if (named.all.empty() && !named.hidden) {
    return;
  }
  const auto program = book.program_of(notice.thread);
  if (!listener.still_waits(notice)) {
    return;
  }
  unseen += named.hidden ? 1 : 0;
  Descriptor socket;
  for (const auto& address : named.all) {
    if (program) {
      look_at_address(notice, *program, address, socket);
    }
  }
}

void Supervisor::State::look_at_address(const CallNotice& notice,
                                        std::size_t program,
                                        const kernel::SocketBytes& address,
                                        Descriptor& socket)
{
  const auto place = place_named_by(address);
  const auto moment = time_of_day();
  if (is_unix(address)) {
    look_at_path(notice, program, address);
    return;
  }
  const auto* internet = std::get_if<InternetPlace>(&place);
  if (internet == nullptr || notice.call == WatchedCall::Bind) {
    return;
  }
  if (!socket) {
    socket = book.borrow(notice.thread, static_cast<int>(notice.arguments[0]));
  }
  if (is_elsewhere(socket, *internet)) {
    ++unseen;
    return;
  }
  const auto protocol = protocol_of(socket, notice.call);
  const Destination destination = {.address = internet->address,
                                   .protocol = protocol,
                                   .port = has_ports(protocol) ? internet->port : std::uint16_t{0}};
  const bool sends = notice.call != WatchedCall::Connect || protocol != IPPROTO_UDP;
  turn_when_asked();
  tries.reached_for(destination, program, moment, sends);
  if (on_reach && sends) {
    on_reach(destination, book.programs()[program]);
  }
  if (has_asker(*internet, protocol) && socket) {
    auto held = askers.lock();
    held->push_back({.socket = std::move(socket),
                     .over_tcp = protocol == IPPROTO_TCP,
                     .program = program,
                     .since = steady_clock::now()});
    if (held->size() > most_askers) {
      held->pop_front();
    }
  }
}

/// Of a network that the program made itself, or handed in from outside. What it has of its own at
/// loopback is nobody's business.
bool Supervisor::State::is_elsewhere(const Descriptor& socket, const InternetPlace& place) const
{
  const auto network = network_of(socket);
  return network != 0 && own_network != 0 && network != own_network &&
         net::special_use(place.address) != net::SpecialUse::Loopback;
}

void Supervisor::State::look_at_path(const CallNotice& notice,
                                     std::size_t program,
                                     const kernel::SocketBytes& address)
{
  if (notice.call == WatchedCall::Bind) {
    own_unix.note(book.borrow(notice.thread, static_cast<int>(notice.arguments[0])));
    return;
  }
  const auto socket = unix_place(notice.thread, address);
  const bool is_outside = socket.kind == UnixPlace::Kind::Unknown ||
                          (socket.kind == UnixPlace::Kind::Socket && !own_unix.made(socket));
  if (is_outside && listener.still_waits(notice)) {
    sockets.connected(socket, program, time_of_day());
  }
}

void Supervisor::State::turn_when_asked()
{
  if (turn_is_asked.exchange(false)) {
    earlier = std::exchange(tries, Tries());
  }
}

/// Whether somebody will want to know who it was.
bool Supervisor::State::has_asker(const InternetPlace& place, std::uint8_t protocol) const
{
  return (place.port == dns_port && has_ports(protocol)) ||
         (protocol == IPPROTO_TCP &&
          std::any_of(proxies.begin(), proxies.end(), [&](const InternetPlace& each) {
            return each.address == place.address && each.port == place.port;
          }));
}

/// They keep a closed connection from ending.
void Supervisor::State::forget_old_askers()
{
  auto held = askers.lock();
  const auto before = steady_clock::now() - asker_kept;
  while (!held->empty() && held->front().since < before) {
    held->pop_front();
  }
}

Supervisor::Supervisor(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<Supervisor>> Supervisor::start(kernel::CallListener listener,
                                                      OnReach on_reach,
                                                      std::vector<InternetPlace> proxies,
                                                      Descriptor unix_table)
{
  auto state = std::make_unique<State>(
      std::move(listener), std::move(on_reach), std::move(proxies), std::move(unix_table));
  try {
    const WithoutSignals guard;
    state->thread = std::thread([living = state.get()] { living->live(); });
  } catch (const std::system_error& problem) {
    return fail(Fault::NotPossible,
                say("cannot start the thread that sees who asked: {}", problem.what()));
  }
  return std::unique_ptr<Supervisor>(new Supervisor(std::move(state)));
}

Supervisor::~Supervisor()
{
  stop();
}

std::optional<std::size_t> Supervisor::asker_from(std::uint16_t port, bool over_tcp) const
{
  const auto held = state_->askers.lock();
  for (auto each = held->rbegin(); each != held->rend(); ++each) {
    if (each->over_tcp == over_tcp && own_port(each->socket) == port) {
      return each->program;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> Supervisor::take_asker_of_proxy(std::uint16_t port) const
{
  auto held = state_->askers.lock();
  for (auto each = held->rbegin(); each != held->rend(); ++each) {
    if (each->over_tcp && own_port(each->socket) == port) {
      const auto program = each->program;
      held->erase(std::next(each).base());
      return program;
    }
  }
  return std::nullopt;
}

std::optional<model::Program> Supervisor::program(std::size_t place) const
{
  return state_->book.copy_of(place);
}

void Supervisor::stop()
{
  if (state_->thread.joinable()) {
    const std::uint64_t one = 1;
    (void)!::write(state_->wake.get(), &one, sizeof one);
    state_->thread.join();
    state_->turn_when_asked();
  }
  state_->askers.lock()->clear();
}

void Supervisor::turn()
{
  state_->turn_is_asked = true;
}

const Tries& Supervisor::tries() const
{
  return state_->tries;
}

const Tries& Supervisor::tries_before_turn() const
{
  return state_->earlier;
}

const Tries& Supervisor::sockets() const
{
  return state_->sockets;
}

std::uint64_t Supervisor::unseen_calls() const
{
  return state_->unseen;
}

const ProcessBook& Supervisor::book() const
{
  return state_->book;
}

}  // namespace zonder::isolate
