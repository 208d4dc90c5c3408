// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <filesystem>
#include <set>
#include <string>

#include <sys/mount.h>

#include "base/file.hh"
#include "support/namespaces.hh"

namespace zonder {
namespace {

std::set<std::string> names_in(const std::string& folder)
{
  std::set<std::string> names;
  for (const auto& each : std::filesystem::directory_iterator(folder)) {
    names.insert(each.path().filename().string());
  }
  return names;
}

TEST(File, IsReplacedAndNothingElseIsLeft)
{
  const auto folder = TemporaryFolder::make();
  ASSERT_TRUE(folder);
  const auto path = folder->path() + "/room.html";
  ASSERT_TRUE(write_file(path, "first"));
  ASSERT_TRUE(write_file(path, "second", 0600));
  EXPECT_EQ(read_file(path), "second");
  EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms(0600));
  EXPECT_EQ(names_in(folder->path()), (std::set<std::string>{"room.html"}));
}

TEST(File, ATryLeavesNothing)
{
  const auto folder = TemporaryFolder::make();
  ASSERT_TRUE(folder);
  EXPECT_TRUE(try_to_write(folder->path() + "/room.html", "all of it"));
  EXPECT_EQ(names_in(folder->path()), std::set<std::string>());
  const auto nowhere = try_to_write(folder->path() + "/no/room.html", "");
  ASSERT_FALSE(nowhere);
  EXPECT_NE(nowhere.error().message.find("No such file or directory"), std::string::npos);
}

TEST(File, OnAFullDiskTheOldOneIsStillThereAndNothingElse)
{
  test::in_new_namespaces({.user = true, .mount = true}, []() -> std::string {
    const auto folder = TemporaryFolder::make();
    const auto& place = folder->path();
    if (::mount("tmpfs", place.c_str(), "tmpfs", 0, "size=64k") != 0) {
      return "skip: no tmpfs of our own";
    }
    const auto path = place + "/room.html";
    std::string wrong = write_file(path, "old") ? "" : "not written; ";
    const std::string large(200'000, 'x');
    for (const auto& tried : {write_file(path, large), try_to_write(path, large)}) {
      wrong += tried ? "written; " : "";
      wrong += !tried && tried.error().message.find("No space left") != std::string::npos
                   ? ""
                   : "not told as full; ";
    }
    wrong += read_file(path) == "old" ? "" : "the old one is gone; ";
    wrong += names_in(place) == std::set<std::string>{"room.html"} ? "" : "something is left; ";
    ::umount(place.c_str());
    return wrong;
  });
}

}  // namespace
}  // namespace zonder
