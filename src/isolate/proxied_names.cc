// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/proxied_names.hh"

#include <chrono>
#include <utility>

namespace zonder::isolate {
namespace {

constexpr std::size_t most_names = 20000;  // that are remembered
constexpr std::chrono::seconds look_up_patience{3};
constexpr std::chrono::seconds name_kept{30};

constexpr ProxyJudgement by_name_only{.party = {}, .off_limits = false, .by_name_only = true};

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

void ProxiedNames::judge(const std::string& name, Done done)
{
  if (const auto at_once = policy_.at_once(name, std::nullopt)) {
    done(*at_once);
    return;
  }
  const auto found = known_.find(name);
  if (found != known_.end() && found->second.until > EventLoop::Clock::now()) {
    done(found->second.judgement);
    return;
  }
  if (const auto here = options_.known_here ? options_.known_here(policy_, name) : std::nullopt) {
    done(*here);
    return;
  }
  const auto domain = net::DomainName::parse(name);
  if (!options_.look_up || !domain) {
    done(by_name_only);
    return;
  }
  auto& asked = asked_[name];
  asked.done.push_back(std::move(done));
  if (asked.done.size() == 1) {
    ask(*domain, name);
  }
}

void ProxiedNames::ask(const net::DomainName& domain, const std::string& name)
{
  asked_[name].deadline =
      loop_.after(look_up_patience, [this, name] { on_found(name, by_name_only, false); });
  options_.look_up(domain, [this, name, box = mailbox_](const Forwarder::Found& answer) {
    const auto held = box->lock();
    if (*held != nullptr) {
      (*held)->post([this, name, answer] {
        on_found(name, policy_.after(answer.party, answer.addresses), true);
      });
    }
  });
}

void ProxiedNames::on_found(const std::string& name, const ProxyJudgement& judgement, bool keep)
{
  if (keep && (known_.size() < most_names || known_.count(name) > 0)) {
    known_[name] = {.judgement = judgement, .until = EventLoop::Clock::now() + name_kept};
  }
  const auto found = asked_.find(name);
  if (found == asked_.end()) {
    return;
  }
  loop_.cancel(found->second.deadline);
  const auto waiting = std::move(found->second.done);
  asked_.erase(found);
  for (const auto& done : waiting) {
    done(judgement);
  }
}

}  // namespace zonder::isolate
