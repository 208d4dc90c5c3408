// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/room_finding.hh"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "report/room_seen.hh"

// A room cuts the side of those who are in it. Whoever runs a service elsewhere may hang on the
// absent at his own side, which goes on: so that it works here proves nothing of it. Hence held is
// said only where everything that could have done the work was cut or in the room, and each thing
// that would make that less than sure has its name (RoomDoubt). What speaks against held counts
// from wherever it was seen; what speaks for something, from the device that says so alone.
namespace zonder::report {
namespace {

using model::Mark;
using model::RoomContact;
using model::RoomMark;
using model::RoomRecord;
using model::RoomTask;

/// What one mark comes to.
struct Judged {
  RoomFinding finding = RoomFinding::NotExercised;
  std::set<std::size_t> contacts;
  std::set<RoomDoubt> doubts;
};

/// The record, with its contacts by device: a board asks for all of this every few seconds.
struct Room {
  explicit Room(const RoomRecord& its_record)
      : record(its_record), contacts(contacts_by_device(its_record))
  {
    for (std::size_t i = 0; i < record.devices.size(); ++i) {
      if (record.devices[i].by_leader) {
        of_things.insert(of_things.end(), contacts[i].begin(), contacts[i].end());
      }
    }
  }

  const RoomRecord& record;
  std::vector<std::vector<std::size_t>> contacts;
  std::vector<std::size_t> of_things;  // printers, badge readers: all that the leader joined
};

/// Those of the places whose contacts are since the cut, and for which this holds.
template <typename Holds>
std::set<std::size_t>
those(const RoomRecord& record, const std::vector<std::size_t>& places, Holds holds)
{
  std::set<std::size_t> found;
  for (const auto place : places) {
    if (record.contacts[place].last >= record.cut && holds(record.contacts[place])) {
      found.insert(place);
    }
  }
  return found;
}

/// Of the whole room, and of the device that says something.
std::set<RoomDoubt> doubts_of(const RoomMark& mark, const RoomRecord& record)
{
  std::set<RoomDoubt> doubts;
  const auto& device = record.devices[mark.device];
  if (!record.proof.holds()) {
    doubts.insert(RoomDoubt::Unproved);
  }
  if (record.ending == model::RoomEnding::Failed && mark.time >= record.ended - near_before) {
    doubts.insert(RoomDoubt::RoomFailed);
  }
  if (std::any_of(record.lapses.begin(), record.lapses.end(), [&](const model::RoomLapse& lapse) {
        return lapse.from <= mark.time && mark.time <= lapse.until + near_before;
      })) {
    doubts.insert(RoomDoubt::RoomClosed);
  }
  if (mark.time < device.joined || (device.left && mark.time > *device.left)) {
    doubts.insert(RoomDoubt::NotInRoom);
  }
  // Such signs are seen somewhat later than what they are signs of.
  if (std::any_of(
          device.outside.begin(), device.outside.end(), [&](const model::OutsideSign& sign) {
            return sign.time <= mark.time + near_before;
          })) {
    doubts.insert(RoomDoubt::WentAround);
  }
  return doubts;
}

Judged judge_stop(const RoomMark& mark, const Room& room)
{
  const auto& record = room.record;
  const auto& task = record.tasks[mark.task];
  Judged judged{.finding = RoomFinding::StoppedUnexplained, .doubts = doubts_of(mark, record)};
  const auto fell_away = [&](const RoomContact& contact) {
    return contact.blocked && is_near(contact, mark.time);
  };
  const auto of_it = [&](const RoomContact& contact) {
    return fell_away(contact) && is_of_task(contact, task);
  };
  judged.contacts = those(record, room.contacts[mark.device], of_it);
  judged.contacts.merge(those(record, room.of_things, of_it));
  // What is all in the room does not stop for what its user's laptop asks besides.
  if (judged.contacts.empty() && !task.inside) {
    judged.contacts = those(record, room.contacts[mark.device], fell_away);
    if (!judged.contacts.empty()) {
      judged.doubts.insert(RoomDoubt::Indirect);
    }
  }
  if (judged.contacts.empty()) {
    judged.doubts.insert(RoomDoubt::NothingSeen);
  }
  if (model::hinders_only(record.signature)) {
    judged.doubts.insert(RoomDoubt::Hindered);
  }
  const bool explained = !judged.contacts.empty() && !judged.doubts.contains(RoomDoubt::Unproved) &&
                         !judged.doubts.contains(RoomDoubt::RoomFailed) &&
                         !judged.doubts.contains(RoomDoubt::RoomClosed) &&
                         !judged.doubts.contains(RoomDoubt::NotInRoom);
  judged.finding = explained ? RoomFinding::CutAndStopped : RoomFinding::StoppedUnexplained;
  return judged;
}

/// Since the parties fell away for this device.
bool is_said_too_soon(const RoomMark& mark, const RoomRecord& record)
{
  const auto since = std::max(record.cut, record.devices[mark.device].joined);
  const auto lasts = record.tasks[mark.task].stops_after;
  return lasts && mark.time - since < *lasts;
}

/// By which it may have been done, though the task does not name it. Where the task is said to be
/// all in the room: what was opened at about that time, also by the things that are there. Else
/// everything from the start, as a connection that was opened once can last.
std::set<std::size_t> other_living(const RoomMark& mark, const Room& room)
{
  const auto& record = room.record;
  if (!record.tasks[mark.task].inside) {
    return those(record, room.contacts[mark.device], [&](const RoomContact& contact) {
      return contact.first <= mark.time + near_after && is_with_living(contact, record);
    });
  }
  const auto near_living = [&](const RoomContact& contact) {
    return is_near(contact, mark.time) && is_with_living(contact, record);
  };
  auto found = those(record, room.contacts[mark.device], near_living);
  found.merge(those(record, room.of_things, near_living));
  return found;
}

/// Of what works, with nothing of it seen to live.
void judge_held(Judged& judged, const RoomMark& mark, const Room& room)
{
  const auto& record = room.record;
  const auto& task = record.tasks[mark.task];
  const auto by_then = [&](const RoomContact& contact) {
    return contact.first <= mark.time + near_after;
  };
  auto anything = those(record, room.contacts[mark.device], by_then);
  auto fell_away = those(record, room.contacts[mark.device], [&](const RoomContact& contact) {
    return by_then(contact) && contact.blocked && is_of_task(contact, task);
  });
  if (task.inside ? anything.empty() : fell_away.empty()) {
    judged.doubts.insert(RoomDoubt::NothingSeen);
    return;
  }
  judged.contacts = other_living(mark, room);
  if (!judged.contacts.empty()) {
    judged.doubts.insert(RoomDoubt::OtherLiving);
    judged.finding = task.inside ? RoomFinding::WorkedUnseen : RoomFinding::SupplierNotCut;
    return;
  }
  judged.contacts = std::move(fell_away.empty() ? anything : fell_away);
  if (record.contacts_unlisted > 0) {
    judged.doubts.insert(RoomDoubt::NotAllListed);
  } else if (model::hinders_only(record.signature)) {
    judged.doubts.insert(RoomDoubt::Hindered);
    judged.finding = RoomFinding::SupplierNotCut;
  } else {
    judged.finding = RoomFinding::CutAndHeld;
    if (!record.cold) {
      judged.doubts.insert(RoomDoubt::Warm);
    }
  }
}

/// `outside`: what of it was reached and lives, by whomever. One is enough: his side may hang on
/// the absent, and was not tried.
Judged judge_works(const RoomMark& mark, const Room& room, const std::set<std::size_t>& outside)
{
  const auto& record = room.record;
  Judged judged{.finding = RoomFinding::WorkedUnseen, .doubts = doubts_of(mark, record)};
  if (!outside.empty()) {
    judged.contacts = outside;
    judged.finding = RoomFinding::SupplierNotCut;
  } else if (!judged.doubts.empty()) {
    return judged;
  }
  if (is_said_too_soon(mark, record)) {
    judged.finding = RoomFinding::TooShortToShow;
  } else if (outside.empty()) {
    judge_held(judged, mark, room);
  }
  return judged;
}

std::set<std::size_t> living_of(const RoomTask& task, const Room& room)
{
  std::set<std::size_t> found;
  for (const auto& places : room.contacts) {
    found.merge(those(room.record, places, [&](const RoomContact& contact) {
      return !contact.blocked && is_of_task(contact, task);
    }));
  }
  return found;
}

/// The last that each device says of a task, by device; who could not try says nothing of it.
std::map<std::size_t, std::size_t> last_words(const RoomRecord& record, std::size_t task)
{
  std::map<std::size_t, std::size_t> last;
  for (std::size_t i = 0; i < record.marks.size(); ++i) {
    const auto& mark = record.marks[i];
    if (mark.task == task && is_valid(mark, record) && mark.mark != Mark::CouldNotTry) {
      last[mark.device] = i;
    }
  }
  return last;
}

/// Some device whose last word is that it works said before that it stopped.
bool came_back(const RoomRecord& record, const std::map<std::size_t, std::size_t>& last)
{
  return std::any_of(last.begin(), last.end(), [&](const auto& word) {
    const auto& now = record.marks[word.second];
    return now.mark != Mark::Stopped &&
           std::any_of(record.marks.begin(), record.marks.end(), [&](const RoomMark& mark) {
             return mark.task == now.task && mark.device == now.device &&
                    mark.mark == Mark::Stopped && is_valid(mark, record);
           });
  });
}

/// The one that says most decides; one that fetched it from outside before one that held.
int weight(RoomFinding finding)
{
  switch (finding) {
  case RoomFinding::CutAndStopped:
    return 6;
  case RoomFinding::StoppedUnexplained:
    return 5;
  case RoomFinding::SupplierNotCut:
    return 4;
  case RoomFinding::CutAndHeld:
    return 3;
  case RoomFinding::TooShortToShow:
    return 2;
  case RoomFinding::WorkedUnseen:
    return 1;
  case RoomFinding::NotExercised:
    break;
  }
  return 0;
}

TaskFinding find(const Room& room, std::size_t task)
{
  const auto& record = room.record;
  const auto outside = living_of(record.tasks[task], room);
  const auto last = last_words(record, task);
  TaskFinding found;
  std::map<std::size_t, Judged> judged;  // by mark
  bool works = false;
  bool stopped = false;
  for (const auto& [device, place] : last) {
    const auto& mark = record.marks[place];
    const bool stop = mark.mark == Mark::Stopped;
    stopped = stopped || stop;
    works = works || !stop;
    found.degraded = found.degraded || mark.mark == Mark::Degraded;
    judged[place] = stop ? judge_stop(mark, room) : judge_works(mark, room, outside);
    if (weight(judged[place].finding) > weight(found.finding)) {
      found.finding = judged[place].finding;
    }
  }
  found.disputed = works && stopped;
  found.came_back = came_back(record, last);
  std::set<std::size_t> contacts;
  std::set<RoomDoubt> doubts;
  for (const auto& [place, each] : judged) {
    if (each.finding == found.finding) {
      found.marks.push_back(place);
      contacts.insert(each.contacts.begin(), each.contacts.end());
      doubts.insert(each.doubts.begin(), each.doubts.end());
    }
  }
  found.contacts.assign(contacts.begin(), contacts.end());
  found.doubts.assign(doubts.begin(), doubts.end());
  return found;
}

}  // namespace

std::vector<TaskFinding> room_findings(const RoomRecord& record)
{
  const Room room(record);
  std::vector<TaskFinding> all;
  for (std::size_t i = 0; i < record.tasks.size(); ++i) {
    all.push_back(find(room, i));
  }
  return all;
}

const char* name_of(RoomFinding finding)
{
  switch (finding) {
  case RoomFinding::CutAndStopped:
    return "cut-and-stopped";
  case RoomFinding::CutAndHeld:
    return "cut-and-held";
  case RoomFinding::SupplierNotCut:
    return "supplier-not-cut";
  case RoomFinding::NotExercised:
    return "not-exercised";
  case RoomFinding::TooShortToShow:
    return "too-short-to-show";
  case RoomFinding::StoppedUnexplained:
    return "stopped-unexplained";
  case RoomFinding::WorkedUnseen:
    return "worked-unseen";
  }
  return "";
}

const char* name_of(RoomDoubt doubt)
{
  switch (doubt) {
  case RoomDoubt::NothingSeen:
    return "nothing-seen";
  case RoomDoubt::Indirect:
    return "indirect";
  case RoomDoubt::NotInRoom:
    return "not-in-room";
  case RoomDoubt::WentAround:
    return "went-around";
  case RoomDoubt::OtherLiving:
    return "other-living";
  case RoomDoubt::NotAllListed:
    return "not-all-listed";
  case RoomDoubt::Warm:
    return "warm";
  case RoomDoubt::Hindered:
    return "hindered";
  case RoomDoubt::Unproved:
    return "unproved";
  case RoomDoubt::RoomFailed:
    return "room-failed";
  case RoomDoubt::RoomClosed:
    return "room-closed";
  }
  return "";
}

bool is_drilled(RoomFinding finding)
{
  return finding == RoomFinding::CutAndStopped || finding == RoomFinding::CutAndHeld;
}

}  // namespace zonder::report
