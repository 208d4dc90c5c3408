// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

// Pages held against the rules of axe in a browser, by tools/axe-report: for readers with a screen
// reader, without a mouse, on a small screen (nothing to scroll sideways), in the dark.
namespace zonder::test {

struct AxeCheck {
  std::string not_here;  // why it cannot be checked on this machine; empty: it was
  int exit_code = 0;     // 0: nothing was found
  std::string found;     // what was
};

/// `files`: paths of HTML files. Throws when the check itself fails.
AxeCheck check_with_axe(const std::vector<std::string>& files);

/// Where the build has its translations.
std::string built_locale();

}  // namespace zonder::test
