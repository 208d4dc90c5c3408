// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "isolate/network_mounts.hh"

namespace zonder::isolate {
namespace {

TEST(NetworkMounts, AreFoundWithTheirServer)
{
  const auto found = network_mounts(
      "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/root rw\n"
      "40 22 0:50 / /srv/zaken rw,relatime shared:9 master:2 - cifs //files.example/zaken rw\n"
      "41 22 0:51 / /home rw - nfs4 nas.example:/home rw,vers=4.2\n"
      "42 22 0:52 / /mnt/my\\040cloud rw,nosuid - fuse.rclone cloud: rw,user_id=0\n"
      "43 22 0:53 / /var/lib/lxcfs rw - fuse.lxcfs lxcfs rw\n"
      "44 22 0:54 / /sys/fs/fuse/connections rw - fusectl fusectl rw\n"
      "45 22 8:1 / /media/stick rw - fuseblk /dev/sda1 rw\n");
  const std::vector<NetworkMount> expected = {
      {.place = "/srv/zaken", .kind = "cifs", .source = "//files.example/zaken"},
      {.place = "/home", .kind = "nfs4", .source = "nas.example:/home"},
      {.place = "/mnt/my cloud", .kind = "fuse.rclone", .source = "cloud:"}};
  EXPECT_EQ(found, expected);
}

TEST(NetworkMounts, LinesOfAnotherFormArePassedOver)
{
  EXPECT_TRUE(network_mounts("").empty());
  EXPECT_TRUE(network_mounts("\n\n - nfs\n- nfs a\n1 2 3 4 - nfs a b\n").empty());
  const auto cut =
      network_mounts("40 22 0:50 / /a\\04 rw - nfs a:/ rw\n41 22 0:5 / /b rw - nfs b:");
  ASSERT_EQ(cut.size(), 2U);
  EXPECT_EQ(cut[0].place, "/a\\04");
  EXPECT_EQ(cut[1].source, "b:");
}

}  // namespace
}  // namespace zonder::isolate
