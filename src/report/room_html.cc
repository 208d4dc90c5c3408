// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/room_html.hh"

#include <vector>

#include <fmt/core.h>

#include "base/translate.hh"
#include "report/html_parts.hh"
#include "report/room_sections.hh"
#include "report/room_sums.hh"
#include "report/room_words.hh"
#include "report/run_grounds.hh"

namespace zonder::report {
namespace {

// Together they keep the file under 100 kB, whatever was seen; the JSON has everything. In bytes.
constexpr std::size_t of_tasks = 14'000;
constexpr std::size_t of_devices = 23'000;
constexpr std::size_t of_services = 10'000;
constexpr std::size_t of_proof = 4'000;
constexpr std::size_t of_list = 4'500;

constexpr std::size_t shown_names = 3;
constexpr std::size_t shown_parties = 4;
constexpr std::size_t name_length = 60;
constexpr std::size_t title_length = 160;

std::string heading(const char* title)
{
  return "<h2>" + html_escaped(title) + "</h2>\n";
}

std::string more(std::size_t count)
{
  return count == 0 ? std::string()
                    : paragraphs({say("... and {} more; --report FILE.json has them all", count)});
}

/// As list(), with those left out that would be too much.
std::string bounded_list(const std::vector<std::string>& sentences)
{
  std::vector<std::string> shown;
  std::size_t bytes = 0;
  for (const auto& sentence : sentences) {
    bytes += html_escaped(sentence).size();
    if (bytes > of_list) {
      break;
    }
    shown.push_back(sentence);
  }
  return (shown.empty() ? std::string() : list(shown)) + more(sentences.size() - shown.size());
}

std::string section(const char* title, const std::vector<std::string>& sentences)
{
  return sentences.empty() ? std::string() : heading(title) + bounded_list(sentences);
}

/// A table whose rows are left out when they become too much.
class Table {
public:
  Table(const char* caption, std::size_t most_bytes, std::vector<Column> columns)
      : columns_(std::move(columns)), most_bytes_(most_bytes), html_(head(caption, columns_))
  {
  }

  void add(const std::vector<std::string>& cells)
  {
    auto html = row(columns_, cells);
    bytes_ += html.size();
    if (bytes_ > most_bytes_) {
      ++more_;
    } else {
      html_ += html;
    }
  }
  [[nodiscard]] std::string done() const { return html_ + table_end + more(more_); }

private:
  std::vector<Column> columns_;
  std::size_t most_bytes_;
  std::string html_;
  std::size_t bytes_ = 0;
  std::size_t more_ = 0;
};

std::string tasks_table(const RoomTold& told)
{
  Table table(tr("Each task, with how many devices say what of it last"),
              of_tasks,
              {{tr("task")},
               {tr("finding")},
               {tr("works"), true},
               {tr("degraded"), true},
               {tr("stopped"), true},
               {tr("could not try"), true},
               {tr("rests on")}});
  for (std::size_t i = 0; i < told.sums.tasks.size(); ++i) {
    const auto& task = told.sums.tasks[i];
    table.add({title_of(told.record.tasks[i], told.style),
               finding_words(task.finding),
               std::to_string(task.works),
               std::to_string(task.degraded),
               std::to_string(task.stopped),
               std::to_string(task.could_not_try),
               what_it_rests_on(task.finding, told)});
  }
  return table.done();
}

std::string parties_of(const DeviceSums& device, const Style& style)
{
  std::string words;
  for (std::size_t i = 0; i < device.parties.size() && i < shown_parties; ++i) {
    words += (i == 0 ? "" : ", ") + party_word(device.parties[i].party, style) + " " +
             std::to_string(device.parties[i].asked.all());
  }
  return device.parties.size() > shown_parties
             ? say("{} and {} more", words, device.parties.size() - shown_parties)
             : words;
}

std::string names_of(const DeviceSums& device, const Style& style)
{
  std::string words;
  for (std::size_t i = 0;
       !device.parties.empty() && i < device.parties[0].names.size() && i < shown_names;
       ++i) {
    words += (i == 0 ? "" : ", ") + service_word(device.parties[0].names[i].name, style);
  }
  return words;
}

std::string devices_table(const RoomTold& told)
{
  Table table(tr("What each device asked of the absent while it was in the room"),
              of_devices,
              {{tr("device")},
               {tr("minutes"), true},
               {tr("attempts"), true},
               {tr("questions"), true},
               {tr("of whom")},
               {tr("most asked for")}});
  for (std::size_t i = 0; i < told.sums.devices.size(); ++i) {
    const auto& device = told.sums.devices[i];
    table.add({device_word(i),
               std::to_string(device.in_room.count()),
               std::to_string(device.asked.tries),
               std::to_string(device.asked.questions),
               parties_of(device, told.style),
               names_of(device, told.style)});
  }
  return table.done();
}

std::string services_table(const RoomTold& told)
{
  Table table(tr("What the absent were asked for, names that belong together as one"),
              of_services,
              {{tr("service")},
               {tr("whose")},
               {tr("devices"), true},
               {tr("attempts"), true},
               {tr("questions"), true},
               {tr("first")}});
  for (const auto& service : told.sums.services) {
    table.add({service_word(service.service, told.style),
               party_word(service.party, told.style),
               std::to_string(service.devices.size()),
               std::to_string(service.asked.tries),
               std::to_string(service.asked.questions),
               after_cut(service.first, told.record)});
  }
  return table.done();
}

std::string proof_table(const RoomTold& told)
{
  Table table(
      tr("What was tried before the room opened"),
      of_proof,
      {{tr("check")}, {tr("target")}, {tr("whose")}, {tr("as it must be")}, {tr("remark")}});
  for (const auto& check : told.record.proof.checks) {
    table.add({check_word(check.what),
               in_short(check.target, name_length, told.style),
               in_short(check.party, name_length, told.style),
               check.as_expected ? tr("yes") : tr("NO"),
               in_short(check.detail, 2 * name_length, told.style)});
  }
  return told.record.proof.checks.empty() ? std::string() : table.done();
}

std::string notes(const RoomTold& told)
{
  const auto sentences = what_people_wrote(told);
  return sentences.empty() ? std::string()
                           : heading(tr("What people wrote")) + paragraphs({notes_warning()}) +
                                 bounded_list(sentences);
}

}  // namespace

std::string room_as_html(const model::RoomRecord& record, const Style& style)
{
  const Style unicode{.colour = false, .unicode = true, .now = style.now};
  const auto sums = room_sums(record);
  const RoomTold told{record, sums, unicode};
  const auto title =
      say("A room without {}", in_short(absent_words(record, unicode), title_length, unicode));
  std::string html = begin_document(title) + "<h1>" + html_escaped(title) + "</h1>\n<p>" +
                     html_escaped(say("from {} until {} ({})",
                                      local_time(record.cut, record),
                                      local_time(record.ended, record),
                                      zone_word(record))) +
                     "</p>\n<div class=\"verdict\">\n" + paragraphs(room_verdict(told)) +
                     "</div>\n";
  html += section(tr("What disturbed the room"), what_disturbed(told));
  html += section(tr("What stopped"), what_stopped(told));
  html += section(tr("What still worked, and until when"), what_worked(told));
  html += section(tr("What surprised"), what_surprised(told));
  if (!record.tasks.empty()) {
    html += heading(tr("By task")) + tasks_table(told) + list(what_findings_prove(told));
  }
  html += section(tr("What was not tested"), what_was_not_tested(told));
  if (!sums.devices.empty()) {
    html += heading(tr("Who asked the absent, and how often")) + devices_table(told);
  }
  if (!sums.services.empty()) {
    html += heading(tr("What the absent were asked for")) + services_table(told);
  }
  html += section(tr("Who may have gone around the room"), who_went_around(told)) + notes(told) +
          section(tr("How it was cut"), how_it_was_cut(told)) + proof_table(told) +
          section(tr("Where the numbers come from"), where_numbers_come_from(told)) +
          section(tr("What this does not tell"), room_limits(told));
  return html + document_end;
}

}  // namespace zonder::report
