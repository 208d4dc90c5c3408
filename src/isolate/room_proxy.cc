// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/room_proxy.hh"

#include <algorithm>
#include <utility>

#include <sys/socket.h>

#include "base/translate.hh"
#include "isolate/gateway_rules.hh"
#include "kernel/links.hh"

namespace zonder::isolate {
namespace {

/// Where it listens: one of the gateway's two addresses.
net::Address address_of(const Descriptor& socket, const RoomPlan& plan)
{
  int domain = AF_INET;
  socklen_t length = sizeof domain;
  (void)::getsockopt(socket.get(), SOL_SOCKET, SO_DOMAIN, &domain, &length);
  return domain == AF_INET6 ? plan.gateway_v6 : plan.gateway_v4;
}

ProxyRelay::Options relay_options(RoomProxy::Options& options)
{
  const auto& plan = options.plan;
  ProxyRelay::Options wanted;
  wanted.absence = options.absence;
  wanted.signature = options.signature;
  wanted.proxies = {{.host = plan.gateway_v4.to_string(),
                     .port = rules::relay_port,
                     .addresses = {plan.gateway_v4, plan.gateway_v6},
                     .party = {},
                     .on_this_machine = false}};
  wanted.own = options.own;
  wanted.own.insert(wanted.own.end(), plan.machine_addresses.begin(), plan.machine_addresses.end());
  // Of its own page and name server a device's own way is the right one; other devices are
  // nobody's.
  wanted.closed = {plan.room_net_v4, plan.room_net_v6, plan.tap_net_v4, plan.tap_net_v6};
  wanted.direct =
      ProxyRelay::Direct{.network = options.network, .device = std::move(options.device)};
  wanted.silence = options.silence;
  if (auto* const names = options.forwarder; names != nullptr) {
    wanted.look_up = [names](const net::DomainName& name,
                             std::function<void(const Forwarder::Found&)> done) {
      names->look_up(name, std::move(done));
    };
    wanted.answers_names = [names] {
      return names->answers_names();
    };
    wanted.look_up_patience = names->give_up_after() + std::chrono::seconds(2);
  }
  return wanted;
}

}  // namespace

bool RoomProxy::is_possible(model::Signature signature)
{
  return !model::hinders_only(signature) && signature != model::Signature::Denied;
}

Result<net::MacAddress> RoomProxy::card(const Descriptor& network, const RoomPlan& plan)
{
  auto links = kernel::Links::open(network.get());
  if (!links) {
    return fail(links.error());
  }
  const auto all = links->list_links();
  if (!all) {
    return fail(all.error());
  }
  const auto found = std::find_if(all->begin(), all->end(), [&](const kernel::Link& each) {
    return each.name == plan.inside_link;
  });
  if (found == all->end()) {
    return fail(Fault::Internal, tr("the room's own network has no link"));
  }
  return found->hardware;
}

Result<std::unique_ptr<RoomProxy>> RoomProxy::start(Options options)
{
  if (!is_possible(options.signature)) {
    return fail(Fault::Usage,
                say("{} cannot be made through a proxy: this room has none",
                    model::to_string(options.signature)));
  }
  std::vector<ProxyRelay::Listener> listeners;
  for (auto& socket : options.listening) {
    const InternetPlace at = {.address = address_of(socket, options.plan),
                              .port = rules::relay_port};
    listeners.push_back({.socket = std::move(socket), .at = at});
  }
  auto relay = ProxyRelay::start(relay_options(options), std::move(listeners));
  if (!relay) {
    return fail(relay.error());
  }
  return std::unique_ptr<RoomProxy>(new RoomProxy(std::move(*relay)));
}

Result<RoomProxy::Attempts> RoomProxy::attempts()
{
  const auto so_far = relay_->so_far();
  if (!so_far) {
    return fail(so_far.error());
  }
  std::vector<Asked> all;
  for (const auto& row : so_far->attempts) {
    Asked asked = {.device = {},
                   .name = row.name,
                   .address = row.address,
                   .port = row.port,
                   .party = row.party,
                   .blocked = row.verdict == model::Verdict::Blocked,
                   .count = row.count,
                   .first = row.first,
                   .last = row.last};
    auto of_nobody = asked;
    for (const auto& share : row.programs) {
      asked.device = share.program;
      asked.count = share.tries;
      asked.first = share.first;
      asked.last = share.last;
      all.push_back(asked);
      of_nobody.count -= share.tries;
    }
    if (of_nobody.count > 0) {
      all.push_back(std::move(of_nobody));
    }
  }
  std::stable_sort(
      all.begin(), all.end(), [](const auto& a, const auto& b) { return a.device < b.device; });
  return Attempts{
      .asked = std::move(all), .unlisted = so_far->unlisted, .turned_away = so_far->turned_away};
}

ProxyCounts RoomProxy::counts() const
{
  return relay_->counts().front();
}

void RoomProxy::stop()
{
  relay_->stop();
}

}  // namespace zonder::isolate
