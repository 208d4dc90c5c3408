// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/file.hh"
#include "base/result.hh"

// Programs of the desktop that are there once: started a second time, they hand what was asked over
// to the one that runs already, which is outside the room. That is the likeliest way to be told
// that something works without a party when it was never tried.
namespace zonder::isolate {

struct RunningInstance {
  std::string application;  // "firefox", as --app has it; empty: there is no fresh one to be had
  std::string evidence;     // the lock or socket that was found
  int pid = 0;              // 0: not known
};

/// The instance that would take the request. Nothing: none runs, or the command says itself that it
/// wants a profile of its own.
std::optional<RunningInstance> running_instance(const std::vector<std::string>& command,
                                                const std::vector<std::string>& environment);

/// The command line for a separate instance with a fresh profile, and the profile, which is removed
/// with it.
struct FreshInstance {
  std::vector<std::string> command;
  TemporaryFolder profile;
};

/// Whether it is one of application_names(), and installed.
Result<void> check_application(const std::string& application,
                               const std::vector<std::string>& environment);

/// `application`: one of application_names(); `arguments` are given to it. Errors: not one of
/// those; not installed.
Result<FreshInstance> fresh_instance(const std::string& application,
                                     const std::vector<std::string>& arguments,
                                     const std::vector<std::string>& environment);

/// "chromium firefox libreoffice thunderbird vscode"
std::string application_names();

}  // namespace zonder::isolate
