// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/guarded.hh"
#include "isolate/event_loop.hh"
#include "isolate/forwarder.hh"
#include "isolate/proxy_policy.hh"
#include "net/domain_name.hh"

namespace zonder::isolate {

/// What is thought of the names that proxies are asked for: found out, and remembered for a while.
/// The proxy looks the same name up again, and may hear something else; so each is asked for twice
/// in a row, and what it once led to in this run is never forgotten. What is past what can be
/// remembered goes by its name alone: unknown is never taken for good. In the thread of one event
/// loop.
class ProxiedNames {
public:
  struct Options {
    /// What this machine knows of a name without asking anybody; nothing: no more than the others.
    /// That is the last word for a proxy on this machine, and for another a reason for doubt at
    /// most. May be empty.
    std::function<std::optional<ProxyJudgement>(const ProxyPolicy&, const std::string& name)>
        known_here;
    /// As Forwarder::look_up(); empty: nobody can look up a name.
    std::function<void(const net::DomainName&, std::function<void(const Forwarder::Found&)>)>
        look_up;
    /// As Forwarder::answers_names(); empty: never.
    std::function<bool()> answers_names;
    /// So many requests passed on to that proxy were for a name of which it turns out now that it
    /// leads elsewhere too. May be empty.
    std::function<void(std::size_t proxy, std::uint64_t requests)> on_doubt;
    std::chrono::milliseconds patience{3000};        // where only the proxy may know names
    std::chrono::milliseconds last_patience{10000};  // where names are answered here
    std::chrono::milliseconds kept{30000};
    std::chrono::milliseconds kept_unanswered{5000};
    std::size_t most_names = 20000;  // that are remembered
  };
  using Done = std::function<void(const ProxyJudgement&)>;

  /// The policy and the loop outlive it.
  ProxiedNames(Options options, const ProxyPolicy& policy, EventLoop& loop);

  /// For a proxy that is on this machine or not. Calls `done` once: before this returns, or when
  /// the name was looked up.
  void judge(const std::string& name, bool on_this_machine, Done done);

  /// A request for that name was passed on to the proxy as one that lives.
  void passed(const std::string& name, std::size_t proxy);

  /// Names that would have been taken for good, and could not be remembered. Each look-up counts.
  [[nodiscard]] std::uint64_t not_remembered() const { return not_remembered_; }

  /// Answers that are still to come reach nobody. Any thread.
  void stop();

private:
  using Number = std::uint64_t;
  struct Known {
    ProxyJudgement judgement;
    EventLoop::Clock::time_point until;
    bool led_to_absent = false;
    bool led_off_limits = false;
    std::map<std::size_t, std::uint64_t> passed;  // per proxy, as living
  };
  struct Asked {
    Number number = 0;  // of the question that is out
    std::vector<Done> done;
    Forwarder::Found found;  // so far
    EventLoop::Timer deadline{};
  };
  void look_up(const std::string& name, Done done);
  void ask(const net::DomainName& domain, Number number);
  void on_answer(const net::DomainName& domain, Number number, const Forwarder::Found& answer);
  void on_late_answer(const std::string& name, const Forwarder::Found& answer);
  void on_silence(const std::string& name);
  void finish(const std::string& name, bool complete);
  [[nodiscard]] ProxyJudgement judge_found(const Forwarder::Found& found, bool complete) const;
  ProxyJudgement remember(const std::string& name, ProxyJudgement judgement);
  ProxyJudgement forget(ProxyJudgement judgement);
  void tell_doubt(Known& known) const;

  const Options options_;
  const ProxyPolicy& policy_;
  EventLoop& loop_;
  std::shared_ptr<Guarded<EventLoop*>> mailbox_;  // for answers that come after our end
  std::map<std::string, Known> known_;
  std::map<std::string, Asked> asked_;
  Number next_ = 1;
  std::uint64_t not_remembered_ = 0;
};

}  // namespace zonder::isolate
