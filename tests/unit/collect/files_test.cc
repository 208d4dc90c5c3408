// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <filesystem>
#include <fstream>

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include "base/file.hh"
#include "collect/files.hh"

namespace zonder::collect {
namespace {

using Files = std::vector<std::pair<std::string, std::string>>;

std::string packed(const Files& files, int (*filter)(archive*), int (*format)(archive*))
{
  std::string bytes(std::size_t{4} << 20U, '\0');
  std::size_t used = 0;
  archive* writer = archive_write_new();
  (void)filter(writer);
  (void)format(writer);
  (void)archive_write_open_memory(writer, bytes.data(), bytes.size(), &used);
  for (const auto& [name, content] : files) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    (void)archive_write_header(writer, entry);
    (void)archive_write_data(writer, content.data(), content.size());
    archive_entry_free(entry);
  }
  (void)archive_write_close(writer);
  (void)archive_write_free(writer);
  bytes.resize(used);
  return bytes;
}

std::string gzipped(const std::string& content)
{
  return packed({{"x", content}}, archive_write_add_filter_gzip, archive_write_set_format_raw);
}

class Reading : public testing::Test {
protected:
  std::string put(const std::string& name, const std::string& content)
  {
    const auto path = folder_.path() + "/" + name;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  /// Path in the folder and content of each stream.
  Files read(const std::string& path)
  {
    Files streams;
    const auto files = files_at(path).value();
    for (const auto& file : files) {
      const auto done = read_streams(
          file,
          [](std::size_t) {},
          [&](const std::string& name, Window& window) -> Result<void> {
            std::string content;
            while (!window.ahead(1).empty()) {
              const auto held = window.ahead(1);
              content += held;
              window.pass(held.size());
            }
            trouble_ = window.trouble() ? window.trouble()->message : trouble_;
            streams.emplace_back(name.substr(folder_.path().size() + 1), content);
            return {};
          },
          passed_over_);
      EXPECT_TRUE(done) << done.error().message;
    }
    return streams;
  }

  TemporaryFolder folder_ = TemporaryFolder::make().value();
  std::vector<PassedOver> passed_over_;
  std::string trouble_;
};

TEST_F(Reading, UnpacksWhatIsPackedByWhatIsInIt)
{
  EXPECT_EQ(read(put("plain.gz", "not packed")), (Files{{"plain.gz", "not packed"}}));
  EXPECT_EQ(read(put("a.log", gzipped("content"))), (Files{{"a.log", "content"}}));
  for (const auto filter : {archive_write_add_filter_xz, archive_write_add_filter_zstd}) {
    EXPECT_EQ(read(put("b", packed({{"x", "content"}}, filter, archive_write_set_format_raw))),
              (Files{{"b", "content"}}));
  }
}

TEST_F(Reading, ReadsEachFileOfAnArchiveAlsoPackedOnes)
{
  const Files in = {{"d/conn.log", "one"}, {".hidden", "no"}, {"d/dns.log.gz", gzipped("two")}};
  for (const auto format : {archive_write_set_format_ustar, archive_write_set_format_zip}) {
    EXPECT_EQ(read(put("logs", packed(in, archive_write_add_filter_none, format))),
              (Files{{"logs/d/conn.log", "one"}, {"logs/d/dns.log.gz", "two"}}));
  }
  EXPECT_TRUE(passed_over_.empty());
}

TEST_F(Reading, ReadsAFolderInOrderWithoutLinksAndHiddenFiles)
{
  put("all/b/x", "2");
  put("all/a", "1");
  put("all/.git/x", "no");
  std::filesystem::create_symlink("/etc/passwd", folder_.path() + "/all/link");
  EXPECT_EQ(read(folder_.path() + "/all"), (Files{{"all/a", "1"}, {"all/b/x", "2"}}));
  std::filesystem::create_directories(folder_.path() + "/empty");
  EXPECT_FALSE(files_at(folder_.path() + "/empty"));
  EXPECT_FALSE(files_at(folder_.path() + "/missing"));
}

TEST_F(Reading, ABombIsNotReadToItsEnd)
{
  const std::string zeros(std::size_t{200} << 20U, 'x');
  const auto streams = read(put(
      "bomb", packed({{"x", zeros}}, archive_write_add_filter_zstd, archive_write_set_format_raw)));
  ASSERT_EQ(streams.size(), 1U) << (passed_over_.empty() ? "" : passed_over_[0].why);
  EXPECT_LT(streams[0].second.size(), std::size_t{100} << 20U);
  EXPECT_NE(trouble_.find("1000 times its size"), std::string::npos) << trouble_;
}

TEST_F(Reading, WhatIsPackedTooOftenIsPassedOver)
{
  const auto tarred = [](const std::string& content) {
    return packed({{"x", content}}, archive_write_add_filter_none, archive_write_set_format_ustar);
  };
  EXPECT_EQ(read(put("thrice", tarred(tarred(tarred("content"))))),
            (Files{{"thrice/x/x/x", "content"}}));
  EXPECT_TRUE(read(put("more", tarred(tarred(tarred(tarred("content")))))).empty());
  ASSERT_EQ(passed_over_.size(), 1U);
  EXPECT_NE(passed_over_[0].why.find("more than 3 times"), std::string::npos);
}

TEST_F(Reading, WhatIsCutOffIsReadAsFarAsItGoes)
{
  std::string lines;
  for (int i = 0; i < 200'000; ++i) {
    lines += std::to_string(i * 7919) + "\n";
  }
  const auto whole = gzipped(lines);
  const auto streams = read(put("cut", whole.substr(0, whole.size() / 2)));
  ASSERT_EQ(streams.size(), 1U);
  EXPECT_GT(streams[0].second.size(), 1000U);
  EXPECT_TRUE(lines.starts_with(streams[0].second));
  EXPECT_NE(trouble_, "");
}

TEST_F(Reading, AWindowHashesAllThatWentBy)
{
  const auto path = put("abc", "abc");
  std::vector<PassedOver> none;
  std::string digest;
  ASSERT_TRUE(read_streams(
      {.path = path},
      [](std::size_t) {},
      [&digest](const std::string&, Window& window) -> Result<void> {
        window.pass_all();
        digest = window.digest();
        return {};
      },
      none));
  // FIPS 180-2, appendix B.1.
  EXPECT_EQ(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace zonder::collect
