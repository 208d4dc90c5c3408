// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "base/child_process.hh"
#include "base/file.hh"
#include "catalog/snapshot_content.hh"
#include "support/catalog_world.hh"
#include "support/mini_internet.hh"

// The program zonder as somebody types it, in the mini internet.
namespace zonder::test {

/// zonder's catalogue as a file: Microsoft, as it is in the small internet.
inline std::string microsoft_catalogue()
{
  SmallParty microsoft{.id = "microsoft"};
  microsoft.prefixes = {prefix("20.190.128.0/18"), prefix("2603:1026::/32")};
  microsoft.domains = {domain("microsoft.example")};
  const std::string path = "/mnt/scratch/catalog.snapshot";
  const auto written = write_file(path, catalog::compile_snapshot(small_content({microsoft})));
  return written ? path : "";
}

struct Ended {
  int code = 0;
  std::string said;
  std::string printed;
};

inline Ended ended(const std::vector<std::string>& command)
{
  const auto done = run_captured(command);
  return done ? Ended{done->status.as_shell(), done->err, done->out}
              : Ended{-1, done.error().message, ""};
}

/// `zonder microsoft [options] -- sh -c script`
inline std::vector<std::string> without_microsoft(const std::vector<std::string>& options,
                                                  const std::string& script)
{
  std::vector<std::string> command = {"env",
                                      "ZONDER_CATALOG=" + microsoft_catalogue(),
                                      zonder_program,
                                      "microsoft",
                                      "--like",
                                      "refuse"};
  command.insert(command.end(), options.begin(), options.end());
  command.insert(command.end(), {"--", "sh", "-c", script});
  return command;
}

inline std::string lacks(const std::string& text, const std::string& part)
{
  return text.find(part) == std::string::npos ? "not in it: " + part + "\n" + text : "";
}

}  // namespace zonder::test
