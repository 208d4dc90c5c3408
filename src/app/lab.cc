// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/lab.hh"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "app/complain.hh"
#include "base/translate.hh"
#include "lab/lab.hh"
#include "report/style.hh"

namespace zonder::app {
namespace {

int refuse(const World& world, const Error& error)
{
  complain(world.err, world.unicode, error.message);
  return static_cast<int>(exit_of(error.fault));
}

void tell(const World& world, const std::string& line)
{
  if (!world.quiet) {
    fmt::print(world.err, "{}\n", report::harmless(line, world.unicode));
  }
}

/// The lab of that name; without a name, the only one there is.
Result<lab::Lab> find_lab(const std::string& name)
{
  if (!name.empty()) {
    return lab::Lab::find(name);
  }
  const auto names = lab::Lab::names();
  if (names.size() == 1) {
    return lab::Lab::find(names.front());
  }
  if (names.empty()) {
    return fail(Fault::Usage, say("no lab is up; \"zonder lab up FILE.yaml\" starts one"));
  }
  std::string all;
  for (const auto& one : names) {
    all += (all.empty() ? "" : ", ") + one;
  }
  return fail(Fault::Usage, say("several labs are up; say which: {}", all));
}

void tell_what_is_left_out(const World& world, const lab::Status& status)
{
  for (const auto& server : status.servers) {
    if (server.state == "left out") {
      fmt::print(world.err,
                 "{}\n",
                 say("not in this lab: {} of {}: {}", server.kind, server.host, server.reason));
    }
  }
}

/// What "up" says when a lab of that name is there.
int already_up(const World& world, lab::Lab& lab, const lab::LabFile& file)
{
  const auto status = lab.status();
  if (!status) {
    return refuse(world, status.error());
  }
  if (status->checksum != file.checksum) {
    return refuse(world,
                  {.fault = Fault::Usage,
                   .message = say("a lab {0} is up from another file; \"zonder lab down {0}\" ends "
                                  "it",
                                  file.name)});
  }
  tell(world, say("the lab {} is up already", file.name));
  return static_cast<int>(Exit::Done);
}

nlohmann::json as_json(const lab::Status& status)
{
  nlohmann::json json = {
      {"schema", "zonder.lab/1"}, {"name", status.name}, {"checksum", status.checksum}};
  json["hosts"] = nlohmann::json::array();
  json["servers"] = nlohmann::json::array();
  for (const auto& host : status.hosts) {
    json["hosts"].push_back(
        {{"name", host.name}, {"addresses", host.addresses}, {"names", host.names}});
  }
  for (const auto& server : status.servers) {
    json["servers"].push_back({{"host", server.host},
                               {"kind", server.kind},
                               {"state", server.state},
                               {"reason", server.reason}});
  }
  return json;
}

std::string joined(const std::vector<std::string>& words)
{
  std::string text;
  for (const auto& word : words) {
    text += (text.empty() ? "" : " ") + word;
  }
  return text;
}

std::string state_in_words(const lab::ServerState& server)
{
  if (server.state == "runs") {
    return server.kind;
  }
  return server.kind + " (" +
         (server.state == "ended" ? say("ended") : say("not here: {}", server.reason)) + ")";
}

void print_status(const World& world, const lab::Status& status)
{
  fmt::print(
      world.out,
      "{}\n",
      say(ntr("the lab {} is up: {} host", "the lab {} is up: {} hosts", status.hosts.size()),
          status.name,
          status.hosts.size()));
  for (const auto& host : status.hosts) {
    std::string servers;
    for (const auto& server : status.servers) {
      if (server.host == host.name) {
        servers += (servers.empty() ? "" : ", ") + state_in_words(server);
      }
    }
    fmt::print(world.out, "  {:<16} {:<42} {}\n", host.name, joined(host.addresses), servers);
    if (!host.names.empty()) {
      fmt::print(world.out, "  {:<16} {}\n", "", joined(host.names));
    }
  }
}

Result<std::optional<uid_t>> read_user(const std::string& text)
{
  if (text.empty()) {
    return std::optional<uid_t>();
  }
  uid_t uid = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), uid);
  if (error != std::errc{} || end != text.data() + text.size() || uid == 0 || uid >= 4294967294U) {
    return fail(Fault::Usage, say("--user wants the number of an ordinary user, not {}", text));
  }
  return std::optional(uid);
}

std::vector<std::string> own_shell()
{
  const char* shell = std::getenv("SHELL");
  return {shell != nullptr && *shell != '\0' ? shell : "/bin/sh"};
}

}  // namespace

int lab_up(const World& world, const std::string& file)
{
  const auto parsed = lab::read_lab(file);
  if (!parsed) {
    return refuse(world, parsed.error());
  }
  if (auto there = lab::Lab::find(parsed->name)) {
    return already_up(world, *there, *parsed);
  }
  const auto begin = std::chrono::steady_clock::now();
  const char* elsewhere = std::getenv("ZONDER_IDENTITY_PROVIDER");
  auto started = lab::Lab::start(
      *parsed,
      {.registered = true,
       .outlives_us = true,
       .identity_folder = elsewhere == nullptr ? world.share_folder + "/identity-provider" : ""});
  if (!started) {
    return refuse(world, started.error());
  }
  const auto status = started->status();
  if (!status) {
    return refuse(world, status.error());
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  tell_what_is_left_out(world, *status);
  tell(world,
       say("the lab {0} is up: {1} hosts, {2} servers, in {3:.1f} s; \"zonder lab shell {0} HOST\" "
           "goes into one",
           status->name,
           status->hosts.size(),
           std::ranges::count(status->servers, "runs", &lab::ServerState::state),
           took.count()));
  return static_cast<int>(Exit::Done);
}

int lab_down(const World& world, const std::string& name)
{
  auto lab = find_lab(name);
  if (!lab) {
    return refuse(world, lab.error());
  }
  if (const auto ended = lab->end(); !ended) {
    return refuse(world, ended.error());
  }
  tell(world, say("the lab is down; nothing is left of it"));
  return static_cast<int>(Exit::Done);
}

int lab_status(const World& world, const std::string& name)
{
  if (name.empty() && lab::Lab::names().empty()) {
    if (world.form != Form::Text) {
      fmt::print(world.out, "{}\n", R"({"schema":"zonder.lab/1","name":null})");
    } else {
      fmt::print(world.out, "{}\n", say("no lab is up; \"zonder lab up FILE.yaml\" starts one"));
    }
    return static_cast<int>(Exit::Done);
  }
  if (name.empty() && lab::Lab::names().size() > 1 && world.form == Form::Text) {
    int code = static_cast<int>(Exit::Done);
    for (const auto& each : lab::Lab::names()) {
      code = std::max(code, lab_status(world, each));
    }
    return code;
  }
  auto lab = find_lab(name);
  const auto status = lab ? lab->status() : Result<lab::Status>(fail(lab.error()));
  if (!status) {
    return refuse(world, status.error());
  }
  if (world.form != Form::Text) {
    fmt::print(world.out, "{}\n", as_json(*status).dump());
  } else {
    print_status(world, *status);
  }
  return static_cast<int>(Exit::Done);
}

int lab_shell(const World& world, const LabShellOptions& options)
{
  const auto failed = [&world](const Error& error) {
    complain(world.err, world.unicode, error.message);
    return static_cast<int>(error.fault == Fault::Usage ? Exit::Usage : Exit::RunFailed);
  };
  const auto uid = read_user(options.user);
  if (!uid) {
    return failed(uid.error());
  }
  auto lab = lab::Lab::find(options.name);
  if (!lab) {
    return failed(lab.error());
  }
  const auto spaces = lab->host(options.host);
  if (!spaces) {
    return failed(spaces.error());
  }
  const auto command = options.command.empty() ? own_shell() : options.command;
  if (!find_program(command.front())) {
    const bool there = ::access(command.front().c_str(), F_OK) == 0;
    fmt::print(world.err,
               "zonder: {}\n",
               there ? say("{} cannot be executed", command.front())
                     : say("there is no program {}", command.front()));
    return static_cast<int>(there ? Exit::NotExecutable : Exit::NotFound);
  }
  auto child = lab::start_in_host(
      *spaces, options.host, {.argv = command, .in = 0, .out = 1, .err = 2}, *uid);
  if (!child) {
    return failed(child.error());
  }
  // What is typed at the terminal is meant for the command.
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGQUIT, SIG_IGN);
  return child->wait().as_shell();
}

}  // namespace zonder::app
