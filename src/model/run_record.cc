// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "model/run_record.hh"

#include <algorithm>

namespace zonder::model {
namespace {

std::uint64_t as_expected(const Proof& proof, std::string_view what)
{
  return static_cast<std::uint64_t>(
      std::count_if(proof.checks.begin(), proof.checks.end(), [what](const Proof::Check& check) {
        return check.what == what && check.as_expected;
      }));
}

}  // namespace

std::uint64_t Proof::canaries_failed() const
{
  return as_expected(*this, "canary");
}

std::uint64_t Proof::controls_passed() const
{
  return as_expected(*this, "control");
}

bool Proof::holds() const
{
  const bool all = std::all_of(
      checks.begin(), checks.end(), [](const Check& check) { return check.as_expected; });
  return all && canaries_failed() > 0 && controls_passed() > 0;
}

}  // namespace zonder::model
