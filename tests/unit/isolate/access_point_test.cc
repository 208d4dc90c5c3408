// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "base/child_process.hh"
#include "base/file.hh"
#include "isolate/access_point.hh"

namespace zonder::isolate {
namespace {

AccessPoint point()
{
  return {.name = "zonder-microsoft", .password = "", .link = "wlan0", .radio = "phy0"};
}

bool has_line(const std::string& text, const std::string& line)
{
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

TEST(AccessPoint, KeepsDevicesApartAndPutsThemOnTheBridge)
{
  const auto text = hostapd_configuration(point(), "room");
  EXPECT_TRUE(has_line(text, "bridge=room"));
  EXPECT_TRUE(has_line(text, "ap_isolate=1"));
  EXPECT_TRUE(has_line(text, "ssid2=7a6f6e6465722d6d6963726f736f6674"));
  EXPECT_EQ(text.find("wpa="), std::string::npos);
}

TEST(AccessPoint, NoNameCanBeALineOfTheConfiguration)
{
  auto odd = point();
  odd.name = "a\nwpa=0";
  EXPECT_FALSE(has_line(hostapd_configuration(odd, "room"), "wpa=0"));
}

TEST(AccessPoint, RefusesWhatWifiCannotHave)
{
  EXPECT_TRUE(check_access_point(point()));
  auto wrong = point();
  wrong.name = std::string(33, 'a');
  EXPECT_EQ(check_access_point(wrong).error().message,
            "the name of a Wi-Fi network is 1 to 32 bytes long, not 33");
  for (const auto* password : {"short", "with\nnew-line", "caf\xc3\xa9 is not ASCII"}) {
    wrong = point();
    wrong.password = password;
    EXPECT_EQ(check_access_point(wrong).error().fault, Fault::Usage) << password;
  }
}

/// hostapd itself, as far as it goes without a wireless card: its "none" driver starts an access
/// point that no radio sends.
std::string said_by_hostapd(std::string text)
{
  const std::string driver = "driver=nl80211";
  text.replace(text.find(driver), driver.size(), "driver=none");
  text.erase(text.find("bridge=room\n"), 12);  // there is none here
  const std::string path = testing::TempDir() + "hostapd.conf";
  (void)write_file(path, text);
  const auto ran = run_captured({"timeout", "1", "hostapd", path}, std::chrono::seconds(10));
  return ran ? ran->out + ran->err : ran.error().message;
}

TEST(AccessPoint, HostapdTakesItsConfiguration)
{
  if (!find_program("hostapd")) {
    GTEST_SKIP() << "hostapd is not installed";
  }
  for (const auto* password : {"", "correct horse battery"}) {
    auto wanted = point();
    wanted.password = password;
    const auto text = hostapd_configuration(wanted, "room");
    const auto said = said_by_hostapd(text);
    EXPECT_NE(said.find("AP-ENABLED"), std::string::npos) << said;
    // It does look at what it reads.
    EXPECT_NE(said_by_hostapd(text + "nonsense=1\n").find("unknown configuration item"),
              std::string::npos);
  }
}

}  // namespace
}  // namespace zonder::isolate
