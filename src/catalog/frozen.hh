// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string_view>

#include "base/result.hh"
#include "catalog/facts.hh"
#include "catalog/selector.hh"

// The failure mode `frozen`: what is there goes on, but nothing new is handed out. So what falls
// away of a party is only what hands out things that expire.
namespace zonder::catalog {

/// Whether a service of this category hands out what expires: log-ins and tokens, certificates and
/// word of their revocation, updates, programs, device rights.
bool freezes(std::string_view category);

/// Of each chosen party only its services that freeze; the whole party when it is one of those
/// itself (a certificate authority) and no service of it is known apart. Errors: nothing is left,
/// or addresses and names were typed, of which this cannot be told.
Result<Chosen> only_what_freezes(const Chosen& chosen, const Facts& facts);

}  // namespace zonder::catalog
