// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/proof.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <span>
#include <thread>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/translate.hh"
#include "isolate/socket_address.hh"
#include "net/special_use.hh"

namespace zonder::isolate {
namespace {

using std::chrono::steady_clock;

constexpr std::uint16_t canary_port = 443;
constexpr std::chrono::milliseconds canary_patience{2000};
constexpr std::chrono::milliseconds canary_resent_after{300};
constexpr std::chrono::milliseconds control_patience{5000};

Descriptor& udp_probe(Probes& probes, net::Family family)
{
  return family == net::Family::V4 ? probes.udp_v4 : probes.udp_v6;
}

std::optional<Descriptor> take_tcp_probe(Probes& probes, net::Family family)
{
  auto& left = family == net::Family::V4 ? probes.tcp_v4 : probes.tcp_v6;
  if (left.empty()) {
    return std::nullopt;
  }
  auto probe = std::move(left.back());
  left.pop_back();
  return probe;
}

/// What is sent: a datagram to every canary, and one TCP connection per family.
struct Attempted {
  Canary canary;
  std::uint8_t protocol = IPPROTO_UDP;
};

std::vector<Attempted> attempts_for(const std::vector<Canary>& canaries)
{
  std::vector<Attempted> attempts;
  for (const auto& canary : canaries) {
    attempts.push_back({.canary = canary, .protocol = IPPROTO_UDP});
  }
  for (const auto family : {net::Family::V4, net::Family::V6}) {
    const auto first = std::find_if(canaries.begin(), canaries.end(), [family](const Canary& each) {
      return each.address.family() == family;
    });
    if (first != canaries.end()) {
      attempts.push_back({.canary = *first, .protocol = IPPROTO_TCP});
    }
  }
  return attempts;
}

void send_datagram(const Canary& canary, Probes& probes)
{
  constexpr std::array<char, 6> words = {'z', 'o', 'n', 'd', 'e', 'r'};
  const SocketAddress to(canary.address, canary_port);
  ::sendto(udp_probe(probes, canary.address.family()).get(),
           words.data(),
           words.size(),
           0,
           to.get(),
           to.length);
}

/// Sends them; TCP sockets are kept, so that they do not answer for themselves.
std::vector<Descriptor> send_all(const std::vector<Attempted>& attempts, Probes& probes)
{
  std::vector<Descriptor> open;
  for (const auto& attempt : attempts) {
    const auto family = attempt.canary.address.family();
    const SocketAddress to(attempt.canary.address, canary_port);
    if (attempt.protocol == IPPROTO_UDP) {
      send_datagram(attempt.canary, probes);
    } else if (auto probe = take_tcp_probe(probes, family)) {
      ::connect(probe->get(), to.get(), to.length);
      open.push_back(std::move(*probe));
    }
  }
  return open;
}

bool is_among(const Attempted& attempt, const std::vector<kernel::NftDestination>& seen)
{
  return std::any_of(seen.begin(), seen.end(), [&](const kernel::NftDestination& each) {
    return each.address == attempt.canary.address && each.protocol == attempt.protocol &&
           each.port == canary_port && each.packets > 0;
  });
}

bool is_connected(const std::vector<Descriptor>& open)
{
  return std::any_of(open.begin(), open.end(), [](const Descriptor& socket) {
    sockaddr_storage peer{};
    socklen_t length = sizeof peer;
    return ::getpeername(socket.get(), reinterpret_cast<sockaddr*>(&peer), &length) == 0;
  });
}

std::string target_of(const Attempted& attempt)
{
  return attempt.canary.address.to_string() +
         (attempt.protocol == IPPROTO_TCP ? " tcp/" : " udp/") + std::to_string(canary_port);
}

/// As TCP does by itself: a datagram can be lost on the link, and the kernel may have had no memory
/// to write it down.
void send_unseen_again(const std::vector<Attempted>& attempts,
                       const std::vector<kernel::NftDestination>& seen,
                       Probes& probes)
{
  for (const auto& attempt : attempts) {
    if (attempt.protocol == IPPROTO_UDP && !is_among(attempt, seen)) {
      send_datagram(attempt.canary, probes);
    }
  }
}

/// Sends to all canaries, and waits until the gateway has seen them all, as blocked or as passed.
Result<void> try_all(Gateway& gateway,
                     Probes& probes,
                     const model::Absence& absence,
                     const std::vector<Canary>& canaries,
                     bool blocked,
                     model::Proof& proof)
{
  const auto attempts = attempts_for(canaries);
  const auto before = gateway.counts();
  if (!before) {
    return fail(before.error());
  }
  const auto open = send_all(attempts, probes);
  const auto until = steady_clock::now() + canary_patience;
  auto again = steady_clock::now() + canary_resent_after;
  std::vector<kernel::NftDestination> seen;
  for (;;) {
    auto read = gateway.destinations(blocked ? model::Verdict::Blocked : model::Verdict::Passed);
    if (!read) {
      return fail(read.error());
    }
    seen = std::move(*read);
    const bool all = std::all_of(attempts.begin(), attempts.end(), [&](const Attempted& each) {
      return is_among(each, seen);
    });
    const auto now = steady_clock::now();
    if (all || now > until) {
      break;
    }
    if (now > again) {
      send_unseen_again(attempts, seen, probes);
      again = now + canary_resent_after;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  const auto after = gateway.counts();
  if (!after) {
    return fail(after.error());
  }
  const auto moved = after->since(*before);
  // Nothing may leave, and what dies must be counted for its own party.
  const bool nothing_left = moved.left == 0 && !is_connected(open);
  for (const auto& attempt : attempts) {
    const auto party = attempt.canary.party;
    const bool right_counter = !blocked                          ? moved.guarded > 0
                               : attempt.canary.stands_for_names ? moved.synthetic > 0
                                                                 : moved.by_party[party] > 0;
    std::string detail;
    if (!nothing_left) {
      detail = say("a packet left the gateway");
    } else if (!is_among(attempt, seen) || !right_counter) {
      detail = blocked ? say("the gateway did not count it as stopped")
                       : say("it never passed the rules");
    }
    proof.checks.push_back({.what = blocked ? "canary" : "passes-while-empty",
                            .target = target_of(attempt),
                            .party = absence.parties[party].id,
                            .as_expected = detail.empty(),
                            .detail = detail});
  }
  return {};
}

/// Tries several connections at once; true when one of them is answered. A refusal is an answer
/// too: the host is there.
bool any_answers(const std::vector<net::Address>& addresses,
                 const std::vector<std::uint16_t>& ports,
                 Probes& probes)
{
  std::vector<Descriptor> open;
  for (const auto port : ports) {
    for (const auto& address : addresses) {
      if (auto probe = take_tcp_probe(probes, address.family())) {
        const SocketAddress to(address, port);
        ::connect(probe->get(), to.get(), to.length);
        open.push_back(std::move(*probe));
      }
    }
  }
  const auto until = steady_clock::now() + control_patience;
  while (!open.empty()) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - steady_clock::now());
    if (left.count() <= 0) {
      return false;
    }
    std::vector<pollfd> ready;
    for (const auto& socket : open) {
      ready.push_back({.fd = socket.get(), .events = POLLOUT, .revents = 0});
    }
    ::poll(ready.data(), ready.size(), static_cast<int>(left.count()));
    for (std::size_t i = ready.size(); i-- > 0;) {
      if (ready[i].revents == 0) {
        continue;
      }
      int error = 0;
      socklen_t length = sizeof error;
      ::getsockopt(open[i].get(), SOL_SOCKET, SO_ERROR, &error, &length);
      if (error == 0 || error == ECONNREFUSED) {
        return true;
      }
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  return false;
}

/// Asks the room's name server, from inside, for the root's name servers: something that every
/// resolver knows and that asks for nobody.
bool name_server_answers(const RoomPlan& plan, Probes& probes)
{
  constexpr std::array<std::uint8_t, 17> question = {
      0x7a, 0x6f, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1};
  const SocketAddress to(plan.gateway_v4, 53);
  ::sendto(probes.udp_v4.get(), question.data(), question.size(), 0, to.get(), to.length);
  const auto until = steady_clock::now() + control_patience;
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - steady_clock::now());
    pollfd ready = {.fd = probes.udp_v4.get(), .events = POLLIN, .revents = 0};
    if (left.count() <= 0 || ::poll(&ready, 1, static_cast<int>(left.count())) == 0) {
      return false;
    }
    std::array<std::uint8_t, 1500> answer{};
    const auto got = ::recv(probes.udp_v4.get(), answer.data(), answer.size(), 0);
    const bool ours = got >= 12 && answer[0] == question[0] && answer[1] == question[1];
    if (ours && (answer[2] & 0x80U) != 0) {
      const auto code = answer[3] & 0x0fU;
      return code != 2;  // SERVFAIL: ours says so when no resolver answers
    }
  }
}

/// An address that a packet can be sent to by way of the gateway: not this machine's own, no
/// group's, none that only reaches its own link.
bool goes_by_gateways(net::Address address)
{
  const auto use = net::special_use(address);
  return use != net::SpecialUse::Loopback && use != net::SpecialUse::LinkLocal &&
         use != net::SpecialUse::Multicast && use != net::SpecialUse::Reserved;
}

/// In the middle of what a party has, and not the first address, which often names a network. In
/// space so wide that this is nobody's, one that is somebody's.
net::Address address_in(std::span<const net::Range> ranges)
{
  const auto& range = ranges[ranges.size() / 2];
  const auto second = range.first.next();
  const auto usual = range.first < range.last && second ? *second : range.first;
  if (goes_by_gateways(usual)) {
    return usual;
  }
  for (const char* wide : {"1.0.0.1", "128.0.0.1", "2000::1"}) {
    const auto address = net::Address::parse(wide).value();
    for (const auto& each : ranges) {
      if (each.first.family() == address.family() && each.first <= address &&
          address <= each.last) {
        return address;
      }
    }
  }
  return usual;
}

/// For parties without addresses: the last ones of the ranges that stand for names, which are
/// given out last.
void add_canaries_for_names(const model::Absence& absence, std::vector<Canary>& canaries)
{
  for (std::size_t i = 0; i < absence.parties.size(); ++i) {
    const bool has_names =
        std::any_of(absence.names.begin(), absence.names.end(), [i](const model::NameRule& rule) {
          return rule.party == i;
        });
    if (absence.parties[i].addresses.empty() && has_names) {
      for (const auto& prefix : {synthetic_v4(), synthetic_v6()}) {
        canaries.push_back(
            {.party = i, .address = *prefix.last().previous(), .stands_for_names = true});
      }
    }
  }
}

}  // namespace

std::size_t possible_canaries(const model::Absence& absence)
{
  return choose_canaries(absence, ~std::size_t{0}).size();
}

std::vector<Canary> choose_canaries(const model::Absence& absence, std::size_t limit)
{
  std::vector<Canary> all;
  for (std::size_t i = 0; i < absence.parties.size(); ++i) {
    const auto& ranges = absence.parties[i].addresses.ranges();
    for (const auto family : {net::Family::V4, net::Family::V6}) {
      const auto first = std::find_if(ranges.begin(), ranges.end(), [family](const auto& range) {
        return range.first.family() == family;
      });
      const auto last = std::find_if(first, ranges.end(), [family](const auto& range) {
        return range.first.family() != family;
      });
      if (first != last) {
        all.push_back({.party = i, .address = address_in({first, last})});
      }
    }
  }
  add_canaries_for_names(absence, all);
  if (all.size() <= limit) {
    return all;
  }
  std::vector<Canary> sample;
  for (std::size_t i = 0; i < limit; ++i) {
    sample.push_back(all[i * all.size() / limit]);
  }
  return sample;
}

Result<void> try_while_empty(Gateway& gateway,
                             Probes& probes,
                             const model::Absence& absence,
                             const std::vector<Canary>& canaries,
                             model::Proof& proof)
{
  // The range that stands for names is never empty.
  auto own = canaries;
  own.erase(std::remove_if(own.begin(),
                           own.end(),
                           [](const Canary& canary) { return canary.stands_for_names; }),
            own.end());
  return try_all(gateway, probes, absence, own, false, proof);
}

Result<void> try_canaries(Gateway& gateway,
                          Probes& probes,
                          const model::Absence& absence,
                          const std::vector<Canary>& canaries,
                          model::Proof& proof)
{
  return try_all(gateway, probes, absence, canaries, true, proof);
}

WayToControls way_of(Probes& probes, const RoomPlan& plan)
{
  return {
      .any_answers = [&probes](const auto& addresses,
                               const auto& ports) { return any_answers(addresses, ports, probes); },
      .name_server_answers =
          [&probes, plan] {
            return name_server_answers(plan, probes);
          }};
}

std::string what_was_not_proved(const model::Proof& proof)
{
  const auto wrong = std::find_if(proof.checks.begin(), proof.checks.end(), [](const auto& check) {
    return !check.as_expected;
  });
  if (wrong == proof.checks.end()) {
    return say("nothing could be tried");
  }
  if (wrong->what == "control") {
    return say("the control {} does not hold: {}", wrong->target, wrong->detail);
  }
  return say("the attempt at {} ({}) did not go as it must: {}",
             wrong->target,
             wrong->party,
             wrong->detail);
}

Result<void> judge(model::Proof& proof, bool unproved, const Tell& tell)
{
  if (proof.holds()) {
    return {};
  }
  if (!unproved) {
    return fail(Fault::NotPossible,
                say("the block could not be proved, so nothing was started: {} (--unproved runs "
                    "all the same)",
                    what_was_not_proved(proof)));
  }
  proof.overridden = true;
  tell(say("not proved: {}", what_was_not_proved(proof)));
  return {};
}

}  // namespace zonder::isolate
