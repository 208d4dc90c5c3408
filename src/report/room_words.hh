// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "model/room_record.hh"
#include "report/room_sums.hh"
#include "report/style.hh"

// What things of a room are called in its reports. Nothing here tells whose a device is: reports
// leave the room.
namespace zonder::report {

/// "device 3", for the third that joined.
std::string device_word(std::size_t device);
/// "device 1, device 3 and 12 more"
std::string device_words(const std::vector<std::size_t>& devices);

/// At most so many characters of it, harmless.
std::string in_short(const std::string& text, std::size_t most, const Style& style);
/// Of a task, as whoever holds the room wrote it.
std::string title_of(const model::RoomTask& task, const Style& style);

/// What a party is called whose id this is.
std::string known_name(const model::RoomRecord& record, const std::string& id);
/// The selector as it was typed: "@us, except apple".
std::string typed_by(const model::RoomRecord& record, const Style& style);
/// Who was absent, by name, with what came along: "Microsoft, GitHub and LinkedIn"; of many, or
/// where something was spared, behind what was typed: "@us (Amazon, Apple and 97 more)".
std::string absent_words(const model::RoomRecord& record, const Style& style);

/// "2026-11-23 10:00", by the clock in the room; zone_word() tells which that is.
std::string local_time(model::Moment moment, const model::RoomRecord& record);
/// "UTC+01:00"
std::string zone_word(const model::RoomRecord& record);
/// "12 minutes after the cut"
std::string after_cut(model::Moment moment, const model::RoomRecord& record);
/// "12 minutes"
std::string minutes_word(std::chrono::minutes minutes);
/// "210 attempts, 4 questions"
std::string asked_words(const RoomAsked& asked);
/// An id, or that nobody is known.
std::string party_word(const std::string& party, const Style& style);

/// The names that belong together by which a service is called, or that it is by address only.
std::string service_word(const std::string& service, const Style& style);
/// What a reader must know of what people wrote.
std::string notes_warning();

/// What was reached for, where it may leave the room: names of the network around (.local, one
/// label) and addresses in it are nobody else's business, and told as such.
std::string place_of(const model::RoomContact& contact, const Style& style);
/// It is a name or an address of the network around, which can tell whose a device is.
bool is_local(const model::RoomContact& contact);

std::string word_of(RoomFinding finding);
/// What it does and does not prove.
std::string what_it_proves(RoomFinding finding);
/// As part of a sentence: why a finding is less sure.
std::string word_of(RoomDoubt doubt);
/// "works here; the supplier's side was not cut; others say that it works"
std::string finding_words(const TaskFinding& finding);
/// The same with everything that makes it less sure behind it.
std::string finding_with_doubts(const TaskFinding& finding);

/// "a tunnel, perhaps a VPN: UDP 51820"
std::string outside_words(const model::OutsideSign& sign, const Style& style);
std::string word_of(model::Mark mark);
/// "time was up"
std::string ending_words(const model::RoomRecord& record, const Style& style);

}  // namespace zonder::report
