// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/kept_folder.hh"

namespace zonder {
namespace {

/// Whether it has gone soon.
bool goes(const std::string& path)
{
  for (int round = 0; round < 500 && std::filesystem::exists(path); ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return !std::filesystem::exists(path);
}

TEST(KeptFolder, GoesWithAllThatIsInItWhenItsOwnerIsDone)
{
  std::string path;
  {
    const auto folder = KeptFolder::make("zonder-test");
    ASSERT_TRUE(folder) << folder.error().message;
    path = folder->path();
    ASSERT_TRUE(make_folders(path + "/a/b"));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(KeptFolder, LiesAtAPathThatIsTheSameFromAnywhere)
{
  const auto around = KeptFolder::make("zonder-test");
  ASSERT_TRUE(around) << around.error().message;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(around->path());
  const char* place = std::getenv("TMPDIR");
  const std::string was = place == nullptr ? "" : place;
  ::setenv("TMPDIR", ".", 1);
  const auto folder = KeptFolder::make("zonder-test");
  was.empty() ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", was.c_str(), 1);
  std::filesystem::current_path(before);
  ASSERT_TRUE(folder) << folder.error().message;
  EXPECT_TRUE(std::filesystem::path(folder->path()).is_absolute()) << folder->path();
  EXPECT_TRUE(std::filesystem::is_directory(folder->path()));
}

TEST(KeptFolder, GoesAlsoWhenItsOwnerIsKilled)
{
  for (const int signal : {SIGKILL, SIGTERM, SIGINT}) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const pid_t owner = ::fork();
    if (owner == 0) {
      const auto folder = KeptFolder::make("zonder-test");
      if (folder && make_folders(folder->path() + "/a/b")) {
        (void)!::write(ends[1], folder->path().data(), folder->path().size());
        ::pause();
      }
      ::_exit(1);
    }
    ::close(ends[1]);
    std::array<char, 4096> text{};
    const auto got = ::read(ends[0], text.data(), text.size());
    ASSERT_GT(got, 0);
    const std::string path(text.data(), static_cast<std::size_t>(got));
    EXPECT_TRUE(std::filesystem::exists(path + "/a/b"));
    ::kill(owner, signal);
    int status = 0;
    ::waitpid(owner, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status));
    EXPECT_TRUE(goes(path)) << path << " is still there after signal " << signal;
    // Whoever reads what the owner writes does not wait for the one that watches.
    EXPECT_EQ(::read(ends[0], text.data(), text.size()), 0);
    ::close(ends[0]);
  }
}

TEST(KeptFolder, OutlivesWhoeverWatchesForIt)
{
  const auto folder = KeptFolder::make("zonder-test");
  ASSERT_TRUE(folder);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_TRUE(std::filesystem::exists(folder->path()));
}

}  // namespace
}  // namespace zonder
