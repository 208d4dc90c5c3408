// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "model/run_record.hh"
#include "report/style.hh"

namespace zonder::report {

/// What was asked of the proxies that zonder was told of, as plain sentences.
std::vector<std::string> proxy_grounds(const model::RunRecord& record, const Style& style);

/// What seeing through a proxy does not tell, where one was asked something; and who may be one
/// that nobody told of.
std::vector<std::string> proxy_limits(const model::RunRecord& record, const Style& style);

}  // namespace zonder::report
