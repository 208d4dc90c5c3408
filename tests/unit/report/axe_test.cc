// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/file.hh"
#include "base/translate.hh"
#include "report/judgement.hh"
#include "report/room_html.hh"
#include "report/run_html.hh"
#include "support/axe_check.hh"
#include "support/room_town.hh"
#include "support/run_story.hh"

// The HTML report in a browser, held against the rules of axe.
namespace zonder::report {
namespace {

// A white PNG of 4 by 3.
constexpr const char* picture =
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAIAAAA7ljmRAAAADklEQVR4nGP4jwQYcHIAu4"
    "cj3ZP55DwAAAAASUVORK5CYII=";

model::PageVisit a_visit(model::RequestOutcome outcome)
{
  model::PageVisit visit;
  visit.url = "https://www.town.example/with/a/long/path/that/has/no/place/to/break/at/all.html";
  visit.outcome = model::PageOutcome::Loaded;
  visit.loaded_after = 0.8;
  visit.requests = {
      {.url = visit.url, .kind = "document", .outcome = model::RequestOutcome::Came, .status = 200},
      {.url = "https://cdn.github.example/" + std::string(300, 'a') + ".js",
       .kind = "script",
       .outcome = outcome,
       .error = std::string(200, 'e'),
       .party = "github"}};
  visit.screenshot = picture;
  return visit;
}

/// What stands in list items and paragraphs.
std::vector<std::string> sentences_of(const std::string& html)
{
  std::vector<std::string> all;
  for (std::size_t at = html.find("<h1>"); at < html.size();) {
    const auto start = html.find('>', at) + 1;
    const auto end = std::min(html.find('<', start), html.size());
    if (end > start + 1) {
      all.push_back(html.substr(start, end - start));
    }
    at = end;
  }
  return all;
}

/// Everything that a report can have in it.
model::RunRecord full_record()
{
  auto record = test::run_story("git   blocked  github  github.com   192.0.2.1  tcp/443\n"
                                "git   passed   -       example.org  192.0.2.9  tcp/443\n"
                                "curl  blocked  github  github.com   -          dns\n");
  record.dns.mode = model::DnsMode::Honest;
  record.dns.failed = {{.name = "www.hangs.example",
                        .chain = {{.name = "www.hangs.example",
                                   .zone = "hangs.example",
                                   .servers = {{.name = "ns.github.example",
                                                .address = net::Address::try_parse("192.0.2.1"),
                                                .party = "github"}}}}}};
  record.left_the_room = {{"unix socket /run/user/1000/bus", "what it means"}};
  record.pages.emplace();
  record.pages->browser = "Chrome/140.0";
  record.pages->sandboxed = false;
  record.pages->width = 4;
  record.pages->height = 3;
  record.pages->with = {a_visit(model::RequestOutcome::Came)};
  record.pages->without = {a_visit(model::RequestOutcome::Failed)};
  record.pages->without[0].console = {
      {.error = true, .text = "Failed to load resource", .url = "https://cdn.github.example/a.js"}};
  return record;
}

/// Skips the calling test where axe or a browser is missing.
void hold_against_axe(const std::function<std::string()>& make_report)
{
  const auto folder = *TemporaryFolder::make();
  std::vector<std::string> files;
  for (const char* language : {"nl", "en"}) {
    choose_language(language, test::built_locale());
    files.push_back(folder.path() + "/" + language + ".html");
    const auto html = make_report();
    EXPECT_NE(html.find(std::string("<html lang=\"") + language), std::string::npos);
    ASSERT_TRUE(write_file(files.back(), html));
  }
  const auto checked = test::check_with_axe(files);
  if (!checked.not_here.empty()) {
    GTEST_SKIP() << checked.not_here;
  }
  EXPECT_EQ(checked.exit_code, 0) << checked.found;
}

TEST(RunHtml, IsFreeOfFindingsOfAxeInBothLanguages)
{
  const auto record = full_record();
  hold_against_axe([&] { return run_as_html(record, {}, judge(record, nullptr, nullptr)); });
}

TEST(RoomHtml, IsFreeOfFindingsOfAxeInBothLanguages)
{
  auto story = test::town_in_a_room();
  story.record.tasks[0].title = std::string(79, 'w');  // no place to break
  story.record.marks[0].note = std::string(300, 'n');
  story.blocked(0, std::string(60, 'a') + "." + std::string(60, 'b') + ".example", 1, 2);
  hold_against_axe([&] { return room_as_html(story.record, {}); });
}

TEST(RoomHtml, IsDutchFromBeginningToEnd)
{
  const auto record = test::town_in_a_room().record;
  const auto english = sentences_of(room_as_html(record, {}));
  choose_language("nl", test::built_locale());
  const auto dutch = sentences_of(room_as_html(record, {}));
  choose_language("en", test::built_locale());
  ASSERT_EQ(dutch.size(), english.size());
  for (std::size_t i = 0; i < dutch.size(); ++i) {
    // What is longer than a name and a number is words.
    EXPECT_TRUE(dutch[i].size() < 60 || dutch[i] != english[i]) << dutch[i];
  }
}

}  // namespace
}  // namespace zonder::report
