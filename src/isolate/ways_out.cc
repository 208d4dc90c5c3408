// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/ways_out.hh"

#include <sys/socket.h>
#include <sys/stat.h>

#include "base/translate.hh"
#include "isolate/command.hh"

namespace zonder::isolate {
namespace {

bool is_socket(const std::string& path)
{
  struct stat about {};
  return !path.empty() && ::stat(path.c_str(), &about) == 0 && S_ISSOCK(about.st_mode);
}

}  // namespace

std::vector<model::LeftTheRoom> open_ways_out(const std::vector<std::string>& environment)
{
  std::vector<model::LeftTheRoom> ways;
  const auto add = [&](const std::string& path, const std::string& meaning) {
    if (is_socket(path)) {
      ways.push_back({.what = say("unix socket {}", path), .meaning = meaning});
    }
  };
  const auto runtime = variable(environment, "XDG_RUNTIME_DIR");
  const auto display = variable(environment, "DISPLAY");
  const auto wayland = variable(environment, "WAYLAND_DISPLAY");
  if (!runtime.empty()) {
    add(runtime + "/bus", tr("the session bus: programs started through it run outside the room"));
  }
  add("/run/dbus/system_bus_socket",
      tr("the system bus: services of the machine can be asked through it"));
  add(variable(environment, "SSH_AUTH_SOCK"), tr("the ssh agent: it only signs, outside the room"));
  if (!display.empty() && display.front() == ':') {
    add("/tmp/.X11-unix/X" + display.substr(1, display.find('.') - 1),
        tr("the display: a program that is already running can be asked to open a page outside"));
  }
  if (!wayland.empty() && !runtime.empty()) {
    add(wayland.front() == '/' ? wayland : runtime + "/" + wayland,
        tr("the display: a program that is already running can be asked to open a page outside"));
  }
  return ways;
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
