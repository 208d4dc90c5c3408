// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "isolate/event_loop.hh"
#include "isolate/resolvers.hh"
#include "model/absence.hh"
#include "model/name_resolution.hh"
#include "wire/dns/message.hh"

// Why a name could not be looked up, from what the resolver that failed has in its cache.
//
// A resolver gets stuck at the deepest zone that it has been referred to. So for a name we ask its
// cache (no recursion wanted) where it would go next: the zone, its name servers and their
// addresses. When all of those are at absent parties, that is the reason. When one of them lives,
// the name may be an alias, which is asked for; the search goes on at what it leads to. Name
// servers without an address got stuck themselves, and are searched like the name. Anything else
// ends the search without a word: a chain is only said when each step of it was seen.
namespace zonder::isolate {

/// Lives in the thread of one event loop.
class NameChains {
public:
  struct Families {
    bool v4 = true;
    bool v6 = true;  // which the resolver can use: other addresses are none to it
  };
  /// The absence outlives this.
  NameChains(Resolvers& resolvers, const model::Absence& absence, Families families)
      : resolvers_(resolvers), absence_(absence), families_(families)
  {
  }

  /// Searches for a name that failed. Again for one that has no chain yet; past `most_names` no
  /// more.
  void look(const std::string& name);

  [[nodiscard]] bool busy() const { return running_ > 0; }
  /// Calls back when nothing is searched any more: now, or later.
  void when_idle(std::function<void()> then);

  /// The names that were looked at with what was found, sorted by name.
  [[nodiscard]] std::vector<model::FailedName> found() const;

  static constexpr std::size_t most_names = 1000;

private:
  struct Search;
  using Pointer = std::shared_ptr<Search>;
  using Then = std::function<void(const std::optional<wire::dns::Response>&)>;

  void next_name(const Pointer& search);
  void on_referral(const Pointer& search, const wire::dns::Response& response);
  void next_server(const Pointer& search);
  void judge_zone(const Pointer& search);
  void ask_for_alias(const Pointer& search);
  void end(const Pointer& search, bool sure);
  void ask(wire::dns::Bytes query, const std::string& name, std::uint16_t type, const Then& then);
  void ask_cache(const std::string& name, std::uint16_t type, const Then& then);
  void add_address(Search& search, const std::string& server, net::Address address) const;

  Resolvers& resolvers_;
  const model::Absence& absence_;
  Families families_;
  std::map<std::string, std::vector<model::NameStep>> names_;
  std::map<std::string, bool> running_names_;
  std::size_t running_ = 0;
  std::vector<std::function<void()>> waiting_;
};

}  // namespace zonder::isolate
