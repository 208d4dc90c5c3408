// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "collect/scan/recorded.hh"

#include <memory>
#include <optional>

#include <archive.h>
#include <archive_entry.h>
#include <nlohmann/json.hpp>

#include "base/ascii.hh"
#include "base/file.hh"
#include "base/translate.hh"

namespace zonder::collect {
namespace {

using mail::DomainRecords;
using nlohmann::json;
using Written = nlohmann::ordered_json;

constexpr std::string_view schema = "zonder.records/1";
constexpr std::size_t most_unpacked = std::size_t{1} << 28U;
constexpr std::size_t most_in_a_list = 10'000;

// --- packed files

struct FreeArchive {
  void operator()(archive* reader) const { archive_read_free(reader); }
};

/// The bytes themselves where they are not packed.
Result<std::string> unpacked(const std::string& path, std::string bytes)
{
  const std::unique_ptr<archive, FreeArchive> reader(archive_read_new());
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_filter_xz(reader.get());
  archive_read_support_filter_bzip2(reader.get());
  archive_read_support_filter_zstd(reader.get());
  archive_read_support_format_raw(reader.get());
  archive_entry* entry = nullptr;
  if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK ||
      archive_read_next_header(reader.get(), &entry) != ARCHIVE_OK ||
      archive_filter_count(reader.get()) < 2) {
    return bytes;
  }
  std::string text;
  std::string piece(std::size_t{1} << 16U, '\0');
  for (;;) {
    const auto got = archive_read_data(reader.get(), piece.data(), piece.size());
    if (got < 0) {
      return fail(Fault::Incomplete, say("{}: is packed, and damaged", path));
    }
    if (got == 0) {
      return text;
    }
    text.append(piece, 0, static_cast<std::size_t>(got));
    if (text.size() > most_unpacked) {
      return fail(Fault::Usage,
                  say("{}: holds more than {} MB when it is unpacked", path, most_unpacked >> 20U));
    }
  }
}

// --- values, in which anything may be missing

std::string text_of(const json& object, const char* key)
{
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::uint64_t number_of(const json& object, const char* key)
{
  const auto found = object.find(key);
  return found != object.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

bool flag_of(const json& object, const char* key)
{
  const auto found = object.find(key);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

/// A name as a record has it, in one form.
std::string as_name(std::string name)
{
  if (name.ends_with('.')) {
    name.pop_back();
  }
  return ascii_lower(std::move(name));
}

/// Calls `reader` for each value of the list, if there is one.
template <typename Reader>
void each_of(const json& object, const char* key, Reader&& reader)
{
  const auto found = object.find(key);
  if (found == object.end() || !found->is_array()) {
    return;
  }
  std::size_t count = 0;
  for (const auto& value : *found) {
    if (++count > most_in_a_list) {
      return;
    }
    reader(value);
  }
}

std::vector<std::string> texts_of(const json& object, const char* key)
{
  std::vector<std::string> texts;
  each_of(object, key, [&](const json& value) {
    if (value.is_string()) {
      texts.push_back(value.get<std::string>());
    }
  });
  return texts;
}

// --- ours

Written host_json(const mail::Host& host)
{
  Written one{{"name", host.name}};
  if (!host.aliases.empty()) {
    one["aliases"] = host.aliases;
  }
  auto& addresses = one["addresses"] = Written::array();
  for (const auto& address : host.addresses) {
    addresses.push_back(address.to_string());
  }
  return one;
}

mail::Host host_of(const json& value)
{
  mail::Host host;
  host.name = text_of(value, "name");
  host.aliases = texts_of(value, "aliases");
  for (const auto& text : texts_of(value, "addresses")) {
    if (const auto address = net::Address::try_parse(text)) {
      host.addresses.push_back(*address);
    }
  }
  return host;
}

Written pointer_json(const mail::Pointer& pointer)
{
  Written one{{"owner", pointer.owner}, {"type", pointer.type}, {"target", pointer.target}};
  if (pointer.port != 0) {
    one["port"] = pointer.port;
  }
  return one;
}

mail::Pointer pointer_of(const json& value)
{
  return {text_of(value, "owner"),
          text_of(value, "type"),
          text_of(value, "target"),
          static_cast<std::uint16_t>(number_of(value, "port"))};
}

constexpr std::pair<mail::Dnssec, std::string_view> dnssec_words[] = {
    {mail::Dnssec::Unknown, "unknown"},
    {mail::Dnssec::Unsigned, "unsigned"},
    {mail::Dnssec::Signed, "signed"},
    {mail::Dnssec::Bogus, "bogus"}};

Written spf_json(const mail::SpfReach& reach)
{
  Written spf{{"lookups", reach.lookups}, {"voids", reach.voids}, {"policy", reach.policy}};
  auto& names = spf["names"] = Written::array();
  for (const auto& name : reach.names) {
    names.push_back({{"name", name.name},
                     {"mechanism", mail::to_text(name.mechanism)},
                     {"by", name.by},
                     {"beyond_limit", name.beyond_limit}});
  }
  auto& networks = spf["networks"] = Written::array();
  for (const auto& network : reach.networks) {
    networks.push_back(network.to_string());
  }
  auto& troubles = spf["troubles"] = Written::array();
  for (const auto trouble : reach.troubles) {
    troubles.push_back(mail::to_text(trouble));
  }
  return spf;
}

mail::SpfReach spf_of(const json& value)
{
  mail::SpfReach reach;
  reach.lookups = static_cast<unsigned>(number_of(value, "lookups"));
  reach.voids = static_cast<unsigned>(number_of(value, "voids"));
  reach.policy = text_of(value, "policy");
  each_of(value, "names", [&](const json& one) {
    if (const auto mechanism = mail::parse_spf_mechanism(text_of(one, "mechanism"))) {
      reach.names.push_back(
          {text_of(one, "name"), *mechanism, text_of(one, "by"), flag_of(one, "beyond_limit")});
    }
  });
  for (const auto& text : texts_of(value, "networks")) {
    if (const auto network = net::Prefix::parse(text)) {
      reach.networks.push_back(*network);
    }
  }
  for (const auto& text : texts_of(value, "troubles")) {
    if (const auto trouble = mail::parse_spf_trouble(text)) {
      reach.troubles.push_back(*trouble);
    }
  }
  return reach;
}

Written page_json(const mail::StartPage& page)
{
  return {{"url", page.url},
          {"redirects", page.redirects},
          {"loads", page.loads},
          {"log_ins", page.log_ins},
          {"certified_by", page.certified_by},
          {"server", page.server},
          {"trouble", page.trouble}};
}

mail::StartPage page_of(const json& value)
{
  return {text_of(value, "url"),
          texts_of(value, "redirects"),
          texts_of(value, "loads"),
          texts_of(value, "log_ins"),
          text_of(value, "certified_by"),
          text_of(value, "server"),
          text_of(value, "trouble")};
}

std::optional<model::Moment> moment_of(const json& object, const char* key)
{
  const auto seconds = number_of(object, key);
  constexpr std::uint64_t year_3000 = 32'503'680'000;
  return seconds > 0 && seconds < year_3000
             ? std::optional(model::Moment(std::chrono::seconds(seconds)))
             : std::nullopt;
}

DomainRecords ours(const json& value)
{
  DomainRecords records;
  records.domain = as_name(text_of(value, "domain"));
  records.seen = moment_of(value, "seen");
  records.exists = !flag_of(value, "no_such_domain");
  for (const auto& [dnssec, word] : dnssec_words) {
    if (word == text_of(value, "dnssec")) {
      records.dnssec = dnssec;
    }
  }
  each_of(value, "mx", [&](const json& one) {
    records.mail_hosts.push_back(
        {static_cast<std::uint16_t>(number_of(one, "preference")), host_of(one)});
  });
  records.refuses_mail = flag_of(value, "refuses_mail");
  records.spf = text_of(value, "spf");
  if (const auto reach = value.find("spf_reach"); reach != value.end()) {
    records.spf_reach = spf_of(*reach);
  }
  each_of(value, "dkim", [&](const json& one) {
    records.dkim.push_back(
        {text_of(one, "selector"), texts_of(one, "aliases"), flag_of(one, "key")});
  });
  each_of(value, "autodiscover", [&](const json& one) {
    records.mail_programs.push_back(pointer_of(one));
  });
  each_of(value, "srv", [&](const json& one) { records.services.push_back(pointer_of(one)); });
  each_of(value, "ns", [&](const json& one) { records.name_servers.push_back(host_of(one)); });
  records.verifications = texts_of(value, "verifications");
  records.dmarc = text_of(value, "dmarc");
  records.mta_sts = text_of(value, "mta_sts");
  records.tls_report = text_of(value, "tls_report");
  records.authorities = texts_of(value, "caa");
  each_of(value, "sites", [&](const json& one) { records.sites.push_back(host_of(one)); });
  if (const auto page = value.find("page"); page != value.end() && page->is_object()) {
    records.page = page_of(*page);
  }
  records.unanswered = texts_of(value, "unanswered");
  return records;
}

// --- mxmap's

/// "v=spf1 ... v=spf1 ...": the records that a resolver gathered, one behind the other.
std::vector<std::string> split_spf(const std::string& text)
{
  std::vector<std::string> records;
  constexpr std::string_view start = "v=spf1";
  const auto lower = ascii_lower(text);
  auto at = lower.find(start);
  while (at != std::string::npos) {
    const auto next = lower.find(start, at + start.size());
    records.push_back(text.substr(at, next == std::string::npos ? next : next - at));
    at = next;
  }
  return records;
}

DomainRecords mxmaps(const std::string& domain, const json& value)
{
  DomainRecords records;
  records.domain = as_name(domain);
  records.seen = moment_of(value, "ts");
  const auto aliases = value.find("mx_cnames");
  for (const auto& text : texts_of(value, "mx")) {
    const auto name = as_name(text);
    if (name.empty()) {
      records.refuses_mail = true;
      continue;
    }
    mail::MailHost host;
    host.host.name = name;
    if (aliases != value.end() && aliases->is_object()) {
      if (const auto alias = text_of(*aliases, text.c_str()); !alias.empty()) {
        host.host.aliases.push_back(as_name(alias));
      }
    }
    records.mail_hosts.push_back(std::move(host));
  }
  records.refuses_mail = records.refuses_mail && records.mail_hosts.empty();
  each_of(value, "mx_asns", [&](const json& one) {
    if (one.is_number_unsigned() && one.get<std::uint64_t>() <= 0xffffffffU) {
      records.mail_origins.push_back({one.get<std::uint32_t>()});
    }
  });
  records.spf = text_of(value, "spf");
  auto texts = split_spf(records.spf);
  for (auto& text : split_spf(text_of(value, "spf_resolved"))) {
    texts.push_back(std::move(text));
  }
  records.spf_reach = mail::spf_reach_of(records.domain, texts);
  // The domain's own stands in both.
  records.spf_reach.lookups = 0;
  if (const auto dkim = value.find("dkim"); dkim != value.end() && dkim->is_object()) {
    for (const auto& [selector, target] : dkim->items()) {
      if (target.is_string()) {
        records.dkim.push_back({selector, {as_name(target.get<std::string>())}, true});
      }
    }
  }
  if (const auto found = value.find("autodiscover"); found != value.end() && found->is_object()) {
    for (const auto& [kind, target] : found->items()) {
      if (target.is_string()) {
        const bool is_srv = kind.ends_with("_srv");
        records.mail_programs.push_back(
            {(is_srv ? "_autodiscover._tcp." : "autodiscover.") + records.domain,
             is_srv ? "srv" : "cname",
             as_name(target.get<std::string>()),
             0});
      }
    }
  }
  records.verifications = texts_of(value, "txt_verifications");
  return records;
}

/// Counts what is taken, and what cannot be.
class Reading {
public:
  Reading(const std::string& path, const std::function<void(DomainRecords)>& take)
      : path_(path), take_(take)
  {
  }
  void take(DomainRecords records)
  {
    ++count_.records;
    take_(std::move(records));
  }
  void cannot_read(std::size_t line)
  {
    if (++count_.unreadable == 1) {
      count_.first_problem = say("{}:{}: is no record of a domain", path_, line);
    }
  }
  void read_lines(std::string_view text)
  {
    for (std::size_t line = 1; !text.empty(); ++line) {
      const auto end = std::min(text.find('\n'), text.size());
      const auto one = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      if (one.find_first_not_of(" \t\r") == std::string_view::npos) {
        continue;
      }
      const auto value = json::parse(one, nullptr, false);
      if (value.is_object() && text_of(value, "schema") == schema &&
          !text_of(value, "domain").empty()) {
        take(ours(value));
      } else {
        cannot_read(line);
      }
    }
  }
  void read_members(const json& whole)
  {
    for (const auto& [domain, value] : whole.items()) {
      if (value.is_object() && value.contains("mx") && !domain.empty()) {
        take(mxmaps(domain, value));
      } else {
        cannot_read(1);
      }
    }
  }
  [[nodiscard]] const model::ReadCount& count() const { return count_; }
  model::ReadCount finish(std::size_t bytes)
  {
    count_.bytes = bytes;
    return count_;
  }

private:
  const std::string& path_;
  const std::function<void(DomainRecords)>& take_;
  model::ReadCount count_;
};

}  // namespace

std::string records_line(const DomainRecords& records)
{
  Written line{{"schema", schema}, {"domain", records.domain}};
  if (records.seen) {
    line["seen"] =
        std::chrono::duration_cast<std::chrono::seconds>(records.seen->time_since_epoch()).count();
  }
  if (!records.exists) {
    line["no_such_domain"] = true;
  }
  for (const auto& [dnssec, word] : dnssec_words) {
    if (dnssec == records.dnssec) {
      line["dnssec"] = word;
    }
  }
  auto& mx = line["mx"] = Written::array();
  for (const auto& mail_host : records.mail_hosts) {
    auto one = host_json(mail_host.host);
    one["preference"] = mail_host.preference;
    mx.push_back(one);
  }
  line["refuses_mail"] = records.refuses_mail;
  line["spf"] = records.spf;
  line["spf_reach"] = spf_json(records.spf_reach);
  auto& dkim = line["dkim"] = Written::array();
  for (const auto& key : records.dkim) {
    dkim.push_back({{"selector", key.selector}, {"aliases", key.aliases}, {"key", key.has_key}});
  }
  const auto pointers = [&line](const char* name, const std::vector<mail::Pointer>& all) {
    auto& list = line[name] = Written::array();
    for (const auto& pointer : all) {
      list.push_back(pointer_json(pointer));
    }
  };
  const auto hosts = [&line](const char* name, const std::vector<mail::Host>& all) {
    auto& list = line[name] = Written::array();
    for (const auto& host : all) {
      list.push_back(host_json(host));
    }
  };
  pointers("autodiscover", records.mail_programs);
  pointers("srv", records.services);
  hosts("ns", records.name_servers);
  line["verifications"] = records.verifications;
  line["dmarc"] = records.dmarc;
  line["mta_sts"] = records.mta_sts;
  line["tls_report"] = records.tls_report;
  line["caa"] = records.authorities;
  hosts("sites", records.sites);
  if (records.page) {
    line["page"] = page_json(*records.page);
  }
  line["unanswered"] = records.unanswered;
  return line.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<model::ReadCount> read_records_text(const std::string& path,
                                           std::string_view text,
                                           const std::function<void(DomainRecords)>& take)
{
  Reading reading(path, take);
  const auto first_line = text.substr(0, text.find('\n'));
  const auto first = json::parse(first_line, nullptr, false);
  if (first.is_object() && first.contains("schema")) {
    reading.read_lines(text);
  } else {
    const auto whole = json::parse(text, nullptr, false);
    if (!whole.is_object()) {
      return fail(Fault::Usage,
                  say("{}: holds no records of domains: neither lines of {}, nor an object with a "
                      "member for each domain",
                      path,
                      schema));
    }
    reading.read_members(whole);
  }
  return reading.finish(text.size());
}

Result<model::ReadCount> read_records(const std::string& path,
                                      const std::function<void(DomainRecords)>& take)
{
  auto bytes = read_file(path, most_unpacked);
  if (!bytes) {
    return fail(bytes.error());
  }
  const auto text = unpacked(path, std::move(*bytes));
  if (!text) {
    return fail(text.error());
  }
  return read_records_text(path, *text, take);
}

}  // namespace zonder::collect
