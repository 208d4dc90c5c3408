// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "base/file.hh"
#include "room/task_file.hh"

namespace zonder::room {
namespace {

std::string complaint_about(const std::string& text)
{
  const auto tasks = read_tasks("tasks.yaml", text);
  return tasks ? "none" : tasks.error().message;
}

std::string many(std::size_t count)
{
  std::string text = "tasks:\n";
  for (std::size_t i = 0; i < count; ++i) {
    text += "  - title: task " + std::to_string(i) + "\n";
  }
  return text;
}

TEST(TaskFile, ReadsEveryKey)
{
  const auto tasks = read_tasks("tasks.yaml",
                                R"(tasks:
  - title: Inloggen op het zaaksysteem
    role: behandelaar
    how: |
      Log eerst uit.
      Open dan een zaak.
    names: [Zaken.Voorbeeldstad.example, login.voorbeeldstad.example.]
    inside: true
    stops_after: 8h
  - title: Café bellen
)");
  ASSERT_TRUE(tasks) << tasks.error().message;
  ASSERT_EQ(tasks->size(), 2U);
  const auto& task = tasks->front();
  EXPECT_EQ(task.title, "Inloggen op het zaaksysteem");
  EXPECT_EQ(task.role, "behandelaar");
  EXPECT_EQ(task.how, "Log eerst uit.\nOpen dan een zaak.");
  EXPECT_EQ(
      task.names,
      (std::vector<std::string>{"zaken.voorbeeldstad.example", "login.voorbeeldstad.example"}));
  EXPECT_TRUE(task.inside);
  EXPECT_EQ(task.stops_after, std::chrono::hours(8));
  const auto& plain = tasks->back();
  EXPECT_EQ(plain.title, "Café bellen");
  EXPECT_TRUE(plain.role.empty() && plain.how.empty() && plain.names.empty());
  EXPECT_FALSE(plain.inside);
  EXPECT_FALSE(plain.stops_after);
}

TEST(TaskFile, OneNameNeedsNoList)
{
  const auto tasks = read_tasks("tasks.yaml", "tasks: [{title: x, names: www.zaakhulp.example}]");
  ASSERT_TRUE(tasks) << tasks.error().message;
  EXPECT_EQ(tasks->front().names, std::vector<std::string>{"www.zaakhulp.example"});
}

TEST(TaskFile, TellsWhatIsWrongAndWhere)
{
  EXPECT_EQ(complaint_about("tasks:\n  - titel: x\n"),
            "tasks.yaml:2:5: unknown key titel (did you mean title?)");
  EXPECT_EQ(complaint_about("tasks:\n  - title: x\n    colour: red\n"),
            "tasks.yaml:3:5: unknown key colour (known here: title, role, how, names, inside, "
            "stops_after)");
  EXPECT_EQ(complaint_about("taks: []\n"),
            "tasks.yaml:1:1: unknown key taks (did you mean tasks?)");
  EXPECT_EQ(complaint_about("tasks: []\n"),
            "tasks.yaml:1:8: tasks must be a list with something in it");
  EXPECT_EQ(complaint_about("{}\n"), "tasks.yaml:1:1: the key tasks is missing");
  EXPECT_EQ(complaint_about("- title: x\n"),
            "tasks.yaml:1:1: this must be a mapping with the keys tasks");
  EXPECT_EQ(complaint_about("tasks:\n  - role: clerk\n"),
            "tasks.yaml:2:5: the key title is missing");
  EXPECT_EQ(complaint_about("tasks:\n  - title: x\n    title: y\n"),
            "tasks.yaml:3:5: the key title is given twice: keep one");
  EXPECT_EQ(complaint_about("tasks:\n  - title: x\n    inside: yes\n"),
            "tasks.yaml:3:13: inside must be true or false, not yes");
  EXPECT_EQ(complaint_about("tasks:\n  - title: x\n    stops_after: 8\n"),
            "tasks.yaml:3:18: 8 is not a duration (write it like 30s, 10m, 1h30m or 3d)");
  EXPECT_EQ(complaint_about("tasks:\n  - title: x\n    stops_after: 30s\n"),
            "tasks.yaml:3:18: stops_after must be a minute (1m) or longer; leave it out where "
            "nothing lasts");
  EXPECT_EQ(complaint_about("tasks:\n  - title: x\n    names: ['*.zaakhulp.example']\n"),
            "tasks.yaml:3:13: write zaakhulp.example: a name stands for itself and all below it");
  EXPECT_TRUE(complaint_about("tasks:\n  - title: x\n    names: [a..b]\n")
                  .starts_with("tasks.yaml:3:13: "));
  EXPECT_EQ(complaint_about("tasks:\n  - title: x\n  - title: x\n"),
            "tasks.yaml:3:5: the task \"x\" is given twice: keep one, or give each a role");
}

TEST(TaskFile, SameTitleForTwoRolesIsTwoTasks)
{
  const auto tasks =
      read_tasks("tasks.yaml", "tasks: [{title: x, role: nurse}, {title: x, role: doctor}]");
  ASSERT_TRUE(tasks) << tasks.error().message;
  EXPECT_EQ(tasks->size(), 2U);
}

TEST(TaskFile, HoldsToItsLimits)
{
  EXPECT_EQ(complaint_about(many(40)), "none");
  EXPECT_EQ(complaint_about(many(41)),
            "tasks.yaml:42:5: more than 40 in tasks: leave the least out");
  std::string long_title;
  for (int i = 0; i < 200; ++i) {
    long_title += "\xc3\xa9";
  }
  EXPECT_EQ(complaint_about("tasks: [{title: " + long_title + "}]"), "none");
  EXPECT_EQ(complaint_about("tasks: [{title: " + long_title + "x}]"),
            "tasks.yaml:1:17: title is 201 characters long, and may be 200: shorten it");
  EXPECT_EQ(complaint_about(many(1) + std::string(65'536, '#')),
            "tasks.yaml:1:1: larger than the 65536 bytes that are allowed: split the file");
}

TEST(TaskFile, IsUtf8WithoutControlCharacters)
{
  EXPECT_EQ(complaint_about("tasks:\n  - title: caf\xe9\n"),
            "tasks.yaml:2:1: this is not UTF-8: save it as UTF-8 text");
  EXPECT_EQ(complaint_about(std::string("\xff\xfe") + "t\0a\0"),
            "tasks.yaml:1:1: this is not UTF-8: save it as UTF-8 text");
  EXPECT_EQ(complaint_about(std::string("tasks: [{title: a\0b}]", 21)),
            "tasks.yaml:1:1: this is not UTF-8: save it as UTF-8 text");
  EXPECT_EQ(complaint_about("tasks: [{title: \"a\\x1b[31m\"}]"),
            "tasks.yaml:1:17: title has control characters or line ends in it: leave them out");
  EXPECT_EQ(complaint_about("tasks: [{title: \"a\\u009b31m\"}]"),
            "tasks.yaml:1:17: title has control characters or line ends in it: leave them out");
  EXPECT_EQ(complaint_about("tasks: [{title: \"a\\nb\"}]"),
            "tasks.yaml:1:17: title has control characters or line ends in it: leave them out");
}

TEST(TaskFile, RefusesYamlThatIsNoTaskFile)
{
  EXPECT_EQ(complaint_about(""),
            "tasks.yaml:1:1: the file is empty; examples/room/town-hall.yaml shows what stands in "
            "it");
  EXPECT_TRUE(complaint_about("tasks: [").starts_with("tasks.yaml:1:"));
  EXPECT_EQ(complaint_about("tasks: &a [*a]\n"),
            "tasks.yaml:1:8: anchors and aliases (& and *) are not used here; write it out");
  EXPECT_EQ(complaint_about("tasks: [{title: x}]\n---\ntasks: [{title: y}]\n"),
            "tasks.yaml:1:1: more than one document (---) in the file: write one file for each");
  EXPECT_EQ(complaint_about("tasks: [{title: [x]}]"),
            "tasks.yaml:1:17: title must be a text that is not empty");
}

TEST(TaskFile, ExamplesOfTheKitAreRight)
{
  for (const auto* name : {"town-hall", "town-hall-en", "hospital", "school"}) {
    const auto path = std::string(ZONDER_SOURCE_DIR) + "/examples/room/" + name + ".yaml";
    const auto text = read_file(path, 65'536);
    ASSERT_TRUE(text) << path;
    const auto tasks = read_tasks(path, *text);
    EXPECT_TRUE(tasks) << tasks.error().message;
    EXPECT_GE(tasks->size(), 6U) << path;
  }
}

TEST(OrdinaryTasks, AreSixWithSomethingToDoAndNoNames)
{
  const auto tasks = ordinary_tasks();
  ASSERT_EQ(tasks.size(), 6U);
  for (const auto& task : tasks) {
    EXPECT_FALSE(task.title.empty() || task.how.empty());
    EXPECT_TRUE(task.names.empty());
  }
}

}  // namespace
}  // namespace zonder::room
