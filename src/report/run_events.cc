// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/run_events.hh"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "report/attempt_words.hh"
#include "report/page_comparison.hh"
#include "report/style.hh"

namespace zonder::report {
namespace {

using nlohmann::ordered_json;

struct Event {
  model::Moment time;
  ordered_json what;
};

ordered_json or_null(const std::string& text)
{
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

ordered_json or_null(const std::optional<net::Address>& address)
{
  return address ? ordered_json(address->to_string()) : ordered_json(nullptr);
}

ordered_json or_null(const model::Program* program)
{
  return program == nullptr ? ordered_json(nullptr)
                            : ordered_json{{"pid", program->pid}, {"argv", program->argv}};
}

ordered_json event(const char* word, ordered_json time)
{
  return {{"schema", "zonder.run-event/1"}, {"event", word}, {"time", std::move(time)}};
}

const char* word(Standing standing)
{
  switch (standing) {
  case Standing::Allowed:
    return "allowed";
  case Standing::Known:
    return "known";
  case Standing::Counts:
    return "counts";
  }
  return "";
}

ordered_json start_of(const model::RunRecord& record)
{
  auto what = event("start", iso_time(record.started));
  what["without"] = record.selector;
  what["except"] = or_null(record.except);
  what["like"] = model::to_string(record.signature);
  what["command"] = record.command;
  what["proved"] = record.proof.holds();
  what["data"] = {{"date", record.data_date}, {"facts", or_null(record.facts_date)}};
  return what;
}

/// A page that was visited twice; when is not kept.
ordered_json visited(const PageComparison& page)
{
  auto what = event("page", nullptr);
  what["url"] = page.with->url;
  what["page"] = word_of(page.verdict);
  what["came"] = page.came;
  what["fell_away"] = page.fell_away;
  return what;
}

/// One attempt, by one program: when it was first.
Event reached(std::size_t place,
              const model::Share* share,
              const model::RunRecord& record,
              const Judgement& judgement)
{
  const auto& attempt = record.attempts[place];
  const auto time = share == nullptr ? attempt.first : share->first;
  auto what = event("reached", iso_time(time));
  what["party"] = or_null(attempt.party);
  what["name"] = or_null(attempt.name);
  what["address"] = or_null(attempt.address);
  what["protocol"] = attempt.protocol;
  what["port"] = attempt.port;
  what["verdict"] = verdict_key(attempt, record.signature);
  const auto standing = judgement.standing_of(place);
  what["standing"] = standing ? ordered_json(word(*standing)) : ordered_json(nullptr);
  what["program"] = or_null(share == nullptr ? nullptr : &record.programs[share->program]);
  return {time, std::move(what)};
}

std::vector<Event> all_reached(const model::RunRecord& record, const Judgement& judgement)
{
  std::vector<Event> events;
  for (std::size_t i = 0; i < record.attempts.size(); ++i) {
    bool told = false;
    for (const auto& share : record.attempts[i].programs) {
      if (share.program < record.programs.size()) {
        events.push_back(reached(i, &share, record, judgement));
        told = true;
      }
    }
    if (!told) {
      events.push_back(reached(i, nullptr, record, judgement));
    }
  }
  return events;
}

std::string line(const ordered_json& event)
{
  return event.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

ordered_json end_of(const model::RunRecord& record, const Judgement& judgement)
{
  using Clock = std::chrono::system_clock;
  const auto ended = record.started + std::chrono::duration_cast<Clock::duration>(record.seconds);
  auto what = event("end", iso_time(ended));
  what["exit_code"] = record.exit_code;
  what["not_started"] = or_null(record.not_started);
  what["seconds"] = record.seconds.count();
  what["counts"] = judgement.count(Standing::Counts);
  what["allowed"] = judgement.count(Standing::Allowed);
  what["known"] = judgement.count(Standing::Known);
  what["gone"] = judgement.gone.size();
  what["unjudged"] = judgement.unjudged;
  what["unseen"] = judgement.unseen;
  what["proxied_not_judged"] = judgement.proxied_not_judged;
  what["doubts"] = judgement.doubts_by_name();
  return what;
}

}  // namespace

std::string run_start_line(const model::RunRecord& record)
{
  return line(start_of(record));
}

std::string attempt_line(const model::Sighting& sighting, const std::string& party)
{
  auto what = event("attempt", iso_time(sighting.time));
  what["party"] = party;
  what["name"] = or_null(sighting.name);
  what["address"] = or_null(sighting.address);
  what["protocol"] = sighting.protocol;
  what["port"] = sighting.port;
  what["program"] = or_null(sighting.program ? &*sighting.program : nullptr);
  return line(what);
}

std::string cut_line(model::Moment when)
{
  return line(event("cut", iso_time(when)));
}

std::string not_listed_line(model::Moment from)
{
  return line(event("not-listed", iso_time(from)));
}

std::string run_as_json_lines(const model::RunRecord& record, const Judgement& judgement)
{
  return run_start_line(record) + run_lines_after_start(record, judgement);
}

std::string run_lines_after_start(const model::RunRecord& record, const Judgement& judgement)
{
  std::vector<Event> events;
  // Absent from the start, from later on, or (--after, and ended before) never.
  if (!record.later) {
    events.push_back({record.started, event("absent", iso_time(record.started))});
  } else if (record.absent_from) {
    events.push_back({*record.absent_from, event("absent", iso_time(*record.absent_from))});
  }
  auto attempts = all_reached(record, judgement);
  events.insert(events.end(),
                std::make_move_iterator(attempts.begin()),
                std::make_move_iterator(attempts.end()));
  std::stable_sort(
      events.begin(), events.end(), [](const Event& a, const Event& b) { return a.time < b.time; });
  std::string text;
  for (const auto& each : events) {
    text += line(each.what);
  }
  if (record.uplink_died) {
    text += line(event("uplink-died", nullptr));  // while it ran; when is not kept
  }
  if (record.pages) {
    for (const auto& page : compare(*record.pages)) {
      text += line(visited(page));
    }
  }
  return text + line(end_of(record, judgement));
}

}  // namespace zonder::report
