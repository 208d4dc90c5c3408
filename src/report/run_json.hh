// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "model/run_record.hh"
#include "report/judgement.hh"

namespace zonder::report {

/// The record as one JSON document, schema zonder.run/1 (docs/schema/zonder.run-1.json). Bytes that
/// are no UTF-8 are written as U+FFFD.
std::string run_as_json(const model::RunRecord& record, const Judgement& judgement);

}  // namespace zonder::report
