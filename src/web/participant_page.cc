// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <array>
#include <vector>

#include <fmt/core.h>

#include "base/translate.hh"
#include "report/room_sums.hh"
#include "report/room_words.hh"
#include "room/roster.hh"
#include "web/page_consent.hh"
#include "web/page_frame.hh"
#include "web/page_words.hh"
#include "web/room_pages.hh"
#include "web/task_seen.hh"

namespace zonder::web {
namespace {

using model::Mark;

constexpr std::size_t names_per_party = 3;
constexpr std::size_t parties_listed = 5;
constexpr std::size_t signs_listed = 5;
constexpr std::size_t title_length = 80;
constexpr std::size_t how_length = 300;
constexpr std::array all_marks = {Mark::Works, Mark::Degraded, Mark::Stopped, Mark::CouldNotTry};

/// What a page is made for.
struct Reader {
  const RoomView& view;
  std::size_t device;
  const std::string& token;
  const Problem& problem;
};

std::string until_when(const RoomView& view)
{
  const auto left = view.record->planned - view.now;
  return "<p>" + escaped(what_absence_means(view)) + " " +
         escaped(left > left.zero()
                     ? say("Until {} at the latest: {} more.",
                           clock_time(view, view.record->planned),
                           span_of(left))
                     : say("Its time was up at {}.", clock_time(view, view.record->planned))) +
         "</p>\n" + paragraph(who_exactly(view, named_on_pages)) + paragraph(age_of_data(view));
}

std::string names_asked(const report::AskedParty& party)
{
  std::string names;
  for (std::size_t i = 0; i < std::min(party.names.size(), names_per_party); ++i) {
    names +=
        (i == 0 ? "" : ", ") +
        fmt::format("{} ({})", tame(party.names[i].name, host_length), party.names[i].asked.all());
  }
  return names;
}

/// "This device asked Microsoft 214 times in 20 minutes."
std::string
asked_of(const RoomView& view, const report::DeviceSums& sums, const report::AskedParty& party)
{
  return "<li><strong>" +
         escaped(say("This device asked {0} {1} in {2}.",
                     whoever(view, party.party),
                     times(party.asked.all()),
                     span_of(sums.in_room))) +
         "</strong> " + escaped(say("Most for: {}.", names_asked(party))) + "</li>\n";
}

std::string what_it_asked(const RoomView& view, const report::DeviceSums& sums)
{
  std::string html = "<div class=\"box\">\n";
  if (sums.parties.empty()) {
    html += "<p><strong>" +
            escaped(say("Since {} this device was not seen to ask anything of {}.",
                        clock_time(view, sums.since),
                        who_is_absent(view))) +
            "</strong></p>\n";
  } else {
    html += "<ul>\n";
    for (std::size_t i = 0; i < std::min(sums.parties.size(), parties_listed); ++i) {
      html += asked_of(view, sums, sums.parties[i]);
    }
    html += "</ul>\n";
  }
  return html + "<p>" +
         escaped(
             say("Counted since {}: attempts to reach them, and questions for their names. What "
                 "tries again by itself counts again.",
                 clock_time(view, sums.since))) +
         "</p>\n</div>\n";
}

/// What stands behind a task in the list: what was said last, else what was seen.
std::string state_of(const Reader& reader, std::size_t task)
{
  const auto& record = *reader.view.record;
  const auto* said = last_mark(record, task, reader.device);
  const auto seen = task_seen(record, task, reader.device);
  const bool unseen = seen == TaskSeen::Nothing || seen == TaskSeen::Unknowable;
  return said == nullptr ? unseen ? std::string(tr("not tested")) : seen_word(seen)
         : unseen ? report::word_of(said->mark)
                         : fmt::format("{} ({})", report::word_of(said->mark), seen_word(seen));
}

std::string overview(const Reader& reader)
{
  std::string html = "<ul>\n";
  for (std::size_t i = 0; i < reader.view.record->tasks.size(); ++i) {
    html += fmt::format("<li><a href=\"#task-{}\">{}</a>: {}</li>\n",
                        i,
                        shown(reader.view.record->tasks[i].title, title_length),
                        escaped(state_of(reader, i)));
  }
  return html + "</ul>\n";
}

std::string what_was_said(const Reader& reader, std::size_t task)
{
  const auto* said = last_mark(*reader.view.record, task, reader.device);
  if (said == nullptr) {
    return {};
  }
  return "<p>" +
         escaped(say("You marked at {}: {}.",
                     clock_time(reader.view, said->time),
                     report::word_of(said->mark))) +
         (said->note.empty() ? std::string() : " " + shown(said->note, note_length)) + "</p>\n";
}

std::string what_was_seen(const Reader& reader, std::size_t task)
{
  const auto seen = task_seen(*reader.view.record, task, reader.device);
  return seen == TaskSeen::Unknowable
             ? std::string()
             : "<p>" + escaped(say("On the network of this device: {}.", seen_word(seen))) +
                   "</p>\n";
}

std::string mark_choices()
{
  std::string html;
  for (const auto mark : all_marks) {
    html += fmt::format(
        "<label><input type=\"radio\" name=\"mark\" value=\"{}\" required> {}</label>\n",
        mark_key(mark),
        escaped(report::word_of(mark)));
  }
  return html;
}

std::string mark_form(const Reader& reader, std::size_t task)
{
  const auto& about = reader.view.record->tasks[task];
  const bool wrong = reader.problem.task == task && !reader.problem.text.empty();
  const auto id = fmt::format("wrong-{}", task);
  return form_head(reader.view, "/mark") + hidden("token", reader.token) +
         hidden("task", std::to_string(task)) + "<fieldset" +
         (wrong ? " aria-describedby=\"" + id + "\"" : "") + "><legend><h3>" +
         shown(about.title, title_length) + "</h3></legend>\n" +
         (about.how.empty() ? std::string() : "<p>" + shown(about.how, how_length) + "</p>\n") +
         what_was_said(reader, task) + what_was_seen(reader, task) +
         (wrong ? told(reader.problem, id) : std::string()) + mark_choices() +
         fmt::format(
             "<label>{}<input type=\"text\" name=\"note\" value=\"{}\" maxlength=\"{}\"></label>\n"
             "<button type=\"submit\">{}</button>\n</fieldset>\n</form>\n",
             escaped(tr("Note (may stay empty)")),
             wrong ? as_value(reader.problem.typed, room::longest_note) : std::string(),
             room::longest_note,
             escaped(tr("Mark")));
}

/// The cards, those of one role together, in the order in which the roles first come.
std::string cards(const Reader& reader)
{
  const auto& tasks = reader.view.record->tasks;
  std::vector<std::string> roles;
  for (const auto& task : tasks) {
    if (std::find(roles.begin(), roles.end(), task.role) == roles.end()) {
      roles.push_back(task.role);
    }
  }
  std::string html;
  for (const auto& role : roles) {
    html += heading(role.empty() ? std::string(tr("To try, for everybody"))
                                 : say("To try, for: {}", tame(role, name_length)));
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      if (tasks[i].role == role) {
        html += fmt::format("<div class=\"card\" id=\"task-{}\">\n", i) + mark_form(reader, i) +
                "</div>\n";
      }
    }
  }
  return html;
}

std::string signs_seen(const Reader& reader)
{
  const auto& signs = reader.view.record->devices[reader.device].outside;
  if (signs.empty()) {
    return {};
  }
  std::vector<std::string> lines;
  for (auto i = signs.size() - std::min(signs.size(), signs_listed); i < signs.size(); ++i) {
    lines.push_back(clock_time(reader.view, signs[i].time) + ": " + outside_word(signs[i]));
  }
  return "<p>" + escaped(tr("Known of this device:")) + "</p>\n" + bullets(lines);
}

std::string outside_form(const Reader& reader)
{
  const bool wrong = reader.problem.field == "what";
  return heading(tr("Outside the room"), "outside") + signs_seen(reader) +
         (wrong ? told(reader.problem, "what-wrong") : std::string()) +
         form_head(reader.view, "/outside") + hidden("token", reader.token) + "<p>" +
         escaped(tr("By mobile data, through a VPN, or by another network: what it does there is "
                    "not cut, and not seen here. That is worth knowing too.")) +
         "</p>\n<button type=\"submit\" class=\"less\">" +
         escaped(tr("Something on this device goes around the room")) + "</button>\n</form>\n";
}

std::string leave_form(const Reader& reader)
{
  return heading(tr("Leave"), "leave") + form_head(reader.view, "/leave") +
         hidden("token", reader.token) + "<p>" +
         escaped(tr("After that this device has no network here any more. You can join again.")) +
         "</p>\n<button type=\"submit\" class=\"less\">" + escaped(tr("Leave the room")) +
         "</button>\n</form>\n";
}

std::string link(const std::string& to, const char* text)
{
  return fmt::format("<a href=\"{}\">{}</a>", to, escaped(text));
}

std::string links(const RoomView& view)
{
  const auto about = with_language(view, "/about");
  return "<nav>" + link(with_language(view, "/"), tr("Refresh")) + " · " +
         link("#leave", tr("Leave")) + " · " + link(about, tr("About this room")) +
         (view.record->cold ? " · " + link(about + "#cold", tr("How to begin cold"))
                            : std::string()) +
         "</nav>\n";
}

/// A problem that no form of the page shows beside its field.
std::string problem_on_top(const Reader& reader)
{
  const auto& task = reader.problem.task;
  const bool has_card = task && *task < reader.view.record->tasks.size();
  return has_card || reader.problem.field == "what" ? std::string() : told(reader.problem, "wrong");
}

}  // namespace

std::string participant_page(const RoomView& view,
                             std::size_t device,
                             const std::string& token,
                             const Problem& problem)
{
  const Reader reader{view, device, token, problem};
  const auto sums = report::room_sums(*view.record);
  const auto title = say("In the room without {}", who_is_absent(view));
  std::string html = "<h1>" + escaped(title) + "</h1>\n" + problem_on_top(reader) + "<p>" +
                     escaped(say("This device is called {}, and has been in since {}.",
                                 tame(view.record->devices[device].name, name_length),
                                 clock_time(view, view.record->devices[device].joined))) +
                     "</p>\n" + until_when(view);
  if (const auto doubt = not_proved(view); !doubt.empty()) {
    html += "<p class=\"bad\">" + escaped(doubt) + "</p>\n";
  }
  html += links(view);
  html += heading(tr("What your device did")) + what_it_asked(view, sums.devices[device]);
  if (!view.record->tasks.empty()) {
    html += heading(tr("Tasks")) + overview(reader) + cards(reader);
  }
  html += outside_form(reader) + leave_form(reader);
  return whole({.title = problem.text.empty() ? title : say("Not taken: {}", title),
                .path = "/",
                .main = html});
}

}  // namespace zonder::web
