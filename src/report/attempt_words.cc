// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/attempt_words.hh"

#include "base/translate.hh"
#include "model/made_up.hh"

namespace zonder::report {

Unit unit_of(const model::Attempt& attempt, const model::RunRecord& record)
{
  if (attempt.protocol == "dns") {
    return Unit::Questions;
  }
  if (attempt.protocol == "proxy") {
    return Unit::Requests;
  }
  return attempt.by_calls || record.engine == "seccomp" ? Unit::Calls : Unit::Packets;
}

const char* unit_key(Unit unit)
{
  switch (unit) {
  case Unit::Packets:
    return "packets";
  case Unit::Calls:
    return "calls";
  case Unit::Questions:
    return "questions";
  case Unit::Requests:
    return "requests";
  }
  return "";
}

std::string amount(std::uint64_t count, Unit unit)
{
  const char* text = "";
  switch (unit) {
  case Unit::Packets:
    text = ntr("{} packet", "{} packets", count);
    break;
  case Unit::Calls:
    text = ntr("{} call", "{} calls", count);
    break;
  case Unit::Questions:
    text = ntr("{} question", "{} questions", count);
    break;
  case Unit::Requests:
    text = ntr("{} request", "{} requests", count);
    break;
  }
  return fmt::format(fmt::runtime(text), count);
}

std::string amounts(const std::map<Unit, std::uint64_t>& counts)
{
  std::string text;
  for (const auto& [unit, count] : counts) {
    if (count > 0) {
      text += (text.empty() ? "" : ", ") + amount(count, unit);
    }
  }
  return text;
}

bool was_only_asked_for(const model::Attempt& attempt, model::Signature like)
{
  const bool by_name = like == model::Signature::Nxdomain || like == model::Signature::Servfail;
  return attempt.verdict == model::Verdict::Blocked && attempt.protocol == "dns" && !by_name;
}

const char* verdict_key(const model::Attempt& attempt, model::Signature like)
{
  if (was_only_asked_for(attempt, like)) {
    return "asked";
  }
  if (attempt.failed) {
    return "failed";
  }
  switch (attempt.verdict) {
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

std::string verdict_word(const model::Attempt& attempt, model::Signature like)
{
  if (was_only_asked_for(attempt, like)) {
    return tr("name asked for");
  }
  if (attempt.failed) {
    return tr("no answer");
  }
  switch (attempt.verdict) {
  case model::Verdict::Blocked:
    return tr("blocked");
  case model::Verdict::Denied:
    return tr("denied");
  case model::Verdict::Hindered:
    return like == model::Signature::Slow   ? tr("slowed")
           : like == model::Signature::Late ? tr("late")
                                            : tr("lossy");
  case model::Verdict::Passed:
    return tr("let through");
  }
  return {};
}

bool stands_for_name(const model::Attempt& attempt)
{
  return !attempt.name.empty() && attempt.address && model::is_made_up(*attempt.address);
}

std::string target_of(const model::Attempt& attempt, const Style& style)
{
  const auto name = harmless(attempt.name, style.unicode);
  if (!attempt.address) {
    return name;
  }
  const auto address = attempt.address->to_string();
  return name.empty()               ? address
         : stands_for_name(attempt) ? name + " (" + say("made-up {}", address) + ")"
                                    : name + " (" + address + ")";
}

std::string protocol_of(const model::Attempt& attempt)
{
  const auto protocol = harmless(attempt.protocol, false);
  return attempt.port == 0 ? protocol : protocol + "/" + std::to_string(attempt.port);
}

}  // namespace zonder::report
