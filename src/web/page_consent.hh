// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "web/room_view.hh"

// What somebody agrees to who joins, said the same on the page for joining and on that about the
// room. Each is a sentence of plain text.
namespace zonder::web {

std::vector<std::string> what_is_cut(const RoomView& view);
std::vector<std::string> what_is_recorded();
std::vector<std::string> who_sees_it();
std::vector<std::string> how_to_leave();
std::vector<std::string> what_not_to_bring();

/// "It was not shown that ..."; empty where the proof of the cut holds.
std::string not_proved(const RoomView& view);

/// <p>; empty for an empty sentence.
std::string paragraph(const std::string& sentence);
/// <ul> of them.
std::string bullets(const std::vector<std::string>& sentences);
/// <h2 id="...">
std::string heading(const std::string& text, const char* id = nullptr);

}  // namespace zonder::web
