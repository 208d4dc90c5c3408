// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "web/room_view.hh"

namespace zonder::web {

/// The board in its frame: where the script finds it, the button that pauses, the link that does
/// without. `path`: of the page that it is on.
std::string
framed_board(const RoomView& view, const std::string& base, const std::string& path, bool big);

}  // namespace zonder::web
