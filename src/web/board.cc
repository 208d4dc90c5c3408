// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/translate.hh"
#include "report/room_sums.hh"
#include "report/room_words.hh"
#include "web/page_consent.hh"
#include "web/page_frame.hh"
#include "web/page_table.hh"
#include "web/page_words.hh"
#include "web/room_pages.hh"

// What changes on the leader's screen and on the beamer. Both say the same; the beamer leaves out
// what nobody can read from ten metres.
namespace zonder::web {
namespace {

using model::RoomDevice;
using report::RoomSums;
using report::RoomSurprise;

constexpr std::size_t devices_listed = 60;
constexpr std::size_t services_listed = 15;
constexpr std::size_t lines_listed = 8;
constexpr std::size_t title_length = 60;

struct Board {
  const RoomView& view;
  const std::string& base;
  const RoomSums& sums;
};

std::string title_of(const Board& board, std::size_t task)
{
  return tame(board.view.record->tasks[task].title, title_length);
}

/// Below a list that was cut short; empty: it was not.
std::string and_more(std::size_t all, std::size_t listed)
{
  return all > listed ? "<p>" + escaped(say("And {} more.", all - listed)) + "</p>\n"
                      : std::string();
}

std::string clock(const RoomView& view)
{
  const auto& record = *view.record;
  const auto left = record.planned - view.now;
  return "<p class=\"clock\">" +
         escaped(say(
             "Cut since {}: {}.", clock_time(view, record.cut), span_of(view.now - record.cut))) +
         " " +
         escaped(left > left.zero()
                     ? say("Until {} at the latest: {} more.",
                           clock_time(view, record.planned),
                           span_of(left))
                     : say("Its time was up at {}.", clock_time(view, record.planned))) +
         "</p>\n" + paragraph(who_exactly(view, named_on_pages)) +
         paragraph(say("This is how it was at {}.", clock_time(view, view.now)));
}

/// Told before anything else: it can still be mended.
std::string what_is_wrong(const RoomView& view)
{
  return view.unkept.empty()
             ? std::string()
             : "<p class=\"box warn bad\" role=\"alert\">" +
                   escaped(
                       say("What is seen now is not being kept: {}. Make space, or stop the room "
                           "and note down what is on this page.",
                           tame(view.unkept, note_length))) +
                   "</p>\n";
}

std::size_t count_in(const model::RoomRecord& record)
{
  return static_cast<std::size_t>(
      std::count_if(record.devices.begin(), record.devices.end(), [](const RoomDevice& device) {
        return !device.left;
      }));
}

std::string how_many_in(const model::RoomRecord& record)
{
  const auto in = count_in(record);
  auto text = fmt::format(fmt::runtime(ntr("{} device is in.", "{} devices are in.", in)), in);
  if (const auto left = record.devices.size() - in; left > 0) {
    text += " " + fmt::format(fmt::runtime(ntr("{} has left.", "{} have left.", left)), left);
  }
  return text;
}

std::string outside_cell(const RoomView& view, const RoomDevice& device)
{
  if (device.outside.empty()) {
    return {};
  }
  const auto& last = device.outside.back();
  return escaped(clock_time(view, last.time) + ": " + outside_word(last)) +
         (device.outside.size() > 1 ? " " + escaped(say("({} signs in all)", device.outside.size()))
                                    : std::string());
}

/// The button says which: one form is around them all.
std::string dismissal(const Board& board, std::size_t device)
{
  const auto& about = board.view.record->devices[device];
  return about.left ? escaped(say("left at {}", clock_time(board.view, *about.left)))
                    : fmt::format("<button name=\"device\" value=\"{}\">{}</button>",
                                  device,
                                  escaped(tr("Dismiss")));
}

/// Who is in comes before who has left; each by time.
std::vector<std::size_t> in_first(const model::RoomRecord& record)
{
  std::vector<std::size_t> places(record.devices.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    places[i] = i;
  }
  std::stable_partition(
      places.begin(), places.end(), [&](std::size_t place) { return !record.devices[place].left; });
  return places;
}

std::string who_is_in(const Board& board)
{
  const auto& record = *board.view.record;
  std::vector<std::vector<std::string>> rows;
  const auto places = in_first(record);
  for (std::size_t i = 0; i < std::min(places.size(), devices_listed); ++i) {
    const auto& device = record.devices[places[i]];
    rows.push_back({shown(device.name, name_length) +
                        (device.by_leader ? " " + escaped(tr("(let in by you)")) : std::string()),
                    clock_time(board.view, device.joined),
                    fmt::format("{}", board.sums.devices[places[i]].asked.all()),
                    outside_cell(board.view, device),
                    dismissal(board, places[i])});
  }
  std::string html = heading(tr("Who is in")) + "<p>" + escaped(how_many_in(record)) + "</p>\n";
  if (!rows.empty()) {
    html += form_head(board.view, board.base + "dismiss") +
            table(tr("Devices, and how often each asked the absent since it joined"),
                  {{tr("device")},
                   {tr("joined")},
                   {tr("asked"), true},
                   {tr("outside the room")},
                   {tr("dismiss")}},
                  rows) +
            "</form>\n";
  }
  return html + and_more(places.size(), devices_listed);
}

std::string names_in(const Board& board)
{
  const auto& record = *board.view.record;
  std::string names;
  std::size_t listed = 0;
  for (const auto& device : record.devices) {
    if (!device.left && listed < devices_listed) {
      names += (listed++ == 0 ? "" : ", ") + shown(device.name, name_length);
    }
  }
  return heading(tr("Who is in")) + "<p>" + escaped(how_many_in(record)) + " " + names + "</p>\n";
}

/// "works: 3, does not work: 1"
std::string what_people_say(const report::TaskSums& sums)
{
  std::string text;
  const std::vector<std::pair<model::Mark, std::size_t>> counts = {
      {model::Mark::Works, sums.works},
      {model::Mark::Degraded, sums.degraded},
      {model::Mark::Stopped, sums.stopped},
      {model::Mark::CouldNotTry, sums.could_not_try}};
  for (const auto& [mark, count] : counts) {
    if (count > 0) {
      text += (text.empty() ? "" : "; ") + fmt::format("{}: {}", report::word_of(mark), count);
    }
  }
  return text.empty() ? std::string(tr("nobody says anything yet")) : text;
}

/// What makes it less sure is for who leads; from ten metres nobody reads more than that something
/// does.
std::string finding_cell(const report::TaskFinding& finding, bool big)
{
  const auto doubts = !big                     ? doubts_of(finding)
                      : finding.doubts.empty() ? std::string()
                                               : std::string(tr("Less sure."));
  return escaped(report::finding_words(finding)) +
         (doubts.empty() ? doubts : "<br>" + escaped(doubts));
}

std::string tasks(const Board& board, bool big)
{
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < board.sums.tasks.size(); ++i) {
    rows.push_back({escaped(title_of(board, i)),
                    finding_cell(board.sums.tasks[i].finding, big),
                    escaped(what_people_say(board.sums.tasks[i]))});
  }
  return rows.empty()
             ? std::string()
             : heading(tr("Tasks")) +
                   table(tr("Each device has one say for a task, its last"),
                         {{tr("task")}, {tr("what the room tells so far")}, {tr("marked")}},
                         rows);
}

/// A service whose names are nobody's, or that was asked for by address.
std::string service_name(const std::string& service)
{
  return service.empty() ? std::string(tr("by address")) : tame(service, host_length);
}

std::string attempts(const Board& board)
{
  std::vector<std::vector<std::string>> rows;
  const auto& services = board.sums.services;
  for (std::size_t i = 0; i < std::min(services.size(), services_listed); ++i) {
    const auto& service = services[i];
    rows.push_back(
        {escaped(whoever(board.view, service.party) + ": " + service_name(service.service)),
         fmt::format("{}", service.asked.all()),
         fmt::format("{}", service.devices.size()),
         clock_time(board.view, service.first)});
  }
  std::string html =
      heading(tr("What was asked of the absent")) + "<p>" +
      escaped(
          say("All together {} since {}: attempts to reach them, and questions for their names.",
              times(board.sums.asked.all()),
              clock_time(board.view, board.view.record->cut))) +
      "</p>\n";
  if (!rows.empty()) {
    html += table(tr("By party and service"),
                  {{tr("whose, and what")},
                   {tr("how often"), true},
                   {tr("by how many devices"), true},
                   {tr("first")}},
                  rows);
  }
  return html + and_more(services.size(), services_listed);
}

std::string parties(const Board& board)
{
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < std::min(board.sums.parties.size(), lines_listed); ++i) {
    const auto& party = board.sums.parties[i];
    lines.push_back(
        fmt::format("{}: {}", whoever(board.view, party.party), times(party.asked.all())));
  }
  return heading(
             say("Asked of the absent since {}", clock_time(board.view, board.view.record->cut))) +
         (lines.empty()
              ? "<p>" + escaped(tr("Nothing was seen to be asked of them yet.")) + "</p>\n"
              : bullets(lines)) +
         and_more(board.sums.parties.size(), lines_listed);
}

std::string fell_first(const Board& board)
{
  std::string html = heading(tr("What fell first"));
  if (board.sums.stopped.empty()) {
    return html + "<p>" + escaped(tr("Nobody has marked yet that something stopped.")) + "</p>\n";
  }
  html += "<ol>\n";
  for (std::size_t i = 0; i < std::min(board.sums.stopped.size(), lines_listed); ++i) {
    const auto& stopped = board.sums.stopped[i];
    const auto& mark = board.view.record->marks[stopped.mark];
    html += "<li>" +
            escaped(say("{}, at {}: {} after the cut",
                        title_of(board, stopped.task),
                        clock_time(board.view, mark.time),
                        span_of(stopped.after_cut))) +
            (mark.note.empty() ? std::string() : ". " + shown(mark.note, note_length)) + "</li>\n";
  }
  return html + "</ol>\n" + and_more(board.sums.stopped.size(), lines_listed);
}

std::string surprise(const Board& board, const RoomSurprise& found)
{
  switch (found.kind) {
  case RoomSurprise::Kind::StoppedThoughItsNamesLive: {
    const auto& behind = board.view.record->contacts[found.contacts.front()];
    const char* text =
        behind.login ? tr("{0} stopped though its own names can be reached. At about that time {1} "
                          "was asked for {2}, where log-ins come from: it may hang on that.")
                     : tr("{0} stopped though its own names can be reached. At about that time {1} "
                          "was asked for {2}: it may hang on that.");
    return fmt::format(fmt::runtime(text),
                       title_of(board, found.task),
                       whoever(board.view, behind.party),
                       service_name(behind.name));
  }
  case RoomSurprise::Kind::AskedByMostAndInNoTask: {
    const auto text = ntr("{0} was asked by {1} device, and is in no task.",
                          "{0} was asked by {1} devices, and is in no task.",
                          found.devices);
    return fmt::format(fmt::runtime(text), whoever(board.view, found.party), found.devices);
  }
  case RoomSurprise::Kind::Held:
    return say("{} held.", title_of(board, found.task));
  }
  return {};
}

std::string surprises(const Board& board)
{
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < std::min(board.sums.surprises.size(), lines_listed); ++i) {
    lines.push_back(surprise(board, board.sums.surprises[i]));
  }
  return lines.empty() ? std::string()
                       : heading(tr("Surprises")) + bullets(lines) +
                             and_more(board.sums.surprises.size(), lines_listed);
}

std::string what_else_was_counted(const RoomView& view)
{
  const auto& record = *view.record;
  std::vector<std::string> lines;
  for (const auto& doubt : {not_proved(view), age_of_data(view)}) {
    if (!doubt.empty()) {
      lines.push_back(doubt);
    }
  }
  if (record.turned_away > 0) {
    lines.push_back(
        fmt::format(fmt::runtime(ntr("{} packet of devices that have not joined was turned away.",
                                     "{} packets of devices that have not joined were turned away.",
                                     record.turned_away)),
                    record.turned_away));
  }
  if (record.contacts_unlisted > 0) {
    lines.push_back(
        say("{} more was counted than can be listed by name.", record.contacts_unlisted));
  }
  return lines.empty() ? std::string() : heading(tr("What else was counted")) + bullets(lines);
}

/// What makes that the room is not what it should be, before all else. Whose card it is nobody but
/// who leads needs to know.
std::string disturbances(const RoomView& view, bool big)
{
  const auto& record = *view.record;
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < std::min(record.givers.size(), lines_listed); ++i) {
    const auto& giver = record.givers[i];
    const auto who = giver.device ? tame(record.devices[*giver.device].name, name_length)
                                  : std::string(tr("who has not joined"));
    lines.push_back(say("Somebody else gives out addresses, or says that he is the router: {} "
                        "(since {}). Devices that take them are not in the room.",
                        big ? who : giver.who + ", " + who,
                        clock_time(view, giver.time)));
  }
  const auto first = record.lapses.size() - std::min(record.lapses.size(), lines_listed);
  for (auto i = first; i < record.lapses.size(); ++i) {
    lines.push_back(say("The room was closed from {} until {}: zonder hung, or the machine slept. "
                        "What stopped then did not stop for want of the absent.",
                        clock_time(view, record.lapses[i].from),
                        clock_time(view, record.lapses[i].until)));
  }
  return lines.empty() ? std::string()
                       : heading(tr("What disturbs the room")) + bullets(lines) +
                             and_more(record.givers.size(), lines_listed);
}

std::string outside_count(const Board& board)
{
  const auto count = board.sums.outside.size();
  const auto text = ntr("{} device may have gone around the room.",
                        "{} devices may have gone around the room.",
                        count);
  return count == 0 ? std::string()
                    : "<p>" + escaped(fmt::format(fmt::runtime(text), count)) + "</p>\n";
}

}  // namespace

std::string board_fragment(const RoomView& view, const std::string& base, bool big)
{
  const auto sums = report::room_sums(*view.record);
  const Board board{view, base, sums};
  if (big) {
    return what_is_wrong(view) + clock(view) + disturbances(view, big) + tasks(board, big) +
           parties(board) + fell_first(board) + surprises(board) + names_in(board) +
           outside_count(board) + what_else_was_counted(view);
  }
  return what_is_wrong(view) + clock(view) + disturbances(view, big) + tasks(board, big) +
         fell_first(board) + surprises(board) + attempts(board) + who_is_in(board) +
         outside_count(board) + what_else_was_counted(view);
}

}  // namespace zonder::web
