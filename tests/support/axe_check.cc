// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "support/axe_check.hh"

#include <chrono>
#include <filesystem>
#include <stdexcept>

#include "base/child_process.hh"

namespace zonder::test {

AxeCheck check_with_axe(const std::vector<std::string>& files)
{
  const auto node = find_program("node");
  if (!node) {
    return {.not_here = "node is not installed: nothing is held against axe"};
  }
  std::vector<std::string> command = {
      *node, std::string(ZONDER_SOURCE_DIR) + "/tools/axe-report/check.mjs"};
  command.insert(command.end(), files.begin(), files.end());
  const auto checked = run_captured(command, std::chrono::seconds(55));
  if (!checked) {
    throw std::runtime_error(checked.error().message);
  }
  constexpr int missing = 4;  // axe-core or the browser
  if (checked->status.code == missing) {
    return {.not_here = "nothing is held against axe: " + checked->err};
  }
  return {.exit_code = checked->status.as_shell(), .found = checked->out + checked->err};
}

std::string built_locale()
{
  return (std::filesystem::path(ZONDER_BINARY).parent_path().parent_path() / "share" / "locale")
      .string();
}

}  // namespace zonder::test
