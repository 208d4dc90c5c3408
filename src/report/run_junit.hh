// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>

#include "model/run_record.hh"
#include "report/judgement.hh"
#include "report/style.hh"

namespace zonder::report {

/// The run as JUnit XML, which build servers read: a test for the command, one for the proof, and
/// one for each contact, which fails when the contact counts. The names of the tests are in English
/// and hold nothing that changes from run to run, since build servers compare them; what is said
/// of them is in the language that is chosen.
std::string
run_as_junit(const model::RunRecord& record, const Judgement& judgement, const Style& style);

/// Text as it may stand in XML 1.0, in and outside of attributes: what may not (control characters,
/// bytes that are no UTF-8) is replaced by \xNN or U+FFFD. Lines stay lines.
std::string xml_escaped(std::string_view text);

}  // namespace zonder::report
