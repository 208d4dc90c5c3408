// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "web/room_view.hh"

namespace zonder::web {

/// How a device becomes cold on Windows, Android, iOS and macOS, and what stays warm, as HTML.
std::string warm_and_cold(const RoomView& view);

/// How a device is kept from going around the room, as HTML.
std::string ways_around();

}  // namespace zonder::web
