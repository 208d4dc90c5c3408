// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "base/visible_text.hh"

namespace zonder {
namespace {

TEST(VisibleText, WhatIsSeenStays)
{
  const std::string seen = "Zo\u00eb, \u4e2d\u6587 \u2014 \U0001f600\u2764\ufe0f\nnext line";
  EXPECT_EQ(visible_text(seen), seen);
  EXPECT_EQ(visible_text(""), "");
}

TEST(VisibleText, WhatMisleadsIsLeftOut)
{
  EXPECT_EQ(visible_text("a\x01\t\x7f\r\n"
                         "b"),
            "a\nb");
  EXPECT_EQ(visible_text("a\u0080\u009fb"), "ab");
  EXPECT_EQ(visible_text("\u202aa\u202eb\u2066c\u2069\u200e\u061c"), "abc");
  EXPECT_EQ(visible_text("\u200ba\u200d\u2060b\ufeff\u00ad"), "ab");
  EXPECT_EQ(visible_text("a\U000e0041b"), "ab");
}

TEST(VisibleText, WhatIsNoUtf8IsNone)
{
  EXPECT_EQ(visible_text("a\xff"), std::nullopt);
  EXPECT_EQ(visible_text("\xc3"), std::nullopt);
  EXPECT_EQ(visible_text("\xed\xa0\x80"), std::nullopt);
}

TEST(VisibleText, ControlCharactersAreThoseOfBothBlocksAndSeparators)
{
  for (const auto* text : {"a\nb", "\t", "\x7f", "\u0085", "\u009f", "\u2028"}) {
    EXPECT_TRUE(has_control_characters(text));
  }
  EXPECT_FALSE(has_control_characters("\u00a0Zo\u00eb \u2027"));
}

TEST(VisibleText, AJsonDocumentSaysTheSameWithoutWhatIsNotSeen)
{
  EXPECT_EQ(json_without_unseen("{\n  \"a\": \"b\u202ec\U000e0041\u2028\u0085\"\n}"),
            "{\n  \"a\": \"b\\u202ec\\udb40\\udc41\\u2028\\u0085\"\n}");
  EXPECT_EQ(json_without_unseen("[\"Zo\u00eb \U0001f600\"]"), "[\"Zo\u00eb \U0001f600\"]");
}

}  // namespace
}  // namespace zonder
