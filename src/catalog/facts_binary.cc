// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/facts_binary.hh"

#include <algorithm>

namespace zonder::catalog {
namespace {

constexpr std::uint32_t no_source = 0xffffffff;

template <typename T, typename Write>
void write_all(BinaryWriter& out, const std::vector<T>& all, Write write)
{
  out.number(static_cast<std::uint32_t>(all.size()));
  for (const T& each : all) {
    write(out, each);
  }
}

template <typename T, typename Read>
void read_all(BinaryReader& in, std::vector<T>& all, Read read)
{
  const std::size_t count = in.count(1);
  all.reserve(std::min<std::size_t>(count, 4096));
  for (std::size_t i = 0; i < count && !in.failed(); ++i) {
    all.push_back(read(in));
  }
}

void write_text(BinaryWriter& out, const std::string& text)
{
  out.text(text);
}

std::string read_text(BinaryReader& in)
{
  return std::string(in.text());
}

template <typename Enum>
Enum read_enum(BinaryReader& in, Enum last)
{
  const auto number = in.number<std::uint8_t>();
  if (number > static_cast<std::uint8_t>(last)) {
    in.fail();
    return Enum{};
  }
  return static_cast<Enum>(number);
}

void write_basis(BinaryWriter& out, const Basis& basis)
{
  out.number(basis.source ? static_cast<std::uint32_t>(*basis.source) : no_source);
  out.number(basis.confidence);
}

Basis read_basis(BinaryReader& in, std::size_t sources)
{
  Basis basis;
  const auto source = in.number<std::uint32_t>();
  basis.confidence = read_enum(in, Confidence::High);
  if (source != no_source) {
    if (source >= sources) {
      in.fail();
    }
    basis.source = source;
  }
  return basis;
}

void write_date(BinaryWriter& out, const std::optional<Date>& date)
{
  out.number(date.value_or(Date{}));
}

std::optional<Date> read_date(BinaryReader& in)
{
  const auto date = in.number<Date>();
  return date.year == 0 ? std::nullopt : std::optional(date);
}

void write_name(BinaryWriter& out, const Text& text)
{
  out.text(text.en);
  out.text(text.nl);
}

Text read_name(BinaryReader& in)
{
  Text text;
  text.en = read_text(in);
  text.nl = read_text(in);
  return text;
}

net::DomainName read_domain(BinaryReader& in)
{
  auto name = net::DomainName::parse(in.text());
  if (!name) {
    in.fail();
    return *net::DomainName::parse("invalid");
  }
  return std::move(*name);
}

void write_prefix(BinaryWriter& out, const net::Prefix& prefix)
{
  out.number(static_cast<std::uint8_t>(prefix.family() == net::Family::V6));
  out.number(static_cast<std::uint8_t>(prefix.length()));
  out.number(prefix.first().high());
  out.number(prefix.first().low());
}

net::Prefix read_prefix(BinaryReader& in)
{
  const bool v6 = in.number<std::uint8_t>() == 1;
  const unsigned length = in.number<std::uint8_t>();
  const auto high = in.number<std::uint64_t>();
  const auto low = in.number<std::uint64_t>();
  const auto address =
      v6 ? net::Address::v6(high, low) : net::Address::v4(static_cast<std::uint32_t>(low));
  if (length > net::width(address.family())) {
    in.fail();
    return net::Prefix::containing(net::Address::v4(0), 32);
  }
  return net::Prefix::containing(address, length);
}

void write_source(BinaryWriter& out, const Source& source)
{
  out.text(source.key);
  out.text(source.title);
  out.text(source.ref);
  out.number(source.opened);
  write_all(out, source.says, write_text);
}

Source read_source(BinaryReader& in)
{
  Source source;
  source.key = read_text(in);
  source.title = read_text(in);
  source.ref = read_text(in);
  source.opened = in.number<Date>();
  read_all(in, source.says, read_text);
  return source;
}

void write_owners(BinaryWriter& out, const Owners& owners)
{
  out.number(owners.state);
  write_basis(out, owners.basis);
  write_all(out, owners.list, [](BinaryWriter& to, const Owner& owner) {
    to.text(owner.party);
    write_date(to, owner.from);
    write_date(to, owner.until);
    write_basis(to, owner.basis);
  });
}

Owners read_owners(BinaryReader& in, std::size_t sources)
{
  Owners owners;
  owners.state = read_enum(in, Owners::State::Listed);
  owners.basis = read_basis(in, sources);
  read_all(in, owners.list, [sources](BinaryReader& from) {
    Owner owner;
    owner.party = read_text(from);
    owner.from = read_date(from);
    owner.until = read_date(from);
    owner.basis = read_basis(from, sources);
    return owner;
  });
  return owners;
}

/// What AS, domain and prefix facts have in common.
template <typename Fact>
void write_rest(BinaryWriter& out, const Fact& fact)
{
  out.number(fact.space);
  out.text(fact.service);
  out.text(fact.operated);
  write_basis(out, fact.basis);
}

template <typename Fact>
Fact read_rest(BinaryReader& in, Fact fact, std::size_t sources)
{
  fact.space = read_enum(in, Space::Shared);
  fact.service = read_text(in);
  fact.operated = read_text(in);
  fact.basis = read_basis(in, sources);
  return fact;
}

void write_party(BinaryWriter& out, const Party& party)
{
  out.text(party.id);
  out.text(party.name);
  out.number(static_cast<std::uint8_t>(party.is_provider));
  write_all(out, party.aliases, write_text);
  write_all(out, party.categories, write_text);
  write_all(out, party.sources, write_source);
  out.number(static_cast<std::uint8_t>(party.run_by.has_value()));
  if (party.run_by) {
    out.text(party.run_by->name);
    out.text(party.run_by->jurisdiction);
    write_basis(out, party.run_by->basis);
  }
  write_owners(out, party.owners);
  out.number(static_cast<std::uint8_t>(party.asns_known));
  out.number(static_cast<std::uint8_t>(party.domains_known));
  write_all(out, party.services, [](BinaryWriter& to, const Service& service) {
    to.text(service.id);
    write_name(to, service.name);
    to.text(service.category);
    write_basis(to, service.basis);
  });
  write_all(out, party.asns, [](BinaryWriter& to, const AsnFact& fact) {
    to.number(fact.asn.number);
    write_rest(to, fact);
  });
  write_all(out, party.domains, [](BinaryWriter& to, const DomainFact& fact) {
    to.text(fact.suffix.text());
    write_rest(to, fact);
  });
  write_all(out, party.prefixes, [](BinaryWriter& to, const PrefixFact& fact) {
    write_prefix(to, fact.prefix);
    write_rest(to, fact);
  });
}

Party read_party(BinaryReader& in)
{
  Party party;
  party.id = read_text(in);
  party.name = read_text(in);
  party.is_provider = in.number<std::uint8_t>() != 0;
  read_all(in, party.aliases, read_text);
  read_all(in, party.categories, read_text);
  read_all(in, party.sources, read_source);
  const std::size_t sources = party.sources.size();
  if (in.number<std::uint8_t>() != 0) {
    Operator run_by;
    run_by.name = read_text(in);
    run_by.jurisdiction = read_text(in);
    run_by.basis = read_basis(in, sources);
    party.run_by = std::move(run_by);
  }
  party.owners = read_owners(in, sources);
  party.asns_known = in.number<std::uint8_t>() != 0;
  party.domains_known = in.number<std::uint8_t>() != 0;
  read_all(in, party.services, [sources](BinaryReader& from) {
    Service service;
    service.id = read_text(from);
    service.name = read_name(from);
    service.category = read_text(from);
    service.basis = read_basis(from, sources);
    return service;
  });
  read_all(in, party.asns, [sources](BinaryReader& from) {
    AsnFact fact;
    fact.asn.number = from.number<std::uint32_t>();
    return read_rest(from, std::move(fact), sources);
  });
  read_all(in, party.domains, [sources](BinaryReader& from) {
    return read_rest(from, DomainFact{read_domain(from), {}, {}, {}, {}}, sources);
  });
  read_all(in, party.prefixes, [sources](BinaryReader& from) {
    return read_rest(from, PrefixFact{read_prefix(from), {}, {}, {}, {}}, sources);
  });
  return party;
}

}  // namespace

void write_facts(BinaryWriter& out, const Facts& facts)
{
  write_all(out, facts.parties, write_party);
  write_all(out, facts.jurisdictions, [](BinaryWriter& to, const Jurisdiction& jurisdiction) {
    to.text(jurisdiction.code);
    write_name(to, jurisdiction.name);
  });
  write_all(out, facts.jurisdiction_sources, write_source);
  write_all(out, facts.groups, [](BinaryWriter& to, const Group& group) {
    to.text(group.id);
    write_name(to, group.name);
    write_all(to, group.members, write_text);
    to.text(group.complement_of);
    write_basis(to, group.basis);
  });
}

std::optional<Facts> read_facts(BinaryReader& in)
{
  Facts facts;
  read_all(in, facts.parties, read_party);
  read_all(in, facts.jurisdictions, [](BinaryReader& from) {
    Jurisdiction jurisdiction;
    jurisdiction.code = read_text(from);
    jurisdiction.name = read_name(from);
    return jurisdiction;
  });
  read_all(in, facts.jurisdiction_sources, read_source);
  const std::size_t sources = facts.jurisdiction_sources.size();
  read_all(in, facts.groups, [sources](BinaryReader& from) {
    Group group;
    group.id = read_text(from);
    group.name = read_name(from);
    read_all(from, group.members, read_text);
    group.complement_of = read_text(from);
    group.basis = read_basis(from, sources);
    return group;
  });
  const auto by_id = [](const Party& a, const Party& b) {
    return a.id < b.id;
  };
  if (in.failed() || !std::is_sorted(facts.parties.begin(), facts.parties.end(), by_id)) {
    return std::nullopt;
  }
  return facts;
}

void write_list(BinaryWriter& out, const PublishedList& list)
{
  out.text(list.name);
  out.text(list.format);
  out.text(list.party);
  out.text(list.title);
  out.text(list.date);
  out.number(list.standing);
  write_all(out, list.prefixes, [](BinaryWriter& to, const PublishedPrefix& each) {
    write_prefix(to, each.prefix);
    to.number(each.space);
    to.text(each.service);
  });
  write_all(out, list.names, [](BinaryWriter& to, const PublishedName& each) {
    to.text(each.suffix.text());
    to.number(each.space);
    to.text(each.service);
  });
}

std::optional<PublishedList> read_list(BinaryReader& in)
{
  PublishedList list;
  list.name = read_text(in);
  list.format = read_text(in);
  list.party = read_text(in);
  list.title = read_text(in);
  list.date = read_text(in);
  list.standing = read_enum(in, Standing::Weak);
  read_all(in, list.prefixes, [](BinaryReader& from) {
    PublishedPrefix each{read_prefix(from), {}, {}};
    each.space = read_enum(from, Space::Shared);
    each.service = read_text(from);
    return each;
  });
  read_all(in, list.names, [](BinaryReader& from) {
    PublishedName each{read_domain(from), {}, {}};
    each.space = read_enum(from, Space::Shared);
    each.service = read_text(from);
    return each;
  });
  return in.failed() ? std::nullopt : std::optional(std::move(list));
}

}  // namespace zonder::catalog
