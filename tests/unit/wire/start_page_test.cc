// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "wire/http/start_page.hh"

namespace zonder::wire::http {
namespace {

using Names = std::vector<std::string>;

TEST(StartPage, TellsWhatABrowserWouldFetchFromOthers)
{
  const auto hosts = hosts_in_page(
      R"(<html><head><!-- <script src="https://commented.example/"></script> -->
      <script async SRC=https://cdn.example/a.js></script>
      <link rel="stylesheet" href='//fonts.example/css?a=1&amp;b=2'>
      <link rel="canonical" href="https://canonical.example/">
      <img src="/own.png"><img src="data:image/png;base64,AA"><iframe src="https://WWW.town.nl/x">
      <a href="https://elsewhere.example/">out</a>
      <a href="https://login.idp.example/oauth2">in</a>
      <form action="https://mijn.example/inloggen"></form>
      <a href="https://lessons.example/lessons">sso is no word of it</a>)",
      "www.town.nl");
  EXPECT_EQ(hosts.loads, (Names{"cdn.example", "fonts.example"}));
  EXPECT_EQ(hosts.log_ins, (Names{"login.idp.example", "mijn.example"}));
}

TEST(StartPage, PassesOverWhatIsNoHtml)
{
  for (const auto* text :
       {"<", "<a", "<a href", "<a href=", "<a href='x", "<!--", "< a>", "\0<b"}) {
    EXPECT_TRUE(hosts_in_page(text, "x.nl").loads.empty()) << text;
  }
}

TEST(StartPage, ResolvesAddressesAgainstThePage)
{
  const std::string base = "https://www.town.nl/a/b?c=/d";
  EXPECT_EQ(resolve_url(base, "/x"), "https://www.town.nl/x");
  EXPECT_EQ(resolve_url(base, "x"), "https://www.town.nl/a/x");
  EXPECT_EQ(resolve_url(base, "//other.nl/y#z"), "https://other.nl/y");
  EXPECT_EQ(resolve_url(base, "http://other.nl"), "http://other.nl");
  EXPECT_EQ(resolve_url(base, "javascript:alert(1)"), std::nullopt);
  EXPECT_EQ(resolve_url(base, "file:///etc/passwd"), std::nullopt);
  EXPECT_EQ(resolve_url(base, "http://192.0.2.1/"), std::nullopt);
  EXPECT_EQ(resolve_url(base, "http://a b/"), std::nullopt);
}

TEST(RobotsFile, IsKeptTo)
{
  EXPECT_TRUE(robots_forbid_start_page("User-agent: *\nDisallow: /\n", "zonder"));
  EXPECT_FALSE(robots_forbid_start_page("User-agent: *\nDisallow: /private\n", "zonder"));
  EXPECT_FALSE(robots_forbid_start_page("User-agent: other\nDisallow: /\n", "zonder"));
  EXPECT_FALSE(robots_forbid_start_page(
      "User-agent: *\nDisallow: /\n\nUser-agent: Zonder\nDisallow:\n", "zonder"));
  EXPECT_TRUE(robots_forbid_start_page(
      "User-agent: a\nUser-agent: zonder # us\nDisallow: / # all\n", "zonder"));
  EXPECT_FALSE(robots_forbid_start_page("<html>not found</html>", "zonder"));
}

}  // namespace
}  // namespace zonder::wire::http
