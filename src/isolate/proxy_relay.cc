// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/proxy_relay.hh"

#include <algorithm>
#include <cerrno>
#include <future>
#include <system_error>
#include <thread>
#include <utility>

#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/translate.hh"
#include "base/without_signals.hh"
#include "isolate/event_loop.hh"
#include "isolate/original_destination.hh"
#include "isolate/proxy_connection.hh"
#include "isolate/proxy_steps.hh"
#include "isolate/socket_address.hh"

namespace zonder::isolate {
namespace {

constexpr std::chrono::milliseconds pause_of_listeners{100};

}  // namespace

/// Lives in the relay's thread, but for its ends.
struct ProxyRelay::State {
  State(Options given, EventLoop opened)
      : options(std::move(given)), loop(std::move(opened)), steps(options, loop)
  {
  }

  void on_accept(const Listener& listener);
  void pause();
  [[nodiscard]] std::optional<std::size_t> proxy_at(const InternetPlace& place) const;

  const Options options;
  EventLoop loop;
  ProxySteps steps;
  std::vector<std::unique_ptr<Listener>> listeners;
  std::vector<EventLoop::Token> listening;
  bool paused = false;
  bool stopped = false;
  std::thread thread;
};

void ProxyRelay::State::on_accept(const Listener& listener)
{
  for (;;) {
    Descriptor socket(
        ::accept4(listener.socket.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket) {
      if (is_short_of_means(errno)) {
        pause();
      }
      return;
    }
    const auto place = listener.at ? listener.at : original_destination(socket);
    const auto proxy = place ? proxy_at(*place) : std::nullopt;
    if (proxy) {
      steps.take(*proxy, place->address, std::move(socket));
    } else {
      reset_at_close(socket);
    }
  }
}

/// A connection that cannot be taken stays where it is, and would wake us without end.
void ProxyRelay::State::pause()
{
  if (std::exchange(paused, true)) {
    return;
  }
  ++steps.account.waited;
  for (const auto token : listening) {
    loop.change(token, 0);
  }
  loop.after(pause_of_listeners, [this] {
    paused = false;
    for (const auto token : listening) {
      loop.change(token, EPOLLIN);
    }
  });
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
    state->listening.push_back(*token);
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
    state_->steps.cut_everything_absent();
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
    state_->steps.names.stop();
    state_->loop.stop();
    state_->thread.join();
    state_->steps.connections.clear();
    state_->listeners.clear();
  }
}

std::vector<model::Attempt> ProxyRelay::attempts() const
{
  return state_->steps.account.attempts(*state_->options.absence);
}

std::vector<ProxyRelay::Counts> ProxyRelay::counts() const
{
  return state_->steps.account.counts();
}

std::uint64_t ProxyRelay::unlisted() const
{
  return state_->steps.account.unlisted;
}

std::uint64_t ProxyRelay::turned_away() const
{
  return state_->steps.account.turned_away;
}

std::uint64_t ProxyRelay::waited() const
{
  return state_->steps.account.waited;
}

}  // namespace zonder::isolate
