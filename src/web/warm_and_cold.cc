// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "web/warm_and_cold.hh"

#include <string>
#include <vector>

#include "base/translate.hh"
#include "web/page_consent.hh"
#include "web/page_words.hh"

// Only steps that the makers themselves describe: Microsoft (Sign out of Office; ipconfig; klist;
// fast startup), Google (clear app cache and data; restart; Private DNS), Apple (Restart your
// iPhone; Log out, sleep, restart; Clear the history; iCloud Private Relay), and browsers' own key
// for it.
namespace zonder::web {
namespace {

struct System {
  std::string name;
  std::vector<std::string> steps;
};

System windows()
{
  return {
      "Windows",
      {tr("Save your work and close all programs."),
       tr("In Word or another Office program: File > Account > Sign out."),
       tr("In the browser: Ctrl+Shift+Delete, choose cookies and cached files, and delete. That "
          "signs you out of most sites."),
       tr("In a Command Prompt: ipconfig /flushdns forgets addresses, klist purge throws away "
          "your tickets for file shares and printers."),
       tr("Start > Power > Restart. Not \"Shut down\": with fast startup Windows then keeps a part "
          "of what it had.")}};
}

System android()
{
  return {
      "Android",
      {tr("Sign out in the app that you want to try, where it has that."),
       tr("Settings > Apps > the app > Storage > Clear cache. \"Clear storage\" goes further and "
          "erases all that the app keeps on this phone: only where that is elsewhere too."),
       tr("Hold the power button (on many phones together with volume up) and choose Restart."),
       tr("Makers use words of their own; look for them in Settings by the magnifying glass.")}};
}

System ios()
{
  return {tr("iPhone and iPad (iOS)"),
          {tr("Sign out in the app that you want to try, where it has that."),
           tr("Safari: Settings > Apps > Safari (before iOS 18: Settings > Safari) > Clear History "
              "and Website Data."),
           tr("Hold the side button and a volume button (with a home button: only the side or top "
              "button) until the slider appears, and slide. Wait half a minute, then hold the side "
              "or top button until the apple appears.")}};
}

System macos()
{
  return {
      tr("Mac (macOS)"),
      {tr("Save your work, and sign out in the programs that you want to try."),
       tr("Safari: Safari > Clear History. Other browsers: Command+Shift+Delete, choose cookies "
          "and cached files, and delete."),
       tr("Apple menu > Restart, without the tick that opens all windows again.")}};
}

std::string numbered(const std::vector<std::string>& steps)
{
  std::string html = "<ol>\n";
  for (const auto& step : steps) {
    html += "<li>" + escaped(step) + "</li>\n";
  }
  return html + "</ol>\n";
}

}  // namespace

std::string warm_and_cold(const RoomView& view)
{
  std::string html = bullets(
      {tr("Warm: leave all as it is on a working day, signed in, programs open. That shows how "
          "long "
          "what you have keeps going."),
       tr("Cold: as on the morning after. Sign out, clear, restart. That shows whether work can be "
          "begun at all."),
       say("Think before: whoever signs out of what leans on {} may not get in again before the "
           "room is over. Have your password and what you confirm it with at hand.",
           who_is_absent(view)),
       tr("A device of an organisation's may not let you, or not without its administrators: ask "
          "them first."),
       tr("Join first and then restart: the room knows your device again.")});
  for (const auto& system : {windows(), android(), ios(), macos()}) {
    html += "<h3>" + escaped(system.name) + "</h3>\n" + numbered(system.steps);
  }
  return html;
}

std::string ways_around()
{
  return bullets(
      {tr("Mobile data: off, or airplane mode with Wi-Fi on. A phone that finds this network poor "
          "uses mobile data by itself."),
       tr("VPN: off. What is in it is not seen here, and not cut either."),
       tr("Android: Settings > Network & internet > Private DNS > Off."),
       tr("iPhone, iPad and Mac: Settings > your name > iCloud > Private Relay: off."),
       tr("Whoever cannot switch something off, or does not want to, says so on his page: that is "
          "worth knowing too.")});
}

}  // namespace zonder::web
