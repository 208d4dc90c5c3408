// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/call_tally.hh"

#include "isolate/gateway_rules.hh"

namespace zonder::isolate {

void CallTally::note(const Destination& destination, bool blocked, model::Moment now)
{
  ++(blocked ? blocked_ : passed_);
  const std::pair key(blocked, destination);
  auto place = counts_.find(key);
  if (place == counts_.end()) {
    if (counts_.size() >= capacity_) {
      return;
    }
    place = counts_.emplace(key, 0).first;
  }
  ++place->second;
  times_.note({.prefix = blocked ? rules::blocked_prefix : rules::passed_prefix,
               .source = destination.address,  // nothing looks at it
               .destination = destination.address,
               .protocol = destination.protocol,
               .source_port = 0,
               .destination_port = destination.port},
              now);
}

std::vector<kernel::NftDestination> CallTally::destinations(bool blocked) const
{
  std::vector<kernel::NftDestination> all;
  for (const auto& [key, count] : counts_) {
    if (key.first == blocked) {
      all.push_back({.address = key.second.address,
                     .protocol = key.second.protocol,
                     .port = key.second.port,
                     .packets = count});
    }
  }
  return all;
}

std::uint64_t CallTally::tried(const Destination& destination, bool blocked) const
{
  const auto found = counts_.find({blocked, destination});
  return found == counts_.end() ? 0 : found->second;
}

}  // namespace zonder::isolate
