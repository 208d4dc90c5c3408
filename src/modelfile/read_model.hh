// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hh"
#include "model/dependency_model.hh"

// Reads a model file: YAML of schema zonder/model/1 (docs/model.md,
// docs/schema/zonder.model-1.json).
namespace zonder::modelfile {

inline constexpr std::size_t most_mistakes = 20;
inline constexpr std::size_t largest_model = std::size_t{64} << 20U;  // bytes

/// What is wrong, where, and what to do. Lines and columns count from 1; line 0: nobody knows
/// where.
struct Mistake {
  int line = 0;
  int column = 0;
  std::string what;

  [[nodiscard]] std::string to_string(std::string_view file) const;  // "file:12:5: ..."
  auto operator<=>(const Mistake&) const = default;
};

struct Reading {
  model::DependencyModel model;  // as far as it could be read
  std::vector<Mistake>
      mistakes;  // in the order of the file, at most most_mistakes; empty: all is well
};

Reading read_model(std::string_view text);

/// The same for who wants a sound model or none. The error is the first mistake, and how many more
/// there are.
Result<model::DependencyModel> parse_model(std::string_view text, std::string_view file);

/// Reads and parses a file.
Result<model::DependencyModel> load_model(const std::string& path);

}  // namespace zonder::modelfile
