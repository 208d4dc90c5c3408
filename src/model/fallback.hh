// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "model/evidence.hh"
#include "model/label.hh"

namespace zonder::model {

/// What people do when a node has stopped. Without these a picture is a slope; with them a bathtub.
struct Fallback {
  Label name;
  std::chrono::seconds start{0};              // after the stop
  double capacity = 0;                        // 0 to 1 of the normal work
  std::optional<std::chrono::seconds> lasts;  // nothing: without end
  double error_growth = 0;                    // how much of the work goes wrong more, each day
  std::vector<std::string> needs;             // nodes without any of which it does not work
  Evidence evidence;

  bool operator==(const Fallback&) const = default;
};

}  // namespace zonder::model
