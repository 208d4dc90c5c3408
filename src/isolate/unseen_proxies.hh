// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "isolate/hosts_file.hh"
#include "isolate/proxies.hh"
#include "model/proxy_use.hh"
#include "model/run_record.hh"

namespace zonder::isolate {

/// The proxies that nobody saw through in that run, each with the connections that went to it: what
/// was asked in those is not known. A connection of which the record does not tell whether it went
/// there counts, since it may have. `not_read`: variables that name proxies nobody knows where.
/// None where the absent never fell away: then nothing was asked of them.
std::vector<model::ProxyUse> unseen_proxies(const std::vector<ProxyPlace>& places,
                                            const std::vector<std::string>& not_read,
                                            const model::RunRecord& record,
                                            const HostsFile& hosts);

}  // namespace zonder::isolate
