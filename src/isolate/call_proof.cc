// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/call_proof.hh"

#include <cerrno>

#include <netinet/in.h>

#include "base/translate.hh"

namespace zonder::isolate {
namespace {

using std::chrono::milliseconds;

constexpr std::uint16_t canary_port = 443;
constexpr std::uint16_t dns_port = 53;
constexpr milliseconds control_patience{2500};

/// One try of one canary; adds the check.
Result<void> try_one(Doorkeeper& doorkeeper,
                     Keeper& keeper,
                     const model::Absence& absence,
                     const Canary& canary,
                     std::uint8_t protocol,
                     bool blocked,
                     model::Proof& proof)
{
  const Destination destination = {
      .address = canary.address, .protocol = protocol, .port = canary_port};
  const SocketAddress to(canary.address, canary_port);
  const auto counted = doorkeeper.tried(destination, blocked);
  const auto out = doorkeeper.went_out();
  const auto result =
      protocol == IPPROTO_UDP ? keeper.send_datagram(to) : keeper.connect(to, milliseconds(0));
  if (!result) {
    return fail(result.error());
  }
  std::string detail;
  if (doorkeeper.went_out() != out) {
    detail = say("it left this machine");
  } else if (protocol == IPPROTO_TCP && *result == 0) {
    detail = say("it was answered");
  } else if (doorkeeper.tried(destination, blocked) == counted) {
    detail = *result == 0 ? say("nothing was counted")
                          : say("nothing was counted: {}", std::strerror(*result));
  }
  proof.checks.push_back({.what = blocked ? "canary" : "passes-while-empty",
                          .target = canary.address.to_string() +
                                    (protocol == IPPROTO_TCP ? " tcp/" : " udp/") +
                                    std::to_string(canary_port),
                          .party = absence.parties[canary.party].id,
                          .as_expected = detail.empty(),
                          .detail = detail});
  return {};
}

Result<void> try_all(Doorkeeper& doorkeeper,
                     Keeper& keeper,
                     const model::Absence& absence,
                     const std::vector<Canary>& canaries,
                     bool blocked,
                     model::Proof& proof)
{
  for (const auto& canary : canaries) {
    // The range that stands for names is never empty.
    if (!blocked && canary.stands_for_names) {
      continue;
    }
    for (const auto protocol : {std::uint8_t{IPPROTO_UDP}, std::uint8_t{IPPROTO_TCP}}) {
      ZONDER_TRY(try_one(doorkeeper, keeper, absence, canary, protocol, blocked, proof));
    }
  }
  return {};
}

}  // namespace

Result<void> try_canaries_by_calls(Doorkeeper& doorkeeper,
                                   Keeper& keeper,
                                   const model::Absence& absence,
                                   const std::vector<Canary>& canaries,
                                   model::Proof& proof)
{
  doorkeeper.set_door(Doorkeeper::Door::Empty);
  ZONDER_TRY(try_all(doorkeeper, keeper, absence, canaries, false, proof));
  doorkeeper.set_door(Doorkeeper::Door::Closed);
  return try_all(doorkeeper, keeper, absence, canaries, true, proof);
}

WayToControls way_of(Keeper& keeper, std::optional<net::Address> resolver)
{
  return {.any_answers =
              [&keeper](const auto& addresses, const auto& ports) {
                for (const auto port : ports) {
                  for (const auto& address : addresses) {
                    const auto result =
                        keeper.connect(SocketAddress(address, port), control_patience);
                    if (result && (*result == 0 || *result == ECONNREFUSED)) {
                      return true;
                    }
                  }
                }
                return false;
              },
          .name_server_answers =
              [&keeper, resolver] {
                if (!resolver) {
                  return false;
                }
                const auto result =
                    keeper.ask_for_names(SocketAddress(*resolver, dns_port), 2 * control_patience);
                return result && *result == 0;
              }};
}

}  // namespace zonder::isolate
