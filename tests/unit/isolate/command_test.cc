// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cerrno>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/file.hh"
#include "isolate/command.hh"

namespace zonder::isolate {
namespace {

std::string script(const TemporaryFolder& folder, const std::string& text)
{
  const auto path = folder.path() + "/script.sh";
  EXPECT_TRUE(write_file(path, text, 0755));
  return path;
}

TEST(FindCommand, SaysThatTheInterpreterOfAScriptIsMissing)
{
  const auto folder = TemporaryFolder::make();
  ASSERT_TRUE(folder);
  const auto path = script(*folder, "#! /nonexistent/interpreter -x\ntrue\n");
  const auto found = find_command(path, {});
  EXPECT_EQ(found.exit_code, 126);
  EXPECT_EQ(found.problem,
            "cannot run " + path +
                ": its first line names an interpreter that is not here, /nonexistent/interpreter");
  EXPECT_EQ(find_command("script.sh", {"PATH=" + folder->path()}).exit_code, 126);
}

TEST(FindCommand, FindsAScriptWhoseInterpreterIsThere)
{
  const auto folder = TemporaryFolder::make();
  ASSERT_TRUE(folder);
  const auto path = script(*folder, "#!/bin/sh\ntrue\n");
  EXPECT_EQ(find_command(path, {}).exit_code, 0);
}

TEST(FindCommand, TellsAFileWithoutItsLoaderFromNoFile)
{
  const auto folder = TemporaryFolder::make();
  ASSERT_TRUE(folder);
  const auto path = script(*folder, "no script");
  EXPECT_EQ(refused_by_exec(path, ENOENT).problem,
            "cannot run " + path + ": the loader or the interpreter that it needs is not here");
  const auto none = folder->path() + "/none";
  EXPECT_EQ(find_command(none, {}).exit_code, 127);
  EXPECT_EQ(find_command(none, {}).problem, "cannot run " + none + ": No such file or directory");
}

}  // namespace
}  // namespace zonder::isolate
