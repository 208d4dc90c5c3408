// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/pasta_trial.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <limits>
#include <optional>
#include <vector>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/translate.hh"
#include "isolate/channel.hh"
#include "isolate/socket_address.hh"
#include "isolate/uplink_program.hh"
#include "kernel/links.hh"
#include "kernel/namespaces.hh"

namespace zonder::isolate {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t bytes_each_way = std::size_t{48} << 20U;
constexpr milliseconds limit_each_way{400};  // 25 MB at the floor
constexpr int datagrams = 20;
constexpr int datagrams_needed = 16;
constexpr milliseconds limit_datagram{50};  // each
constexpr milliseconds limit_start{3000};   // nearly always some tens of milliseconds

using Token = std::array<std::uint8_t, 16>;

/// What the inside asks of the outside: a connection begins with our token, so that another program
/// of this machine that finds the port gets nothing, and with what is wanted.
struct Wish {
  Token token{};
  char what = 0;  // 'r': receive from me, 's': send to me
};

struct Listener {
  Descriptor tcp;
  Descriptor udp;
  std::uint16_t tcp_port = 0;
  std::uint16_t udp_port = 0;
};

net::Address loopback(net::Family family)
{
  return family == net::Family::V4 ? net::Address::v4(0x7f000001) : net::Address::v6(0, 1);
}

std::uint16_t port_of(int socket)
{
  sockaddr_storage own{};
  socklen_t length = sizeof own;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&own), &length);
  // The port lies at the same place in both families.
  return ntohs(reinterpret_cast<const sockaddr_in*>(&own)->sin_port);
}

Result<Descriptor> bind_anywhere(net::Family family, int type)
{
  const SocketAddress here(loopback(family), 0);
  Descriptor socket(::socket(here.storage.ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (type == SOCK_STREAM) {
    // Segments as on an Ethernet, where the stalls are, and not the large ones of loopback.
    const int segment = 1448;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment);
  }
  if (!socket || ::bind(socket.get(), here.get(), here.length) != 0 ||
      (type == SOCK_STREAM && ::listen(socket.get(), 4) != 0)) {
    return fail(Fault::NotPossible, say("cannot open a socket: {}", std::strerror(errno)));
  }
  return socket;
}

Result<Listener> listen_on(net::Family family)
{
  auto tcp = bind_anywhere(family, SOCK_STREAM);
  auto udp = bind_anywhere(family, SOCK_DGRAM);
  if (!tcp || !udp) {
    return fail(tcp ? udp.error() : tcp.error());
  }
  const auto tcp_port = port_of(tcp->get());
  const auto udp_port = port_of(udp->get());
  return Listener{
      .tcp = std::move(*tcp), .udp = std::move(*udp), .tcp_port = tcp_port, .udp_port = udp_port};
}

bool ready(int socket, short events, steady_clock::time_point until)
{
  const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now()).count();
  pollfd state = {.fd = socket, .events = events, .revents = 0};
  return left > 0 && ::poll(&state, 1, static_cast<int>(left)) > 0;
}

/// Gbit/s of what moves through a socket until the limit, in bytes or in time.
template <typename Step>
double rate_of(int socket, short events, Step step)
{
  static std::vector<char> buffer(std::size_t{256} << 10U);
  const auto start = steady_clock::now();
  const auto until = start + limit_each_way;
  std::size_t moved = 0;
  while (moved < bytes_each_way && ready(socket, events, until)) {
    const auto count = step(socket, buffer);
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) {
      break;
    }
    moved += count > 0 ? static_cast<std::size_t>(count) : 0;
  }
  const std::chrono::duration<double> took = steady_clock::now() - start;
  return static_cast<double>(moved) * 8 / took.count() / 1e9;
}

double receive_rate(int socket)
{
  return rate_of(socket, POLLIN, [](int from, std::vector<char>& buffer) {
    return ::recv(from, buffer.data(), buffer.size(), MSG_DONTWAIT);
  });
}

double send_rate(int socket)
{
  return rate_of(socket, POLLOUT, [](int to, std::vector<char>& buffer) {
    return ::send(to, buffer.data(), buffer.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  });
}

// Outside: what runs in zonder itself, on the machine's loopback.

/// Serves one connection; how fast it received, when it did.
std::optional<double> serve(int listener, const Token& token)
{
  const Descriptor peer(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
  Wish wish;
  if (!peer || !ready(peer.get(), POLLIN, steady_clock::now() + limit_each_way) ||
      ::recv(peer.get(), &wish, sizeof wish, MSG_WAITALL | MSG_DONTWAIT) !=
          static_cast<ssize_t>(sizeof wish) ||
      wish.token != token) {
    return std::nullopt;
  }
  if (wish.what == 's') {
    send_rate(peer.get());
    return std::nullopt;
  }
  return receive_rate(peer.get());
}

void echo(int socket)
{
  std::array<char, 2048> datagram{};
  sockaddr_storage from{};
  socklen_t length = sizeof from;
  const auto got = ::recvfrom(socket,
                              datagram.data(),
                              datagram.size(),
                              MSG_DONTWAIT,
                              reinterpret_cast<sockaddr*>(&from),
                              &length);
  if (got > 0) {
    ::sendto(socket,
             datagram.data(),
             static_cast<std::size_t>(got),
             MSG_DONTWAIT,
             reinterpret_cast<const sockaddr*>(&from),
             length);
  }
}

// Inside: what runs in the throw-away network.

Result<void> configure(const RoomPlan& plan)
{
  auto links = kernel::Links::open();
  if (!links) {
    return fail(links.error());
  }
  ZONDER_TRY(links->set_mtu(plan.uplink_link, plan.mtu));
  ZONDER_TRY(links->add_address(plan.uplink_link, plan.tap_net_v4, plan.tap_v4));
  ZONDER_TRY(links->add_address(plan.uplink_link, plan.tap_net_v6, plan.tap_v6));
  return links->set_up(plan.uplink_link);
}

Descriptor connect_to(net::Address address, std::uint16_t port)
{
  const SocketAddress there(address, port);
  Descriptor socket(
      ::socket(there.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (::connect(socket.get(), there.get(), there.length) != 0 && errno != EINPROGRESS) {
    return {};
  }
  return socket;
}

/// One way over TCP. What we send is measured where it arrives.
double transfer(net::Address router, std::uint16_t port, const Token& token, char what)
{
  const auto socket = connect_to(router, port);
  const Wish wish = {.token = token, .what = what};
  if (!socket || !ready(socket.get(), POLLOUT, steady_clock::now() + limit_each_way) ||
      ::send(socket.get(), &wish, sizeof wish, MSG_NOSIGNAL) != static_cast<ssize_t>(sizeof wish)) {
    return 0;
  }
  return what == 's' ? receive_rate(socket.get()) : send_rate(socket.get());
}

int echoed(net::Address router, std::uint16_t port)
{
  const SocketAddress there(router, port);
  const Descriptor socket(
      ::socket(there.storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  std::array<char, 1200> datagram{};
  int answers = 0;
  // Once too many are lost, the others are not waited for.
  for (int i = 0; i < datagrams && i - answers <= datagrams - datagrams_needed; ++i) {
    (void)!::sendto(
        socket.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL, there.get(), there.length);
    if (ready(socket.get(), POLLIN, steady_clock::now() + limit_datagram) &&
        ::recv(socket.get(), datagram.data(), datagram.size(), 0) > 0) {
      ++answers;
    }
  }
  return answers;
}

/// Waits for each "go" and does what it says: TCP one way or the other, or datagrams.
int live_inside(const RoomPlan& plan, const Token& token, Channel outside)
{
  for (;;) {
    const auto order = outside.receive(limit_start * 2);
    if (!order) {
      return 0;
    }
    if (order->word == "configure") {
      if (const auto done = configure(plan); !done) {
        (void)outside.send("error", done.error().message);
        return 1;
      }
      (void)outside.send("configured");
      continue;
    }
    const bool v4 = order->word[0] == '4';
    const auto router = v4 ? plan.tap_router_v4 : plan.tap_router_v6;
    const auto port = static_cast<std::uint16_t>(std::atoi(order->rest.c_str()));
    const char what = order->word[1];
    const double figure = what == 'u' ? static_cast<double>(echoed(router, port))
                                      : transfer(router, port, token, what);
    (void)outside.send("figure", std::to_string(figure));
  }
}

Error refused(std::string found)
{
  return {.fault = Fault::NotPossible,
          .message = say("pasta cannot be the uplink: {} (take --uplink slirp4netns, or a newer "
                         "passt)",
                         std::move(found))};
}

class Trial {
public:
  Trial(const RoomPlan& plan, bool as_root, double least)
      : plan_(plan), as_root_(as_root), least_(least)
  {
    (void)!::getrandom(token_.data(), token_.size(), 0);
  }

  Result<PastaFigures> run()
  {
    ZONDER_TRY(start());
    for (const auto family : {net::Family::V4, net::Family::V6}) {
      if (family == net::Family::V4 ? plan_.machine_has_v4 : plan_.machine_has_v6) {
        ZONDER_TRY(try_family(family));
      }
    }
    return figures_;
  }

private:
  Result<void> start()
  {
    auto ends = Channel::make_pair();
    if (!ends) {
      return fail(ends.error());
    }
    auto inside =
        kernel::start_in_new_namespaces({.user = !as_root_, .network = true}, [&]() -> int {
          ends->first.close();
          return live_inside(plan_, token_, std::move(ends->second));
        });
    if (!inside) {
      return fail(inside.error());
    }
    inside_.emplace(std::move(*inside));
    channel_.emplace(std::move(ends->first));
    const auto network = kernel::open_namespace(inside_->pid(), "net");
    if (!network) {
      return fail(network.error());
    }
    auto pasta = start_pasta(plan_,
                             {.holder = inside_->pid(), .network = network->get()},
                             as_root_,
                             HostLoopback::AtRouter);
    if (!pasta) {
      return fail(pasta.error());
    }
    pasta_ = std::move(*pasta);
    ZONDER_TRY(pasta_->wait_until_ready());
    ZONDER_TRY(channel_->send("configure"));
    const auto configured = channel_->expect("configured", limit_start);
    return configured ? Result<void>() : fail(configured.error());
  }

  /// Asks the inside for one figure, and serves it meanwhile. For 'r' the figure is ours.
  double measure(const Listener& listener, net::Family family, char what)
  {
    const std::string word = {family == net::Family::V4 ? '4' : '6', what};
    const auto port = what == 'u' ? listener.udp_port : listener.tcp_port;
    if (!channel_->send(word, std::to_string(port))) {
      return 0;
    }
    double received = 0;
    const auto until = steady_clock::now() + 3 * limit_each_way;
    std::array<pollfd, 3> state = {
        pollfd{.fd = channel_->descriptor(), .events = POLLIN, .revents = 0},
        pollfd{.fd = listener.tcp.get(), .events = POLLIN, .revents = 0},
        pollfd{.fd = listener.udp.get(), .events = POLLIN, .revents = 0}};
    while (steady_clock::now() < until) {
      ::poll(state.data(), state.size(), static_cast<int>(limit_each_way.count()));
      if (state[2].revents != 0) {
        echo(listener.udp.get());
      }
      if (state[1].revents != 0) {
        received = serve(listener.tcp.get(), token_).value_or(received);
      } else if (state[0].revents != 0) {
        const auto notice = channel_->receive(milliseconds(1));
        const double told = notice ? std::strtod(notice->rest.c_str(), nullptr) : 0;
        return what == 'r' ? received : told;
      }
    }
    return 0;
  }

  Result<void> try_family(net::Family family)
  {
    const auto listener = listen_on(family);
    if (!listener) {
      return fail(listener.error());
    }
    const char* name = family == net::Family::V4 ? "IPv4" : "IPv6";
    for (const char way : {'r', 's'}) {
      const double rate = measure(*listener, family, way);
      figures_.slowest = std::min(figures_.slowest, rate);
      if (rate < least_) {
        return fail(refused(
            way == 'r'
                ? say("in its trial it carried {:.2f} Gbit/s out of the room over {}, and {:.1f} "
                      "is the least",
                      rate,
                      name,
                      least_)
                : say("in its trial it carried {:.2f} Gbit/s into the room over {}, and {:.1f} is "
                      "the least",
                      rate,
                      name,
                      least_)));
      }
    }
    if (family == net::Family::V6) {
      // For loopback, the pasta of Debian 12 answers IPv6 datagrams from another address, and not
      // at all in the first second: that would tell nothing of how it carries those of others.
      return {};
    }
    const auto answers = static_cast<int>(measure(*listener, family, 'u'));
    if (answers < datagrams_needed) {
      return fail(refused(say("in its trial {} of {} datagrams came back", answers, datagrams)));
    }
    return {};
  }

  const RoomPlan& plan_;
  bool as_root_;
  double least_;
  Token token_{};
  PastaFigures figures_{.slowest = std::numeric_limits<double>::max()};
  std::optional<ChildProcess> inside_;
  std::optional<Channel> channel_;
  std::unique_ptr<Uplink> pasta_;
};

}  // namespace

Result<PastaFigures> try_pasta(const RoomPlan& plan, bool as_root, double least)
{
  return Trial(plan, as_root, least).run();
}

}  // namespace zonder::isolate
