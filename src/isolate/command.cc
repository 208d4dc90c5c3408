// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/command.hh"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

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

/// What the first line of a script says shall run it; empty when it is no script.
std::string interpreter_of(const std::string& path)
{
  constexpr std::size_t as_far_as_the_kernel_looks = 256;
  std::ifstream file(path, std::ios::binary);
  std::string start(as_far_as_the_kernel_looks, '\0');
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(file.gcount()));
  if (!start.starts_with("#!")) {
    return {};
  }
  const auto line = start.substr(2, start.find('\n') - 2);
  const auto first = line.find_first_not_of(" \t");
  return first == std::string::npos ? std::string()
                                    : line.substr(first, line.find_first_of(" \t", first) - first);
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
  if (const auto interpreter = interpreter_of(path);
      !interpreter.empty() && ::access(interpreter.c_str(), F_OK) != 0) {
    return refused_by_exec(path, ENOENT);
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
  // Of a file that is there, exec means what should run it.
  if (error == ENOENT && is_file(path)) {
    if (const auto interpreter = interpreter_of(path); !interpreter.empty()) {
      return {.path = path,
              .exit_code = not_executable,
              .problem = say("cannot run {}: its first line names an interpreter that is not here, "
                             "{}",
                             path,
                             interpreter)};
    }
    return {.path = path,
            .exit_code = not_found,
            .problem = say("cannot run {}: the loader or the interpreter that it needs is not here",
                           path)};
  }
  const bool missing = error == ENOENT || error == ENOTDIR;
  return {.path = path,
          .exit_code = missing ? not_found : not_executable,
          .problem = say("cannot run {}: {}", path, std::strerror(error))};
}

}  // namespace zonder::isolate
