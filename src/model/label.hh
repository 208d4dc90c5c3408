// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

namespace zonder::model {

/// What people call something, in both languages; one of the two may be empty.
struct Label {
  std::string nl;
  std::string en;

  [[nodiscard]] bool empty() const { return nl.empty() && en.empty(); }
  /// In the language wanted, else in the other one.
  [[nodiscard]] const std::string& in(bool dutch) const
  {
    return dutch ? (nl.empty() ? en : nl) : (en.empty() ? nl : en);
  }
  bool operator==(const Label&) const = default;
};

}  // namespace zonder::model
