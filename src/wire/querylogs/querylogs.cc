// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/querylogs/querylogs.hh"

#include <algorithm>
#include <optional>

#include "base/translate.hh"
#include "wire/logs/text.hh"

namespace zonder::wire::querylogs {
namespace {

using logs::take_word;
using logs::What;
using std::string_view;

/// What stands behind the first `mark`; nothing where it is not in the text.
std::optional<string_view> behind(string_view text, string_view mark)
{
  const auto at = text.find(mark);
  return at == string_view::npos ? std::nullopt : std::optional(text.substr(at + mark.size()));
}

/// The moment with which a line begins, in any of the forms that have a year.
logs::Micros moment_of(string_view line)
{
  if (line.starts_with('[')) {
    auto rest = line.substr(1);
    const auto inside = logs::take_until(rest, ']');
    const auto seconds = logs::seconds(inside);
    return seconds == logs::no_time ? logs::iso_time(inside) : seconds;
  }
  constexpr std::size_t longest = 40;
  const auto start = line.substr(0, longest);
  if (start.size() > 3 && start[2] == '-') {
    return logs::day_month_year(start);
  }
  auto rest = start;
  const auto word = take_word(rest);
  if (const auto moment = logs::iso_time(word); moment != logs::no_time) {
    return moment;
  }
  // "2026-11-23 09:30:05.123 ...", with a blank between.
  const auto clock = take_word(rest);
  if (clock.empty() || word.size() != 10) {
    return logs::no_time;
  }
  const auto whole =
      string_view(word.data(), static_cast<std::size_t>(clock.data() + clock.size() - word.data()));
  return logs::iso_time(whole);
}

/// A line about something else, as every log has them, has nothing of a question in it.
template <typename... Marks>
bool has(string_view line, Marks... marks)
{
  return ((line.find(marks) != string_view::npos) && ...);
}

void ask(logs::Entry& entry, string_view client, string_view name)
{
  entry.what = What::Dns;
  entry.is_question = true;
  entry.client = client;
  entry.server = {};
  entry.name = name;
  entry.records.clear();
}

/// Whether some line looks so: what a server says when it starts may be more than what is asked of
/// it in the first minutes.
template <typename Looks>
bool any_line(string_view head, Looks looks)
{
  while (!head.empty()) {
    if (looks(logs::take_until(head, '\n'))) {
      return true;
    }
  }
  return false;
}

}  // namespace

void UnboundReader::read_line(string_view line, logs::EntrySink& sink)
{
  // With log-tag-queryreply: "query:" and "reply:" for "info:".
  auto rest = behind(line, " info: ");
  rest = rest ? rest : behind(line, " query: ");
  rest = rest ? rest : behind(line, " reply: ");
  if (!rest || !has(line, "unbound")) {
    count();
    return;
  }
  const auto client = take_word(*rest);
  const auto name = take_word(*rest);
  const auto type = take_word(*rest);
  const auto class_word = take_word(*rest);
  const bool is_question = !client.empty() && client.find_first_of(".:") != string_view::npos &&
                           name.ends_with('.') && logs::record_type(type) &&
                           (class_word == "IN" || class_word == "CH" || class_word == "HS");
  if (!is_question) {
    count();  // "start of service", "generate keytag query" and the like
    return;
  }
  const bool is_reply = !take_word(*rest).empty();
  sees_queries_ = sees_queries_ || !is_reply;
  if (is_reply && sees_queries_) {
    count();
    return;
  }
  ask(entry_, client, name);
  entry_.first = entry_.last = moment_of(line);
  give(entry_, sink);
}

void BindReader::read_line(string_view line, logs::EntrySink& sink)
{
  auto asked = behind(line, ": query: ");
  auto from = behind(line, "client ");
  if (!asked || !from) {
    count();
    return;
  }
  if (from->starts_with("@0x")) {
    (void)take_word(*from);
    *from = logs::trimmed(*from);
  }
  const auto address = from->substr(0, from->find_first_of("# "));
  const auto name = take_word(*asked);
  const auto class_word = take_word(*asked);
  if (name.empty() || (class_word != "IN" && class_word != "CH" && class_word != "HS")) {
    unreadable(say("a query without its name, class and type"));
    return;
  }
  ask(entry_, address, name);
  entry_.first = entry_.last = moment_of(line);
  give(entry_, sink);
}

void DnsmasqReader::read_reply(string_view rest, string_view serial, logs::EntrySink& sink)
{
  const auto owner = take_word(rest);
  const auto is = take_word(rest);
  const auto what = take_word(rest);
  if (is != "is" || what.empty()) {
    count();
    return;
  }
  entry_.what = What::Dns;
  entry_.is_question = false;
  entry_.client = {};
  entry_.name = owner;
  entry_.records.clear();
  // "reply www.example.nl is <CNAME>", and in the next line whatever that name is.
  if (!alias_.empty() && alias_serial_ == serial && alias_ != owner) {
    entry_.records.push_back({.owner = alias_, .type = 5, .data = owner});
  }
  const bool is_alias = what == "<CNAME>";
  const bool is_v6 = what.find(':') != string_view::npos;
  if (!is_alias && !what.starts_with('<') &&
      what.find_first_not_of("0123456789abcdefABCDEF.:") == string_view::npos) {
    entry_.records.push_back(
        {.owner = owner, .type = static_cast<std::uint16_t>(is_v6 ? 28 : 1), .data = what});
  }
  if (entry_.records.empty()) {
    count();
  } else {
    give(entry_, sink);
  }
  alias_ = is_alias ? owner : string_view();
  alias_serial_ = serial;
}

void DnsmasqReader::read_line(string_view line, logs::EntrySink& sink)
{
  auto rest = behind(line, "dnsmasq");
  rest = rest ? behind(*rest, ": ") : rest;
  if (!rest) {
    count();
    return;
  }
  entry_.first = entry_.last = moment_of(line);
  // "extra": a number for each question, and who asked.
  string_view serial;
  auto word = take_word(*rest);
  if (logs::number(word)) {
    serial = word;
    (void)take_word(*rest);
    word = take_word(*rest);
  }
  if (word.starts_with("query[")) {
    alias_.clear();
    const auto name = take_word(*rest);
    const auto from = take_word(*rest);
    const auto client = take_word(*rest);
    if (from != "from" || client.empty()) {
      unreadable(say("a query without its name and who asked"));
      return;
    }
    ask(entry_, client, name);
    give(entry_, sink);
    return;
  }
  // Also what the server knows by itself: "config", or the hosts file by its path.
  if (word == "reply" || word == "cached" || word == "config" || word.starts_with('/')) {
    read_reply(*rest, serial, sink);
    return;
  }
  count();  // forwarded, validation, read ...
}

void PowerdnsReader::read_line(string_view line, logs::EntrySink& sink)
{
  string_view name;
  string_view client;
  if (auto asked = behind(line, "question for '")) {
    auto quoted = *asked;
    name = logs::take_until(quoted, '\'');
    auto from = behind(quoted, "from ");
    client = from ? take_word(*from) : string_view();
  } else if (auto remote = behind(line, "Remote "); remote && has(line, " wants '")) {
    client = take_word(*remote);
    // A subnet that the asker told for: "192.0.2.5<-192.0.2.0/24".
    client = client.substr(0, client.find("<-"));
    auto wanted = behind(*remote, "wants '").value_or("");
    name = logs::take_until(wanted, '\'');
  } else if (has(line, "msg=\"Question\"", "qname=\"")) {
    auto rest = behind(line, "qname=\"").value_or("");
    name = logs::take_until(rest, '"');
    auto from = behind(line, "remote=\"").value_or("");
    client = logs::take_until(from, '"');
  } else {
    count();
    return;
  }
  name = name.substr(0, name.find('|'));
  // With its port: "192.0.2.5:4321", "[2001:db8::5]:4321".
  if (client.starts_with('[')) {
    client = client.substr(1, client.find(']') - 1);
  } else if (std::count(client.begin(), client.end(), ':') == 1) {
    client = client.substr(0, client.find(':'));
  }
  if (name.empty() || client.empty()) {
    unreadable(say("a query without its name and who asked"));
    return;
  }
  ask(entry_, client, name);
  entry_.first = entry_.last = moment_of(line);
  if (auto stamp = behind(line, " ts=\"")) {
    entry_.first = entry_.last = logs::seconds(logs::take_until(*stamp, '"'));
  }
  give(entry_, sink);
}

void ConntrackReader::read_line(string_view line, logs::EntrySink& sink)
{
  auto rest = line;
  entry_.first = entry_.last = logs::no_time;
  entry_.what = What::Flow;
  entry_.client = {};
  entry_.server = {};
  entry_.port = 0;
  entry_.protocol = {};
  entry_.bytes = 0;
  entry_.count = 1;
  bool is_new = false;
  bool is_end = false;
  bool is_update = false;
  bool was_answered = true;
  bool has_port = true;
  while (true) {
    const auto word = take_word(rest);
    if (word.empty()) {
      break;
    }
    const auto equals = word.find('=');
    if (equals == string_view::npos) {
      is_new = is_new || word == "[NEW]";
      is_end = is_end || word == "[DESTROY]";
      is_update = is_update || word == "[UPDATE]";
      was_answered = was_answered && word != "[UNREPLIED]" && word != "SYN_SENT";
      // "[1609459200.123456]" with -o timestamp.
      if (word.starts_with('[') && word.size() > 1 && word[1] >= '0' && word[1] <= '9') {
        entry_.first = entry_.last = moment_of(word);
      }
      if (entry_.protocol.empty() &&
          (word == "tcp" || word == "udp" || word == "icmp" || word == "icmpv6" || word == "sctp" ||
           word == "gre" || word == "dccp" || word == "udplite" || word == "unknown")) {
        entry_.protocol = word;
        has_port =
            word == "tcp" || word == "udp" || word == "sctp" || word == "dccp" || word == "udplite";
      }
      continue;
    }
    const auto key = word.substr(0, equals);
    const auto value = word.substr(equals + 1);
    // The first of each is how it was begun; the second is the way back, seen behind translation.
    if (key == "src" && entry_.client.empty()) {
      entry_.client = value;
    } else if (key == "dst" && entry_.server.empty()) {
      entry_.server = value;
    } else if (key == "dport" && entry_.port == 0) {
      entry_.port = logs::port(value).value_or(0);
    } else if (key == "bytes") {
      entry_.bytes += logs::number(value).value_or(0);
    }
  }
  if (entry_.client.empty() || entry_.server.empty() || entry_.protocol.empty() ||
      (has_port && entry_.port == 0)) {
    unreadable(say("no connection: it lacks src, dst, dport or the protocol"));
    return;
  }
  sees_new_ = sees_new_ || is_new;
  if (is_update || (!was_answered && !is_new && entry_.protocol == "tcp")) {
    count();
    return;
  }
  entry_.count = is_end && sees_new_ ? 0 : 1;
  give(entry_, sink);
}

bool is_unbound(string_view head)
{
  return any_line(head, [](string_view line) {
    return has(line, "unbound", "[", ":", "] ") &&
           (has(line, " info: ") || has(line, " query: ") || has(line, " reply: "));
  });
}

bool is_bind(string_view head)
{
  return any_line(head, [](string_view line) { return has(line, "client ", "#", ": query: "); });
}

bool is_dnsmasq(string_view head)
{
  return any_line(head, [](string_view line) {
    return has(line, "dnsmasq") && (has(line, ": query[") || has(line, " query[") ||
                                    has(line, ": reply ") || has(line, ": forwarded "));
  });
}

bool is_powerdns(string_view head)
{
  return any_line(head, [](string_view line) {
    return has(line, "question for '", "|", "' from ") || has(line, "Remote ", " wants '", "|") ||
           has(line, "msg=\"Question\"", "qname=\"");
  });
}

bool is_conntrack(string_view head)
{
  return any_line(head, [](string_view line) {
    return has(line, " src=", " dst=") && (has(line, " sport=", " dport=") || has(line, " type="));
  });
}

}  // namespace zonder::wire::querylogs
