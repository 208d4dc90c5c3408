// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/doctor.hh"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <functional>
#include <optional>

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/child_process.hh"
#include "base/translate.hh"
#include "isolate/channel.hh"
#include "isolate/gateway_rules.hh"
#include "isolate/holder.hh"
#include "isolate/keeper.hh"
#include "isolate/pasta_trial.hh"
#include "isolate/resolv_conf.hh"
#include "isolate/rights.hh"
#include "isolate/room_plan.hh"
#include "isolate/uplink.hh"
#include "isolate/uplink_veth.hh"
#include "kernel/call_filter.hh"
#include "kernel/links.hh"
#include "kernel/made_network.hh"
#include "kernel/namespaces.hh"
#include "kernel/nflog.hh"
#include "kernel/nft_socket.hh"
#include "kernel/socket_filter.hh"

namespace zonder::isolate {
namespace {

/// Runs `body` in a child with namespaces of its own, and gives back what it says.
Result<std::string> try_in_child(kernel::NewNamespaces which,
                                 const std::function<Result<std::string>()>& body)
{
  auto ends = Channel::make_pair();
  if (!ends) {
    return fail(ends.error());
  }
  auto child = kernel::start_in_new_namespaces(which, [&]() -> int {
    const auto found = body();
    (void)(found ? ends->second.send("works", *found)
                 : ends->second.send("error", found.error().message));
    return 0;
  });
  if (!child) {
    return fail(child.error());
  }
  ends->second.close();
  const auto notice = ends->first.receive();
  return notice ? Result<std::string>(notice->rest) : fail(notice.error());
}

Check found(const char* id, std::string what, const Result<std::string>& result, bool needed)
{
  return {.id = id,
          .what = std::move(what),
          .health = result ? Health::Works : Health::Missing,
          .detail = result ? *result : result.error().message,
          .needed = needed};
}

Check check_namespaces(bool as_root)
{
  const auto result = try_in_child({.user = !as_root, .network = true, .mount = true, .pid = true},
                                   [] { return Result<std::string>(::getpid() == 1 ? "" : "?"); });
  auto check =
      found("namespaces",
            as_root ? say("namespaces, as root") : say("user namespaces for ordinary users"),
            result,
            true);
  if (check.health != Health::Works) {
    check.remedy = say("the sentence before this one says what forbids it; as root it may work "
                       "without");
  }
  return check;
}

/// A packet filter in a network of its own, with all the rules and a few ranges.
Result<std::string> try_packet_filter(ino_t outside)
{
  auto descriptor = kernel::NftSocket::open_descriptor();
  if (!descriptor) {
    return fail(descriptor.error());
  }
  const auto made = kernel::MadeNetwork::of_socket(descriptor->get(), outside);
  if (!made) {
    return fail(made.error());
  }
  auto socket = kernel::NftSocket::over(std::move(*descriptor), *made);
  if (!socket) {
    return fail(socket.error());
  }
  model::Absence absence;
  absence.parties.push_back(
      {.id = "test",
       .name = "test",
       .addresses = net::PrefixSet::of(
           std::vector{net::Prefix::containing(net::Address::v4(0xcb007100), 24),
                       net::Prefix::containing(net::Address::v6(0x20010db800000000, 0), 32)})});
  ZONDER_TRY(socket->commit(closed_gateway(plan_room({}), 1, model::Signature::Refuse)));
  for (const auto family : {net::Family::V4, net::Family::V6}) {
    ZONDER_TRY(
        socket->load_ranges(rules::table, rules::dead_map(family), dead_ranges(absence, family)));
  }
  return say("up to {} kB at once", socket->chunk_bytes() / 1024);
}

Result<std::string> try_packet_log()
{
  auto descriptor = kernel::NftSocket::open_descriptor();
  if (!descriptor) {
    return fail(descriptor.error());
  }
  const auto log = kernel::PacketLog::over(std::move(*descriptor), rules::log_group);
  return log ? Result<std::string>("") : fail(log.error());
}

Result<std::string> try_proc()
{
  if (::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) != 0) {
    return fail(Fault::NotPossible, std::strerror(errno));
  }
  return std::string();
}

Check check_tun()
{
  const Descriptor device(::open("/dev/net/tun", O_RDWR | O_CLOEXEC));
  Check check = {.id = "tun",
                 .what = say("the device /dev/net/tun"),
                 .health = device ? Health::Works : Health::Missing,
                 .detail = device ? "" : std::strerror(errno)};
  if (!device) {
    check.remedy = ::access("/dev/net/tun", F_OK) == 0
                       ? say("run as root \"chmod 0666 /dev/net/tun\", as Debian has it")
                       : say("run as root \"modprobe tun\"; in a container, start it with "
                             "--device /dev/net/tun");
  }
  return check;
}

Check check_program(const char* name,
                    const std::string& what,
                    const std::string& package,
                    bool needed,
                    const char* version_option = "--version")
{
  Check check = {.id = name, .what = what, .needed = needed};
  if (!find_program(name)) {
    check.health = Health::Missing;
    check.detail = say("{} is not installed", name);
    check.remedy = say("run as root \"apt install {}\"", package);
    return check;
  }
  const auto version = run_captured({name, version_option}, std::chrono::seconds(5));
  check.health = Health::Works;
  check.detail = version ? version->out.substr(0, version->out.find('\n')) : "";
  return check;
}

/// The whole way out, as far as it goes without sending anything: nothing is forwarded in it.
Result<std::string> try_uplink(bool as_root)
{
  auto plan = plan_for_this_machine();
  if (!plan) {
    return fail(plan.error());
  }
  const auto silent = [](const std::string&) {
  };
  const auto kind = choose_uplink({}, *plan, as_root, silent);
  if (!kind) {
    return fail(kind.error());
  }
  auto holder = Holder::start(*plan, {}, as_root);
  if (!holder) {
    return fail(holder.error());
  }
  const auto network = kernel::open_namespace(holder->pid(), "net");
  if (!network) {
    return fail(network.error());
  }
  auto uplink = start_uplink(
      *kind, *plan, {.holder = holder->pid(), .network = network->get()}, as_root, silent);
  if (!uplink) {
    return fail(uplink.error());
  }
  ZONDER_TRY((*uplink)->wait_until_ready());
  return (*uplink)->name();
}

/// Its version says too little; see pasta_trial.hh.
Check check_pasta(bool as_root)
{
  auto check = check_program(
      "pasta", say("the program pasta, another way out (--uplink pasta)"), "passt", false);
  const auto plan = plan_for_this_machine();
  if (check.health != Health::Works || !plan) {
    return check;
  }
  const auto figures = try_pasta(*plan, as_root);
  if (!figures) {
    check.health = Health::Missing;
    check.detail = figures.error().message;
  } else if (plan->machine_has_v4 || plan->machine_has_v6) {
    check.detail = say("{}; its trial: {:.1f} Gbit/s", check.detail, figures->slowest);
  }
  return check;
}

/// A process under both filters, of which nothing is asked.
Check check_calls()
{
  const auto filter = kernel::make_call_filter(kernel::CallFilterUse::Decide);
  Result<void> possible;
  if (filter) {
    KeeperOrder order;
    order.socket_filter = kernel::make_socket_filter();
    order.call_filter = *filter;
    auto keeper = Keeper::start(order);
    if (keeper) {
      keeper->end();
    } else {
      possible = fail(keeper.error());
    }
  } else {
    possible = fail(filter.error());
  }
  Check check = {.id = "seccomp",
                 .what = say("deciding about calls, for machines without namespaces (--engine "
                             "seccomp; weaker)"),
                 .health = possible ? Health::Works : Health::Missing,
                 .detail = possible ? "" : possible.error().message,
                 .needed = false};
  if (!possible) {
    check.remedy = say("nothing is needed while namespaces work");
  }
  return check;
}

/// On the loopback of a network of its own.
Check check_netem(const kernel::NewNamespaces& network)
{
  auto check = found("netem",
                     say("packets that are held up (netem in the kernel), which --like late needs"),
                     try_in_child(network,
                                  []() -> Result<std::string> {
                                    auto links = kernel::Links::open();
                                    if (!links) {
                                      return fail(links.error());
                                    }
                                    ZONDER_TRY(links->add_late_lane(
                                        "lo", std::chrono::milliseconds(model::late_milliseconds)));
                                    return std::string();
                                  }),
                     false);
  if (check.health != Health::Works) {
    check.remedy =
        say("run as root \"modprobe sch_netem\", if this kernel has it; --like slow works "
            "without");
  }
  return check;
}

/// Looks only; nothing is added to the machine's network.
Check check_veth()
{
  auto plan = plan_for_this_machine();
  const auto possible = plan ? prepare_veth(*plan) : Result<void>(fail(plan.error()));
  return {.id = "veth",
          .what = say("a pair of links as the way out, for root (--uplink veth)"),
          .health = possible ? Health::Works : Health::Missing,
          .detail = possible ? "" : possible.error().message,
          .needed = false};
}

/// What there is to do about a way out that does not work.
void mend_way_out(Check& check, bool another_works, bool has_what_it_needs)
{
  if (check.health != Health::Missing || !check.remedy.empty()) {
    return;
  }
  if (another_works) {
    check.remedy = say("nothing is needed while another way out works");
  } else if (!has_what_it_needs) {
    check.remedy = say("first see to /dev/net/tun, above");
  } else {
    check.remedy = say("what is between the brackets says what is in the way");
  }
}

Check check_resolver()
{
  const auto upstream = read_resolv_conf("/etc/resolv.conf");
  Check check = {.id = "resolver",
                 .what = say("a name server is named in /etc/resolv.conf (it is not asked)"),
                 .health = upstream ? Health::Works : Health::Missing,
                 .detail =
                     upstream ? upstream->front().address.to_string() : upstream.error().message,
                 .needed = false};
  if (!upstream) {
    check.remedy = say("name a host that must be reachable with --control; names will not work in "
                       "the room");
  }
  return check;
}

}  // namespace

std::vector<Check> examine()
{
  const bool as_root = have_network_rights();
  const kernel::NewNamespaces network = {.user = !as_root, .network = true};
  const auto outside = kernel::own_namespace_id("net").value_or(0);

  std::vector<Check> checks;
  checks.push_back(check_namespaces(as_root));
  checks.push_back(found("packet-filter",
                         say("the packet filter (nf_tables) in a network of our own"),
                         try_in_child(network, [&] { return try_packet_filter(outside); }),
                         true));
  checks.push_back(found("packet-log",
                         say("the packet log (nfnetlink_log)"),
                         try_in_child(network, try_packet_log),
                         true));
  auto proc = found("proc",
                    say("a /proc of its own for the command"),
                    try_in_child({.user = !as_root, .mount = true, .pid = true}, try_proc),
                    false);
  if (proc.health != Health::Works) {
    proc.remedy = say("nothing is needed: the command only sees more processes in /proc");
  }
  checks.push_back(proc);
  const auto tun = check_tun();
  checks.push_back(tun);
  auto pasta = check_pasta(as_root);
  const bool pasta_works = pasta.health == Health::Works;
  checks.push_back(check_program(
      "slirp4netns", say("the program slirp4netns, the way out"), "slirp4netns", !pasta_works));
  auto uplink = found("uplink", say("a way out that really starts"), try_uplink(as_root), true);
  const bool a_way_out = uplink.health == Health::Works;
  const bool has_tun = tun.health == Health::Works;
  auto veth = check_veth();
  mend_way_out(uplink, a_way_out, has_tun);
  mend_way_out(pasta, a_way_out, has_tun);
  mend_way_out(veth, a_way_out, true);
  checks.push_back(uplink);
  checks.push_back(pasta);
  checks.push_back(veth);
  checks.push_back(check_calls());
  checks.push_back(check_netem(network));
  checks.push_back(check_resolver());
  checks.push_back(check_program(
      "unbound", say("the program unbound, which --dns honest needs"), "unbound", false, "-V"));
  checks.push_back(check_program(
      "dnsmasq", say("the program dnsmasq, which a room needs"), "dnsmasq-base", false));
  checks.push_back(check_program(
      "hostapd", say("the program hostapd, which a room by Wi-Fi needs"), "hostapd", false, "-v"));
  checks.push_back(
      check_program("iw", say("the program iw, which a room by Wi-Fi needs"), "iw", false));
  for (auto& check : checks) {
    if (check.health == Health::Missing && check.remedy.empty()) {
      check.remedy = say("see the line before; the kernel needs CONFIG_NF_TABLES_INET, "
                         "CONFIG_NFT_CT, CONFIG_NFT_REJECT, CONFIG_NFT_LOG, CONFIG_NFT_MASQ and "
                         "CONFIG_NETFILTER_NETLINK_LOG");
    }
  }
  return checks;
}

}  // namespace zonder::isolate
