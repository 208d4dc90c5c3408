// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/run_json.hh"

#include <nlohmann/json.hpp>

#include "report/run_programs.hh"
#include "report/style.hh"

namespace zonder::report {
namespace {

using nlohmann::ordered_json;

const char* word(model::Verdict verdict)
{
  switch (verdict) {
  case model::Verdict::Blocked:
    return "blocked";
  case model::Verdict::Denied:
    return "denied";
  case model::Verdict::Hindered:
    return "hindered";
  case model::Verdict::Passed:
    return "passed";
  }
  return "";
}

const char* word(model::Reception how)
{
  switch (how) {
  case model::Reception::Reset:
    return "reset";
  case model::Reception::Answered:
    return "answered";
  case model::Reception::NotTestable:
    return "not-testable";
  case model::Reception::BrokenOff:
    return "broken-off";
  case model::Reception::SaidNothing:
    return "said-nothing";
  case model::Reception::NotUnderstood:
    return "not-understood";
  }
  return "";
}

const char* word(model::Attribution attribution)
{
  switch (attribution) {
  case model::Attribution::Seen:
    return "seen";
  case model::Attribution::Outer:
    return "outer";
  case model::Attribution::NotPossible:
    return "not-possible";
  }
  return "";
}

ordered_json or_null(const std::string& text)
{
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

/// The programs of a run, who each is and what it tried, in order.
class Programs {
public:
  explicit Programs(const model::RunRecord& record) : record_(record) {}

  /// `{pid, argv}`, or null.
  [[nodiscard]] ordered_json first_of(const std::vector<model::Share>& shares) const
  {
    return shares.empty() || shares.front().program >= record_.programs.size()
               ? ordered_json(nullptr)
               : named(record_.programs[shares.front().program]);
  }

  [[nodiscard]] ordered_json all_of(const std::vector<model::Share>& shares) const
  {
    ordered_json all = ordered_json::array();
    for (const auto& share : shares) {
      if (share.program < record_.programs.size()) {
        auto entry = named(record_.programs[share.program]);
        entry["tries"] = share.tries;
        entry["first"] = iso_time(share.first);
        entry["last"] = iso_time(share.last);
        all.push_back(std::move(entry));
      }
    }
    return all;
  }

  /// From the program's side: what it tried, in order.
  [[nodiscard]] ordered_json with_steps() const
  {
    ordered_json all = ordered_json::array();
    for (const auto& program : programs_of(record_)) {
      ordered_json steps = ordered_json::array();
      for (const auto& step : program.steps) {
        steps.push_back(step_as_json(step));
      }
      auto entry = named(record_.programs[program.programs.front()]);
      entry["pids"] = ordered_json::array();
      for (const auto place : program.programs) {
        entry["pids"].push_back(record_.programs[place].pid);
      }
      entry["steps"] = std::move(steps);
      entry["went_on_to"] = program.went_on_to == nullptr ? ordered_json(nullptr)
                                                          : target_as_json(*program.went_on_to);
      all.push_back(std::move(entry));
    }
    return all;
  }

private:
  static ordered_json target_as_json(const model::Attempt& attempt)
  {
    return {{"party", or_null(attempt.party)},
            {"name", or_null(attempt.name)},
            {"address",
             attempt.address ? ordered_json(attempt.address->to_string()) : ordered_json(nullptr)},
            {"port", attempt.port},
            {"protocol", attempt.protocol},
            {"verdict", word(attempt.verdict)}};
  }
  static ordered_json step_as_json(const Step& step)
  {
    auto entry = target_as_json(*step.attempt);
    entry["tries"] = step.share->tries;
    entry["first"] = iso_time(step.share->first);
    entry["last"] = iso_time(step.share->last);
    return entry;
  }
  static ordered_json named(const model::Program& program)
  {
    ordered_json parents = ordered_json::array();
    for (const auto& parent : program.parents) {
      parents.push_back({{"pid", parent.pid}, {"name", parent.name}});
    }
    return {{"pid", program.pid},
            {"argv", program.argv},
            {"path", or_null(program.path)},
            {"parents", parents}};
  }
  const model::RunRecord& record_;
};

ordered_json attempt_as_json(const model::Attempt& attempt, const Programs& programs)
{
  return {{"party", or_null(attempt.party)},
          {"name", or_null(attempt.name)},
          {"address",
           attempt.address ? ordered_json(attempt.address->to_string()) : ordered_json(nullptr)},
          {"port", attempt.port},
          {"protocol", attempt.protocol},
          {"verdict", word(attempt.verdict)},
          {"count", attempt.count},
          {"first", iso_time(attempt.first)},
          {"last", iso_time(attempt.last)},
          {"program", programs.first_of(attempt.programs)},
          {"programs", programs.all_of(attempt.programs)}};
}

ordered_json received_as_json(const model::Received& received, const Programs& programs)
{
  return {{"name", or_null(received.name)},
          {"address", received.address.to_string()},
          {"port", received.port},
          {"how", word(received.how)},
          {"status", received.status == 0 ? ordered_json(nullptr) : ordered_json(received.status)},
          {"count", received.count},
          {"programs", programs.all_of(received.programs)}};
}

ordered_json proof_as_json(const model::Proof& proof)
{
  ordered_json checks = ordered_json::array();
  for (const auto& check : proof.checks) {
    checks.push_back({{"what", check.what},
                      {"target", check.target},
                      {"party", or_null(check.party)},
                      {"as_expected", check.as_expected},
                      {"detail", check.detail}});
  }
  return {{"holds", proof.holds()},
          {"canaries_failed", proof.canaries_failed()},
          {"controls_passed", proof.controls_passed()},
          {"overridden", proof.overridden},
          {"checks", checks}};
}

ordered_json totals_as_json(const model::RunRecord& record)
{
  std::uint64_t attempts = 0;
  for (const auto& attempt : record.attempts) {
    attempts += attempt.count;
  }
  return {{"attempts", attempts},
          {"blocked", record.blocked_packets},
          {"passed", record.passed_packets},
          {"lost", record.lost_packets},
          {"unattributed", record.unattributed},
          {"unlisted", record.unlisted},
          {"programs_unlisted", record.programs_unlisted},
          {"lost_events", record.lost_events},
          {"questions_unlisted", record.questions_unlisted},
          {"questions_unanswered", record.questions_unanswered},
          {"received_unlisted", record.received_unlisted}};
}

}  // namespace

std::string run_as_json(const model::RunRecord& record)
{
  const Programs programs(record);
  ordered_json attempts = ordered_json::array();
  for (const auto& attempt : record.attempts) {
    attempts.push_back(attempt_as_json(attempt, programs));
  }
  ordered_json received = ordered_json::array();
  for (const auto& each : record.received) {
    received.push_back(received_as_json(each, programs));
  }
  ordered_json ways = ordered_json::array();
  for (const auto& way : record.left_the_room) {
    ways.push_back({{"what", way.what},
                    {"meaning", way.meaning},
                    {"programs", programs.all_of(way.programs)}});
  }
  const ordered_json document = {
      {"schema", "zonder.run/1"},
      {"without", record.selector},
      {"except", or_null(record.except)},
      {"parties", record.parties},
      {"mode", model::to_string(record.mode)},
      {"like", model::to_string(record.signature)},
      {"engine", record.engine},
      {"uplink", record.uplink},
      {"command", record.command},
      {"exit_code", record.exit_code},
      {"not_started", or_null(record.not_started)},
      {"started", iso_time(record.started)},
      {"later", record.later},
      {"absent_from",
       record.absent_from ? ordered_json(iso_time(*record.absent_from)) : ordered_json(nullptr)},
      {"seconds", record.seconds.count()},
      {"data", {{"date", record.data_date}}},
      {"prefixes", {{"v4", record.prefixes_v4}, {"v6", record.prefixes_v6}}},
      {"proof", proof_as_json(record.proof)},
      {"totals", totals_as_json(record)},
      {"attribution", word(record.attribution)},
      {"not_attributed", or_null(record.not_attributed)},
      {"uplink_died", record.uplink_died},
      {"attempts", attempts},
      {"programs", programs.with_steps()},
      {"received", received},
      {"left_the_room", ways}};
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace zonder::report
