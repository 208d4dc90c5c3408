// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/page_names.hh"

#include <span>
#include <system_error>
#include <thread>
#include <utility>

#include "base/translate.hh"
#include "base/without_signals.hh"
#include "isolate/event_loop.hh"
#include "isolate/room_clients.hh"
#include "wire/dns/answer.hh"
#include "wire/dns/message.hh"

namespace zonder::isolate {

namespace dns = wire::dns;

struct PageNames::State {
  State(EventLoop opened, net::Address page_v4, net::Address page_v6)
      : loop(std::move(opened)), v4(page_v4), v6(page_v6)
  {
  }

  bool answer(const RoomClients::Client& client, std::span<const std::uint8_t> query)
  {
    const auto asked = dns::parse_query(query);
    if (!asked) {
      return false;
    }
    constexpr std::uint32_t not_to_be_kept = 0;
    const auto type = asked->question.type;
    const auto bytes = type == dns::type::a      ? dns::answer_address(query, v4, not_to_be_kept)
                       : type == dns::type::aaaa ? dns::answer_address(query, v6, not_to_be_kept)
                                                 : dns::answer_empty(query, dns::Rcode::NoError);
    if (bytes) {
      clients.answer(client, *bytes);
    }
    return true;
  }

  EventLoop loop;
  net::Address v4;
  net::Address v6;
  RoomClients clients{loop, [this](const auto& client, auto query) {
                        return answer(client, query);
                      }};
  std::thread thread;
};

PageNames::PageNames(std::unique_ptr<State> state) : state_(std::move(state)) {}

PageNames::~PageNames()
{
  if (state_->thread.joinable()) {
    state_->loop.stop();
    state_->thread.join();
  }
}

Result<std::unique_ptr<PageNames>> PageNames::start(net::Address page_v4,
                                                    net::Address page_v6,
                                                    std::vector<Descriptor> udp,
                                                    std::vector<Descriptor> tcp)
{
  auto loop = EventLoop::open();
  if (!loop) {
    return fail(loop.error());
  }
  auto state = std::make_unique<State>(std::move(*loop), page_v4, page_v6);
  for (auto& socket : udp) {
    ZONDER_TRY(state->clients.add_udp(std::move(socket)));
  }
  for (auto& socket : tcp) {
    ZONDER_TRY(state->clients.add_tcp(std::move(socket)));
  }
  try {
    const WithoutSignals guard;
    state->thread = std::thread([living = state.get()] { living->loop.run(); });
  } catch (const std::system_error& problem) {
    return fail(Fault::NotPossible,
                say("cannot start the thread that answers names: {}", problem.what()));
  }
  return std::unique_ptr<PageNames>(new PageNames(std::move(state)));
}

}  // namespace zonder::isolate
