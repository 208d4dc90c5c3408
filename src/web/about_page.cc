// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <fmt/core.h>

#include "base/translate.hh"
#include "web/page_consent.hh"
#include "web/page_frame.hh"
#include "web/page_words.hh"
#include "web/room_pages.hh"
#include "web/warm_and_cold.hh"

namespace zonder::web {
namespace {

constexpr std::size_t parties_named = 60;

/// Where the sentences about the cut could not name them all.
std::string all_by_name(const RoomView& view)
{
  return view.record->parties.size() > named_on_pages ? paragraph(who_exactly(view, parties_named))
                                                      : std::string();
}

std::string what_the_proof_says(const RoomView& view)
{
  const auto doubt = not_proved(view);
  return "<p>" +
         escaped(doubt.empty() ? tr("That the cut holds, and that others can be reached, was tried "
                                    "before the room opened.")
                               : doubt.c_str()) +
         "</p>\n";
}

std::string what_it_tells()
{
  return bullets(
      {tr("What works here may still hang on the absent elsewhere: a supplier's own computers are "
          "not in this room, and were not cut."),
       tr("What goes on for hours after a cut (a log-in, a licence) does not stop within an hour: "
          "that it works here does not say that it lasts."),
       tr("What nobody tried is not known. \"Not tried\" is a good answer.")});
}

std::string by_proxy(const RoomView& view)
{
  if (view.proxy.empty()) {
    return {};
  }
  return heading(tr("Devices that use a proxy"), "proxy") +
         bullets({say("The room has one at {}.", view.proxy),
                  say("For automatic settings: {}proxy.pac", view.page_url),
                  tr("Put your own settings back afterwards.")});
}

std::string sections(const RoomView& view)
{
  return heading(tr("What is cut")) + bullets(what_is_cut(view)) + all_by_name(view) +
         what_the_proof_says(view) + paragraph(age_of_data(view)) +
         heading(tr("What is recorded")) + bullets(what_is_recorded()) +
         heading(tr("Who sees it")) + bullets(who_sees_it()) + heading(tr("How you leave")) +
         bullets(how_to_leave()) + heading(tr("What to leave outside")) +
         bullets(what_not_to_bring()) + heading(tr("Begin warm or cold"), "cold") +
         warm_and_cold(view) +
         heading(tr("So that your device does not go around the room"), "outside") + ways_around() +
         by_proxy(view) + heading(tr("What this room does not tell")) + what_it_tells();
}

}  // namespace

std::string about_page(const RoomView& view)
{
  const std::string title = tr("About this room");
  return whole({.title = title,
                .path = "/about",
                .main = fmt::format("<h1>{}</h1>\n<nav><a href=\"{}\">{}</a></nav>\n",
                                    escaped(title),
                                    with_language(view, "/"),
                                    escaped(tr("Back to the first page"))) +
                        sections(view)});
}

}  // namespace zonder::web
