// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "model/room_record.hh"

// What a contact of a device's in a room is, seen alone.
namespace zonder::report {

/// How long before a mark a contact may be to have to do with it: trying again, waiting, looking,
/// and only then telling. Shortly after it too: the kernel's counts are looked at now and then.
inline constexpr std::chrono::minutes near_before{10};
inline constexpr std::chrono::minutes near_after{1};

/// It was seen in that time, as far as its first and last tell.
bool is_near(const model::RoomContact& contact, model::Moment mark);

/// Its name is one of the task's or lies below one; or a name of the task's is its address.
bool is_of_task(const model::RoomContact& contact, const model::RoomTask& task);

/// It was asked of one of the absent, and since the cut: it fell away, was hindered, or was a
/// question for a name of theirs.
bool is_for_absent(const model::RoomContact& contact, const model::RoomRecord& record);

/// Since the cut something outside the room was reached that lives, or could have been: not a
/// question for a name alone, and not what never leaves the link.
bool is_with_living(const model::RoomContact& contact, const model::RoomRecord& record);

/// What names that belong together are called: the longest name of a task's that it is at or below,
/// else the domain that was registered, as far as that can be guessed without a list: two labels,
/// three where they are short as in co.uk. Empty: by address only.
std::string service_of(const model::RoomContact& contact, const model::RoomRecord& record);

/// Places of the contacts of each device, in the order of RoomRecord::devices.
std::vector<std::vector<std::size_t>> contacts_by_device(const model::RoomRecord& record);

/// A place of a mark that points to a task and a device that there are, since the cut.
bool is_valid(const model::RoomMark& mark, const model::RoomRecord& record);

}  // namespace zonder::report
