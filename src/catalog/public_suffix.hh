// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

namespace zonder::catalog {

/// What the Public Suffix List says of a name.
enum class PublicSuffix {
  No,        // somebody's own: example.nl
  Registry,  // a registry's: nl, co.uk
  Private    // a company's, handed out below it to customers: github.io, azurewebsites.net
};

/// Asks the list that libpsl has built in. A name that no rule of the list fits is No, also when it
/// is one label (the list's default rule "*" is not used).
PublicSuffix public_suffix_kind(const std::string& name);

}  // namespace zonder::catalog
