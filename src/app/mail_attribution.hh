// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "catalog/catalog.hh"
#include "mail/attribution.hh"

namespace zonder::app {

/// The catalogue, asked about mail. It must outlive the answer; answers are kept, since domains
/// share their names. For one thread.
mail::Attribution mail_attribution(const catalog::Catalog& catalog, catalog::Date day);

}  // namespace zonder::app
