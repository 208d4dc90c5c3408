// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "support/lab.hh"

#include <array>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <thread>

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.hh"

namespace zonder::test {
namespace {

std::string example(const std::string& name)
{
  return read_file(std::string(ZONDER_SOURCE_DIR) + "/examples/lab/" + name + ".yaml").value_or("");
}

/// The ids of all namespaces that a process is in.
std::set<std::string> namespaces_in_use()
{
  namespace fs = std::filesystem;
  std::set<std::string> found;
  std::error_code ignored;
  for (const auto& process : fs::directory_iterator("/proc", ignored)) {
    const auto folder = process.path() / "ns";
    for (const auto* kind : {"net", "mnt", "pid", "user", "uts", "ipc"}) {
      const auto target = fs::read_symlink(folder / kind, ignored);
      if (!target.empty()) {
        found.insert(target.string());
      }
    }
  }
  return found;
}

/// Our abstract sockets' names.
std::set<std::string> lab_sockets()
{
  std::set<std::string> found;
  std::istringstream lines(read_file("/proc/net/unix").value_or(""));
  for (std::string line; std::getline(lines, line);) {
    if (const auto at = line.find("@zonder-lab-"); at != std::string::npos) {
      found.insert(line.substr(at));
    }
  }
  return found;
}

std::string rule_sets()
{
  if (::geteuid() != 0 || !find_program("nft")) {
    return "";
  }
  const auto listed = run_captured({"nft", "list", "ruleset"});
  return listed ? listed->out : "";
}

std::string
compare(const char* what, const std::set<std::string>& before, const std::set<std::string>& after)
{
  std::string text;
  for (const auto& one : after) {
    if (!before.contains(one)) {
      text += std::string("new ") + what + ": " + one + "\n";
    }
  }
  return text;
}

/// The port that a packet is for, behind an IPv4 or IPv6 header; nothing for other packets.
std::optional<std::uint16_t> port_of(const unsigned char* packet, std::size_t size, bool is_v4)
{
  constexpr std::size_t v6_header = 40;
  const std::size_t header =
      is_v4 && size > 0 ? static_cast<std::size_t>(packet[0] & 0x0fU) * 4 : v6_header;
  const std::size_t protocol_at = is_v4 ? 9 : 6;
  if (size < header + 4 || size <= protocol_at) {
    return std::nullopt;
  }
  const unsigned protocol = packet[protocol_at];
  if (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP) {
    return std::nullopt;
  }
  return static_cast<std::uint16_t>((packet[header + 2] << 8U) | packet[header + 3]);
}

bool is_neighbour_talk(const unsigned char* packet, std::size_t size, bool is_v4)
{
  return !is_v4 && size > 40 &&
         (packet[6] == 0 || (packet[6] == IPPROTO_ICMPV6 && packet[40] >= 130));
}

}  // namespace

TestLab TestLab::from_text(const std::string& yaml, lab::Lab::Options options)
{
  TestLab result;
  const auto file = lab::parse_lab(yaml, "test.yaml");
  if (!file) {
    result.why_not_ = file.error().message;
    return result;
  }
  if (options.identity_folder.empty()) {
    options.identity_folder = std::string(ZONDER_SOURCE_DIR) + "/tools/identity-provider";
  }
  auto started = lab::Lab::start(*file, options);
  if (!started) {
    result.why_not_ = started.error().message;
    return result;
  }
  result.lab_ = std::move(*started);
  return result;
}

TestLab TestLab::from_example(const std::string& name, lab::Lab::Options options)
{
  return from_text(example(name), std::move(options));
}

Ran TestLab::run(const std::string& host,
                 const std::vector<std::string>& command,
                 std::optional<uid_t> uid,
                 std::chrono::seconds limit)
{
  const auto spaces = lab_->host(host);
  if (!spaces) {
    return {.code = -1, .out = {}, .err = spaces.error().message};
  }
  const auto done = run_captured(
      [&](int in, int out, int err) {
        return lab::start_in_host(
            *spaces, host, {.argv = command, .in = in, .out = out, .err = err}, uid);
      },
      limit);
  if (!done) {
    return {.code = -1, .out = {}, .err = done.error().message};
  }
  return {.code = done->status.as_shell(), .out = done->out, .err = done->err};
}

Ran TestLab::sh(const std::string& host, const std::string& line, std::optional<uid_t> uid)
{
  return run(host, {"/bin/sh", "-c", line}, uid);
}

Result<ChildProcess> TestLab::start(const std::string& host,
                                    const std::vector<std::string>& command,
                                    int out,
                                    std::optional<uid_t> uid)
{
  const auto spaces = lab_->host(host);
  if (!spaces) {
    return fail(spaces.error());
  }
  return lab::start_in_host(*spaces, host, {.argv = command, .out = out, .err = out}, uid);
}

PacketCounter::PacketCounter(TestLab& lab, const std::string& host)
{
  auto socket = lab.lab().watch(host);
  if (socket) {
    socket_ = std::move(*socket);
  }
}

std::size_t PacketCounter::arrived(std::optional<std::uint16_t> to_port)
{
  std::size_t count = 0;
  std::array<unsigned char, 2048> packet{};
  for (;;) {
    sockaddr_ll from = {};
    socklen_t from_size = sizeof from;
    const auto size = ::recvfrom(socket_.get(),
                                 packet.data(),
                                 packet.size(),
                                 MSG_DONTWAIT,
                                 reinterpret_cast<sockaddr*>(&from),
                                 &from_size);
    if (size < 0) {
      return count;
    }
    const auto protocol = ntohs(from.sll_protocol);
    const bool is_v4 = protocol == ETH_P_IP;
    const auto length = static_cast<std::size_t>(size);
    // Loopback also shows as "to this host"; only what came over the link counts.
    constexpr int ethernet = 1;
    if (from.sll_pkttype != PACKET_HOST || from.sll_hatype != ethernet ||
        (!is_v4 && protocol != ETH_P_IPV6) || is_neighbour_talk(packet.data(), length, is_v4)) {
      continue;
    }
    if (!to_port || port_of(packet.data(), length, is_v4) == to_port) {
      ++count;
    }
  }
}

MachineState MachineState::now()
{
  return {.namespaces = namespaces_in_use(),
          .sockets = lab_sockets(),
          .mounts = read_file("/proc/self/mounts").value_or(""),
          .rules = rule_sets()};
}

std::string MachineState::difference() const
{
  std::string text;
  for (int i = 0; i < 40; ++i) {
    const auto after = now();
    text = compare("namespace", namespaces, after.namespaces) +
           compare("socket", sockets, after.sockets) +
           (mounts == after.mounts ? "" : "the mounts differ\n") +
           (rules == after.rules ? "" : "the rule sets differ\n");
    if (text.empty()) {
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return text;
}

}  // namespace zonder::test
