// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/address_server.hh"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "base/file.hh"
#include "base/translate.hh"

namespace zonder::isolate {
namespace {

// Short, so that a device that goes elsewhere afterwards asks anew soon.
constexpr const char* lease = "300";
constexpr std::chrono::milliseconds to_complain{300};  // it does so at once, or not at all

std::string said_on(int descriptor)
{
  std::array<char, 2048> text{};
  const auto got = ::read(descriptor, text.data(), text.size());
  std::string words(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  while (!words.empty() && words.back() == '\n') {
    words.pop_back();
  }
  return words.empty() ? "?" : words;
}

/// dnsmasq gives up rights that it does not have in a network of an ordinary user's, where nobody
/// may change his groups, and ends over that; all but in the mode in which it does not try.
std::vector<std::string> as_who_it_is()
{
  const auto groups = read_file("/proc/self/setgroups", 16);
  if (groups && groups->starts_with("deny")) {
    return {"--no-daemon"};
  }
  return {"--keep-in-foreground", "--user=root", "--group=root"};  // of this network only
}

}  // namespace

Result<std::string> find_address_server()
{
  auto program = find_program("dnsmasq");
  if (!program) {
    return fail(
        Fault::NotPossible,
        say("a room needs dnsmasq to give devices their addresses, and it is not installed; "
            "install it with \"apt install dnsmasq-base\""));
  }
  return std::move(*program);
}

Result<std::vector<std::string>> address_server_command(const RoomPlan& plan)
{
  auto program = find_address_server();
  if (!program) {
    return fail(std::move(program).error());
  }
  const auto v4 = plan.gateway_v4.to_string();
  const auto v6 = plan.gateway_v6.to_string();
  std::vector<std::string> command = {*program,
                                      "--conf-file=/dev/null",
                                      "--pid-file=",
                                      "--leasefile-ro",
                                      "--log-facility=-",
                                      "--no-hosts",
                                      "--no-resolv",
                                      "--no-ping",
                                      "--port=0",
                                      "--interface=" + plan.room_link,
                                      "--bind-interfaces",
                                      "--dhcp-authoritative",
                                      "--dhcp-range=" + plan.hall->first_v4.to_string() + "," +
                                          plan.hall->last_v4.to_string() + "," + lease,
                                      "--dhcp-option=option:router," + v4,
                                      "--dhcp-option=option:dns-server," + v4,
                                      "--enable-ra",
                                      "--dhcp-range=::,constructor:" + plan.room_link +
                                          ",ra-stateless," + lease,
                                      "--ra-param=" + plan.room_link + ",10," + lease,
                                      "--dhcp-option=option6:dns-server,[" + v6 + "]"};
  const auto who = as_who_it_is();
  command.insert(command.begin() + 1, who.begin(), who.end());
  return command;
}

Result<ChildProcess> start_address_server(const std::vector<std::string>& command)
{
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
    return fail(Fault::Internal, say("cannot make a pipe: {}", std::strerror(errno)));
  }
  const Descriptor read(ends[0]);
  const Descriptor write(ends[1]);
  auto started = ChildProcess::start({.argv = command,
                                      .environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin"},
                                      .directory = "/",
                                      .err = write.get()});
  if (started && started->wait_for(to_complain)) {
    return fail(Fault::NotPossible, say("dnsmasq does not start: {}", said_on(read.get())));
  }
  return started;
}

}  // namespace zonder::isolate
