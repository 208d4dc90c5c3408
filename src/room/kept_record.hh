// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "base/result.hh"
#include "model/room_record.hh"

// All that is known of a room, as text from which it comes back: kept while the room goes on, so
// that the hour is not lost with zonder. A report is made for people who were not there, and
// leaves out what they need not know; this leaves out nothing, and is for who held the room.
namespace zonder::room {

struct KeptRecord {
  model::RoomRecord record;
  std::string holder;  // which process keeps it, in words of whoever wrote it
};

/// JSON, schema zonder.room-kept/1. Bytes that are no UTF-8 become U+FFFD.
std::string kept_as_text(const KeptRecord& kept);

/// Reads it again; `path` is only for messages. Errors: it is no such record, or not a whole one;
/// places in it that lead nowhere.
Result<KeptRecord> read_kept(const std::string& path, const std::string& text);

}  // namespace zonder::room
