// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/receiver.hh"

#include <array>
#include <cerrno>
#include <chrono>
#include <map>
#include <string>
#include <system_error>
#include <thread>
#include <tuple>
#include <utility>
#include <variant>

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/translate.hh"
#include "base/without_signals.hh"
#include "isolate/event_loop.hh"
#include "isolate/http_refusal.hh"
#include "isolate/listeners.hh"
#include "isolate/original_destination.hh"
#include "isolate/tls_end.hh"
#include "isolate/tries.hh"
#include "wire/http/request.hh"
#include "wire/tls/client_hello.hh"

namespace zonder::isolate {
namespace {

namespace http = wire::http;
namespace tls = wire::tls;
using model::Reception;

constexpr std::size_t most_connections = 500;
constexpr std::size_t most_rows = 20000;
constexpr std::size_t most_bytes = 131072;  // of one connection, until it was answered
constexpr std::size_t most_drained = 1U << 20U;
constexpr std::chrono::seconds patience{10};  // from the first packet to a whole request
// A request's body is read to its end, since closing on it would take the answer away again.
constexpr std::chrono::seconds drained_for{2};

struct Connection {
  Descriptor socket;
  EventLoop::Token token = 0;
  EventLoop::Timer deadline{};
  InternetPlace place{.address = net::Address::v4(0)};
  std::string name;
  std::string in;  // in the clear, or until it is known what this is
  std::string out;
  std::unique_ptr<TlsEnd> tls;
  std::size_t taken = 0;  // bytes
  bool answered = false;  // only the rest of the request is to come
  bool told_all = false;
};

struct Row {
  std::string name;
  net::Address address;
  std::uint16_t port = 0;
  Reception how = Reception::Reset;
  unsigned status = 0;
  auto operator<=>(const Row&) const = default;
};

}  // namespace

/// Lives in the receiver's thread, but for its ends.
struct Receiver::State {
  explicit State(EventLoop opened) : loop(std::move(opened)), listeners(loop) {}

  void take(Descriptor socket);
  void on_event(std::uint64_t number, std::uint32_t events);
  void hear(std::uint64_t number, std::string_view bytes);
  void hear_first(std::uint64_t number);
  void hear_tls(std::uint64_t number, std::string_view bytes);
  void hear_request(std::uint64_t number);
  void answer(std::uint64_t number, const http::Request& request);
  void on_silence(std::uint64_t number);
  bool tell(Connection& connection);
  void note(const Connection& connection, Reception how, unsigned status = 0);
  void end(std::uint64_t number, Reception how);
  void close(std::uint64_t number, bool with_reset);
  void hear_the_last();

  EventLoop loop;
  Listeners listeners;
  std::optional<TlsServer> server;
  std::map<std::uint64_t, Connection> connections;
  std::uint64_t next = 1;
  std::map<Row, std::uint64_t> rows;
  std::uint64_t not_kept = 0;
  bool stopped = false;
  std::thread thread;
};

void Receiver::State::take(Descriptor socket)
{
  const auto place = original_destination(socket);
  if (!place || connections.size() >= most_connections) {
    not_kept += place ? 1U : 0U;
    reset_at_close(socket);
    return;
  }
  const auto number = next++;
  auto& connection = connections[number];
  connection.place = *place;
  connection.socket = std::move(socket);
  const auto token = loop.watch(
      connection.socket.get(), EPOLLIN, [this, number](EventLoop::Token, std::uint32_t events) {
        on_event(number, events);
      });
  if (!token) {
    ++not_kept;
    close(number, true);
    return;
  }
  connection.token = *token;
  connection.deadline = loop.after(patience, [this, number] { on_silence(number); });
}

void Receiver::State::on_event(std::uint64_t number, std::uint32_t /*events*/)
{
  std::array<char, 16384> bytes{};
  // What was heard may have ended the connection.
  for (auto found = connections.find(number); found != connections.end();
       found = connections.find(number)) {
    const auto got = ::recv(found->second.socket.get(), bytes.data(), bytes.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
      break;
    }
    if (got <= 0) {
      on_silence(number);
      return;
    }
    hear(number, {bytes.data(), static_cast<std::size_t>(got)});
    // Before anything else is heard: the next may be the end.
    found = connections.find(number);
    if (found != connections.end() && !tell(found->second)) {
      on_silence(number);
      return;
    }
  }
  const auto found = connections.find(number);
  if (found != connections.end() && !tell(found->second)) {
    on_silence(number);
  }
}

void Receiver::State::hear(std::uint64_t number, std::string_view bytes)
{
  auto& connection = connections.at(number);
  connection.taken += bytes.size();
  if (connection.taken > (connection.answered ? most_drained : most_bytes)) {
    end(number, Reception::NotUnderstood);
    return;
  }
  if (connection.answered) {
    return;
  }
  if (connection.tls) {
    hear_tls(number, bytes);
    return;
  }
  connection.in += bytes;
  hear_first(number);
}

/// It is TLS, HTTP, or neither, and with the first byte we know which.
void Receiver::State::hear_first(std::uint64_t number)
{
  auto& connection = connections.at(number);
  const auto* start = reinterpret_cast<const std::uint8_t*>(connection.in.data());
  const auto read = tls::read_client_hello({start, connection.in.size()});
  if (const auto* hello = std::get_if<tls::ClientHello>(&read)) {
    connection.name = hello->server_name;
    if (!server) {
      end(number, Reception::Reset);
      return;
    }
    auto end_of_ours = server->take(connection.name.empty() ? connection.place.address.to_string()
                                                            : connection.name);
    if (!end_of_ours) {
      end(number, Reception::BrokenOff);
      return;
    }
    connection.tls = std::move(*end_of_ours);
    hear_tls(number, std::exchange(connection.in, {}));
    return;
  }
  switch (std::get<tls::NoHello>(read)) {
  case tls::NoHello::More:
    return;
  case tls::NoHello::NotTls:
    if (server) {
      hear_request(number);
      return;
    }
    break;
  case tls::NoHello::Malformed:
    break;
  }
  end(number, Reception::NotUnderstood);
}

void Receiver::State::hear_tls(std::uint64_t number, std::string_view bytes)
{
  auto& connection = connections.at(number);
  connection.in += connection.tls->take_in(bytes);
  connection.out += connection.tls->take_out();
  switch (connection.tls->state()) {
  case TlsEnd::State::Distrusted:
    end(number, Reception::NotTestable);
    return;
  case TlsEnd::State::Failed:
    (void)tell(connection);  // the alert that says why
    end(number, Reception::BrokenOff);
    return;
  case TlsEnd::State::Handshake:
  case TlsEnd::State::Open:
  case TlsEnd::State::Closed:
    break;
  }
  if (!connection.in.empty()) {
    hear_request(number);
  } else if (connection.tls->state() == TlsEnd::State::Closed) {
    end(number, Reception::SaidNothing);
  }
}

void Receiver::State::hear_request(std::uint64_t number)
{
  const auto read = http::read_request(connections.at(number).in);
  if (const auto* request = std::get_if<http::Request>(&read)) {
    answer(number, *request);
  } else if (std::get<http::NoRequest>(read) != http::NoRequest::More) {
    end(number, Reception::NotUnderstood);
  }
}

void Receiver::State::answer(std::uint64_t number, const http::Request& request)
{
  auto& connection = connections.at(number);
  if (connection.name.empty()) {
    connection.name = request.host;
  }
  const auto refusal = refuse_request(request);
  if (connection.tls) {
    connection.tls->say_last(refusal.response);
    connection.out += connection.tls->take_out();
  } else {
    connection.out += refusal.response;
  }
  connection.answered = true;
  connection.taken = 0;
  note(connection, Reception::Answered, refusal.status);
  loop.cancel(connection.deadline);
  connection.deadline = loop.after(drained_for, [this, number] { on_silence(number); });
}

/// The client has ended, or says nothing for too long.
void Receiver::State::on_silence(std::uint64_t number)
{
  const auto found = connections.find(number);
  if (found == connections.end()) {
    return;
  }
  const auto& connection = found->second;
  const bool nothing = connection.in.empty();
  if (connection.answered) {
    close(number, false);
  } else if (connection.tls && connection.tls->state() == TlsEnd::State::Handshake) {
    end(number, Reception::BrokenOff);
  } else {
    end(number, nothing ? Reception::SaidNothing : Reception::NotUnderstood);
  }
}

/// False: the connection is broken.
bool Receiver::State::tell(Connection& connection)
{
  while (!connection.out.empty()) {
    const auto sent =
        ::send(connection.socket.get(), connection.out.data(), connection.out.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno != EAGAIN && errno != EINTR) {
        return false;
      }
      loop.change(connection.token, EPOLLIN | EPOLLOUT);
      return true;
    }
    connection.out.erase(0, static_cast<std::size_t>(sent));
  }
  loop.change(connection.token, EPOLLIN);
  if (connection.answered && !std::exchange(connection.told_all, true)) {
    (void)::shutdown(connection.socket.get(), SHUT_WR);
  }
  return true;
}

void Receiver::State::note(const Connection& connection, Reception how, unsigned status)
{
  const Row row{.name = connection.name,
                .address = connection.place.address,
                .port = connection.place.port,
                .how = how,
                .status = status};
  const auto known = rows.find(row);
  if (known != rows.end()) {
    ++known->second;
  } else if (rows.size() < most_rows) {
    rows.emplace(row, 1);
  } else {
    ++not_kept;
  }
}

/// Of one that was not answered.
void Receiver::State::end(std::uint64_t number, Reception how)
{
  const auto& connection = connections.at(number);
  if (!connection.answered) {
    note(connection, how);
  }
  // An alert that was sent is not to be overtaken by a reset.
  close(number, how != Reception::BrokenOff);
}

void Receiver::State::close(std::uint64_t number, bool with_reset)
{
  const auto found = connections.find(number);
  if (found == connections.end()) {
    return;
  }
  auto& connection = found->second;
  if (with_reset) {
    reset_at_close(connection.socket);
  }
  loop.cancel(connection.deadline);
  if (connection.token != 0) {
    loop.forget(connection.token);
  }
  connections.erase(found);
}

/// The command has ended: what it said last lies in the sockets.
void Receiver::State::hear_the_last()
{
  listeners.take_all();
  std::vector<std::uint64_t> numbers;
  for (const auto& [number, connection] : connections) {
    numbers.push_back(number);
  }
  for (const auto number : numbers) {
    on_event(number, EPOLLIN);
    on_silence(number);
  }
}

Receiver::Receiver(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<Receiver>> Receiver::start(std::vector<Descriptor> listeners,
                                                  std::optional<trust::Authority> authority)
{
  auto loop = EventLoop::open();
  if (!loop) {
    return fail(loop.error());
  }
  auto state = std::make_unique<State>(std::move(*loop));
  if (authority) {
    auto server = TlsServer::make(std::move(*authority));
    if (!server) {
      return fail(server.error());
    }
    state->server.emplace(std::move(*server));
  }
  for (auto& listener : listeners) {
    ZONDER_TRY(state->listeners.add(std::move(listener), [living = state.get()](Descriptor socket) {
      living->take(std::move(socket));
    }));
  }
  try {
    const WithoutSignals guard;
    state->thread = std::thread([living = state.get()] { living->loop.run(); });
  } catch (const std::system_error& problem) {
    return fail(Fault::NotPossible,
                say("cannot start the thread that answers for the absent: {}", problem.what()));
  }
  return std::unique_ptr<Receiver>(new Receiver(std::move(state)));
}

Receiver::~Receiver()
{
  stop();
}

void Receiver::stop()
{
  if (!std::exchange(state_->stopped, true)) {
    state_->loop.stop();
    state_->thread.join();
    state_->hear_the_last();
  }
}

std::vector<model::Received> Receiver::received() const
{
  std::vector<model::Received> all;
  for (const auto& [row, count] : state_->rows) {
    all.push_back({.name = row.name,
                   .address = row.address,
                   .port = row.port,
                   .how = row.how,
                   .status = row.status,
                   .count = count,
                   .programs = {}});
  }
  return all;
}

std::uint64_t Receiver::not_kept() const
{
  return state_->not_kept;
}

}  // namespace zonder::isolate
