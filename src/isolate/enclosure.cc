// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/enclosure.hh"

#include <chrono>
#include <utility>

#include "base/file.hh"
#include "base/translate.hh"
#include "isolate/controls.hh"
#include "isolate/gateway_rules.hh"
#include "isolate/proof.hh"
#include "isolate/resolv_conf.hh"
#include "isolate/uplink_program.hh"
#include "kernel/made_network.hh"
#include "kernel/namespaces.hh"
#include "kernel/nft_socket.hh"

namespace zonder::isolate {
namespace {

constexpr unsigned ordinary_mtu = 1500;
constexpr std::chrono::hours authority_lasts{24};

/// Whether it is the namespaces themselves that this machine does not let us make.
bool namespaces_are_forbidden(bool as_root)
{
  return !kernel::start_in_new_namespaces({.user = !as_root, .network = true}, [] { return 0; });
}

}  // namespace

Result<Enclosure> Enclosure::plan_for(const CutOptions& options, bool as_root)
{
  const auto plan = plan_for_this_machine();
  if (!plan) {
    return fail(plan.error());
  }
  Enclosure enclosure{.options = options, .plan = *plan, .as_root = as_root};
  if (model::hinders_only(options.signature)) {
    // Packets as they are outside: losing 64 kB at once is not real.
    enclosure.plan.mtu = ordinary_mtu;
  }
  if (options.signature == model::Signature::Late) {
    enclosure.plan.late = std::chrono::milliseconds(model::late_milliseconds);
  }
  if (options.dns == model::DnsMode::Honest) {
    plan_for_resolver(enclosure.plan);
    auto resolver = order_resolver(enclosure.plan, options.root_hints, as_root);
    if (!resolver) {
      return fail(resolver.error());
    }
    enclosure.resolver_order = std::move(*resolver);
  }
  const auto uplink = choose_uplink(options.uplink, enclosure.plan, as_root, options.teller());
  if (!uplink) {
    return fail(uplink.error());
  }
  enclosure.uplink_kind = *uplink;
  if (options.mode == model::FailureMode::Revoked) {
    auto authority = trust::Authority::make("zonder run, for an exercise", authority_lasts);
    if (!authority) {
      return fail(authority.error());
    }
    enclosure.authority.emplace(std::move(*authority));
  }
  return enclosure;
}

/// Rules of a network that the holder made.
Result<kernel::NftSocket> Enclosure::rules_in(Descriptor socket) const
{
  const auto outside = kernel::own_namespace_id("net");
  if (!outside) {
    return fail(outside.error());
  }
  const auto made = kernel::MadeNetwork::of_socket(socket.get(), *outside);
  if (!made) {
    return fail(made.error());
  }
  return kernel::NftSocket::over(std::move(socket), *made);
}

Result<void> Enclosure::close_gateway(const RoomOrder& order)
{
  auto started = Holder::start(plan, order, as_root, resolver_order);
  if (!started) {
    return fail(started.error());
  }
  holder.emplace(std::move(*started));
  auto netfilter = holder->netfilter();
  if (!netfilter) {
    return fail(netfilter.error());
  }
  auto socket = rules_in(std::move(netfilter->rules));
  if (!socket) {
    return fail(socket.error());
  }
  auto closed = Gateway::close(std::move(*socket), plan, options.absence, options.signature);
  if (!closed) {
    return fail(closed.error());
  }
  gateway.emplace(std::move(*closed));
  auto opened = kernel::PacketLog::over(std::move(netfilter->log), rules::log_group);
  if (!opened) {
    return fail(opened.error());
  }
  log.emplace(std::move(*opened));
  return {};
}

/// The gateway's own, or that of the relay before it, which then passes TCP on.
Result<Descriptor> Enclosure::network_of_uplink()
{
  if (!plan.relay) {
    return kernel::open_namespace(holder->pid(), "net");
  }
  ZONDER_TRY(require_tun(uplink_kind == UplinkKind::Pasta ? "pasta" : "slirp4netns"));
  auto made = holder->make_relay();
  if (!made) {
    return fail(made.error());
  }
  auto socket = rules_in(std::move(made->rules));
  if (!socket) {
    return fail(socket.error());
  }
  if (const auto ends = socket->commit(relay_rules(plan, true)); !ends) {
    ZONDER_TRY(socket->commit(relay_rules(plan, false)));
    options.teller()(say("TCP goes by the uplink itself, which is slow: {}", ends.error().message));
  }
  auto network = std::move(made->network);
  auto started = TcpRelay::start({.router_v4 = plan.relay->here_v4,
                                  .router_v6 = plan.relay->here_v6,
                                  .closed = {plan.tap_net_v4, plan.tap_net_v6}},
                                 std::move(*made));
  if (!started) {
    return fail(started.error());
  }
  relay = std::move(*started);
  return network;
}

Result<Holder::Built> Enclosure::build(const RoomOrder& order)
{
  ZONDER_TRY(close_gateway(order));
  const auto network = network_of_uplink();
  if (!network) {
    return fail(network.error());
  }
  // It starts while we build.
  auto started = start_uplink(uplink_kind,
                              plan,
                              {.holder = holder->pid(), .network = network->get()},
                              as_root,
                              options.teller());
  if (!started) {
    return fail(started.error());
  }
  uplink = std::move(*started);
  auto built = holder->build();
  if (!built) {
    return built;
  }
  // A packet without a route would die before it meets a rule, and prove nothing.
  ZONDER_TRY(uplink->wait_until_ready());
  ZONDER_TRY(holder->connect_uplink());

  const auto& absence = options.absence;
  const auto canaries = choose_canaries(absence, options.canary_limit);
  proof.canaries_possible = possible_canaries(absence);
  ZONDER_TRY(try_while_empty(*gateway, built->probes, absence, canaries, proof));
  ZONDER_TRY(gateway->load_sets());
  ZONDER_TRY(isolate::try_canaries(*gateway, built->probes, absence, canaries, proof));
  return built;
}

bool Enclosure::has_way_out()
{
  if (uplink->works()) {
    return true;
  }
  if (relay) {
    relay->stop();
  }
  return false;
}

Result<void> Enclosure::open(Probes& probes, bool absent_now)
{
  ZONDER_TRY(gateway->open(absent_now));
  ZONDER_TRY(uplink->check(probes));
  if (plan.resolver) {
    resolver.emplace(holder->take_resolver());
    ZONDER_TRY(resolver->wait_until_ready());
  }
  return {};
}

/// Whom the name server asks: the user's resolvers, or the run's own.
Result<void> Enclosure::choose_upstream(Forwarder::Options& forwarder_options)
{
  if (!resolver) {
    auto upstream = read_resolv_conf("/etc/resolv.conf");
    if (!upstream) {
      return fail(upstream.error());
    }
    forwarder_options.upstream = std::move(*upstream);
    return {};
  }
  forwarder_options.upstream = {HonestResolver::address()};
  forwarder_options.socket = [this](int kind) {
    return resolver->socket(kind);
  };
  forwarder_options.families = {.v4 = plan.machine_has_v4, .v6 = plan.machine_has_v6};
  // Whoever asks hears what becomes of unbound's own tries, not what we think of them. It throws
  // away an answer that took longer than 1.9 seconds to find (discard-timeout, against floods), so
  // it must be asked again and again.
  forwarder_options.next_try_after = std::chrono::milliseconds(1000);
  forwarder_options.give_up_after = std::chrono::seconds(60);
  return {};
}

Result<void> Enclosure::serve(Holder::Built& built, bool absent_now, Listeners listeners)
{
  Forwarder::Options wanted;
  wanted.absence = &options.absence;
  wanted.signature = options.signature;
  wanted.show_names = options.show_names;
  wanted.armed = absent_now;
  wanted.asker = std::move(listeners.asker);
  wanted.on_failed_name = std::move(listeners.on_failed_name);
  const auto chosen = choose_upstream(wanted);
  auto started =
      chosen
          ? Forwarder::start(std::move(wanted), std::move(built.dns_udp), std::move(built.dns_tcp))
          : Result<std::unique_ptr<Forwarder>>(fail(chosen.error()));
  if (started) {
    forwarder = std::move(*started);
  } else {
    no_forwarder = started.error().message;
  }
  if (model::is_answered(options.signature)) {
    auto answering =
        Receiver::start(std::move(built.reception), std::exchange(authority, std::nullopt));
    if (!answering) {
      return fail(answering.error());
    }
    receiver = std::move(*answering);
  }
  built.reception.clear();
  return {};
}

void Enclosure::try_controls(Probes& probes, const std::vector<net::Address>& own)
{
  isolate::try_controls(options.controls,
                        own,
                        way_of(probes, plan),
                        forwarder.get(),
                        no_forwarder,
                        options.absence,
                        proof);
}

/// Where AppArmor lets us make a user namespace and then do nothing in it, whatever comes next
/// fails with words that do not tell; the remedy is said here.
Error with_remedy(Error error, bool as_root)
{
  const auto restricted = read_file("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 16);
  const std::string profile = "/etc/apparmor.d/zonder";
  if (!as_root && restricted && restricted->substr(0, 1) == "1" &&
      error.message.find(profile) == std::string::npos) {
    error.message += say("; AppArmor restricts user namespaces here: install zonder's profile {}, "
                         "or run as root",
                         profile);
  }
  if (namespaces_are_forbidden(as_root)) {
    error.message += say("; --engine seccomp needs no namespaces, but is weaker: it cuts the "
                         "command's calls, not its packets");
  }
  return error;
}

}  // namespace zonder::isolate
