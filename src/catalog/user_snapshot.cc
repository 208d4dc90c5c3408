// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/user_snapshot.hh"

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/translate.hh"
#include "catalog/public_suffix.hh"
#include "catalog/snapshot.hh"

namespace zonder::catalog {
namespace {

void put(std::vector<PublishedList>& lists, PublishedList list)
{
  const auto place =
      std::lower_bound(lists.begin(), lists.end(), list, [](const auto& a, const auto& b) {
        return a.name < b.name;
      });
  if (place != lists.end() && place->name == list.name) {
    *place = std::move(list);
  } else {
    lists.insert(place, std::move(list));
  }
}

void put_as_names(SnapshotContent& content, const std::vector<wire::AsnClaim>& claims)
{
  std::map<net::Asn, std::string> names;
  for (AsName& each : content.as_names) {
    names.emplace(each.asn, std::move(each.name));
  }
  for (const wire::AsnClaim& claim : claims) {
    names[claim.asn] = claim.description.empty() ? claim.handle : claim.description;
  }
  content.as_names.clear();
  for (auto& [asn, name] : names) {
    content.as_names.push_back({asn, std::move(name)});
  }
}

std::vector<PublishedPrefix>
prefixes_of(const wire::ListFile& list, const std::string& party, const Feeds& feeds)
{
  std::vector<PublishedPrefix> all;
  for (const wire::PrefixClaim& claim : list.prefixes) {
    all.push_back({claim.prefix,
                   parse_space(claim.space).value_or(Space::Unknown),
                   claim.service.empty() ? "" : feeds.service_of(party, claim.service)});
  }
  return all;
}

/// A registry's public suffix is nobody's; under a company's one its customers have names.
std::vector<PublishedName>
names_of(const wire::ListFile& list, const std::string& party, const Feeds& feeds)
{
  std::vector<PublishedName> all;
  for (const wire::NameClaim& claim : list.names) {
    const auto kind = public_suffix_kind(claim.suffix.text());
    if (kind != PublicSuffix::Registry) {
      all.push_back({claim.suffix,
                     kind == PublicSuffix::Private ? Space::Customers : Space::Unknown,
                     claim.service.empty() ? "" : feeds.service_of(party, claim.service)});
    }
  }
  return all;
}

}  // namespace

Result<SnapshotContent> content_to_extend(const std::string& shipped, const std::string& user)
{
  const auto base = Snapshot::open(shipped);
  if (!base) {
    return fail(base.error());
  }
  // What is made of it gets a checksum of its own, and would pass for sound.
  if (!(*base)->intact()) {
    return fail(Fault::NotPossible,
                say("the catalogue {} is damaged: its checksum does not fit; install the package "
                    "zonder-data again",
                    shipped));
  }
  auto content = (*base)->content();
  if (!content) {
    return content;
  }
  content->base_checksum = (*base)->checksum();
  std::error_code ignored;
  if (!std::filesystem::exists(user, ignored)) {
    return content;
  }
  // An unsound one of the user's is no reason to stop: it is what a new import mends.
  const auto older = Snapshot::open(user);
  const auto more =
      older && (*older)->intact() ? (*older)->content() : Result<SnapshotContent>(fail({}));
  if (!more) {
    return content;
  }
  for (const PublishedList& list : more->lists) {
    const auto known = std::any_of(content->lists.begin(),
                                   content->lists.end(),
                                   [&list](const auto& each) { return each.name == list.name; });
    if (!known && content->facts.index_of(list.party)) {
      content->date = std::max(content->date, list.date);
      put(content->lists, list);
    }
  }
  if (more->base_checksum == content->base_checksum) {
    content->as_names = more->as_names;
  }
  return content;
}

Taken take_list(SnapshotContent& content,
                const wire::ListFile& list,
                const Feeds& feeds,
                const std::string& origin,
                const std::string& day)
{
  Taken taken;
  taken.path = list.path;
  taken.format = list.format;
  taken.party = list.party;
  taken.records = list.records;
  taken.skipped = list.skipped;
  taken.unreadable = list.unreadable;
  taken.complaints = list.complaints;
  if (!list.asns.empty()) {
    put_as_names(content, list.asns);
    taken.asns = list.asns.size();
    return taken;
  }
  if (list.party.empty()) {
    taken.left_out = tr("is not about one party: name it with --as PARTY if it is");
    return taken;
  }
  if (!content.facts.index_of(list.party)) {
    taken.left_out = say("the catalogue does not know the party {}", list.party);
    return taken;
  }
  const std::filesystem::path path(list.path);
  const std::string file = path.filename();
  const std::string in_folder = path.parent_path().filename() / path.filename();
  PublishedList published;
  published.format = list.format;
  published.party = list.party;
  published.date = list.published.empty() ? day : list.published;
  published.title = (list.called.empty() ? file : list.called) + ", " + list.format;
  const std::string name = origin.empty() ? list.format + ":" + list.party + ":" + in_folder
                                          : "feed:" + origin + ":" + list.party;
  content.date = std::max(content.date, published.date);
  if (!list.prefixes.empty()) {
    PublishedList of_prefixes = published;
    of_prefixes.name = name;
    of_prefixes.prefixes = prefixes_of(list, list.party, feeds);
    taken.prefixes = of_prefixes.prefixes.size();
    put(content.lists, std::move(of_prefixes));
  }
  if (!list.names.empty()) {
    published.name = name + ":names";
    published.standing = list.names_are_needs ? Standing::Published : Standing::Weak;
    published.names = names_of(list, list.party, feeds);
    taken.names = published.names.size();
    put(content.lists, std::move(published));
  }
  return taken;
}

}  // namespace zonder::catalog
