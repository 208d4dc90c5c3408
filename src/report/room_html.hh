// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "model/room_record.hh"
#include "report/style.hh"

namespace zonder::report {

/// What a room told, as one HTML file: no script, nothing asked of any network, readable at 320 px
/// and on paper, under 100 kB. In the language that is chosen. Devices are numbered; what people
/// wrote is shown as theirs.
std::string room_as_html(const model::RoomRecord& record, const Style& style);

}  // namespace zonder::report
