// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/command.hh"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sys/stat.h>
#include <unistd.h>

#include "base/translate.hh"

namespace zonder::isolate {
namespace {

constexpr int not_executable = 126;
constexpr int not_found = 127;

bool is_file(const std::string& path)
{
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 && !S_ISDIR(about.st_mode);
}

FoundCommand look_at(const std::string& path)
{
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) {
    return refused_by_exec(path, errno);
  }
  if (S_ISDIR(about.st_mode)) {
    return refused_by_exec(path, EISDIR);
  }
  if (::access(path.c_str(), X_OK) != 0) {
    return refused_by_exec(path, EACCES);
  }
  return {.path = path};
}

}  // namespace

std::string variable(const std::vector<std::string>& environment, const std::string& name)
{
  for (const auto& entry : environment) {
    if (entry.size() > name.size() && entry.compare(0, name.size(), name) == 0 &&
        entry[name.size()] == '=') {
      return entry.substr(name.size() + 1);
    }
  }
  return {};
}

FoundCommand find_command(const std::string& name, const std::vector<std::string>& environment)
{
  if (name.find('/') != std::string::npos) {
    return look_at(name);
  }
  auto places = variable(environment, "PATH");
  if (places.empty()) {
    places = "/usr/local/bin:/usr/bin:/bin";
  }
  FoundCommand best = {.path = {},
                       .exit_code = not_found,
                       .problem = say("the command {} was not found in PATH", name)};
  for (std::size_t from = 0; from <= places.size() && !name.empty();) {
    const auto to = std::min(places.find(':', from), places.size());
    const auto folder = to > from ? places.substr(from, to - from) : ".";
    const auto candidate = folder + "/" + name;
    if (is_file(candidate)) {
      auto found = look_at(candidate);
      if (found.exit_code == 0) {
        return found;
      }
      best = found;
    }
    from = to + 1;
  }
  return best;
}

bool takes_rights_of_another(const std::string& path, uid_t uid)
{
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 && (about.st_mode & S_ISUID) != 0 && about.st_uid != uid;
}

FoundCommand refused_by_exec(const std::string& path, int error)
{
  const bool missing = error == ENOENT || error == ENOTDIR;
  return {.path = path,
          .exit_code = missing ? not_found : not_executable,
          .problem = say("cannot run {}: {}", path, std::strerror(error))};
}

}  // namespace zonder::isolate
