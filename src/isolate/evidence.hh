// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "isolate/gateway.hh"
#include "isolate/name_ledger.hh"
#include "isolate/tries.hh"
#include "kernel/nflog.hh"
#include "model/absence.hh"
#include "model/run_record.hh"

// From what the gateway counted, what its log told, and what was asked of the name server, to the
// attempts of the record. The counts are the kernel's own, exact per destination; the log only
// tells when.
namespace zonder::isolate {

/// When each destination was first and last tried, as the log told it.
class Times {
public:
  struct Span {
    model::Moment first;
    model::Moment last;
  };
  void note(const kernel::LoggedPacket& packet, model::Moment now);
  [[nodiscard]] const Span* find(const kernel::NftDestination& destination,
                                 model::Verdict verdict) const;

private:
  std::map<std::tuple<model::Verdict, net::Address, std::uint8_t, std::uint16_t>, Span> spans_;
};

/// Everything that was seen.
struct Seen {
  std::vector<kernel::NftDestination> blocked;
  std::vector<kernel::NftDestination> denied;
  std::vector<kernel::NftDestination> hindered;
  std::vector<kernel::NftDestination> passed;
  std::vector<Question> questions;
  const Tries* tries = nullptr;         // who reached for what; null: nobody looked
  const Tries* tries_before = nullptr;  // the same, from before the parties fell away (--after)
  bool calls_tell_more = false;         // calls are looked at of which no packet is in the above
  Times times;
  model::Moment started;  // for what the log did not tell
  model::Moment ended;
};

/// What the name server knows of addresses.
struct Names {
  std::function<std::optional<std::string>(net::Address)> name_of;
  std::function<std::optional<std::size_t>(net::Address)> party_of_synthetic;
};

/// The attempts, sorted: blocked first, then party, name, address, port, protocol.
std::vector<model::Attempt>
attempts_of(const Seen& seen, const model::Absence& absence, const Names& names);

/// The questions of `later` that are not in `earlier`.
std::vector<Question> questions_since(const std::vector<Question>& earlier,
                                      std::vector<Question> later);

/// Puts down where the run's own resolver was stopped, and takes back the reasons that go without:
/// a chain stands only when one of the name servers in it was really asked in vain.
void add_stops_of_resolver(model::NameResolution& dns,
                           const std::vector<kernel::NftDestination>& stopped,
                           const model::Absence& absence);

}  // namespace zonder::isolate
