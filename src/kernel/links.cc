// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "kernel/links.hh"

#include <array>
#include <cerrno>
#include <cstring>
#include <functional>
#include <map>
#include <utility>

#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <sys/socket.h>

#include "base/translate.hh"
#include "kernel/namespaces.hh"

namespace zonder::kernel {
namespace {

using Row = std::function<void(const nlmsghdr*)>;

/// A request under construction. Ours are short; the buffer has room for any of them.
class Message {
public:
  Message(std::uint16_t type, unsigned flags) : header_(mnl_nlmsg_put_header(buffer_.data()))
  {
    header_->nlmsg_type = type;
    header_->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
  }
  template <typename T>
  T* extra()
  {
    return static_cast<T*>(mnl_nlmsg_put_extra_header(header_, sizeof(T)));
  }
  void put(std::uint16_t type, const std::string& text)
  {
    mnl_attr_put_strz(header_, type, text.c_str());
  }
  void put(std::uint16_t type, std::uint32_t number) { mnl_attr_put_u32(header_, type, number); }
  void put(std::uint16_t type, net::Address address)
  {
    mnl_attr_put(header_, type, width(address.family()) / 8U, address.bytes().data());
  }
  nlmsghdr* header() { return header_; }

private:
  alignas(nlmsghdr) std::array<char, 2048> buffer_{};
  nlmsghdr* header_;
};

unsigned char family_number(net::Family family)
{
  return family == net::Family::V4 ? AF_INET : AF_INET6;
}

std::optional<net::Address> address_in(const nlattr* attribute, unsigned char family)
{
  const auto* bytes = static_cast<const std::uint8_t*>(mnl_attr_get_payload(attribute));
  const auto size = mnl_attr_get_payload_len(attribute);
  if (family == AF_INET && size == 4) {
    return net::Address::from_bytes(net::Family::V4, bytes);
  }
  if (family == AF_INET6 && size == 16) {
    return net::Address::from_bytes(net::Family::V6, bytes);
  }
  return std::nullopt;
}

int keep_row(const nlmsghdr* message, void* row)
{
  (*static_cast<const Row*>(row))(message);
  return MNL_CB_OK;
}

std::uint32_t number_in(const nlattr* attribute)
{
  return mnl_attr_get_payload_len(attribute) >= sizeof(std::uint32_t) ? mnl_attr_get_u32(attribute)
                                                                      : 0;
}

/// A name from the kernel ends within its attribute; we do not count on it.
std::string text_in(const nlattr* attribute)
{
  const auto* start = static_cast<const char*>(mnl_attr_get_payload(attribute));
  return {start, ::strnlen(start, mnl_attr_get_payload_len(attribute))};
}

using Attribute = std::function<void(const nlattr*)>;

int keep_attribute(const nlattr* attribute, void* keep)
{
  (*static_cast<const Attribute*>(keep))(attribute);
  return MNL_CB_OK;
}

/// Every attribute behind the fixed part (`T`) of a row.
template <typename T>
void each_attribute(const nlmsghdr* message, Attribute keep)
{
  mnl_attr_parse(message, sizeof(T), keep_attribute, &keep);
}

std::string kind_in(const nlattr* link_info)
{
  std::string kind;
  Attribute keep = [&kind](const nlattr* inner) {
    if (mnl_attr_get_type(inner) == IFLA_INFO_KIND) {
      kind = text_in(inner);
    }
  };
  mnl_attr_parse_nested(link_info, keep_attribute, &keep);
  return kind;
}

std::optional<net::MacAddress> hardware_in(const nlattr* attribute)
{
  net::MacAddress address;
  if (mnl_attr_get_payload_len(attribute) != address.bytes.size()) {
    return std::nullopt;
  }
  std::memcpy(address.bytes.data(), mnl_attr_get_payload(attribute), address.bytes.size());
  return address;
}

Link link_in(const nlmsghdr* message)
{
  const auto* about = static_cast<const ifinfomsg*>(mnl_nlmsg_get_payload(message));
  Link link;
  link.index = about->ifi_index;
  link.up = (about->ifi_flags & IFF_UP) != 0;
  link.carrier = (about->ifi_flags & IFF_RUNNING) != 0;
  link.loopback = (about->ifi_flags & IFF_LOOPBACK) != 0;
  each_attribute<ifinfomsg>(message, [&link](const nlattr* attribute) {
    switch (mnl_attr_get_type(attribute)) {
    case IFLA_IFNAME:
      link.name = text_in(attribute);
      break;
    case IFLA_ADDRESS:
      link.hardware = hardware_in(attribute).value_or(net::MacAddress());
      break;
    case IFLA_MTU:
      link.mtu = number_in(attribute);
      break;
    case IFLA_LINKINFO:
      link.kind = kind_in(attribute);
      break;
    case IFLA_MASTER:
      link.master_index = static_cast<int>(number_in(attribute));
      break;
    case IFLA_LINK:
      link.peer_index = static_cast<int>(number_in(attribute));
      break;
    case IFLA_LINK_NETNSID:
      link.peer_namespace = static_cast<int>(number_in(attribute));
      break;
    default:
      break;
    }
  });
  return link;
}

/// A route row that still has the link's index instead of its name.
struct RawRoute {
  Route route;
  int link = 0;
};

void add_hops(const nlattr* multipath, const RawRoute& base, std::vector<RawRoute>& rows)
{
  const auto* hop = static_cast<const rtnexthop*>(mnl_attr_get_payload(multipath));
  auto left = static_cast<std::size_t>(mnl_attr_get_payload_len(multipath));
  while (left >= sizeof(rtnexthop) && hop->rtnh_len >= sizeof(rtnexthop) && hop->rtnh_len <= left) {
    RawRoute row = base;
    row.link = hop->rtnh_ifindex;
    rows.push_back(std::move(row));
    const auto step = (static_cast<std::size_t>(hop->rtnh_len) + 3U) & ~std::size_t{3};
    if (step >= left) {
      return;
    }
    left -= step;
    hop = reinterpret_cast<const rtnexthop*>(reinterpret_cast<const char*>(hop) + step);
  }
}

void add_routes_in(const nlmsghdr* message, std::vector<RawRoute>& rows)
{
  const auto* about = static_cast<const rtmsg*>(mnl_nlmsg_get_payload(message));
  if (about->rtm_family != AF_INET && about->rtm_family != AF_INET6) {
    return;
  }
  const auto family = about->rtm_family == AF_INET ? net::Family::V4 : net::Family::V6;
  RawRoute row = {.route = {.destination = default_destination(family),
                            .type = about->rtm_type,
                            .table = about->rtm_table}};
  const nlattr* multipath = nullptr;
  each_attribute<rtmsg>(message, [&](const nlattr* attribute) {
    switch (mnl_attr_get_type(attribute)) {
    case RTA_DST:
      if (const auto address = address_in(attribute, about->rtm_family)) {
        row.route.destination = net::Prefix::containing(*address, about->rtm_dst_len);
      }
      break;
    case RTA_GATEWAY:
      row.route.gateway = address_in(attribute, about->rtm_family);
      break;
    case RTA_OIF:
      row.link = static_cast<int>(number_in(attribute));
      break;
    case RTA_TABLE:
      row.route.table = number_in(attribute);
      break;
    case RTA_MULTIPATH:
      multipath = attribute;
      break;
    default:
      break;
    }
  });
  if (multipath != nullptr) {
    add_hops(multipath, row, rows);
  } else {
    rows.push_back(std::move(row));
  }
}

}  // namespace

net::Prefix default_destination(net::Family family)
{
  return net::Prefix::containing(
      family == net::Family::V4 ? net::Address::v4(0) : net::Address::v6(0, 0), 0);
}

struct Links::State {
  explicit State(mnl_socket* opened) : socket(opened) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  State(State&&) = delete;
  State& operator=(State&&) = delete;
  ~State() { mnl_socket_close(socket); }

  mnl_socket* socket;
  std::uint32_t sequence = 0;

  /// Sends the request and reads up to its acknowledgement or the end of its dump; every row goes
  /// to `row`. The error is errno; 0 when all is well.
  int ask(
      Message& message, const Row& row = [](const nlmsghdr*) {})
  {
    auto* header = message.header();
    header->nlmsg_seq = ++sequence;
    if (mnl_socket_sendto(socket, header, header->nlmsg_len) < 0) {
      return errno;
    }
    std::array<char, 65536> buffer{};
    for (;;) {
      const auto count = mnl_socket_recvfrom(socket, buffer.data(), buffer.size());
      if (count < 0 && errno == EINTR) {
        continue;
      }
      if (count < 0) {
        return errno;
      }
      auto kept = row;  // mnl wants a pointer that it may write to
      const int state = mnl_cb_run(buffer.data(),
                                   static_cast<std::size_t>(count),
                                   sequence,
                                   mnl_socket_get_portid(socket),
                                   keep_row,
                                   &kept);
      if (state <= MNL_CB_STOP) {
        return state < 0 ? errno : 0;
      }
    }
  }

  Result<void> change(Message& message, const std::string& what)
  {
    if (const int error = ask(message); error != 0) {
      return fail(error == EPERM ? Fault::NotPossible : Fault::Internal,
                  say("the kernel refuses {}: {}", what, std::strerror(error)));
    }
    return {};
  }

  Result<int> index_of(const std::string& link)
  {
    Message message(RTM_GETLINK, NLM_F_ACK);
    message.extra<ifinfomsg>()->ifi_family = AF_UNSPEC;
    message.put(IFLA_IFNAME, link);
    int index = 0;
    const int error = ask(message, [&index](const nlmsghdr* row) { index = link_in(row).index; });
    if (error != 0 || index == 0) {
      return fail(Fault::Internal, say("there is no link {} in this namespace", link));
    }
    return index;
  }

  Result<std::vector<net::Address>> list_addresses(std::optional<int> link)
  {
    Message message(RTM_GETADDR, NLM_F_DUMP);
    message.extra<ifaddrmsg>()->ifa_family = AF_UNSPEC;
    std::vector<net::Address> addresses;
    const int error = ask(message, [&](const nlmsghdr* row) {
      const auto* about = static_cast<const ifaddrmsg*>(mnl_nlmsg_get_payload(row));
      if (link && static_cast<int>(about->ifa_index) != *link) {
        return;
      }
      each_attribute<ifaddrmsg>(row, [&](const nlattr* attribute) {
        const auto address = address_in(attribute, about->ifa_family);
        if (mnl_attr_get_type(attribute) == IFA_ADDRESS && address) {
          addresses.push_back(*address);
        }
      });
    });
    if (error != 0) {
      return fail(Fault::Internal, say("cannot list the addresses: {}", std::strerror(error)));
    }
    return addresses;
  }

  /// Changes one thing of a link that is there; `what` names it in an error.
  Result<void> change_link(const std::string& link,
                           const std::string& what,
                           const std::function<void(Message&, ifinfomsg*)>& fill,
                           std::uint16_t type = RTM_NEWLINK)
  {
    const auto index = index_of(link);
    if (!index) {
      return fail(index.error());
    }
    Message message(type, NLM_F_ACK);
    auto* about = message.extra<ifinfomsg>();
    about->ifi_family = AF_UNSPEC;
    about->ifi_index = *index;
    fill(message, about);
    return change(message, what);
  }
};

Links::Links(std::unique_ptr<State> state) : state_(std::move(state)) {}
Links::Links(Links&&) noexcept = default;
Links& Links::operator=(Links&&) noexcept = default;
Links::~Links() = default;

Result<Links> Links::open()
{
  mnl_socket* socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
  if (socket == nullptr) {
    return fail(Fault::Internal, say("cannot open a netlink socket: {}", std::strerror(errno)));
  }
  auto state = std::make_unique<State>(socket);
  // A kernel that never answers must not hang us.
  const timeval limit = {.tv_sec = 10, .tv_usec = 0};
  ::setsockopt(mnl_socket_get_fd(socket), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) {
    return fail(Fault::Internal, say("cannot open a netlink socket: {}", std::strerror(errno)));
  }
  return Links(std::move(state));
}

Result<Links> Links::open(int network_namespace)
{
  Result<Links> links = fail(Fault::Internal, "");
  ZONDER_TRY(in_network_namespace(network_namespace, [&]() -> Result<void> {
    links = open();
    return {};
  }));
  return links;
}

Result<void>
Links::add_veth(const std::string& name, const std::string& far_name, int far_namespace)
{
  Message message(RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
  message.extra<ifinfomsg>()->ifi_family = AF_UNSPEC;
  message.put(IFLA_IFNAME, name);
  auto* header = message.header();
  nlattr* info = mnl_attr_nest_start(header, IFLA_LINKINFO);
  message.put(IFLA_INFO_KIND, std::string("veth"));
  nlattr* data = mnl_attr_nest_start(header, IFLA_INFO_DATA);
  nlattr* peer = mnl_attr_nest_start(header, VETH_INFO_PEER);
  mnl_nlmsg_put_extra_header(header, sizeof(ifinfomsg));
  message.put(IFLA_IFNAME, far_name);
  message.put(IFLA_NET_NS_FD, static_cast<std::uint32_t>(far_namespace));
  mnl_attr_nest_end(header, peer);
  mnl_attr_nest_end(header, data);
  mnl_attr_nest_end(header, info);
  return state_->change(message, "veth " + name);
}

Result<void> Links::add_bridge(const std::string& name)
{
  Message message(RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
  message.extra<ifinfomsg>()->ifi_family = AF_UNSPEC;
  message.put(IFLA_IFNAME, name);
  nlattr* info = mnl_attr_nest_start(message.header(), IFLA_LINKINFO);
  message.put(IFLA_INFO_KIND, std::string("bridge"));
  mnl_attr_nest_end(message.header(), info);
  return state_->change(message, "bridge " + name);
}

Result<void> Links::set_master(const std::string& link, const std::string& bridge)
{
  const auto index = state_->index_of(bridge);
  if (!index) {
    return fail(index.error());
  }
  return state_->change_link(
      link, say("the bridge {} for {}", bridge, link), [&](Message& message, ifinfomsg*) {
        message.put(IFLA_MASTER, static_cast<std::uint32_t>(*index));
      });
}

Result<void> Links::keep_apart(const std::string& link)
{
  return state_->change_link(
      link,
      say("to keep {} apart", link),
      [](Message& message, ifinfomsg* about) {
        about->ifi_family = AF_BRIDGE;
        nlattr* port = mnl_attr_nest_start(message.header(), IFLA_PROTINFO);
        mnl_attr_put_u8(message.header(), IFLA_BRPORT_ISOLATED, 1);
        mnl_attr_nest_end(message.header(), port);
      },
      RTM_SETLINK);
}

Result<void> Links::move_to(const std::string& link, int other_namespace, int index)
{
  const auto move = [&](int number) {
    return state_->change_link(link, say("to move {}", link), [&](Message& message, ifinfomsg*) {
      message.put(IFLA_NET_NS_FD, static_cast<std::uint32_t>(other_namespace));
      if (number != 0) {
        message.put(IFLA_NEW_IFINDEX, static_cast<std::uint32_t>(number));
      }
    });
  };
  if (index != 0 && move(index)) {
    return {};
  }
  return move(0);
}

Result<void> Links::set_down(const std::string& link)
{
  return state_->change_link(link, say("to turn {} off", link), [](Message&, ifinfomsg* about) {
    about->ifi_change = IFF_UP;
  });
}

Result<void> Links::set_up(const std::string& link)
{
  return state_->change_link(link, say("to turn {} on", link), [](Message&, ifinfomsg* about) {
    about->ifi_flags = IFF_UP;
    about->ifi_change = IFF_UP;
  });
}

Result<void> Links::set_mtu(const std::string& link, unsigned mtu)
{
  return state_->change_link(link,
                             say("mtu {} of {}", mtu, link),
                             [&](Message& message, ifinfomsg*) { message.put(IFLA_MTU, mtu); });
}

/// HTB finds a class by the packet's priority alone, and sends at once what has none.
Result<void> Links::add_late_lane(const std::string& link, std::chrono::milliseconds late)
{
  constexpr std::uint32_t root = late_lane & 0xffff0000U;
  constexpr std::uint32_t create = NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL;
  const auto index = state_->index_of(link);
  if (!index) {
    return fail(index.error());
  }
  const auto about = [&](Message& message, std::uint32_t handle, std::uint32_t parent) {
    auto* place = message.extra<tcmsg>();
    place->tcm_family = AF_UNSPEC;
    place->tcm_ifindex = *index;
    place->tcm_handle = handle;
    place->tcm_parent = parent;
  };
  const auto fails = [&](int error) {
    return fail(Fault::NotPossible,
                error == ENOENT
                    ? say("not available on this kernel: to be late takes its netem (module "
                          "sch_netem), which it does not have; --like slow works without")
                    : say("the kernel refuses {}: {}",
                          say("a lane of {} for what is late", link),
                          std::strerror(error)));
  };

  Message lanes(RTM_NEWQDISC, create);
  about(lanes, root, TC_H_ROOT);
  lanes.put(TCA_KIND, std::string("htb"));
  const tc_htb_glob all = {
      .version = 3, .rate2quantum = 10, .defcls = 0, .debug = 0, .direct_pkts = 0};
  nlattr* options = mnl_attr_nest_start(lanes.header(), TCA_OPTIONS);
  mnl_attr_put(lanes.header(), TCA_HTB_INIT, sizeof all, &all);
  mnl_attr_nest_end(lanes.header(), options);
  if (const int error = state_->ask(lanes); error != 0) {
    return fails(error);
  }

  Message lane(RTM_NEWTCLASS, create);
  about(lane, late_lane, root);
  lane.put(TCA_KIND, std::string("htb"));
  tc_htb_opt limits = {};  // none that matters: bytes a second, and 64 ms of them at once
  limits.rate.linklayer = TC_LINKLAYER_ETHERNET;
  limits.rate.rate = ~std::uint32_t{0};
  limits.ceil = limits.rate;
  limits.buffer = 1000000;
  limits.cbuffer = 1000000;
  limits.quantum = 60000;
  options = mnl_attr_nest_start(lane.header(), TCA_OPTIONS);
  mnl_attr_put(lane.header(), TCA_HTB_PARMS, sizeof limits, &limits);
  mnl_attr_nest_end(lane.header(), options);
  if (const int error = state_->ask(lane); error != 0) {
    return fails(error);
  }

  Message keeper(RTM_NEWQDISC, create);
  about(keeper, 0x00020000, late_lane);
  keeper.put(TCA_KIND, std::string("netem"));
  constexpr std::int64_t nanoseconds_of_tick = 64;  // PSCHED_SHIFT
  tc_netem_qopt keep = {};
  keep.latency =
      static_cast<std::uint32_t>(std::chrono::nanoseconds(late).count() / nanoseconds_of_tick);
  keep.limit = 10000;
  mnl_attr_put(keeper.header(), TCA_OPTIONS, sizeof keep, &keep);
  if (const int error = state_->ask(keeper); error != 0) {
    return fails(error);
  }
  return {};
}

Result<void> Links::remove(const std::string& link)
{
  return state_->change_link(
      link, say("to remove {}", link), [](Message&, ifinfomsg*) {}, RTM_DELLINK);
}

Result<void>
Links::add_address(const std::string& link, const net::Prefix& net, net::Address address)
{
  const auto index = state_->index_of(link);
  if (!index) {
    return fail(index.error());
  }
  Message message(RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
  auto* about = message.extra<ifaddrmsg>();
  about->ifa_family = family_number(address.family());
  about->ifa_prefixlen = static_cast<unsigned char>(net.length());
  about->ifa_flags = address.is_v4() ? 0 : IFA_F_NODAD;
  about->ifa_index = static_cast<unsigned>(*index);
  message.put(IFA_LOCAL, address);
  message.put(IFA_ADDRESS, address);
  return state_->change(message, say("the address {} on {}", address.to_string(), link));
}

Result<void> Links::add_rule(net::Family family, std::uint32_t mark, std::uint32_t table)
{
  Message message(RTM_NEWRULE, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
  auto* about = message.extra<fib_rule_hdr>();
  about->family = family_number(family);
  about->action = FR_ACT_TO_TBL;
  message.put(FRA_FWMARK, mark);
  message.put(FRA_TABLE, table);
  return state_->change(message, say("the rule of routing for mark {}", mark));
}

Result<void> Links::add_route(const Route& route)
{
  Message message(RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
  auto* about = message.extra<rtmsg>();
  about->rtm_family = family_number(route.destination.family());
  about->rtm_dst_len = static_cast<unsigned char>(route.destination.length());
  about->rtm_table = RT_TABLE_UNSPEC;  // RTA_TABLE says it, for numbers above 255 too
  about->rtm_protocol = RTPROT_BOOT;
  about->rtm_type = route.type;
  about->rtm_scope = route.gateway || route.type != RTN_UNICAST ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
  if (route.type == RTN_LOCAL) {
    about->rtm_scope = RT_SCOPE_HOST;
  }
  message.put(RTA_TABLE, route.table);
  if (route.destination.length() > 0) {
    message.put(RTA_DST, route.destination.first());
  }
  if (route.gateway) {
    message.put(RTA_GATEWAY, *route.gateway);
  }
  if (!route.link.empty()) {
    const auto index = state_->index_of(route.link);
    if (!index) {
      return fail(index.error());
    }
    message.put(RTA_OIF, static_cast<std::uint32_t>(*index));
  }
  return state_->change(message, say("the route to {}", route.destination.to_string()));
}

Result<std::vector<Link>> Links::list_links()
{
  Message message(RTM_GETLINK, NLM_F_DUMP);
  message.extra<ifinfomsg>()->ifi_family = AF_UNSPEC;
  std::vector<Link> links;
  const int error =
      state_->ask(message, [&links](const nlmsghdr* row) { links.push_back(link_in(row)); });
  if (error != 0) {
    return fail(Fault::Internal, say("cannot list the links: {}", std::strerror(error)));
  }
  return links;
}

Result<std::vector<Route>> Links::list_routes()
{
  const auto links = list_links();
  if (!links) {
    return fail(links.error());
  }
  std::map<int, std::string> names;
  for (const auto& link : *links) {
    names[link.index] = link.name;
  }
  std::vector<RawRoute> rows;
  for (const auto family : {net::Family::V4, net::Family::V6}) {
    Message message(RTM_GETROUTE, NLM_F_DUMP);
    message.extra<rtmsg>()->rtm_family = family_number(family);
    const int error =
        state_->ask(message, [&rows](const nlmsghdr* row) { add_routes_in(row, rows); });
    if (error != 0) {
      return fail(Fault::Internal, say("cannot list the routes: {}", std::strerror(error)));
    }
  }
  std::vector<Route> routes;
  for (auto& row : rows) {
    row.route.link = names[row.link];
    routes.push_back(std::move(row.route));
  }
  return routes;
}

Result<std::vector<net::Address>> Links::list_addresses()
{
  return state_->list_addresses(std::nullopt);
}

Result<std::vector<net::Address>> Links::list_addresses(const std::string& link)
{
  const auto index = state_->index_of(link);
  return index ? state_->list_addresses(*index)
               : Result<std::vector<net::Address>>(fail(index.error()));
}

Result<std::optional<int>> Links::number_of(int other_namespace)
{
  Message message(RTM_GETNSID, NLM_F_ACK);
  message.extra<rtgenmsg>()->rtgen_family = AF_UNSPEC;
  message.put(NETNSA_FD, static_cast<std::uint32_t>(other_namespace));
  int number = NETNSA_NSID_NOT_ASSIGNED;
  const int error = state_->ask(message, [&number](const nlmsghdr* row) {
    each_attribute<rtgenmsg>(row, [&number](const nlattr* attribute) {
      if (mnl_attr_get_type(attribute) == NETNSA_NSID) {
        number = static_cast<int>(number_in(attribute));
      }
    });
  });
  if (error != 0) {
    return fail(Fault::Internal, say("cannot tell namespaces apart: {}", std::strerror(error)));
  }
  return number >= 0 ? std::optional(number) : std::nullopt;
}

}  // namespace zonder::kernel
