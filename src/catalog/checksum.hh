// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace zonder::catalog {

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256_of(std::span<const std::byte> bytes);
std::string to_hex(const Sha256& sum);

}  // namespace zonder::catalog
