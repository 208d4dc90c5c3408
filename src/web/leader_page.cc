// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <fmt/core.h>

#include "base/translate.hh"
#include "room/roster.hh"
#include "web/board_frame.hh"
#include "web/page_consent.hh"
#include "web/page_frame.hh"
#include "web/page_words.hh"
#include "web/room_pages.hh"

namespace zonder::web {
namespace {

constexpr std::size_t mac_length = 17;  // "52:54:00:12:34:56"

bool is_of_device_form(const Problem& problem)
{
  return problem.field == "mac" || problem.field == "name";
}

std::string where_people_join(const RoomView& view)
{
  const auto way = view.wifi.empty()
                       ? say("People join at {} or {}.", view.page_url, view.address_url)
                       : say("People join by the Wi-Fi \"{}\", at {} or {}.",
                             tame(view.wifi, name_length),
                             view.page_url,
                             view.address_url);
  return "<p>" + escaped(way) + "</p>\n";
}

/// A first press opens it, a second one does it.
std::string stop_form(const RoomView& view, const std::string& base)
{
  return "<details class=\"stop\"><summary>" + escaped(tr("STOP the room")) + "</summary>\n" +
         form_head(view, base + "stop") + "<p>" +
         escaped(tr("Then nobody has a network here any more, the report is written, and the port "
                    "goes back to this laptop. It cannot be undone.")) +
         "</p>\n<button type=\"submit\" class=\"stop\">" +
         escaped(tr("Yes, stop it now for everybody")) + "</button>\n</form>\n</details>\n";
}

std::string device_field(const Problem& problem,
                         const char* field,
                         const std::string& label,
                         std::size_t length)
{
  const bool wrong = problem.field == field && !problem.text.empty();
  return (wrong ? told(problem, std::string(field) + "-wrong") : std::string()) +
         fmt::format(
             "<p><label for=\"{}\">{}</label><input type=\"text\" id=\"{}\" name=\"{}\" "
             "value=\"{}\" maxlength=\"{}\" required autocomplete=\"off\"{}></p>\n",
             field,
             escaped(label),
             field,
             field,
             wrong ? as_value(problem.typed, length) : std::string(),
             length,
             wrong ? fmt::format(" aria-describedby=\"{}-wrong\" aria-invalid=\"true\"", field)
                   : std::string());
}

std::string device_form(const RoomView& view, const std::string& base, const Problem& problem)
{
  return heading(tr("Let in a printer or a badge reader"), "device") + "<p>" +
         escaped(
             tr("For what cannot say itself that it joins. Only devices that nobody depends on, "
                "and with the consent of who decides about them.")) +
         "</p>\n" + form_head(view, base + "device") +
         device_field(problem,
                      "mac",
                      tr("Address of its network card, such as 52:54:00:12:34:56 (on its label)"),
                      mac_length) +
         device_field(problem, "name", tr("What it is to be called"), room::longest_name) +
         "<button type=\"submit\" class=\"less\">" + escaped(tr("Let it in")) +
         "</button>\n</form>\n";
}

}  // namespace

std::string leader_page(const RoomView& view, const std::string& base, const Problem& problem)
{
  const auto title = say("Leading the room without {}", who_is_absent(view));
  std::string html = "<h1>" + escaped(title) + "</h1>\n";
  if (!is_of_device_form(problem)) {
    html += told(problem, "wrong");
  }
  html += where_people_join(view) +
          fmt::format("<nav><a href=\"{}\">{}</a> · <a href=\"#device\">{}</a></nav>\n",
                      escaped(with_language(view, base + "beamer")),
                      escaped(tr("For the beamer")),
                      escaped(tr("Let in a printer or a badge reader")));
  html += stop_form(view, base) + framed_board(view, base, base, false) +
          device_form(view, base, problem);
  return whole({.title = problem.text.empty() ? title : say("Not taken: {}", title),
                .path = base,
                .main = html,
                .wide = true,
                .script = base + "board.js"});
}

std::string beamer_page(const RoomView& view, const std::string& base, std::string_view qr_svg)
{
  const auto title = say("A room without {}", who_is_absent(view));
  std::string html =
      "<h1>" + escaped(title) + "</h1>\n<div class=\"side\">\n" + heading(tr("Join"));
  if (!view.wifi.empty()) {
    html += "<p>" + escaped(tr("Wi-Fi:")) + " <strong>" + shown(view.wifi, name_length) +
            "</strong></p>\n";
  }
  html +=
      fmt::format("<div class=\"qr\">{}</div>\n<p class=\"address\">{}</p>\n<p>{}</p>\n</div>\n",
                  qr_svg,
                  escaped(view.page_url),
                  escaped(say("or {}", view.address_url)));
  html += framed_board(view, base, base + "beamer", true);
  return whole({.title = title,
                .path = base + "beamer",
                .main = html,
                .big = true,
                .script = base + "board.js"});
}

}  // namespace zonder::web
