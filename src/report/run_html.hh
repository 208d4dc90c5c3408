// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "model/run_record.hh"
#include "report/judgement.hh"
#include "report/style.hh"

namespace zonder::report {

/// The record as one HTML file: no script, nothing asked of any network, readable at 320 px and on
/// paper. In the language that is chosen.
std::string
run_as_html(const model::RunRecord& record, const Style& style, const Judgement& judgement = {});

/// Text as it may stand in HTML, in and outside of attributes.
std::string html_escaped(std::string_view text);

}  // namespace zonder::report
