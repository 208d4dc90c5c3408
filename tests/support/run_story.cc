// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "support/run_story.hh"

#include <algorithm>
#include <map>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace zonder::test {
namespace {

std::string or_nothing(const std::string& word)
{
  return word == "-" ? "" : word;
}

/// The processes of a story, by the names that it uses.
class Programs {
public:
  explicit Programs(model::RunRecord& record) : record_(record) {}

  std::vector<model::Share> shares_of(const std::string& names)
  {
    std::vector<model::Share> shares;
    std::istringstream words(names);
    for (std::string name; std::getline(words, name, ',');) {
      if (name == "-") {
        continue;
      }
      const auto [place, is_new] = places_.try_emplace(name, record_.programs.size());
      if (is_new) {
        const auto number = static_cast<int>(100 + place->second);
        record_.programs.push_back(
            {.pid = number, .path = "", .argv = {"/usr/bin/" + name, "x"}, .parents = {}});
      }
      shares.push_back(
          {.program = place->second, .tries = 1, .first = record_.started, .last = {}});
    }
    return shares;
  }

private:
  model::RunRecord& record_;
  std::map<std::string, std::size_t> places_;
};

}  // namespace

model::RunRecord run_story(const std::string& lines)
{
  using namespace std::chrono;
  model::RunRecord record;
  record.selector = "@us";
  record.parties = {"github", "microsoft"};
  record.command = {"make", "test"};
  record.started = sys_days(year(2026) / 11 / 23) + hours(9);
  record.data_date = "2026-11-01";
  record.prefixes_v4 = 1;
  record.proof.checks = {
      {.what = "canary", .target = "192.0.2.1", .party = "github", .as_expected = true},
      {.what = "control", .target = "resolver", .party = "", .as_expected = true}};
  Programs programs(record);
  std::istringstream text(lines);
  for (std::string line; std::getline(text, line);) {
    std::istringstream words(line);
    std::string who;
    std::string verdict;
    std::string party;
    std::string name;
    std::string address;
    std::string way;
    if (!(words >> who)) {
      continue;
    }
    if (!(words >> verdict >> party >> name >> address >> way) ||
        (verdict != "blocked" && verdict != "passed")) {
      throw std::runtime_error("not a line of a story: " + line);
    }
    const bool blocked = verdict == "blocked";
    const auto slash = way.find('/');
    model::Attempt attempt;
    attempt.party = or_nothing(party);
    std::istringstream all(or_nothing(name));
    for (std::string each; std::getline(all, each, '|');) {
      attempt.names.push_back(each);
    }
    attempt.name = attempt.names.empty() ? "" : attempt.names.front();
    std::sort(attempt.names.begin(), attempt.names.end());
    attempt.address = net::Address::try_parse(address);
    attempt.protocol = way.substr(0, slash);
    attempt.port = slash == std::string::npos
                       ? std::uint16_t{0}
                       : static_cast<std::uint16_t>(std::stoi(way.substr(slash + 1)));
    attempt.verdict = blocked ? model::Verdict::Blocked : model::Verdict::Passed;
    attempt.count = 1;
    attempt.first = attempt.last = record.started;
    attempt.programs = programs.shares_of(who);
    record.blocked_packets += blocked && attempt.protocol != "dns" ? 1U : 0U;
    record.attempts.push_back(std::move(attempt));
  }
  return record;
}

model::Absence
allowed_party(const std::string& id, const std::string& prefix, const std::string& suffix)
{
  model::Absence absence;
  absence.selector = id;
  const auto parsed = net::Prefix::parse(prefix).value();
  absence.parties.push_back(
      {.id = id,
       .name = id,
       .addresses = net::PrefixSet::of(std::vector<net::Range>{{parsed.first(), parsed.last()}})});
  absence.names.push_back({net::DomainName::parse(suffix).value(), std::size_t{0}});
  return absence;
}

}  // namespace zonder::test
