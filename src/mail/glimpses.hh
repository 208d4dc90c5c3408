// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "mail/domain_records.hh"
#include "model/observation.hh"

namespace zonder::mail {

/// Everything that the records say, as statements about the domain: what goes into the store.
void tell_glimpses(const DomainRecords& records, model::GlimpseSink& sink);

}  // namespace zonder::mail
