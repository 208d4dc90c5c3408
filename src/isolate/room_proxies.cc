// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/room_proxies.hh"

#include <algorithm>
#include <array>
#include <chrono>
#include <future>
#include <tuple>

#include <netinet/in.h>
#include <unistd.h>

#include "base/ascii.hh"
#include "base/translate.hh"
#include "isolate/listening_ports.hh"
#include "net/domain_name.hh"
#include "net/special_use.hh"

namespace zonder::isolate {
namespace {

using Kind = model::ProxyUse::Kind;

constexpr std::chrono::seconds longest_look_up{20};
constexpr std::chrono::seconds margin{2};

bool is_loopback(const net::Address& address)
{
  return address.is_v4() ? address.low() >> 24U == 127 : address == net::Address::v6(0, 1);
}

bool is_any_here(const std::vector<net::Address>& addresses, const std::vector<net::Address>& own)
{
  return std::any_of(addresses.begin(), addresses.end(), [&](const net::Address& each) {
    return is_loopback(each) || std::find(own.begin(), own.end(), each) != own.end();
  });
}

bool means_loopback(const std::string& name)
{
  return name == "localhost" || name.ends_with(".localhost");
}

/// The names that the C library would try, in its order (resolv.conf(5), ndots:1).
std::vector<net::DomainName> candidates(const std::string& name,
                                        const std::vector<std::string>& search)
{
  std::vector<std::string> texts;
  for (const auto& domain : search) {
    texts.push_back(name + "." + domain);
  }
  const bool first = name.find('.') != std::string::npos;
  texts.insert(first ? texts.begin() : texts.end(), name);
  std::vector<net::DomainName> all;
  for (const auto& text : texts) {
    if (auto known = net::DomainName::parse(text)) {
      all.push_back(std::move(*known));
    }
  }
  return all;
}

/// Waits for the answer.
Forwarder::Found look_up(Forwarder& forwarder, const net::DomainName& name)
{
  const auto promise = std::make_shared<std::promise<Forwarder::Found>>();
  auto answer = promise->get_future();
  forwarder.look_up(name, [promise](const Forwarder::Found& found) { promise->set_value(found); });
  return answer.wait_for(longest_look_up) == std::future_status::ready ? answer.get()
                                                                       : Forwarder::Found();
}

/// 64:ff9b::192.0.2.1 (RFC 6052)
net::Address behind_nat64(net::Address v4)
{
  return net::Address::v6(0x0064ff9b00000000ULL, v4.low());
}

void add_once(std::vector<InternetPlace>& to, const InternetPlace& place)
{
  const bool known = std::any_of(to.begin(), to.end(), [&](const InternetPlace& each) {
    return each.address == place.address && each.port == place.port;
  });
  if (!known) {
    to.push_back(place);
  }
}

using Addresses = std::vector<net::Address>;

/// Connections to a proxy that was closed, or past the one that is seen through by way of a NAT64.
std::uint64_t
stopped_at_gateway(const model::RunRecord& record, const Addresses& proxy, std::uint16_t port)
{
  std::uint64_t count = 0;
  for (const auto& attempt : record.attempts) {
    if (attempt.verdict != model::Verdict::Blocked || attempt.protocol != "tcp" ||
        !attempt.party.empty() || attempt.port != port || !attempt.address) {
      continue;
    }
    const auto meant = net::meant_behind_nat64(*attempt.address).value_or(*attempt.address);
    count += std::find(proxy.begin(), proxy.end(), meant) != proxy.end() ? attempt.count : 0;
  }
  return count;
}

/// Calls to a proxy that is on this machine, and in the room not there. Where not all calls were
/// seen there was one, for all that is known.
std::uint64_t tried_at_loopback(const Tries* tries, const Addresses& proxy, std::uint16_t port)
{
  std::uint64_t count = 0;
  bool at_loopback = false;
  for (const auto& address : proxy) {
    if (!is_loopback(address)) {
      continue;
    }
    at_loopback = true;
    if (tries != nullptr) {
      const auto shares = tries->at({.address = address, .protocol = IPPROTO_TCP, .port = port});
      for (const auto& share : shares) {
        count += share.tries;
      }
    }
  }
  const bool all_seen = tries != nullptr && tries->not_kept() == 0;
  return at_loopback && !all_seen ? std::max(count, std::uint64_t{1}) : count;
}

/// As the machine itself calls it, with its domain or without.
bool is_own_name(const std::string& name)
{
  std::array<char, 256> own{};
  if (::gethostname(own.data(), own.size() - 1) != 0 || own[0] == 0) {
    return false;
  }
  const auto whole = ascii_lower(std::string(own.data()));
  return name == whole || name == whole.substr(0, whole.find('.'));
}

}  // namespace

RoomProxies::RoomProxies(Options options) : options_(std::move(options)), hosts_(options_.hosts)
{
  for (const auto& place : options_.told->places) {
    found_.push_back(
        {.place = place, .addresses = {}, .party = {}, .number = {}, .on_this_machine = false});
    find_here(found_.back());
  }
}

/// What can be known without asking anybody.
void RoomProxies::find_here(Found& found) const
{
  const auto& place = found.place;
  if (place.address) {
    found.addresses = {*place.address};
    return;
  }
  found.addresses = hosts_.addresses_of(place.name);
  if (found.addresses.empty() && means_loopback(place.name)) {
    found.addresses = {net::Address::v4(0x7f000001), net::Address::v6(0, 1)};
  }
}

std::vector<InternetPlace> RoomProxies::at_loopback() const
{
  std::vector<InternetPlace> all;
  for (const auto& found : found_) {
    for (const auto& address : found.addresses) {
      if (found.place.seen_through && is_loopback(address)) {
        add_once(all, {.address = address, .port = found.place.port});
      }
    }
  }
  return all;
}

/// By the first of its names that exists; from then on that one leads to nowhere else. Where none
/// does, none does in the room.
void RoomProxies::find_by_name(Found& found, Forwarder* forwarder) const
{
  const auto names = candidates(found.place.name, options_.search);
  if (forwarder == nullptr) {
    return;
  }
  for (const auto& name : names) {
    const auto known = look_up(*forwarder, name);
    if (known.addresses.empty()) {
      continue;
    }
    const auto by_name = options_.absence->party_of(name);
    found.party = by_name ? by_name : known.party;
    found.addresses = known.addresses;
    // At loopback nothing of ours listens for it by now.
    found.addresses.erase(
        std::remove_if(found.addresses.begin(), found.addresses.end(), is_loopback),
        found.addresses.end());
    if (!found.party) {
      forwarder->pin(name, found.addresses);
    }
    return;
  }
  for (const auto& name : names) {
    forwarder->pin(name, {});
  }
}

/// Whose it is, and what is done with it.
void RoomProxies::judge(Found& found) const
{
  const auto& absence = *options_.absence;
  if (!found.place.name.empty() && !found.party) {
    const auto name = net::DomainName::parse(found.place.name);
    found.party = name ? absence.party_of(*name) : std::nullopt;
  }
  if (found.addresses.empty()) {
    found.kind = found.party ? Kind::Absent : Kind::NotFound;
    return;
  }
  const auto first = absence.party_of(found.addresses.front());
  // The gateway's own rules are for these; nothing of it is to be rewritten.
  found.addresses.erase(
      std::remove_if(found.addresses.begin(),
                     found.addresses.end(),
                     [&](const net::Address& each) { return absence.party_of(each).has_value(); }),
      found.addresses.end());
  if (!found.party && found.addresses.empty()) {
    found.party = first;
  }
  found.kind = found.party                ? Kind::Absent
               : found.place.seen_through ? Kind::SeenThrough
                                          : Kind::Closed;
}

/// As the machine itself looks names up, and so a proxy on it: in its hosts file, by the machine's
/// own name, and with the search list for a name of one word.
std::optional<ProxyJudgement> RoomProxies::known_here(const ProxyPolicy& policy,
                                                      const std::string& name) const
{
  const auto& addresses = hosts_.addresses_of(name);
  if (!addresses.empty()) {
    return policy.after({}, addresses);
  }
  if (is_own_name(name)) {
    return ProxyJudgement{.party = {}, .off_limits = true};
  }
  if (name.find('.') == std::string::npos) {
    for (const auto& candidate : candidates(name, options_.search)) {
      if (const auto party = options_.absence->party_of(candidate)) {
        return ProxyJudgement{.party = party};
      }
    }
  }
  return std::nullopt;
}

void RoomProxies::tell_of(const Found& found,
                          const std::function<void(const std::string&)>& tell) const
{
  const auto proxy = found.place.to_string();
  switch (found.kind) {
  case Kind::SeenThrough:
    tell(say("the proxy {} is seen through: what it is asked for is judged", proxy));
    return;
  case Kind::Closed:
    tell(
        say("the proxy {} is spoken to by TLS or SOCKS, which cannot be seen through: it is closed "
            "to the command",
            proxy));
    return;
  case Kind::Absent:
    tell(say("the proxy {} is itself of {}, so it is gone too",
             proxy,
             options_.absence->parties[*found.party].name));
    return;
  case Kind::NotFound:
    tell(say("the proxy {} has no address here, so the command finds none either", proxy));
    return;
  case Kind::Unseen:  // never ours
    return;
  }
}

Result<void> RoomProxies::open(Means means)
{
  std::vector<InternetPlace> seen_through;
  std::vector<InternetPlace> closed;
  ProxyRelay::Options relay;
  for (auto& found : found_) {
    if (found.addresses.empty() && !found.place.name.empty()) {
      find_by_name(found, means.forwarder);
    }
    judge(found);
    tell_of(found, means.tell);
    if (found.addresses.empty()) {
      continue;
    }
    found.on_this_machine = is_any_here(found.addresses, means.own);
    const bool read = found.place.seen_through;
    if (read) {
      found.number = relay.proxies.size();
      relay.proxies.push_back(
          {.host = found.place.address ? found.place.address->to_string() : found.place.name,
           .port = found.place.port,
           .addresses = found.addresses,
           .party = found.party,
           .on_this_machine = found.on_this_machine});
    }
    for (const auto& address : found.addresses) {
      if (!is_loopback(address)) {
        add_once(read ? seen_through : closed, {.address = address, .port = found.place.port});
      }
      if (address.is_v4()) {
        // By way of a NAT64 it is the same proxy, past us.
        add_once(closed, {.address = behind_nat64(address), .port = found.place.port});
      }
    }
  }
  ZONDER_TRY(means.gateway->see_through_proxies(seen_through, closed));
  relay.absence = options_.absence;
  relay.signature = options_.signature;
  relay.armed = options_.armed;
  relay.own = std::move(means.own);
  relay.allowed_ports = options_.allowed_ports;
  relay.listens_here = listens_here;
  relay.asker = std::move(means.asker);
  relay.on_attempt = std::move(means.on_attempt);
  relay.known_here = [this](const ProxyPolicy& policy, const std::string& name) {
    return known_here(policy, name);
  };
  if (auto* forwarder = means.forwarder) {
    relay.look_up = [forwarder](const net::DomainName& name, auto done) {
      forwarder->look_up(name, std::move(done));
    };
    relay.answers_names = [forwarder] {
      return forwarder->answers_names();
    };
    relay.look_up_patience = forwarder->give_up_after() + margin;
  }
  std::vector<ProxyRelay::Listener> listeners;
  for (auto& socket : means.relay) {
    listeners.push_back({.socket = std::move(socket), .at = {}});
  }
  const auto loopback = at_loopback();
  for (std::size_t i = 0; i < loopback.size() && i < means.at_loopback.size(); ++i) {
    listeners.push_back({.socket = std::move(means.at_loopback[i]), .at = loopback[i]});
  }
  auto started = ProxyRelay::start(std::move(relay), std::move(listeners));
  if (!started) {
    return fail(started.error());
  }
  relay_ = std::move(*started);
  return {};
}

std::vector<InternetPlace> RoomProxies::places() const
{
  std::vector<InternetPlace> all;
  for (const auto& found : found_) {
    for (const auto& address : found.addresses) {
      add_once(all, {.address = address, .port = found.place.port});
    }
  }
  return all;
}

Result<void> RoomProxies::arm()
{
  return relay_ ? relay_->arm() : Result<void>();
}

void RoomProxies::stop()
{
  if (relay_) {
    relay_->stop();
  }
}

void RoomProxies::add_to(model::RunRecord& record, const Tries* tries) const
{
  const auto counts = relay_ ? relay_->counts() : std::vector<ProxyRelay::Counts>();
  for (const auto& found : found_) {
    model::ProxyUse use;
    use.proxy = found.place.to_string();
    use.kind = found.kind;
    use.on_this_machine = found.on_this_machine;
    use.party = found.party ? options_.absence->parties[*found.party].id : "";
    use.unseen =
        stopped_at_gateway(record, found.addresses, found.place.port) +
        (use.kind == Kind::Closed ? tried_at_loopback(tries, found.addresses, found.place.port)
                                  : 0);
    if (found.number && *found.number < counts.size()) {
      const auto& count = counts[*found.number];
      use.requests = count.requests;
      use.for_absent = count.for_absent;
      use.by_name_only = count.by_name_only;
      use.fronted = count.fronted;
      use.off_limits = count.off_limits;
      use.not_judged = count.not_judged;
      use.not_understood = count.not_understood;
      use.not_reached = count.not_reached;
    }
    record.proxies.uses.push_back(std::move(use));
  }
  if (!relay_) {
    return;
  }
  record.proxies.unlisted = relay_->unlisted();
  record.proxies.turned_away = relay_->turned_away();
  record.proxies.waited = relay_->waited();
  record.proxies.not_remembered = relay_->not_remembered();
  for (auto& attempt : relay_->attempts()) {
    (attempt.verdict == model::Verdict::Passed ? record.passed_packets : record.blocked_packets) +=
        attempt.count;
    record.attempts.push_back(std::move(attempt));
  }
  std::sort(record.attempts.begin(), record.attempts.end(), [](const auto& a, const auto& b) {
    return std::tie(a.verdict, a.party, a.name, a.address, a.port, a.protocol, a.first) <
           std::tie(b.verdict, b.party, b.name, b.address, b.port, b.protocol, b.first);
  });
}

}  // namespace zonder::isolate
