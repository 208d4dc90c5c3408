// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "web/server.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>
#include <tuple>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http.hpp>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/translate.hh"
#include "base/without_signals.hh"
#include "web/target.hh"

// Asio's own default arguments are written so, and the compiler sees them where they are used.
#pragma GCC diagnostic ignored "-Wzero-as-null-pointer-constant"

namespace zonder::web {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

struct Endpoint {
  net::Address address = net::Address::v4(0);
  std::uint16_t port = 0;
};

std::optional<Endpoint> endpoint_of(const sockaddr_storage& storage)
{
  if (storage.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &storage, sizeof v4);
    return Endpoint{net::Address::v4(ntohl(v4.sin_addr.s_addr)), ntohs(v4.sin_port)};
  }
  if (storage.ss_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &storage, sizeof v6);
    return Endpoint{net::Address::from_bytes(net::Family::V6, v6.sin6_addr.s6_addr),
                    ntohs(v6.sin6_port)};
  }
  return std::nullopt;
}

std::optional<Endpoint> own_end(int socket)
{
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  return ::getsockname(socket, reinterpret_cast<sockaddr*>(&storage), &length) == 0
             ? endpoint_of(storage)
             : std::nullopt;
}

tcp protocol_of(int socket)
{
  int domain = AF_INET;
  socklen_t length = sizeof domain;
  ::getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &domain, &length);
  return domain == AF_INET6 ? tcp::v6() : tcp::v4();
}

bool is_listening(int socket)
{
  int listens = 0;
  socklen_t length = sizeof listens;
  return ::getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) == 0 && listens != 0 &&
         own_end(socket);
}

/// A sentence instead of a page.
Response sentence(unsigned status, const char* translated)
{
  return {.status = status,
          .type = "text/plain; charset=utf-8",
          .body = std::string(translated) + "\n"};
}

Response malformed()
{
  return sentence(400, tr("This request cannot be read."));
}

/// What is said where reading ended so; nothing where there is nobody to say it to.
std::optional<Response> refusal_of(error_code problem)
{
  if (problem == http::error::end_of_stream ||
      problem.category() != make_error_code(http::error::end_of_stream).category()) {
    return std::nullopt;
  }
  if (problem == http::error::body_limit) {
    return sentence(413, tr("What was sent is too long."));
  }
  if (problem == http::error::header_limit || problem == http::error::buffer_overflow) {
    return sentence(431, tr("The head of this request is too long."));
  }
  return malformed();
}

bool is_clean(std::string_view value)
{
  return std::none_of(
      value.begin(), value.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

using BeastResponse = http::response<http::string_body>;

/// Throws where a value would become more than a value.
void set(BeastResponse& response, const std::string& name, const std::string& value)
{
  if (!is_clean(name) || !is_clean(value)) {
    throw std::invalid_argument("a line end in the header " + name);
  }
  response.set(name, value);
}

BeastResponse as_sent(const Response& response)
{
  BeastResponse sent;
  sent.result(response.status);
  const std::pair<const char*, const char*> always[] = {
      {"Cache-Control", "no-store"},
      {"Referrer-Policy", "no-referrer"},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
      {"Cross-Origin-Resource-Policy", "same-origin"}};
  for (const auto& [name, value] : always) {
    sent.set(name, value);
  }
  set(sent, "Content-Security-Policy", response.policy.empty() ? default_policy : response.policy);
  set(sent, "Content-Type", response.type);
  if (!response.location.empty()) {
    set(sent, "Location", response.location);
  }
  for (const auto& [name, value] : response.headers) {
    set(sent, name, value);
  }
  sent.body() = response.body;
  return sent;
}

/// Which is closed first when there are too many.
enum class Phase {
  Idle,     // nothing was asked yet
  Leaving,  // all is said; what still comes is thrown away, so that what was said arrives
  Reading,  // a request has begun
  Answering
};

}  // namespace

struct Server::State {
  class Connection;
  struct Listener {
    explicit Listener(asio::io_context& context) : acceptor(context), again(context) {}
    tcp::acceptor acceptor;
    asio::steady_timer again;  // while no descriptor can be had
  };

  State(Handler answers, Limits may) : handler(std::move(answers)), limits(may) {}

  Result<void> add(Descriptor socket);
  void await(Listener& listener);
  void accept_from(Listener& listener);
  void take_in(Descriptor socket, const Endpoint& from);
  void make_place(const Endpoint& from);
  void close_one_of(const std::function<bool(const Connection&)>& these);
  void forget(const Connection* connection);
  void watch();
  void close_what_is_late();
  void close_all();

  asio::io_context context{1};
  asio::steady_timer watch_timer{context};
  bool watching = false;
  bool stopping = false;
  Handler handler;
  Limits limits;
  std::vector<std::unique_ptr<Listener>> listeners;
  std::vector<std::shared_ptr<Connection>> connections;
  std::thread thread;
};

/// One browser's. Each step goes on in the next when the system says so; close() ends them all.
class Server::State::Connection : public std::enable_shared_from_this<Connection> {
public:
  Connection(State& state, tcp::socket socket, Endpoint from, Endpoint to)
      : state_(state), socket_(std::move(socket)), from_(from), to_(to)
  {
  }

  [[nodiscard]] Phase phase() const { return phase_; }
  [[nodiscard]] Clock::time_point since() const { return since_; }
  [[nodiscard]] const net::Address& client() const { return from_.address; }
  [[nodiscard]] bool is_late(Clock::time_point now) const { return now >= deadline_; }

  void await_request()
  {
    enter(Phase::Idle, state_.limits.idle);
    if (buffer_.size() > 0) {
      read_head();  // it was sent along with the last
      return;
    }
    socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](error_code problem) {
      self->go_on(problem, &Connection::read_head);
    });
  }

  void close()
  {
    error_code ignored;
    socket_.close(ignored);
    state_.forget(this);
  }

private:
  void enter(Phase phase, std::chrono::milliseconds lasts)
  {
    phase_ = phase;
    since_ = Clock::now();
    deadline_ = since_ + lasts;
  }

  void go_on(error_code problem, void (Connection::*next)())
  {
    if (problem) {
      close();
    } else if (socket_.is_open()) {
      (this->*next)();
    }
  }

  void read_head()
  {
    enter(Phase::Reading, state_.limits.request);
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(state_.limits.header));
    parser_->body_limit(state_.limits.body);
    http::async_read_header(
        socket_, buffer_, *parser_, [self = shared_from_this()](error_code problem, std::size_t) {
          self->read_on(problem, &Connection::look_at_head);
        });
  }

  void read_on(error_code problem, void (Connection::*next)())
  {
    if (!socket_.is_open()) {
      return;
    }
    if (!problem) {
      (this->*next)();
    } else if (const auto refusal = refusal_of(problem)) {
      send(*refusal, false);
    } else {
      close();
    }
  }

  void look_at_head()
  {
    const auto& head = parser_->get();
    // Where it ends is not known then, nor where the next begins.
    const bool other_coding = head.count(http::field::transfer_encoding) > 0 && !parser_->chunked();
    if (other_coding || head.count(http::field::host) > 1) {
      send(malformed(), false);
    } else if (boost::beast::iequals(head[http::field::expect], "100-continue") &&
               !parser_->is_done()) {
      static constexpr std::string_view go_ahead = "HTTP/1.1 100 Continue\r\n\r\n";
      asio::async_write(socket_,
                        asio::buffer(go_ahead.data(), go_ahead.size()),
                        [self = shared_from_this()](error_code problem, std::size_t) {
                          self->go_on(problem, &Connection::read_body);
                        });
    } else {
      read_body();
    }
  }

  void read_body()
  {
    if (parser_->is_done()) {
      answer();
      return;
    }
    http::async_read(
        socket_, buffer_, *parser_, [self = shared_from_this()](error_code problem, std::size_t) {
          self->read_on(problem, &Connection::answer);
        });
  }

  /// The request as the handler sees it, or what is wrong with it.
  std::optional<Response> read_request(Request& request) const
  {
    const auto& read = parser_->get();
    const auto text = [](boost::beast::string_view view) {
      return std::string(view.data(), view.size());
    };
    auto target = read_target(text(read.target()), text(read[http::field::host]));
    if (!target || (read.version() >= 11 && read.count(http::field::host) == 0)) {
      return malformed();
    }
    if (!read.body().empty()) {
      const auto type = text(read[http::field::content_type]);
      const auto kind = std::string_view(type).substr(0, type.find_first_of("; \t"));
      if (!boost::beast::iequals(boost::beast::string_view(kind.data(), kind.size()),
                                 "application/x-www-form-urlencoded")) {
        return sentence(415, tr("Only forms are read here."));
      }
      auto form = read_form(read.body(), {.value = state_.limits.body});
      if (!form) {
        return sentence(400, tr("This form cannot be read."));
      }
      request.form = std::move(*form);
    }
    request.method = text(read.method_string());
    request.path = std::move(target->path);
    request.query = read_form(target->query).value_or(Form());
    request.host = std::move(target->host);
    request.language = text(read[http::field::accept_language]);
    request.from = from_.address;
    request.port = from_.port;
    request.to = to_.address;
    return std::nullopt;
  }

  void answer()
  {
    enter(Phase::Answering, state_.limits.answer);
    Request request;
    if (const auto refusal = read_request(request)) {
      send(*refusal, false);
      return;
    }
    const bool keep = parser_->get().keep_alive();
    try {
      send(state_.handler(request), keep);
    } catch (...) {
      send(sentence(500, tr("Something went wrong here; try again.")), keep);
    }
  }

  void send(const Response& response, bool keep)
  {
    response_ = as_sent(response);
    enter(Phase::Answering, state_.limits.answer);
    keep_ = keep && ++answered_ < state_.limits.requests;
    const auto& asked = parser_->get();
    response_.version(asked.version() == 10 ? 10 : 11);
    response_.keep_alive(keep_);
    const bool has_body =
        response.status >= 200 && response.status != 204 && response.status != 304;
    if (has_body) {
      response_.content_length(response_.body().size());
    }
    serializer_.emplace(response_);
    const auto done = [self = shared_from_this()](error_code problem, std::size_t) {
      self->go_on(problem, self->keep_ ? &Connection::await_request : &Connection::leave);
    };
    if (asked.method() == http::verb::head || !has_body) {
      http::async_write_header(socket_, *serializer_, done);
    } else {
      http::async_write(socket_, *serializer_, done);
    }
  }

  /// To close while something that came is unread would make the system take back what was said.
  void leave()
  {
    enter(Phase::Leaving, std::chrono::seconds(1));
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    throw_away();
  }

  void throw_away()
  {
    constexpr std::size_t patience = 1U << 20U;
    socket_.async_read_some(
        asio::buffer(waste_), [self = shared_from_this()](error_code problem, std::size_t count) {
          self->thrown_away_ += count;
          const bool enough = self->thrown_away_ > patience;
          self->go_on(problem, enough ? &Connection::close : &Connection::throw_away);
        });
  }

  State& state_;
  tcp::socket socket_;
  Endpoint from_;
  Endpoint to_;
  Phase phase_ = Phase::Idle;
  Clock::time_point since_;
  Clock::time_point deadline_;
  bool keep_ = false;
  std::size_t answered_ = 0;
  std::size_t thrown_away_ = 0;
  std::array<char, 1024> waste_{};
  boost::beast::flat_buffer buffer_{2 * (state_.limits.header + state_.limits.body)};
  std::optional<http::request_parser<http::string_body>> parser_;
  BeastResponse response_;
  std::optional<http::response_serializer<http::string_body>> serializer_;
};

Result<void> Server::State::add(Descriptor socket)
{
  if (!is_listening(socket.get()) || ::fcntl(socket.get(), F_SETFL, O_NONBLOCK) != 0) {
    return fail(Fault::Internal, tr("a page's server was given a socket that does not listen"));
  }
  auto listener = std::make_unique<Listener>(context);
  error_code problem;
  listener->acceptor.assign(protocol_of(socket.get()), socket.get(), problem);
  if (problem) {
    return fail(Fault::NotPossible, say("cannot serve pages: {}", problem.message()));
  }
  (void)socket.release();  // the acceptor has it
  await(*listener);
  listeners.push_back(std::move(listener));
  return {};
}

void Server::State::await(Listener& listener)
{
  listener.acceptor.async_wait(tcp::acceptor::wait_read, [this, &listener](error_code problem) {
    if (!problem && !stopping) {
      accept_from(listener);
    }
  });
}

void Server::State::accept_from(Listener& listener)
{
  constexpr int at_a_time = 64;  // what is open gets its turn too
  for (int i = 0; i < at_a_time; ++i) {
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    Descriptor socket(::accept4(listener.acceptor.native_handle(),
                                reinterpret_cast<sockaddr*>(&storage),
                                &length,
                                SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (const auto from = socket ? endpoint_of(storage) : std::nullopt) {
      take_in(std::move(socket), *from);
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      // It stays in the system's queue, which would say so again at once.
      listener.again.expires_after(std::chrono::milliseconds(100));
      listener.again.async_wait([this, &listener](error_code problem) {
        if (!problem && !stopping) {
          await(listener);
        }
      });
      return;
    } else if (errno == EAGAIN) {
      break;
    }
  }
  await(listener);
}

void Server::State::take_in(Descriptor socket, const Endpoint& from)
{
  const auto to = own_end(socket.get());
  tcp::socket taken(context);
  error_code problem;
  taken.assign(protocol_of(socket.get()), socket.get(), problem);
  if (problem || !to) {
    return;
  }
  (void)socket.release();  // `taken` has it
  make_place(from);
  connections.push_back(std::make_shared<Connection>(*this, std::move(taken), from, *to));
  connections.back()->await_request();
  watch();
}

void Server::State::make_place(const Endpoint& from)
{
  const auto is_theirs = [&](const Connection& each) {
    return each.client() == from.address;
  };
  const auto theirs = std::count_if(
      connections.begin(), connections.end(), [&](const auto& each) { return is_theirs(*each); });
  if (static_cast<std::size_t>(theirs) >= limits.per_client) {
    close_one_of(is_theirs);
  } else if (connections.size() >= limits.connections) {
    close_one_of([](const Connection&) { return true; });
  }
}

void Server::State::close_one_of(const std::function<bool(const Connection&)>& these)
{
  const auto rank = [&](const auto& each) {
    return std::tuple(!these(*each), each->phase(), each->since());
  };
  const auto first = std::ranges::min_element(connections, {}, rank);
  if (first != connections.end()) {
    const auto held = *first;
    held->close();
  }
}

void Server::State::forget(const Connection* connection)
{
  std::erase_if(connections, [&](const auto& each) { return each.get() == connection; });
}

void Server::State::watch()
{
  if (watching || stopping || connections.empty()) {
    return;
  }
  watching = true;
  watch_timer.expires_after(std::chrono::milliseconds(200));
  watch_timer.async_wait([this](error_code) {
    watching = false;
    close_what_is_late();
    watch();
  });
}

void Server::State::close_what_is_late()
{
  const auto now = Clock::now();
  const auto held = connections;
  for (const auto& each : held) {
    if (each->is_late(now)) {
      each->close();
    }
  }
}

void Server::State::close_all()
{
  stopping = true;
  error_code ignored;
  for (const auto& each : listeners) {
    each->acceptor.close(ignored);
    each->again.cancel();
  }
  const auto held = connections;
  for (const auto& each : held) {
    each->close();
  }
  watch_timer.cancel();
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Server::~Server()
{
  stop();
}

void Server::stop()
{
  if (state_->thread.joinable()) {
    asio::post(state_->context, [this] { state_->close_all(); });
    state_->thread.join();
  }
}

Result<std::unique_ptr<Server>>
Server::start(std::vector<Descriptor> listening, Handler handler, Limits limits)
{
  try {
    auto state = std::make_unique<State>(std::move(handler), limits);
    for (auto& socket : listening) {
      ZONDER_TRY(state->add(std::move(socket)));
    }
    const WithoutSignals guard;
    state->thread = std::thread([living = state.get()] { living->context.run(); });
    return std::unique_ptr<Server>(new Server(std::move(state)));
  } catch (const std::system_error& problem) {  // Asio's are such too
    return fail(Fault::NotPossible, say("cannot serve pages: {}", problem.what()));
  }
}

}  // namespace zonder::web
