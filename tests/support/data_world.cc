// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "support/data_world.hh"

#include <chrono>
#include <cstdio>

#include <gtest/gtest.h>
#include <unistd.h>

namespace zonder::test {
namespace {

std::string drained(std::FILE* file)
{
  std::string text;
  std::rewind(file);
  for (int c = 0; (c = std::getc(file)) != EOF;) {
    text += static_cast<char>(c);
  }
  std::rewind(file);
  EXPECT_EQ(::ftruncate(::fileno(file), 0), 0);
  return text;
}

}  // namespace

DataWorld::DataWorld(const catalog::SnapshotContent& content)
    : folder_(TemporaryFolder::make().value())
{
  world.share_folder = path("share");
  world.data_folder = path("data");
  world.now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);
  world.out = std::tmpfile();
  world.err = std::tmpfile();
  EXPECT_TRUE(make_folders(world.share_folder));
  EXPECT_TRUE(
      write_file(world.share_folder + "/catalog.snapshot", catalog::compile_snapshot(content)));
  const auto feeds = read_file(ZONDER_SOURCE_DIR "/data/feeds.yaml");
  EXPECT_TRUE(write_file(world.share_folder + "/feeds.yaml", feeds.value()));
}

DataWorld::~DataWorld()
{
  std::fclose(world.out);
  std::fclose(world.err);
}

std::string DataWorld::out()
{
  return drained(world.out);
}

std::string DataWorld::err()
{
  return drained(world.err);
}

std::string DataWorld::file(const std::string& name, const std::string& content) const
{
  EXPECT_TRUE(write_file(path(name), content));
  return path(name);
}

}  // namespace zonder::test
