// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "wire/lists/lists.hh"

// Reading published lists in tests.
namespace zonder::test {

/// The list; fails the test when it cannot be read.
inline wire::ListFile
sound_list(const std::string& path, std::string_view content, const wire::ListHints& hints = {})
{
  auto list = wire::read_list(path, content, hints);
  EXPECT_TRUE(list) << path << ": " << (list ? "" : list.error().message);
  return list ? std::move(*list) : wire::ListFile{};
}

/// Why the list cannot be read; empty when it can.
inline std::string
why_not_list(const std::string& path, std::string_view content, const wire::ListHints& hints = {})
{
  const auto list = wire::read_list(path, content, hints);
  return list ? std::string() : list.error().message;
}

/// Every prefix as "192.0.2.0/24 SERVICE space", in the order of the list.
inline std::vector<std::string> prefixes_of(const wire::ListFile& list)
{
  std::vector<std::string> lines;
  for (const auto& claim : list.prefixes) {
    lines.push_back(claim.prefix.to_string() + (claim.service.empty() ? "" : " " + claim.service) +
                    " " + claim.space);
  }
  return lines;
}

/// Every name as "example.nl SERVICE" with "=" ahead when it is that name alone.
inline std::vector<std::string> names_of(const wire::ListFile& list)
{
  std::vector<std::string> lines;
  for (const auto& claim : list.names) {
    lines.push_back((claim.exact ? "=" : "") + claim.suffix.text() +
                    (claim.service.empty() ? "" : " " + claim.service));
  }
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace zonder::test
