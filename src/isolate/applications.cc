// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/applications.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include <fmt/ranges.h>
#include <unistd.h>

#include "base/translate.hh"
#include "isolate/command.hh"

namespace zonder::isolate {
namespace {

using Words = std::vector<std::string>;

enum class Family { Mozilla, Chromium, Office, Code };

/// One application and where it keeps what tells that it runs.
struct Application {
  const char* name;
  Family family;
  Words programs;      // the first that is installed is started
  const char* folder;  // under HOME: Mozilla's profiles, Chromium's own folder
};

const std::vector<Application>& applications()
{
  static const std::vector<Application> all = {
      {"firefox", Family::Mozilla, {"firefox", "firefox-esr"}, ".mozilla/firefox"},
      {"thunderbird", Family::Mozilla, {"thunderbird"}, ".thunderbird"},
      {"chromium", Family::Chromium, {"chromium", "chromium-browser"}, ".config/chromium"},
      {"", Family::Chromium, {"google-chrome", "google-chrome-stable"}, ".config/google-chrome"},
      {"", Family::Chromium, {"microsoft-edge", "microsoft-edge-stable"}, ".config/microsoft-edge"},
      {"", Family::Chromium, {"brave-browser"}, ".config/BraveSoftware/Brave-Browser"},
      {"", Family::Chromium, {"vivaldi", "vivaldi-stable"}, ".config/vivaldi"},
      {"libreoffice",
       Family::Office,
       {"libreoffice", "soffice", "localc", "lowriter", "loimpress"},
       ""},
      {"vscode", Family::Code, {"code", "codium"}, ""}};
  return all;
}

std::string last_part(const std::string& path)
{
  return path.substr(path.rfind('/') + 1);
}

const Application* application_of(const std::string& program)
{
  for (const auto& each : applications()) {
    if (std::find(each.programs.begin(), each.programs.end(), program) != each.programs.end()) {
      return &each;
    }
  }
  return nullptr;
}

/// An argument by which the user asks for another instance or another profile.
bool asks_for_its_own(Family family, const Words& command)
{
  static const std::array<Words, 4> by_family = {Words{"--no-remote",
                                                       "-no-remote",
                                                       "--new-instance",
                                                       "-new-instance",
                                                       "--profile",
                                                       "-profile",
                                                       "-P"},
                                                 Words{"--user-data-dir"},
                                                 Words{"-env:UserInstallation"},
                                                 Words{"--user-data-dir"}};
  const auto& words = by_family.at(static_cast<std::size_t>(family));
  return std::any_of(command.begin() + 1, command.end(), [&](const std::string& argument) {
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
      return argument == word || argument.starts_with(word + "=");
    });
  });
}

bool lives(int pid)
{
  return pid > 0 && (::kill(pid, 0) == 0 || errno == EPERM);
}

std::optional<std::string> link_target(const std::string& path)
{
  std::array<char, 512> target{};
  const auto length = ::readlink(path.c_str(), target.data(), target.size());
  if (length <= 0) {
    return std::nullopt;
  }
  return std::string(target.data(), static_cast<std::size_t>(length));
}

/// A lock that is a link to text that ends in `before` and the process's number.
std::optional<RunningInstance>
held_by_link(const Application& application, const std::string& path, char before)
{
  const auto target = link_target(path);
  if (!target) {
    return std::nullopt;
  }
  const int pid = std::atoi(target->substr(target->rfind(before) + 1).c_str());
  if (!lives(pid)) {
    return std::nullopt;
  }
  return RunningInstance{.application = application.name, .evidence = path, .pid = pid};
}

/// Firefox and Thunderbird: each profile in use has a link "lock" to "127.0.0.1:+4711".
std::optional<RunningInstance> mozilla(const Application& application, const std::string& home)
{
  std::error_code problem;
  for (const auto& profile :
       std::filesystem::directory_iterator(home + "/" + application.folder, problem)) {
    if (auto found = held_by_link(application, profile.path().string() + "/lock", '+')) {
      return found;
    }
  }
  return std::nullopt;
}

/// A unix socket in `folder` whose name begins and ends so, and that a process listens at.
std::optional<std::string>
socket_in_use(const std::string& folder, std::string_view begin, std::string_view end)
{
  const auto in_use = read_file("/proc/net/unix", std::size_t{16} << 20U);
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(folder, problem)) {
    const auto name = entry.path().filename().string();
    const auto path = entry.path().string();
    if (name.starts_with(begin) && name.ends_with(end) && in_use &&
        in_use->find(" " + path + "\n") != std::string::npos) {
      return path;
    }
  }
  return std::nullopt;
}

std::optional<RunningInstance> by_socket(const Application& application,
                                         const std::optional<std::string>& path)
{
  if (!path) {
    return std::nullopt;
  }
  return RunningInstance{.application = application.name, .evidence = *path, .pid = 0};
}

/// Debian's chromium is in `PATH` under several names; the first that is there.
std::optional<std::string> installed(const Application& application, const Words& environment)
{
  for (const auto& program : application.programs) {
    if (find_command(program, environment).exit_code == 0) {
      return program;
    }
  }
  return std::nullopt;
}

Words arguments_for_fresh(Family family, const std::string& profile)
{
  switch (family) {
  case Family::Mozilla:
    return {"--no-remote", "--profile", profile};
  case Family::Chromium:
    return {"--user-data-dir=" + profile, "--no-first-run", "--no-default-browser-check"};
  case Family::Office:
    return {"-env:UserInstallation=file://" + profile, "--norestore"};
  case Family::Code:
    return {"--user-data-dir=" + profile,
            "--extensions-dir=" + profile + "/extensions",
            "--new-window",
            "--wait"};
  }
  return {};
}

/// By what the user calls it.
Result<const Application*> named(const std::string& application)
{
  const auto& all = applications();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Application& each) {
    return !application.empty() && application == each.name;
  });
  if (found == all.end()) {
    return fail(
        Fault::Usage,
        say("{} cannot be {}; it is one of: {}", "--app", application, application_names()));
  }
  return &*found;
}

Result<std::string> program_of(const Application& application, const Words& environment)
{
  auto program = installed(application, environment);
  if (!program) {
    return fail(Fault::NotPossible,
                say("{} is not installed here (looked for {} in PATH)",
                    application.name,
                    fmt::format("{}", fmt::join(application.programs, ", "))));
  }
  return std::move(*program);
}

}  // namespace

std::optional<RunningInstance> running_instance(const Words& command, const Words& environment)
{
  const auto* application = command.empty() ? nullptr : application_of(last_part(command.front()));
  if (application == nullptr || asks_for_its_own(application->family, command)) {
    return std::nullopt;
  }
  const auto home = variable(environment, "HOME");
  const auto runtime = variable(environment, "XDG_RUNTIME_DIR");
  switch (application->family) {
  case Family::Mozilla:
    return home.empty() ? std::nullopt : mozilla(*application, home);
  case Family::Chromium:
    // A link to "HOST-4711".
    return home.empty() ? std::nullopt
                        : held_by_link(*application,
                                       home + "/" + application->folder + "/SingletonLock",
                                       '-');
  case Family::Office:
    return by_socket(
        *application,
        socket_in_use("/tmp", "OSL_PIPE_" + std::to_string(::geteuid()) + "_SingleOfficeIPC_", ""));
  case Family::Code:
    return runtime.empty()
               ? std::nullopt
               : by_socket(*application, socket_in_use(runtime, "vscode-", "-main.sock"));
  }
  return std::nullopt;
}

Result<void> check_application(const std::string& application, const Words& environment)
{
  const auto known = named(application);
  if (!known) {
    return fail(known.error());
  }
  const auto program = program_of(**known, environment);
  return program ? Result<void>() : fail(program.error());
}

Result<FreshInstance>
fresh_instance(const std::string& application, const Words& arguments, const Words& environment)
{
  const auto known = named(application);
  if (!known) {
    return fail(known.error());
  }
  const auto program = program_of(**known, environment);
  if (!program) {
    return fail(program.error());
  }
  auto profile = TemporaryFolder::make();
  if (!profile) {
    return fail(profile.error());
  }
  Words command = {*program};
  for (auto& word : arguments_for_fresh((*known)->family, profile->path())) {
    command.push_back(std::move(word));
  }
  command.insert(command.end(), arguments.begin(), arguments.end());
  return FreshInstance{.command = std::move(command), .profile = std::move(*profile)};
}

std::string application_names()
{
  Words names;
  for (const auto& each : applications()) {
    if (*each.name != '\0') {
      names.emplace_back(each.name);
    }
  }
  std::sort(names.begin(), names.end());
  return fmt::format("{}", fmt::join(names, " "));
}

}  // namespace zonder::isolate
