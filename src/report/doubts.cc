// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/doubts.hh"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "report/run_names.hh"
#include "report/run_proxies.hh"

namespace zonder::report {

std::vector<Doubt> doubts_of(const model::RunRecord& record,
                             const std::vector<std::size_t>& allowed)
{
  if (!record.not_started.empty()) {
    return {Doubt::NotStarted};  // so there is nothing to doubt of it
  }
  const std::pair<Doubt, bool> all[] = {
      {Doubt::NotProved, !record.proof.holds()},
      {Doubt::NothingFellAway, record.later && !record.absent_from},
      {Doubt::NetworkDied, record.uplink_died || record.dns.resolver_died},
      {Doubt::NamesHung, a_name_hung_on_the_absent(record)},
      {Doubt::NamesFailed, !failed_names(record).empty()},
      {Doubt::CutByNameOnly,
       std::any_of(record.attempts.begin(),
                   record.attempts.end(),
                   [&](const auto& each) { return !cut_by_name_there(each, record).empty(); })},
      {Doubt::NotListed, not_listed(record) > 0},
      {Doubt::NotLookedAt, record.refused_unseen + record.unseen_calls > 0},
      {Doubt::ProxiedNotJudged, not_judged(record.proxies).all() > 0},
      {Doubt::PerhapsProxied, !perhaps_proxied(record, allowed).empty()}};
  std::vector<Doubt> doubts;
  for (const auto& [doubt, is_so] : all) {
    if (is_so) {
      doubts.push_back(doubt);
    }
  }
  return doubts;
}

const char* name_of(Doubt doubt)
{
  switch (doubt) {
  case Doubt::NotStarted:
    return "not-started";
  case Doubt::NotProved:
    return "not-proved";
  case Doubt::NothingFellAway:
    return "nothing-fell-away";
  case Doubt::NetworkDied:
    return "network-died";
  case Doubt::NamesHung:
    return "names-hung";
  case Doubt::NamesFailed:
    return "names-failed";
  case Doubt::CutByNameOnly:
    return "cut-by-name-only";
  case Doubt::NotListed:
    return "not-listed";
  case Doubt::NotLookedAt:
    return "not-looked-at";
  case Doubt::ProxiedNotJudged:
    return "proxied-not-judged";
  case Doubt::PerhapsProxied:
    return "perhaps-proxied";
  }
  return "";
}

std::vector<std::string> failed_names(const model::RunRecord& record)
{
  std::set<std::string> failed;
  std::set<std::string> answered;
  for (const auto& attempt : record.attempts) {
    if (attempt.protocol == "dns") {
      (attempt.failed ? failed : answered).insert(attempt.name);
    }
  }
  for (const auto& stuck : record.dns.failed) {
    if (!stuck.chain.empty()) {
      answered.insert(stuck.name);  // it was seen why: Doubt::NamesHung
    }
  }
  std::vector<std::string> names;
  std::set_difference(
      failed.begin(), failed.end(), answered.begin(), answered.end(), std::back_inserter(names));
  return names;
}

std::vector<std::string> cut_by_name_there(const model::Attempt& attempt,
                                           const model::RunRecord& record)
{
  if (attempt.verdict != model::Verdict::Passed || !attempt.address || attempt.party.empty() ||
      record.mode == model::FailureMode::Frozen) {
    return {};
  }
  const auto owner = attempt.party.substr(0, attempt.party.find('/'));
  const auto services = (owner.starts_with("service:") ? owner : "service:" + owner) + "/";
  std::vector<std::string> theirs;
  std::copy_if(record.by_name_only.begin(),
               record.by_name_only.end(),
               std::back_inserter(theirs),
               [&](const std::string& id) { return id.starts_with(services); });
  return theirs;
}

std::uint64_t not_listed(const model::RunRecord& record)
{
  std::uint64_t listed = 0;
  for (const auto& attempt : record.attempts) {
    const bool packets =
        attempt.protocol != "dns" && attempt.verdict != model::Verdict::Passed && !attempt.by_calls;
    listed += packets ? attempt.count : 0;
  }
  return record.questions_unlisted + record.questions_unheard + record.questions_odd +
         record.proxies.unlisted +
         (record.blocked_packets > listed ? record.blocked_packets - listed : 0);
}

}  // namespace zonder::report
