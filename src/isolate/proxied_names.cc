// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/proxied_names.hh"

#include <utility>

namespace zonder::isolate {
namespace {

ProxyJudgement by_name_only()
{
  return {.party = {}, .off_limits = false, .footing = ProxyFooting::NameOnly, .living = {}};
}

bool is_good(const ProxyJudgement& judgement)
{
  return !judgement.party && !judgement.off_limits && judgement.footing == ProxyFooting::Known;
}

/// Found for a proxy elsewhere, which does not read this machine's hosts file: what stands there
/// makes nothing good, and leaves nothing good that is of the absent by it.
ProxyJudgement in_view_of(const ProxyJudgement& here, ProxyJudgement found)
{
  const bool to_absent = here.party || here.footing == ProxyFooting::Mixed;
  if (is_good(found) && to_absent) {
    found.footing = ProxyFooting::Mixed;
  } else if (!found.party && found.footing != ProxyFooting::Known) {
    found.off_limits = found.off_limits || here.off_limits;
  }
  return found;
}

}  // namespace

ProxiedNames::ProxiedNames(Options options, const ProxyPolicy& policy, EventLoop& loop)
    : options_(std::move(options)), policy_(policy), loop_(loop),
      mailbox_(std::make_shared<Guarded<EventLoop*>>(&loop))
{
}

void ProxiedNames::stop()
{
  *mailbox_->lock() = nullptr;
}

void ProxiedNames::judge(const std::string& name, bool on_this_machine, Done done)
{
  if (const auto at_once = policy_.at_once(name, std::nullopt)) {
    done(*at_once);
    return;
  }
  const auto here = options_.known_here ? options_.known_here(policy_, name) : std::nullopt;
  if (here && on_this_machine) {
    done(*here);
    return;
  }
  if (here) {
    done = [here = *here, asked = std::move(done)](const ProxyJudgement& found) {
      asked(in_view_of(here, found));
    };
  }
  look_up(name, std::move(done));
}

/// What is remembered holds for every proxy: only what name servers said is.
void ProxiedNames::look_up(const std::string& name, Done done)
{
  const auto found = known_.find(name);
  if (found != known_.end() && found->second.until > EventLoop::Clock::now()) {
    done(found->second.judgement);
    return;
  }
  const auto domain = net::DomainName::parse(name);
  if (!options_.look_up || !domain) {
    done(by_name_only());
    return;
  }
  auto& asked = asked_[name];
  asked.done.push_back(std::move(done));
  if (asked.done.size() == 1) {
    asked.number = next_++;
    asked.deadline = loop_.after(options_.patience, [this, name] { on_silence(name); });
    ask(*domain, asked.number);
  }
}

void ProxiedNames::passed(const std::string& name, std::size_t proxy)
{
  if (const auto found = known_.find(name); found != known_.end()) {
    ++found->second.passed[proxy];
    tell_doubt(found->second);
  }
}

void ProxiedNames::ask(const net::DomainName& domain, Number number)
{
  options_.look_up(domain, [this, domain, number, box = mailbox_](const Forwarder::Found& answer) {
    const auto held = box->lock();
    if (*held != nullptr) {
      (*held)->post([this, domain, number, answer] { on_answer(domain, number, answer); });
    }
  });
}

void ProxiedNames::on_answer(const net::DomainName& domain,
                             Number number,
                             const Forwarder::Found& answer)
{
  const auto& name = domain.text();
  const auto asked = asked_.find(name);
  if (asked == asked_.end() || asked->second.number != number) {
    on_late_answer(name, answer);
    return;
  }
  auto& found = asked->second.found;
  const bool first = found.addresses.empty();
  found.party = found.party ? found.party : answer.party;
  found.addresses.insert(found.addresses.end(), answer.addresses.begin(), answer.addresses.end());
  const auto judgement = judge_found(found, answer.complete);
  if (first && is_good(judgement)) {
    asked->second.number = next_++;
    ask(domain, asked->second.number);
    return;
  }
  finish(name, answer.complete);
}

/// Too late for who asked. One answer makes nothing good; what else it says is kept.
void ProxiedNames::on_late_answer(const std::string& name, const Forwarder::Found& answer)
{
  const auto judgement = judge_found(answer, answer.complete);
  if (!is_good(judgement)) {
    remember(name, judgement);
  }
}

/// Where names are answered here as a rule, the name server is waited for to its end.
void ProxiedNames::on_silence(const std::string& name)
{
  const auto more = options_.last_patience - options_.patience;
  if (options_.answers_names && options_.answers_names() && more.count() > 0) {
    asked_[name].deadline = loop_.after(more, [this, name] { finish(name, false); });
  } else {
    finish(name, false);
  }
}

void ProxiedNames::finish(const std::string& name, bool complete)
{
  auto asked = std::move(asked_[name]);
  asked_.erase(name);
  loop_.cancel(asked.deadline);
  const auto judgement = remember(name, judge_found(asked.found, complete));
  for (const auto& done : asked.done) {
    done(judgement);
  }
}

ProxyJudgement ProxiedNames::judge_found(const Forwarder::Found& found, bool complete) const
{
  auto judgement = policy_.after(found.party, found.addresses);
  if (complete || judgement.party) {
    return judgement;
  }
  const bool nothing =
      found.addresses.empty() && options_.answers_names && options_.answers_names();
  judgement.footing = nothing ? ProxyFooting::Unanswered : ProxyFooting::NameOnly;
  return judgement;
}

/// With what the name led to before, and that one with this.
ProxyJudgement ProxiedNames::remember(const std::string& name, ProxyJudgement judgement)
{
  if (known_.size() >= options_.most_names && known_.count(name) == 0) {
    return forget(judgement);
  }
  auto& known = known_[name];
  known.led_to_absent =
      known.led_to_absent || judgement.party || judgement.footing == ProxyFooting::Mixed;
  known.led_off_limits = known.led_off_limits || judgement.off_limits;
  judgement.off_limits = known.led_off_limits;
  if (known.led_to_absent && !judgement.party && judgement.footing == ProxyFooting::Known) {
    judgement.footing = ProxyFooting::Mixed;
  }
  tell_doubt(known);
  const bool unanswered = judgement.footing == ProxyFooting::Unanswered;
  known.judgement = judgement;
  known.until = EventLoop::Clock::now() + (unanswered ? options_.kept_unanswered : options_.kept);
  return judgement;
}

/// Nobody could tell later that it leads elsewhere too.
ProxyJudgement ProxiedNames::forget(ProxyJudgement judgement)
{
  if (is_good(judgement)) {
    judgement.footing = ProxyFooting::NameOnly;
    ++not_remembered_;
  }
  return judgement;
}

/// Of what was passed on before, once.
void ProxiedNames::tell_doubt(Known& known) const
{
  if (!options_.on_doubt || (!known.led_to_absent && !known.led_off_limits)) {
    return;
  }
  for (const auto& [proxy, requests] : std::exchange(known.passed, {})) {
    options_.on_doubt(proxy, requests);
  }
}

}  // namespace zonder::isolate
