// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/thread_path.hh"

namespace zonder::kernel {
namespace {

bool same(const FoundFile& found, const std::string& path)
{
  const auto& file = found.file;
  struct stat got {};
  struct stat wanted {};
  return file && ::fstat(file.get(), &got) == 0 && ::stat(path.c_str(), &wanted) == 0 &&
         got.st_dev == wanted.st_dev && got.st_ino == wanted.st_ino;
}

class ThreadPath : public testing::Test {
protected:
  void SetUp() override
  {
    folder_ = (std::filesystem::temp_directory_path() / "zonder-thread-path-XXXXXX").string();
    ASSERT_NE(::mkdtemp(folder_.data()), nullptr);
    std::filesystem::create_directories(in("a/b"));
    std::ofstream(in("a/b/file")) << "x";
    std::filesystem::create_symlink("../b/file", in("a/b/link"));
    std::filesystem::create_symlink(in("a"), in("whole"));
    std::filesystem::create_symlink("again", in("again"));
    std::filesystem::create_symlink("/proc/self/cwd/b", in("a/by-proc"));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string in(const std::string& path) const { return folder_ + "/" + path; }

  /// A process with this working directory, and the folder "a" as its descriptor 100, that waits.
  pid_t start_at(const std::string& place)
  {
    int ready[2];
    EXPECT_EQ(::pipe(ready), 0);
    const auto child = ::fork();
    if (child == 0) {
      const int opened = ::open(in("a").c_str(), O_PATH);
      const bool done = ::chdir(place.c_str()) == 0 && ::dup2(opened, 100) == 100;
      (void)!::write(ready[1], &done, 1);
      for (;;) {
        ::pause();
      }
    }
    char done = 0;
    EXPECT_EQ(::read(ready[0], &done, 1), 1);
    EXPECT_EQ(done, 1);
    ::close(ready[0]);
    ::close(ready[1]);
    return child;
  }
  static void end(pid_t child)
  {
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }

  std::string folder_;
};

TEST_F(ThreadPath, FollowsNamesLinksAndTheWayUp)
{
  const auto own = ::gettid();
  for (const char* path : {"a/b/file",
                           "a//b/./file",
                           "a/b/../b/file",
                           "a/b/link",
                           "whole/b/link",
                           "whole/../a/b/file"}) {
    EXPECT_TRUE(same(open_as_thread(own, in(path)), in("a/b/file"))) << path;
  }
  EXPECT_TRUE(same(open_as_thread(own, "/../.." + in("a/b/file")), in("a/b/file")));
  EXPECT_TRUE(same(open_as_thread(own, in("a/b/")), in("a/b")));
}

TEST_F(ThreadPath, SaysWhatTheKernelWouldSay)
{
  const auto own = ::gettid();
  const auto error_of = [&](const std::string& path) {
    errno = 0;
    EXPECT_FALSE(open_as_thread(own, path).file) << path;
    const int said = errno;
    EXPECT_EQ(::open(path.c_str(), O_PATH), -1) << path;
    EXPECT_EQ(said, errno) << path;
    return said;
  };
  EXPECT_EQ(error_of(in("a/none")), ENOENT);
  EXPECT_EQ(error_of(in("none/file")), ENOENT);
  EXPECT_EQ(error_of(in("a/b/file/more")), ENOTDIR);
  EXPECT_EQ(error_of(in("a/b/file/..")), ENOTDIR);
  EXPECT_EQ(error_of(in("a/b/file/.")), ENOTDIR);
  EXPECT_EQ(error_of(in("again")), ELOOP);
  EXPECT_EQ(error_of(in(std::string(300, 'x'))), ENAMETOOLONG);
  EXPECT_EQ(error_of("/proc/self/fd/9999"), ENOENT);
  EXPECT_EQ(error_of(""), ENOENT);
}

TEST_F(ThreadPath, IsThatOfTheThreadAndNotOurs)
{
  const auto child = start_at(in("a"));
  for (const char* path : {"b/file",
                           "by-proc/file",
                           "/proc/self/cwd/b/file",
                           "/proc/thread-self/cwd/b/file",
                           "/proc/self/fd/100/b/file",
                           "/proc/thread-self/fd/100/b/../b/link",
                           "/dev/fd/100/b/file",
                           "/proc/self/../self/fd/100/b/file"}) {
    EXPECT_TRUE(same(open_as_thread(child, path), in("a/b/file"))) << path;
  }
  EXPECT_TRUE(same(open_as_thread(child, "/proc/self/root" + in("a/b/file")), in("a/b/file")));
  EXPECT_TRUE(same(open_as_thread(child, "/proc/" + std::to_string(child) + "/cwd"), in("a")));
  EXPECT_TRUE(same(open_as_thread(child, "/proc/self/exe"), "/proc/self/exe"));
  EXPECT_TRUE(same(open_as_thread(child, "/proc/self/../../dev/null"), "/dev/null"));
  end(child);
}

TEST_F(ThreadPath, AFileWithoutANameIsFoundByItsDescriptor)
{
  const int file = ::open(in("gone").c_str(), O_CREAT | O_RDONLY | O_CLOEXEC, 0600);
  ASSERT_GE(file, 0);
  ASSERT_EQ(::unlink(in("gone").c_str()), 0);
  const auto path = "/proc/self/fd/" + std::to_string(file);
  EXPECT_TRUE(same(open_as_thread(::gettid(), path), path));
  ::close(file);
}

TEST_F(ThreadPath, OfAThreadThatIsNotTheFirstSelfIsItsProcess)
{
  constexpr int opened = 200;  // no other will get that number
  const int folder = ::open(in("a").c_str(), O_PATH | O_CLOEXEC);
  ASSERT_EQ(::dup2(folder, opened), opened);
  ::close(folder);
  std::thread([&] {
    ASSERT_EQ(::unshare(CLONE_FS | CLONE_FILES), 0);
    ASSERT_EQ(::chdir(in("a/b").c_str()), 0);
    const auto own = ::gettid();
    EXPECT_TRUE(same(open_as_thread(own, "file"), in("a/b/file")));
    EXPECT_TRUE(same(open_as_thread(own, "/proc/thread-self/cwd/file"), in("a/b/file")));
    EXPECT_FALSE(same(open_as_thread(own, "/proc/self/cwd/file"), in("a/b/file")));
    ::close(opened);  // here, and not in the process's own table
    const auto mine = "/fd/" + std::to_string(opened);
    EXPECT_FALSE(open_as_thread(own, "/proc/thread-self" + mine).file);
    EXPECT_TRUE(same(open_as_thread(own, "/proc/self" + mine), in("a")));
  }).join();
  ::close(opened);
}

TEST_F(ThreadPath, OneThatHasEndedHasNone)
{
  const auto child = start_at(in("a"));
  end(child);
  EXPECT_FALSE(open_as_thread(child, "/").file);
}

}  // namespace
}  // namespace zonder::kernel
