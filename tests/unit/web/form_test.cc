// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <string>

#include <gtest/gtest.h>

#include "web/form.hh"

namespace zonder::web {
namespace {

TEST(Form, ReadsWhatABrowserSends)
{
  EXPECT_EQ(read_form("name=Jan+de+Vries&note=caf%C3%A9%0D%0A%26&consent=yes&empty=&bare"),
            (Form{{"name", "Jan de Vries"},
                  {"note", "caf\xc3\xa9\r\n&"},
                  {"consent", "yes"},
                  {"empty", ""},
                  {"bare", ""}}));
  EXPECT_EQ(read_form(""), Form());
  EXPECT_EQ(read_form("&&a=b=c&"), (Form{{"a", "b=c"}}));
}

TEST(Form, RefusesWhatIsNoText)
{
  for (const auto* bad : {"a=%",
                          "a=%4",
                          "a=%zz",
                          "a=%+1",
                          "a=%80",
                          "a=%C3",
                          "a=%C3%28",
                          "a=%C0%AF",
                          "a=%E0%80%AF",
                          "a=%ED%A0%80",
                          "a=%F4%90%80%80",
                          "a=%F8%88%80%80%80",
                          "a=%00",
                          "a=%1B[1m",
                          "a=%7F",
                          "%FF=a",
                          "a=\xff"}) {
    EXPECT_FALSE(read_form(bad)) << bad;
  }
  EXPECT_TRUE(read_form("a=%F0%9F%96%A8&b=%E2%82%AC&c=%F4%8F%BF%BF"));
}

TEST(Form, RefusesWhatCanBeReadInTwoWays)
{
  EXPECT_FALSE(read_form("device=1&device=2"));
  EXPECT_FALSE(read_form("device=1&devic%65=1"));
}

TEST(Form, RefusesMoreThanItsLimits)
{
  const FormLimits small = {.fields = 2, .name = 3, .value = 4};
  EXPECT_TRUE(read_form("abc=1234&b=%C3%A9%C3%A9", small));
  EXPECT_FALSE(read_form("abcd=1", small));
  EXPECT_FALSE(read_form("a=12345", small));
  EXPECT_FALSE(read_form("a=1&b=2&c=3", small));
}

TEST(Form, IsWrittenSoThatItReadsTheSame)
{
  const Form form = {{"a&b", "1=2+3 %\r\n"}, {"caf\xc3\xa9", ""}};
  EXPECT_EQ(write_form(form), "a%26b=1%3D2%2B3%20%25%0D%0A&caf%C3%A9=");
  EXPECT_EQ(read_form(write_form(form)), form);
}

}  // namespace
}  // namespace zonder::web
