// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/run_json.hh"

#include <optional>

#include <nlohmann/json.hpp>

#include "report/attempt_words.hh"
#include "report/page_json.hh"
#include "report/run_programs.hh"
#include "report/run_proxies.hh"
#include "report/style.hh"

namespace zonder::report {
namespace {

using nlohmann::ordered_json;

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
  [[nodiscard]] ordered_json target_as_json(const model::Attempt& attempt) const
  {
    return {{"party", or_null(attempt.party)},
            {"name", or_null(attempt.name)},
            {"address",
             attempt.address ? ordered_json(attempt.address->to_string()) : ordered_json(nullptr)},
            {"port", attempt.port},
            {"protocol", attempt.protocol},
            {"verdict", verdict_key(attempt, record_.signature)}};
  }
  [[nodiscard]] ordered_json step_as_json(const Step& step) const
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

ordered_json standing_or_null(std::optional<Standing> standing)
{
  return standing ? ordered_json(word(*standing)) : ordered_json(nullptr);
}

ordered_json key_as_json(const ContactKey& key)
{
  return {{"party", key.party},
          {"target", key.target},
          {"protocol", key.protocol},
          {"port", key.port},
          {"program", or_null(key.program)}};
}

ordered_json contacts_as_json(const Judgement& judgement)
{
  ordered_json all = ordered_json::array();
  for (const auto& each : judgement.contacts) {
    auto entry = key_as_json(each.contact.key);
    entry["standing"] = word(each.standing);
    all.push_back(std::move(entry));
  }
  return all;
}

ordered_json comparison_as_json(const Judgement& judgement)
{
  if (!judgement.compared) {
    return nullptr;
  }
  ordered_json gone = ordered_json::array();
  for (const auto& key : judgement.gone) {
    gone.push_back(key_as_json(key));
  }
  return {{"new", judgement.count(Standing::Counts)},
          {"known", judgement.count(Standing::Known)},
          {"gone", gone},
          {"other_run", judgement.other_run}};
}

/// The one that was told first, where there is only that.
ordered_json all_names_of(const model::Attempt& attempt)
{
  return attempt.names.empty() && !attempt.name.empty() ? ordered_json::array({attempt.name})
                                                        : ordered_json(attempt.names);
}

ordered_json attempt_as_json(const model::Attempt& attempt,
                             const model::RunRecord& record,
                             const Programs& programs,
                             std::optional<Standing> standing)
{
  return {{"party", or_null(attempt.party)},
          {"name", or_null(attempt.name)},
          {"address",
           attempt.address ? ordered_json(attempt.address->to_string()) : ordered_json(nullptr)},
          {"made_up", stands_for_name(attempt)},
          {"port", attempt.port},
          {"protocol", attempt.protocol},
          {"verdict", verdict_key(attempt, record.signature)},
          {"count", attempt.count},
          {"unit", unit_key(unit_of(attempt, record))},
          {"by_calls", attempt.by_calls},
          {"first", iso_time(attempt.first)},
          {"last", iso_time(attempt.last)},
          {"program", programs.first_of(attempt.programs)},
          {"programs", programs.all_of(attempt.programs)},
          {"names", all_names_of(attempt)},
          {"standing", standing_or_null(standing)}};
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

const char* word(model::DnsMode mode)
{
  switch (mode) {
  case model::DnsMode::Forward:
    return "forward";
  case model::DnsMode::Honest:
    return "honest";
  }
  return "";
}

const char* word(model::NameStep::Reason reason)
{
  switch (reason) {
  case model::NameStep::Reason::Alias:
    return "alias";
  case model::NameStep::Reason::ServersAbsent:
    return "servers-absent";
  case model::NameStep::Reason::ServersNotResolved:
    return "servers-not-resolved";
  }
  return "";
}

ordered_json chain_as_json(const std::vector<model::NameStep>& chain)
{
  ordered_json steps = ordered_json::array();
  for (const auto& step : chain) {
    ordered_json servers = ordered_json::array();
    for (const auto& server : step.servers) {
      servers.push_back(
          {{"name", server.name},
           {"address",
            server.address ? ordered_json(server.address->to_string()) : ordered_json(nullptr)},
           {"party", or_null(server.party)}});
    }
    steps.push_back({{"name", step.name},
                     {"zone", step.zone},
                     {"reason", word(step.reason)},
                     {"target", or_null(step.target)},
                     {"servers", servers}});
  }
  return steps;
}

ordered_json dns_as_json(const model::NameResolution& dns)
{
  ordered_json failed = ordered_json::array();
  for (const auto& each : dns.failed) {
    failed.push_back({{"name", each.name}, {"chain", chain_as_json(each.chain)}});
  }
  ordered_json in_vain = ordered_json::array();
  for (const auto& server : dns.asked_in_vain) {
    in_vain.push_back({{"address", server.address.to_string()},
                       {"party", or_null(server.party)},
                       {"count", server.count}});
  }
  const ordered_json resolver = {{"passed", dns.resolver_passed},
                                 {"blocked", dns.resolver_blocked},
                                 {"asked_in_vain", in_vain},
                                 {"died", dns.resolver_died}};
  const bool honest = dns.mode == model::DnsMode::Honest;
  return {{"mode", word(dns.mode)},
          {"failed", failed},
          {"resolver", honest ? resolver : ordered_json(nullptr)},
          {"show_names", dns.show_names},
          {"ech_removed", dns.ech_removed}};
}

const char* word(model::ProxyUse::Kind kind)
{
  switch (kind) {
  case model::ProxyUse::Kind::SeenThrough:
    return "seen-through";
  case model::ProxyUse::Kind::Closed:
    return "closed";
  case model::ProxyUse::Kind::Absent:
    return "absent";
  case model::ProxyUse::Kind::NotFound:
    return "not-found";
  case model::ProxyUse::Kind::Unseen:
    return "unseen";
  }
  return "";
}

ordered_json proxies_as_json(const model::Proxies& proxies)
{
  ordered_json all = ordered_json::array();
  for (const auto& use : proxies.uses) {
    all.push_back({{"proxy", use.proxy},
                   {"kind", word(use.kind)},
                   {"party", or_null(use.party)},
                   {"requests", use.requests},
                   {"for_absent", use.for_absent},
                   {"by_name_only", use.by_name_only},
                   {"fronted", use.fronted},
                   {"off_limits", use.off_limits},
                   {"not_judged", use.not_judged},
                   {"not_understood", use.not_understood},
                   {"not_reached", use.not_reached},
                   {"unseen", use.unseen},
                   {"on_this_machine", use.on_this_machine}});
  }
  return all;
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
          {"refused_unseen", record.refused_unseen},
          {"unseen_calls", record.unseen_calls},
          {"programs_unlisted", record.programs_unlisted},
          {"lost_events", record.lost_events},
          {"questions_unlisted", record.questions_unlisted},
          {"questions_unheard", record.questions_unheard},
          {"questions_odd", record.questions_odd},
          {"questions_unanswered", record.questions_unanswered},
          {"received_unlisted", record.received_unlisted},
          {"proxied_unlisted", record.proxies.unlisted},
          {"proxied_not_judged", not_judged(record.proxies).all()},
          {"proxied_turned_away", record.proxies.turned_away},
          {"proxied_waited", record.proxies.waited},
          {"proxied_not_remembered", record.proxies.not_remembered}};
}

}  // namespace

std::string run_as_json(const model::RunRecord& record, const Judgement& judgement)
{
  const Programs programs(record);
  ordered_json attempts = ordered_json::array();
  for (std::size_t i = 0; i < record.attempts.size(); ++i) {
    attempts.push_back(
        attempt_as_json(record.attempts[i], record, programs, judgement.standing_of(i)));
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
      {"selection", record.selection},
      {"parties", record.parties},
      {"mode", model::to_string(record.mode)},
      {"like", model::to_string(record.signature)},
      {"engine", record.engine},
      {"weaker", record.weaker},
      {"uplink", record.uplink},
      {"command", record.command},
      {"exit_code", record.exit_code},
      {"not_started", or_null(record.not_started)},
      {"started", iso_time(record.started)},
      {"later", record.later},
      {"absent_from",
       record.absent_from ? ordered_json(iso_time(*record.absent_from)) : ordered_json(nullptr)},
      {"ended_with_it", record.ended_with_it},
      {"seconds", record.seconds.count()},
      {"data", {{"date", record.data_date}, {"facts", or_null(record.facts_date)}}},
      {"prefixes", {{"v4", record.prefixes_v4}, {"v6", record.prefixes_v6}}},
      {"proof", proof_as_json(record.proof)},
      {"totals", totals_as_json(record)},
      {"attribution", word(record.attribution)},
      {"not_attributed", or_null(record.not_attributed)},
      {"by_name_only", record.by_name_only},
      {"own_loopback", record.own_loopback},
      {"uplink_died", record.uplink_died},
      {"dns", dns_as_json(record.dns)},
      {"proxies", proxies_as_json(record.proxies)},
      {"attempts", attempts},
      {"programs", programs.with_steps()},
      {"received", received},
      {"left_the_room", ways},
      {"pages", pages_as_json(record.pages)},
      {"allow", or_null(judgement.allowed)},
      {"contacts", contacts_as_json(judgement)},
      {"unjudged", judgement.unjudged},
      {"doubts", judgement.doubts_by_name()},
      {"baseline", comparison_as_json(judgement)}};
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace zonder::report
