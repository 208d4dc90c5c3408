// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/proxy_relay.hh"

#include <algorithm>
#include <future>
#include <system_error>
#include <thread>
#include <utility>

#include "base/translate.hh"
#include "base/without_signals.hh"
#include "isolate/event_loop.hh"
#include "isolate/listeners.hh"
#include "isolate/original_destination.hh"
#include "isolate/proxy_steps.hh"
#include "kernel/namespaces.hh"

namespace zonder::isolate {
/// Lives in the relay's thread, but for its ends.
struct ProxyRelay::State {
  State(Options given, EventLoop opened)
      : options(std::move(given)), loop(std::move(opened)), steps(options, loop), listeners(loop)
  {
  }

  [[nodiscard]] Result<void> begin() const;
  void take(const std::optional<InternetPlace>& at, Descriptor socket);
  [[nodiscard]] std::optional<std::size_t> proxy_at(const InternetPlace& place) const;

  const Options options;
  EventLoop loop;
  ProxySteps steps;
  Listeners listeners;
  bool stopped = false;
  std::thread thread;
};

/// In its thread, where its sockets outward will be made.
Result<void> ProxyRelay::State::begin() const
{
  return options.direct ? kernel::enter_namespace(options.direct->network) : Result<void>();
}

void ProxyRelay::State::take(const std::optional<InternetPlace>& at, Descriptor socket)
{
  const auto place = at ? at : original_destination(socket);
  const auto proxy = place ? proxy_at(*place) : std::nullopt;
  if (proxy) {
    steps.take(*proxy, place->address, std::move(socket));
  } else {
    reset_at_close(socket);
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
    ZONDER_TRY(state->listeners.add(std::move(each.socket),
                                    [living = state.get(), at = each.at](Descriptor socket) {
                                      living->take(at, std::move(socket));
                                    }));
  }
  std::promise<Result<void>> begun;
  try {
    const WithoutSignals guard;
    state->thread = std::thread([living = state.get(), &begun] {
      const auto there = living->begin();
      begun.set_value(there);
      if (there) {
        living->loop.run();
      }
    });
  } catch (const std::system_error& problem) {
    return fail(Fault::NotPossible,
                say("cannot start the thread that sees through proxies: {}", problem.what()));
  }
  if (const auto there = begun.get_future().get(); !there) {
    state->thread.join();
    return fail(there.error());
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
    state_->listeners.take_all();
    state_->steps.count_all_unread();
    state_->steps.connections.clear();
    state_->listeners.close();
  }
}

std::vector<model::Attempt> ProxyRelay::attempts() const
{
  return state_->steps.account.attempts(*state_->options.absence);
}

Result<ProxyRelay::SoFar> ProxyRelay::so_far()
{
  const auto look = [this] {
    return SoFar{.attempts = attempts(), .unlisted = unlisted(), .turned_away = turned_away()};
  };
  if (state_->stopped) {
    return look();
  }
  const auto promise = std::make_shared<std::promise<SoFar>>();
  auto answer = promise->get_future();
  state_->loop.post([look, promise] { promise->set_value(look()); });
  if (answer.wait_for(std::chrono::seconds(5)) != std::future_status::ready) {
    return fail(Fault::Internal, say("the thread that sees through proxies does not answer"));
  }
  return answer.get();
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
  return state_->listeners.rests();
}

std::uint64_t ProxyRelay::not_remembered() const
{
  return state_->steps.names.not_remembered();
}

}  // namespace zonder::isolate
