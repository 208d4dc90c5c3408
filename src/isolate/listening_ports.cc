// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/listening_ports.hh"

#include <cerrno>
#include <cstddef>
#include <sstream>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

#include "base/file.hh"

namespace zonder::isolate {
namespace {

constexpr std::size_t longest_table = std::size_t{1} << 26U;
constexpr const char* listening = "0A";  // TCP_LISTEN

bool is_not_there(const std::string& path)
{
  return ::access(path.c_str(), F_OK) != 0 && errno == ENOENT;
}

}  // namespace

bool listens_in(std::string_view table, std::uint16_t port)
{
  const auto wanted = fmt::format(":{:04X}", port);
  std::istringstream lines{std::string(table)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string number;
    std::string local;
    std::string remote;
    std::string state;
    if (words >> number >> local >> remote >> state && state == listening &&
        local.ends_with(wanted)) {
      return true;
    }
  }
  return false;
}

bool listens_by_tables(const std::string& tcp, const std::string& tcp6, std::uint16_t port)
{
  const auto v4 = read_file(tcp, longest_table);
  const auto v6 = read_file(tcp6, longest_table);
  if (!v4 || (!v6 && !is_not_there(tcp6))) {
    return true;
  }
  return listens_in(*v4, port) || (v6 && listens_in(*v6, port));
}

bool listens_here(std::uint16_t port)
{
  return listens_by_tables("/proc/thread-self/net/tcp", "/proc/thread-self/net/tcp6", port);
}

}  // namespace zonder::isolate
