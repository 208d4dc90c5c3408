// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "collect/entry_glimpses.hh"

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/utf8.hh"
#include "net/address.hh"
#include "net/special_use.hh"

namespace zonder::collect {
namespace {

using model::Kind;
using model::Relation;
using model::Via;
using wire::logs::Entry;
using wire::logs::What;

constexpr std::size_t longest_name = 253;
constexpr std::size_t longest_label = 63;

/// 0 for what no host name has.
constexpr std::array<char, 256> make_letters()
{
  std::array<char, 256> letters{};
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const bool lower =
        (i >= 'a' && i <= 'z') || (i >= '0' && i <= '9') || i == '-' || i == '_' || i == '.';
    const bool upper = i >= 'A' && i <= 'Z';
    letters[i] = static_cast<char>(lower ? i : upper ? i - 'A' + 'a' : 0);
  }
  return letters;
}
constexpr auto letters = make_letters();

/// Nothing for a time that nobody's log can be of: before 1970, or past 2200, which is also less
/// than what the clock can count to.
std::optional<model::Moment> moment_of(wire::logs::Micros micros)
{
  constexpr wire::logs::Micros latest = 7'258'118'400'000'000;
  if (micros < 0 || micros > latest) {
    return std::nullopt;
  }
  return model::Moment(
      std::chrono::duration_cast<model::Moment::duration>(std::chrono::microseconds(micros)));
}

/// "192.0.2.1" as everybody writes it: four numbers below 256 without zeros before them.
bool is_plain_v4(std::string_view text)
{
  constexpr std::size_t longest = 15;
  if (text.size() > longest || text.empty()) {
    return false;
  }
  const char* at = text.data();
  const char* const end = at + text.size();
  for (int parts = 0;; ++at) {
    const char* const start = at;
    unsigned value = 0;
    for (; at != end && static_cast<unsigned>(*at - '0') <= 9; ++at) {
      value = value * 10 + static_cast<unsigned>(*at - '0');
    }
    const auto digits = at - start;
    if (digits == 0 || digits > 3 || value > 255 || (digits > 1 && *start == '0')) {
      return false;
    }
    ++parts;
    if (at == end) {
      return parts == 4;
    }
    if (*at != '.' || parts == 4) {
      return false;
    }
  }
}

/// A name that is an address says nothing beside it.
bool looks_like_address(std::string_view name)
{
  return name.find_first_not_of("0123456789.") == std::string_view::npos;
}

Via via_of(What what)
{
  switch (what) {
  case What::Flow:
    return Via::Flow;
  case What::Dns:
    return Via::Dns;
  case What::Tls:
    return Via::Tls;
  case What::Quic:
    return Via::Quic;
  case What::Http:
    return Via::Http;
  case What::Certificate:
    return Via::Certificate;
  case What::SignIn:
    return Via::Log;
  case What::Has:
  case What::Needs:
  case What::SuppliedBy:
  case What::HostedIn:
  case What::Identifier:
    return Via::List;
  }
  return Via::Log;
}

/// Something that is told of an application.
bool is_of_application(What what)
{
  return what == What::SignIn || via_of(what) == Via::List;
}

/// Whether an address can be somebody's in particular.
bool is_public(std::string_view text)
{
  const auto address = net::Address::try_parse(text);
  const auto use = address ? net::special_use(*address) : std::nullopt;
  return address && (!use || *use == net::SpecialUse::Documentation);
}

}  // namespace

bool EntryGlimpses::put_name(std::string_view from, Text& into)
{
  if (from.starts_with("*.")) {
    from.remove_prefix(2);
  }
  if (const auto colon = from.find(':'); colon != std::string_view::npos) {
    // A host with its port.
    if (from.find_first_not_of("0123456789", colon + 1) != std::string_view::npos) {
      return false;
    }
    from = from.substr(0, colon);
  }
  if (from.ends_with('.')) {
    from.remove_suffix(1);
  }
  if (from.empty() || from.size() > longest_name) {
    return false;
  }
  std::size_t label = 0;
  char* out = into.bytes.data();
  for (const char c : from) {
    const char letter = letters[static_cast<unsigned char>(c)];
    *out++ = letter;
    if (letter == '.') {
      if (label == 0) {
        return false;
      }
      label = 0;
    } else if (letter == 0 || ++label > longest_label) {
      return false;
    }
  }
  into.size = from.size();
  return label > 0 && !looks_like_address(into.view());
}

bool EntryGlimpses::put_address(std::string_view from, Text& into)
{
  if (is_plain_v4(from)) {
    std::memcpy(into.bytes.data(), from.data(), from.size());
    into.size = from.size();
    return true;
  }
  const auto address = net::Address::try_parse(from.substr(0, from.find('%')));
  if (!address) {
    return false;
  }
  const auto text = address->to_string();
  std::copy(text.begin(), text.end(), into.bytes.begin());
  into.size = text.size();
  return true;
}

void EntryGlimpses::put_endpoint(std::string_view address,
                                 std::uint16_t port,
                                 std::string_view protocol,
                                 Text& into)
{
  char* out = into.bytes.data();
  const auto put = [&out](std::string_view text) {
    out = std::copy(text.begin(), text.end(), out);
  };
  const bool is_v6 = address.find(':') != std::string_view::npos;
  put(is_v6 ? "[" : "");
  put(address);
  put(is_v6 ? "]:" : ":");
  std::array<char, 5> digits{};
  std::size_t count = 0;
  unsigned left = port;
  do {
    digits[count++] = static_cast<char>('0' + left % 10);
    left /= 10;
  } while (left > 0);
  while (count > 0) {
    *out++ = digits[--count];
  }
  put("/");
  put(protocol.substr(0, 16));
  into.size = static_cast<std::size_t>(out - into.bytes.data());
}

void EntryGlimpses::reached(const Entry& entry, model::Glimpse& glimpse)
{
  glimpse.relation = Relation::Reached;
  glimpse.count = entry.count;
  glimpse.bytes = entry.bytes;
  if (entry.port == 0) {
    glimpse.object_kind = Kind::Address;
    glimpse.object = server_.view();
  } else {
    put_endpoint(server_.view(), entry.port, entry.protocol, object_);
    glimpse.object_kind = Kind::Endpoint;
    glimpse.object = object_.view();
  }
  sink_.take(glimpse);
}

void EntryGlimpses::leads(const wire::logs::DnsRecord& record, model::Glimpse& glimpse)
{
  if (!put_name(record.owner, name_)) {
    return;
  }
  const bool is_address = record.type == 1 || record.type == 28;
  switch (record.type) {
  case 1:
  case 28:
    glimpse.relation = Relation::LeadsTo;
    break;
  case 5:
  case 39:
  case 64:
  case 65:
    glimpse.relation = Relation::Alias;
    break;
  case 2:
    glimpse.relation = Relation::NameServer;
    break;
  case 15:
    glimpse.relation = Relation::MailServer;
    break;
  default:
    return;
  }
  if (!(is_address ? put_address(record.data, object_) : put_name(record.data, object_)) ||
      (!is_address && name_.view() == object_.view())) {
    return;
  }
  glimpse.subject_kind = Kind::Name;
  glimpse.subject = name_.view();
  glimpse.object_kind = is_address ? Kind::Address : Kind::Name;
  glimpse.object = object_.view();
  sink_.take(glimpse);
}

void EntryGlimpses::named(const Entry& entry, model::Glimpse& glimpse)
{
  if (!put_name(entry.name, name_)) {
    return;
  }
  glimpse.relation = Relation::Named;
  glimpse.object_kind = Kind::Name;
  glimpse.object = name_.view();
  glimpse.count = entry.count;
  sink_.take(glimpse);
  // Where the device went for that name. A proxy within the house is no place that it leads to, and
  // a request's host says nothing of where it went.
  if (entry.what != What::Http && is_public(server_.view())) {
    glimpse.subject_kind = Kind::Name;
    glimpse.subject = name_.view();
    glimpse.relation = Relation::LeadsTo;
    glimpse.object_kind = Kind::Address;
    glimpse.object = server_.view();
    sink_.take(glimpse);
  }
}

bool EntryGlimpses::put_words(std::string_view from, std::string& into)
{
  // In characters; more is no name of anything.
  constexpr std::size_t longest = 200;
  into.clear();
  for (const char c : from) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > ' ' && byte != 0x7F) {
      into += c;
    } else if (!into.empty() && into.back() != ' ') {
      into += ' ';
    }
  }
  if (into.ends_with(' ')) {
    into.pop_back();
  }
  return !into.empty() && into.size() <= longest && characters_in(into).has_value();
}

bool EntryGlimpses::told(const Entry& entry, model::Glimpse& glimpse)
{
  // Whose applications they are need not be said: they are those of whoever has the list.
  const bool is_own = entry.what == What::Has && entry.subject.empty();
  if (!put_words(is_own ? "organisation" : entry.subject, subject_)) {
    return false;
  }
  glimpse.subject_kind = entry.what == What::Has ? Kind::Organisation : Kind::Application;
  glimpse.subject = subject_;
  glimpse.tier = entry.what == What::SignIn ? model::Tier::Measured : model::Tier::Declared;
  glimpse.count = entry.count;
  glimpse.object_kind = Kind::Application;
  switch (entry.what) {
  case What::SignIn:
    glimpse.relation = Relation::SignedIn;
    break;
  case What::Has:
    glimpse.relation = Relation::Has;
    break;
  case What::Needs:
    glimpse.relation = Relation::Needs;
    break;
  case What::SuppliedBy:
    glimpse.relation = Relation::SuppliedBy;
    glimpse.object_kind = Kind::Party;
    break;
  case What::HostedIn:
    glimpse.relation = Relation::HostedIn;
    glimpse.object_kind = Kind::Jurisdiction;
    break;
  default:
    glimpse.relation = Relation::Alias;
    break;
  }
  if (!entry.name.empty()) {
    if (!put_name(entry.name, name_)) {
      return false;
    }
    glimpse.object_kind = Kind::Name;
    glimpse.object = name_.view();
  } else {
    if (!put_words(entry.object, words_)) {
      return false;
    }
    glimpse.object = words_;
  }
  sink_.take(glimpse);
  return true;
}

bool EntryGlimpses::take(const Entry& entry)
{
  model::Glimpse glimpse;
  glimpse.via = via_of(entry.what);
  glimpse.first = moment_of(entry.first);
  glimpse.last = glimpse.first ? moment_of(std::max(entry.first, entry.last)) : std::nullopt;
  if (!glimpse.last) {
    glimpse.last = glimpse.first;
  }
  if (entry.what == What::Certificate) {
    if (put_name(entry.name, name_) && !entry.issuer.empty() && entry.issuer.size() < 200) {
      glimpse.subject_kind = Kind::Name;
      glimpse.subject = name_.view();
      glimpse.relation = Relation::CertifiedBy;
      glimpse.object_kind = Kind::Party;
      glimpse.object = entry.issuer;
      sink_.take(glimpse);
    }
    return true;
  }
  if (is_of_application(entry.what)) {
    return told(entry, glimpse);
  }
  const bool asks = entry.what != What::Dns || entry.is_question;
  if (asks && !put_address(entry.client, client_)) {
    return false;
  }
  // A proxy's log need not tell where a request went.
  const bool may_lack_server = entry.what == What::Http && entry.server.empty();
  if (entry.what != What::Dns && !may_lack_server && !put_address(entry.server, server_)) {
    return false;
  }
  glimpse.subject_kind = Kind::Device;
  glimpse.subject = client_.view();
  switch (entry.what) {
  case What::Flow:
    reached(entry, glimpse);
    break;
  case What::Dns:
    if (asks && put_name(entry.name, name_)) {
      glimpse.relation = Relation::Asked;
      glimpse.object_kind = Kind::Name;
      glimpse.object = name_.view();
      glimpse.count = entry.count;
      sink_.take(glimpse);
    }
    glimpse.count = 1;
    for (const auto& record : entry.records) {
      leads(record, glimpse);
    }
    break;
  case What::Tls:
  case What::Quic:
  case What::Http:
    named(entry, glimpse);
    break;
  default:
    break;
  }
  return true;
}

}  // namespace zonder::collect
