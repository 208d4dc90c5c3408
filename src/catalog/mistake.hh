// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <compare>
#include <string>

namespace zonder::catalog {

/// Somewhere in a file of ours. Lines and columns count from 1.
struct Place {
  std::string file;  // as it is named in messages
  int line = 1;
  int column = 1;

  [[nodiscard]] std::string to_string() const;  // "data/parties/x.yaml:12:5"
  auto operator<=>(const Place&) const = default;
};

/// Something wrong in one of them.
struct Mistake {
  std::string file;
  int line = 1;
  int column = 1;
  std::string what;  // what is wrong and what to do about it

  [[nodiscard]] std::string to_string() const;  // "data/parties/x.yaml:12:5: ..."
  auto operator<=>(const Mistake&) const = default;
};

}  // namespace zonder::catalog
