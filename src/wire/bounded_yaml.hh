// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <tl/expected.hpp>

namespace YAML {
class Node;
}

// A small YAML text can become a huge tree: aliases to aliases double it line by line, and depth
// eats the stack. So every text is walked through before anything of it is built.
namespace zonder::wire {

struct YamlLimits {
  std::size_t values;  // that all documents have together
  int depth;
  bool only_one_document;  // else what comes after the first is not looked at
};

/// Why a text is not built up in memory. What a reader must do about it differs from file to file,
/// so the sentence is the caller's.
struct YamlRefusal {
  enum class Why : std::uint8_t { Alias, TooManyValues, TooDeep, Empty, SecondDocument, NoYaml };
  Why why = Why::NoYaml;
  int line = 0;  // from 0; -1: the parser does not say where
  int column = 0;
  std::string parser_says;  // of NoYaml
};

/// The first document of a text. Anchors and aliases are refused.
tl::expected<YAML::Node, YamlRefusal> load_bounded_yaml(const std::string& text,
                                                        const YamlLimits& limits);

}  // namespace zonder::wire
