// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "collect/inflow.hh"
#include "model/observation.hh"

namespace zonder::collect {

/// A kind of file that can be read in. It is recognised by what is in it, never by its name.
struct Format {
  std::string_view name;                      // as --as takes it, and JSON has it
  bool (*looks_like)(std::string_view head);  // of at most `head_size` bytes
  /// Reads to the end, or as far as it goes; gives `broken_off` when that is not the end.
  model::ReadCount (*read)(Window& window, model::GlimpseSink& sink, bool& broken_off);
};

inline constexpr std::size_t head_size = std::size_t{64} << 10U;

/// In the order in which they are tried.
const std::vector<Format>& formats();
/// Null: none of that name.
const Format* format_named(std::string_view name);
/// Null: nothing that we know.
const Format* format_of(std::string_view head);
/// Their names, by ", ".
std::string format_names();

}  // namespace zonder::collect
