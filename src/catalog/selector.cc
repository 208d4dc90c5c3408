// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/selector.hh"

#include <algorithm>

#include "base/ascii.hh"
#include "base/suggestion.hh"
#include "base/translate.hh"
#include "catalog/ownership.hh"
#include "net/special_use.hh"
#include "net/url_host.hh"

namespace zonder::catalog {
namespace {

constexpr std::size_t longest_selector = 65536;

std::string_view trimmed(std::string_view text)
{
  while (!text.empty() && text.front() == ' ') {
    text.remove_prefix(1);
  }
  while (!text.empty() && text.back() == ' ') {
    text.remove_suffix(1);
  }
  return text;
}

bool looks_like_asn(std::string_view word)
{
  return word.size() > 2 && word.starts_with("as") &&
         std::all_of(word.begin() + 2, word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// "203.0.113": the beginning of an address. No name on the internet ends in a number.
bool ends_in_number(std::string_view name)
{
  const auto last = name.substr(name.rfind('.') + 1);
  return !last.empty() &&
         std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; });
}

tl::unexpected<Error> no_name_but_numbers(std::string_view word)
{
  return fail(Fault::Usage,
              say("{} is no name, since it ends in a number, and no whole address either: write "
                  "an address or a prefix, such as 203.0.113.0/24",
                  word));
}

/// A kind of selector with nothing behind it.
Result<void> check_something_behind(const std::string& word)
{
  constexpr std::pair<const char*, const char*> kinds[] = {{"*.", "*.sharepoint.com"},
                                                           {"@", "@us"},
                                                           {"registry:", "registry:US"},
                                                           {"service:", "service:entra-id"},
                                                           {"category:", "category:cdn"}};
  for (const auto& [kind, example] : kinds) {
    if (word == kind) {
      return fail(
          Fault::Usage,
          say("nothing stands behind {} in the selector: write for instance {}", kind, example));
    }
  }
  return {};
}

tl::unexpected<Error> a_url(const std::string& word)
{
  const auto host = std::string(net::url_host(word));
  const bool is_name = !net::Address::try_parse(host) && net::DomainName::parse(host);
  return fail(Fault::Usage,
              say("{} is a URL: write its host, {}", word, is_name ? "*." + host : host));
}

/// Reads one selector into a Chosen, word by word.
class Chooser {
public:
  Chooser(const Snapshot& snapshot, Date as_of)
      : snapshot_(snapshot), facts_(snapshot.facts()), as_of_(as_of)
  {
  }
  Result<void> add(std::string_view typed);
  Chosen take() { return std::move(chosen_); }

private:
  Result<void> add_law(const std::string& word);
  Result<void> add_registry(std::string_view code);
  Result<void> add_service(std::string_view text);
  Result<void> add_category(std::string_view text);
  Result<void> add_asn(std::string_view word);
  Result<void> add_name(std::string_view text);
  Result<void> add_party(const std::string& word);
  void add_with_all_it_owns(std::size_t party);
  [[nodiscard]] tl::unexpected<Error> unknown(const std::string& word,
                                              const std::vector<std::string>& known,
                                              const char* what_to_do) const;

  const Snapshot& snapshot_;
  const Facts& facts_;
  Date as_of_;
  Chosen chosen_;
};

bool stays_here(net::SpecialUse use)
{
  return use == net::SpecialUse::Loopback || use == net::SpecialUse::LinkLocal ||
         use == net::SpecialUse::Multicast || use == net::SpecialUse::Reserved;
}

tl::unexpected<Error> Chooser::unknown(const std::string& word,
                                       const std::vector<std::string>& known,
                                       const char* what_to_do) const
{
  const auto meant = suggestion_for(word, known);
  return fail(Fault::Usage,
              meant ? say("the catalogue does not know {} (did you mean {}?)", word, *meant)
                    : say("the catalogue does not know {}: {}", word, what_to_do));
}

Result<void> Chooser::add(std::string_view typed)
{
  const std::string word = ascii_lower(std::string(trimmed(typed)));
  const auto after = [&word](std::string_view head) {
    return std::string_view(word).substr(head.size());
  };
  if (word.empty()) {
    return fail(Fault::Usage,
                tr("an empty word in the selector: write for instance microsoft,google"));
  }
  ZONDER_TRY(check_something_behind(word));
  if (word.find("://") != std::string::npos) {
    return a_url(word);
  }
  // Before the prefixes: this one may have a slash in it too.
  if (word.starts_with("service:")) {
    return add_service(after("service:"));
  }
  if (net::Address::try_parse(word) || word.find('/') != std::string::npos) {
    const auto prefix = net::Prefix::parse(word);
    if (!prefix) {
      return fail(prefix.error());
    }
    if (const auto use = net::special_use(*prefix); use && stays_here(*use)) {
      return fail(Fault::Usage,
                  say("{} is set apart (RFC 6890: {}): nothing for it goes by a gateway, so it "
                      "cannot fall away",
                      word,
                      net::to_string(*use)));
    }
    chosen_.prefixes.insert(*prefix);
    return {};
  }
  if (word.starts_with('@')) {
    return add_law(word);
  }
  if (word.starts_with("registry:")) {
    return add_registry(after("registry:"));
  }
  if (word.starts_with("category:")) {
    return add_category(after("category:"));
  }
  if (word.starts_with("node:")) {
    return fail(
        Fault::Usage,
        say("{}: a node of a model comes with models, which this version does not have yet", word));
  }
  if (word.starts_with("*.")) {
    return add_name(after("*."));
  }
  if (looks_like_asn(word) && !facts_.index_of_name(word)) {
    return add_asn(word);
  }
  return add_party(word);
}

void Chooser::add_with_all_it_owns(std::size_t party)
{
  chosen_.parties.insert(party);
  for (const std::size_t below : owned_by(facts_, party, as_of_)) {
    if (chosen_.parties.insert(below).second) {
      chosen_.came_along.insert(below);
    }
  }
  chosen_.came_along.erase(party);
}

Result<void> Chooser::add_party(const std::string& word)
{
  if (const auto party = facts_.index_of_name(word)) {
    add_with_all_it_owns(*party);
    return {};
  }
  if (word.find('.') != std::string::npos && ends_in_number(word)) {
    return no_name_but_numbers(word);
  }
  if (word.find('.') != std::string::npos && net::DomainName::parse(word)) {
    return fail(Fault::Usage,
                say("the catalogue does not know {}: write *.{} for that name and all below it",
                    word,
                    word));
  }
  std::vector<std::string> known;
  for (const Party& party : facts_.parties) {
    known.push_back(party.id);
    known.insert(known.end(), party.aliases.begin(), party.aliases.end());
  }
  return unknown(word, known, tr("`zonder list providers` shows whom it knows"));
}

Result<void> Chooser::add_law(const std::string& word)
{
  const std::string name = word.substr(1);
  const std::string upper = ascii_upper(name);
  std::set<std::string> codes;
  std::vector<std::string> known;
  for (const Group& group : facts_.groups) {
    known.push_back("@" + group.id);
    if (group.id == name) {
      codes.insert(group.members.begin(), group.members.end());
    }
  }
  for (const Jurisdiction& each : facts_.jurisdictions) {
    if (each.code == upper) {
      codes.insert(each.code);
    }
  }
  if (codes.empty()) {
    return unknown(word, known, tr("`zonder list jurisdictions` shows which there are"));
  }
  chosen_.law_words.push_back(word);
  for (std::size_t i = 0; i < facts_.parties.size(); ++i) {
    const Control control = control_of(facts_, i, "", as_of_);
    const bool under = codes.count(control.operator_jurisdiction) != 0 ||
                       std::any_of(control.owners.begin(),
                                   control.owners.end(),
                                   [&codes](const OwnerAbove& owner) {
                                     return codes.count(owner.jurisdiction) != 0;
                                   });
    if (under) {
      chosen_.parties.insert(i);
    } else if (control.operator_jurisdiction.empty() && control.jurisdiction.empty()) {
      ++chosen_.law_unknown;
    }
  }
  return {};
}

Result<void> Chooser::add_registry(std::string_view text)
{
  const std::string code = ascii_upper(std::string(text));
  const auto& known = facts_.jurisdictions;
  if (std::none_of(known.begin(), known.end(), [&code](const Jurisdiction& each) {
        return each.code == code;
      })) {
    return fail(Fault::Usage,
                say("registry:{}: the catalogue knows no country {}; write its two letters of "
                    "ISO 3166, such as registry:US",
                    text,
                    code));
  }
  chosen_.registries.insert(code);
  return {};
}

Result<void> Chooser::add_service(std::string_view text)
{
  const auto slash = text.find('/');
  const auto of_party =
      slash == std::string_view::npos ? std::string_view() : text.substr(0, slash);
  const auto id = slash == std::string_view::npos ? text : text.substr(slash + 1);
  std::vector<std::pair<std::size_t, std::size_t>> found;
  std::vector<std::string> known;
  for (std::size_t i = 0; i < facts_.parties.size(); ++i) {
    const Party& party = facts_.parties[i];
    for (std::size_t j = 0; j < party.services.size(); ++j) {
      known.push_back("service:" + party.services[j].id);
      if (party.services[j].id == id && (of_party.empty() || party.id == of_party)) {
        found.emplace_back(i, j);
      }
    }
  }
  if (found.empty()) {
    return unknown(
        "service:" + std::string(text), known, tr("`zonder list services` shows them all"));
  }
  if (found.size() > 1) {
    std::string all;
    for (const auto& [party, service] : found) {
      all += (all.empty() ? "" : ", ") + ("service:" + facts_.parties[party].id + "/") +
             facts_.parties[party].services[service].id;
    }
    return fail(Fault::Usage, say("several parties have a service {}: write one of {}", id, all));
  }
  chosen_.services.insert(found.front());
  return {};
}

/// The services of that category; and, where a party is of that category without such a service
/// apart, the whole party.
Result<void> Chooser::add_category(std::string_view text)
{
  bool any = false;
  std::vector<std::string> known;
  for (std::size_t i = 0; i < facts_.parties.size(); ++i) {
    const Party& party = facts_.parties[i];
    bool by_service = false;
    for (std::size_t j = 0; j < party.services.size(); ++j) {
      known.push_back("category:" + party.services[j].category);
      if (party.services[j].category == text) {
        chosen_.services.emplace(i, j);
        by_service = true;
      }
    }
    for (const std::string& category : party.categories) {
      known.push_back("category:" + category);
      if (category == text && !by_service) {
        chosen_.parties.insert(i);
        any = true;
      }
    }
    any = any || by_service;
  }
  if (!any) {
    return unknown(
        "category:" + std::string(text), known, tr("`zonder list services` shows the categories"));
  }
  return {};
}

Result<void> Chooser::add_asn(std::string_view word)
{
  const auto asn = net::Asn::try_parse(word);
  if (!asn) {
    return fail(Fault::Usage, say("{} is no AS number: write it like as8075", word));
  }
  if (!snapshot_.knows_as(*asn)) {
    return fail(Fault::Usage,
                say("{} originates no address in the AS table of {}",
                    asn->to_string(),
                    snapshot_.as_date()));
  }
  chosen_.asns.insert(*asn);
  return {};
}

Result<void> Chooser::add_name(std::string_view text)
{
  auto name = net::DomainName::parse(text);
  if (!name) {
    return fail(std::move(name).error());
  }
  if (ends_in_number(name->text())) {
    return no_name_but_numbers("*." + std::string(text));
  }
  chosen_.names.insert(std::move(*name));
  return {};
}

}  // namespace

Result<Chosen> choose(std::string_view selector, const Snapshot& snapshot, Date as_of)
{
  if (selector.size() > longest_selector) {
    return fail(Fault::Usage, tr("the selector is too long"));
  }
  Chooser chooser(snapshot, as_of);
  for (;;) {
    const auto comma = selector.find(',');
    ZONDER_TRY(chooser.add(selector.substr(0, comma)));
    if (comma == std::string_view::npos) {
      return chooser.take();
    }
    selector.remove_prefix(comma + 1);
  }
}

}  // namespace zonder::catalog
