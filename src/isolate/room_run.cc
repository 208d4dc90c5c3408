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

#include "base/boot_clock.hh"
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
      room_resolv_conf({stage.enclosure.plan.gateway_v4, stage.enclosure.plan.gateway_v6},
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
  if (stage.enclosure.authority) {
    order.files.certificates =
        room_certificates(environment, stage.enclosure.authority->certificate());
    trust_by_environment(environment, stage.enclosure.authority->pin());
  }
  order.environment = std::move(environment);
  order.uid = ::geteuid();
  order.gid = ::getegid();
  order.as_root = stage.enclosure.as_root;
  ::sigprocmask(SIG_SETMASK, nullptr, &order.signal_mask);
  order.call_filter = filter;
  return order;
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

Result<void> open_proxies(Stage& stage, Holder::Built& built, const std::vector<net::Address>& own)
{
  if (!stage.proxies) {
    built.relay.clear();
    return {};
  }
  return stage.proxies->open({.gateway = &*stage.enclosure.gateway,
                              .forwarder = stage.enclosure.forwarder.get(),
                              .relay = std::move(built.relay),
                              .at_loopback = std::move(built.loopback_proxies),
                              .own = own,
                              .asker = [&stage](std::uint16_t port) -> std::optional<std::size_t> {
                                const auto* supervisor = stage.watching.load();
                                return supervisor != nullptr ? supervisor->take_asker_of_proxy(port)
                                                             : std::nullopt;
                              },
                              .on_attempt = sighting_teller(stage),
                              .tell = stage.options.teller()});
}

/// Told who asks for names, by the port that the question comes from.
Enclosure::Listeners listeners_of(const Stage& stage)
{
  Enclosure::Listeners listeners;
  if (const auto tell = sighting_teller(stage)) {
    listeners.on_failed_name = [tell](std::size_t party, const std::string& name, auto asker) {
      tell({.time = time_of_day(),
            .party = party,
            .name = name,
            .address = {},
            .port = 0,
            .protocol = "dns",
            .program = {}},
           asker);
    };
  }
  listeners.asker = [&stage](const NameClient& client) -> std::optional<std::size_t> {
    const auto* supervisor = stage.watching.load();
    return supervisor != nullptr ? supervisor->asker_from(client.at.port, client.over_tcp)
                                 : std::nullopt;
  };
  return listeners;
}

/// Everything up to the moment that the command may start; what was proved is in the record.
Result<void> prepare(Stage& stage, const RoomOrder& order)
{
  auto& enclosure = stage.enclosure;
  const bool absent_now = !stage.options.after.has_value();
  auto built = enclosure.build(order);
  if (!built) {
    return fail(built.error());
  }
  stage.unix_table = std::move(built->unix_table);
  stage.record.uplink = enclosure.uplink->name();
  const auto ready = enclosure.holder->room().expect("ready");
  if (!ready) {
    return fail(ready.error());
  }
  ZONDER_TRY(enclosure.open(built->probes, absent_now));
  if (!built->host_ports.empty()) {
    auto relay = HostRelay::start(std::move(built->host_ports));
    if (!relay) {
      return fail(relay.error());
    }
    stage.host_relay = std::move(*relay);
  }
  ZONDER_TRY(enclosure.serve(*built, absent_now, listeners_of(stage)));
  auto links = kernel::Links::open();
  const auto own =
      links ? links->list_addresses() : Result<std::vector<net::Address>>(fail(links.error()));
  if (!own) {
    return fail(own.error());
  }
  ZONDER_TRY(open_proxies(stage, *built, *own));
  enclosure.try_controls(built->probes, *own);
  stage.record.proof = enclosure.proof;
  return {};
}

Result<void> let_fall_away(Stage& stage)
{
  if (stage.enclosure.forwarder) {
    stage.enclosure.forwarder->arm();
  }
  if (stage.proxies) {
    ZONDER_TRY(stage.proxies->arm());
  }
  ZONDER_TRY(stage.enclosure.gateway->cut());
  stage.absent_now = true;
  if (stage.supervisor) {
    stage.supervisor->turn();
  }
  stage.record.absent_from = time_of_day();
  if (stage.options.on_cut) {
    stage.options.on_cut(*stage.record.absent_from);
  }
  stage.options.tell(say("from now on without {}", stage.options.absence.selector));
  return {};
}

void look_after_uplink(Stage& stage)
{
  if (!stage.record.uplink_died && !stage.enclosure.has_way_out()) {
    stage.record.uplink_died = true;
    stage.options.tell(
        say("the uplink ({}) died: the command has no network any more", stage.record.uplink));
  }
}

void look_after_resolver(Stage& stage)
{
  auto& died = stage.record.dns.resolver_died;
  if (stage.enclosure.resolver && !died && !stage.enclosure.resolver->works()) {
    died = true;
    stage.options.tell(say("unbound died: no name can be looked up in the room any more"));
  }
}

/// Until the command has ended: its wait status. Errors: what makes it unsafe to go on.
Result<int> watch(Stage& stage, const Signals& signals, int command)
{
  CutClock clock(stage.options.after);
  for (;;) {
    std::array<pollfd, 5> ready = {
        pollfd{.fd = signals.descriptor(), .events = POLLIN, .revents = 0},
        pollfd{.fd = stage.enclosure.holder->room().descriptor(), .events = POLLIN, .revents = 0},
        pollfd{.fd = stage.enclosure.log->descriptor(), .events = POLLIN, .revents = 0},
        pollfd{.fd = stage.record.uplink_died ? -1 : stage.enclosure.uplink->ended(),
               .events = POLLIN,
               .revents = 0},
        // Its sockets come over the same channel, in another thread: only its end is looked for.
        pollfd{.fd = !stage.enclosure.resolver || stage.record.dns.resolver_died
                         ? -1
                         : stage.enclosure.resolver->ended(),
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
      const auto notice = stage.enclosure.holder->room().receive();
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
    return stage.enclosure.forwarder ? stage.enclosure.forwarder->party_of(address) : std::nullopt;
  };
  return [&stage, policy = CallPolicy(stage.options.absence, {}, party_of_stand_in)](
             const Destination& destination, const model::Program& program) {
    const auto decision = policy.decide(destination, {}, stage.absent_now);
    if (decision.party) {
      const auto name = stage.enclosure.forwarder
                            ? stage.enclosure.forwarder->name_of(destination.address)
                            : std::nullopt;
      stage.options.on_attempt({.time = time_of_day(),
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
  auto notice = stage.enclosure.holder->room().receive();
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
  stage.options.tell(record.not_attributed);
  return {};
}

/// Starts the command and stays with it to its end.
Result<void> run_command(Stage& stage)
{
  auto before = stage.enclosure.gateway->begin();
  if (!before) {
    return fail(before.error());
  }
  stage.before = std::move(*before);
  stage.asked_before =
      stage.enclosure.forwarder ? stage.enclosure.forwarder->questions() : std::vector<Question>();
  read_log(stage);
  stage.times = {};

  const Terminal terminal;
  const Signals signals;
  stage.absent_now = !stage.options.after.has_value();
  stage.record.started = time_of_day();
  if (stage.options.on_start) {
    stage.options.on_start(stage.record);
  }
  const auto clock = steady_clock::now();
  ZONDER_TRY(stage.enclosure.holder->room().send("go"));
  ZONDER_TRY(watch_calls(stage));
  auto answer = stage.enclosure.holder->room().receive();
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
  auto enclosure = Enclosure::plan_for(options, as_root);
  if (!enclosure) {
    return fail(enclosure.error());
  }
  Stage stage{.options = options, .record = std::move(record), .enclosure = std::move(*enclosure)};
  if (!as_root && takes_rights_of_another(command.path, ::geteuid())) {
    options.tell(
        say("{} is a setuid program: in an ordinary user's room it gets no rights but yours; "
            "for it, run zonder itself as root",
            command.path));
  }
  const auto filter = kernel::make_call_filter();
  if (!filter) {
    return fail(filter.error());
  }
  const auto users = read_whole_resolv_conf("/etc/resolv.conf");
  plan_proxies(stage, users ? users->client_lines : std::vector<std::string>());
  const auto order = order_for(stage, command, *filter);
  if (auto prepared = prepare(stage, order); !prepared) {
    return fail(with_remedy(std::move(prepared).error(), as_root));
  }
  if (!options.absence.parties.empty()) {
    ZONDER_TRY(judge(stage.record.proof, options.unproved, options.teller()));
  }
  ZONDER_TRY(run_command(stage));
  ZONDER_TRY(collect_evidence(stage));
  return std::move(stage.record);
}

}  // namespace zonder::isolate
