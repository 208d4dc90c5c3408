// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

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

/// What is thought of the names that proxies are asked for: found out once, and remembered for a
/// while. In the thread of one event loop.
class ProxiedNames {
public:
  struct Options {
    /// What this machine knows of a name without asking anybody; nothing: no more than the others.
    /// May be empty.
    std::function<std::optional<ProxyJudgement>(const ProxyPolicy&, const std::string& name)>
        known_here;
    /// As Forwarder::look_up(); empty: nobody can look up a name.
    std::function<void(const net::DomainName&, std::function<void(const Forwarder::Found&)>)>
        look_up;
  };
  using Done = std::function<void(const ProxyJudgement&)>;

  /// The policy and the loop outlive it.
  ProxiedNames(Options options, const ProxyPolicy& policy, EventLoop& loop);

  /// Calls `done` once: before this returns, or when the name was looked up.
  void judge(const std::string& name, Done done);

  /// Answers that are still to come reach nobody. Any thread.
  void stop();

private:
  struct Known {
    ProxyJudgement judgement;
    EventLoop::Clock::time_point until;
  };
  struct Asked {
    std::vector<Done> done;
    EventLoop::Timer deadline{};
  };
  void ask(const net::DomainName& domain, const std::string& name);
  void on_found(const std::string& name, const ProxyJudgement& judgement, bool keep);

  const Options options_;
  const ProxyPolicy& policy_;
  EventLoop& loop_;
  std::shared_ptr<Guarded<EventLoop*>> mailbox_;  // for answers that come after our end
  std::map<std::string, Known> known_;
  std::map<std::string, Asked> asked_;
};

}  // namespace zonder::isolate
