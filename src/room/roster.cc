// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "room/roster.hh"

#include <algorithm>
#include <utility>

#include "base/translate.hh"

namespace zonder::room {
namespace {

/// Characters of UTF-8: bytes that begin one.
std::size_t length_of(std::string_view text)
{
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::string_view without_spaces_around(std::string_view text)
{
  constexpr std::string_view spaces = " \t\r\n";
  const auto first = text.find_first_not_of(spaces);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(spaces) - first + 1);
}

}  // namespace

Result<std::string> device_name(std::string_view typed)
{
  const auto name = without_spaces_around(typed);
  if (name.empty()) {
    return fail(Fault::Usage, say("give the device a name, for example: laptop of the desk"));
  }
  if (length_of(name) > longest_name) {
    return fail(Fault::Usage, say("the name is too long; at most {} characters", longest_name));
  }
  if (std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20; })) {
    return fail(Fault::Usage, say("a name is one line of ordinary characters"));
  }
  return std::string(name);
}

Result<void>
Roster::join(std::size_t number, std::string_view name, bool by_leader, model::Moment now)
{
  auto good = device_name(name);
  if (!good) {
    return fail(std::move(good).error());
  }
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
  const auto words = without_spaces_around(note);
  if (length_of(words) > longest_note) {
    return fail(Fault::Usage, say("the note is too long; at most {} characters", longest_note));
  }
  if (marks_.size() >= most_marks) {
    return fail(Fault::NotPossible, say("the room cannot keep more marks"));
  }
  marks_.push_back(
      {.task = task, .device = number, .mark = mark, .note = std::string(words), .time = now});
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
  const auto words = without_spaces_around(what);
  if (length_of(words) > longest_note) {
    return fail(Fault::Usage, say("the note is too long; at most {} characters", longest_note));
  }
  auto& signs = devices_[number].outside;
  const bool known = std::ranges::any_of(
      signs, [&](const model::OutsideSign& each) { return each.how == how && each.what == words; });
  if (!known && signs.size() < most_signs) {
    signs.push_back({.how = how, .what = std::string(words), .time = now});
  }
  return {};
}

}  // namespace zonder::room
