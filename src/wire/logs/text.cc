// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/logs/text.hh"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace zonder::wire::logs {
namespace {

constexpr Micros million = 1'000'000;

bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

/// A number of exactly so many digits, taken off the front.
std::optional<unsigned> take_digits(std::string_view& text, std::size_t count)
{
  if (text.size() < count) {
    return std::nullopt;
  }
  unsigned value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_digit(text[i])) {
      return std::nullopt;
    }
    value = value * 10 + static_cast<unsigned>(text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take_char(std::string_view& text, char c)
{
  if (!text.starts_with(c)) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

/// ".123456": digits past the sixth are of no use to us.
Micros take_fraction(std::string_view& text)
{
  if (text.size() < 2 || (text[0] != '.' && text[0] != ',') || !is_digit(text[1])) {
    return 0;
  }
  text.remove_prefix(1);
  Micros value = 0;
  Micros worth = million / 10;
  while (!text.empty() && is_digit(text[0])) {
    value += (text[0] - '0') * worth;
    worth /= 10;
    text.remove_prefix(1);
  }
  return value;
}

struct Clock {
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
};

std::optional<Clock> take_clock(std::string_view& text)
{
  const auto hour = take_digits(text, 2);
  if (!hour || !take_char(text, ':')) {
    return std::nullopt;
  }
  const auto minute = take_digits(text, 2);
  if (!minute || !take_char(text, ':')) {
    return std::nullopt;
  }
  const auto second = take_digits(text, 2);
  if (!second) {
    return std::nullopt;
  }
  return Clock{*hour, *minute, *second};
}

/// What must be taken off a time to make it UTC; nothing when this is no zone.
std::optional<Micros> zone(std::string_view text)
{
  if (text.empty() || text == "Z" || text == "z") {
    return 0;
  }
  const bool east = text.front() == '+';
  if (!east && text.front() != '-') {
    return std::nullopt;
  }
  auto left = text.substr(1);
  const auto hours = take_digits(left, 2);
  (void)take_char(left, ':');
  const auto minutes = left.empty() ? std::optional(0U) : take_digits(left, 2);
  if (!hours || !minutes || !left.empty() || *hours > 14 || *minutes > 59) {
    return std::nullopt;
  }
  const Micros offset = (Micros{*hours} * 60 + Micros{*minutes}) * 60 * million;
  return east ? offset : -offset;
}

}  // namespace

std::optional<std::uint64_t> number(std::string_view text)
{
  if (text.empty() || text.size() > 18) {
    return std::nullopt;
  }
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at != end; ++at) {
    const auto digit = static_cast<unsigned>(*at - '0');
    if (digit > 9) {
      return std::nullopt;
    }
    value = value * 10 + digit;
  }
  return value;
}

std::optional<std::uint16_t> port(std::string_view text)
{
  const auto value = number(text);
  return value && *value <= 65535 ? std::optional(static_cast<std::uint16_t>(*value))
                                  : std::nullopt;
}

Micros seconds(std::string_view text)
{
  // Twice in each line of a log, so by hand: whole seconds, then up to six digits behind the point.
  constexpr std::uint64_t latest = 32'503'680'000;  // the year 3000
  const char* at = text.data();
  const char* const end = at + text.size();
  std::uint64_t whole = 0;
  const char* const last_whole = at + std::min<std::size_t>(text.size(), 12);
  for (; at != last_whole && is_digit(*at); ++at) {
    whole = whole * 10 + static_cast<std::uint64_t>(*at - '0');
  }
  if (at == text.data() || whole > latest) {
    return no_time;
  }
  auto value = static_cast<Micros>(whole) * million;
  if (at != end && *at == '.') {
    Micros worth = million;
    for (++at; at != end && is_digit(*at); ++at) {
      worth /= 10;
      value += (*at - '0') * worth;
    }
  }
  return at == end ? value : no_time;
}

Micros at(int year, unsigned month, unsigned day, unsigned hour, unsigned minute, unsigned second)
{
  using namespace std::chrono;
  const year_month_day date(
      std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day});
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) {
    return no_time;
  }
  const auto days = sys_days(date).time_since_epoch().count();
  return ((Micros{days} * 24 + hour) * 3600 + Micros{minute} * 60 + second) * million;
}

Micros iso_time(std::string_view text)
{
  const auto year = take_digits(text, 4);
  if (!year || (!take_char(text, '-') && !take_char(text, '/'))) {
    return no_time;
  }
  const auto month = take_digits(text, 2);
  if (!month || (!take_char(text, '-') && !take_char(text, '/'))) {
    return no_time;
  }
  const auto day = take_digits(text, 2);
  if (!day || (!take_char(text, 'T') && !take_char(text, ' '))) {
    return no_time;
  }
  const auto clock = take_clock(text);
  if (!clock) {
    return no_time;
  }
  const auto fraction = take_fraction(text);
  const auto offset = zone(trimmed(text));
  const auto moment =
      at(static_cast<int>(*year), *month, *day, clock->hour, clock->minute, clock->second);
  return offset && moment != no_time ? moment + fraction - *offset : no_time;
}

Micros day_month_year(std::string_view text)
{
  const auto day = take_digits(text, 2);
  if (!day || !take_char(text, '-')) {
    return no_time;
  }
  const auto month = month_number(text.substr(0, 3));
  text.remove_prefix(std::min<std::size_t>(3, text.size()));
  if (month == 0 || !take_char(text, '-')) {
    return no_time;
  }
  const auto year = take_digits(text, 4);
  if (!year || !take_char(text, ' ')) {
    return no_time;
  }
  const auto clock = take_clock(text);
  if (!clock) {
    return no_time;
  }
  const auto moment =
      at(static_cast<int>(*year), month, *day, clock->hour, clock->minute, clock->second);
  return moment == no_time ? no_time : moment + take_fraction(text);
}

std::string_view take_until(std::string_view& text, char separator)
{
  const auto end = text.find(separator);
  const auto taken = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return taken;
}

std::string_view trimmed(std::string_view text)
{
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
    text.remove_suffix(1);
  }
  return text;
}

std::string_view take_word(std::string_view& text)
{
  const auto start = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(start);
  const auto end = std::min(text.find_first_of(" \t"), text.size());
  const auto word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

std::optional<std::uint16_t> record_type(std::string_view word)
{
  struct Known {
    std::string_view word;
    std::uint16_t type;
  };
  // From IANA's registry of DNS record types.
  static constexpr std::array<Known, 30> known = {
      {{"A", 1},      {"NS", 2},     {"CNAME", 5},       {"SOA", 6},    {"PTR", 12},
       {"HINFO", 13}, {"MX", 15},    {"TXT", 16},        {"RP", 17},    {"AAAA", 28},
       {"LOC", 29},   {"SRV", 33},   {"NAPTR", 35},      {"CERT", 37},  {"DNAME", 39},
       {"DS", 43},    {"SSHFP", 44}, {"RRSIG", 46},      {"NSEC", 47},  {"DNSKEY", 48},
       {"NSEC3", 50}, {"TLSA", 52},  {"OPENPGPKEY", 61}, {"SVCB", 64},  {"HTTPS", 65},
       {"SPF", 99},   {"URI", 256},  {"CAA", 257},       {"AXFR", 252}, {"ANY", 255}}};
  const auto same = [](char a, char b) {
    return a == b || (a >= 'a' && a <= 'z' && static_cast<char>(a - 'a' + 'A') == b);
  };
  for (const auto& each : known) {
    if (std::equal(word.begin(), word.end(), each.word.begin(), each.word.end(), same)) {
      return each.type;
    }
  }
  if (word.starts_with("TYPE") || word.starts_with("type")) {
    return port(word.substr(4));
  }
  return word == "*" ? std::optional(std::uint16_t{255}) : std::nullopt;
}

unsigned month_number(std::string_view word)
{
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (word.size() != 3) {
    return 0;
  }
  const auto at = months.find(word);
  return at == std::string_view::npos || at % 3 != 0 ? 0 : static_cast<unsigned>(at / 3 + 1);
}

std::string_view host_in(std::string_view url)
{
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) {
    url.remove_prefix(scheme + 3);
  }
  url = url.substr(0, url.find_first_of("/?#"));
  if (const auto user = url.rfind('@'); user != std::string_view::npos) {
    url.remove_prefix(user + 1);
  }
  return url;
}

std::string_view organisation_in(std::string_view name)
{
  std::string_view common;
  const char separator = name.starts_with('/') ? '/' : ',';
  while (!name.empty()) {
    // A comma within a value is escaped ("O=Example\, Inc.") or lies within quotes.
    std::size_t end = 0;
    bool quoted = false;
    while (end < name.size() && (quoted || name[end] != separator)) {
      quoted = name[end] == '"' ? !quoted : quoted;
      end += name[end] == '\\' && end + 1 < name.size() ? 2U : 1U;
    }
    const auto part = trimmed(name.substr(0, end));
    name.remove_prefix(std::min(end + 1, name.size()));
    if (part.starts_with("O=")) {
      return trimmed(part.substr(2));
    }
    if (part.starts_with("CN=")) {
      common = trimmed(part.substr(3));
    }
  }
  return common;
}

}  // namespace zonder::wire::logs
