// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <csignal>

#include <gtest/gtest.h>

#include "base/child_process.hh"

namespace zonder {
namespace {

TEST(ChildProcess, GivesTheExitCodeOrTheSignal)
{
  EXPECT_EQ(run_captured({"sh", "-c", "exit 7"})->status.as_shell(), 7);
  EXPECT_EQ(run_captured({"sh", "-c", "kill -TERM $$"})->status.as_shell(), 143);
}

TEST(ChildProcess, KeepsWhatIsPrintedAndFeedsWhatIsRead)
{
  const std::string large(1 << 20, 'x');
  const auto captured =
      run_captured({"sh", "-c", "echo wrong >&2; cat"}, std::chrono::seconds(20), large);
  ASSERT_TRUE(captured);
  EXPECT_EQ(captured->out, large);
  EXPECT_EQ(captured->err, "wrong\n");
}

TEST(ChildProcess, OutlivesAChildThatDoesNotReadItsInput)
{
  const auto captured = run_captured({"true"}, std::chrono::seconds(20), std::string(1 << 22, 'x'));
  ASSERT_TRUE(captured);
  EXPECT_EQ(captured->status.as_shell(), 0);
}

TEST(ChildProcess, SaysWhenAProgramIsNotInstalled)
{
  const auto child = ChildProcess::start({.argv = {"no-such-program-here"}});
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().fault, Fault::NotPossible);
  EXPECT_EQ(child.error().message, "the program no-such-program-here is not installed");
}

TEST(ChildProcess, IsKilledWhenItsTimeIsOver)
{
  const auto captured = run_captured({"sleep", "30"}, std::chrono::milliseconds(100));
  ASSERT_TRUE(captured);
  EXPECT_EQ(captured->status.signal, SIGKILL);
}

TEST(ChildProcess, EndsWithItsOwner)
{
  pid_t pid = 0;
  {
    auto child = ChildProcess::start({.argv = {"sleep", "30"}});
    ASSERT_TRUE(child);
    EXPECT_TRUE(child->running());
    pid = child->pid();
  }
  EXPECT_EQ(::kill(pid, 0), -1);
}

}  // namespace
}  // namespace zonder
