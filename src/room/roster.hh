// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hh"
#include "model/room_record.hh"

namespace zonder::room {

inline constexpr std::size_t longest_name = 40;   // characters
inline constexpr std::size_t longest_note = 300;  // characters
inline constexpr std::size_t most_marks = 20000;
inline constexpr std::size_t most_marks_of_one = 500;
inline constexpr std::size_t most_devices = 1000;  // fewer than the engine has places for

/// Who is in a room, and what they say: devices by the number that the engine gives them, from 0
/// and without gaps. Errors are sentences for whoever typed something.
class Roster {
public:
  explicit Roster(std::vector<model::RoomTask> tasks) : tasks_(std::move(tasks)) {}

  /// Whether a device may come in: `number` is that of one that was in before. Errors: the room is
  /// full; the leader sent it out, and it is not he who lets it in again.
  [[nodiscard]] Result<void> may_join(std::optional<std::size_t> number, bool by_leader) const;
  /// Again after leaving, too. Errors: no name, or one that is too long or cannot be read.
  Result<void> join(std::size_t number, std::string_view name, bool by_leader, model::Moment now);
  void leave(std::size_t number, model::Moment now);
  /// The leader sends it out.
  void send_out(std::size_t number, model::Moment now);
  [[nodiscard]] bool is_in(std::size_t number) const;

  /// What somebody says of a task. Errors: there is no such task; the note is too long, or no text;
  /// there are too many marks, of this device or of all.
  Result<void> mark(std::size_t number,
                    std::size_t task,
                    model::Mark mark,
                    std::string_view note,
                    model::Moment now);

  /// Why something of a device's may have gone around the room; the same is noted once.
  Result<void>
  note_outside(std::size_t number, model::Outside how, std::string_view what, model::Moment now);

  [[nodiscard]] const std::vector<model::RoomTask>& tasks() const { return tasks_; }
  [[nodiscard]] const std::vector<model::RoomDevice>& devices() const { return devices_; }
  [[nodiscard]] const std::vector<model::RoomMark>& marks() const { return marks_; }

private:
  std::vector<model::RoomTask> tasks_;
  std::vector<model::RoomDevice> devices_;
  std::set<std::size_t> sent_out_;
  std::vector<model::RoomMark> marks_;
};

/// A name for a device without spaces around it, and without characters that cannot be seen.
/// Errors: why it cannot be one.
Result<std::string> device_name(std::string_view typed);

}  // namespace zonder::room
