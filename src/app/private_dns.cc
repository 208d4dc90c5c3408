// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/private_dns.hh"

#include <algorithm>
#include <map>

#include "base/translate.hh"

namespace zonder::app {
namespace {

constexpr std::uint16_t https_port = 443;

const catalog::PrivateResolver* resolver_at(const model::Attempt& attempt,
                                            const catalog::PrivateResolvers& known)
{
  if (attempt.verdict != model::Verdict::Passed || !attempt.address || attempt.port != https_port) {
    return nullptr;
  }
  if (const auto* found = known.find(attempt.name)) {
    return found;
  }
  for (const auto& name : attempt.names) {
    if (const auto* found = known.find(name)) {
      return found;
    }
  }
  return known.find(*attempt.address);
}

}  // namespace

void tell_private_dns(model::RunRecord& record, const catalog::PrivateResolvers& known)
{
  std::map<std::string, model::LeftTheRoom> ways;
  for (const auto& attempt : record.attempts) {
    const auto* resolver = resolver_at(attempt, known);
    if (resolver == nullptr) {
      continue;
    }
    auto& way = ways[resolver->called];
    const auto where = attempt.name.empty() ? attempt.address->to_string() : attempt.name;
    way.what = say("names over HTTPS at {} ({})", resolver->called, where);
    way.meaning = tr("names that were asked there are not in this report; what they led to was cut "
                     "by address only");
    way.programs.insert(way.programs.end(), attempt.programs.begin(), attempt.programs.end());
  }
  for (auto& [called, way] : ways) {
    record.left_the_room.push_back(std::move(way));
  }
}

}  // namespace zonder::app
