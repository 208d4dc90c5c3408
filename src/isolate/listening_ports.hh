// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace zonder::isolate {

/// Whether a socket listens at the port, by the text of /proc/net/tcp or tcp6 (proc(5)).
bool listens_in(std::string_view table, std::uint16_t port);

/// By these two files; yes too where one cannot be read, but for a tcp6 that is not there: then the
/// kernel has no IPv6.
bool listens_by_tables(const std::string& tcp, const std::string& tcp6, std::uint16_t port);

/// Whether something listens there at any address of the calling thread's network; yes too where
/// that cannot be read.
bool listens_here(std::uint16_t port);

}  // namespace zonder::isolate
