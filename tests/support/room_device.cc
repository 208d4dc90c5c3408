// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "support/room_device.hh"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/child_process.hh"
#include "base/file.hh"
#include "isolate/socket_address.hh"
#include "kernel/links.hh"
#include "kernel/namespaces.hh"

namespace zonder::test {
namespace {

/// udhcpc and dhclient both leave to a script what becomes of what they got.
constexpr const char* lease_script =
    "#!/bin/sh\n"
    "case ${1:-$reason} in bound|BOUND) ;; *) exit 0 ;; esac\n"
    "address=${ip:-$new_ip_address}; net=${mask:-$new_subnet_mask}\n"
    "via=${router:-$new_routers}; names=${dns:-$new_domain_name_servers}\n"
    "ip addr add $address/$net dev eth0 && ip route add default via $via &&\n"
    "  echo nameserver $names >FOLDER/resolv.conf && echo $address $via $names >FOLDER/leased\n";

}  // namespace

std::string RoomDevice::plug_in(const std::string& port)
{
  auto made = kernel::new_network_namespace();
  auto here = kernel::Links::open();
  if (!made || !here || !here->add_veth(port, "eth0", made->get()) || !here->set_up(port)) {
    return "no cable";
  }
  folder_ = "/mnt/scratch/" + port;
  space_ = std::move(*made);
  return finish();
}

std::string RoomDevice::plug_into_switch(const std::string& bridge, const std::string& port)
{
  if (auto wrong = plug_in(port); !wrong.empty()) {
    return wrong;
  }
  auto here = kernel::Links::open();
  return here && here->set_master(port, bridge) ? "" : "no switch";
}

std::string RoomDevice::finish()
{
  (void)::mkdir(folder_.c_str(), 0755);
  auto there = kernel::Links::open(space_.get());
  const auto links =
      there ? there->list_links() : Result<std::vector<kernel::Link>>(fail(there.error()));
  if (!links || !there->set_up("lo") || !there->set_up("eth0")) {
    return "no device";
  }
  hardware_ = std::ranges::find(*links, "eth0", &kernel::Link::name)->hardware;
  std::string script = lease_script;
  for (auto at = script.find("FOLDER"); at != std::string::npos; at = script.find("FOLDER")) {
    script.replace(at, 6, folder_);
  }
  return write_file(folder_ + "/lease", script, 0755) ? "" : "no files";
}

void RoomDevice::within(const std::function<void()>& body) const
{
  (void)kernel::in_network_namespace(space_.get(), [&]() -> Result<void> {
    body();
    return {};
  });
}

std::string RoomDevice::ask_for_addresses()
{
  within([&] {
    (void)run_captured(
        {"udhcpc", "-i", "eth0", "-n", "-q", "-t", "20", "-T", "1", "-s", folder_ + "/lease"},
        std::chrono::seconds(30));
  });
  return read_file(folder_ + "/leased", 200).value_or("nothing leased");
}

std::string RoomDevice::ask_for_addresses_by_dhclient()
{
  within([&] {
    (void)run_captured({"dhclient",
                        "-1",
                        "-sf",
                        folder_ + "/lease",
                        "-lf",
                        folder_ + "/leases",
                        "-pf",
                        folder_ + "/pid",
                        "-cf",
                        "/dev/null",
                        "eth0"},
                       std::chrono::seconds(30));
    (void)run_captured({"dhclient", "-x", "-pf", folder_ + "/pid", "eth0"},
                       std::chrono::seconds(5));
  });
  return read_file(folder_ + "/leased", 200).value_or("nothing leased");
}

Result<void> RoomDevice::use(const isolate::RoomPlan& plan)
{
  auto links = kernel::Links::open(space_.get());
  if (!links) {
    return fail(links.error());
  }
  const auto own_v6 = net::Address::v6(plan.gateway_v6.high(), 0x77);
  ZONDER_TRY(links->add_address("eth0", plan.room_net_v4, plan.hall->first_v4));
  ZONDER_TRY(links->add_address("eth0", plan.room_net_v6, own_v6));
  for (const auto& router : {plan.gateway_v4, plan.gateway_v6}) {
    ZONDER_TRY(links->add_route(
        {.destination = kernel::default_destination(router.family()), .gateway = router}));
  }
  return {};
}

std::string RoomDevice::sh(const std::string& script) const
{
  const auto resolv = folder_ + "/resolv.conf";
  std::string said;
  within([&] {
    const auto ran = run_captured({"unshare",
                                   "--mount",
                                   "--propagation",
                                   "private",
                                   "sh",
                                   "-c",
                                   "mount --bind " + resolv + " /etc/resolv.conf; " + script},
                                  std::chrono::seconds(60));
    said = ran ? ran->out + ran->err : ran.error().message;
  });
  return said;
}

int RoomDevice::connect_to(const std::string& where, std::uint16_t port) const
{
  const auto there = *net::Address::try_parse(where);
  Descriptor socket;
  within([&] {
    socket =
        Descriptor(::socket(there.is_v4() ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  });
  const timeval limit = {.tv_sec = 4, .tv_usec = 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  const isolate::SocketAddress to(there, port);
  return ::connect(socket.get(), to.get(), to.length) == 0 ? 0 : errno;
}

bool RoomDevice::comes_to(const std::string& where, std::uint16_t port) const
{
  int error = -1;
  for (int i = 0; i < 60 && error != 0; ++i) {
    error = connect_to(where, port);
    std::this_thread::sleep_for(std::chrono::milliseconds(error == 0 ? 0 : 200));
  }
  return error == 0;
}

std::string RoomDevice::address_of(const std::string& name, const std::string& server) const
{
  std::string said;
  within([&] {
    const auto ran = run_captured({"dig", "+short", "+tries=2", "+time=2", "@" + server, name, "A"},
                                  std::chrono::seconds(8));
    said = ran ? ran->out : ran.error().message;
  });
  return said.substr(0, said.find('\n'));
}

std::string RoomDevice::token() const
{
  const auto page = sh("curl -s --max-time 5 http://zonder.internal/");
  const std::string before = "name=\"token\" value=\"";
  const auto at = page.find(before);
  return at == std::string::npos
             ? ""
             : page.substr(at + before.size(),
                           page.find('"', at + before.size()) - at - before.size());
}

std::string RoomDevice::join(const std::string& name) const
{
  const auto code = sh("curl -s -o /dev/null -w '%{http_code}' --max-time 5 "
                       "--data-urlencode token=" +
                       token() + " --data-urlencode 'name=" + name +
                       "' --data-urlencode consent=yes http://zonder.internal/join");
  return code == "303" ? "" : "joining gives " + code + "; ";
}

}  // namespace zonder::test
