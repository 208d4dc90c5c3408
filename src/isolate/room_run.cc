// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/room_run.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.hh"
#include "base/translate.hh"
#include "isolate/call_policy.hh"
#include "isolate/command.hh"
#include "isolate/controls.hh"
#include "isolate/cut_clock.hh"
#include "isolate/evidence.hh"
#include "isolate/forwarder.hh"
#include "isolate/gateway.hh"
#include "isolate/gateway_rules.hh"
#include "isolate/holder.hh"
#include "isolate/honest_resolver.hh"
#include "isolate/host_relay.hh"
#include "isolate/proof.hh"
#include "isolate/receiver.hh"
#include "isolate/room_evidence.hh"
#include "isolate/room_files.hh"
#include "isolate/room_plan.hh"
#include "isolate/room_proxies.hh"
#include "isolate/room_trust.hh"
#include "isolate/signals.hh"
#include "isolate/stage.hh"
#include "isolate/supervisor.hh"
#include "isolate/terminal.hh"
#include "isolate/uplink.hh"
#include "isolate/ways_out.hh"
#include "kernel/call_filter.hh"
#include "kernel/call_listener.hh"
#include "kernel/made_network.hh"
#include "kernel/namespaces.hh"
#include "kernel/nflog.hh"
#include "kernel/nft_socket.hh"
#include "trust/authority.hh"

namespace zonder::isolate {
namespace {

using std::chrono::steady_clock;

constexpr unsigned ordinary_mtu = 1500;
constexpr std::chrono::hours authority_lasts{24};

RoomProxies::Options proxies_for(const RunOptions& options,
                                 const std::vector<std::string>& client_lines)
{
  return {.told = &options.proxies,
          .absence = &options.absence,
          .signature = options.signature,
          .armed = !options.after.has_value(),
          .search = search_domains(client_lines),
          .hosts = read_file("/etc/hosts", std::size_t{1} << 24U).value_or(""),
          .allowed_ports = options.allowed_host_ports};
}

/// Before the room is made: proxies of this machine's own, of which there are sockets in it.
void plan_proxies(Stage& stage, const std::vector<std::string>& client_lines)
{
  if (!stage.options.proxies.places.empty()) {
    stage.proxies.emplace(proxies_for(stage.options, client_lines));
  }
}

RoomOrder
order_for(const Stage& stage, const FoundCommand& command, const std::vector<sock_filter>& filter)
{
  auto environment = user_environment();
  RoomOrder order;
  order.program = command.path;
  order.argv = stage.options.command;
  order.keep_descriptors = stage.options.keep_descriptors;
  const auto users = read_whole_resolv_conf("/etc/resolv.conf");
  order.files.resolv_conf =
      room_resolv_conf({stage.plan.gateway_v4, stage.plan.gateway_v6},
                       users ? users->client_lines : std::vector<std::string>());
  if (const auto nsswitch = read_file("/etc/nsswitch.conf", std::size_t{1} << 20U)) {
    order.files.nsswitch_conf = room_nsswitch_conf(*nsswitch);
  }
  order.allowed_host_ports = stage.options.allowed_host_ports;
  if (stage.proxies) {
    order.loopback_proxies = stage.proxies->at_loopback();
    set_proxy_variables(environment, stage.options.proxies.for_command);
  }
  order.files.masked = services_to_mask(variable(environment, "XDG_RUNTIME_DIR"));
  if (stage.options.strict) {
    const auto more = desktop_services(environment);
    order.files.masked.insert(order.files.masked.end(), more.begin(), more.end());
  }
  leave_out(order.files.masked, stage.options.allowed_sockets);
  if (stage.authority) {
    order.files.certificates = room_certificates(environment, stage.authority->certificate());
    trust_by_environment(environment, stage.authority->pin());
  }
  order.environment = std::move(environment);
  order.uid = ::geteuid();
  order.gid = ::getegid();
  order.as_root = stage.as_root;
  ::sigprocmask(SIG_SETMASK, nullptr, &order.signal_mask);
  order.call_filter = filter;
  return order;
}

/// Namespaces, and a packet filter in them that lets nothing pass.
Result<void> close_gateway(Stage& stage, const RoomOrder& order)
{
  const auto outside = kernel::own_namespace_id("net");
  if (!outside) {
    return fail(outside.error());
  }
  auto holder = Holder::start(stage.plan, order, stage.as_root, stage.resolver_order);
  if (!holder) {
    return fail(holder.error());
  }
  stage.holder.emplace(std::move(*holder));
  auto netfilter = stage.holder->netfilter();
  if (!netfilter) {
    return fail(netfilter.error());
  }
  const auto made = kernel::MadeNetwork::of_socket(netfilter->rules.get(), *outside);
  if (!made) {
    return fail(made.error());
  }
  auto socket = kernel::NftSocket::over(std::move(netfilter->rules), *made);
  if (!socket) {
    return fail(socket.error());
  }
  auto gateway = Gateway::close(
      std::move(*socket), stage.plan, stage.options.absence, stage.options.signature);
  if (!gateway) {
    return fail(gateway.error());
  }
  stage.gateway.emplace(std::move(*gateway));
  auto log = kernel::PacketLog::over(std::move(netfilter->log), rules::log_group);
  if (!log) {
    return fail(log.error());
  }
  stage.log.emplace(std::move(*log));
  return {};
}

Result<void> start_uplink(Stage& stage)
{
  auto uplink = isolate::start_uplink(
      stage.uplink_kind, stage.plan, stage.holder->pid(), stage.as_root, stage.teller());
  if (!uplink) {
    return fail(uplink.error());
  }
  stage.uplink = std::move(*uplink);
  stage.record.uplink = stage.uplink->name();
  return {};
}

/// Whom the room's name server asks: the user's resolvers, or the run's own.
Result<void> choose_upstream(Stage& stage, Forwarder::Options& options)
{
  if (!stage.resolver) {
    auto upstream = read_resolv_conf("/etc/resolv.conf");
    if (!upstream) {
      return fail(upstream.error());
    }
    options.upstream = std::move(*upstream);
    return {};
  }
  options.upstream = {HonestResolver::address()};
  options.socket = [&stage](int kind) {
    return stage.resolver->socket(kind);
  };
  options.families = {.v4 = stage.plan.machine_has_v4, .v6 = stage.plan.machine_has_v6};
  // Whoever asks hears what becomes of unbound's own tries, not what we think of them. It throws
  // away an answer that took longer than 1.9 seconds to find (discard-timeout, against floods), so
  // it must be asked again and again.
  options.next_try_after = std::chrono::milliseconds(1000);
  options.give_up_after = std::chrono::seconds(60);
  return {};
}

/// Of a name that fails, and of a request to a proxy.
std::function<void(model::Sighting, std::optional<std::size_t>)> sighting_teller(const Stage& stage)
{
  if (!stage.options.on_attempt) {
    return {};
  }
  return [&stage](model::Sighting sighting, std::optional<std::size_t> program) {
    const auto* supervisor = stage.watching.load();
    if (program && supervisor != nullptr) {
      sighting.program = supervisor->program(*program);
    }
    stage.options.on_attempt(sighting);
  };
}

void start_name_server(Stage& stage, Holder::Built& built)
{
  Forwarder::Options options;
  options.absence = &stage.options.absence;
  options.signature = stage.options.signature;
  options.show_names = stage.options.show_names;
  if (const auto tell = sighting_teller(stage)) {
    options.on_failed_name = [tell](std::size_t party, const std::string& name, auto asker) {
      tell({.time = std::chrono::system_clock::now(),
            .party = party,
            .name = name,
            .address = {},
            .port = 0,
            .protocol = "dns",
            .program = {}},
           asker);
    };
  }
  if (const auto chosen = choose_upstream(stage, options); !chosen) {
    stage.no_forwarder = chosen.error().message;
    return;
  }
  options.armed = !stage.options.after.has_value();
  options.asker = [&stage](std::uint16_t port, bool over_tcp) -> std::optional<std::size_t> {
    const auto* supervisor = stage.watching.load();
    return supervisor != nullptr ? supervisor->asker_from(port, over_tcp) : std::nullopt;
  };
  auto forwarder =
      Forwarder::start(std::move(options), std::move(built.dns_udp), std::move(built.dns_tcp));
  if (!forwarder) {
    stage.no_forwarder = forwarder.error().message;
    return;
  }
  stage.forwarder = std::move(*forwarder);
}

Result<void> open_proxies(Stage& stage, Holder::Built& built, const std::vector<net::Address>& own)
{
  if (!stage.proxies) {
    built.relay.clear();
    return {};
  }
  return stage.proxies->open({.gateway = &*stage.gateway,
                              .forwarder = stage.forwarder.get(),
                              .relay = std::move(built.relay),
                              .at_loopback = std::move(built.loopback_proxies),
                              .own = own,
                              .asker = [&stage](std::uint16_t port) -> std::optional<std::size_t> {
                                const auto* supervisor = stage.watching.load();
                                return supervisor != nullptr ? supervisor->take_asker_of_proxy(port)
                                                             : std::nullopt;
                              },
                              .on_attempt = sighting_teller(stage),
                              .tell = stage.teller()});
}

/// Everything up to the moment that the command may start; what was proved is in the record.
Result<void> prepare(Stage& stage, const RoomOrder& order)
{
  const auto& absence = stage.options.absence;
  auto& proof = stage.record.proof;
  ZONDER_TRY(close_gateway(stage, order));
  ZONDER_TRY(start_uplink(stage));  // it starts while we build
  auto built = stage.holder->build();
  if (!built) {
    return fail(built.error());
  }
  // A packet without a route would die before it meets a rule, and prove nothing.
  ZONDER_TRY(stage.uplink->wait_until_ready());
  ZONDER_TRY(stage.holder->connect_uplink());

  const auto canaries = choose_canaries(absence, stage.options.canary_limit);
  proof.canaries_possible = possible_canaries(absence);
  ZONDER_TRY(try_while_empty(*stage.gateway, built->probes, absence, canaries, proof));
  ZONDER_TRY(stage.gateway->load_sets());
  ZONDER_TRY(try_canaries(*stage.gateway, built->probes, absence, canaries, proof));

  stage.unix_table = std::move(built->unix_table);
  const auto ready = stage.holder->room().expect("ready");
  if (!ready) {
    return fail(ready.error());
  }
  ZONDER_TRY(stage.gateway->open(!stage.options.after.has_value()));
  ZONDER_TRY(stage.uplink->check(built->probes));
  if (stage.plan.resolver) {
    stage.resolver.emplace(stage.holder->take_resolver());
    ZONDER_TRY(stage.resolver->wait_until_ready());
  }
  start_name_server(stage, *built);
  if (!built->host_ports.empty()) {
    auto relay = HostRelay::start(std::move(built->host_ports));
    if (!relay) {
      return fail(relay.error());
    }
    stage.host_relay = std::move(*relay);
  }
  if (model::is_answered(stage.options.signature)) {
    auto receiver =
        Receiver::start(std::move(built->reception), std::exchange(stage.authority, std::nullopt));
    if (!receiver) {
      return fail(receiver.error());
    }
    stage.receiver = std::move(*receiver);
  }
  built->reception.clear();
  auto links = kernel::Links::open();
  const auto own =
      links ? links->list_addresses() : Result<std::vector<net::Address>>(fail(links.error()));
  if (!own) {
    return fail(own.error());
  }
  ZONDER_TRY(open_proxies(stage, *built, *own));
  try_controls(stage.options.controls,
               *own,
               way_of(built->probes, stage.plan),
               stage.forwarder.get(),
               stage.no_forwarder,
               absence,
               proof);
  return {};
}

/// Whether it is the namespaces themselves that this machine does not let us make.
bool namespaces_are_forbidden(bool as_root)
{
  return !kernel::start_in_new_namespaces({.user = !as_root, .network = true}, [] { return 0; });
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

Result<void> let_fall_away(Stage& stage)
{
  if (stage.forwarder) {
    stage.forwarder->arm();
  }
  if (stage.proxies) {
    ZONDER_TRY(stage.proxies->arm());
  }
  ZONDER_TRY(stage.gateway->cut());
  stage.absent_now = true;
  if (stage.supervisor) {
    stage.supervisor->turn();
  }
  stage.record.absent_from = std::chrono::system_clock::now();
  if (stage.options.on_cut) {
    stage.options.on_cut(*stage.record.absent_from);
  }
  stage.tell(say("from now on without {}", stage.options.absence.selector));
  return {};
}

void look_after_uplink(Stage& stage)
{
  if (!stage.record.uplink_died && !stage.uplink->works()) {
    stage.record.uplink_died = true;
    stage.tell(
        say("the uplink ({}) died: the command has no network any more", stage.record.uplink));
  }
}

void look_after_resolver(Stage& stage)
{
  auto& died = stage.record.dns.resolver_died;
  if (stage.resolver && !died && !stage.resolver->works()) {
    died = true;
    stage.tell(say("unbound died: no name can be looked up in the room any more"));
  }
}

/// Until the command has ended: its wait status. Errors: what makes it unsafe to go on.
Result<int> watch(Stage& stage, const Signals& signals, int command)
{
  CutClock clock(stage.options.after);
  for (;;) {
    std::array<pollfd, 5> ready = {
        pollfd{.fd = signals.descriptor(), .events = POLLIN, .revents = 0},
        pollfd{.fd = stage.holder->room().descriptor(), .events = POLLIN, .revents = 0},
        pollfd{.fd = stage.log->descriptor(), .events = POLLIN, .revents = 0},
        pollfd{.fd = stage.record.uplink_died ? -1 : stage.uplink->ended(),
               .events = POLLIN,
               .revents = 0},
        // Its sockets come over the same channel, in another thread: only its end is looked for.
        pollfd{.fd =
                   !stage.resolver || stage.record.dns.resolver_died ? -1 : stage.resolver->ended(),
               .events = 0,
               .revents = 0}};
    if (::poll(ready.data(), ready.size(), clock.milliseconds_left()) < 0 && errno != EINTR) {
      return fail(Fault::Internal, say("cannot wait: {}", std::strerror(errno)));
    }
    if (clock.strikes()) {
      ZONDER_TRY(let_fall_away(stage));
    }
    if (ready[0].revents != 0) {
      signals.pass_on(command);
    }
    if (ready[2].revents != 0) {
      read_log(stage);
    }
    if (ready[3].revents != 0) {
      look_after_uplink(stage);
    }
    if (ready[4].revents != 0) {
      look_after_resolver(stage);
    }
    if (ready[1].revents != 0) {
      const auto notice = stage.holder->room().receive();
      // Nothing: the room itself was killed, and the command with it.
      if (!notice || notice->word != "ended") {
        return SIGKILL;
      }
      const auto others = notice->rest.find(' ');
      stage.record.ended_with_it =
          others == std::string::npos ? 0 : std::strtoull(&notice->rest[others], nullptr, 10);
      return std::atoi(notice->rest.c_str());
    }
  }
}

/// Tells of calls that name an address whose packets the gateway stops, or hinders.
Supervisor::OnReach attempt_teller(const Stage& stage)
{
  if (!stage.options.on_attempt) {
    return {};
  }
  const auto party_of_stand_in = [&stage](net::Address address) -> std::optional<std::size_t> {
    return stage.forwarder ? stage.forwarder->party_of(address) : std::nullopt;
  };
  return [&stage, policy = CallPolicy(stage.options.absence, {}, party_of_stand_in)](
             const Destination& destination, const model::Program& program) {
    const auto decision = policy.decide(destination, {}, stage.absent_now);
    if (decision.party) {
      const auto name =
          stage.forwarder ? stage.forwarder->name_of(destination.address) : std::nullopt;
      stage.options.on_attempt({.time = std::chrono::system_clock::now(),
                                .party = *decision.party,
                                .name = name.value_or(""),
                                .address = destination.address,
                                .port = destination.port,
                                .protocol = protocol_name(destination.protocol),
                                .program = program});
    }
  };
}

/// The command waits before its first step until it is known who looks at its calls.
Result<void> watch_calls(Stage& stage)
{
  auto notice = stage.holder->room().receive();
  if (!notice) {
    return fail(notice.error());
  }
  auto& record = stage.record;
  if (notice->word == "watched" && notice->descriptors.size() == 1) {
    auto supervisor =
        Supervisor::start(kernel::CallListener(std::move(notice->descriptors.front())),
                          attempt_teller(stage),
                          stage.proxies ? stage.proxies->places() : std::vector<InternetPlace>(),
                          std::move(stage.unix_table));
    if (!supervisor) {
      return fail(supervisor.error());
    }
    stage.supervisor = std::move(*supervisor);
    stage.watching = stage.supervisor.get();
    return {};
  }
  const int error = std::atoi(notice->rest.c_str());
  record.attribution = error == EBUSY ? model::Attribution::Outer : model::Attribution::NotPossible;
  record.not_attributed =
      error == EBUSY
          ? say("this run is inside another one (or a program that watches calls); what that one "
                "reports says which program asked")
          : say("the kernel does not let zonder see which program asks: {}", std::strerror(error));
  stage.tell(record.not_attributed);
  return {};
}

/// Starts the command and stays with it to its end.
Result<void> run_command(Stage& stage)
{
  auto before = stage.gateway->begin();
  if (!before) {
    return fail(before.error());
  }
  stage.before = std::move(*before);
  stage.asked_before = stage.forwarder ? stage.forwarder->questions() : std::vector<Question>();
  read_log(stage);
  stage.times = {};

  const Terminal terminal;
  const Signals signals;
  stage.absent_now = !stage.options.after.has_value();
  stage.record.started = std::chrono::system_clock::now();
  if (stage.options.on_start) {
    stage.options.on_start(stage.record);
  }
  const auto clock = steady_clock::now();
  ZONDER_TRY(stage.holder->room().send("go"));
  ZONDER_TRY(watch_calls(stage));
  auto answer = stage.holder->room().receive();
  if (!answer) {
    return fail(answer.error());
  }
  if (answer->word == "failed") {
    const auto refused =
        refused_by_exec(stage.options.command.front(), std::atoi(answer->rest.c_str()));
    stage.record.exit_code = refused.exit_code;
    stage.record.not_started = refused.problem;
    return {};
  }
  const int command = answer->descriptors.empty() ? -1 : answer->descriptors.front().get();
  const auto status = watch(stage, signals, command);
  terminal.take_back();
  look_after_uplink(stage);
  look_after_resolver(stage);
  if (!status) {
    return fail(status.error());
  }
  stage.record.seconds = steady_clock::now() - clock;
  stage.record.exit_code = WIFSIGNALED(*status) ? 128 + WTERMSIG(*status) : WEXITSTATUS(*status);
  return {};
}

}  // namespace

Result<void> check_for_room(const RunOptions& options)
{
  if (options.proxies.places.empty()) {
    return {};
  }
  const auto& allowed = options.allowed_host_ports;
  for (const auto& place : RoomProxies(proxies_for(options, {})).at_loopback()) {
    if (std::find(allowed.begin(), allowed.end(), place.port) != allowed.end()) {
      return fail(Fault::Usage,
                  say("--allow-host {} would let the command reach a proxy that is to be seen "
                      "through: leave it out, the proxy is reached all the same",
                      place.port));
    }
  }
  return {};
}

Result<model::RunRecord> run_in_room(const RunOptions& options,
                                     bool as_root,
                                     const FoundCommand& command,
                                     model::RunRecord record)
{
  const auto plan = plan_for_this_machine();
  if (!plan) {
    return fail(plan.error());
  }
  Stage stage{.options = options, .plan = *plan, .as_root = as_root, .record = std::move(record)};
  if (model::hinders_only(options.signature)) {
    stage.plan.mtu = ordinary_mtu;  // packets as they are outside: losing 64 kB at once is not real
  }
  if (options.signature == model::Signature::Late) {
    stage.plan.late = std::chrono::milliseconds(model::late_milliseconds);
  }
  if (options.dns == model::DnsMode::Honest) {
    plan_for_resolver(stage.plan);
    auto resolver = order_resolver(stage.plan, options.root_hints, stage.as_root);
    if (!resolver) {
      return fail(resolver.error());
    }
    stage.resolver_order = std::move(*resolver);
  }
  if (!stage.as_root && takes_rights_of_another(command.path, ::geteuid())) {
    stage.tell(
        say("{} is a setuid program: in an ordinary user's room it gets no rights but yours; "
            "for it, run zonder itself as root",
            command.path));
  }
  const auto uplink = choose_uplink(options.uplink, stage.plan, stage.as_root, stage.teller());
  if (!uplink) {
    return fail(uplink.error());
  }
  stage.uplink_kind = *uplink;
  if (options.mode == model::FailureMode::Revoked) {
    auto authority = trust::Authority::make("zonder run, for an exercise", authority_lasts);
    if (!authority) {
      return fail(authority.error());
    }
    stage.authority.emplace(std::move(*authority));
  }
  const auto filter = kernel::make_call_filter();
  if (!filter) {
    return fail(filter.error());
  }
  const auto users = read_whole_resolv_conf("/etc/resolv.conf");
  plan_proxies(stage, users ? users->client_lines : std::vector<std::string>());
  const auto order = order_for(stage, command, *filter);
  if (auto prepared = prepare(stage, order); !prepared) {
    return fail(with_remedy(std::move(prepared).error(), stage.as_root));
  }
  if (!options.absence.parties.empty()) {
    ZONDER_TRY(judge(stage.record.proof, options.unproved, stage.teller()));
  }
  ZONDER_TRY(run_command(stage));
  ZONDER_TRY(collect_evidence(stage));
  return std::move(stage.record);
}

}  // namespace zonder::isolate
