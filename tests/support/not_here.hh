// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdlib>
#include <string_view>

#include <gtest/gtest.h>

// A test that cannot run is skipped, with the reason, and counted. But a skip must not hide a
// mistake: script/test tries whether namespaces can be made on this machine, and where they can
// (ZONDER_NAMESPACES=yes), a test that finds none fails.
namespace zonder::test {

inline bool namespaces_are_here()
{
  const char* const found = std::getenv("ZONDER_NAMESPACES");
  return found != nullptr && std::string_view(found) == "yes";
}

}  // namespace zonder::test

#define ZONDER_NO_NAMESPACES(reason)                                                               \
  if (::zonder::test::namespaces_are_here()) {                                                     \
    FAIL() << "namespaces can be made here, but: " << (reason);                                    \
  } else                                                                                           \
    GTEST_SKIP() << (reason)
