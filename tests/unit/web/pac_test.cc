// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <string>

#include <gtest/gtest.h>

#include "base/child_process.hh"
#include "web/pac.hh"

namespace zonder::web {
namespace {

net::Address address(const char* text)
{
  return *net::Address::try_parse(text);
}

TEST(Pac, SendsAllButTheRoomsPageByTheProxy)
{
  EXPECT_EQ(pac_file(address("192.0.2.1"), 3128, {"Zonder.internal", "192.0.2.1"}),
            "function FindProxyForURL(url, host) {\n"
            "  host = host.toLowerCase();\n"
            "  if (host === \"zonder.internal\") return \"DIRECT\";\n"
            "  if (host === \"192.0.2.1\") return \"DIRECT\";\n"
            "  return \"PROXY 192.0.2.1:3128\";\n}\n");
  EXPECT_NE(pac_file(address("2001:db8::1"), 3128, {}).find("\"PROXY [2001:db8::1]:3128\""),
            std::string::npos);
}

TEST(Pac, TakesNoNameThatIsMore)
{
  const auto text = pac_file(address("192.0.2.1"), 3128, {"a\") return \"DIRECT\"; //", "b\\"});
  EXPECT_EQ(text.find("DIRECT"), std::string::npos);
}

TEST(Pac, IsAProgramThatRuns)
{
  if (!find_program("node")) {
    GTEST_SKIP() << "node is not installed, so that the PAC file could not be run";
  }
  const auto ran = run_captured(
      {"node",
       "-e",
       pac_file(address("192.0.2.1"), 3128, {"zonder.internal"}) +
           "for (const h of ['zonder.internal', 'ZONDER.internal', 'www.europe.example'])"
           " console.log(FindProxyForURL('http://' + h + '/', h));"});
  ASSERT_TRUE(ran);
  EXPECT_EQ(ran->out, "DIRECT\nDIRECT\nPROXY 192.0.2.1:3128\n") << ran->err;
}

}  // namespace
}  // namespace zonder::web
