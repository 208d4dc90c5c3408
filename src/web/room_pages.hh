// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "web/room_view.hh"

// The pages of a room, each a whole HTML document in the language that the thread speaks
// (Speaking). They work without script and style sheet, from 320 pixels on, and ask for nothing
// else, but for the script of the leader's two. Whatever came from people or networks is escaped
// and cut to length.
namespace zonder::web {

/// For who has not joined: what is cut, until when, what is recorded, who sees it; and the form.
/// `token`: what the form must bring back.
std::string join_page(const RoomView& view, const std::string& token, const Problem& problem = {});

/// For a device that is in: what it asked for, task cards, "outside the room", leaving.
/// `device`: its place in RoomRecord::devices.
std::string participant_page(const RoomView& view,
                             std::size_t device,
                             const std::string& token,
                             const Problem& problem = {});

/// What is recorded and who sees it, at length; how a device becomes warm or cold.
std::string about_page(const RoomView& view);

/// After leaving.
std::string left_page(const RoomView& view);
/// The leader's last page: how the room ended, where the report is, what to do now.
std::string room_over_page(const RoomView& view);
/// There is no such page, or it takes no such thing.
std::string not_found_page(const RoomView& view);

/// The leader's screen. `base`: where it is, "/KEY/". A problem with field "mac" or "name" is told
/// at the form for printers, else on top.
std::string leader_page(const RoomView& view, const std::string& base, const Problem& problem = {});

/// The same for a beamer: large, nothing to press but pause. `qr_svg`: the page's address as an
/// <svg> element, taken as it is.
std::string beamer_page(const RoomView& view, const std::string& base, std::string_view qr_svg);

/// The part of both that changes: the inside of their <div id="board">. `big`: for the beamer.
std::string board_fragment(const RoomView& view, const std::string& base, bool big);

/// The script of both, for `base` + "board.js": looks for a new board every five seconds, with a
/// button to pause. Without it a link does.
std::string board_script();

}  // namespace zonder::web
