// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/call_run.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <memory>
#include <optional>

#include <netinet/in.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/boot_clock.hh"
#include "base/file.hh"
#include "base/translate.hh"
#include "isolate/call_proof.hh"
#include "isolate/controls.hh"
#include "isolate/decoys.hh"
#include "isolate/descendants.hh"
#include "isolate/doorkeeper.hh"
#include "isolate/evidence.hh"
#include "isolate/forwarder.hh"
#include "isolate/keeper.hh"
#include "isolate/name_policy.hh"
#include "isolate/proof.hh"
#include "isolate/resolv_conf.hh"
#include "isolate/room_files.hh"
#include "isolate/signals.hh"
#include "isolate/terminal.hh"
#include "isolate/ways_out.hh"
#include "kernel/call_filter.hh"
#include "kernel/links.hh"
#include "kernel/socket_filter.hh"
#include "wire/dns/message.hh"

namespace zonder::isolate {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds end_patience{5000};

/// Whatever loses its parent while this lives becomes ours, and ends with it; what was there before
/// is spared.
class Orphanage {
public:
  Orphanage() : before_(children_of_ours()), was_so_(adopt_orphans(true)) {}
  ~Orphanage()
  {
    (void)end_descendants(before_, end_patience);
    (void)adopt_orphans(was_so_);
  }
  Orphanage(const Orphanage&) = delete;
  Orphanage& operator=(const Orphanage&) = delete;
  Orphanage(Orphanage&&) = delete;
  Orphanage& operator=(Orphanage&&) = delete;

private:
  std::vector<pid_t> before_;
  bool was_so_;
};

/// Our own name server's sockets on this machine's loopback.
struct NameSockets {
  std::vector<Descriptor> udp;
  std::vector<Descriptor> tcp;
  Doorkeeper::Options::NameServer ports;
};

/// Everything that lives while a command runs. Taken down in reverse order of the members.
struct Stage {
  const RunOptions& options;
  model::RunRecord record;
  Orphanage orphanage;
  std::optional<Keeper> keeper;
  NameSockets sockets;
  std::unique_ptr<Forwarder> forwarder;
  std::string no_forwarder;  // why there is none
  std::unique_ptr<Doorkeeper> doorkeeper;
  std::vector<Question> asked_before;

  void tell(const std::string& sentence) const
  {
    if (options.progress) {
      options.progress(sentence);
    }
  }
};

/// Name server and doorkeeper ask each other, so both are still before either goes.
class StoppedTogether {
public:
  explicit StoppedTogether(Stage& stage) : stage_(stage) {}
  ~StoppedTogether()
  {
    if (stage_.doorkeeper) {
      stage_.doorkeeper->stop();
    }
    if (stage_.forwarder) {
      stage_.forwarder->stop();
    }
  }
  StoppedTogether(const StoppedTogether&) = delete;
  StoppedTogether& operator=(const StoppedTogether&) = delete;
  StoppedTogether(StoppedTogether&&) = delete;
  StoppedTogether& operator=(StoppedTogether&&) = delete;

private:
  Stage& stage_;
};

/// What the user must know before believing the report.
std::vector<std::string> what_is_weaker()
{
  return {
      tr("The command was in this machine's own network, not in one of its own: what was cut are "
         "its calls, and no packet was counted."),
      tr("A count is a number of calls (connect, or a datagram with an address). What is sent over "
         "a datagram socket that is connected counts once, when it is connected; some programs "
         "connect one only to see which way an address lies."),
      tr("Connections that the command was handed by a program outside (over a unix socket) are "
         "not seen."),
      tr("What the command listens at can be reached from outside, by the absent too, and what it "
         "answers there is not seen."),
      tr("A program with several threads that swaps its sockets at the right moment may get a "
         "call past us; programs do not do so by accident."),
      tr("Services of this machine on its own addresses can be reached, but for loopback; those "
         "that go to the network for others are refused by the path of their socket only."),
      tr("A program that asks for names without connecting its socket first (musl's own, for "
         "example) asks the resolver that it names itself; only the name is looked at then, not "
         "where it leads.")};
}

Result<void> check_options(const RunOptions& options)
{
  if (options.uplink.wanted != UplinkKind::Automatic) {
    return fail(Fault::Usage,
                say("--uplink is for engines with namespaces; leave it out with \"seccomp\""));
  }
  if (options.after) {
    return fail(Fault::Usage,
                say("--after needs an engine with namespaces: \"seccomp\" cannot cut a connection "
                    "that is open already"));
  }
  return {};
}

Result<KeeperOrder> order_for(const Stage& stage, const FoundCommand& command)
{
  auto filter = kernel::make_call_filter(kernel::CallFilterUse::Decide);
  if (!filter) {
    return fail(filter.error());
  }
  KeeperOrder order;
  order.program = command.path;
  order.argv = stage.options.command;
  order.environment = user_environment();
  order.keep_descriptors = stage.options.keep_descriptors;
  order.as_root = ::geteuid() == 0;
  ::sigprocmask(SIG_SETMASK, nullptr, &order.signal_mask);
  order.socket_filter = kernel::make_socket_filter();
  order.call_filter = std::move(*filter);
  return order;
}

std::vector<std::string> masked_services(const RunOptions& options)
{
  auto masked = services_to_mask(variable(user_environment(), "XDG_RUNTIME_DIR"));
  if (options.strict) {
    const auto more = desktop_services(user_environment());
    masked.insert(masked.end(), more.begin(), more.end());
  }
  leave_out(masked, options.allowed_sockets);
  return masked;
}

/// At IPv4's loopback, and at IPv6's where there is one.
Result<NameSockets> open_name_sockets()
{
  NameSockets sockets;
  const auto open = [&](net::Address at, std::uint16_t& udp_port, std::uint16_t& tcp_port) {
    const SocketAddress any_port(at, 0);
    auto udp = bind_socket(any_port, SOCK_DGRAM);
    auto tcp = udp ? bind_socket(any_port, SOCK_STREAM) : Result<Descriptor>(fail(udp.error()));
    if (!tcp || ::listen(tcp->get(), SOMAXCONN) != 0) {
      return Result<void>(
          fail(Fault::NotPossible, say("cannot use this machine's loopback for names")));
    }
    udp_port = port_of(*udp);
    tcp_port = port_of(*tcp);
    sockets.udp.push_back(std::move(*udp));
    sockets.tcp.push_back(std::move(*tcp));
    return Result<void>();
  };
  ZONDER_TRY(open(net::Address::v4(INADDR_LOOPBACK), sockets.ports.udp_v4, sockets.ports.tcp_v4));
  (void)open(net::Address::v6(0, 1), sockets.ports.udp_v6, sockets.ports.tcp_v6);
  return sockets;
}

/// The user's resolver as the command will name it: one that does not fall away.
std::optional<net::Address> living_resolver(const model::Absence& absence)
{
  const auto upstream = read_resolv_conf("/etc/resolv.conf");
  if (upstream) {
    for (const auto& each : *upstream) {
      if (!absence.party_of(each.address)) {
        return each.address;
      }
    }
  }
  return std::nullopt;
}

void start_name_server(Stage& stage)
{
  auto upstream = read_resolv_conf("/etc/resolv.conf");
  if (!upstream) {
    stage.no_forwarder = upstream.error().message;
    return;
  }
  Forwarder::Options options;
  options.absence = &stage.options.absence;
  options.signature = stage.options.signature;
  options.upstream = std::move(*upstream);
  options.asker = [&stage](const NameClient& client) {
    return stage.doorkeeper->asker_from(client.at.port, client.over_tcp);
  };
  auto forwarder = Forwarder::start(
      std::move(options), std::move(stage.sockets.udp), std::move(stage.sockets.tcp));
  if (!forwarder) {
    stage.no_forwarder = forwarder.error().message;
    return;
  }
  stage.forwarder = std::move(*forwarder);
}

Result<void> start_doorkeeper(Stage& stage)
{
  Doorkeeper::Options options;
  options.absence = &stage.options.absence;
  options.signature = stage.options.signature;
  options.allowed_host_ports = stage.options.allowed_host_ports;
  options.starter = stage.keeper->pid();
  options.masked = masked_services(stage.options);
  options.name_server = stage.sockets.ports;
  options.on_attempt = stage.options.on_attempt;
  options.name_of = [&stage](net::Address address) -> std::string {
    return stage.forwarder ? stage.forwarder->name_of(address).value_or("") : "";
  };
  // Asked only of addresses that our name server made up, so when there is one.
  options.party_of_stand_in = [&stage](net::Address address) -> std::optional<std::size_t> {
    return stage.forwarder ? stage.forwarder->party_of(address) : std::nullopt;
  };
  options.asks_for_living = [policy = NamePolicy(stage.options.absence, stage.options.signature)](
                                std::span<const std::uint8_t> bytes) {
    const auto query = wire::dns::parse_query(bytes);
    return query && !NamePolicy::on_way_around(query->question) &&
           !policy.before(query->question).party;
  };
  auto doorkeeper =
      Doorkeeper::start(kernel::CallListener(stage.keeper->take_listener()), std::move(options));
  if (!doorkeeper) {
    return fail(doorkeeper.error());
  }
  stage.doorkeeper = std::move(*doorkeeper);
  return {};
}

/// Everything up to the moment that the command may start; what was proved is in the record.
Result<void> prepare(Stage& stage, const KeeperOrder& order)
{
  const auto& absence = stage.options.absence;
  auto& proof = stage.record.proof;
  // Before any thread of ours: it is a fork.
  auto keeper = Keeper::start(order);
  if (!keeper) {
    return fail(keeper.error());
  }
  stage.keeper.emplace(std::move(*keeper));
  auto sockets = open_name_sockets();
  if (!sockets) {
    return fail(sockets.error());
  }
  stage.sockets = std::move(*sockets);
  ZONDER_TRY(start_doorkeeper(stage));

  const auto canaries = choose_canaries(absence, stage.options.canary_limit);
  proof.canaries_possible = possible_canaries(absence);
  ZONDER_TRY(try_canaries_by_calls(*stage.doorkeeper, *stage.keeper, absence, canaries, proof));

  start_name_server(stage);
  auto links = kernel::Links::open();
  const auto own =
      links ? links->list_addresses() : Result<std::vector<net::Address>>(fail(links.error()));
  if (!own) {
    return fail(own.error());
  }
  stage.doorkeeper->set_door(Doorkeeper::Door::Open);
  try_controls(stage.options.controls,
               *own,
               way_of(*stage.keeper, living_resolver(absence)),
               stage.forwarder.get(),
               stage.no_forwarder,
               absence,
               proof);
  return {};
}

int number_in(const std::string& text)
{
  int number = 0;
  (void)std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// Until the command has ended: its wait status.
Result<int> watch(Stage& stage, const Signals& signals)
{
  for (;;) {
    std::array<pollfd, 2> ready = {
        pollfd{.fd = signals.descriptor(), .events = POLLIN, .revents = 0},
        pollfd{.fd = stage.keeper->channel().descriptor(), .events = POLLIN, .revents = 0}};
    if (::poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) {
      return fail(Fault::Internal, say("cannot wait: {}", std::strerror(errno)));
    }
    if (ready[0].revents != 0) {
      signals.pass_on(stage.keeper->command());
    }
    if (ready[1].revents != 0) {
      const auto notice = stage.keeper->channel().receive();
      // Nothing: the keeper itself was killed, and the command with it.
      return notice && notice->word == "ended" ? number_in(notice->rest) : SIGKILL;
    }
  }
}

/// Starts the command and stays with it to its end.
Result<void> run_command(Stage& stage)
{
  stage.doorkeeper->begin();
  stage.asked_before = stage.forwarder ? stage.forwarder->questions() : std::vector<Question>();
  const Terminal terminal;
  const Signals signals;
  stage.record.started = time_of_day();
  if (stage.options.on_start) {
    stage.options.on_start(stage.record);
  }
  const auto clock = steady_clock::now();
  const auto refused = stage.keeper->begin();
  if (!refused) {
    return fail(refused.error());
  }
  if (*refused != 0) {
    const auto why = refused_by_exec(stage.options.command.front(), *refused);
    stage.record.exit_code = why.exit_code;
    stage.record.not_started = why.problem;
    return {};
  }
  const auto status = watch(stage, signals);
  terminal.take_back();
  if (!status) {
    return fail(status.error());
  }
  stage.record.seconds = steady_clock::now() - clock;
  stage.record.exit_code = WIFSIGNALED(*status) ? 128 + WTERMSIG(*status) : WEXITSTATUS(*status);
  return {};
}

void collect_evidence(Stage& stage)
{
  auto& record = stage.record;
  stage.keeper->end();
  stage.doorkeeper->stop();
  if (stage.forwarder) {
    stage.forwarder->settle(settle_limit);
  }
  const auto& tally = stage.doorkeeper->tally();
  const auto& tries = stage.doorkeeper->tries();
  const auto& book = stage.doorkeeper->book();
  Seen seen;
  seen.started = record.started;
  seen.ended = time_of_day();
  seen.blocked = tally.destinations(true);
  seen.passed = tally.destinations(false);
  seen.times = tally.times();
  seen.tries = &tries;
  record.programs = book.programs();
  record.programs_unlisted = book.not_kept() + tries.not_kept();
  add_uses_of_services(record.left_the_room, tries.outside());
  record.own_loopback = ports_at_own_loopback(stage.options.allowed_host_ports, {&tries});
  add_uses_of_host(record.left_the_room, stage.options.allowed_host_ports, {&tries});
  const auto* forwarder = stage.forwarder.get();
  if (forwarder != nullptr) {
    seen.questions = questions_since(stage.asked_before, forwarder->questions());
    const auto counters = forwarder->counters();
    record.questions_unlisted = counters.questions_not_kept;
    record.questions_unheard = counters.not_heard;
    record.questions_odd = counters.odd_questions;
    record.questions_unanswered = counters.unanswered + counters.turned_away;
  }
  record.attempts =
      attempts_of(seen,
                  stage.options.absence,
                  {.name_of = [&](net::Address address) -> std::optional<std::string> {
                     return forwarder != nullptr ? forwarder->name_of(address) : std::nullopt;
                   },
                   .party_of_synthetic = [&](net::Address address) -> std::optional<std::size_t> {
                     return forwarder != nullptr ? forwarder->party_of(address) : std::nullopt;
                   }});
  record.blocked_packets = tally.total(true);
  record.passed_packets = tally.total(false);
  std::uint64_t listed = 0;
  for (const auto& each : seen.blocked) {
    listed += each.packets;
  }
  for (const auto& each : seen.passed) {
    listed += each.packets;
  }
  record.unlisted = record.blocked_packets + record.passed_packets - listed;
  record.refused_unseen = stage.doorkeeper->refused_unseen();
  record.unattributed = record.unlisted + record.refused_unseen;
  for (const auto& attempt : record.attempts) {
    record.unattributed += attempt.programs.empty() ? attempt.count : 0;
  }
}

}  // namespace

Result<model::RunRecord>
run_by_calls(const RunOptions& options, const FoundCommand& command, model::RunRecord record)
{
  ZONDER_TRY(check_options(options));
  Stage stage{.options = options, .record = std::move(record)};
  const StoppedTogether threads(stage);
  stage.record.uplink = "none";
  stage.record.weaker = what_is_weaker();
  stage.tell(say("engine seccomp: weaker than a network of its own; the report says why"));
  const auto order = order_for(stage, command);
  if (!order) {
    return fail(order.error());
  }
  ZONDER_TRY(prepare(stage, *order));
  if (!options.absence.parties.empty()) {
    ZONDER_TRY(judge(
        stage.record.proof, options.unproved, [&stage](const auto& text) { stage.tell(text); }));
  }
  ZONDER_TRY(run_command(stage));
  collect_evidence(stage);
  return std::move(stage.record);
}

}  // namespace zonder::isolate
