// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "model/failure.hh"

namespace zonder::model {

std::string_view to_string(FailureMode mode)
{
  switch (mode) {
  case FailureMode::Gone:
    return "gone";
  case FailureMode::Revoked:
    return "revoked";
  case FailureMode::Frozen:
    return "frozen";
  case FailureMode::Hostile:
    return "hostile";
  case FailureMode::Captured:
    return "captured";
  }
  return {};
}

std::string_view to_string(Signature signature)
{
  switch (signature) {
  case Signature::Blackhole:
    return "blackhole";
  case Signature::Refuse:
    return "refuse";
  case Signature::Unreachable:
    return "unreachable";
  case Signature::Nxdomain:
    return "nxdomain";
  case Signature::Servfail:
    return "servfail";
  case Signature::Lossy:
    return "lossy";
  case Signature::Slow:
    return "slow";
  case Signature::Late:
    return "late";
  case Signature::TlsReset:
    return "tls-reset";
  case Signature::Denied:
    return "denied";
  }
  return {};
}

bool hinders_only(Signature signature)
{
  return signature == Signature::Lossy || signature == Signature::Slow ||
         signature == Signature::Late;
}

bool is_answered(Signature signature)
{
  return signature == Signature::TlsReset || signature == Signature::Denied;
}

std::optional<FailureMode> parse_failure_mode(std::string_view text)
{
  for (const auto mode : all_failure_modes) {
    if (to_string(mode) == text) {
      return mode;
    }
  }
  return std::nullopt;
}

std::optional<Signature> parse_signature(std::string_view text)
{
  for (const auto signature : all_signatures) {
    if (to_string(signature) == text) {
      return signature;
    }
  }
  return std::nullopt;
}

}  // namespace zonder::model
