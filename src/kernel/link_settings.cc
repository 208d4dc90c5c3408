// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "kernel/link_settings.hh"

#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include "base/descriptor.hh"
#include "base/file.hh"
#include "kernel/namespaces.hh"

namespace zonder::kernel {
namespace {

constexpr std::size_t longest_value = 4096;

std::map<std::string, std::string> values_of(const std::string& link)
{
  std::map<std::string, std::string> values;
  for (const char* kind : {"ipv4/conf", "ipv6/conf", "ipv4/neigh", "ipv6/neigh"}) {
    const std::filesystem::path folder = std::filesystem::path("/proc/sys/net") / kind / link;
    std::error_code error;
    for (const auto& file : std::filesystem::directory_iterator(folder, error)) {
      if (const auto value = read_file(file.path().string(), longest_value)) {
        values[file.path().string()] = *value;
      }
    }
  }
  return values;
}

bool put(const std::string& path, const std::string& value)
{
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  return file &&
         ::write(file.get(), value.data(), value.size()) == static_cast<ssize_t>(value.size());
}

}  // namespace

LinkSettings LinkSettings::read(int network_namespace, const std::string& link)
{
  LinkSettings settings;
  (void)in_network_namespace(network_namespace, [&]() -> Result<void> {
    settings.values_ = values_of(link);
    return {};
  });
  return settings;
}

bool LinkSettings::write_back(int network_namespace) const
{
  bool all = true;
  (void)in_network_namespace(network_namespace, [&]() -> Result<void> {
    for (const auto& [path, value] : values_) {
      const auto now = read_file(path, longest_value);
      if (now && *now != value) {
        all = put(path, value) && all;
      }
    }
    return {};
  });
  return all;
}

}  // namespace zonder::kernel
