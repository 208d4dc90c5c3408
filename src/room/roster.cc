// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "room/roster.hh"

#include <algorithm>
#include <utility>

#include "base/translate.hh"
#include "base/utf8.hh"
#include "base/visible_text.hh"

namespace zonder::room {
namespace {

std::string_view without_spaces_around(std::string_view text)
{
  constexpr std::string_view spaces = " \t\r\n";
  const auto first = text.find_first_not_of(spaces);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(spaces) - first + 1);
}

/// What somebody wrote, as it is kept. Errors: it is too long, or no text.
Result<std::string> note_of(std::string_view typed)
{
  const auto visible = visible_text(typed);
  if (!visible) {
    return fail(Fault::Usage, say("the note is no text (UTF-8)"));
  }
  std::string note(without_spaces_around(*visible));
  if (characters_in(note) > longest_note) {
    return fail(Fault::Usage, say("the note is too long; at most {} characters", longest_note));
  }
  return note;
}

}  // namespace

Result<std::string> device_name(std::string_view typed)
{
  const auto line = without_spaces_around(typed);
  const auto visible = visible_text(line);
  if (!visible || has_control_characters(line)) {
    return fail(Fault::Usage, say("a name is one line of ordinary characters"));
  }
  std::string name(without_spaces_around(*visible));
  if (name.empty()) {
    return fail(Fault::Usage, say("give the device a name, for example: laptop of the desk"));
  }
  if (characters_in(name) > longest_name) {
    return fail(Fault::Usage, say("the name is too long; at most {} characters", longest_name));
  }
  return name;
}

Result<void> Roster::may_join(std::optional<std::size_t> number, bool by_leader) const
{
  if (number && !by_leader && sent_out_.contains(*number)) {
    return fail(Fault::NotPossible, say("the leader has sent this device out; ask the leader"));
  }
  if (!number && devices_.size() >= most_devices) {
    return fail(Fault::NotPossible,
                say("the room is full: it has had {} devices, and keeps no more", most_devices));
  }
  return {};
}

Result<void>
Roster::join(std::size_t number, std::string_view name, bool by_leader, model::Moment now)
{
  auto good = device_name(name);
  if (!good) {
    return fail(std::move(good).error());
  }
  sent_out_.erase(number);
  if (number < devices_.size()) {
    auto& device = devices_[number];
    device.name = std::move(*good);
    device.left.reset();
    return {};
  }
  devices_.push_back(
      {.name = std::move(*good), .by_leader = by_leader, .joined = now, .left = {}, .outside = {}});
  return {};
}

void Roster::leave(std::size_t number, model::Moment now)
{
  if (is_in(number)) {
    devices_[number].left = now;
  }
}

void Roster::send_out(std::size_t number, model::Moment now)
{
  leave(number, now);
  sent_out_.insert(number);
}

bool Roster::is_in(std::size_t number) const
{
  return number < devices_.size() && !devices_[number].left;
}

Result<void> Roster::mark(std::size_t number,
                          std::size_t task,
                          model::Mark mark,
                          std::string_view note,
                          model::Moment now)
{
  if (!is_in(number)) {
    return fail(Fault::Usage, say("this device is not in the room"));
  }
  if (task >= tasks_.size()) {
    return fail(Fault::Usage, say("there is no such task"));
  }
  auto words = note_of(note);
  if (!words) {
    return fail(std::move(words).error());
  }
  const auto own = std::ranges::count(marks_, number, &model::RoomMark::device);
  if (static_cast<std::size_t>(own) >= most_marks_of_one) {
    return fail(Fault::NotPossible,
                say("this device has marked {} times, and no more is kept of one device",
                    most_marks_of_one));
  }
  if (marks_.size() >= most_marks) {
    return fail(Fault::NotPossible, say("the room cannot keep more marks"));
  }
  marks_.push_back(
      {.task = task, .device = number, .mark = mark, .note = std::move(*words), .time = now});
  return {};
}

Result<void> Roster::note_outside(std::size_t number,
                                  model::Outside how,
                                  std::string_view what,
                                  model::Moment now)
{
  constexpr std::size_t most_signs = 50;
  if (number >= devices_.size()) {
    return fail(Fault::Usage, say("this device is not in the room"));
  }
  auto words = note_of(what);
  if (!words) {
    return fail(std::move(words).error());
  }
  auto& signs = devices_[number].outside;
  const bool known = std::ranges::any_of(signs, [&](const model::OutsideSign& each) {
    return each.how == how && each.what == *words;
  });
  if (!known && signs.size() < most_signs) {
    signs.push_back({.how = how, .what = std::move(*words), .time = now});
  }
  return {};
}

}  // namespace zonder::room
