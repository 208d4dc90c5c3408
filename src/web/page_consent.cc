// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "web/page_consent.hh"

#include <fmt/core.h>

#include "base/translate.hh"
#include "web/page_words.hh"

namespace zonder::web {

std::vector<std::string> what_is_cut(const RoomView& view)
{
  std::vector<std::string> sentences = {what_absence_means(view)};
  if (auto all = who_exactly(view, named_on_pages); !all.empty()) {
    sentences.push_back(std::move(all));
  }
  sentences.insert(
      sentences.end(),
      {say("From {} until {} at the latest. The one who leads the room can end it sooner.",
           clock_time(view, view.record->cut),
           clock_time(view, view.record->planned)),
       tr("What leans on them may stop too: logging in, mail, calls, printing, programs of "
          "others."),
       tr("Everything else goes its usual way, through the laptop of the one who leads.")});
  return sentences;
}

std::vector<std::string> what_is_recorded()
{
  return {tr("Which names and addresses your device asks for, when and how often; also those that "
             "are not cut."),
          tr("What you mark, what you write with it, and when."),
          tr("Never content: not what is in pages, mail, files or calls, and no passwords."),
          tr("The address of your network card, for as long as the room lasts, to know your device "
             "again. It is not in the report.")};
}

std::vector<std::string> who_sees_it()
{
  return {
      tr("The one who leads the room, and all who can see the screen there, see the name that "
         "you give, what you mark, and how often your device asked the absent."),
      tr("The report numbers the devices and leaves their names out. What you write with a mark "
         "may be in it: name nobody there.")};
}

std::vector<std::string> how_to_leave()
{
  return {tr("Press \"Leave the room\" on your page, choose another Wi-Fi network, or pull the "
             "cable. That can "
             "be done at any time, and needs no reason."),
          tr("What was recorded until then stays; after it nothing more of your device is let "
             "through or listed.")};
}

std::vector<std::string> what_not_to_bring()
{
  return {tr("Join with no device that people depend on: for emergency calls (112), care, alarms, "
             "doors that must open, or payments in earnest."),
          tr("Calls and print jobs may break off while you are in. Save your work first."),
          tr("Switch mobile data and VPN off, or you will see another network than this one.")};
}

std::string not_proved(const RoomView& view)
{
  return view.record->proof.holds() ? std::string()
                                    : tr("It was not shown beforehand that the cut holds: what "
                                         "works here may have reached "
                                         "them all the same.");
}

std::string paragraph(const std::string& sentence)
{
  return sentence.empty() ? std::string() : "<p>" + escaped(sentence) + "</p>\n";
}

std::string bullets(const std::vector<std::string>& sentences)
{
  std::string html = "<ul>\n";
  for (const auto& sentence : sentences) {
    html += "<li>" + escaped(sentence) + "</li>\n";
  }
  return html + "</ul>\n";
}

std::string heading(const std::string& text, const char* id)
{
  return id == nullptr ? "<h2>" + escaped(text) + "</h2>\n"
                       : fmt::format("<h2 id=\"{}\">{}</h2>\n", id, escaped(text));
}

}  // namespace zonder::web
