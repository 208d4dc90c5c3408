// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "model/room_record.hh"
#include "report/style.hh"

namespace zonder::report {

/// What a room told, for a terminal or as a file: what is evidence first, then what stopped, what
/// worked and what surprised, who asked what, how it was cut, and what all of it does not tell. In
/// the language that is chosen. Devices are numbered; what people wrote is shown as theirs.
std::string room_as_text(const model::RoomRecord& record, const Style& style);

}  // namespace zonder::report
