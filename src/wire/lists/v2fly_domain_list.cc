// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// v2fly/domain-list-community, data/NAME: a rule a line. "example.com" and "domain:example.com"
// mean the name and all under it, "full:example.com" the name alone; keyword: and regexp: say more
// than a claim can, and include: points at another file, which speaks for itself. After the rule
// come attributes (@cn) and other lists that it belongs to (&name); comments after '#'. The file's
// name says whose, when the catalogue has such a party; parts of parties are in the table.
#include <algorithm>
#include <array>

#include "base/translate.hh"
#include "wire/lists/readers.hh"
#include "wire/lists/text.hh"

namespace zonder::wire::lists {
namespace {

struct Part {
  std::string_view file;
  std::string_view party;
};

constexpr std::array parts = {
    Part{"alibabacloud", "alibaba-cloud"},
    Part{"aliyun", "alibaba-cloud"},
    Part{"amazontrust", "amazon"},
    Part{"apple-dev", "apple"},
    Part{"apple-intelligence", "apple"},
    Part{"apple-music", "apple"},
    Part{"apple-pki", "apple"},
    Part{"apple-podcasts", "apple"},
    Part{"apple-tvplus", "apple"},
    Part{"apple-update", "apple"},
    Part{"aws", "amazon"},
    Part{"aws-cn", "amazon"},
    Part{"azure", "microsoft"},
    Part{"bing", "microsoft"},
    Part{"facebook", "meta"},
    Part{"facebook-dev", "meta"},
    Part{"github-copilot", "github"},
    Part{"google-gemini", "google"},
    Part{"google-play", "google"},
    Part{"google-registry", "google"},
    Part{"google-scholar", "google"},
    Part{"google-trust-services", "google"},
    Part{"googlefcm", "google"},
    Part{"huaweicloud", "huawei-cloud"},
    Part{"icloud", "apple"},
    Part{"icloudprivaterelay", "apple"},
    Part{"instagram", "meta"},
    Part{"kindle", "amazon"},
    Part{"microsoft-dev", "microsoft"},
    Part{"microsoft-pki", "microsoft"},
    Part{"msn", "microsoft"},
    Part{"npmjs", "github"},
    Part{"oculus", "meta"},
    Part{"onedrive", "microsoft"},
    Part{"protonmail", "proton"},
    Part{"threads", "meta"},
    Part{"twitch", "amazon"},
    Part{"twitter", "x-twitter"},
    Part{"webex", "cisco"},
    Part{"whatsapp", "meta"},
    Part{"x", "x-twitter"},
    Part{"xbox", "microsoft"},
    Part{"youtube", "google"},
};

constexpr int lines_looked_at = 50;

struct Rule {
  std::string_view
      kind;  // empty, "domain", "full", "include", "keyword", "regexp", or what it says
  std::string_view text;
  bool attributes_are_sound = true;
};

Rule parse_rule(std::string_view line)
{
  line = line.substr(0, line.find('#'));
  Rule rule;
  rule.text = take_word(line);
  if (const auto colon = rule.text.find(':'); colon != std::string_view::npos) {
    rule.kind = rule.text.substr(0, colon);
    rule.text.remove_prefix(colon + 1);
  }
  while (!line.empty()) {
    const auto word = take_word(line);
    rule.attributes_are_sound =
        rule.attributes_are_sound && (word.starts_with('@') || word.starts_with('&'));
  }
  return rule;
}

bool says_more_than_a_claim(std::string_view kind)
{
  return kind == "include" || kind == "keyword" || kind == "regexp";
}

void read_rule(std::size_t line, const Rule& rule, std::string_view service, ListBuilder& builder)
{
  const bool is_name = rule.kind.empty() || rule.kind == "domain" || rule.kind == "full";
  if (says_more_than_a_claim(rule.kind) && !rule.text.empty()) {
    builder.skip();
  } else if (!is_name || !rule.attributes_are_sound || rule.text.empty()) {
    builder.unreadable({.line = line},
                       say("this is not a rule (write it like example.nl, full:www.example.nl or "
                           "include:other)"));
  } else {
    builder.name({.line = line}, rule.text, service, rule.kind == "full");
  }
}

/// A name in a list; numbers are none, although a domain name could be one.
bool looks_like_name(std::string_view text)
{
  const auto last_label = text.substr(text.rfind('.') + 1);
  return last_label.find_first_not_of("0123456789") != std::string_view::npos &&
         net::DomainName::parse(text).has_value();
}

bool looks_like_rule(const Rule& rule)
{
  const bool is_name = rule.kind.empty() || rule.kind == "domain" || rule.kind == "full";
  return says_more_than_a_claim(rule.kind) ||
         (is_name && rule.attributes_are_sound && looks_like_name(rule.text));
}

}  // namespace

/// More than half of its first lines are rules.
bool is_v2fly_domain_list(const Source& source)
{
  int good = 0;
  int looked_at = 0;
  each_line(source.content, [&](std::size_t, std::string_view line) {
    if (!line.empty() && !line.starts_with('#')) {
      ++looked_at;
      good += looks_like_rule(parse_rule(line)) ? 1 : 0;
    }
    return looked_at < lines_looked_at;
  });
  return 2 * good > looked_at;
}

void read_v2fly_domain_list(const Source& source, ListBuilder& builder)
{
  const auto name = file_stem(source.path);
  const auto* part =
      std::find_if(parts.begin(), parts.end(), [&](const Part& p) { return p.file == name; });
  const auto& known = source.hints->known_parties;
  builder.called(name);
  std::string_view service;
  if (part != parts.end()) {
    builder.party(part->party);
    service = name;
  } else if (std::find(known.begin(), known.end(), name) != known.end()) {
    builder.party(name);
  }
  each_line(source.content, [&](std::size_t line, std::string_view text) {
    if (!text.empty() && !text.starts_with('#')) {
      read_rule(line, parse_rule(text), service, builder);
    }
    return !builder.full();
  });
}

}  // namespace zonder::wire::lists
