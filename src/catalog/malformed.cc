// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/malformed.hh"

#include <algorithm>

#include "base/ascii.hh"
#include "base/translate.hh"
#include "net/address.hh"
#include "net/asn.hh"

namespace zonder::catalog {
namespace {

constexpr std::string_view digits = "0123456789";

bool all_digits(std::string_view text)
{
  return !text.empty() && text.find_first_not_of(digits) == std::string_view::npos;
}

/// No top-level domain is a number, so this is no name either.
std::optional<std::string> why_no_ipv4(std::string_view input)
{
  if (input.find_first_not_of("0123456789.") != std::string_view::npos ||
      input.find('.') == std::string_view::npos || net::Address::try_parse(input)) {
    return std::nullopt;
  }
  return say("{} is no address: four numbers between dots, each at most 255, such as 192.0.2.1",
             input);
}

std::string as_asn(std::string_view input, std::string_view number)
{
  // A number that is too long in digits is too large too.
  if (const auto asn = net::Asn::try_parse(number)) {
    return say("{} is no name and no address (did you mean as{}?)", input, asn->number);
  }
  return say("{}: AS numbers go to 4294967295", input);
}

}  // namespace

std::optional<std::string> why_malformed(std::string_view input)
{
  if (auto why = why_no_ipv4(input)) {
    return why;
  }
  if (all_digits(input)) {
    return as_asn(input, input);
  }
  const std::string lower = ascii_lower(std::string(input));
  if (!lower.starts_with("as")) {
    return std::nullopt;
  }
  const auto number = lower.find_first_of(digits);
  if (number == std::string::npos || number > 3 ||
      (number == 3 && std::string_view("-_ #").find(lower[2]) == std::string_view::npos) ||
      !all_digits(std::string_view(lower).substr(number))) {
    return std::nullopt;
  }
  const auto rest = std::string_view(lower).substr(number);
  if (number == 2 && net::Asn::try_parse(rest)) {
    return std::nullopt;
  }
  return as_asn(input, rest);
}

}  // namespace zonder::catalog
