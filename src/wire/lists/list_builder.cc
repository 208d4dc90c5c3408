// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/lists/list_builder.hh"

#include <cassert>
#include <utility>

#include "base/translate.hh"
#include "net/special_use.hh"
#include "wire/lists/text.hh"

namespace zonder::wire::lists {
namespace {

// Nobody holds more than this in one piece; a list that says so is mistaken, and believing it would
// cut off everything.
constexpr unsigned widest_v4 = 6;
constexpr unsigned widest_v6 = 16;

bool is_too_wide(const net::Prefix& prefix)
{
  return prefix.length() < (prefix.family() == net::Family::V4 ? widest_v4 : widest_v6);
}

/// Why no party can have it; believing it would cut off everything, or the user's own network.
std::optional<std::string> why_nobodys(const net::Prefix& prefix, std::string_view text)
{
  if (is_too_wide(prefix) && !net::special_use(prefix)) {
    return say("{} is too wide to be one party's own", text);
  }
  if (net::is_in_nobodys_space(prefix)) {
    return say("{} is private or reserved space, which is no party's own", text);
  }
  return std::nullopt;
}

/// Why `text` is no Prefix or DomainName, in words that are fit to be shown.
template <typename Value>
std::string why_not_a(std::string_view text)
{
  const auto value = Value::parse(shown(text));
  assert(!value);  // what shown() puts in, '?' and "...", is in neither
  return value ? std::string() : value.error().message;
}

}  // namespace

std::string Place::in(const std::string& path) const
{
  if (line > 0) {
    return path + ":" + std::to_string(line);
  }
  std::string text = path + ": " + shown(list);  // may be a key of foreign JSON
  if (item) {
    text += "[" + std::to_string(*item) + "]";
  }
  if (!field.empty()) {
    text += "." + std::string(field);
  }
  if (part) {
    text += "[" + std::to_string(*part) + "]";
  }
  return text;
}

ListBuilder::ListBuilder(std::string path, std::string format)
{
  list_.path = std::move(path);
  list_.format = std::move(format);
}

void ListBuilder::called(std::string_view name)
{
  list_.called = shown(name);
}

void ListBuilder::published(std::string_view day_or_time)
{
  list_.published = iso_day(day_or_time);
}

/// Counts one entry, and stops at the bound.
void ListBuilder::skip_or_count(bool skipped)
{
  ++list_.records;
  list_.skipped += skipped ? 1U : 0U;
  full_ = full_ || list_.records > most_list_rows;
}

void ListBuilder::add(const net::Prefix& prefix, std::string_view service, std::string_view use)
{
  // A range of IPv6 addresses may be 250 prefixes, so these are counted apart.
  full_ = full_ || list_.prefixes.size() >= most_list_rows;
  if (!full_) {
    list_.prefixes.push_back({prefix, shown(service), std::string(use)});
  }
}

void ListBuilder::prefix(const Place& place,
                         std::string_view text,
                         std::string_view service,
                         std::string_view use)
{
  if (text.find('-') != std::string_view::npos) {
    add_range(place, text, service, use);
    return;
  }
  const auto prefix = net::Prefix::parse(text);
  if (!prefix) {
    unreadable(place, why_not_a<net::Prefix>(text));
    return;
  }
  if (const auto why = why_nobodys(*prefix, text)) {
    unreadable(place, *why);
    return;
  }
  skip_or_count(false);
  add(*prefix, service, use);
}

void ListBuilder::add_range(const Place& place,
                            std::string_view text,
                            std::string_view service,
                            std::string_view use)
{
  const auto whole = shown(text);
  const auto first = net::Address::try_parse(trimmed(take_until(text, '-')));
  const auto last = net::Address::try_parse(trimmed(text));
  if (!first || !last || first->family() != last->family() || *last < *first) {
    unreadable(place, say("{} is not a range (write it like 192.0.2.0-192.0.2.255)", whole));
    return;
  }
  const auto prefixes = net::prefixes_of_range(*first, *last);
  for (const auto& prefix : prefixes) {
    if (const auto why = why_nobodys(prefix, whole)) {
      unreadable(place, *why);
      return;
    }
  }
  skip_or_count(false);
  for (const auto& prefix : prefixes) {
    add(prefix, service, use);
  }
}

void ListBuilder::name(const Place& place,
                       std::string_view text,
                       std::string_view service,
                       bool exact)
{
  if (text.starts_with("*.")) {
    text.remove_prefix(1);
  }
  if (text.starts_with('.')) {
    exact = false;
    text.remove_prefix(1);
  }
  if (text.find('*') != std::string_view::npos) {
    skip();
    return;
  }
  if (net::Address::try_parse(text)) {
    unreadable(place, say("{} is an address, where a name was expected", shown(text)));
    return;
  }
  auto suffix = net::DomainName::parse(text);
  if (!suffix) {
    unreadable(place, why_not_a<net::DomainName>(text));
    return;
  }
  skip_or_count(false);
  if (!full_) {
    list_.names.push_back({std::move(*suffix), shown(service), exact});
  }
}

void ListBuilder::asn(const Place& place,
                      std::string_view number,
                      std::string_view handle,
                      std::string_view description)
{
  const auto asn = net::Asn::try_parse(number);
  if (!asn) {
    unreadable(place, say("{} is not an AS number (write it like AS64496)", shown(number)));
    return;
  }
  skip_or_count(false);
  if (!full_) {
    list_.asns.push_back({*asn, shown(handle), shown(description)});
  }
}

void ListBuilder::unreadable(const Place& place, const std::string& what)
{
  skip_or_count(false);
  ++list_.unreadable;
  if (list_.complaints.size() < most_complaints) {
    list_.complaints.push_back(place.in(list_.path) + ": " + what);
  }
}

std::optional<Error> ListBuilder::why_not() const
{
  if (full_) {
    return Error{Fault::Usage,
                 say("{}: more than {} rows; zonder reads no list that is longer",
                     list_.path,
                     most_list_rows)};
  }
  if (list_.records == 0) {
    return Error{Fault::Usage, say("{}: there is nothing in it", list_.path)};
  }
  if (list_.records == list_.unreadable) {
    return Error{Fault::Usage,
                 say("{}: none of it can be read as {}; the first mistake: {}",
                     list_.path,
                     list_.format,
                     list_.complaints.front())};
  }
  return std::nullopt;
}

Result<ListFile> ListBuilder::finish(const ListHints& hints) &&
{
  if (auto error = why_not()) {
    return fail(std::move(*error));
  }
  if (!hints.party.empty() && !list_.party.empty() && hints.party != list_.party) {
    return fail(Fault::Usage,
                say("{}: this list says itself that it is of {}, not of {} (leave out --as {})",
                    list_.path,
                    list_.party,
                    hints.party,
                    hints.party));
  }
  if (list_.party.empty()) {
    list_.party = hints.party;
  }
  return std::move(list_);
}

}  // namespace zonder::wire::lists
