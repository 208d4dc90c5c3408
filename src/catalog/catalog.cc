// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/catalog.hh"

#include <algorithm>
#include <filesystem>

#include <fmt/ranges.h>

#include "base/translate.hh"
#include "catalog/malformed.hh"
#include "catalog/ownership.hh"
#include "catalog/public_suffix.hh"
#include "catalog/snapshot.hh"

namespace zonder::catalog {

struct Catalog::Parts {
  std::unique_ptr<Snapshot> snapshot;
  About about;
  std::vector<std::string> notes;
};

namespace {

About about_of(const Snapshot& snapshot, std::string path)
{
  return {std::move(path),
          snapshot.as_date().empty() ? snapshot.date() : snapshot.as_date(),
          snapshot.date(),
          snapshot.checksum(),
          snapshot.base_checksum(),
          snapshot.credits()};
}

/// The sentence of a source that speaks of `word`, or its first.
std::string what_it_says(const Source& source, const std::string& word)
{
  for (const std::string& sentence : source.says) {
    if (sentence.find(word) != std::string::npos) {
      return sentence;
    }
  }
  return source.says.empty() ? std::string() : source.says.front();
}

Result<std::unique_ptr<Snapshot>> open_examined(const std::string& path, Examined examined)
{
  auto snapshot = Snapshot::open(path);
  if (snapshot && examined == Examined::Checksum && !(*snapshot)->intact()) {
    return fail(Fault::NotPossible,
                say("the catalogue {} is damaged, since its checksum does not fit: `zonder data "
                    "update` makes your own again, the package zonder-data the one that came with "
                    "zonder",
                    path));
  }
  return snapshot;
}

/// Fills in everything that follows from whose it is.
void describe(Answer& answer, const Snapshot& snapshot, const Attribution& what, Date as_of)
{
  const Facts& facts = snapshot.facts();
  const Party& party = facts.parties[what.party];
  answer.party = party.id;
  answer.party_name = party.name;
  answer.space = what.space;
  answer.confidence = what.confidence;
  if (what.service != 0) {
    const Service& service = party.services[what.service - 1];
    answer.service = service.id;
    answer.service_name_en = service.name.en;
    answer.service_name_nl = service.name.nl;
    answer.service_category = service.category;
  }
  const std::string operated = what.operated == 0 ? "" : facts.parties[what.operated - 1].id;
  answer.control = control_of(facts, what.party, operated, as_of);

  if (what.standing == Standing::Published || what.standing == Standing::Weak) {
    const ListInfo& list = snapshot.lists()[what.source];
    answer.source = list.title + " (" + list.date + ")";
    return;
  }
  const std::string word = !answer.name_rule.empty() ? answer.name_rule
                           : answer.asn              ? answer.asn->to_string()
                                                     : answer.prefix;
  std::string fact = what.source == 0 ? tr("unverified: nobody looked it up") : std::string();
  if (what.source != 0) {
    const Source& source = party.sources[what.source - 1];
    fact = source.title + " (" + say("opened {}", source.opened.to_string()) + ")";
    answer.source_says = what_it_says(source, word);
  }
  answer.source = what.standing == Standing::Origin
                      ? say("originated by {} in the AS table of {}; {}",
                            answer.asn ? answer.asn->to_string() : std::string("AS"),
                            snapshot.as_date(),
                            fact)
                      : fact;
}

/// By the party's own facts; an AS that none has is nobody's here.
Answer who_of_asn(const Snapshot& snapshot, net::Asn asn, Date as_of)
{
  Answer answer;
  answer.asn = asn;
  answer.as_name = snapshot.as_name(asn);
  const Facts& facts = snapshot.facts();
  for (std::size_t i = 0; i < facts.parties.size(); ++i) {
    for (const AsnFact& fact : facts.parties[i].asns) {
      if (fact.asn == asn) {
        describe(answer, snapshot, attribution_of(facts, i, fact), as_of);
      }
    }
  }
  return answer;
}

/// Whether all of the prefix is that party's, and not of parties that it owns either.
bool is_all_of(const Catalog& catalog,
               const std::string& party,
               const net::Prefix& prefix,
               Date day)
{
  const auto selection = catalog.select(party, "", day, day);
  if (!selection) {
    return false;
  }
  const auto whole = net::PrefixSet::of(std::vector{prefix});
  const auto& parties = selection->absence.parties;
  return std::any_of(parties.begin(), parties.end(), [&](const auto& each) {
    return each.id == party && whole.without(each.addresses).empty();
  });
}

/// Whose all of it is, or a word about why nobody can be named.
Answer who_of_prefix(const Catalog& catalog, const net::Prefix& prefix, Date as_of)
{
  const Answer answer = catalog.who(prefix.first(), as_of);
  const bool one_answer = catalog.who(prefix.last(), as_of).party == answer.party;
  if (one_answer && (answer.party.empty() || is_all_of(catalog, answer.party, prefix, as_of))) {
    Answer whole = answer;
    whole.special = answer.party.empty() ? net::special_use(prefix) : std::nullopt;
    return whole;
  }
  Answer several;
  several.source = tr("the prefix belongs to several parties, or only partly to one");
  return several;
}

}  // namespace

Catalog::Catalog(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Catalog::Catalog(Catalog&&) noexcept = default;
Catalog& Catalog::operator=(Catalog&&) noexcept = default;
Catalog::~Catalog() = default;

Result<Catalog> Catalog::open(const std::vector<std::string>& paths, Examined examined)
{
  auto parts = std::make_unique<Parts>();
  std::vector<std::string> problems;
  for (const std::string& path : paths) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
      continue;
    }
    auto snapshot = open_examined(path, examined);
    if (!snapshot) {
      problems.push_back(std::move(snapshot).error().message);
      continue;
    }
    parts->snapshot = std::move(*snapshot);
    parts->about = about_of(*parts->snapshot, path);
    for (const auto& problem : problems) {
      parts->notes.push_back(
          say("{}; until then {} is used, with data of {}", problem, path, parts->about.date));
    }
    return Catalog(std::move(parts));
  }
  if (!problems.empty()) {
    return fail(Fault::NotPossible, fmt::format("{}", fmt::join(problems, "; ")));
  }
  return fail(Fault::NotPossible,
              say("there is no catalogue at {}: install the package zonder-data, or run "
                  "script/bootstrap and build again",
                  paths.empty() ? std::string("?") : paths.back()));
}

Result<Catalog> Catalog::from_bytes(std::string bytes)
{
  auto snapshot = Snapshot::from_bytes(std::move(bytes));
  if (!snapshot) {
    return fail(std::move(snapshot).error());
  }
  auto parts = std::make_unique<Parts>();
  parts->snapshot = std::move(*snapshot);
  parts->about = about_of(*parts->snapshot, "");
  return Catalog(std::move(parts));
}

const Facts& Catalog::facts() const
{
  return parts_->snapshot->facts();
}

const Snapshot& Catalog::snapshot() const
{
  return *parts_->snapshot;
}

const About& Catalog::about() const
{
  return parts_->about;
}

const std::vector<std::string>& Catalog::notes() const
{
  return parts_->notes;
}

Control Catalog::control_of(std::size_t party, std::string_view operated, Date as_of) const
{
  return catalog::control_of(facts(), party, operated, as_of);
}

Answer Catalog::who(net::Address address, Date as_of) const
{
  Answer answer;
  answer.input = address.to_string();
  if (const auto origin = snapshot().origin_of(address)) {
    answer.asn = origin->asn;
    answer.as_name = snapshot().as_name(origin->asn);
    answer.prefix = origin->prefix.to_string();
    answer.source = say("AS table of {}", snapshot().as_date());
  }
  if (const auto located = snapshot().find(address)) {
    answer.prefix = located->prefix.to_string();
    describe(answer, snapshot(), located->what, as_of);
  } else {
    answer.special = net::special_use(address);
  }
  return answer;
}

Answer Catalog::who(const net::DomainName& name, Date as_of) const
{
  Answer answer;
  answer.input = name.text();
  // Below a registry's suffix names belong to many; such a suffix itself is nobody's here.
  if (public_suffix_kind(name.text()) == PublicSuffix::Registry) {
    answer.source = say("{} is a public suffix: names below it belong to many", name.text());
    return answer;
  }
  if (const auto named = snapshot().find(name)) {
    answer.name_rule = named->suffix;
    describe(answer, snapshot(), named->what, as_of);
  }
  return answer;
}

Result<Answer> Catalog::who(std::string_view input, Date as_of) const
{
  const auto as_typed = [input](Answer answer) {
    answer.input = input;
    return answer;
  };
  if (const auto address = net::Address::try_parse(input)) {
    return as_typed(who(*address, as_of));
  }
  if (const auto scheme = input.find("://"); scheme != std::string_view::npos) {
    const auto rest = input.substr(scheme + 3);
    return fail(Fault::Usage,
                say("{} is a URL: ask for its host, {}", input, rest.substr(0, rest.find('/'))));
  }
  if (input.find('/') != std::string_view::npos) {
    const auto prefix = net::Prefix::parse(input);
    if (!prefix) {
      return fail(prefix.error());
    }
    return as_typed(who_of_prefix(*this, *prefix, as_of));
  }
  if (auto why = why_malformed(input)) {
    return fail(Fault::Usage, std::move(*why));
  }
  const bool has_as = input.size() > 2 && (input[0] == 'a' || input[0] == 'A') &&
                      (input[1] == 's' || input[1] == 'S');
  const auto asn = has_as ? net::Asn::try_parse(input) : std::nullopt;
  if (asn) {
    return as_typed(who_of_asn(snapshot(), *asn, as_of));
  }
  // A word without a dot is what people call a party, not a name of the DNS.
  if (input.find('.') == std::string_view::npos && facts().index_of_name(input)) {
    return fail(Fault::Usage,
                say("{} is a party of the catalogue: ask for one of its names, addresses or AS "
                    "numbers (`zonder list providers` has them all)",
                    input));
  }
  const auto name = net::DomainName::parse(input);
  if (!name) {
    return fail(
        Fault::Usage,
        say("{} is no name, address or AS number: write www.example.nl, 192.0.2.1 or as8075",
            input));
  }
  return as_typed(who(*name, as_of));
}

}  // namespace zonder::catalog
