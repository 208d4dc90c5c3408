// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// From what a selector names to the addresses and names that fall away. An address belongs to one
// party in the snapshot, so the parties of one Absence cannot overlap; what was named as a prefix,
// an AS or a country gets what no party took.
#include <algorithm>
#include <chrono>
#include <map>
#include <string>

#include "base/translate.hh"
#include "catalog/catalog.hh"
#include "catalog/frozen.hh"
#include "catalog/selector.hh"
#include "catalog/snapshot.hh"
#include "net/name_above.hh"

namespace zonder::catalog {
namespace {

/// One AbsentParty in the making: which kinds of attribution it takes, and what else.
struct Part {
  std::string id;
  std::string name;
  std::vector<bool> kinds;
  std::vector<net::Range> ranges;
  std::vector<net::DomainName> names;
  bool only_the_rest = false;  // of its ranges: what no other part took
  unsigned width = 0;          // of these, the narrower goes first
};

class Selecting {
public:
  Selecting(const Snapshot& snapshot, const Chosen& chosen, const Chosen& except)
      : snapshot_(snapshot), facts_(snapshot.facts()), chosen_(chosen), except_(except)
  {
  }

  model::Absence absence();
  [[nodiscard]] std::size_t parties() const { return whole_; }
  [[nodiscard]] std::size_t services() const { return services_; }

private:
  [[nodiscard]] bool is_spared(const Attribution& kind) const;
  [[nodiscard]] bool service_is_in(const Chosen& set, const Attribution& kind) const;
  void make_parts();
  void add_party_part(std::size_t party);
  void add_service_part(std::size_t party, std::size_t service);
  void add_other_parts();
  void
  add_rest_part(std::string id, std::string name, std::vector<net::Range> ranges, unsigned width);
  [[nodiscard]] net::PrefixSet spared_addresses() const;
  [[nodiscard]] std::vector<net::PrefixSet> addresses() const;
  [[nodiscard]] std::vector<std::size_t> part_of_each_kind() const;
  [[nodiscard]] std::vector<model::NameRule> names() const;
  /// By suffix, the part with which the names below it go; nothing: they live.
  using NameRules = std::map<std::string, std::optional<std::size_t>, std::less<>>;
  [[nodiscard]] NameRules rules_of_catalogue() const;
  void add_typed_names(NameRules& rules) const;

  const Snapshot& snapshot_;
  const Facts& facts_;
  const Chosen& chosen_;
  const Chosen& except_;
  std::vector<Part> parts_;
  std::vector<bool> taken_;  // kinds that a part has
  std::size_t whole_ = 0;
  std::size_t services_ = 0;
};

bool Selecting::service_is_in(const Chosen& set, const Attribution& kind) const
{
  return kind.service != 0 && set.services.count({kind.party, kind.service - 1}) != 0;
}

bool Selecting::is_spared(const Attribution& kind) const
{
  return except_.parties.count(kind.party) != 0 || service_is_in(except_, kind) ||
         (kind.operated != 0 && except_.parties.count(kind.operated - 1) != 0 &&
          chosen_.parties.count(kind.party) == 0);
}

/// What is the party's own, and what it runs for a party that stays.
void Selecting::add_party_part(std::size_t party)
{
  Part part{facts_.parties[party].id, facts_.parties[party].name, {}, {}, {}, false};
  part.kinds.resize(taken_.size());
  for (std::size_t k = 0; k < taken_.size(); ++k) {
    const Attribution& kind = snapshot_.kinds()[k];
    const bool owner_goes =
        chosen_.parties.count(kind.party) != 0 && except_.parties.count(kind.party) == 0;
    const bool own = kind.party == party;
    const bool runs = kind.operated == party + 1 && !owner_goes;
    if (!taken_[k] && (own || runs) && !is_spared(kind)) {
      part.kinds[k] = taken_[k] = true;
    }
  }
  ++whole_;
  services_ += facts_.parties[party].services.size();
  // A parent that runs nothing itself has nothing to take away.
  if (std::find(part.kinds.begin(), part.kinds.end(), true) != part.kinds.end()) {
    parts_.push_back(std::move(part));
  }
}

void Selecting::add_service_part(std::size_t party, std::size_t service)
{
  const Party& of = facts_.parties[party];
  Part part{"service:" + of.id + "/" + of.services[service].id,
            current_language() == Language::Dutch ? of.services[service].name.nl
                                                  : of.services[service].name.en,
            {},
            {},
            {},
            false};
  part.kinds.resize(taken_.size());
  for (std::size_t k = 0; k < taken_.size(); ++k) {
    const Attribution& kind = snapshot_.kinds()[k];
    if (!taken_[k] && kind.party == party && kind.service == service + 1 && !is_spared(kind)) {
      part.kinds[k] = taken_[k] = true;
    }
  }
  ++services_;
  parts_.push_back(std::move(part));
}

void Selecting::add_rest_part(std::string id,
                              std::string name,
                              std::vector<net::Range> ranges,
                              unsigned width)
{
  parts_.push_back({std::move(id), std::move(name), {}, std::move(ranges), {}, true, width});
}

void Selecting::add_other_parts()
{
  for (const net::Prefix& prefix : chosen_.prefixes) {
    if (except_.prefixes.count(prefix) == 0) {
      add_rest_part(prefix.to_string(),
                    prefix.to_string(),
                    {{prefix.first(), prefix.last()}},
                    net::width(prefix.family()) - prefix.length());
    }
  }
  for (const net::Asn& asn : chosen_.asns) {
    add_rest_part("as" + std::to_string(asn.number),
                  std::string(snapshot_.as_name(asn)),
                  snapshot_.ranges_of(asn),
                  200);
  }
  for (const std::string& code : chosen_.registries) {
    add_rest_part("registry:" + code,
                  say("addresses whose AS is registered in {}", code),
                  snapshot_.ranges_of_country(code),
                  300);
  }
  for (const net::DomainName& name : chosen_.names) {
    Part part{"*." + name.text(), "*." + name.text(), {}, {}, {name}, false};
    parts_.push_back(std::move(part));
  }
}

void Selecting::make_parts()
{
  taken_.resize(snapshot_.kinds().size());
  for (const std::size_t party : chosen_.parties) {
    if (except_.parties.count(party) == 0) {
      add_party_part(party);
    }
  }
  for (const auto& [party, service] : chosen_.services) {
    const bool is_covered = chosen_.parties.count(party) != 0;
    const bool is_kept =
        except_.parties.count(party) != 0 || except_.services.count({party, service}) != 0;
    if (!is_covered && !is_kept) {
      add_service_part(party, service);
    }
  }
  add_other_parts();
}

net::PrefixSet Selecting::spared_addresses() const
{
  std::vector<net::Range> ranges;
  for (const net::Prefix& prefix : except_.prefixes) {
    ranges.push_back({prefix.first(), prefix.last()});
  }
  const auto add = [&ranges](const std::vector<net::Range>& more) {
    ranges.insert(ranges.end(), more.begin(), more.end());
  };
  for (const net::Asn& asn : except_.asns) {
    add(snapshot_.ranges_of(asn));
  }
  for (const std::string& code : except_.registries) {
    add(snapshot_.ranges_of_country(code));
  }
  std::vector<bool> kinds(snapshot_.kinds().size());
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    kinds[k] = is_spared(snapshot_.kinds()[k]);
  }
  add(snapshot_.ranges_of(kinds));
  return net::PrefixSet::of(std::move(ranges));
}

/// Which part took each kind; the number of parts where none did.
std::vector<std::size_t> Selecting::part_of_each_kind() const
{
  std::vector<std::size_t> part_of_kind(taken_.size(), parts_.size());
  for (std::size_t p = 0; p < parts_.size(); ++p) {
    for (std::size_t k = 0; k < parts_[p].kinds.size(); ++k) {
      if (parts_[p].kinds[k]) {
        part_of_kind[k] = p;
      }
    }
  }
  return part_of_kind;
}

/// The rules that the catalogue gives: what falls away, and what lives below it.
Selecting::NameRules Selecting::rules_of_catalogue() const
{
  const auto part_of_kind = part_of_each_kind();
  std::map<Attribution, std::size_t> number_of_kind;
  for (std::size_t k = 0; k < taken_.size(); ++k) {
    number_of_kind.emplace(snapshot_.kinds()[k], k);
  }
  NameRules rules;
  std::vector<std::string_view> living;
  for (std::size_t n = 0; n < snapshot_.name_count(); ++n) {
    const NamedBy name = snapshot_.name(n);
    const auto kind = number_of_kind.find(name.what);
    if (name.suffix.empty() || kind == number_of_kind.end()) {
      continue;
    }
    const std::size_t part = part_of_kind[kind->second];
    if (part < parts_.size()) {
      rules.emplace(name.suffix, part);
    } else {
      living.push_back(name.suffix);
    }
  }
  for (const std::string_view name : living) {
    auto above = net::name_above(name);
    while (!above.empty() && rules.find(above) == rules.end()) {
      above = net::name_above(above);
    }
    if (!above.empty()) {
      rules.emplace(name, std::nullopt);
    }
  }
  return rules;
}

/// A name that was typed decides for all below it.
void Selecting::add_typed_names(NameRules& rules) const
{
  const auto typed = [&rules](const net::DomainName& name, std::optional<std::size_t> part) {
    for (auto rule = rules.begin(); rule != rules.end();) {
      const bool below = rule->first == name.text() || rule->first.ends_with("." + name.text());
      rule = below ? rules.erase(rule) : std::next(rule);
    }
    rules.emplace(name.text(), part);
  };
  for (std::size_t p = 0; p < parts_.size(); ++p) {
    for (const net::DomainName& name : parts_[p].names) {
      typed(name, p);
    }
  }
  for (const net::DomainName& name : except_.names) {
    typed(name, std::nullopt);
  }
}

std::vector<model::NameRule> Selecting::names() const
{
  auto rules = rules_of_catalogue();
  add_typed_names(rules);
  std::vector<model::NameRule> names;
  for (const auto& [text, part] : rules) {
    // Only a damaged snapshot has a suffix that is no name.
    if (auto name = net::DomainName::parse(text)) {
      names.push_back({std::move(*name), part});
    }
  }
  return names;
}

/// Gives every part its addresses: in one pass over the snapshot what belongs to parties and
/// services; then to what was named by number what is left, the narrower first, so that none hides
/// another.
std::vector<net::PrefixSet> Selecting::addresses() const
{
  const net::PrefixSet spared = spared_addresses();
  const auto part_of_kind = part_of_each_kind();
  std::vector<std::vector<net::Range>> ranges(parts_.size());
  std::vector<net::Range> all;
  for (const AttributedRange& each : snapshot_.attributed_ranges(taken_)) {
    ranges[part_of_kind[each.attribution]].push_back(each.range);
    all.push_back(each.range);
  }
  std::vector<net::PrefixSet> sets;
  for (auto& each : ranges) {
    auto set = net::PrefixSet::of(std::move(each));
    sets.push_back(set.without(spared));
  }
  std::vector<std::size_t> rest;
  for (std::size_t p = 0; p < parts_.size(); ++p) {
    if (parts_[p].only_the_rest) {
      rest.push_back(p);
    }
  }
  if (rest.empty()) {
    return sets;
  }
  net::PrefixSet covered = net::PrefixSet::of(std::move(all));
  std::stable_sort(rest.begin(), rest.end(), [this](std::size_t a, std::size_t b) {
    return parts_[a].width < parts_[b].width;
  });
  for (const std::size_t p : rest) {
    const auto wanted = net::PrefixSet::of(parts_[p].ranges);
    sets[p] = wanted.without(covered).without(spared);
    covered = covered.united_with(wanted);
  }
  return sets;
}

model::Absence Selecting::absence()
{
  make_parts();
  std::sort(parts_.begin(), parts_.end(), [](const Part& a, const Part& b) { return a.id < b.id; });
  auto sets = addresses();
  // What others took wholly is not there twice.
  for (std::size_t p = parts_.size(); p-- > 0;) {
    if (parts_[p].only_the_rest && sets[p].empty()) {
      parts_.erase(parts_.begin() + static_cast<std::ptrdiff_t>(p));
      sets.erase(sets.begin() + static_cast<std::ptrdiff_t>(p));
    }
  }
  model::Absence absence;
  for (std::size_t p = 0; p < parts_.size(); ++p) {
    absence.parties.push_back({parts_[p].id, parts_[p].name, std::move(sets[p])});
  }
  absence.names = names();
  return absence;
}

/// Whole days between two dates.
auto days_between(Date from, Date to)
{
  const auto days = [](Date date) {
    using namespace std::chrono;
    return sys_days(year_month_day(year(date.year),
                                   month(date.month == 0 ? 1U : date.month),
                                   day(date.day == 0 ? 1U : date.day)));
  };
  return (days(to) - days(from)).count();
}

std::string ids_of(const Facts& facts, const std::set<std::size_t>& parties)
{
  constexpr std::size_t most = 12;
  std::string all;
  std::size_t count = 0;
  for (const std::size_t party : parties) {
    if (++count > most) {
      return all + say(" and {} more", parties.size() - most);
    }
    all += (all.empty() ? "" : ", ") + facts.parties[party].id;
  }
  return all;
}

void add_notes(Selection& selection,
               const Snapshot& snapshot,
               const Chosen& chosen,
               const Chosen& except,
               Date today)
{
  constexpr int old = 180;
  auto& notes = selection.notes;
  std::set<std::size_t> along;
  for (const std::size_t party : chosen.came_along) {
    if (except.parties.count(party) == 0) {
      along.insert(party);
    }
  }
  if (!along.empty()) {
    notes.push_back(say("comes along, by ownership: {}", ids_of(snapshot.facts(), along)));
  }
  for (const std::string& word : chosen.law_words) {
    notes.push_back(
        say("{} takes the parties of the catalogue whose operator or owner is under that law, not "
            "everything that stands there; of {} parties the law is not known, and they stay",
            word,
            chosen.law_unknown));
  }
  for (const std::string& code : chosen.registries) {
    notes.push_back(say("registry:{} is the weaker claim: the AS is registered there, which says "
                        "nothing of who owns it",
                        code));
  }
  const auto as_date = Date::try_parse(snapshot.as_date());
  if (as_date && days_between(*as_date, today) > old) {
    notes.push_back(say("the AS table is {} days old: `zonder data update` or a newer zonder-data "
                        "brings a new one",
                        days_between(*as_date, today)));
  }
}

/// `words` with the count in them and a comma behind; nothing for none.
std::string counted(const char* words, std::size_t count)
{
  return count == 0 ? std::string() : fmt::format(fmt::runtime(words), count) + ", ";
}

std::string summary_of(const Selection& selection, const std::string& facts_date)
{
  const model::Absence& absence = selection.absence;
  const std::string what = absence.except.empty()
                               ? absence.selector
                               : say("{} without {}", absence.selector, absence.except);
  return what + " = " +
         counted(ntr("{} owner", "{} owners", selection.parties), selection.parties) +
         counted(ntr("{} service", "{} services", selection.services), selection.services) +
         fmt::format(fmt::runtime(ntr("{} IPv4 + {} IPv6 prefix",
                                      "{} IPv4 + {} IPv6 prefixes",
                                      selection.prefixes_v6)),
                     selection.prefixes_v4,
                     selection.prefixes_v6) +
         ", " +
         fmt::format(fmt::runtime(ntr("{} name", "{} names", selection.names)), selection.names) +
         "; " + say("data of {} (facts of {})", absence.data_date, facts_date);
}

}  // namespace

Result<Selection> Catalog::select(std::string_view selector,
                                  std::string_view except,
                                  Date as_of,
                                  Date today,
                                  model::FailureMode mode) const
{
  auto chosen = choose(selector, snapshot(), as_of);
  if (chosen && mode == model::FailureMode::Frozen) {
    chosen = only_what_freezes(*chosen, snapshot().facts());
  }
  if (!chosen) {
    return fail(chosen.error());
  }
  Chosen spared;
  if (!except.empty()) {
    auto read = choose(except, snapshot(), as_of);
    if (!read) {
      return fail(std::move(read).error());
    }
    spared = std::move(*read);
  }
  Selecting selecting(snapshot(), *chosen, spared);
  Selection selection;
  selection.absence = selecting.absence();
  selection.absence.selector = selector;
  selection.absence.except = except;
  selection.absence.data_date = about().date;
  selection.parties = selecting.parties();
  selection.services = selecting.services();
  for (const model::AbsentParty& party : selection.absence.parties) {
    for (const net::Prefix& prefix : party.addresses.prefixes()) {
      ++(prefix.family() == net::Family::V4 ? selection.prefixes_v4 : selection.prefixes_v6);
    }
  }
  selection.names = static_cast<std::size_t>(
      std::count_if(selection.absence.names.begin(),
                    selection.absence.names.end(),
                    [](const model::NameRule& rule) { return rule.party.has_value(); }));
  if (selection.absence.parties.empty()) {
    return fail(Fault::Usage,
                except.empty() ? say("the catalogue knows no address and no name of {}", selector)
                               : say("nothing is left of {} without {}", selector, except));
  }
  selection.summary = summary_of(selection, about().facts_date);
  add_notes(selection, snapshot(), *chosen, spared, today);
  return selection;
}

}  // namespace zonder::catalog
