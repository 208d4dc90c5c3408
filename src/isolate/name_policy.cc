// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/name_policy.hh"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace zonder::isolate {
namespace {

using wire::dns::Question;
using wire::dns::Record;
using wire::dns::Response;
using wire::dns::Section;
using Kind = Ruling::Kind;
namespace type = wire::dns::type;

bool is_address(std::uint16_t kind)
{
  return kind == type::a || kind == type::aaaa;
}

bool is_service(std::uint16_t kind)
{
  return kind == type::https || kind == type::svcb;
}

bool is_alias(const Record& record)
{
  return record.section == Section::Answer &&
         (record.type == type::cname || record.type == type::dname || is_service(record.type));
}

bool is_at_or_under(std::string_view name, std::string_view suffix)
{
  return name.ends_with(suffix) &&
         (name.size() == suffix.size() || name[name.size() - suffix.size() - 1] == '.');
}

/// The names between the question and its answer, in order. What is in the answer without being on
/// the way comes last: resolvers do not send that, but a program might follow it.
std::vector<std::string> names_on_the_way(const Question& question, const Response& response)
{
  std::unordered_map<std::string_view, const Record*> aliases;
  for (const auto& record : response.records) {
    if (record.section == Section::Answer && record.type == type::cname) {
      aliases.emplace(record.owner, &record);
    }
  }
  std::vector<std::string> names{question.name};
  for (auto step = aliases.find(question.name);
       step != aliases.end() && names.size() <= response.records.size();
       step = aliases.find(names.back())) {
    names.push_back(step->second->target);
  }
  for (const auto& record : response.records) {
    if (is_alias(record) && record.target != ".") {
      names.push_back(record.target);
    }
  }
  return names;
}

/// What an absent name is answered when the name itself is what fails, else nothing.
std::optional<Kind> failure_of_names(model::Signature signature)
{
  switch (signature) {
  case model::Signature::Nxdomain:
    return Kind::NxDomain;
  case model::Signature::Servfail:
    return Kind::ServFail;
  case model::Signature::Blackhole:
  case model::Signature::Refuse:
  case model::Signature::Unreachable:
  case model::Signature::Lossy:
  case model::Signature::Slow:
  case model::Signature::Late:
  case model::Signature::TlsReset:
  case model::Signature::Denied:
    return std::nullopt;
  }
  return std::nullopt;
}

bool has_addresses(const Response& response)
{
  return std::any_of(response.records.begin(), response.records.end(), [](const Record& record) {
    return record.section == Section::Answer && !record.addresses.empty();
  });
}

}  // namespace

std::optional<Ruling> NamePolicy::on_way_around(const Question& question)
{
  if (is_at_or_under(question.name, "use-application-dns.net")) {
    return Ruling{Kind::NxDomain, std::nullopt};
  }
  if (is_at_or_under(question.name, "resolver.arpa")) {
    return Ruling{Kind::NoData, std::nullopt};
  }
  return std::nullopt;
}

std::optional<std::size_t> NamePolicy::party_of(const std::string& name) const
{
  const auto known = wire::dns::as_domain_name(name);
  return known ? absence_->party_of(*known) : std::nullopt;
}

std::optional<std::size_t> NamePolicy::party_on_the_way(const Question& question,
                                                        const Response& response) const
{
  for (const auto& name : names_on_the_way(question, response)) {
    if (const auto party = party_of(name)) {
      return party;
    }
  }
  return std::nullopt;
}

bool NamePolicy::all_dead(const Response& response) const
{
  const auto dead = [this](net::Address address) {
    return absence_->party_of(address).has_value();
  };
  return std::all_of(response.records.begin(), response.records.end(), [&](const Record& record) {
    return record.section != Section::Answer ||
           std::all_of(record.addresses.begin(), record.addresses.end(), dead);
  });
}

bool NamePolicy::carries_absent_along(const Response& response) const
{
  return std::any_of(response.records.begin(), response.records.end(), [&](const Record& record) {
    return record.section == Section::Additional && !record.addresses.empty() &&
           party_of(record.owner);
  });
}

Ruling NamePolicy::before(const Question& question) const
{
  const auto party = party_of(question.name);
  if (!party) {
    return {Kind::Ask, std::nullopt};
  }
  // Class ANY would be answered with what class IN holds.
  if (question.class_code != wire::dns::class_in) {
    return {Kind::ServFail, party};
  }
  if (const auto failure = failure_of_names(signature_)) {
    return {*failure, party};
  }
  if (is_address(question.type)) {
    return {Kind::Ask, party};
  }
  return {is_service(question.type) ? Kind::NoData : Kind::ServFail, party};
}

Ruling NamePolicy::after(const Question& question, const Response& response) const
{
  const auto party = party_on_the_way(question, response);
  if (!party) {
    return {carries_absent_along(response) ? Kind::PassWithoutAdditional : Kind::Pass, {}};
  }
  if (question.class_code != wire::dns::class_in) {
    return {Kind::ServFail, party};
  }
  if (const auto failure = failure_of_names(signature_)) {
    return {*failure, party};
  }
  // It no longer resolves, or has no such address: true as it is, and still a blocked question.
  if (response.rcode != 0) {
    return {Kind::PassWithoutAdditional, party};
  }
  if (is_address(question.type)) {
    const bool true_as_it_is = !has_addresses(response) || all_dead(response);
    return {true_as_it_is ? Kind::PassWithoutAdditional : Kind::StandIn, party};
  }
  return {is_service(question.type) ? Kind::NoData : Kind::ServFail, party};
}

}  // namespace zonder::isolate
