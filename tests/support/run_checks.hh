// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <unistd.h>

#include "base/file.hh"
#include "isolate/run.hh"
#include "support/mini_internet.hh"

// What tests of `run` in the mini internet have in common.
namespace zonder::test {

inline constexpr uid_t ordinary_user = 1500;  // no account: nothing in zonder may need one

inline isolate::RunOptions without_microsoft(std::vector<std::string> command,
                                             model::Signature signature = model::Signature::Refuse)
{
  isolate::RunOptions options;
  options.absence = microsoft_absence();
  options.signature = signature;
  if (signature == model::Signature::Denied) {
    options.mode = model::FailureMode::Revoked;
  }
  options.command = std::move(command);
  return options;
}

inline std::vector<std::string> curl(const std::string& url)
{
  return {"curl", "-sS", "-g", "-o", "/dev/null", "--max-time", "3", url};
}

inline std::string http(const char* address)
{
  const std::string text = address;
  return text.find(':') == std::string::npos ? "http://" + text + "/" : "http://[" + text + "]/";
}

/// What is wrong, or nothing.
template <typename T>
std::string differs(const char* what, const T& is, const T& should_be)
{
  if (is == should_be) {
    return "";
  }
  std::ostringstream text;
  text << what << " is " << is << ", should be " << should_be << "; ";
  return text.str();
}

/// Some versions of pasta stall now and then. Its trial finds that out and nothing is run, as it
/// must be; where that is not what is tested, it is begun again, three times at most.
inline Result<model::RunRecord> run_unless_pasta_stalls(const isolate::RunOptions& options)
{
  auto record = isolate::run(options);
  for (int round = 0;
       round < 2 && !record && record.error().message.find("in its trial") != std::string::npos;
       ++round) {
    record = isolate::run(options);
  }
  return record;
}

/// Runs without Microsoft and looks at the exit code only.
inline std::string exits_with(const isolate::RunOptions& options, int code)
{
  const auto record = run_unless_pasta_stalls(options);
  return record ? differs(options.command.back().c_str(), record->exit_code, code)
                : record.error().message;
}

using Processes = std::vector<std::pair<pid_t, std::string>>;

/// "Z" in "17 (a name) Z 1 17 ...": what has ended, and nobody has taken in yet.
inline bool has_ended(const std::string& stat)
{
  const auto state = stat.find_first_not_of(' ', stat.rfind(')') + 1);
  return state == std::string::npos || stat[state] == 'Z' || stat[state] == 'X';
}

/// The processes of the test's pid namespace with their names; not those that have ended and that
/// nobody has taken in, since nobody does in there.
inline Processes processes()
{
  Processes found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const pid_t pid = std::atoi(entry.path().filename().c_str());
    const auto name = pid > 0 ? read_file(entry.path() / "comm", 100) : std::string();
    const auto stat = pid > 0 ? read_file(entry.path() / "stat", 10000) : std::string();
    if (pid > 0 && name && stat && !has_ended(*stat)) {
      found.emplace_back(pid, name->substr(0, name->find('\n')));
    }
  }
  return found;
}

/// Who runs now and did not then.
inline Processes since(const Processes& then)
{
  auto now = processes();
  now.erase(std::remove_if(now.begin(),
                           now.end(),
                           [&](const auto& each) {
                             return std::any_of(then.begin(), then.end(), [&](const auto& other) {
                               return other.first == each.first;
                             });
                           }),
            now.end());
  return now;
}

/// What is wrong: processes that still run after a moment, and did not before.
inline std::string left_behind(const Processes& before)
{
  auto left = since(before);
  for (int round = 0; round < 100 && !left.empty(); ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    left = since(before);
  }
  std::string wrong;
  for (const auto& [pid, name] : left) {
    wrong += "left running: " + name + " (" + std::to_string(pid) + "); ";
  }
  return wrong;
}

/// Starts `run` in a process of its own.
inline pid_t run_elsewhere(const isolate::RunOptions& options)
{
  const pid_t pid = ::fork();
  if (pid == 0) {
    const auto record = run_unless_pasta_stalls(options);
    ::_exit(record ? record->exit_code : 125);
  }
  return pid;
}

}  // namespace zonder::test
