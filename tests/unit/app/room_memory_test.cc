// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/room_memory.hh"
#include "base/file.hh"
#include "base/guarded.hh"
#include "support/namespaces.hh"
#include "support/room_town.hh"

namespace zonder::app {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

/// A room in which the number of marks can change while others look.
struct Town {
  model::RoomRecord record = test::town_in_a_room().record;
  std::atomic<std::size_t> marks = 2;
  Guarded<std::vector<std::string>> told;

  RoomMemory::Options options(const std::string& path)
  {
    return {.path = path,
            .record =
                [this] {
                  auto now = record;
                  now.marks.resize(marks);
                  return now;
                },
            .tell = [this](const std::string& sentence) { told.lock()->push_back(sentence); },
            .every = hours(1)};
  }
};

/// Until it holds; half a minute is given up after.
bool comes(const std::function<bool()>& holds)
{
  for (int i = 0; i < 3000 && !holds(); ++i) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  return holds();
}

std::size_t marks_kept(const std::string& path)
{
  const auto text = read_file(path);
  const auto kept =
      text ? room::read_kept(path, *text) : Result<room::KeptRecord>(fail(text.error()));
  return kept ? kept->record.marks.size() : 0;
}

TEST(RoomMemory, WritesAtOnceThenAtEachMarkAndLeavesNothingWhenItForgets)
{
  const auto folder = TemporaryFolder::make();
  const auto path = unfinished(folder->path() + "/room.html");
  Town town;
  auto memory = RoomMemory::begin(town.options(path));
  ASSERT_TRUE(memory) << memory.error().message;
  EXPECT_EQ(marks_kept(path), 2U);
  EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms(0600));
  town.marks = 3;
  (*memory)->note();
  EXPECT_TRUE(comes([&] { return marks_kept(path) == 3; }));
  (*memory)->forget();
  EXPECT_TRUE(std::filesystem::is_empty(folder->path()));
}

TEST(RoomMemory, SaysThatTheRoomWasLostUntilItEndsAnotherWay)
{
  const auto folder = TemporaryFolder::make();
  const auto path = unfinished(folder->path() + "/room.html");
  Town town;
  auto memory = RoomMemory::begin(town.options(path));
  ASSERT_TRUE(memory);
  const auto ending = [&] {
    return room::read_kept(path, *read_file(path))->record.ending;
  };
  EXPECT_EQ(ending(), model::RoomEnding::Lost);
  auto last = town.record;
  last.ending = model::RoomEnding::Stopped;
  (*memory)->stop(last);
  EXPECT_EQ(ending(), model::RoomEnding::Stopped);
}

TEST(RoomMemory, WritesNowAndThenThoughNobodySaysAnything)
{
  const auto folder = TemporaryFolder::make();
  const auto path = unfinished(folder->path() + "/room.html");
  Town town;
  auto options = town.options(path);
  options.every = milliseconds(20);
  const auto memory = RoomMemory::begin(std::move(options));
  ASSERT_TRUE(memory);
  town.marks = 5;
  EXPECT_TRUE(comes([&] { return marks_kept(path) == 5; }));
}

TEST(RoomMemory, WhereItCannotBeWrittenNothingBegins)
{
  const auto folder = TemporaryFolder::make();
  Town town;
  const auto memory = RoomMemory::begin(town.options(folder->path() + "/no/room.html.unfinished"));
  ASSERT_FALSE(memory);
  EXPECT_NE(memory.error().message.find("cannot write"), std::string::npos);
}

TEST(RoomMemory, TellsAtOnceThatTheDiskIsFullAndThatItIsNotAnyMore)
{
  test::in_new_namespaces({.user = true, .mount = true}, []() -> std::string {
    const auto folder = TemporaryFolder::make();
    const auto& place = folder->path();
    if (::mount("tmpfs", place.c_str(), "tmpfs", 0, "size=128k") != 0) {
      return "skip: no tmpfs of our own";
    }
    const auto path = unfinished(place + "/room.html");
    Town town;
    auto options = town.options(path);
    options.every = milliseconds(50);
    auto memory = RoomMemory::begin(std::move(options));
    if (!memory) {
      return memory.error().message;
    }
    std::string wrong = (*memory)->trouble().empty() ? "" : "trouble from the start; ";
    for (std::size_t size = 65536; size > 100; size /= 2) {
      for (int i = 0; write_file(place + "/" + std::to_string(size) + "-" + std::to_string(i),
                                 std::string(size, 'x'));
           ++i) {
      }
    }
    town.marks = 4;
    (*memory)->note();
    wrong += comes([&] { return !(*memory)->trouble().empty(); }) ? "" : "no trouble; ";
    wrong += comes([&] { return town.told.lock()->size() == 1; }) ? "" : "not told once; ";
    wrong += marks_kept(path) == 2 ? "" : "the last whole one is gone; ";
    for (const auto& each : std::filesystem::directory_iterator(place)) {
      if (each.path() != path) {
        std::filesystem::remove(each.path());
      }
    }
    (*memory)->note();
    wrong += comes([&] { return marks_kept(path) == 4; }) ? "" : "not kept again; ";
    wrong += comes([&] { return (*memory)->trouble().empty(); }) ? "" : "still trouble; ";
    wrong += comes([&] { return town.told.lock()->size() == 2; }) ? "" : "not told again; ";
    (*memory)->forget();
    ::umount(place.c_str());
    return wrong;
  });
}

TEST(RoomMemory, WhoeverIsKilledLeavesAWholeRecordAndNothingElse)
{
  for (int round = 0; round < 20; ++round) {
    const auto folder = TemporaryFolder::make();
    const auto path = unfinished(folder->path() + "/room.html");
    const auto child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      Town town;
      const auto memory = RoomMemory::begin(town.options(path));
      for (;;) {
        (void)write_file(path, room::kept_as_text({.record = town.record, .holder = {}}), 0600);
      }
    }
    EXPECT_TRUE(comes([&] { return marks_kept(path) > 0; }));
    std::this_thread::sleep_for(std::chrono::microseconds(round * 137));
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    for (const auto& each : std::filesystem::directory_iterator(folder->path())) {
      EXPECT_GT(marks_kept(each.path().string()), 0U) << each.path();
    }
  }
}

TEST(LeftBehind, IsTakenUpOnlyWhenNobodyKeepsItAnyMore)
{
  const auto folder = TemporaryFolder::make();
  const auto path = unfinished(folder->path() + "/room.html");
  const auto none = left_behind(path);
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("cannot read"), std::string::npos);
  Town town;
  {
    const auto memory = RoomMemory::begin(town.options(path));
    const auto ours = left_behind(path);
    ASSERT_FALSE(ours);
    EXPECT_EQ(ours.error().message,
              "the room of " + path + " goes on (process " + std::to_string(::getpid()) +
                  "): stop it, and its report is made");
  }
  // As after a restart of the machine: the number is somebody else's.
  auto kept = *room::read_kept(path, *read_file(path));
  kept.holder = "another-boot" + kept.holder.substr(kept.holder.find(' '));
  ASSERT_TRUE(write_file(path, room::kept_as_text(kept)));
  const auto left = left_behind(path);
  ASSERT_TRUE(left) << left.error().message;
  EXPECT_EQ(left->record.marks.size(), 2U);
}

TEST(Unfinished, AndFinishedAreEachOthersInverse)
{
  EXPECT_EQ(unfinished("a/room.html"), "a/room.html.unfinished");
  EXPECT_EQ(finished("a/room.html.unfinished"), "a/room.html");
  EXPECT_EQ(finished("a/room.html"), "");
}

}  // namespace
}  // namespace zonder::app
