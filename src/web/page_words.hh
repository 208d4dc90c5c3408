// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "report/room_finding.hh"
#include "web/room_view.hh"

// How the pages of a room say things: times, names of others, what somebody marked.
namespace zonder::web {

/// Text as it may stand in HTML, in and outside of attributes.
std::string escaped(std::string_view text);

/// Text of somebody else's as it may stand in a sentence of ours, not yet escaped: one line, no
/// control characters, nothing that turns the reading direction of what follows, at most `most`
/// characters.
std::string tame(std::string_view text, std::size_t most);
/// The same as HTML of its own: <bdi>...</bdi>.
std::string shown(std::string_view text, std::size_t most);
/// What somebody typed, as the value of the field that it stood in.
std::string as_value(std::string_view text, std::size_t most);

/// How much of names and such a page shows; longer ones end in an ellipsis.
inline constexpr std::size_t name_length = 40;
inline constexpr std::size_t note_length = 200;
inline constexpr std::size_t host_length = 80;
/// How many of the absent a page names that is about something else.
inline constexpr std::size_t named_on_pages = 8;

/// "14:05", by the clock in the room.
std::string clock_time(const RoomView& view, model::Moment moment);
/// "20 minutes", "1 minute"; less than one: "less than a minute".
std::string span_of(std::chrono::system_clock::duration span);
/// "214 times"
std::string times(std::uint64_t count);

/// A party's name as people know it, tame.
std::string party_name(const RoomView& view, const std::string& id);
/// Who is absent: "Microsoft", "Microsoft and GitHub"; of more than three what was typed instead:
/// "@us, except apple".
std::string who_is_absent(const RoomView& view);
/// All of them, where that does not tell it, as a sentence of `most` names; else empty.
std::string who_exactly(const RoomView& view, std::size_t most);
/// That the data by which is told whose something is are old, and what renews them; empty: they
/// are not.
std::string age_of_data(const RoomView& view);
/// How they are absent, as a sentence.
std::string what_absence_means(const RoomView& view);

/// What a party is called whose id may be empty: nobody's that the catalogue knows.
std::string whoever(const RoomView& view, const std::string& id);

/// "works", "could-not-try": as the forms send it.
const char* mark_key(model::Mark mark);
/// What may have gone around the room, as a phrase.
std::string outside_word(const model::OutsideSign& sign);
/// Why what the room tells of a task is less sure, as a sentence; empty: nothing makes it so.
std::string doubts_of(const report::TaskFinding& finding);

}  // namespace zonder::web
