// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/run.hh"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.hh"
#include "base/translate.hh"
#include "isolate/applications.hh"
#include "isolate/command.hh"
#include "isolate/evidence.hh"
#include "isolate/forwarder.hh"
#include "isolate/gateway.hh"
#include "isolate/gateway_rules.hh"
#include "isolate/holder.hh"
#include "isolate/host_relay.hh"
#include "isolate/proof.hh"
#include "isolate/receiver.hh"
#include "isolate/rights.hh"
#include "isolate/room_files.hh"
#include "isolate/room_plan.hh"
#include "isolate/room_trust.hh"
#include "isolate/supervisor.hh"
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

/// Everything that lives while a command runs. Taken down in reverse order of the members: first
/// the name server and the uplink, so that nothing has a way out when the room goes.
struct Stage {
  const RunOptions& options;
  RoomPlan plan;
  bool as_root = false;
  model::RunRecord record;
  std::optional<Holder> holder;
  std::optional<Gateway> gateway;
  std::optional<kernel::PacketLog> log;
  UplinkKind uplink_kind = UplinkKind::Automatic;
  std::unique_ptr<Uplink> uplink;
  std::unique_ptr<HostRelay> host_relay;
  std::optional<trust::Authority> authority;  // until the receiver has it
  std::unique_ptr<Receiver> receiver;
  std::unique_ptr<Supervisor> supervisor;
  std::atomic<const Supervisor*> watching = nullptr;  // the same, for the name server's thread
  std::unique_ptr<Forwarder> forwarder;
  std::string no_forwarder;  // why there is none
  GatewayCounts before;      // at the moment the command starts
  std::vector<Question> asked_before;
  Times times;

  void tell(const std::string& sentence) const
  {
    if (options.progress) {
      options.progress(sentence);
    }
  }
  [[nodiscard]] Tell teller() const
  {
    return [this](const std::string& sentence) {
      tell(sentence);
    };
  }
};

Result<bool> choose_engine(Engine wanted)
{
  const bool can_be_root = have_network_rights();
  if (wanted == Engine::Root && !can_be_root) {
    return fail(Fault::NotPossible,
                say("the engine \"root\" needs to be started by root; \"netns\" does not"));
  }
  return wanted == Engine::Root || (wanted == Engine::Automatic && can_be_root);
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
  order.files.masked = services_to_mask(variable(environment, "XDG_RUNTIME_DIR"));
  if (stage.options.strict) {
    const auto more = desktop_services(environment);
    order.files.masked.insert(order.files.masked.end(), more.begin(), more.end());
  }
  leave_out(order.files.masked, stage.options.allowed_sockets);
  if (stage.authority) {
    order.files.certificates = room_certificates(environment, stage.authority->certificate());
    trust_by_environment(environment);
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
  auto holder = Holder::start(stage.plan, order, stage.as_root);
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

void start_name_server(Stage& stage, Holder::Built& built)
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
  // The names of a party that still answers do too.
  options.armed = !stage.options.after.has_value() && !model::hinders_only(stage.options.signature);
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

  const auto ready = stage.holder->room().expect("ready");
  if (!ready) {
    return fail(ready.error());
  }
  ZONDER_TRY(stage.gateway->open(!stage.options.after.has_value()));
  ZONDER_TRY(stage.uplink->check(built->probes));
  if (model::is_answered(stage.options.signature)) {
    auto receiver =
        Receiver::start(std::move(built->reception), std::exchange(stage.authority, std::nullopt));
    if (!receiver) {
      return fail(receiver.error());
    }
    stage.receiver = std::move(*receiver);
  }
  built->reception.clear();
  start_name_server(stage, *built);
  if (!built->host_ports.empty()) {
    auto relay = HostRelay::start(std::move(built->host_ports));
    if (!relay) {
      return fail(relay.error());
    }
    stage.host_relay = std::move(*relay);
  }
  auto links = kernel::Links::open();
  const auto own =
      links ? links->list_addresses() : Result<std::vector<net::Address>>(fail(links.error()));
  if (!own) {
    return fail(own.error());
  }
  try_controls(stage.options.controls,
               *own,
               stage.plan,
               built->probes,
               stage.forwarder.get(),
               stage.no_forwarder,
               absence,
               proof);
  return {};
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
  return error;
}

std::string would_leave_the_room(const RunningInstance& running)
{
  auto sentence =
      running.pid == 0
          ? say("it runs already ({}) and would take the request outside the room; close it",
                running.evidence)
          : say("it runs already (process {}, {}) and would take the request outside the room; "
                "close it",
                running.pid,
                running.evidence);
  return running.application.empty()
             ? sentence
             : sentence + say(", or use --app {} for a separate one with a fresh profile",
                              running.application);
}

Result<void> judge_proof(Stage& stage)
{
  auto& proof = stage.record.proof;
  if (stage.options.absence.parties.empty() || proof.holds()) {
    return {};
  }
  if (!stage.options.unproved) {
    return fail(Fault::NotPossible,
                say("the block could not be proved, so nothing was started: {} (--unproved runs "
                    "all the same)",
                    what_was_not_proved(proof)));
  }
  proof.overridden = true;
  stage.tell(say("not proved: {}", what_was_not_proved(proof)));
  return {};
}

/// What zonder itself does with signals while the command runs: what the terminal sends (Ctrl-C)
/// reaches the command by itself, what a process sends to us is passed on to it.
class Signals {
public:
  Signals()
  {
    ::sigemptyset(&ours_);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM}) {
      ::sigaddset(&ours_, signal);
    }
    ::sigprocmask(SIG_BLOCK, &ours_, &before_);
    descriptor_ = Descriptor(::signalfd(-1, &ours_, SFD_CLOEXEC | SFD_NONBLOCK));
  }
  ~Signals()
  {
    // What came too late to be passed on is not for us either.
    pass_on(-1);
    ::sigprocmask(SIG_SETMASK, &before_, nullptr);
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_.get(); }

  void pass_on(int pidfd) const
  {
    signalfd_siginfo info{};
    while (::read(descriptor_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
      const bool from_terminal = info.ssi_code > 0;  // SI_KERNEL: the whole foreground group got it
      if (!from_terminal && pidfd >= 0) {
        ::syscall(SYS_pidfd_send_signal, pidfd, info.ssi_signo, nullptr, 0);
      }
    }
  }

private:
  sigset_t ours_{};
  sigset_t before_{};
  Descriptor descriptor_;
};

/// A shell in the room may make a process group of its own the terminal's foreground group. When
/// it has ended, that group is nobody, and the terminal is ours again.
class Terminal {
public:
  Terminal() : descriptor_(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY))
  {
    ours_ = descriptor_ && ::tcgetpgrp(descriptor_.get()) == ::getpgrp();
  }
  void take_back() const
  {
    if (!ours_) {
      return;
    }
    const auto group = ::tcgetpgrp(descriptor_.get());
    if (group == ::getpgrp() || (group > 0 && (::kill(-group, 0) == 0 || errno != ESRCH))) {
      return;
    }
    sigset_t stop;
    sigset_t before;
    ::sigemptyset(&stop);
    ::sigaddset(&stop, SIGTTOU);
    ::sigprocmask(SIG_BLOCK, &stop, &before);
    ::tcsetpgrp(descriptor_.get(), ::getpgrp());
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
  }

private:
  Descriptor descriptor_;
  bool ours_ = false;
};

void read_log(Stage& stage)
{
  const auto now = std::chrono::system_clock::now();
  stage.log->read([&](const kernel::LoggedPacket& packet) { stage.times.note(packet, now); });
}

Result<void> let_fall_away(Stage& stage)
{
  if (stage.forwarder && !model::hinders_only(stage.options.signature)) {
    stage.forwarder->arm();
  }
  ZONDER_TRY(stage.gateway->cut());
  stage.record.absent_from = std::chrono::system_clock::now();
  stage.tell(say("from now on without {}", stage.options.absence.selector));
  return {};
}

int milliseconds_until(const std::optional<steady_clock::time_point>& moment)
{
  if (!moment) {
    return -1;
  }
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(*moment - steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3600000));
}

void look_after_uplink(Stage& stage)
{
  if (!stage.record.uplink_died && !stage.uplink->works()) {
    stage.record.uplink_died = true;
    stage.tell(
        say("the uplink ({}) died: the command has no network any more", stage.record.uplink));
  }
}

/// Until the command has ended: its wait status. Errors: what makes it unsafe to go on.
Result<int> watch(Stage& stage, const Signals& signals, int command)
{
  std::optional<steady_clock::time_point> cut_at;
  if (stage.options.after) {
    cut_at = steady_clock::now() + *stage.options.after;
  }
  for (;;) {
    std::array<pollfd, 4> ready = {
        pollfd{.fd = signals.descriptor(), .events = POLLIN, .revents = 0},
        pollfd{.fd = stage.holder->room().descriptor(), .events = POLLIN, .revents = 0},
        pollfd{.fd = stage.log->descriptor(), .events = POLLIN, .revents = 0},
        pollfd{.fd = stage.record.uplink_died ? -1 : stage.uplink->ended(),
               .events = POLLIN,
               .revents = 0}};
    if (::poll(ready.data(), ready.size(), milliseconds_until(cut_at)) < 0 && errno != EINTR) {
      return fail(Fault::Internal, say("cannot wait: {}", std::strerror(errno)));
    }
    if (cut_at && steady_clock::now() >= *cut_at) {
      cut_at.reset();
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
    if (ready[1].revents != 0) {
      const auto notice = stage.holder->room().receive();
      // Nothing: the room itself was killed, and the command with it.
      return notice && notice->word == "ended" ? std::atoi(notice->rest.c_str()) : SIGKILL;
    }
  }
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
        Supervisor::start(kernel::CallListener(std::move(notice->descriptors.front())));
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
  stage.record.started = std::chrono::system_clock::now();
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
  if (!status) {
    return fail(status.error());
  }
  stage.record.seconds = steady_clock::now() - clock;
  stage.record.exit_code = WIFSIGNALED(*status) ? 128 + WTERMSIG(*status) : WEXITSTATUS(*status);
  return {};
}

/// The log hands over with a little delay; waits for it while there is something to wait for.
void read_last_of_log(Stage& stage, const Seen& seen)
{
  const auto told = [&](const std::vector<kernel::NftDestination>& all, model::Verdict verdict) {
    return std::all_of(all.begin(), all.end(), [&](const kernel::NftDestination& each) {
      return stage.times.find(each, verdict) != nullptr;
    });
  };
  for (int round = 0; round < 10; ++round) {
    read_log(stage);
    if (told(seen.blocked, model::Verdict::Blocked) && told(seen.denied, model::Verdict::Denied) &&
        told(seen.hindered, model::Verdict::Hindered) &&
        told(seen.passed, model::Verdict::Passed)) {
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

/// What was said on connections that zonder took. An attempt that no name was known of gets the one
/// by which the client called the server.
void add_what_was_received(Stage& stage)
{
  if (!stage.receiver) {
    return;
  }
  auto& record = stage.record;
  stage.receiver->stop();
  record.received = stage.receiver->received();
  record.received_unlisted = stage.receiver->not_kept();
  for (auto& received : record.received) {
    if (stage.supervisor) {
      received.programs = stage.supervisor->tries().at(
          {.address = received.address, .protocol = IPPROTO_TCP, .port = received.port});
    }
  }
  for (auto& attempt : record.attempts) {
    if (!attempt.name.empty() || !attempt.address || attempt.protocol != "tcp") {
      continue;
    }
    const auto called = std::find_if(
        record.received.begin(), record.received.end(), [&](const model::Received& received) {
          return !received.name.empty() && received.address == *attempt.address &&
                 received.port == attempt.port;
        });
    if (called != record.received.end()) {
      attempt.name = called->name;
    }
  }
}

Result<void> collect_evidence(Stage& stage)
{
  auto& record = stage.record;
  Seen seen;
  seen.started = record.started;
  seen.ended = std::chrono::system_clock::now();
  auto blocked = stage.gateway->destinations(model::Verdict::Blocked);
  auto denied = stage.gateway->destinations(model::Verdict::Denied);
  auto hindered = stage.gateway->destinations(model::Verdict::Hindered);
  auto passed = stage.gateway->destinations(model::Verdict::Passed);
  const auto counts = stage.gateway->counts();
  if (!blocked || !denied || !hindered || !passed || !counts) {
    return fail(!blocked    ? blocked.error()
                : !denied   ? denied.error()
                : !hindered ? hindered.error()
                : !passed   ? passed.error()
                            : counts.error());
  }
  seen.blocked = std::move(*blocked);
  seen.denied = std::move(*denied);
  seen.hindered = std::move(*hindered);
  seen.passed = std::move(*passed);
  read_last_of_log(stage, seen);
  seen.times = stage.times;
  if (stage.supervisor) {
    stage.supervisor->stop();
    seen.tries = &stage.supervisor->tries();
    record.programs = stage.supervisor->book().programs();
    record.programs_unlisted =
        stage.supervisor->book().not_kept() + stage.supervisor->tries().not_kept();
    add_uses_of_services(record.left_the_room, stage.supervisor->tries().outside());
    add_uses_of_host(
        record.left_the_room, stage.options.allowed_host_ports, stage.supervisor->tries());
  }
  if (stage.forwarder) {
    seen.questions = questions_since(stage.asked_before, stage.forwarder->questions());
    const auto counters = stage.forwarder->counters();
    record.questions_unlisted = counters.questions_not_kept;
    record.questions_unanswered = counters.unanswered + counters.turned_away;
  }
  const auto* forwarder = stage.forwarder.get();
  record.attempts =
      attempts_of(seen,
                  stage.options.absence,
                  {.name_of = [&](net::Address address) -> std::optional<std::string> {
                     return forwarder != nullptr ? forwarder->name_of(address) : std::nullopt;
                   },
                   .party_of_synthetic = [&](net::Address address) -> std::optional<std::size_t> {
                     return forwarder != nullptr ? forwarder->party_of(address) : std::nullopt;
                   }});
  add_what_was_received(stage);
  const auto moved = counts->since(stage.before);
  const auto sum = [](const std::vector<kernel::NftDestination>& all) {
    std::uint64_t packets = 0;
    for (const auto& each : all) {
      packets += each.packets;
    }
    return packets;
  };
  const auto listed = sum(seen.blocked) + sum(seen.denied) + sum(seen.hindered);
  const auto opened = sum(seen.passed);
  record.blocked_packets = moved.blocked();
  record.passed_packets = moved.opened;
  record.lost_packets = moved.lost;
  record.unlisted = (moved.blocked() > listed ? moved.blocked() - listed : 0) +
                    (moved.opened > opened ? moved.opened - opened : 0);
  record.unattributed = record.unlisted;
  for (const auto& attempt : record.attempts) {
    record.unattributed += attempt.programs.empty() ? attempt.count : 0;
  }
  record.lost_events = stage.log->overruns();
  return {};
}

void describe(Stage& stage)
{
  auto& record = stage.record;
  const auto& absence = stage.options.absence;
  record.selector = absence.selector;
  record.except = absence.except;
  for (const auto& party : absence.parties) {
    record.parties.push_back(party.id);
    for (const auto& prefix : party.addresses.prefixes()) {
      ++(prefix.family() == net::Family::V4 ? record.prefixes_v4 : record.prefixes_v6);
    }
  }
  record.mode = stage.options.mode;
  record.signature = stage.options.signature;
  record.later = stage.options.after.has_value();
  record.engine = stage.as_root ? "root" : "netns";
  record.command = stage.options.command;
  record.data_date = absence.data_date;
  if (!stage.options.strict) {
    record.left_the_room = open_ways_out(user_environment());
  }
  add_what_was_allowed(
      record.left_the_room, stage.options.allowed_sockets, stage.options.keep_descriptors);
  record.started = std::chrono::system_clock::now();
}

}  // namespace

std::optional<Engine> parse_engine(std::string_view text)
{
  if (text == "auto") {
    return Engine::Automatic;
  }
  if (text == "netns") {
    return Engine::Netns;
  }
  return text == "root" ? std::optional(Engine::Root) : std::nullopt;
}

Result<model::RunRecord> run(const RunOptions& options)
{
  const bool revoked = options.mode == model::FailureMode::Revoked;
  if ((options.mode != model::FailureMode::Gone && !revoked) ||
      revoked != (options.signature == model::Signature::Denied)) {
    return fail(
        Fault::NotPossible,
        say("run knows the failure modes gone and revoked only, and each looks its own way"));
  }
  ZONDER_TRY(refuse_inherited_sockets());
  ZONDER_TRY(check_kept_descriptors(options.keep_descriptors));
  const auto as_root = choose_engine(options.engine);
  if (!as_root) {
    return fail(as_root.error());
  }
  const auto plan = plan_for_this_machine();
  if (!plan) {
    return fail(plan.error());
  }
  // Whoever started us may not want to know of its children; we do.
  ::signal(SIGCHLD, SIG_DFL);
  Stage stage{.options = options, .plan = *plan, .as_root = *as_root};
  if (model::hinders_only(options.signature)) {
    stage.plan.mtu = ordinary_mtu;  // packets as they are outside: losing 64 kB at once is not real
  }
  describe(stage);
  const auto command =
      find_command(options.command.empty() ? "" : options.command.front(), user_environment());
  if (command.exit_code != 0) {
    stage.record.exit_code = command.exit_code;
    stage.record.not_started = command.problem;
    return std::move(stage.record);
  }
  if (const auto running = running_instance(options.command, user_environment())) {
    return fail(Fault::NotPossible, would_leave_the_room(*running));
  }
  const auto uplink = choose_uplink(options.uplink, stage.plan, stage.as_root, stage.teller());
  if (!uplink) {
    return fail(uplink.error());
  }
  stage.uplink_kind = *uplink;
  if (revoked) {
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
  const auto order = order_for(stage, command, *filter);
  if (auto prepared = prepare(stage, order); !prepared) {
    return fail(with_remedy(std::move(prepared).error(), stage.as_root));
  }
  ZONDER_TRY(judge_proof(stage));
  ZONDER_TRY(run_command(stage));
  ZONDER_TRY(collect_evidence(stage));
  return std::move(stage.record);
}

int exit_code_of(const model::RunRecord& record, bool fail_on_contact)
{
  const bool contact = std::any_of(
      record.attempts.begin(), record.attempts.end(), [](const model::Attempt& attempt) {
        return attempt.verdict != model::Verdict::Passed && !attempt.party.empty();
      });
  const bool finding = record.uplink_died || (fail_on_contact && contact);
  return record.exit_code == 0 && finding ? 1 : record.exit_code;
}

}  // namespace zonder::isolate
