// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/hall_ports.hh"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/translate.hh"
#include "isolate/access_point.hh"
#include "isolate/port_in_use.hh"
#include "kernel/namespaces.hh"

namespace zonder::isolate {
namespace {

/// iw moves a radio to where a process is: one that is there for that.
Result<ChildProcess> process_in(const Descriptor& network)
{
  Result<ChildProcess> process = fail(Fault::Internal, std::string());
  ZONDER_TRY(kernel::in_network_namespace(network.get(), [&]() -> Result<void> {
    // The thread that starts it ends at once, and would take it along.
    process = ChildProcess::start({.argv = {"sleep", "30"}, .die_with_parent = false});
    return {};
  }));
  return process;
}

Result<void> move_radio(const std::string& radio, const Descriptor& from, const Descriptor& to)
{
  const auto there = process_in(to);
  if (!there) {
    return fail(there.error());
  }
  return kernel::in_network_namespace(from.get(), [&]() -> Result<void> {
    const auto moved =
        run_captured({"iw", "phy", radio, "set", "netns", std::to_string(there->pid())},
                     std::chrono::seconds(5));
    if (!moved || moved->status.as_shell() != 0) {
      return fail(Fault::NotPossible,
                  say("the radio {} cannot be moved: {}",
                      radio,
                      moved ? moved->err.substr(0, moved->err.find('\n')) : moved.error().message));
    }
    return {};
  });
}

}  // namespace

Result<void>
HallPorts::join(kernel::Links& here, const std::string& link, const std::string& room_link)
{
  ZONDER_TRY(here.set_master(link, room_link));
  return here.keep_apart(link);
}

Result<void> HallPorts::take_port(kernel::Links& machine,
                                  kernel::Links& here,
                                  const kernel::Link& port,
                                  const Descriptor& own)
{
  auto settings = kernel::LinkSettings::read(machine_.get(), port.name);
  ZONDER_TRY(machine.move_to(port.name, own.get()));
  taken_.push_back(
      {.name = port.name, .was_up = port.up, .index = port.index, .settings = std::move(settings)});
  ZONDER_TRY(join(here, port.name, plan_.room_link));
  return here.set_up(port.name);
}

/// A bridge stays where it is, and gets one more port, which is gone when this network is.
Result<void> HallPorts::plug_into_bridge(kernel::Links& machine,
                                         kernel::Links& here,
                                         const kernel::Link& bridge,
                                         const Descriptor& own)
{
  const auto cable = "zonder" + std::to_string(bridge.index);
  ZONDER_TRY(machine.add_veth(cable, cable, own.get()));
  taken_.push_back({.name = cable, .made = true});
  ZONDER_TRY(machine.set_master(cable, bridge.name));
  ZONDER_TRY(machine.set_up(cable));
  ZONDER_TRY(join(here, cable, plan_.room_link));
  return here.set_up(cable);
}

Result<void>
HallPorts::take_each(kernel::Links& here, kernel::Links& machine, const Descriptor& own)
{
  const auto links = machine.list_links();
  if (!links) {
    return fail(links.error());
  }
  const auto link_of = [&](const std::string& port) {
    return std::ranges::find(*links, port, &kernel::Link::name);
  };
  for (const auto& port : plan_.hall->ports) {
    if (link_of(port) == links->end()) {
      return no_such_port(port);
    }
    ZONDER_TRY(refuse_port_in_use(machine, *link_of(port), *links));
    ZONDER_TRY(refuse_bridge_that_heeds_routers(machine_.get(), *link_of(port)));
  }
  if (const auto& wanted = plan_.hall->access_point) {
    // A card for Wi-Fi is as much in use as a port, by which the machine itself may go out.
    const auto card = link_of(wanted->link);
    ZONDER_TRY(card == links->end() ? Result<void>() : refuse_port_in_use(machine, *card, *links));
  }
  for (const auto& port : plan_.hall->ports) {
    const auto& link = *link_of(port);
    ZONDER_TRY(link.kind == "bridge" ? plug_into_bridge(machine, here, link, own)
                                     : take_port(machine, here, link, own));
  }
  return plan_.hall->access_point ? open_access_point(*plan_.hall->access_point, own)
                                  : Result<void>();
}

Result<void> HallPorts::take()
{
  const auto own = kernel::open_own_namespace("net");
  auto here = kernel::Links::open();
  auto machine = kernel::Links::open(machine_.get());
  if (!own || !here || !machine) {
    return fail(!own ? own.error() : !here ? here.error() : machine.error());
  }
  const auto taken = take_each(*here, *machine, *own);
  if (!taken) {
    (void)give_back();
  }
  return taken;
}

/// The card comes with its radio, which the kernel gives back when this network ends.
Result<void> HallPorts::open_access_point(const AccessPoint& wanted, const Descriptor& own)
{
  ZONDER_TRY(move_radio(wanted.radio, machine_, own));
  radio_ = wanted.radio;
  auto started = start_access_point(wanted, plan_.room_link);
  if (!started) {
    return fail(std::move(started).error());
  }
  access_point_.emplace(std::move(*started));
  return {};
}

Result<void> HallPorts::give_back(kernel::Links& here, kernel::Links& machine, const Taken& port)
{
  (void)here.set_down(port.name);
  if (port.made) {
    return here.remove(port.name);
  }
  ZONDER_TRY(here.move_to(port.name, machine_.get(), port.index));
  (void)port.settings.write_back(machine_.get());
  return port.was_up ? machine.set_up(port.name) : Result<void>();
}

Result<void> HallPorts::give_back()
{
  const auto own = kernel::open_own_namespace("net");
  auto here = kernel::Links::open();
  auto machine = kernel::Links::open(machine_.get());
  if (!own || !here || !machine) {
    return fail(!own ? own.error() : !here ? here.error() : machine.error());
  }
  Result<void> all;
  for (const auto& port : std::exchange(taken_, {})) {
    const auto back = give_back(*here, *machine, port);
    all = back ? all : back;
  }
  if (!radio_.empty()) {
    access_point_.reset();
    const auto back = move_radio(std::exchange(radio_, {}), *own, machine_);
    all = back ? all : back;
  }
  return all;
}

}  // namespace zonder::isolate
