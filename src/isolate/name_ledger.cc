// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/name_ledger.hh"

#include <algorithm>

#include "model/made_up.hh"
#include "wire/dns/message.hh"

namespace zonder::isolate {
namespace {

constexpr std::uint32_t synthetic_v4_base = 0xC6120000;  // 198.18.0.0
constexpr std::uint32_t synthetic_v4_size = 1U << 17U;
constexpr std::uint64_t synthetic_v6_high = 0xfd007a6f6e646572;
// A name may have more addresses over time than anyone wants to read.
constexpr std::size_t most_answers = 64;
constexpr std::size_t addresses_per_question = 4;
constexpr std::size_t most_askers = 1000;  // programs per row; more are known by their calls only

void add_answers(std::vector<net::Address>& answers, const std::vector<net::Address>& more)
{
  for (const auto address : more) {
    const auto at = std::lower_bound(answers.begin(), answers.end(), address);
    if ((at == answers.end() || *at != address) && answers.size() < most_answers) {
      answers.insert(at, address);
    }
  }
}

void add_asker(std::vector<model::Share>& askers, std::size_t program, model::Moment now)
{
  const auto known = std::find_if(askers.rbegin(), askers.rend(), [&](const model::Share& each) {
    return each.program == program;
  });
  if (known != askers.rend()) {
    ++known->tries;
    known->last = now;
  } else if (askers.size() < most_askers) {
    askers.push_back({.program = program, .tries = 1, .first = now, .last = now});
  }
}

/// Which of the stand-ins this is; nothing when it is no synthetic address.
std::optional<std::size_t> number_of(net::Address address)
{
  std::uint64_t number = 0;
  if (address.is_v4() && address.low() - synthetic_v4_base < synthetic_v4_size) {
    number = address.low() - synthetic_v4_base;
  } else if (!address.is_v4() && address.high() == synthetic_v6_high) {
    number = address.low();
  }
  return number == 0 ? std::nullopt : std::optional<std::size_t>(number - 1);
}

}  // namespace

net::Prefix synthetic_v4()
{
  return model::made_up_v4();
}

net::Prefix synthetic_v6()
{
  return model::made_up_v6();
}

void NameLedger::note(const Entry& entry, model::Moment now)
{
  const Key key{entry.name, entry.type, entry.verdict, entry.party, entry.failed};
  auto row = rows_.find(key);
  if (row == rows_.end()) {
    if (rows_.size() >= capacity_) {
      ++not_kept_;
      return;
    }
    row =
        rows_
            .emplace(key, Row{.count = 0, .first = now, .last = now, .answers = {}, .programs = {}})
            .first;
  }
  ++row->second.count;
  row->second.last = now;
  add_answers(row->second.answers, entry.answers);
  if (entry.program) {
    add_asker(row->second.programs, *entry.program, now);
  }
  for (const auto address : entry.answers) {
    if (names_.size() < addresses_per_question * capacity_ || names_.count(address) > 0) {
      names_.insert_or_assign(address, entry.name);
    }
  }
}

std::optional<net::Address>
NameLedger::synthetic(const std::string& name, net::Family family, std::size_t party)
{
  const auto found = numbers_.find(name);
  std::size_t number = found == numbers_.end() ? stands_.size() : found->second;
  if (found == numbers_.end()) {
    // The first and the last address of the range are left alone: some programs take them for a
    // network's own.
    if (stands_.size() + 2 >= synthetic_v4_size) {
      return std::nullopt;
    }
    numbers_.emplace(name, number);
    stands_.push_back({name, party});
  }
  ++number;
  return family == net::Family::V4
             ? net::Address::v4(synthetic_v4_base + static_cast<std::uint32_t>(number))
             : net::Address::v6(synthetic_v6_high, number);
}

std::vector<Question> NameLedger::questions() const
{
  std::vector<Question> all;
  all.reserve(rows_.size());
  for (const auto& [key, row] : rows_) {
    all.push_back({.name = key.name,
                   .type = key.type,
                   .type_name = wire::dns::type_name(key.type),
                   .verdict = key.verdict,
                   .party = key.party,
                   .failed = key.failed,
                   .count = row.count,
                   .first = row.first,
                   .last = row.last,
                   .answers = row.answers,
                   .programs = row.programs});
  }
  return all;
}

std::optional<std::string> NameLedger::name_of(net::Address address) const
{
  if (const auto number = number_of(address); number && *number < stands_.size()) {
    return stands_[*number].name;
  }
  const auto found = names_.find(address);
  return found == names_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::size_t> NameLedger::party_of(net::Address synthetic) const
{
  const auto number = number_of(synthetic);
  return number && *number < stands_.size() ? std::optional(stands_[*number].party) : std::nullopt;
}

}  // namespace zonder::isolate
