// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "catalog/private_resolvers.hh"
#include "model/run_record.hh"

namespace zonder::app {

/// Tells, as ways around the room's name server, which services that answer for names inside HTTPS
/// were let through, and who went to them. Each service once.
void tell_private_dns(model::RunRecord& record, const catalog::PrivateResolvers& known);

}  // namespace zonder::app
