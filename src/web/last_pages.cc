// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <fmt/core.h>

#include "base/translate.hh"
#include "web/page_consent.hh"
#include "web/page_frame.hh"
#include "web/page_words.hh"
#include "web/room_pages.hh"

// Where there is nothing to do any more: after leaving, after the room, and where nothing is.
namespace zonder::web {
namespace {

constexpr std::size_t path_length = 300;

std::string short_page(const std::string& title,
                       const std::string& path,
                       const std::vector<std::string>& sentences,
                       const std::string& rest = {})
{
  std::string html = "<h1>" + escaped(title) + "</h1>\n";
  for (const auto& sentence : sentences) {
    html += "<p>" + escaped(sentence) + "</p>\n";
  }
  return whole({.title = title, .path = path, .main = html + rest});
}

std::string way_back(const RoomView& view, const char* text)
{
  return fmt::format("<p><a href=\"{}\">{}</a></p>\n", with_language(view, "/"), escaped(text));
}

std::string how_it_ended(const RoomView& view)
{
  const auto when = clock_time(view, view.record->ended);
  switch (view.record->ending) {
  case model::RoomEnding::TimeIsUp:
    return say("Its time was up at {}.", when);
  case model::RoomEnding::Stopped:
    return say("The one who leads it ended it at {}.", when);
  case model::RoomEnding::Lost:
  case model::RoomEnding::Interrupted:
    return say("It was broken off at {}.", when);
  case model::RoomEnding::Failed:
    return say("It failed at {}, and closed.", when);
  }
  return {};
}

}  // namespace

std::string left_page(const RoomView& view)
{
  return short_page(
      tr("This device has left the room"),
      "/",
      {tr("Nothing more of it is let through here, or listed."),
       tr("Choose your usual Wi-Fi network again, or put the cable back where it was."),
       tr("Switch on again what you switched off: mobile data, VPN.")},
      way_back(view, tr("Join again")));
}

std::string room_over_page(const RoomView& view)
{
  std::string files;
  for (const auto& path : view.reports) {
    files += "<li><code>" + escaped(tame(path, path_length)) + "</code></li>\n";
  }
  const auto where =
      files.empty()
          ? paragraph(tr("The report is on the terminal, and nowhere else."))
          : paragraph(tr("The report is there in some seconds; the terminal says when:")) +
                "<ul>\n" + files + "</ul>\n" +
                paragraph(
                    say("If it is not: what was seen is kept beside it, in a file with the end "
                        ".unfinished, and \"zonder room --recover {}\" makes the report of it.",
                        tame(view.reports.front(), path_length)));
  const auto steps = std::vector<std::string>{
      tr("Say that the exercise is over: there is no network in the room any more."),
      tr("Everybody goes back: the usual Wi-Fi network or cable, mobile data and VPN on, proxy "
         "settings as they were."),
      tr("See whether all works again, and stay near for half an hour."),
      tr("Read the report together, before anybody leaves: what stopped, what held, what nobody "
         "tried."),
      tr("Wipe what you promised to wipe.")};
  std::string numbered;
  for (const auto& step : steps) {
    numbered += "<li>" + escaped(step) + "</li>\n";
  }
  return short_page(tr("The room is over"),
                    "/",
                    {how_it_ended(view)},
                    heading(tr("Where the report is")) + where + heading(tr("What to do now")) +
                        "<ol>\n" + numbered + "</ol>\n");
}

std::string not_found_page(const RoomView& view)
{
  return short_page(tr("There is no such page in this room"),
                    "/",
                    {tr("Perhaps the address was typed wrongly, or the form was an old one.")},
                    way_back(view, tr("To the first page")));
}

}  // namespace zonder::web
