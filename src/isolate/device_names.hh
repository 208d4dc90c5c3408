// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "isolate/name_ledger.hh"
#include "net/address.hh"

namespace zonder::isolate {

/// The name by which a device came to an address: the last that it asked for itself. What others
/// called the address is no business of its.
using NamesByDevice = std::map<std::pair<std::size_t, net::Address>, std::string>;

/// `questions` say of each device as their programs.
NamesByDevice names_by_device(const std::vector<Question>& questions);

}  // namespace zonder::isolate
