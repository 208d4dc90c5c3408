// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/http/start_page.hh"

#include <algorithm>
#include <array>
#include <set>

#include "base/ascii.hh"
#include "net/address.hh"
#include "net/domain_name.hh"
#include "net/url_host.hh"

namespace zonder::wire::http {
namespace {

constexpr std::size_t most_hosts = 500;
constexpr std::string_view spaces = " \t\r\n\f";

constexpr std::array<std::string_view, 12> log_in_words{"login",
                                                        "log-in",
                                                        "logon",
                                                        "inloggen",
                                                        "aanmelden",
                                                        "signin",
                                                        "sign-in",
                                                        "sso",
                                                        "oauth",
                                                        "saml",
                                                        "digid",
                                                        "adfs"};

std::string_view trimmed(std::string_view text)
{
  const auto first = text.find_first_not_of(spaces);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(spaces) - first + 1);
}

/// "&amp;" in an attribute is "&"; others do not matter for hosts.
std::string without_entities(std::string_view text)
{
  std::string plain(text);
  for (auto at = plain.find("&amp;"); at != std::string::npos; at = plain.find("&amp;", at + 1)) {
    plain.erase(at + 1, 4);
  }
  return plain;
}

struct Tag {
  std::string name;
  std::string src;
  std::string href;
  std::string action;
  std::string rel;
  std::string data;
};

/// Reads one attribute from the front of `rest`; false at the end of the tag.
bool read_attribute(std::string_view& rest, std::string& name, std::string& value)
{
  const auto start = rest.find_first_not_of(" \t\r\n\f/");
  if (start == std::string_view::npos || rest[start] == '>') {
    return false;
  }
  rest.remove_prefix(start);
  const auto end = std::min(rest.find_first_of(" \t\r\n\f/>="), rest.size());
  name = ascii_lower(std::string(rest.substr(0, std::max<std::size_t>(end, 1))));
  rest.remove_prefix(std::max<std::size_t>(end, 1));
  value.clear();
  const auto equals = rest.find_first_not_of(spaces);
  if (equals == std::string_view::npos || rest[equals] != '=') {
    return true;
  }
  rest.remove_prefix(equals + 1);
  const auto begin = rest.find_first_not_of(spaces);
  if (begin == std::string_view::npos) {
    return false;
  }
  rest.remove_prefix(begin);
  if (rest.front() == '"' || rest.front() == '\'') {
    const char quote = rest.front();
    const auto close = rest.find(quote, 1);
    if (close == std::string_view::npos) {
      return false;
    }
    value = without_entities(rest.substr(1, close - 1));
    rest.remove_prefix(close + 1);
    return true;
  }
  const auto stop = std::min(rest.find_first_of(" \t\r\n\f>"), rest.size());
  value = without_entities(rest.substr(0, stop));
  rest.remove_prefix(stop);
  return true;
}

/// The next tag that opens something; nothing at the end. Comments are passed over.
std::optional<Tag> next_tag(std::string_view& rest)
{
  for (;;) {
    const auto start = rest.find('<');
    if (start == std::string_view::npos || start + 1 >= rest.size()) {
      return std::nullopt;
    }
    rest.remove_prefix(start + 1);
    if (rest.starts_with("!--")) {
      const auto end = rest.find("-->");
      if (end == std::string_view::npos) {
        return std::nullopt;
      }
      rest.remove_prefix(end + 3);
      continue;
    }
    const auto letter = static_cast<char>(rest.front() | 0x20);
    if (letter < 'a' || letter > 'z') {
      continue;
    }
    Tag tag;
    const auto end = std::min(rest.find_first_of(" \t\r\n\f/>"), rest.size());
    tag.name = ascii_lower(std::string(rest.substr(0, end)));
    rest.remove_prefix(end);
    std::string name;
    std::string value;
    while (read_attribute(rest, name, value)) {
      for (const auto& [known, into] : {std::pair{"src", &tag.src},
                                        std::pair{"href", &tag.href},
                                        std::pair{"action", &tag.action},
                                        std::pair{"rel", &tag.rel},
                                        std::pair{"data", &tag.data}}) {
        if (name == known && into->empty()) {
          *into = value;
        }
      }
    }
    return tag;
  }
}

/// A link that a browser follows by itself: style sheets, icons, fonts; not "canonical" or the
/// like.
bool is_fetched(const Tag& link)
{
  const auto rel = ascii_lower(link.rel);
  return rel.find("stylesheet") != std::string::npos || rel.find("icon") != std::string::npos ||
         rel.find("preload") != std::string::npos || rel.find("manifest") != std::string::npos;
}

}  // namespace

std::string host_of_url(std::string_view url)
{
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) {
    return {};
  }
  const auto word = ascii_lower(std::string(url.substr(0, scheme)));
  if (word != "http" && word != "https") {
    return {};
  }
  const auto host = net::url_host(url);
  // An address is nobody's name.
  const auto name = net::DomainName::parse(host);
  return name && !net::Address::try_parse(host) ? name->text() : std::string();
}

std::optional<std::string> resolve_url(std::string_view base, std::string_view reference)
{
  reference = trimmed(reference);
  reference = reference.substr(0, reference.find('#'));
  const auto scheme = base.find("://");
  if (scheme == std::string_view::npos) {
    return std::nullopt;
  }
  std::string whole;
  const auto colon = reference.find(':');
  const auto slash = reference.find_first_of("/?");
  if (reference.starts_with("//")) {
    whole = std::string(base.substr(0, scheme + 1)) + std::string(reference);
  } else if (colon != std::string_view::npos && colon < slash) {
    whole = std::string(reference);
  } else {
    const auto path = std::min(base.find('/', scheme + 3), base.size());
    whole = std::string(base.substr(0, path));
    if (reference.starts_with('/')) {
      whole += reference;
    } else {
      const auto folder = base.substr(path);
      const auto last = folder.substr(0, folder.find_first_of("?#")).rfind('/');
      whole += last == std::string_view::npos ? "/" : std::string(folder.substr(0, last + 1));
      whole += reference;
    }
  }
  constexpr std::size_t longest = 2000;
  const bool clean = std::all_of(whole.begin(), whole.end(), [](char c) {
    return static_cast<unsigned char>(c) > ' ' && c != '\x7f';
  });
  return clean && whole.size() <= longest && !host_of_url(whole).empty() ? std::optional(whole)
                                                                         : std::nullopt;
}

bool looks_like_log_in(std::string_view url)
{
  const auto lower = ascii_lower(std::string(url.substr(0, 500)));
  return std::any_of(log_in_words.begin(), log_in_words.end(), [&lower](std::string_view word) {
    // As a word of its own: "sso" is in "lessons" too.
    for (auto at = lower.find(word); at != std::string::npos; at = lower.find(word, at + 1)) {
      const auto letter = [&lower](std::size_t place) {
        return place < lower.size() && lower[place] >= 'a' && lower[place] <= 'z';
      };
      if (!letter(at + word.size()) && (at == 0 || !letter(at - 1))) {
        return true;
      }
    }
    return false;
  });
}

PageHosts hosts_in_page(std::string_view html, std::string_view own_host)
{
  std::set<std::string> loads;
  std::set<std::string> log_ins;
  const std::string base = "https://" + std::string(own_host) + "/";
  const auto add = [&](std::set<std::string>& hosts, const std::string& reference) {
    const auto url = resolve_url(base, reference);
    if (url && hosts.size() < most_hosts) {
      if (auto host = host_of_url(*url); host != own_host) {
        hosts.insert(std::move(host));
      }
    }
  };
  while (const auto tag = next_tag(html)) {
    if (!tag->src.empty()) {
      add(loads, tag->src);
    }
    if (tag->name == "object" && !tag->data.empty()) {
      add(loads, tag->data);
    }
    if (tag->name == "link" && is_fetched(*tag)) {
      add(loads, tag->href);
    }
    for (const auto& target : {tag->name == "a" ? tag->href : std::string(),
                               tag->name == "form" ? tag->action : std::string()}) {
      if (!target.empty() && looks_like_log_in(target)) {
        add(log_ins, target);
      }
    }
  }
  return {{loads.begin(), loads.end()}, {log_ins.begin(), log_ins.end()}};
}

bool robots_forbid_start_page(std::string_view robots, std::string_view agent)
{
  // RFC 9309: the group that names us counts, else that of everybody; "/" forbids all.
  bool for_us = false;
  bool for_all = false;
  bool named = false;
  bool in_agents = false;
  bool us_forbidden = false;
  bool all_forbidden = false;
  while (!robots.empty()) {
    const auto end = std::min(robots.find('\n'), robots.size());
    auto line = robots.substr(0, end);
    robots.remove_prefix(std::min(end + 1, robots.size()));
    line = trimmed(line.substr(0, line.find('#')));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) {
      continue;
    }
    const auto key = ascii_lower(std::string(trimmed(line.substr(0, colon))));
    const auto value = ascii_lower(std::string(trimmed(line.substr(colon + 1))));
    if (key == "user-agent") {
      if (!in_agents) {
        for_us = false;
        for_all = false;
      }
      in_agents = true;
      for_us = for_us || value == agent;
      for_all = for_all || value == "*";
      named = named || value == agent;
      continue;
    }
    in_agents = false;
    const bool whole = value == "/" || value == "/*";
    if (key == "disallow" && whole) {
      us_forbidden = us_forbidden || for_us;
      all_forbidden = all_forbidden || for_all;
    } else if (key == "allow" && (whole || value == "/$")) {
      us_forbidden = us_forbidden && !for_us;
      all_forbidden = all_forbidden && !for_all;
    }
  }
  return named ? us_forbidden : all_forbidden;
}

}  // namespace zonder::wire::http
