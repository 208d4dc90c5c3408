// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/doorkeeper.hh"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <future>
#include <map>
#include <system_error>
#include <thread>

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/boot_clock.hh"
#include "base/guarded.hh"
#include "base/translate.hh"
#include "base/without_signals.hh"
#include "isolate/borrowed_socket.hh"
#include "isolate/decoys.hh"
#include "isolate/event_loop.hh"
#include "isolate/int_option.hh"
#include "isolate/own_sockets.hh"
#include "isolate/own_unix_sockets.hh"
#include "isolate/unix_place.hh"
#include "isolate/waiting_calls.hh"
#include "kernel/sent_message.hh"
#include "kernel/socket_filter.hh"
#include "kernel/socket_table.hh"

namespace zonder::isolate {
namespace {

using kernel::CallNotice;
using kernel::SentMessage;
using kernel::SocketBytes;
using kernel::WatchedCall;
using std::chrono::steady_clock;

constexpr int mptcp = 262;  // its packets are TCP's
constexpr std::size_t most_askers = 4096;
constexpr std::size_t programs_kept = 100000;
constexpr std::chrono::milliseconds own_stays{100};  // for those who send many datagrams
constexpr std::size_t most_own_lately = 256;

const sockaddr* as_sockaddr(const SocketBytes& bytes)
{
  return reinterpret_cast<const sockaddr*>(bytes.data());
}

SocketBytes bytes_of(const SocketAddress& address)
{
  const auto* first = reinterpret_cast<const std::uint8_t*>(&address.storage);
  return {first, first + address.length};
}

bool has_ports(std::uint8_t protocol)
{
  return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP;
}

std::uint8_t protocol_of(const BorrowedSocket& socket)
{
  return static_cast<std::uint8_t>(socket.protocol == mptcp ? int{IPPROTO_TCP} : socket.protocol);
}

/// The kernel takes an address without a family for one of IPv4 where a datagram is sent.
void say_family(SocketBytes& address, const BorrowedSocket& socket)
{
  sa_family_t family = AF_UNSPEC;
  if (socket.family == AF_INET && address.size() >= sizeof family) {
    std::memcpy(&family, address.data(), sizeof family);
    if (family == AF_UNSPEC) {
      family = AF_INET;
      std::memcpy(address.data(), &family, sizeof family);
    }
  }
}

/// 0 or more: how many bytes went; else minus the errno. Never waits.
std::int64_t send_now(const BorrowedSocket& socket, const SentMessage& message, int flags)
{
  auto copy = message;  // the kernel's structure is not made for reading only
  iovec piece = {.iov_base = copy.data.data(), .iov_len = copy.data.size()};
  msghdr header{};
  header.msg_name = copy.address.empty() ? nullptr : copy.address.data();
  header.msg_namelen = static_cast<socklen_t>(copy.address.size());
  header.msg_iov = &piece;
  header.msg_iovlen = 1;
  header.msg_control = copy.control.empty() ? nullptr : copy.control.data();
  header.msg_controllen = copy.control.size();
  const auto sent =
      ::sendmsg(socket.descriptor.get(), &header, flags | MSG_DONTWAIT | MSG_NOSIGNAL);
  return sent >= 0 ? sent : -errno;
}

}  // namespace

struct Doorkeeper::State {
  State(kernel::CallListener given, Options wanted, Decoys ready, EventLoop opened)
      : listener(std::move(given)), options(std::move(wanted)), decoys(std::move(ready)),
        policy(*options.absence, options.allowed_host_ports, options.party_of_stand_in),
        loop(std::move(opened))
  {
  }

  /// A call on an internet socket.
  struct Asked {
    const CallNotice& notice;
    BorrowedSocket& socket;
    std::optional<std::size_t> program;
  };

  /// A send of datagrams, where it stands.
  struct Sending {
    std::size_t count = 1;
    bool many = false;
    int flags = 0;
    bool may_wait = false;
    std::size_t next = 0;
    std::optional<SentMessage> message;  // the next one, when it was read and decided about
    bool vanishes = false;
  };

  Result<void> watch();
  void on_call(const CallNotice& notice);
  void on_internet(const Asked& asked);
  void
  on_unix(const CallNotice& notice, const Descriptor& socket, std::optional<std::size_t> program);
  void on_new_socket(const CallNotice& notice);
  void on_option(const CallNotice& notice, const Descriptor& socket);
  void refuse_unseen(const CallNotice& notice, int error);
  std::optional<SocketBytes> address_of(const CallNotice& notice);
  void on_bind(const Asked& asked);
  void on_connect(const Asked& asked);
  void on_send(const Asked& asked);
  void on_stream_send(const Asked& asked, int flags);

  Decision decide(const Asked& asked, const InternetPlace& place);
  bool is_own(const Destination& destination);
  void connect(const Asked& asked, SocketBytes to);
  void connect_to(const Asked& asked, const SocketAddress& to) { connect(asked, bytes_of(to)); }
  void end_connection(const Asked& asked, const InternetPlace& place, model::Signature signature);
  std::optional<std::int64_t> go_on(const Asked& asked, Sending& sending);
  std::int64_t send_next(const Asked& asked, Sending& sending);
  std::optional<std::int64_t> send_one(const Asked& asked, SentMessage& message);
  std::optional<SocketAddress> name_server_for(const BorrowedSocket& socket, net::Address meant);
  void note_own_socket(const BorrowedSocket& socket);
  void note_asker(const Asked& asked);

  kernel::CallListener listener;
  const Options options;
  const Decoys decoys;
  const CallPolicy policy;
  ProcessBook book{programs_kept, options.starter};
  Tries tries;
  OwnSockets own;
  std::map<Destination, steady_clock::time_point> own_lately;  // datagrams: until when to believe
  OwnUnixSockets own_unix{kernel::open_unix_table()};

  // For any thread.
  std::atomic<Door> door{Door::Empty};
  std::atomic<std::uint64_t> gone_out{0};
  std::atomic<std::uint64_t> unseen{0};
  Guarded<CallTally> tally;
  Guarded<std::map<std::pair<bool, std::uint16_t>, std::size_t>> askers;  // TCP?, port -> program
  EventLoop loop;
  WaitingCalls waiting{listener, loop};
  std::thread thread;
};

Result<void> Doorkeeper::State::watch()
{
  const auto token = loop.watch(
      listener.descriptor(), EPOLLIN, [this](EventLoop::Token own_token, std::uint32_t events) {
        if ((events & EPOLLIN) != 0) {
          if (const auto notice = listener.receive()) {
            on_call(*notice);
          }
        } else {
          loop.forget(own_token);  // nobody is left who could ask
        }
      });
  return token ? Result<void>() : fail(token.error());
}

void Doorkeeper::State::on_call(const CallNotice& notice)
{
  if (notice.unread != 0) {
    refuse_unseen(notice, notice.unread);
    return;
  }
  if (notice.call == WatchedCall::Socket) {
    on_new_socket(notice);
    return;
  }
  const auto program = book.program_of(notice.thread);
  auto copy = book.borrow(notice.thread, static_cast<int>(notice.arguments[0]));
  const int error = errno;
  if (!listener.still_waits(notice)) {
    return;
  }
  if (!copy) {
    refuse_unseen(notice, error);
    return;
  }
  if (notice.call == WatchedCall::SetOption) {
    on_option(notice, copy);
    return;
  }
  auto socket = BorrowedSocket::of(std::move(copy));
  if (socket.is_internet() && (socket.is_stream() || socket.type == SOCK_DGRAM)) {
    on_internet({notice, socket, program});
  } else if (socket.family == AF_UNIX) {
    on_unix(notice, socket.descriptor, program);
  } else if (socket.family == AF_NETLINK) {
    listener.let_go_on(notice);
  } else {
    // No socket; or one of a kind that nobody in here can make, so it was handed in.
    listener.answer(notice, socket.family == AF_UNSPEC ? -ENOTSOCK : -EPERM);
  }
}

/// A program may hide itself from others of the same user, or we have no place for one more copy:
/// what we cannot see does not go out. Where the program named no socket at all, it was no call.
void Doorkeeper::State::refuse_unseen(const CallNotice& notice, int error)
{
  if (error == EBADF) {
    listener.answer(notice, -error);
    return;
  }
  if (listener.still_waits(notice)) {
    ++unseen;
    listener.answer(notice, error == EFAULT ? -EFAULT : -EACCES);
  }
}

void Doorkeeper::State::on_internet(const Asked& asked)
{
  switch (asked.notice.call) {
  case WatchedCall::Bind:
    on_bind(asked);
    return;
  case WatchedCall::Connect:
    on_connect(asked);
    return;
  case WatchedCall::SendTo:
  case WatchedCall::SendMessage:
  case WatchedCall::SendMessages:
    on_send(asked);
    return;
  case WatchedCall::Socket:
  case WatchedCall::SetOption:
    return;
  }
}

/// Where a program connects by a path is told, and goes on by itself: it is known there by its own
/// process number.
void Doorkeeper::State::on_unix(const CallNotice& notice,
                                const Descriptor& socket,
                                std::optional<std::size_t> program)
{
  if (notice.call == WatchedCall::Bind) {
    own_unix.note(socket);
    listener.let_go_on(notice);
    return;
  }
  const auto named = kernel::addresses_in(notice);
  if (named.hidden) {
    refuse_unseen(notice, EFAULT);
    return;
  }
  for (const auto& address : named.all) {
    const auto place = unix_place(notice.thread, address);
    if (place.kind == UnixPlace::Kind::Nothing) {
      continue;
    }
    if (place.kind == UnixPlace::Kind::Unknown) {
      refuse_unseen(notice, EACCES);
      return;
    }
    if (std::any_of(options.masked.begin(), options.masked.end(), [&](const std::string& each) {
          return lies_in(place, each);
        })) {
      listener.answer(notice, -ECONNREFUSED);
      return;
    }
    if (program && door == Door::Open && !own_unix.made(place)) {
      tries.connected(place, *program, time_of_day());
    }
  }
  listener.let_go_on(notice);
}

/// Of socketcall(2) too, done by us as it was read once: what a source route could be among is not
/// done at all.
void Doorkeeper::State::on_option(const CallNotice& notice, const Descriptor& socket)
{
  const int level = static_cast<int>(notice.arguments[1]);
  const int name = static_cast<int>(notice.arguments[2]);
  int value = 0;
  if (!is_harmless_int_option(level, name)) {
    listener.answer(notice, -EPERM);
  } else if (notice.arguments[4] < sizeof value) {
    listener.answer(notice, -EINVAL);
  } else if (!kernel::read_memory(notice.thread,
                                  notice.arguments[3],
                                  {reinterpret_cast<std::uint8_t*>(&value), sizeof value})) {
    listener.answer(notice, -EFAULT);
  } else {
    const int result = ::setsockopt(socket.get(), level, name, &value, sizeof value);
    listener.answer(notice, result == 0 ? 0 : -errno);
  }
}

/// socketcall(2) of i386: what it asked for was read once, and that is what it gets.
void Doorkeeper::State::on_new_socket(const CallNotice& notice)
{
  const int family = static_cast<int>(notice.arguments[0]);
  const int type = static_cast<int>(notice.arguments[1]);
  const int protocol = static_cast<int>(notice.arguments[2]);
  if (const int error = kernel::may_make_socket(family, type, protocol)) {
    listener.answer(notice, -error);
    return;
  }
  const Descriptor made(::socket(family, type | SOCK_CLOEXEC, protocol));
  if (made) {
    listener.give(notice, made.get(), (type & SOCK_CLOEXEC) != 0);
  } else {
    listener.answer(notice, -errno);
  }
}

void Doorkeeper::State::on_bind(const Asked& asked)
{
  const auto address = address_of(asked.notice);
  if (!address) {
    return;
  }
  const int result = ::bind(asked.socket.descriptor.get(),
                            as_sockaddr(*address),
                            static_cast<socklen_t>(address->size()));
  const int error = errno;
  if (result == 0) {
    note_own_socket(asked.socket);
  }
  listener.answer(asked.notice, result == 0 ? 0 : -error);
}

void Doorkeeper::State::note_own_socket(const BorrowedSocket& socket)
{
  if (const auto port = port_of(socket.descriptor); port != 0) {
    own.note(protocol_of(socket), port, kernel::cookie_of(socket.descriptor));
  }
}

/// Who would get it is looked up each time, since it need not be who was there last.
bool Doorkeeper::State::is_own(const Destination& destination)
{
  if (!own.had_port(destination)) {
    return false;
  }
  const auto now = steady_clock::now();
  const bool datagram = destination.protocol == IPPROTO_UDP;
  if (datagram) {
    const auto lately = own_lately.find(destination);
    if (lately != own_lately.end() && now < lately->second) {
      return true;
    }
  }
  const auto there = kernel::sockets_at(destination.protocol, destination.port);
  const bool ours = there && own.alone_get(destination, *there);
  if (ours && datagram) {
    if (own_lately.size() >= most_own_lately) {
      own_lately.clear();
    }
    own_lately.insert_or_assign(destination, now + own_stays);
  }
  return ours;
}

void Doorkeeper::State::note_asker(const Asked& asked)
{
  const auto port = port_of(asked.socket.descriptor);
  if (port != 0 && asked.program) {
    auto held = askers.lock();
    if (held->size() >= most_askers) {
      held->clear();
    }
    held->insert_or_assign({asked.socket.is_stream(), port}, *asked.program);
  }
}

/// What becomes of it; written down.
Decision Doorkeeper::State::decide(const Asked& asked, const InternetPlace& place)
{
  const auto protocol = protocol_of(asked.socket);
  const Destination destination = {.address = place.address,
                                   .protocol = protocol,
                                   .port = has_ports(protocol) ? place.port : std::uint16_t{0}};
  const auto decision = policy.decide(
      destination, [this](const Destination& here) { return is_own(here); }, door != Door::Empty);
  const auto now = time_of_day();
  if (asked.program) {
    tries.reached_for(destination, *asked.program, now);
  }
  switch (decision.fate) {
  case Fate::Pass:
    tally.lock()->note(destination, false, now);
    break;
  case Fate::Absent:
  case Fate::Nowhere:
  case Fate::PrivateDns:
    tally.lock()->note(destination, true, now);
    if (decision.party && door == Door::Open && options.on_attempt) {
      options.on_attempt({.time = now,
                          .party = *decision.party,
                          .name = options.name_of ? options.name_of(destination.address) : "",
                          .address = destination.address,
                          .port = destination.port,
                          .protocol = protocol_name(destination.protocol),
                          .program = asked.program ? book.copy_of(*asked.program) : std::nullopt});
    }
    break;
  case Fate::NameServer:  // counted there, by name
  case Fate::Here:
  case Fate::NotHere:
    break;
  }
  return decision;
}

std::optional<SocketAddress> Doorkeeper::State::name_server_for(const BorrowedSocket& socket,
                                                                net::Address meant)
{
  const auto at = decoys.loopback(socket.family, meant);
  const bool v6 = decoys.has_v6() && at == net::Address::v6(0, 1);
  const auto& ports = options.name_server;
  const auto port =
      socket.is_stream() ? (v6 ? ports.tcp_v6 : ports.tcp_v4) : (v6 ? ports.udp_v6 : ports.udp_v4);
  return port == 0 ? std::nullopt : std::optional(SocketAddress(at, port));
}

/// The one address of a connect or bind. Nothing: the call is answered.
std::optional<SocketBytes> Doorkeeper::State::address_of(const CallNotice& notice)
{
  auto named = kernel::addresses_in(notice);
  if (named.hidden) {
    refuse_unseen(notice, EFAULT);
    return std::nullopt;
  }
  if (named.all.empty()) {
    listener.answer(notice, -EFAULT);
    return std::nullopt;
  }
  return std::move(named.all.front());
}

void Doorkeeper::State::on_connect(const Asked& asked)
{
  auto wanted = address_of(asked.notice);
  if (!wanted) {
    return;
  }
  auto& address = *wanted;
  const auto named = place_named_by(address);
  const auto* place = std::get_if<InternetPlace>(&named);
  if (place == nullptr) {
    // To none (AF_UNSPEC), which ends a connection; or to something that the kernel refuses.
    connect(asked, std::move(address));
    return;
  }
  const auto decision = decide(asked, *place);
  switch (decision.fate) {
  case Fate::Pass:
    if (door != Door::Open) {
      listener.answer(asked.notice, -EPERM);
      return;
    }
    ++gone_out;
    connect(asked, std::move(address));
    return;
  case Fate::Here:
    connect(asked, std::move(address));
    return;
  case Fate::NameServer:
    if (const auto server = name_server_for(asked.socket, place->address)) {
      connect_to(asked, *server);
      return;
    }
    end_connection(asked, *place, model::Signature::Refuse);
    return;
  case Fate::Absent:
    end_connection(asked, *place, options.signature);
    return;
  case Fate::Nowhere:
    end_connection(asked, *place, model::Signature::Blackhole);
    return;
  case Fate::PrivateDns:
  case Fate::NotHere:
    end_connection(asked, *place, model::Signature::Refuse);
    return;
  }
}

void Doorkeeper::State::end_connection(const Asked& asked,
                                       const InternetPlace& place,
                                       model::Signature signature)
{
  const bool stream = asked.socket.is_stream();
  const int family = asked.socket.family;
  switch (signature) {
  case model::Signature::Refuse:
    if (stream) {
      listener.answer(asked.notice, -ECONNREFUSED);
    } else {
      connect_to(asked, decoys.closed(family, place.address));
    }
    return;
  case model::Signature::Unreachable:
    listener.answer(asked.notice, -EHOSTUNREACH);
    return;
  case model::Signature::Blackhole:
  case model::Signature::Nxdomain:  // the names do not exist; an address that is known is silent
  case model::Signature::Servfail:
  case model::Signature::Lossy:  // not offered by this engine
  case model::Signature::Slow:
  case model::Signature::Late:
  case model::Signature::TlsReset:
  case model::Signature::Denied:
    connect_to(asked,
               stream ? decoys.hanging(family, place.address)
                      : decoys.silent(family, place.address));
    return;
  }
}

/// Does the connect, on the copy, to an address that nobody can change any more.
void Doorkeeper::State::connect(const Asked& asked, SocketBytes to)
{
  const auto length = static_cast<socklen_t>(to.size());
  const auto result = connect_without_waiting(asked.socket, as_sockaddr(to), length);
  note_asker(asked);
  if (!asked.socket.is_stream()) {
    note_own_socket(asked.socket);
  }
  const bool goes_on = result == -EINPROGRESS || result == -EALREADY;
  if (!goes_on || !asked.socket.is_stream() || asked.socket.never_waits()) {
    listener.answer(asked.notice, result);
    return;
  }
  waiting.add(
      asked.notice,
      std::move(asked.socket),
      [to = std::move(to), length](const CallNotice&,
                                   BorrowedSocket& socket) -> std::optional<std::int64_t> {
        const auto now = connect_without_waiting(socket, as_sockaddr(to), length);
        return now == -EINPROGRESS || now == -EALREADY ? std::nullopt
                                                       : std::optional<std::int64_t>(now);
      },
      -EINPROGRESS);
}

void Doorkeeper::State::on_stream_send(const Asked& asked, int flags)
{
  if ((flags & MSG_FASTOPEN) != 0) {
    // A connection in one call. Programs that use it can do without.
    const auto message = kernel::read_message(asked.notice, 0);
    unseen += message.error == EFAULT ? 1 : 0;
    const auto named = place_named_by(message.address);
    const auto* place = std::get_if<InternetPlace>(&named);
    if (place != nullptr && decide(asked, *place).fate == Fate::Absent) {
      end_connection(asked, *place, options.signature);
    } else {
      listener.answer(asked.notice, -EOPNOTSUPP);
    }
    return;
  }
  sockaddr_storage peer{};
  socklen_t length = sizeof peer;
  const bool connected =
      ::getpeername(asked.socket.descriptor.get(), reinterpret_cast<sockaddr*>(&peer), &length) ==
      0;
  if (asked.notice.from_memory && !connected) {
    listener.answer(asked.notice, -EPIPE);
    return;
  }
  // Without that flag the kernel looks at no address: it goes where the socket is connected to.
  listener.let_go_on(asked.notice);
}

void Doorkeeper::State::on_send(const Asked& asked)
{
  const int flags = kernel::send_flags(asked.notice);
  if (asked.socket.is_stream()) {
    on_stream_send(asked, flags);
    return;
  }
  if ((flags & MSG_ZEROCOPY) != 0) {
    listener.answer(asked.notice, -ENOBUFS);  // programs copy then, and so do we
    return;
  }
  const auto sending = std::make_shared<Sending>();
  sending->count = kernel::count_messages(asked.notice);
  sending->many = asked.notice.call == WatchedCall::SendMessages;
  sending->flags = flags;
  sending->may_wait = (flags & MSG_DONTWAIT) == 0 && !asked.socket.never_waits();
  if (const auto result = go_on(asked, *sending)) {
    listener.answer(asked.notice, *result);
    return;
  }
  waiting.add(
      asked.notice,
      std::move(asked.socket),
      [this, program = asked.program, sending](const CallNotice& notice, BorrowedSocket& socket) {
        return go_on({notice, socket, program}, *sending);
      },
      -EAGAIN);
}

/// The rest of the messages. Gives the call's answer, or nothing where it must wait.
std::optional<std::int64_t> Doorkeeper::State::go_on(const Asked& asked, Sending& sending)
{
  while (sending.next < sending.count) {
    const auto sent = send_next(asked, sending);
    if (sent == -EAGAIN && sending.may_wait && sending.next == 0) {
      return std::nullopt;
    }
    // What went before an error counts; the error is told at the next call.
    if (sent < 0) {
      return sending.next > 0 ? static_cast<std::int64_t>(sending.next) : sent;
    }
    if (!sending.many) {
      return sent;
    }
    ++sending.next;
  }
  return static_cast<std::int64_t>(sending.next);
}

/// How many bytes went, or minus the errno.
std::int64_t Doorkeeper::State::send_next(const Asked& asked, Sending& sending)
{
  if (!sending.message) {
    auto message = kernel::read_message(asked.notice, sending.next);
    if (!listener.still_waits(asked.notice)) {
      return -EINTR;
    }
    if (message.error != 0) {
      unseen += message.error == EFAULT ? 1 : 0;  // the kernel might have read it
      return -message.error;
    }
    const auto vanished = send_one(asked, message);
    if (vanished && *vanished < 0) {
      return *vanished;
    }
    sending.vanishes = vanished.has_value();
    sending.message = std::move(message);
  }
  const auto& message = *sending.message;
  const auto sent = sending.vanishes ? static_cast<std::int64_t>(message.data.size())
                                     : send_now(asked.socket, message, sending.flags);
  if (sent < 0) {
    return sent;
  }
  note_own_socket(asked.socket);
  const auto length = static_cast<std::uint32_t>(sent);
  std::array<std::uint8_t, sizeof length> bytes{};
  std::memcpy(bytes.data(), &length, sizeof length);
  const bool told = message.length_place == 0 ||
                    kernel::write_memory(asked.notice.thread, message.length_place, bytes);
  sending.message.reset();
  return told ? sent : -EFAULT;
}

/// What becomes of one datagram. Nothing: it is to be sent, to where the message says now. 0: it
/// vanishes, as it would on the way. Else minus the errno.
std::optional<std::int64_t> Doorkeeper::State::send_one(const Asked& asked, SentMessage& message)
{
  say_family(message.address, asked.socket);
  const auto named = place_named_by(message.address);
  const auto* place = std::get_if<InternetPlace>(&named);
  if (place == nullptr) {
    return std::nullopt;  // to where it is connected; or what the kernel refuses
  }
  const auto decision = decide(asked, *place);
  switch (decision.fate) {
  case Fate::Pass:
    if (door != Door::Open) {
      return -EPERM;
    }
    ++gone_out;
    return std::nullopt;
  case Fate::Here:
    return std::nullopt;
  case Fate::NameServer:
    if (door == Door::Open && options.asks_for_living && options.asks_for_living(message.data)) {
      tally.lock()->note({.address = place->address, .protocol = IPPROTO_UDP, .port = place->port},
                         false,
                         time_of_day());
      ++gone_out;
      return std::nullopt;
    }
    if (const auto server = name_server_for(asked.socket, place->address)) {
      message.address = bytes_of(*server);
      return std::nullopt;
    }
    return 0;
  case Fate::Absent:
  case Fate::Nowhere:
  case Fate::PrivateDns:
  case Fate::NotHere:
    return 0;
  }
  return -EPERM;
}

Doorkeeper::Doorkeeper(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<Doorkeeper>> Doorkeeper::start(kernel::CallListener listener,
                                                      Options options)
{
  auto decoys = Decoys::open();
  if (!decoys) {
    return fail(decoys.error());
  }
  auto loop = EventLoop::open();
  if (!loop) {
    return fail(loop.error());
  }
  auto state = std::make_unique<State>(
      std::move(listener), std::move(options), std::move(*decoys), std::move(*loop));
  ZONDER_TRY(state->watch());
  try {
    const WithoutSignals guard;
    state->thread = std::thread([living = state.get()] { living->loop.run(); });
  } catch (const std::system_error& problem) {
    return fail(Fault::NotPossible,
                say("cannot start the thread that decides about calls: {}", problem.what()));
  }
  return std::unique_ptr<Doorkeeper>(new Doorkeeper(std::move(state)));
}

Doorkeeper::~Doorkeeper()
{
  stop();
}

void Doorkeeper::set_door(Door door)
{
  state_->door = door;
}

void Doorkeeper::begin()
{
  *state_->tally.lock() = CallTally();
  std::promise<void> done;
  state_->loop.post([this, &done] {
    state_->tries = Tries();
    state_->unseen = 0;
    done.set_value();
  });
  done.get_future().wait();
}

std::uint64_t Doorkeeper::tried(const Destination& destination, bool blocked) const
{
  return state_->tally.lock()->tried(destination, blocked);
}

std::uint64_t Doorkeeper::went_out() const
{
  return state_->gone_out;
}

std::uint64_t Doorkeeper::refused_unseen() const
{
  return state_->unseen;
}

std::optional<std::size_t> Doorkeeper::asker_from(std::uint16_t port, bool over_tcp) const
{
  const auto held = state_->askers.lock();
  const auto found = held->find({over_tcp, port});
  return found == held->end() ? std::nullopt : std::optional(found->second);
}

std::optional<model::Program> Doorkeeper::program(std::size_t place) const
{
  return state_->book.copy_of(place);
}

void Doorkeeper::stop()
{
  if (state_->thread.joinable()) {
    state_->loop.stop();
    state_->thread.join();
  }
}

const CallTally& Doorkeeper::tally() const
{
  return *state_->tally.lock();
}

const Tries& Doorkeeper::tries() const
{
  return state_->tries;
}

const ProcessBook& Doorkeeper::book() const
{
  return state_->book;
}

}  // namespace zonder::isolate
