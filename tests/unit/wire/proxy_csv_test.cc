// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "support/read_text.hh"

namespace zonder::wire::proxylogs {
namespace {

using test::read_text;
using Lines = std::vector<std::string>;

std::string row(const std::string& url, const std::string& action, const std::string& client)
{
  return "\"Mon Nov 23 09:30:05 2026\",\"canary@example.nl\",\"HTTPS\",\"" + url + "\",\"" +
         action +
         "\",\"a\",\"b\",\"1\",\"2\",\"0\",\"0\",\"x\",\"x\",\"x\",\"None\",\"None\",\"0\","
         "\"None\","
         "\"None\",\"loc\",\"dep\",\"" +
         client + "\",\"192.0.2.7\",\"GET\",\"200\",\"agent\"\n";
}

TEST(ProxyCsv, TakesZscalersSampleWithoutHeadings)
{
  const auto text = read_text(row("www.Example.nl/canary?q=canary", "Allowed", "10.0.0.5") +
                              row("mail.example:443", "Allowed", "10.0.0.5") +
                              row("blocked.example/", "Blocked", "10.0.0.6") +
                              row("", "Allowed", "10.0.0.6") + row("a.example", "Allowed", "None"));
  EXPECT_EQ(text.format, "proxy-csv");
  EXPECT_EQ(text.records, 3U);
  EXPECT_EQ(text.unreadable, 2U);
  EXPECT_EQ(text.problem, "line 4: a request without its host");
  EXPECT_EQ(text.seen,
            (Lines{"10.0.0.5 named mail.example http 1", "10.0.0.5 named www.example.nl http 1"}));
  EXPECT_EQ(text.first, "2026-11-23T09:30:05Z");
}

TEST(ProxyCsv, KnowsItsColumnsByTheirNames)
{
  const auto text =
      read_text("epochtime\tlogin\tcip\turl\taction\n"
                "1795426205\tcanary\t10.0.0.5\thttps://www.example.nl/canary\tAllowed\n");
  EXPECT_EQ(text.format, "proxy-csv");
  EXPECT_EQ(text.seen, (Lines{"10.0.0.5 named www.example.nl http 1"}));
  EXPECT_EQ(text.first, "2026-11-23T09:30:05Z");
}

}  // namespace
}  // namespace zonder::wire::proxylogs
