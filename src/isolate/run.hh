// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hh"
#include "isolate/cut_options.hh"
#include "isolate/engine.hh"
#include "isolate/proxies.hh"
#include "model/run_record.hh"
#include "model/sighting.hh"

// The engine of `zonder run`: a command in a room of its own whose only way out is a gateway of
// ours, in which the absent parties are dead. It fails closed: when anything of zonder dies, the
// command has no network.
namespace zonder::isolate {

struct RunOptions : CutOptions {
  std::vector<std::string> command;           // argv; [0] is looked up in PATH
  std::optional<std::chrono::seconds> after;  // the parties fall away only after so long
  Engine engine = Engine::Automatic;
  std::vector<int> keep_descriptors;  // inherited descriptors that the command keeps, beside 0-2
  std::vector<std::uint16_t> allowed_host_ports;  // services on this machine's loopback that stay
  std::vector<std::string> allowed_sockets;       // paths that are masked else, such as Docker's
  ToldProxies proxies;                            // see read_proxies()
  bool strict = false;  // no buses, agents and other services of the desktop; displays stay
  /// Told what is known when the proof is done, right before the command starts. May be empty.
  std::function<void(const model::RunRecord&)> on_start;
  /// Told when the parties fall away later than that (`after`). May be empty.
  std::function<void(model::Moment)> on_cut;
  /// Told of every attempt at an absent party in the moment that it is made. In threads of the
  /// engine's own, while somebody waits: be quick. May be empty.
  std::function<void(const model::Sighting&)> on_attempt;
};

/// Builds the room, proves it, runs the command in it with our own stdin, stdout and stderr, and
/// takes everything away again. The record's exit_code is the command's own (126 not executable,
/// 127 not found, 128 + signal). Errors: what was typed wrong (zonder exits with 2), what is
/// missing here with its remedy, or that the proof failed (125). Call it from a process with one
/// thread.
Result<model::RunRecord> run(const RunOptions& options);

/// What run() refuses before it starts anything, and can be told without trying: options that do
/// not go together, what is missing of this process. Who does much beforehand asks first.
Result<void> check_run(const RunOptions& options);

/// What `zonder run` itself exits with: the command's own code; 1 when that is 0 and the uplink
/// or the run's own resolver died, or something was found that it shall fail on.
int exit_code_of(const model::RunRecord& record, bool found);

}  // namespace zonder::isolate
