// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/ways_out.hh"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/translate.hh"
#include "isolate/command.hh"
#include "net/special_use.hh"

namespace zonder::isolate {
namespace {

bool is_socket(const std::string& path)
{
  struct stat about {};
  return !path.empty() && ::stat(path.c_str(), &about) == 0 && S_ISSOCK(about.st_mode);
}

std::string without_links(const std::string& path)
{
  std::error_code problem;
  const auto real = std::filesystem::canonical(path, problem);
  return problem ? path : real.string();
}

/// What it means that a program in the room can talk to whoever listens there.
std::string meaning_of(const std::string& path)
{
  const auto has = [&](const char* part) {
    return path.find(part) != std::string::npos;
  };
  if (path.ends_with("/bus") && !has("system_bus")) {
    return tr("the session bus: programs started through it run outside the room");
  }
  if (has("/system_bus_socket")) {
    return tr("the system bus: services of the machine can be asked through it");
  }
  if (has("/.X11-unix/") || has("/wayland-")) {
    return tr("the display: a program that is already running can be asked to open a page outside");
  }
  if (has("ssh-agent") || has("/agent.") || has("S.gpg-agent")) {
    return tr("the ssh agent: it only signs, outside the room");
  }
  if (has("/pulse/") || has("/pipewire")) {
    return tr("sound: it stays on this machine, unless it was sent elsewhere");
  }
  if (has("/cups/")) {
    return tr("printing: the printer and its network are outside the room");
  }
  if (has("/systemd/journal/") || path == "/dev/log") {
    return tr("the system's log: what is written there may be sent on, outside the room");
  }
  return tr("a program outside the room listens there; what it does for the command on the network "
            "was not cut off and is not counted");
}

}  // namespace

std::vector<model::LeftTheRoom> open_ways_out(const std::vector<std::string>& environment)
{
  std::vector<model::LeftTheRoom> ways;
  const auto add = [&](const std::string& path) {
    if (is_socket(path)) {
      const auto real = without_links(path);
      ways.push_back({.what = say("unix socket {}", real), .meaning = meaning_of(real)});
    }
  };
  const auto runtime = variable(environment, "XDG_RUNTIME_DIR");
  const auto display = variable(environment, "DISPLAY");
  const auto wayland = variable(environment, "WAYLAND_DISPLAY");
  if (!runtime.empty()) {
    add(runtime + "/bus");
  }
  add("/run/dbus/system_bus_socket");
  add(variable(environment, "SSH_AUTH_SOCK"));
  if (!display.empty() && display.front() == ':') {
    add("/tmp/.X11-unix/X" + display.substr(1, display.find('.') - 1));
  }
  if (!wayland.empty() && !runtime.empty()) {
    add(wayland.front() == '/' ? wayland : runtime + "/" + wayland);
  }
  return ways;
}

void add_uses_of_services(std::vector<model::LeftTheRoom>& ways,
                          const std::vector<UsedSocket>& used)
{
  for (const auto& socket : used) {
    const auto what = say("unix socket {}", socket.path);
    const auto known = std::find_if(
        ways.begin(), ways.end(), [&](const model::LeftTheRoom& way) { return way.what == what; });
    if (known != ways.end()) {
      known->programs = socket.programs;
    } else {
      ways.push_back({.what = what,
                      .meaning = socket.is_known
                                     ? meaning_of(socket.path)
                                     : tr("what is there could not be looked up: it may be a "
                                          "program outside the room"),
                      .programs = socket.programs});
    }
  }
}

std::vector<std::string> desktop_services(const std::vector<std::string>& environment)
{
  std::vector<std::string> all = {"/run/dbus/system_bus_socket", "/run/cups", "/run/pcscd"};
  const auto runtime = variable(environment, "XDG_RUNTIME_DIR");
  if (!runtime.empty()) {
    for (const char* name : {"bus",
                             "systemd",
                             "at-spi",
                             "dbus-1",
                             "gnupg",
                             "keyring",
                             "gcr",
                             "emacs",
                             "pulse",
                             "pipewire-0",
                             "pipewire-0-manager",
                             "ssh-agent.socket"}) {
      all.push_back(runtime + "/" + name);
    }
  }
  const auto agent = variable(environment, "SSH_AUTH_SOCK");
  if (!agent.empty()) {
    all.push_back(agent);
  }
  std::vector<std::string> there;
  for (const auto& path : all) {
    struct stat about {};
    if (::stat(path.c_str(), &about) == 0 &&
        std::find(there.begin(), there.end(), path) == there.end()) {
      there.push_back(path);
    }
  }
  return there;
}

void leave_out(std::vector<std::string>& masked, const std::vector<std::string>& allowed)
{
  for (const auto& path : allowed) {
    const auto real = without_links(path);
    masked.erase(
        std::remove_if(masked.begin(),
                       masked.end(),
                       [&](const std::string& each) { return each == path || each == real; }),
        masked.end());
  }
}

void add_what_was_allowed(std::vector<model::LeftTheRoom>& ways,
                          const std::vector<std::string>& sockets,
                          const std::vector<int>& descriptors)
{
  for (const auto& path : sockets) {
    ways.push_back(
        {.what = say("unix socket {}", without_links(path)),
         .meaning = tr("allowed on your order (--allow-socket): what its service does on "
                       "the network is outside the room, and was not cut off"),
         .programs = {}});
  }
  const auto is_connection = [](int descriptor) {
    int family = 0;
    socklen_t length = sizeof family;
    return ::getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &family, &length) == 0;
  };
  for (int descriptor = 0; descriptor < 3; ++descriptor) {
    if (is_connection(descriptor)) {
      ways.push_back(
          {.what = say("descriptor {}", descriptor),
           .meaning = tr("an open unix connection that was there at the start: whoever is "
                         "at its other end is outside the room, and can hand in "
                         "connections of the network there"),
           .programs = {}});
    }
  }
  for (const int descriptor : descriptors) {
    if (is_connection(descriptor)) {
      ways.push_back({.what = say("descriptor {}", descriptor),
                      .meaning = tr("an open connection that the command was given (--keep-fd): it "
                                    "stays outside the room, and was not cut off"),
                      .programs = {}});
    }
  }
}

std::string port_of_this_machine(std::uint16_t port)
{
  return say("port {} of this machine", port);
}

void add_uses_of_host(std::vector<model::LeftTheRoom>& ways,
                      const std::vector<std::uint16_t>& ports,
                      const std::vector<const Tries*>& tries)
{
  for (const auto port : ports) {
    model::LeftTheRoom way;
    way.what = port_of_this_machine(port);
    way.meaning = tr("allowed on your order (--allow-host): this service itself was not cut off");
    for (const auto& address : {net::Address::v4(INADDR_LOOPBACK), net::Address::v6(0, 1)}) {
      for (const auto* some : tries) {
        const auto more = some->at({.address = address, .protocol = IPPROTO_TCP, .port = port});
        way.programs.insert(way.programs.end(), more.begin(), more.end());
      }
    }
    ways.push_back(std::move(way));
  }
}

std::vector<std::uint16_t> ports_at_own_loopback(const std::vector<std::uint16_t>& allowed,
                                                 const std::vector<const Tries*>& tries)
{
  std::set<std::uint16_t> ports;
  for (const auto* some : tries) {
    for (const auto& [destination, programs] : some->sent_to()) {
      const auto use = net::special_use(destination.address);
      if (use == net::SpecialUse::Loopback && destination.protocol == IPPROTO_TCP) {
        ports.insert(destination.port);
      }
    }
  }
  for (const auto port : allowed) {
    ports.erase(port);
  }
  return {ports.begin(), ports.end()};
}

Result<void> check_kept_descriptors(const std::vector<int>& descriptors)
{
  for (const int descriptor : descriptors) {
    if (::fcntl(descriptor, F_GETFD) < 0) {
      return fail(
          Fault::Usage,
          say("--keep-fd {}: there is no such open descriptor; give it one, for example with "
              "{}</dev/null",
              descriptor,
              descriptor));
    }
  }
  return {};
}

Result<void> check_allowed_sockets(const std::vector<std::string>& paths)
{
  for (const auto& path : paths) {
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0) {
      const int error = errno;
      return fail(Fault::Usage, say("--allow-socket {}: {}", path, std::strerror(error)));
    }
    if (!S_ISSOCK(about.st_mode) && !S_ISDIR(about.st_mode)) {
      return fail(Fault::Usage,
                  say("--allow-socket {}: this is no socket, and no folder of sockets", path));
    }
  }
  return {};
}

Result<void> refuse_inherited_sockets()
{
  for (int fd = 0; fd < 3; ++fd) {
    int family = 0;
    socklen_t length = sizeof family;
    // Packet, netlink and other sockets keep the network in which they were made, too.
    if (::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &length) == 0 && family != AF_UNIX) {
      return fail(Fault::Usage,
                  say("descriptor {} is an open network connection, which stays outside the room; "
                      "redirect it, for example with </dev/null",
                      fd));
    }
  }
  return {};
}

}  // namespace zonder::isolate
