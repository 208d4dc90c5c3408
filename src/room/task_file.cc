// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "room/task_file.hh"

#include <algorithm>

#include <fmt/core.h>
#include <yaml-cpp/yaml.h>

#include "base/translate.hh"
#include "base/utf8.hh"
#include "room/task_yaml.hh"

namespace zonder::room {
namespace {

using model::RoomTask;

constexpr std::size_t largest_file = std::size_t{64} * 1024;
constexpr std::size_t most_tasks = 40;  // what fits a card, and an hour
constexpr std::size_t most_names = 20;
constexpr std::size_t longest_title = 200;
constexpr std::size_t longest_role = 60;
constexpr std::size_t longest_how = 1000;

RoomTask task_of(const YAML::Node& node)
{
  const auto parts = parts_of(node, {"title", "role", "how", "names", "inside", "stops_after"});
  RoomTask task;
  for (const auto& [key, value] : parts) {
    if (key == "title") {
      task.title = text_of(value, key, longest_title);
    } else if (key == "role") {
      task.role = text_of(value, key, longest_role);
    } else if (key == "how") {
      task.how = text_of(value, key, longest_how, true);
    } else if (key == "names") {
      for (const auto& name : nodes_of(value, key, most_names)) {
        task.names.push_back(domain_of(name));
      }
    } else if (key == "inside") {
      task.inside = yes_or_no_of(value, key);
    } else if (key == "stops_after") {
      task.stops_after = minutes_of(value, key);
    }
  }
  if (task.title.empty()) {
    wrong(node, say("the key {} is missing", "title"));
  }
  return task;
}

std::vector<RoomTask> tasks_of(const YAML::Node& tree)
{
  const auto parts = parts_of(tree, {"tasks"});
  const auto list = parts.find("tasks");
  if (list == parts.end()) {
    wrong(tree, say("the key {} is missing", "tasks"));
  }
  if (!list->second.IsSequence() || list->second.size() == 0) {
    wrong(list->second, say("{} must be a list with something in it", "tasks"));
  }
  std::vector<RoomTask> tasks;
  for (const auto& node : nodes_of(list->second, "tasks", most_tasks)) {
    auto task = task_of(node);
    const bool again = std::ranges::any_of(tasks, [&](const RoomTask& other) {
      return other.title == task.title && other.role == task.role;
    });
    if (again) {
      wrong(node, say("the task \"{}\" is given twice: keep one, or give each a role", task.title));
    }
    tasks.push_back(std::move(task));
  }
  return tasks;
}

/// The line, from 0, that holds the first byte that is no UTF-8 text.
int first_bad_line(const std::string& text)
{
  int line = 0;
  std::string_view rest = text;
  while (true) {
    const auto here = rest.substr(0, rest.find('\n'));
    if (!characters_in(here) || here.find('\0') != std::string_view::npos ||
        here.size() == rest.size()) {
      return line;
    }
    rest.remove_prefix(here.size() + 1);
    ++line;
  }
}

/// Not of a YAML reader: it takes other encodings too, and repairs what is none.
void check_text(const std::string& text)
{
  if (text.size() > largest_file) {
    wrong(Place{}, say("larger than the {} bytes that are allowed: split the file", largest_file));
  }
  if (!characters_in(text) || text.find('\0') != std::string::npos) {
    wrong(Place{.line = first_bad_line(text)}, say("this is not UTF-8: save it as UTF-8 text"));
  }
}

}  // namespace

Result<std::vector<RoomTask>> read_tasks(const std::string& path, const std::string& text)
{
  try {
    check_text(text);
    return tasks_of(tree_of(text));
  } catch (const Wrong& problem) {
    return fail(Fault::Usage,
                fmt::format("{}:{}:{}: {}",
                            path,
                            std::max(problem.where.line, 0) + 1,
                            std::max(problem.where.column, 0) + 1,
                            problem.what));
  }
}

std::vector<RoomTask> ordinary_tasks()
{
  const auto plain = [](const char* title, const char* how) {
    RoomTask task;
    task.title = title;
    task.how = how;
    return task;
  };
  return {
      plain(tr("Log in"),
            tr("Sign out first where you may, then sign in as you do in the morning.")),
      plain(tr("Open a case"), tr("Find a case or a file, open it, change a word and keep it.")),
      plain(tr("Call the desk"), tr("By the telephone that you use at work, not by your own.")),
      plain(tr("Print"), tr("One page, to the printer that you always use.")),
      plain(tr("Enter the door"), tr("With your own badge, at a door that asks for it.")),
      plain(tr("Pay"),
            tr("An amount of nothing, or in the supplier's test mode. Never in earnest."))};
}

}  // namespace zonder::room
