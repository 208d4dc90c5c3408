// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <filesystem>
#include <string>

// Data of others, beside the checkout. A test that needs it begins with ZONDER_NEEDS_SHARED(path).
namespace zonder::test {

inline std::string shared_data(const std::string& path)
{
  return std::string(ZONDER_SHARED_DATA) + "/" + path;
}

}  // namespace zonder::test

#define ZONDER_NEEDS_SHARED(path)                                                                  \
  do {                                                                                             \
    if (!std::filesystem::exists(::zonder::test::shared_data(path))) {                             \
      GTEST_SKIP() << "needs " << ::zonder::test::shared_data(path) << ", which is not here";      \
    }                                                                                              \
  } while (false)
