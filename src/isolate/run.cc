// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/run.hh"

#include <algorithm>

#include "base/translate.hh"

namespace zonder::isolate {

std::optional<Engine> parse_engine(std::string_view text)
{
  if (text == "auto") {
    return Engine::Automatic;
  }
  if (text == "netns") {
    return Engine::Netns;
  }
  return text == "root" ? std::optional(Engine::Root) : std::nullopt;
}

std::optional<UplinkKind> parse_uplink_kind(std::string_view text)
{
  if (text == "auto") {
    return UplinkKind::Automatic;
  }
  if (text == "slirp4netns") {
    return UplinkKind::Slirp4netns;
  }
  if (text == "pasta") {
    return UplinkKind::Pasta;
  }
  return text == "veth" ? std::optional(UplinkKind::Veth) : std::nullopt;
}

Result<model::RunRecord> run(const RunOptions& /*options*/)
{
  return fail(Fault::NotPossible, say("this version cannot run a command yet"));
}

int exit_code_of(const model::RunRecord& record, bool fail_on_contact)
{
  const bool contact = std::any_of(
      record.attempts.begin(), record.attempts.end(), [](const model::Attempt& attempt) {
        return attempt.verdict == model::Verdict::Blocked && !attempt.party.empty();
      });
  const bool finding = record.uplink_died || (fail_on_contact && contact);
  return record.exit_code == 0 && finding ? 1 : record.exit_code;
}

}  // namespace zonder::isolate
