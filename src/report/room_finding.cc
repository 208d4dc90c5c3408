// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/room_finding.hh"

#include <algorithm>

namespace zonder::report {
namespace {

using model::Mark;
using model::RoomContact;
using model::RoomRecord;
using model::RoomTask;

bool is_at_or_below(const std::string& name, const std::string& above)
{
  return name == above || (name.size() > above.size() && name.ends_with(above) &&
                           name[name.size() - above.size() - 1] == '.');
}

bool is_of_task(const RoomContact& contact, const RoomTask& task)
{
  return std::any_of(task.names.begin(), task.names.end(), [&](const std::string& name) {
    return is_at_or_below(contact.name, name);
  });
}

/// What was seen on the network of those who marked a task.
struct Seen {
  bool of_it = false;          // something that the task uses was reached for
  bool of_it_outside = false;  // and somebody who lives answered for it, or could have
  bool absent = false;         // the absent were reached for
};

Seen seen_by(const RoomRecord& record, const RoomTask& task, const std::vector<std::size_t>& marks)
{
  Seen seen;
  for (const auto& contact : record.contacts) {
    const bool theirs = std::any_of(marks.begin(), marks.end(), [&](std::size_t mark) {
      return record.marks[mark].device == contact.device;
    });
    if (!theirs || contact.last < record.cut) {
      continue;
    }
    const bool of_it = is_of_task(contact, task);
    seen.of_it = seen.of_it || of_it;
    seen.of_it_outside = seen.of_it_outside || (of_it && !contact.blocked);
    seen.absent = seen.absent || contact.blocked;
  }
  return seen;
}

bool ended_too_soon(const RoomRecord& record, const RoomTask& task)
{
  return task.stops_after && record.ended - record.cut < *task.stops_after;
}

RoomFinding of_what_works(const RoomRecord& record, const RoomTask& task, const Seen& seen)
{
  if (ended_too_soon(record, task)) {
    return RoomFinding::TooShortToShow;
  }
  // One outside is enough: his side may hang on the absent, and that was not tried.
  if (seen.of_it_outside) {
    return RoomFinding::SupplierNotCut;
  }
  if (task.inside) {
    return RoomFinding::CutAndHeld;
  }
  return seen.of_it ? RoomFinding::CutAndHeld : RoomFinding::WorkedUnseen;
}

TaskFinding find(const RoomRecord& record, std::size_t place)
{
  TaskFinding found;
  std::vector<std::size_t> works;
  std::vector<std::size_t> stopped;
  for (std::size_t i = 0; i < record.marks.size(); ++i) {
    const auto& mark = record.marks[i];
    if (mark.task != place || mark.time < record.cut) {
      continue;
    }
    if (mark.mark == Mark::Stopped) {
      stopped.push_back(i);
    } else if (mark.mark != Mark::CouldNotTry) {
      works.push_back(i);
      found.degraded = found.degraded || mark.mark == Mark::Degraded;
    }
  }
  found.disputed = !works.empty() && !stopped.empty();
  const auto& task = record.tasks[place];
  if (!stopped.empty()) {
    found.marks = stopped;
    found.finding = seen_by(record, task, stopped).absent ? RoomFinding::CutAndStopped
                                                          : RoomFinding::StoppedUnexplained;
  } else if (!works.empty()) {
    found.marks = works;
    found.finding = of_what_works(record, task, seen_by(record, task, works));
  }
  return found;
}

}  // namespace

std::vector<TaskFinding> room_findings(const RoomRecord& record)
{
  std::vector<TaskFinding> all;
  for (std::size_t i = 0; i < record.tasks.size(); ++i) {
    all.push_back(find(record, i));
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

}  // namespace zonder::report
