// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/room_text.hh"

#include <vector>

#include "base/translate.hh"
#include "report/room_sections.hh"
#include "report/room_sums.hh"
#include "report/room_words.hh"

namespace zonder::report {
namespace {

constexpr std::size_t shown_names = 3;
constexpr std::size_t shown_services = 20;

std::string
section(const std::string& title, const std::vector<std::string>& sentences, const Style& style)
{
  if (sentences.empty()) {
    return {};
  }
  std::string text = style.colour ? "\n\033[1m" + title + "\033[0m\n" : "\n" + title + "\n";
  for (const auto& sentence : sentences) {
    text += "  " + sentence + "\n";
  }
  return text;
}

std::vector<std::string> tasks(const RoomTold& told)
{
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < told.sums.tasks.size(); ++i) {
    const auto& task = told.sums.tasks[i];
    auto line = title_of(told.record.tasks[i], told.style) + ": " + finding_words(task.finding);
    if (const auto rests = what_it_rests_on(task.finding, told); !rests.empty()) {
      line += " (" + rests + ")";
    }
    lines.push_back(line + say("; works {}, degraded {}, stopped {}, could not try {}",
                               task.works,
                               task.degraded,
                               task.stopped,
                               task.could_not_try));
  }
  return lines;
}

std::vector<std::string> devices(const RoomTold& told)
{
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < told.sums.devices.size(); ++i) {
    const auto& device = told.sums.devices[i];
    auto line = say("{}, {} in the room: {}",
                    device_word(i),
                    minutes_word(device.in_room),
                    asked_words(device.asked));
    for (const auto& party : device.parties) {
      line += "; " + party_word(party.party, told.style) + " " + std::to_string(party.asked.all());
      for (std::size_t name = 0; name < party.names.size() && name < shown_names; ++name) {
        line += (name == 0 ? " (" : ", ") + service_word(party.names[name].name, told.style);
      }
      line += ")";
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string> services(const RoomTold& told)
{
  std::vector<std::string> lines;
  for (const auto& service : told.sums.services) {
    if (lines.size() == shown_services) {
      lines.push_back(say("... and {} more; --report FILE.html has them all",
                          told.sums.services.size() - shown_services));
      break;
    }
    lines.push_back(say("{}, {}: {}, by {}; first {}",
                        service_word(service.service, told.style),
                        party_word(service.party, told.style),
                        asked_words(service.asked),
                        device_words(service.devices),
                        after_cut(service.first, told.record)));
  }
  return lines;
}

}  // namespace

std::string room_as_text(const model::RoomRecord& record, const Style& style)
{
  const auto sums = room_sums(record);
  const RoomTold told{record, sums, style};
  std::string text = "\n";
  for (const auto& sentence : room_verdict(told)) {
    const bool first = text.size() == 1;
    text += style.colour && first ? "\033[1m" + sentence + "\033[0m\n" : sentence + "\n";
  }
  text += section(tr("What disturbed the room"), what_disturbed(told), style) +
          section(tr("What stopped"), what_stopped(told), style) +
          section(tr("What still worked, and until when"), what_worked(told), style) +
          section(tr("What surprised"), what_surprised(told), style) +
          section(tr("By task"), tasks(told), style) +
          section(tr("What that does and does not prove"), what_findings_prove(told), style) +
          section(tr("What was not tested"), what_was_not_tested(told), style) +
          section(tr("Who asked the absent, and how often"), devices(told), style) +
          section(tr("What the absent were asked for"), services(told), style) +
          section(tr("Who may have gone around the room"), who_went_around(told), style);
  if (const auto notes = what_people_wrote(told); !notes.empty()) {
    text += section(tr("What people wrote"), notes, style) + "  " + notes_warning() + "\n";
  }
  return text + section(tr("How it was cut"), how_it_was_cut(told), style) +
         section(tr("Where the numbers come from"), where_numbers_come_from(told), style) +
         section(tr("What this does not tell"), room_limits(told), style);
}

}  // namespace zonder::report
