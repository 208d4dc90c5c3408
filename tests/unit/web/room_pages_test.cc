// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/file.hh"
#include "base/translate.hh"
#include "support/axe_check.hh"
#include "support/room_story.hh"
#include "web/room_pages.hh"

namespace zonder::web {
namespace {

using model::Mark;
using test::RoomStory;

constexpr const char* token = "3f786850e387550fdab836ed7e6dc881";
constexpr const char* base = "/Zm9vYmFyYmF6/";
constexpr std::size_t page_limit = 30 * 1024;

/// A room twenty minutes old, with three devices and two tasks.
RoomStory a_room()
{
  RoomStory story;
  story.device("balie 1").device("telefoon").device("printer", 3);
  story.record.devices[2].by_leader = true;
  story.task("Log-in", {"login.microsoft.example"}).task("Files", {"files.example"});
  story.record.party_names = {{"microsoft", "Microsoft"}};
  story.record.ended = RoomStory::at(20);
  return story;
}

/// As full as a room may be: 12 tasks, 40 devices, every kind of finding and sign.
RoomStory a_full_room()
{
  RoomStory story;
  for (int i = 0; i < 40; ++i) {
    story.device("Apparaat van een collega " + std::to_string(i), i / 4);
  }
  for (int i = 0; i < 12; ++i) {
    const auto number = std::to_string(i);
    story.task("Een zaak openen en opslaan, nummer " + number, {"dienst" + number + ".example"});
    story.record.tasks.back().role = i < 4 ? "" : i < 8 ? "balie" : "wijkteam";
    story.record.tasks.back().how = "Open het zaaksysteem, zoek de zaak van de oefening op en sla "
                                    "haar op onder een andere naam.";
    for (std::size_t device = 0; device < 40; device += 3) {
      story.mark(static_cast<std::size_t>(i),
                 device,
                 static_cast<Mark>((static_cast<std::size_t>(i) + device) % 4),
                 12);
      story.record.marks.back().note = "Het duurde lang, en daarna kwam er een leeg scherm.";
    }
    for (std::size_t device = 0; device < 40; ++device) {
      story.blocked(device, "login" + number + ".microsoft.example", 5, 15).count = 17;
      story.living(device, "www.dienst" + number + ".example", 6, 15);
    }
  }
  for (std::size_t device = 0; device < 8; ++device) {
    story.record.devices[device].outside = {
        {.how = static_cast<model::Outside>(device % 4),
         .what = device % 4 == 0 ? "mobile-data" : "UDP 51820 to 192.0.2.7",
         .time = RoomStory::at(9)}};
  }
  story.record.devices[5].left = RoomStory::at(18);
  story.record.turned_away = 1234;
  story.record.contacts_unlisted = 5;
  story.record.ended = RoomStory::at(20);
  story.record.party_names = {{"microsoft", "Microsoft"}};
  story.record.cold = true;
  return story;
}

RoomView view_of(const RoomStory& story)
{
  return {.record = &story.record,
          .now = RoomStory::at(20),
          .east_of_utc = std::chrono::minutes(60),
          .page_url = "http://zonder.internal/",
          .address_url = "http://10.73.5.1/",
          .wifi = "zonder-microsoft",
          .proxy = "10.73.5.1:3128",
          .reports = {"/root/room.html"}};
}

constexpr const char* a_qr_code =
    R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" role="img"><title>QR</title>)"
    R"(<path d="M4 4.5h1" stroke="#000"/></svg>)";

/// Each page by name, of one room.
std::vector<std::pair<std::string, std::string>>
all_pages(const RoomView& view, const Problem& wrong_name = {}, const Problem& wrong_mark = {})
{
  return {{"join", join_page(view, token, wrong_name)},
          {"participant", participant_page(view, 0, token, wrong_mark)},
          {"about", about_page(view)},
          {"left", left_page(view)},
          {"over", room_over_page(view)},
          {"not-found", not_found_page(view)},
          {"leader", leader_page(view, base, wrong_name)},
          {"beamer", beamer_page(view, base, a_qr_code)}};
}

std::size_t count_of(const std::string& text, const std::string& part)
{
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) {
    ++count;
  }
  return count;
}

/// What a form at this address sends: the names of its fields. Empty: there is no such form.
std::set<std::string> fields_of(const std::string& html, const std::string& action)
{
  const auto begin = html.find("action=\"" + action + "\"");
  if (begin == std::string::npos) {
    return {};
  }
  const auto form = html.substr(begin, html.find("</form>", begin) - begin);
  static const std::regex name(" name=\"([^\"]*)\"");
  std::set<std::string> fields;
  for (std::sregex_iterator i(form.begin(), form.end(), name), end; i != end; ++i) {
    fields.insert((*i)[1]);
  }
  return fields;
}

/// All text between tags, with our escapes undone: what a reader sees.
std::string text_of(const std::string& html)
{
  auto text = std::regex_replace(html, std::regex("<style>[^<]*</style>|<[^>]*>"), "");
  for (const auto& [escape, plain] : std::vector<std::pair<std::string, std::string>>{
           {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}}) {
    text = std::regex_replace(text, std::regex(escape), plain);
  }
  return text;
}

class RoomPages : public testing::Test {
protected:
  void SetUp() override { choose_language("en", test::built_locale()); }
  void TearDown() override { choose_language("en", test::built_locale()); }
};

TEST_F(RoomPages, HaveTheFormsAndFieldsThatTheRoutesTake)
{
  const auto story = a_room();
  const auto view = view_of(story);
  using Fields = std::set<std::string>;
  const auto join = join_page(view, token);
  EXPECT_EQ(fields_of(join, "/join"), (Fields{"token", "name", "consent"}));
  EXPECT_NE(join.find("name=\"consent\" value=\"yes\""), std::string::npos);
  const auto mine = participant_page(view, 0, token);
  EXPECT_EQ(fields_of(mine, "/mark"), (Fields{"token", "task", "mark", "note"}));
  EXPECT_EQ(fields_of(mine, "/outside"), (Fields{"token"}));  // one press, no choice
  EXPECT_EQ(fields_of(mine, "/leave"), (Fields{"token"}));
  EXPECT_EQ(count_of(mine, "action=\"/mark\""), 2U);
  EXPECT_NE(mine.find("id=\"task-1\""), std::string::npos);
  for (const auto* mark : {"works", "degraded", "stopped", "could-not-try"}) {
    EXPECT_EQ(count_of(mine, std::string("name=\"mark\" value=\"") + mark + "\""), 2U) << mark;
  }
  const auto leader = leader_page(view, base);
  EXPECT_EQ(fields_of(leader, std::string(base) + "device"), (Fields{"mac", "name"}));
  EXPECT_EQ(fields_of(leader, std::string(base) + "dismiss"), (Fields{"device"}));
  EXPECT_EQ(count_of(leader, "action=\"" + std::string(base) + "stop\""), 1U);
  EXPECT_EQ(count_of(beamer_page(view, base, a_qr_code), "<form"), 0U);
  EXPECT_EQ(count_of(board_fragment(view, base, true), "<form"), 0U);
}

TEST_F(RoomPages, CarryOnTheLanguageThatWasChosen)
{
  const auto story = a_room();
  auto view = view_of(story);
  view.lang = "nl";
  const Speaking dutch(Language::Dutch);
  EXPECT_NE(join_page(view, token).find("action=\"/join?lang=nl\""), std::string::npos);
  EXPECT_NE(join_page(view, token).find("<html lang=\"nl\">"), std::string::npos);
  EXPECT_NE(join_page(view, token).find("href=\"/?lang=en\""), std::string::npos);
  EXPECT_NE(participant_page(view, 0, token).find("href=\"/about?lang=nl\""), std::string::npos);
  EXPECT_NE(beamer_page(view, base, a_qr_code).find("board?big=1&amp;lang=nl"), std::string::npos);
}

TEST_F(RoomPages, TellWhatSomebodyAgreesTo)
{
  const auto story = a_room();
  const auto text = text_of(join_page(view_of(story), token));
  for (const auto* said : {"Nothing of Microsoft answers",
                           "From 10:00 until 11:00 at the latest",
                           "Which names and addresses your device asks for, when and how often",
                           "Never content",
                           "The address of your network card",
                           "The report numbers the devices",
                           "for emergency calls (112), care, alarms",
                           "Calls and print jobs may break off"}) {
    EXPECT_NE(text.find(said), std::string::npos) << said;
  }
  EXPECT_EQ(text.find("It was not shown"), std::string::npos);
}

TEST_F(RoomPages, SayWhereTheCutWasNotProved)
{
  auto story = a_room();
  story.record.proof.checks.clear();
  const auto view = view_of(story);
  for (const auto& html : {join_page(view, token),
                           participant_page(view, 0, token),
                           about_page(view),
                           leader_page(view, base),
                           beamer_page(view, base, a_qr_code)}) {
    EXPECT_NE(html.find("It was not shown beforehand that the cut holds"), std::string::npos);
  }
}

TEST_F(RoomPages, TellADeviceWhatItAskedAndWhatBecameOfEachTask)
{
  auto story = a_room();
  story.blocked(0, "login.microsoft.example", 1, 19).count = 200;
  story.question(0, "login.microsoft.example", 2).count = 14;
  const auto text = text_of(participant_page(view_of(story), 0, token));
  EXPECT_NE(text.find("This device asked Microsoft 214 times in 20 minutes."), std::string::npos)
      << text;
  EXPECT_NE(text.find("Most for: login.microsoft.example (214)."), std::string::npos);
  EXPECT_NE(text.find("Log-in: refused"), std::string::npos);
  EXPECT_NE(text.find("Files: not tested"), std::string::npos);
}

// What was not seen is not said to work.
TEST_F(RoomPages, TellADeviceThatNothingWasSeen)
{
  const auto story = a_room();
  const auto text = text_of(participant_page(view_of(story), 2, token));
  EXPECT_NE(text.find("Since 10:03 this device was not seen to ask anything of Microsoft."),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("On the network of this device: not seen."), std::string::npos);
}

TEST_F(RoomPages, ShowADeviceItsOwnLastMarkWithItsTime)
{
  auto story = a_room();
  story.mark(0, 0, Mark::Works, 5).mark(0, 1, Mark::CouldNotTry, 8).mark(0, 0, Mark::Stopped, 12);
  story.record.marks.back().note = "leeg scherm";
  const auto text = text_of(participant_page(view_of(story), 0, token));
  EXPECT_NE(text.find("You marked at 10:12: stopped. leeg scherm"), std::string::npos) << text;
  EXPECT_EQ(count_of(text, "You marked"), 1U);
  EXPECT_NE(text.find("Log-in: stopped"), std::string::npos);
}

TEST_F(RoomPages, TellAProblemAtItsFieldAndGiveBackWhatWasTyped)
{
  const auto story = a_room();
  const auto view = view_of(story);
  const auto join = join_page(view, token, {.field = "name", .text = "No name.", .typed = "a\"b"});
  EXPECT_NE(join.find("<p class=\"bad\" id=\"name-wrong\">No name.</p>"), std::string::npos);
  EXPECT_NE(join.find("aria-describedby=\"name-hint name-wrong\" aria-invalid=\"true\""),
            std::string::npos);
  EXPECT_NE(join.find("value=\"a&quot;b\""), std::string::npos);
  EXPECT_NE(join.find("<title>Not joined yet"), std::string::npos);
  const auto consent = join_page(view, token, {.field = "consent", .text = "No.", .typed = "desk"});
  EXPECT_NE(consent.find("id=\"consent-wrong\">No.</p>"), std::string::npos);
  EXPECT_NE(consent.find("value=\"desk\""), std::string::npos);
  const auto mark = participant_page(
      view, 0, token, {.field = "mark", .text = "Which?", .typed = "note", .task = 1});
  EXPECT_GT(mark.find("id=\"wrong-1\">Which?</p>"), mark.find("id=\"task-1\""));
  EXPECT_EQ(count_of(mark, "Which?"), 1U);
  const auto mac = leader_page(view, base, {.field = "mac", .text = "No card.", .typed = "zz"});
  EXPECT_NE(mac.find("id=\"mac-wrong\">No card.</p>"), std::string::npos);
  EXPECT_NE(mac.find("value=\"zz\""), std::string::npos);
  // A problem of no field is told on top.
  for (const auto& html : {join_page(view, token, {.text = "Too old."}),
                           participant_page(view, 0, token, {.text = "Too old."}),
                           participant_page(view, 0, token, {.text = "Too old.", .task = 99}),
                           leader_page(view, base, {.text = "Too old."})}) {
    EXPECT_EQ(count_of(html, "id=\"wrong\">Too old.</p>"), 1U);
  }
}

TEST_F(RoomPages, ShowTheLeaderWhoIsInWhatFellFirstAndWhatSurprises)
{
  auto story = a_room();
  story.record.devices[1].left = RoomStory::at(15);
  story.record.devices[0].outside = {{.what = "vpn", .time = RoomStory::at(4)}};
  story.mark(1, 0, Mark::Stopped, 7);
  story.living(0, "files.example", 5, 7);
  auto& login = story.blocked(0, "login.microsoft.example", 6, 7);
  login.count = 12;
  login.login = true;  // else it would be the other task's
  story.record.turned_away = 3;
  const auto text = text_of(board_fragment(view_of(story), base, false));
  for (const auto* said :
       {"Cut since 10:00: 20 minutes. Until 11:00 at the latest: 40 minutes more.",
        "2 devices are in. 1 has left.",
        "10:04: says: a VPN",
        "left at 10:15",
        "printer (let in by you)",
        "cut and stopped",
        "stopped: 1",
        "Files, at 10:07: 7 minutes after the cut",
        "Files stopped though its own names can be reached. At about that time "
        "Microsoft was asked for login.microsoft.example, where log-ins come from",
        "All together 12 times since 10:00",
        "3 packets of devices that have not joined were turned away."}) {
    EXPECT_NE(text.find(said), std::string::npos) << said << "\n" << text;
  }
}

TEST_F(RoomPages, TellWhoLeadsWhyAFindingIsLessSure)
{
  auto story = a_room();
  story.living(0, "files.example", 5, 7);
  story.mark(1, 0, Mark::Works, 7);
  story.record.devices[0].outside = {{.what = "vpn", .time = RoomStory::at(4)}};
  const auto view = view_of(story);
  EXPECT_NE(text_of(board_fragment(view, base, false))
                .find("Less sure: the device may have gone around the room"),
            std::string::npos);
  EXPECT_NE(board_fragment(view, base, true).find("Less sure."), std::string::npos);
  EXPECT_EQ(board_fragment(view, base, true).find("gone around the room;"), std::string::npos);
}

TEST_F(RoomPages, NameWhoComesAlongEverywhere)
{
  auto story = a_room();
  story.record.parties = {"github", "linkedin", "microsoft", "nuance"};
  story.record.party_names = {
      {"github", "GitHub"}, {"linkedin", "LinkedIn"}, {"microsoft", "Microsoft"}};
  const auto view = view_of(story);
  for (const auto& html : {join_page(view, token),
                           participant_page(view, 0, token),
                           about_page(view),
                           leader_page(view, base),
                           beamer_page(view, base, a_qr_code)}) {
    EXPECT_TRUE(html.find("without Microsoft<") != std::string::npos ||
                html.find("About this room<") != std::string::npos);
    EXPECT_EQ(count_of(html, "Cut off are: GitHub, LinkedIn, Microsoft, nuance."), 1U);
  }
  story.record.parties.pop_back();
  EXPECT_NE(join_page(view, token).find("A room without Microsoft, GitHub and LinkedIn"),
            std::string::npos);
}

TEST_F(RoomPages, SayThatOldDataAreOldAndWhatRenewsThem)
{
  auto story = a_room();
  const auto say_so = [](const RoomView& view) {
    std::size_t count = 0;
    for (const auto& html : {participant_page(view, 0, token),
                             leader_page(view, base),
                             beamer_page(view, base, a_qr_code)}) {
      count += count_of(html, "days old, so what has moved since is missed; zonder data update");
    }
    return count;
  };
  EXPECT_EQ(say_so(view_of(story)), 0U);
  story.record.data_date = "2026-01-01";
  EXPECT_EQ(say_so(view_of(story)), 3U);
}

TEST_F(RoomPages, TellTheLeaderAtOnceThatNothingIsKept)
{
  const auto story = a_room();
  auto view = view_of(story);
  EXPECT_EQ(leader_page(view, base).find("role=\"alert\""), std::string::npos);
  view.unkept = "cannot write /root/room.html.unfinished: No space left on device";
  const auto board = board_fragment(view, base, false);
  EXPECT_LT(board.find("What is seen now is not being kept: cannot write "
                       "/root/room.html.unfinished: No space left on device."),
            board.find("Cut since"));
  EXPECT_NE(board.find("role=\"alert\""), std::string::npos);
}

TEST_F(RoomPages, TellTheLeaderInTheEndWhereTheReportIsAndWhatToDo)
{
  const auto story = a_room();
  auto view = view_of(story);
  const auto text = text_of(room_over_page(view));
  for (const auto* said : {"The report is there in some seconds",
                           "/root/room.html",
                           "zonder room --recover /root/room.html",
                           "Everybody goes back",
                           "Read the report together"}) {
    EXPECT_NE(text.find(said), std::string::npos) << said << text;
  }
  view.reports.clear();
  EXPECT_NE(text_of(room_over_page(view)).find("The report is on the terminal, and nowhere else."),
            std::string::npos);
}

// The numbers of a list stand left of it: in large letters they need more room.
TEST_F(RoomPages, LeaveRoomForNumbersOnTheBeamer)
{
  const auto story = a_room();
  EXPECT_NE(beamer_page(view_of(story), base, a_qr_code).find("ul,ol{padding-left:2.4em}"),
            std::string::npos);
}

TEST_F(RoomPages, TellWhatDisturbsTheRoomAndWhoLeadsByWhichCard)
{
  auto story = a_room();
  const auto quiet = text_of(board_fragment(view_of(story), base, false));
  EXPECT_EQ(quiet.find("What disturbs the room"), std::string::npos);
  story.record.givers = {{.who = "02:00:00:00:00:07", .device = {}, .time = story.at(3)},
                         {.who = "02:00:00:00:00:08", .device = 0, .time = story.at(4)}};
  story.record.lapses = {{.from = story.at(5), .until = story.at(6)}};
  const auto leader = text_of(board_fragment(view_of(story), base, false));
  const auto beamer = text_of(board_fragment(view_of(story), base, true));
  for (const auto* said : {"router: 02:00:00:00:00:07, who has not joined (since 10:03)",
                           "router: 02:00:00:00:00:08, ",
                           "The room was closed from 10:05 until 10:06"}) {
    EXPECT_NE(leader.find(said), std::string::npos) << said << "\n" << leader;
  }
  EXPECT_NE(beamer.find("router: who has not joined (since 10:03)"), std::string::npos) << beamer;
  EXPECT_EQ(beamer.find("02:00:00"), std::string::npos);
}

TEST_F(RoomPages, NameTheSelectorWhereTheAbsentAreMany)
{
  auto story = a_room();
  story.record.without = "@us";
  story.record.except = "apple";
  story.record.parties.clear();
  for (int i = 0; i < 500; ++i) {
    story.record.parties.push_back("party-" + std::to_string(i));
  }
  const auto view = view_of(story);
  EXPECT_NE(join_page(view, token).find("A room without @us, except apple"), std::string::npos);
  const auto about = about_page(view);
  EXPECT_NE(about.find("party-59 and 440 more."), std::string::npos);
  EXPECT_LT(about.size(), page_limit);
}

TEST_F(RoomPages, AreBelow30KilobytesInBothLanguages)
{
  const auto story = a_full_room();
  const auto view = view_of(story);
  for (const auto language : {Language::English, Language::Dutch}) {
    const Speaking speaking(language);
    for (const auto& [name, html] : all_pages(view)) {
      EXPECT_LT(html.size(), page_limit) << name;
      RecordProperty(name + (language == Language::Dutch ? "-nl" : "-en"),
                     static_cast<int>(html.size()));
    }
  }
}

TEST_F(RoomPages, AskForNothingElseAndRunNothingInline)
{
  const auto story = a_full_room();
  for (const auto& [name, html] : all_pages(view_of(story))) {
    const bool has_board = name == "leader" || name == "beamer";
    EXPECT_EQ(count_of(html, "<script"), has_board ? 1U : 0U) << name;
    EXPECT_EQ(count_of(html, "<script src=\"" + std::string(base) + "board.js\" defer></script>"),
              has_board ? 1U : 0U);
    for (const auto* part : {"<img", "<link", "url(", "@import", "<iframe", "http-equiv"}) {
      EXPECT_EQ(count_of(html, part), 0U) << name << ": " << part;
    }
    EXPECT_FALSE(std::regex_search(html, std::regex("<[^>]* on[a-z]+="))) << name;
  }
}

// The same text in two places would be two things to a screen reader and to links.
TEST_F(RoomPages, HaveEachIdOnce)
{
  const auto story = a_full_room();
  static const std::regex id(" id=\"([^\"]*)\"");
  for (const auto& [name, html] : all_pages(view_of(story))) {
    std::set<std::string> seen;
    for (std::sregex_iterator i(html.begin(), html.end(), id), end; i != end; ++i) {
      EXPECT_TRUE(seen.insert((*i)[1]).second) << name << ": " << (*i)[1];
    }
  }
}

std::vector<std::string> hostile_texts()
{
  return {"<script>alert(1)</script>",
          "\"><img src=x onerror=alert(1)>",
          "' onmouseover='alert(1)",
          "</textarea></title></style><script>",
          "&lt;b&gt; &amp; &#60;",
          "\xe2\x80\xae"
          "evil\xe2\x81\xa6 isolated",
          std::string("zero\0byte", 9),
          "\x1b[31mred\x07 bell\r\nline",
          "\xff\xfe not utf-8 \xc3",
          "{} {0} %s %n",
          std::string(10240, 'x'),
          std::string(3000, '<')};
}

/// The tags of a page with the names of their attributes, without values and text: what a browser
/// makes of it, whatever people are called.
std::string skeleton_of(const std::string& html)
{
  static const std::regex tag("<[^>]*>");
  static const std::regex value("=\"[^\"]*\"");
  std::string skeleton;
  for (std::sregex_iterator i(html.begin(), html.end(), tag), end; i != end; ++i) {
    skeleton += std::regex_replace(i->str(), value, "=") + "\n";
  }
  return skeleton;
}

/// Wherever a text of somebody else's can stand, it stands.
RoomStory a_hostile_room(const std::string& text)
{
  auto story = a_full_room();
  for (auto& device : story.record.devices) {
    device.name = text;
    device.outside = {{.how = model::Outside::Vpn, .what = text, .time = RoomStory::at(2)},
                      {.what = text, .time = RoomStory::at(3)}};
  }
  for (auto& task : story.record.tasks) {
    task.title = task.role = task.how = text;
  }
  for (auto& mark : story.record.marks) {
    mark.note = text;
  }
  for (auto& contact : story.record.contacts) {
    contact.name = contact.party = text;
  }
  story.record.without = story.record.except = text;
  story.record.party_names = {{text, text}};
  story.record.parties = {text};
  return story;
}

/// The pages of such a room, with forms that the text was typed into.
std::vector<std::pair<std::string, std::string>> hostile_pages(const std::string& text)
{
  const auto story = a_hostile_room(text);
  auto view = view_of(story);
  view.wifi = text;
  view.reports = {text};
  view.unkept = text;
  return all_pages(view,
                   {.field = "name", .text = text, .typed = text},
                   {.text = text, .typed = text, .task = 2});
}

TEST_F(RoomPages, TakeNoHarmFromNamesOfOthers)
{
  const auto of_plain = hostile_pages("plain");
  for (const auto& text : hostile_texts()) {
    const auto pages = hostile_pages(text);
    for (std::size_t i = 0; i < pages.size(); ++i) {
      const auto& [name, html] = pages[i];
      const auto label = name + " with " + text.substr(0, 30);
      EXPECT_EQ(skeleton_of(html), skeleton_of(of_plain[i].second)) << label;
      for (const auto* part : {"\xe2\x80\xae", "\xe2\x81\xa6", "\x1b", "\x07", "\xff"}) {
        EXPECT_EQ(count_of(html, part), 0U) << label << ": " << part;
      }
      EXPECT_EQ(html.find('\0'), std::string::npos) << label;
      EXPECT_LT(html.size(), 3 * page_limit) << label;
    }
  }
}

// Whatever is long is cut, so that one neighbour cannot make another's page too large.
TEST_F(RoomPages, StayBelow30KilobytesWithLongNamesOfDevices)
{
  auto story = a_full_room();
  for (auto& device : story.record.devices) {
    device.name = std::string(10240, 'x');
  }
  for (auto& mark : story.record.marks) {
    mark.note = std::string(10240, '\n');
  }
  for (const auto& [name, html] : all_pages(view_of(story))) {
    EXPECT_LT(html.size(), page_limit) << name;
  }
}

TEST_F(RoomPages, SayNothingInEnglishToDutchReaders)
{
  const auto story = a_full_room();
  const auto view = view_of(story);
  const Speaking dutch(Language::Dutch);
  // Words that no Dutch sentence has.
  const std::regex english(R"(\b(the|this|that|your|you|and|with|which|asks|joined|nothing)\b)");
  for (const auto& [name, html] : all_pages(view)) {
    const auto text = text_of(html);
    std::smatch found;
    EXPECT_FALSE(std::regex_search(text, found, english))
        << name << ": " << found.str() << found.suffix().str().substr(0, 80);
  }
}

/// Holds pages, each with its name, against axe.
void expect_no_findings(const std::vector<std::pair<std::string, std::string>>& pages)
{
  const auto folder = *TemporaryFolder::make();
  std::vector<std::string> files;
  for (const auto& [name, html] : pages) {
    files.push_back(folder.path() + "/" + name + ".html");
    ASSERT_TRUE(write_file(files.back(), html));
  }
  const auto checked = test::check_with_axe(files);
  if (!checked.not_here.empty()) {
    GTEST_SKIP() << checked.not_here;
  }
  EXPECT_EQ(checked.exit_code, 0) << checked.found;
}

/// A room with words that have no place to break.
RoomStory a_room_of_long_words()
{
  auto story = a_room();
  story.record.devices[0].name = std::string(10240, 'x');
  story.record.tasks[0].title = std::string(10240, 'y');
  story.blocked(0, std::string(200, 'z') + ".example", 1, 2);
  story.mark(0, 0, Mark::Stopped, 3);
  story.record.marks.back().note = std::string(10240, 'n');
  return story;
}

// In two halves, since a browser takes its time.
TEST_F(RoomPages, AreFreeOfFindingsOfAxeForWhoTakesPart)
{
  const auto story = a_full_room();
  const auto view = view_of(story);
  const auto long_words = a_room_of_long_words();
  std::vector<std::pair<std::string, std::string>> pages = {
      {"join", join_page(view, token, {.field = "name", .text = "Give it a name."})},
      {"mine", participant_page(view, 0, token, {.text = "Choose one.", .task = 1})},
      {"long", participant_page(view_of(long_words), 0, token)},
      {"about", about_page(view)},
      {"over", room_over_page(view)}};
  const Speaking dutch(Language::Dutch);
  pages.emplace_back("mine-nl", participant_page(view, 0, token));
  expect_no_findings(pages);
}

TEST_F(RoomPages, AreFreeOfFindingsOfAxeForWhoLeads)
{
  const auto story = a_full_room();
  const auto view = view_of(story);
  const auto long_words = a_room_of_long_words();
  std::vector<std::pair<std::string, std::string>> pages = {
      {"leader", leader_page(view, base, {.field = "mac", .text = "That is no card."})},
      {"leader-long", leader_page(view_of(long_words), base)},
      {"beamer", beamer_page(view, base, a_qr_code)}};
  const Speaking dutch(Language::Dutch);
  pages.emplace_back("beamer-long-nl", beamer_page(view_of(long_words), base, a_qr_code));
  expect_no_findings(pages);
}

}  // namespace
}  // namespace zonder::web
