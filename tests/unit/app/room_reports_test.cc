// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstdlib>
#include <ctime>
#include <filesystem>

#include <sys/mount.h>

#include "app/room_memory.hh"
#include "app/room_reports.hh"
#include "base/file.hh"
#include "support/namespaces.hh"
#include "support/room_town.hh"

namespace zonder::app {
namespace {

std::string refused(const RoomOptions& typed)
{
  const auto checked = check_room_files(typed);
  EXPECT_TRUE(checked || checked.error().fault == Fault::Usage);
  return checked ? "" : checked.error().message;
}

/// What is told meanwhile goes nowhere.
struct QuietWorld {
  QuietWorld() { world.err = ::tmpfile(), world.out = world.err; }
  ~QuietWorld() { std::fclose(world.err); }
  QuietWorld(const QuietWorld&) = delete;
  QuietWorld& operator=(const QuietWorld&) = delete;
  QuietWorld(QuietWorld&&) = delete;
  QuietWorld& operator=(QuietWorld&&) = delete;

  World world;
};

TEST(RoomReports, AreNeverPutInThePlaceOfAnother)
{
  const auto folder = TemporaryFolder::make();
  const auto path = folder->path() + "/room.html";
  EXPECT_EQ(refused({.reports = {path}}), "");
  ASSERT_TRUE(write_file(path, "of last week"));
  EXPECT_EQ(refused({.reports = {path}}),
            path + " is there already, and is not overwritten: move it away, or name another file");
  EXPECT_EQ(refused({.exported = path}),
            path + " is there already, and is not overwritten: move it away, or name another file");
  // It came to be there while the room went on.
  QuietWorld quiet;
  const auto record = test::town_in_a_room().record;
  ASSERT_TRUE(write_room_files(quiet.world, {.reports = {path}}, record));
  EXPECT_EQ(read_file(path), "of last week");
  EXPECT_NE(read_file(folder->path() + "/room-2.html")->find("</html>"), std::string::npos);
}

TEST(RoomReports, ARecordThatARoomLeftBehindIsNotOverwrittenEither)
{
  const auto folder = TemporaryFolder::make();
  const auto path = folder->path() + "/room.html";
  ASSERT_TRUE(write_file(unfinished(path), "{}"));
  EXPECT_EQ(refused({.reports = {path}}),
            "a room before this one ended without zonder, and left its record in " + path +
                ".unfinished: make its report first, with: zonder room --recover " + path);
  EXPECT_EQ(refused({.reports = {path}, .recover = path}), "");
}

TEST(RoomReports, TakeTheFormsThatTheHelpNames)
{
  const auto folder = TemporaryFolder::make();
  for (const char* good : {"a.html", "a.json", "a.txt"}) {
    EXPECT_EQ(refused({.reports = {folder->path() + "/" + good}}), "") << good;
  }
  for (const char* bad : {"a.jsonl", "a.xml", "a.HTML", "a"}) {
    const auto path = folder->path() + "/" + bad;
    EXPECT_EQ(refused({.reports = {path}}),
              "a room's report is .html, .json or .txt; " + path +
                  " ends in none of these (--export FILE is for every observation, as JSON lines)");
  }
}

TEST(RoomReports, APlaceThatIsTooSmallIsToldBeforeTheRoomBegins)
{
  test::in_new_namespaces({.user = true, .mount = true}, []() -> std::string {
    const auto folder = TemporaryFolder::make();
    const auto& place = folder->path();
    if (::mount("tmpfs", place.c_str(), "tmpfs", 0, "size=4k") != 0) {
      return "skip: no tmpfs of our own";
    }
    const RoomOptions typed{.reports = {place + "/room.html"}};
    const auto record = test::RoomStory().record;
    const auto tried = try_room_files(typed, record);
    std::string wrong = check_room_files(typed) ? "" : "refused by name; ";
    wrong += !tried && tried.error().message ==
                           "cannot write " + place + "/room.html: No space left on device"
                 ? ""
                 : "not told as full; ";
    wrong += std::filesystem::is_empty(place) ? "" : "something is left; ";
    ::umount(place.c_str());
    const RoomOptions elsewhere{.reports = {place + "/room.html"}};
    wrong += try_room_files(elsewhere, record) ? "" : "not where there is space; ";
    return wrong + (std::filesystem::is_empty(place) ? "" : "something is left there; ");
  });
}

TEST(RoomReports, TheUsualNameHasTheTimeOfTheMachinesOwnClock)
{
  ::setenv("TZ", "UTC-1", 1);
  ::tzset();
  EXPECT_EQ(usual_report(test::RoomStory::at(3) + std::chrono::seconds(12)),
            "zonder-room-2026-11-23-100312.html");
  // A room that ended without zonder has that name.
  const auto folder = TemporaryFolder::make();
  const auto here = std::filesystem::current_path();
  std::filesystem::current_path(folder->path());
  ASSERT_TRUE(write_file("zonder-room-2026-11-23-100300.html.unfinished", "{}"));
  ASSERT_TRUE(write_file("zonder-room-2026-11-23-100300-2.html", "a report"));
  EXPECT_EQ(usual_report(test::RoomStory::at(3)), "zonder-room-2026-11-23-100300-3.html");
  std::filesystem::current_path(here);
  ::unsetenv("TZ");
  ::tzset();
}

}  // namespace
}  // namespace zonder::app
