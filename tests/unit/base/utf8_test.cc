// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "base/utf8.hh"

namespace zonder {
namespace {

TEST(Utf8, CountsCharactersNotBytes)
{
  EXPECT_EQ(characters_in(""), 0U);
  EXPECT_EQ(characters_in("kamer"), 5U);
  EXPECT_EQ(characters_in("caf\xc3\xa9"), 4U);
  EXPECT_EQ(characters_in("\xe2\x82\xac\xf0\x9f\x96\xa8"), 2U);
  EXPECT_EQ(characters_in("\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf"), 3U);
}

TEST(Utf8, RefusesWhatIsNone)
{
  for (const auto* text : {"\x80",              // a byte that only continues
                           "\xff",              // never a first byte
                           "\xc3",              // cut off
                           "\xe2\x82",          //
                           "\xc0\xaf",          // overlong
                           "\xe0\x80\xaf",      //
                           "\xf0\x80\x80\xaf",  //
                           "\xed\xa0\x80",      // a surrogate
                           "\xf4\x90\x80\x80",  // past U+10FFFF
                           "\xe2\x82\x41",      // what follows does not continue
                           "caf\xe9"}) {        // Latin 1
    EXPECT_FALSE(characters_in(text)) << text;
  }
}

}  // namespace
}  // namespace zonder
