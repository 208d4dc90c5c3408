// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

namespace zonder::model {

/// The variable by which zonder's own visitor of web pages, in a room, is told of the run's
/// certificate authority: its pin, see trust::Authority::pin().
inline constexpr const char* authority_variable = "ZONDER_ROOM_AUTHORITY";

}  // namespace zonder::model
