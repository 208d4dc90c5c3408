// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "model/observation.hh"

#include <algorithm>
#include <array>

namespace zonder::model {
namespace {

// In the order of the enumerations.
constexpr std::array<std::string_view, 8> kinds = {"device",
                                                   "name",
                                                   "address",
                                                   "endpoint",
                                                   "application",
                                                   "organisation",
                                                   "party",
                                                   "jurisdiction"};
constexpr std::array<std::string_view, 21> relations = {
    "asked",       "named",        "reached",     "signed-in",    "leads-to",    "alias",
    "name-server", "mail-server",  "mail-sender", "mail-signer",  "mail-client", "verified",
    "service",     "certified-by", "loads-from",  "redirects-to", "logs-in-at",  "has",
    "needs",       "supplied-by",  "hosted-in"};
constexpr std::array<std::string_view, 9> ways = {
    "dns", "tls", "quic", "http", "flow", "log", "list", "certificate", "page"};
constexpr std::array<std::string_view, 3> tiers = {"declared", "measured", "drilled"};

template <typename Value, std::size_t n>
std::optional<Value> parse(const std::array<std::string_view, n>& words, std::string_view text)
{
  const auto* found = std::find(words.begin(), words.end(), text);
  return found == words.end()
             ? std::nullopt
             : std::optional(static_cast<Value>(std::distance(words.begin(), found)));
}

}  // namespace

std::string_view to_text(Kind kind)
{
  return kinds.at(static_cast<std::size_t>(kind));
}

std::string_view to_text(Relation relation)
{
  return relations.at(static_cast<std::size_t>(relation));
}

std::string_view to_text(Via via)
{
  return ways.at(static_cast<std::size_t>(via));
}

std::string_view to_text(Tier tier)
{
  return tiers.at(static_cast<std::size_t>(tier));
}

std::optional<Kind> parse_kind(std::string_view text)
{
  return parse<Kind>(kinds, text);
}

std::optional<Relation> parse_relation(std::string_view text)
{
  return parse<Relation>(relations, text);
}

std::optional<Via> parse_via(std::string_view text)
{
  return parse<Via>(ways, text);
}

std::optional<Tier> parse_tier(std::string_view text)
{
  return parse<Tier>(tiers, text);
}

}  // namespace zonder::model
