// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

namespace zonder::isolate {

/// Whether we may make namespaces and networks without a user namespace.
bool have_network_rights();

}  // namespace zonder::isolate
