// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <yaml-cpp/yaml.h>

#include "base/utf8.hh"
#include "room/task_file.hh"

using namespace zonder;

namespace {

void require(bool holds)
{
  if (!holds) {
    std::abort();
  }
}

bool same(const model::RoomTask& a, const model::RoomTask& b)
{
  return a.title == b.title && a.role == b.role && a.how == b.how && a.names == b.names &&
         a.inside == b.inside && a.stops_after == b.stops_after;
}

void write_text(YAML::Emitter& out, const char* key, const std::string& text)
{
  if (!text.empty()) {
    out << YAML::Key << key << YAML::Value << YAML::DoubleQuoted << text;
  }
}

std::string written(const std::vector<model::RoomTask>& tasks)
{
  YAML::Emitter out;
  out << YAML::BeginMap << YAML::Key << "tasks" << YAML::Value << YAML::BeginSeq;
  for (const auto& task : tasks) {
    out << YAML::BeginMap;
    write_text(out, "title", task.title);
    write_text(out, "role", task.role);
    write_text(out, "how", task.how);
    out << YAML::Key << "names" << YAML::Value << YAML::BeginSeq;
    for (const auto& name : task.names) {
      out << YAML::DoubleQuoted << name;
    }
    out << YAML::EndSeq << YAML::Key << "inside" << YAML::Value << task.inside;
    if (task.stops_after) {
      write_text(out, "stops_after", std::to_string(task.stops_after->count()) + "m");
    }
    out << YAML::EndMap;
  }
  out << YAML::EndSeq << YAML::EndMap;
  return out.c_str();
}

}  // namespace

// Whatever the bytes are: tasks within the limits that mean the same when they are written and read
// again, or one sentence with the place in it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto tasks = room::read_tasks("tasks.yaml", text);
  if (!tasks) {
    require(tasks.error().fault == Fault::Usage);
    require(tasks.error().message.starts_with("tasks.yaml:"));
    return 0;
  }
  require(!tasks->empty() && tasks->size() <= 40);
  for (const auto& task : *tasks) {
    const auto characters = characters_in(task.title);
    require(characters && *characters > 0 && *characters <= 200);
    require(task.title.find_first_of("\n\r\x1b\x7f") == std::string::npos);
  }
  const auto text_again = written(*tasks);
  if (text_again.size() > 65'536) {
    return 0;  // as Unicode escapes it is longer than it was
  }
  const auto again = room::read_tasks("tasks.yaml", text_again);
  require(again && again->size() == tasks->size());
  for (std::size_t i = 0; i < tasks->size(); ++i) {
    require(same((*tasks)[i], (*again)[i]));
  }
  return 0;
}
