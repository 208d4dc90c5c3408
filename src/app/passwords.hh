// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <span>

#include "model/page_visit.hh"
#include "model/run_record.hh"

// Passwords in web addresses that were typed go into no report: neither of the command, nor of the
// programs that it started, nor of pages. See net/url_passwords.hh.
namespace zonder::app {

/// The program's own arguments, where they are: then who looks at the machine's processes sees none
/// either, of us and of what we fork.
void hide_passwords(std::span<char* const> arguments);
void hide_passwords(model::Program& program);
void hide_passwords(model::PageVisit& visit);
/// The command, the programs, and what is told of a command that did not start.
void hide_passwords(model::RunRecord& record);

}  // namespace zonder::app
