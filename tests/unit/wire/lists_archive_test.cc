// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// Folders and archives of lists. The archives are made with tar, not with the library that reads.
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "base/file.hh"
#include "support/list_files.hh"

namespace zonder::wire {
namespace {

using test::Lines;

class ListArchives : public testing::Test {
protected:
  void SetUp() override
  {
    auto folder = TemporaryFolder::make("zonder-lists");
    ASSERT_TRUE(folder);
    folder_.emplace(std::move(*folder));
  }
  [[nodiscard]] std::string path(const std::string& name) const
  {
    return folder_->path() + "/" + name;
  }
  void put(const std::string& name, std::string_view content) const
  {
    ASSERT_TRUE(make_folders(std::filesystem::path(path(name)).parent_path()));
    ASSERT_TRUE(write_file(path(name), content));
  }
  void shell(const std::string& command) const
  {
    ASSERT_EQ(std::system(("cd " + folder_->path() + " && " + command).c_str()), 0) << command;
  }
  /// Paths of the lists below our folder, and the sentences about what was passed over.
  Lines told(const Result<Lists>& lists) const
  {
    EXPECT_TRUE(lists) << (lists ? "" : lists.error().message);
    Lines lines;
    for (const auto& list : lists ? lists->files : std::vector<ListFile>()) {
      lines.push_back(list.path.substr(folder_->path().size() + 1) + " " + list.party);
    }
    for (const auto& sentence : lists ? lists->passed_over : Lines()) {
      lines.push_back("- " + sentence.substr(folder_->path().size() + 1).substr(0, 60));
    }
    return lines;
  }
  std::string refusal(const std::string& name) const
  {
    const auto lists = read_lists(path(name), {});
    return lists ? std::string() : lists.error().message.substr(folder_->path().size() + 1);
  }
  std::optional<TemporaryFolder> folder_;
};

TEST_F(ListArchives, AFolderIsReadWithItsArchivesInOrder)
{
  put("all/b/fastly/ipv4.txt", "192.0.2.0/24\n");  // a folder that lord-alfred does not have
  put("all/b/github/ipv4.txt", "192.0.2.0/24\n");
  put("all/b/LICENSE", "MIT License and more words\n");
  put("all/.git/config", "192.0.2.0/24\n");
  put("all/.hidden", "192.0.2.0/24\n");
  put("data/azure", "azure.com\n");
  shell("tar cJf all/a.tar.xz data && ln -s /etc all/link && ln -s ../data/azure all/azure");
  EXPECT_EQ(told(read_lists(path("all"), {})),
            (Lines{"all/a.tar.xz/data/azure microsoft",
                   "all/b/fastly/ipv4.txt ",
                   "all/b/github/ipv4.txt github",
                   "- all/b/LICENSE: not a list that zonder knows (it knows aws-ip"}));
}

TEST_F(ListArchives, EveryPackingIsRead)
{
  put("amazon/ipv4_merged.txt", "192.0.2.0/24\n");
  shell("tar cf a.tar amazon && tar czf a.tar.gz amazon && tar cjf a.tar.bz2 amazon && "
        "tar cJf a.tar.xz amazon && python3 -m zipfile -c a.zip amazon");
  for (const auto* name : {"a.tar", "a.tar.gz", "a.tar.bz2", "a.tar.xz", "a.zip"}) {
    EXPECT_EQ(told(read_lists(path(name), {})),
              (Lines{std::string(name) + "/amazon/ipv4_merged.txt amazon"}))
        << name;
  }
}

TEST_F(ListArchives, LinksDevicesArchivesAndPathsThatClimbArePassedOver)
{
  put("in/amazon/ipv4.txt", "192.0.2.0/24\n");
  put("out.txt", "192.0.2.0/24\n");
  put("absolute.txt", "192.0.2.0/24\n");
  shell("cd in && ln -s /etc/passwd link.txt && ln amazon/ipv4.txt zhard.txt && mkfifo pipe && "
        "tar czf inner.tar.gz amazon && "
        "tar cPzf ../a.tar.gz amazon link.txt zhard.txt pipe inner.tar.gz ../out.txt "
        "$(realpath ../absolute.txt)");
  const auto lists = read_lists(path("a.tar.gz"), {});
  const auto lines = told(lists);
  ASSERT_EQ(lines.size(), 7U);
  EXPECT_EQ(lines[0], "a.tar.gz/amazon/ipv4.txt amazon");
  EXPECT_EQ(lines[1], "- a.tar.gz/link.txt: a link or device, which is not read");
  EXPECT_EQ(lines[2], "- a.tar.gz/zhard.txt: a link or device, which is not read");
  EXPECT_EQ(lines[3], "- a.tar.gz/pipe: a link or device, which is not read");
  EXPECT_EQ(lines[4].substr(0, 60), "- a.tar.gz/inner.tar.gz: an archive within an archive, which");
  EXPECT_EQ(lines[5], "- a.tar.gz/../out.txt: its path leads out of the archive");
  EXPECT_TRUE(lists->passed_over.back().ends_with("its path leads out of the archive"));
}

TEST_F(ListArchives, WhatUnpacksToTooMuchIsRefused)
{
  shell("head -c 30000000 /dev/zero > zeros && tar cJf bomb.tar.xz zeros");
  const auto size = std::filesystem::file_size(path("bomb.tar.xz"));
  EXPECT_EQ(
      refusal("bomb.tar.xz"),
      "bomb.tar.xz: unpacks to more than 16777216 bytes, which is too much for an archive of " +
          std::to_string(size) + " bytes");
  // A hole counts as what it would become.
  shell("truncate -s 60G hole && printf x >> hole && tar cSzf hole.tar.gz hole");
  EXPECT_NE(refusal("hole.tar.gz").find("unpacks to more than 16777216 bytes"), std::string::npos);
}

TEST_F(ListArchives, TooManyFilesAreRefused)
{
  shell("mkdir many && cd many && seq 20001 | xargs touch && cd .. && tar czf many.tar.gz many");
  EXPECT_EQ(refusal("many.tar.gz"), "many.tar.gz: more than 20000 files in it");
  EXPECT_EQ(refusal("many"),
            "many: more than 20000 files in it; name the folder with the lists itself");
}

TEST_F(ListArchives, WhatIsBrokenOrEmptyIsRefused)
{
  put("amazon/ipv4.txt", std::string(5000, '#') + "\n192.0.2.0/24\n");
  put("text/README", "Some words about nothing\n");
  shell("tar cJf a.tar.xz amazon && head -c 150 a.tar.xz > cut.tar.xz && mkdir empty && "
        "tar czf empty.tar.gz empty");
  EXPECT_EQ(refusal("cut.tar.xz").substr(0, 39), "cut.tar.xz: this archive cannot be read");
  EXPECT_EQ(refusal("empty.tar.gz"), "empty.tar.gz: there is no list in it");
  EXPECT_EQ(refusal("empty"), "empty: there is no list in it");
  EXPECT_EQ(refusal("text").substr(0, 51), "text: no list in it can be read; the first reason: ");
  const auto gone = read_lists(path("gone"), {});
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().message, "cannot read " + path("gone") + ": No such file or directory");
}

}  // namespace
}  // namespace zonder::wire
