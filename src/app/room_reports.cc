// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/room_reports.hh"

#include <array>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "app/complain.hh"
#include "app/local_time.hh"
#include "app/report_file.hh"
#include "app/room_memory.hh"
#include "base/file.hh"
#include "base/translate.hh"
#include "report/room_html.hh"
#include "report/room_json.hh"
#include "report/room_text.hh"
#include "report/style.hh"

namespace zonder::app {
namespace {

bool is_there(const std::string& path)
{
  return ::access(path.c_str(), F_OK) == 0;
}

Result<void> check_is_new(const std::string& path)
{
  return is_there(path)
             ? fail(Fault::Usage,
                    say("{} is there already, and is not overwritten: move it away, or name "
                        "another file",
                        path))
             : Result<void>();
}

Result<void> check_form(const std::string& path)
{
  const auto suffix = std::filesystem::path(path).extension();
  constexpr std::array forms = {".html", ".json", ".txt"};
  for (const auto* const form : forms) {
    if (suffix == form) {
      return {};
    }
  }
  return fail(
      Fault::Usage,
      say("a room's report is .html, .json or .txt; {} ends in none of these (--export FILE "
          "is for every observation, as JSON lines)",
          path));
}

std::string as_report(const std::string& path, const model::RoomRecord& record)
{
  const report::Style style{.colour = false, .unicode = true, .now = record.ended};
  return path.ends_with(".json")   ? report::room_as_json(record)
         : path.ends_with(".html") ? report::room_as_html(record, style)
                                   : report::room_as_text(record, style);
}

/// "room-2.html", where "room.html" is there, or `is_taken` in another way.
std::string free_name(const std::string& path,
                      const std::function<bool(const std::string&)>& is_taken = is_there)
{
  const std::filesystem::path wanted(path);
  auto name = path;
  for (int number = 2; is_taken(name); ++number) {
    name = (wanted.parent_path() /
            fmt::format("{}-{}{}", wanted.stem().string(), number, wanted.extension().string()))
               .string();
  }
  return name;
}

}  // namespace

std::string usual_report(model::Moment now)
{
  using namespace std::chrono;
  const auto local = floor<seconds>(now) + east_of_utc(now);
  const auto day = floor<days>(local);
  const year_month_day date{day};
  const hh_mm_ss time{local - day};
  const auto name = fmt::format("zonder-room-{:04}-{:02}-{:02}-{:02}{:02}{:02}.html",
                                static_cast<int>(date.year()),
                                static_cast<unsigned>(date.month()),
                                static_cast<unsigned>(date.day()),
                                time.hours().count(),
                                time.minutes().count(),
                                time.seconds().count());
  return free_name(
      name, [](const std::string& each) { return is_there(each) || is_there(unfinished(each)); });
}

Result<void> check_room_files(const RoomOptions& typed)
{
  for (const auto& path : typed.reports) {
    ZONDER_TRY(check_form(path));
    ZONDER_TRY(check_report_path(path));
  }
  auto files = typed.reports;
  if (!typed.exported.empty()) {
    ZONDER_TRY(check_can_write(typed.exported));
    files.push_back(typed.exported);
  }
  ZONDER_TRY(check_all_differ(files));
  for (const auto& path : files) {
    ZONDER_TRY(check_is_new(path));
  }
  if (!typed.reports.empty() && typed.recover.empty()) {
    const auto left = unfinished(typed.reports.front());
    if (is_there(left)) {
      return fail(
          Fault::Usage,
          say("a room before this one ended without zonder, and left its record in {}: make "
              "its report first, with: zonder room --recover {}",
              left,
              typed.reports.front()));
    }
  }
  return {};
}

Result<void> try_room_files(const RoomOptions& typed, const model::RoomRecord& at_start)
{
  for (const auto& path : typed.reports) {
    ZONDER_TRY(try_to_write(path, as_report(path, at_start)));
  }
  return typed.exported.empty()
             ? Result<void>()
             : try_to_write(typed.exported, report::room_observations_as_json_lines(at_start));
}

Result<void>
write_room_files(const World& world, const RoomOptions& typed, const model::RoomRecord& record)
{
  Result<void> all;
  const auto write = [&](const std::string& wanted, const std::string& content) {
    const auto path = free_name(wanted);
    const auto written = put_file(path, content);
    if (!written) {
      complain(world.err, world.unicode, written.error().message);
      all = all ? written : all;
    } else if (!world.quiet || path != wanted) {
      complain(world.err,
               world.unicode,
               wanted == typed.exported ? say("the observations are in {}", path)
                                        : say("the report is in {}", path));
    }
  };
  for (const auto& path : typed.reports) {
    write(path, as_report(path, record));
  }
  if (!typed.exported.empty()) {
    write(typed.exported, report::room_observations_as_json_lines(record));
  }
  return all;
}

void print_room(const World& world, const model::RoomRecord& record)
{
  switch (world.form) {
  case Form::Json:
    std::fputs(report::room_as_json(record).c_str(), world.out);
    break;
  case Form::JsonLines:
    std::fputs(report::room_observations_as_json_lines(record).c_str(), world.out);
    break;
  case Form::Text:
    std::fputs(report::room_as_text(
                   record, {.colour = world.colour, .unicode = world.unicode, .now = record.ended})
                   .c_str(),
               world.out);
  }
}

}  // namespace zonder::app
