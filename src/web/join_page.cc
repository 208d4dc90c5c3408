// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <fmt/core.h>

#include "base/translate.hh"
#include "room/roster.hh"
#include "web/page_consent.hh"
#include "web/page_frame.hh"
#include "web/page_words.hh"
#include "web/room_pages.hh"

namespace zonder::web {
namespace {

std::string for_field(const Problem& problem, std::string_view field, std::string_view id)
{
  return problem.field == field ? told(problem, id) : std::string();
}

bool is_wrong(const Problem& problem, std::string_view field)
{
  return problem.field == field && !problem.text.empty();
}

std::string name_field(const Problem& problem)
{
  const bool wrong = is_wrong(problem, "name");
  return fmt::format(
      "<p><label for=\"name\"><strong>{}</strong></label>\n<span id=\"name-hint\">{}</span>\n"
      "<input type=\"text\" id=\"name\" name=\"name\" value=\"{}\" maxlength=\"{}\" required "
      "autocomplete=\"off\" aria-describedby=\"name-hint{}></p>\n",
      escaped(tr("What is this device to be called?")),
      escaped(tr("A place or a task says enough: \"desk 1\", \"Anna's phone\".")),
      // What was typed comes back whatever else was wrong.
      as_value(problem.typed, room::longest_name),
      room::longest_name,
      wrong ? " name-wrong\" aria-invalid=\"true\"" : "\"");
}

std::string consent_field(const Problem& problem)
{
  return fmt::format(
      "<p><label><input type=\"checkbox\" name=\"consent\" value=\"yes\" required{}> "
      "{}</label></p>\n",
      is_wrong(problem, "consent") ? " aria-describedby=\"consent-wrong\" aria-invalid=\"true\""
                                   : "",
      escaped(tr("I have read this, it is my device or I may decide about it, and it joins.")));
}

std::string join_form(const RoomView& view, const std::string& token, const Problem& problem)
{
  return form_head(view, "/join") + hidden("token", token) +
         for_field(problem, "name", "name-wrong") + name_field(problem) +
         for_field(problem, "consent", "consent-wrong") + consent_field(problem) +
         fmt::format("<p><button type=\"submit\">{}</button></p>\n</form>\n", escaped(tr("Join")));
}

std::string warnings(const RoomView& view)
{
  auto sentences = what_not_to_bring();
  if (view.record->cold) {
    sentences.emplace_back(
        tr("This room begins cold: once you have joined, sign out and restart. How "
           "that is done stands behind the link below."));
  }
  if (const auto doubt = not_proved(view); !doubt.empty()) {
    sentences.push_back(doubt);
  }
  return "<div class=\"box warn\">\n" + bullets(sentences) + "</div>\n";
}

}  // namespace

std::string join_page(const RoomView& view, const std::string& token, const Problem& problem)
{
  const auto title = say("A room without {}", who_is_absent(view));
  std::string html = "<h1>" + escaped(title) + "</h1>\n";
  if (problem.field != "name" && problem.field != "consent") {
    html += told(problem, "wrong");
  }
  html +=
      "<p>" +
      escaped(tr("This network is an exercise. Your device has no way out here until you join.")) +
      "</p>\n";
  html += heading(tr("What is cut")) + bullets(what_is_cut(view));
  html += heading(tr("Before you join")) + warnings(view);
  html += heading(tr("What is recorded")) + bullets(what_is_recorded());
  html += heading(tr("Who sees it")) + bullets(who_sees_it());
  html += heading(tr("How you leave")) + bullets(how_to_leave());
  html += fmt::format("<p><a href=\"{}\">{}</a></p>\n",
                      with_language(view, "/about"),
                      escaped(tr("More about this room, and how to begin cold or warm")));
  html += heading(tr("Join with this device")) + join_form(view, token, problem);
  return whole({.title = problem.text.empty() ? title : say("Not joined yet: {}", title),
                .path = "/",
                .main = html});
}

}  // namespace zonder::web
