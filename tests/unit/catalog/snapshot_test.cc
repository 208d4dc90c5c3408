// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/file.hh"
#include "catalog/snapshot.hh"
#include "catalog/snapshot_content.hh"
#include "support/catalog_world.hh"

namespace zonder::catalog {
namespace {

class SnapshotFile : public testing::Test {
protected:
  [[nodiscard]] std::string why_not() const
  {
    const auto opened = Snapshot::open(path);
    EXPECT_TRUE(opened || opened.error().fault == Fault::Usage);
    return opened ? "" : opened.error().message;
  }

  TemporaryFolder folder = TemporaryFolder::make().value();
  const std::string path = folder.path() + "/catalog.snapshot";
  const std::string whole = compile_snapshot(test::small_content({}));
};

// Nobody writes into it: who waited would wait for ever.
TEST_F(SnapshotFile, IsNoPipeOrDevice)
{
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(why_not(), "cannot read " + path + ": it is a pipe or a device, and a file is wanted");
  std::filesystem::remove(path);
  std::filesystem::create_symlink("/dev/zero", path);
  EXPECT_EQ(why_not(), "cannot read " + path + ": it is a pipe or a device, and a file is wanted");
  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
  EXPECT_EQ(why_not(), "cannot read " + path + ": Is a directory");
}

// Larger than any memory, so whoever read it all would not come to what is wrong with it.
TEST_F(SnapshotFile, IsJudgedByItsHeadBeforeItIsRead)
{
  constexpr std::uintmax_t terabytes = std::uintmax_t{3} << 40U;
  ASSERT_TRUE(write_file(path, "something else"));
  std::filesystem::resize_file(path, terabytes);
  EXPECT_EQ(why_not(), path + " is no catalogue of zonder");
  ASSERT_TRUE(write_file(path, whole));
  EXPECT_EQ(why_not(), "");
  std::filesystem::resize_file(path, terabytes);
  EXPECT_NE(why_not().find("is damaged or cut off"), std::string::npos) << why_not();
  for (const std::uintmax_t size : {0U, 3U, 64U}) {
    ASSERT_TRUE(write_file(path, whole));
    std::filesystem::resize_file(path, size);
    EXPECT_NE(why_not().find("is damaged or cut off"), std::string::npos) << why_not();
  }
}

}  // namespace
}  // namespace zonder::catalog
