// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/run_json.hh"

#include <nlohmann/json.hpp>

#include "report/style.hh"

namespace zonder::report {
namespace {

using nlohmann::ordered_json;

const char* word(model::Verdict verdict)
{
  switch (verdict) {
  case model::Verdict::Blocked:
    return "blocked";
  case model::Verdict::Passed:
    return "passed";
  }
  return "";
}

ordered_json or_null(const std::string& text)
{
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

ordered_json attempt_as_json(const model::Attempt& attempt)
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
          {"program", nullptr}};
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
          {"unattributed", record.unattributed},
          {"lost_events", record.lost_events},
          {"questions_unlisted", record.questions_unlisted},
          {"questions_unanswered", record.questions_unanswered}};
}

}  // namespace

std::string run_as_json(const model::RunRecord& record)
{
  ordered_json attempts = ordered_json::array();
  for (const auto& attempt : record.attempts) {
    attempts.push_back(attempt_as_json(attempt));
  }
  ordered_json ways = ordered_json::array();
  for (const auto& way : record.left_the_room) {
    ways.push_back({{"what", way.what}, {"meaning", way.meaning}});
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
      {"uplink_died", record.uplink_died},
      {"attempts", attempts},
      {"left_the_room", ways}};
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace zonder::report
