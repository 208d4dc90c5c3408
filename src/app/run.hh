// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "app/world.hh"
#include "model/failure.hh"

namespace zonder::app {

/// `zonder run SELECTOR [options] -- COMMAND...`, as typed.
struct RunOptions {
  std::string selector;
  std::string except;
  std::string mode = "gone";
  std::string like;     // empty: as the mode has it
  bool lab_ca = false;  // a certificate authority of this run's own may answer for the absent
  std::vector<std::string> controls;  // hosts that must still be reachable
  std::string engine = "auto";        // auto, netns, root, seccomp
  std::string uplink = "auto";        // auto, slirp4netns, pasta, veth
  std::string dns = "forward";        // forward, honest
  bool show_names = false;            // names of servers stay visible
  std::string after;                  // "10m": the parties fall away only then
  bool fail_on_contact = false;
  std::vector<std::string> allowed;  // selectors: contact with these does not count
  std::string baseline;              // file; contacts in it do not count either
  std::string new_baseline;          // file to write the contacts of this run to
  bool beep = false;                 // a click for each attempt
  bool unproved = false;             // run even when the block could not be proved
  std::vector<std::string> reports;  // files; the suffix gives the format
  std::string as_of;                 // ISO day, for owners; empty: today
  std::vector<int> keep_descriptors;
  std::vector<int> allowed_host_ports;  // of this machine's loopback
  std::vector<std::string> allowed_sockets;
  std::vector<std::string> proxies;  // as typed; empty: those of the environment
  bool strict = false;               // no buses and agents of the desktop
  std::string application;           // --app: a separate instance; the command is its arguments
  std::vector<std::string> pages;    // --page: a browser's visit to these is the command
  std::string page_wait;             // "30s": for each of them, at most
  std::vector<std::string> command;
};

/// Runs the command without the parties and tells how it went: in short on the error stream, whole
/// in the report files. Gives the command's own exit code, or 125, 126, 127; 2 when what was typed
/// cannot be done, or a baseline cannot be used. 1 where the command's own is 0 and there was
/// contact that counts, if asked.
int run(const World& world, const RunOptions& options);

}  // namespace zonder::app
