// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "web/task_seen.hh"

#include "base/translate.hh"
#include "report/room_seen.hh"

namespace zonder::web {

TaskSeen task_seen(const model::RoomRecord& record, std::size_t task, std::size_t device)
{
  const auto& tried = record.tasks[task];
  if (tried.names.empty()) {
    return TaskSeen::Unknowable;
  }
  bool asked = false;
  bool refused = false;
  bool reached = false;
  for (const auto& contact : record.contacts) {
    if (contact.device != device || !report::is_of_task(contact, tried)) {
      continue;
    }
    asked = asked || report::is_for_absent(contact, record);
    refused = refused || (contact.blocked && contact.last >= record.cut);
    reached = reached || report::is_with_living(contact, record);
  }
  return refused && reached ? TaskSeen::RefusedInPart
         : refused          ? TaskSeen::Refused
         : reached          ? TaskSeen::Reached
         : asked            ? TaskSeen::AskedFor
                            : TaskSeen::Nothing;
}

std::string seen_word(TaskSeen seen)
{
  switch (seen) {
  case TaskSeen::Unknowable:
  case TaskSeen::Nothing:
    return tr("not seen");
  case TaskSeen::AskedFor:
    return tr("names of the absent asked for");
  case TaskSeen::Refused:
    return tr("refused");
  case TaskSeen::Reached:
    return tr("let through");
  case TaskSeen::RefusedInPart:
    return tr("refused in part");
  }
  return {};
}

const model::RoomMark*
last_mark(const model::RoomRecord& record, std::size_t task, std::size_t device)
{
  const model::RoomMark* last = nullptr;
  for (const auto& mark : record.marks) {
    if (mark.task == task && mark.device == device) {
      last = &mark;
    }
  }
  return last;
}

}  // namespace zonder::web
