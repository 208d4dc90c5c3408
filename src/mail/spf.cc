// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "mail/spf.hh"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

#include "base/ascii.hh"

namespace zonder::mail {
namespace {

constexpr std::string_view version = "v=spf1";

struct MechanismWord {
  SpfMechanism mechanism;
  std::string_view word;
};
constexpr std::array mechanism_words{MechanismWord{SpfMechanism::All, "all"},
                                     MechanismWord{SpfMechanism::Include, "include"},
                                     MechanismWord{SpfMechanism::A, "a"},
                                     MechanismWord{SpfMechanism::Mx, "mx"},
                                     MechanismWord{SpfMechanism::Ptr, "ptr"},
                                     MechanismWord{SpfMechanism::Ip4, "ip4"},
                                     MechanismWord{SpfMechanism::Ip6, "ip6"},
                                     MechanismWord{SpfMechanism::Exists, "exists"},
                                     MechanismWord{SpfMechanism::Redirect, "redirect"}};

struct TroubleWord {
  SpfTrouble trouble;
  std::string_view word;
};
constexpr std::array trouble_words{TroubleWord{SpfTrouble::Syntax, "syntax"},
                                   TroubleWord{SpfTrouble::TooManyLookups, "too-many-lookups"},
                                   TroubleWord{SpfTrouble::TooManyVoids, "too-many-voids"},
                                   TroubleWord{SpfTrouble::Loop, "loop"},
                                   TroubleWord{SpfTrouble::SeveralRecords, "several-records"},
                                   TroubleWord{SpfTrouble::IncludesNothing, "includes-nothing"},
                                   TroubleWord{SpfTrouble::NoAnswer, "no-answer"},
                                   TroubleWord{SpfTrouble::Macro, "macro"}};

/// "include:Example.NL./24" -> what stands behind the colon, without a prefix length.
std::string as_name(std::string_view text, bool may_have_length)
{
  if (may_have_length) {
    text = text.substr(0, text.find('/'));
  }
  if (text.ends_with('.')) {
    text.remove_suffix(1);
  }
  return ascii_lower(std::string(text));
}

constexpr std::size_t longest_name = 253;

bool is_name(const std::string& name)
{
  return !name.empty() && name.size() <= longest_name && name.front() != '.' &&
         name.back() != '.' &&
         std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < '\x7f'; }) &&
         name.find("..") == std::string::npos;
}

bool takes_length(SpfMechanism mechanism)
{
  return mechanism == SpfMechanism::A || mechanism == SpfMechanism::Mx;
}

bool needs_lookup(SpfMechanism mechanism)
{
  return mechanism != SpfMechanism::All && mechanism != SpfMechanism::Ip4 &&
         mechanism != SpfMechanism::Ip6;
}

/// Other modifiers ("exp=", whatever comes next) are passed over, as RFC 7208 6 says.
bool is_other_modifier(std::string_view word)
{
  const auto equals = word.find('=');
  const auto colon = word.find_first_of(":/");
  return equals != std::string_view::npos && equals > 0 &&
         (colon == std::string_view::npos || equals < colon);
}

/// ip4:192.0.2.1/24: host bits that are set are common, and mean their network.
std::optional<net::Prefix> as_network(std::string_view text, net::Family family)
{
  const auto slash = text.find('/');
  const auto address = net::Address::try_parse(text.substr(0, slash));
  // An IPv4-mapped address behind ip6 is read as IPv4; of no use to anybody, so it is a mistake.
  if (!address || address->family() != family) {
    return std::nullopt;
  }
  unsigned length = net::width(family);
  if (slash != std::string_view::npos) {
    const auto digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (error != std::errc{} || end != digits.data() + digits.size() ||
        length > net::width(family)) {
      return std::nullopt;
    }
  }
  return net::Prefix::containing(*address, length);
}

std::optional<SpfTerm> parse_term(std::string_view word)
{
  SpfTerm term;
  if (ascii_lower(std::string(word.substr(0, 9))) == "redirect=") {
    term.mechanism = SpfMechanism::Redirect;
    term.name = as_name(word.substr(9), false);
  } else {
    if (std::string_view("+-~?").find(word.front()) != std::string_view::npos) {
      term.qualifier = word.front();
      word.remove_prefix(1);
    }
    const auto end = word.find_first_of(":/");
    const auto mechanism = parse_spf_mechanism(ascii_lower(std::string(word.substr(0, end))));
    if (!mechanism || *mechanism == SpfMechanism::Redirect) {
      return std::nullopt;
    }
    term.mechanism = *mechanism;
    const bool has_colon = end != std::string_view::npos && word[end] == ':';
    const auto rest = has_colon ? word.substr(end + 1) : std::string_view();
    if (term.mechanism == SpfMechanism::Ip4 || term.mechanism == SpfMechanism::Ip6) {
      term.network =
          as_network(rest, term.mechanism == SpfMechanism::Ip4 ? net::Family::V4 : net::Family::V6);
      return term.network ? std::optional(term) : std::nullopt;
    }
    if (term.mechanism == SpfMechanism::All) {
      return end == std::string_view::npos ? std::optional(term) : std::nullopt;
    }
    term.name = as_name(rest, takes_length(term.mechanism));
    const bool may_be_bare = takes_length(term.mechanism) || term.mechanism == SpfMechanism::Ptr;
    if (may_be_bare && !has_colon) {
      return term;
    }
  }
  term.has_macro = term.name.find('%') != std::string::npos;
  return is_name(term.name) ? std::optional(term) : std::nullopt;
}

/// One walk. It goes on past what a receiver would stop at, so that who is meant is still told.
class Walk {
public:
  explicit Walk(const SpfLookups& lookups) : lookups_(lookups) {}

  void read(const std::string& owner, const std::string& text)
  {
    open_.insert(owner);
    const auto record = parse_spf(text);
    if (!record.mistakes.empty()) {
      trouble(SpfTrouble::Syntax);
    }
    const SpfTerm* redirect = nullptr;
    bool has_all = false;
    for (const SpfTerm& term : record.terms) {
      if (term.mechanism == SpfMechanism::Redirect) {
        redirect = &term;
        continue;
      }
      has_all = has_all || term.mechanism == SpfMechanism::All;
      take(owner, term);
      if (has_all) {
        break;  // Terms behind `all` are never come to (RFC 7208 5.1).
      }
    }
    if (redirect != nullptr && !has_all) {
      take(owner, *redirect);
    }
    open_.erase(owner);
  }

  SpfReach reach()
  {
    std::sort(reach_.troubles.begin(), reach_.troubles.end());
    return std::move(reach_);
  }

private:
  void take(const std::string& owner, const SpfTerm& term)
  {
    if (term.mechanism == SpfMechanism::All) {
      // Only of the domain's own record, or of one that stands for it.
      if (includes_ == 0) {
        reach_.policy = std::string(1, term.qualifier);
      }
      return;
    }
    if (term.network) {
      if (networks_.insert(*term.network).second) {
        reach_.networks.push_back(*term.network);
      }
      return;
    }
    if (needs_lookup(term.mechanism) && ++reach_.lookups > spf_lookup_limit) {
      trouble(SpfTrouble::TooManyLookups);
    }
    const bool beyond = reach_.lookups > spf_lookup_limit;
    const std::string& name = term.name.empty() ? owner : term.name;
    if (!term.name.empty() && known_.emplace(name, term.mechanism).second) {
      reach_.names.push_back({name, term.mechanism, owner, beyond});
    }
    if (term.has_macro) {
      trouble(SpfTrouble::Macro);
    } else if (term.mechanism == SpfMechanism::Include ||
               term.mechanism == SpfMechanism::Redirect) {
      follow(name, term.mechanism);
    } else if (lookups_.has) {
      count(lookups_.has(name, term.mechanism));
    }
  }

  void follow(const std::string& name, SpfMechanism mechanism)
  {
    if (open_.count(name) > 0) {
      trouble(SpfTrouble::Loop);
      return;
    }
    if (!lookups_.texts || ++records_ > spf_most_records) {
      return;
    }
    std::vector<std::string> texts;
    const auto found = lookups_.texts(name, texts);
    count(found);
    std::erase_if(texts, [](const std::string& text) { return !is_spf(text); });
    if (texts.size() > 1) {
      trouble(SpfTrouble::SeveralRecords);
    }
    if (texts.empty()) {
      if (found != SpfFound::NoAnswer) {
        trouble(SpfTrouble::IncludesNothing);
      }
      return;
    }
    const bool included = mechanism == SpfMechanism::Include;
    includes_ += included ? 1 : 0;
    read(name, texts.front());
    includes_ -= included ? 1 : 0;
  }

  void count(SpfFound found)
  {
    if (found == SpfFound::NoAnswer) {
      trouble(SpfTrouble::NoAnswer);
    } else if (found == SpfFound::Nothing && ++reach_.voids > spf_void_limit) {
      trouble(SpfTrouble::TooManyVoids);
    }
  }

  void trouble(SpfTrouble trouble)
  {
    if (std::find(reach_.troubles.begin(), reach_.troubles.end(), trouble) ==
        reach_.troubles.end()) {
      reach_.troubles.push_back(trouble);
    }
  }

  const SpfLookups& lookups_;
  SpfReach reach_;
  std::set<std::string> open_;  // records on the way here
  std::set<std::pair<std::string, SpfMechanism>> known_;
  std::set<net::Prefix> networks_;
  unsigned includes_ = 0;
  std::size_t records_ = 0;
};

}  // namespace

std::string_view to_text(SpfMechanism mechanism)
{
  for (const auto& [known, word] : mechanism_words) {
    if (known == mechanism) {
      return word;
    }
  }
  return {};
}

std::optional<SpfMechanism> parse_spf_mechanism(std::string_view text)
{
  for (const auto& [mechanism, word] : mechanism_words) {
    if (word == text) {
      return mechanism;
    }
  }
  return std::nullopt;
}

std::string_view to_text(SpfTrouble trouble)
{
  for (const auto& [known, word] : trouble_words) {
    if (known == trouble) {
      return word;
    }
  }
  return {};
}

std::optional<SpfTrouble> parse_spf_trouble(std::string_view text)
{
  for (const auto& [trouble, word] : trouble_words) {
    if (word == text) {
      return trouble;
    }
  }
  return std::nullopt;
}

bool is_spf(std::string_view text)
{
  return ascii_lower(std::string(text.substr(0, version.size()))) == version &&
         (text.size() == version.size() || text[version.size()] == ' ');
}

SpfRecord parse_spf(std::string_view text)
{
  SpfRecord record;
  text.remove_prefix(std::min(text.size(), version.size()));
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) {
      continue;
    }
    if (auto term = parse_term(word)) {
      record.terms.push_back(std::move(*term));
    } else if (!is_other_modifier(word) ||
               ascii_lower(std::string(word.substr(0, 9))) == "redirect=") {
      record.mistakes.emplace_back(word);
    }
  }
  return record;
}

SpfReach walk_spf(const std::string& domain, const std::string& text, const SpfLookups& lookups)
{
  Walk walk(lookups);
  walk.read(domain, text);
  return walk.reach();
}

SpfReach spf_reach_of(const std::string& domain, const std::vector<std::string>& texts)
{
  SpfReach all;
  for (const auto& text : texts) {
    auto one = walk_spf(domain, text, {});
    if (&text == &texts.front()) {
      all.policy = one.policy;
    }
    for (auto& name : one.names) {
      const bool known = std::any_of(all.names.begin(), all.names.end(), [&](const SpfName& have) {
        return have.name == name.name && have.mechanism == name.mechanism;
      });
      if (!known) {
        all.names.push_back(std::move(name));
      }
    }
    for (const auto& network : one.networks) {
      if (std::find(all.networks.begin(), all.networks.end(), network) == all.networks.end()) {
        all.networks.push_back(network);
      }
    }
    all.lookups += one.lookups;
    for (const auto trouble : one.troubles) {
      if (std::find(all.troubles.begin(), all.troubles.end(), trouble) == all.troubles.end()) {
        all.troubles.push_back(trouble);
      }
    }
  }
  if (all.lookups > spf_lookup_limit &&
      std::find(all.troubles.begin(), all.troubles.end(), SpfTrouble::TooManyLookups) ==
          all.troubles.end()) {
    all.troubles.push_back(SpfTrouble::TooManyLookups);
  }
  std::sort(all.troubles.begin(), all.troubles.end());
  return all;
}

}  // namespace zonder::mail
