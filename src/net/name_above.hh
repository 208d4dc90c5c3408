// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string_view>

namespace zonder::net {

/// The name one label up: "example.nl" for "www.example.nl". Empty where there is none.
inline std::string_view name_above(std::string_view name)
{
  const auto dot = name.find('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
}

}  // namespace zonder::net
