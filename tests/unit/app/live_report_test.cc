// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "app/live_report.hh"
#include "base/file.hh"
#include "support/json_schema.hh"
#include "support/run_story.hh"

namespace zonder::app {
namespace {

model::Absence microsoft()
{
  return test::allowed_party("microsoft", "20.190.128.0/18", "microsoft.example");
}

model::Sighting sighting(const std::string& name)
{
  model::Sighting seen;
  seen.name = name;
  seen.protocol = "dns";
  return seen;
}

std::vector<std::string> lines_of(const std::string& path)
{
  std::vector<std::string> lines;
  std::istringstream text(read_file(path).value_or(""));
  for (std::string line; std::getline(text, line);) {
    lines.push_back(line);
  }
  return lines;
}

class LiveReportTest : public testing::Test {
protected:
  TemporaryFolder folder = TemporaryFolder::make().value();
  const std::string path = folder.path() + "/run.jsonl";
  const model::Absence absence = microsoft();
  const model::RunRecord record =
      test::run_story("git blocked microsoft a.example 20.190.128.1 tcp/443");
};

TEST_F(LiveReportTest, HasEachLineAsSoonAsItIsTold)
{
  auto report = LiveReport::open(path, absence).value();
  EXPECT_TRUE(lines_of(path).empty());
  report->attempt(sighting("of-the-proof.example"));
  EXPECT_TRUE(lines_of(path).empty());
  report->start(record);
  EXPECT_EQ(lines_of(path).size(), 1);
  report->attempt(sighting("a.example"));
  report->attempt(sighting("b.example"));
  report->attempt(sighting("a.example"));
  ASSERT_EQ(lines_of(path).size(), 3);
  EXPECT_NE(lines_of(path)[2].find(R"("party":"microsoft","name":"b.example","address":null)"),
            std::string::npos)
      << lines_of(path)[2];
  EXPECT_TRUE(report->end(record, report::judge(record, nullptr, nullptr)));
  const auto schema = read_file(ZONDER_SOURCE_DIR "/docs/schema/zonder.run-event-1.json").value();
  for (const auto& line : lines_of(path)) {
    EXPECT_EQ(test::against_schema(line, schema), std::vector<std::string>{}) << line;
  }
  EXPECT_NE(lines_of(path).back().find(R"("event":"end")"), std::string::npos);
}

TEST_F(LiveReportTest, IsBounded)
{
  auto report = LiveReport::open(path, absence).value();
  report->start(record);
  for (int i = 0; i < 20100; ++i) {
    report->attempt(sighting(std::to_string(i) + ".example"));
  }
  const auto lines = lines_of(path);
  ASSERT_EQ(lines.size(), 20002);  // the start, so many, and that there are more
  EXPECT_NE(lines.back().find(R"("event":"not-listed")"), std::string::npos) << lines.back();
}

TEST_F(LiveReportTest, OfARunThatNeverStartedTellsSo)
{
  auto report = LiveReport::open(path, absence).value();
  EXPECT_TRUE(report->end(record, report::judge(record, nullptr, nullptr)));
  EXPECT_NE(lines_of(path).front().find(R"("event":"start")"), std::string::npos);
}

// As on a full disk: what was written stays, and the end says that it is not all.
TEST_F(LiveReportTest, TellsWhenItCouldNotBeWritten)
{
  auto report = LiveReport::open(path, absence).value();
  report->start(record);
  const auto before = read_file(path).value();
  const auto handled = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  ::getrlimit(RLIMIT_FSIZE, &old);
  // Half a line would fit.
  const rlimit full = {.rlim_cur = before.size() + 40, .rlim_max = old.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &full);
  report->attempt(sighting("a.example"));
  ::setrlimit(RLIMIT_FSIZE, &old);
  (void)std::signal(SIGXFSZ, handled);
  const auto ended = report->end(record, report::judge(record, nullptr, nullptr));
  ASSERT_FALSE(ended);
  EXPECT_NE(ended.error().message.find("cannot write " + path), std::string::npos);
  EXPECT_EQ(read_file(path).value(), before);
}

TEST_F(LiveReportTest, HasTheCutInTheMomentThatItIsMade)
{
  auto report = LiveReport::open(path, absence).value();
  report->start(record);
  report->cut(record.started + std::chrono::seconds(5));
  ASSERT_EQ(lines_of(path).size(), 2);
  EXPECT_EQ(lines_of(path)[1],
            R"({"schema":"zonder.run-event/1","event":"cut","time":"2026-11-23T09:00:05Z"})");
  const auto schema = read_file(ZONDER_SOURCE_DIR "/docs/schema/zonder.run-event-1.json").value();
  EXPECT_EQ(test::against_schema(lines_of(path)[1], schema), std::vector<std::string>{});
}

TEST_F(LiveReportTest, TellsWhenItsFileIsNoLongerWhereItWas)
{
  const auto told = path + " was deleted, renamed or replaced while the command ran: this run's "
                           "report is not there";
  const auto end_after = [&](const auto& what) {
    auto report = LiveReport::open(path, absence).value();
    report->start(record);
    what();
    const auto ended = report->end(record, report::judge(record, nullptr, nullptr));
    return ended ? std::string() : ended.error().message;
  };
  const auto elsewhere = folder.path() + "/moved.jsonl";
  EXPECT_EQ(end_after([] {}), "");
  EXPECT_EQ(end_after([&] { std::filesystem::remove(path); }), told);
  EXPECT_EQ(end_after([&] { std::filesystem::rename(path, elsewhere); }), told);
  EXPECT_NE(lines_of(elsewhere).back().find(R"("event":"end")"), std::string::npos);
  EXPECT_EQ(end_after([&] { EXPECT_TRUE(write_file(path, "another one\n")); }), told);
  EXPECT_EQ(read_file(path).value(), "another one\n");
}

// Who empties or adds to a file that is being written leaves holes, or lines of nobody's.
TEST_F(LiveReportTest, TellsWhenSomebodyElseChangedItsFile)
{
  const auto told = path + " was emptied or changed by something else while the command ran: this "
                           "run's report is not whole";
  const auto end_after = [&](const auto& what) {
    auto report = LiveReport::open(path, absence).value();
    report->start(record);
    what();
    report->attempt(sighting("a.example"));
    const auto ended = report->end(record, report::judge(record, nullptr, nullptr));
    return ended ? std::string() : ended.error().message;
  };
  EXPECT_EQ(end_after([&] { std::filesystem::resize_file(path, 0); }), told);
  EXPECT_EQ(read_file(path).value().find('\0'), std::string::npos);
  EXPECT_NE(lines_of(path).front().find("a.example"), std::string::npos);
  EXPECT_EQ(end_after([&] { std::ofstream(path, std::ios::app) << "of another\n"; }), told);
  // Of the same size, too.
  EXPECT_EQ(end_after([&] {
              std::fstream file(path, std::ios::in | std::ios::out);
              file.seekp(3) << "x";
            }),
            told);
}

TEST_F(LiveReportTest, IsAFileAndNothingElse)
{
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(LiveReport::open(path, absence).error().message,
            path + " is no file, and a .jsonl report is followed in a file");
}

}  // namespace
}  // namespace zonder::app
