// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/file.hh"
#include "store/observation_store.hh"
#include "store/sqlite.hh"

namespace zonder::store {
namespace {

using model::Kind;
using model::Relation;
using namespace std::chrono_literals;

const model::Moment noon{std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 12h};

class Store : public testing::Test {
protected:
  ObservationStore open() { return ObservationStore::open(path_).value(); }

  /// A device that asked for a name: count times, from `first` on for an hour.
  static Reading::Finished read(ObservationStore& store,
                                const std::string& content,
                                const std::string& device,
                                const std::string& name,
                                std::optional<model::Moment> first = noon)
  {
    auto reading = store.begin_reading().value();
    add(reading, device, name, first);
    return reading.finish(source(content)).value();
  }
  static void add(Reading& reading,
                  const std::string& device,
                  const std::string& name,
                  std::optional<model::Moment> first)
  {
    const std::vector<model::Thing> things = {{Kind::Device, device}, {Kind::Name, name}};
    model::Row row;
    row.subject = 0;
    row.object = 1;
    row.first = first;
    row.last = first ? std::optional(*first + 1h) : std::nullopt;
    row.count = 2;
    row.bytes = 10;
    ASSERT_TRUE(reading.add(things, std::span(&row, 1)));
  }
  static Source source(const std::string& content)
  {
    Source source;
    source.path = content + ".log";
    source.format = "zeek";
    source.sha256 = content;
    source.read_at = noon + 24h;
    source.records = 9;
    source.unreadable = 1;
    source.tool = "zonder test";
    return source;
  }
  static std::vector<model::Observation> all(ObservationStore& store, const Wanted& wanted = {})
  {
    std::vector<model::Observation> found;
    EXPECT_TRUE(store.each(wanted, [&found](const model::Observation& seen) {
      found.push_back(seen);
      return true;
    }));
    return found;
  }

  TemporaryFolder folder_ = TemporaryFolder::make().value();
  std::string path_ = folder_.path() + "/project.zonder";
};

TEST_F(Store, KeepsWhatWasSeenAndFromWhat)
{
  {
    auto store = open();
    const auto done = read(store, "monday", "10.0.0.5", "www.example.nl");
    EXPECT_FALSE(done.known);
    EXPECT_EQ(done.source.id, 1U);
  }
  auto store = open();
  const auto seen = all(store);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].subject, "10.0.0.5");
  EXPECT_EQ(seen[0].relation, Relation::Asked);
  EXPECT_EQ(seen[0].object, "www.example.nl");
  EXPECT_EQ(seen[0].first, noon);
  EXPECT_EQ(seen[0].last, noon + 1h);
  EXPECT_EQ(seen[0].count, 2U);
  EXPECT_EQ(seen[0].bytes, 10U);
  const auto sources = store.sources().value();
  ASSERT_EQ(sources.size(), 1U);
  EXPECT_EQ(sources[0].path, "monday.log");
  EXPECT_EQ(sources[0].tool, "zonder test");
  EXPECT_EQ(sources[0].first, noon);
  EXPECT_EQ(sources[0].last, noon + 1h);
  EXPECT_DOUBLE_EQ(sources[0].completeness(), 0.9);
  EXPECT_EQ(sources[0].age(noon + 3h), 2h);
}

TEST_F(Store, TheSameContentTwiceChangesNothing)
{
  auto store = open();
  read(store, "monday", "10.0.0.5", "www.example.nl");
  const auto again = read(store, "monday", "10.0.0.6", "other.example.nl");
  EXPECT_TRUE(again.known);
  EXPECT_EQ(again.source.id, 1U);
  EXPECT_EQ(all(store).size(), 1U);
  const auto summary = store.summary().value();
  EXPECT_EQ(summary.sources, 1U);
  ASSERT_EQ(summary.things.size(), 2U);
  EXPECT_EQ(summary.things[0].second, 1U);
  // And the next source comes in as ever.
  EXPECT_FALSE(read(store, "tuesday", "10.0.0.6", "other.example.nl").known);
}

TEST_F(Store, WhatIsNotFinishedIsAsIfItHadNeverBegun)
{
  auto store = open();
  {
    auto reading = store.begin_reading().value();
    add(reading, "10.0.0.5", "www.example.nl", noon);
  }
  EXPECT_TRUE(all(store).empty());
  EXPECT_TRUE(store.sources().value().empty());
  EXPECT_TRUE(store.summary().value().things.empty());
}

TEST_F(Store, AddsWhatComesInPartsAndWidensItsTime)
{
  auto store = open();
  auto reading = store.begin_reading().value();
  add(reading, "10.0.0.5", "www.example.nl", noon);
  add(reading, "10.0.0.5", "www.example.nl", noon - 5h);
  add(reading, "10.0.0.5", "www.example.nl", std::nullopt);
  ASSERT_TRUE(reading.finish(source("monday")));
  const auto seen = all(store);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].count, 6U);
  EXPECT_EQ(seen[0].first, noon - 5h);
  EXPECT_EQ(seen[0].last, noon + 1h);
}

TEST_F(Store, AnswersBySubjectObjectRelationAndSource)
{
  auto store = open();
  read(store, "monday", "10.0.0.5", "www.example.nl");
  read(store, "tuesday", "10.0.0.5", "mail.example.nl");
  read(store, "wednesday", "10.0.0.6", "mail.example.nl");
  EXPECT_EQ(all(store, {.subject = {{Kind::Device, "10.0.0.5"}}}).size(), 2U);
  EXPECT_EQ(all(store, {.object = {{Kind::Name, "mail.example.nl"}}}).size(), 2U);
  EXPECT_EQ(all(store, {.object = {{Kind::Address, "mail.example.nl"}}}).size(), 0U);
  EXPECT_EQ(all(store, {.relation = Relation::Asked}).size(), 3U);
  EXPECT_EQ(all(store, {.relation = Relation::Reached}).size(), 0U);
  EXPECT_EQ(all(store, {.source = 3}).size(), 1U);
  const auto summary = store.summary().value();
  ASSERT_EQ(summary.lines.size(), 1U);
  EXPECT_EQ(summary.lines[0].observations, 3U);
  EXPECT_EQ(summary.lines[0].count, 6U);
}

TEST_F(Store, ForgetsForGood)
{
  auto store = open();
  read(store, "old", "10.0.0.5", "canary-old.example.nl", noon - 240h);
  read(store, "new", "10.0.0.6", "new.example.nl", noon);
  read(store, "no times", "10.0.0.7", "timeless.example.nl", std::nullopt);
  const auto forgotten = store.forget_before(noon - 1h).value();
  EXPECT_EQ(forgotten.observations, 1U);
  EXPECT_EQ(forgotten.things, 2U);
  EXPECT_EQ(all(store).size(), 2U);
  EXPECT_EQ(store.summary().value().lines[0].observations, 2U);
  // Not a byte of it is in any of the project's files.
  for (const auto& file : std::filesystem::directory_iterator(folder_.path())) {
    EXPECT_EQ(read_file(file.path()).value().find("canary-old"), std::string::npos) << file.path();
  }
  // The file that it came from cannot bring it back.
  EXPECT_TRUE(read(store, "old", "10.0.0.5", "canary-old.example.nl", noon - 240h).known);
  EXPECT_EQ(all(store).size(), 2U);
  EXPECT_EQ(store.sources().value()[0].forgotten_before, noon - 1h);
}

TEST_F(Store, WhatIsLeftBeganWhenTheRestWasForgottenAtTheEarliest)
{
  auto store = open();
  read(store, "monday", "10.0.0.5", "www.example.nl", noon);
  ASSERT_EQ(store.forget_before(noon + 30min).value().observations, 0U);
  EXPECT_EQ(all(store)[0].first, noon + 30min);
  EXPECT_EQ(all(store)[0].last, noon + 1h);
}

TEST_F(Store, DevicesCanBePseudonymsAlsoThoseOfBefore)
{
  trust::KeyedWord::Secret secret{};
  const trust::KeyedWord key(secret);
  {
    auto store = open();
    read(store, "monday", "canary-10.0.0.5", "www.example.nl");
    ASSERT_TRUE(store.pseudonymise(key));
    read(store, "tuesday", "canary-10.0.0.5", "mail.example.nl");
    const auto seen = all(store);
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_TRUE(seen[0].subject.starts_with("device-")) << seen[0].subject;
    EXPECT_EQ(seen[0].subject, seen[1].subject);
    EXPECT_EQ(seen[1].object, "mail.example.nl");
  }
  for (const auto& file : std::filesystem::directory_iterator(folder_.path())) {
    EXPECT_EQ(read_file(file.path()).value().find("canary"), std::string::npos) << file.path();
  }
  auto store = open();
  EXPECT_TRUE(store.is_pseudonymised());
  EXPECT_FALSE(store.begin_reading()) << "without the key";
  secret[0] = 1;
  EXPECT_FALSE(store.pseudonymise(trust::KeyedWord(secret))) << "with another key";
  EXPECT_TRUE(store.pseudonymise(key));
  EXPECT_TRUE(store.begin_reading());
}

TEST_F(Store, IsItsOwnersAlone)
{
  auto store = open();
  struct stat about = {};
  ASSERT_EQ(::stat(path_.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
}

TEST_F(Store, RefusesOtherFilesAndNewerProjects)
{
  std::ofstream(path_) << "no database, but a text that is longer than the head of one is: "
                       << std::string(200, 'x');
  EXPECT_FALSE(ObservationStore::open(path_));
  std::filesystem::remove(path_);
  {
    auto other = Database::open(path_).value();
    ASSERT_TRUE(other.run("CREATE TABLE cookies(x)"));
  }
  const auto opened = ObservationStore::open(path_);
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("not a project"), std::string::npos);
  std::filesystem::remove(path_);
  {
    auto store = open();
  }
  {
    auto newer = Database::open(path_).value();
    ASSERT_TRUE(newer.run("PRAGMA user_version=99"));
  }
  const auto newer = ObservationStore::open(path_);
  ASSERT_FALSE(newer);
  EXPECT_NE(newer.error().message.find("newer"), std::string::npos);
}

TEST_F(Store, TheKeyIsMadeOnceAndRefusedWhenOthersCanReadIt)
{
  const auto path = folder_.path() + "/key";
  const auto first = pseudonym_key(path).value();
  const auto second = pseudonym_key(path).value();
  EXPECT_EQ(first.of("a device"), second.of("a device"));
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  EXPECT_FALSE(pseudonym_key(path));
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  std::ofstream(path) << "short";
  EXPECT_FALSE(pseudonym_key(path));
}

}  // namespace
}  // namespace zonder::store
