// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "lab/lab_file.hh"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <openssl/sha.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include "base/file.hh"
#include "base/translate.hh"
#include "net/domain_name.hh"

namespace zonder::lab {
namespace {

constexpr std::size_t largest_file = std::size_t{1} << 20U;
constexpr int deepest = 12;
constexpr int most_nodes = 20'000;
constexpr std::size_t most_hosts = 200;
constexpr std::size_t most_networks = 60;
constexpr std::size_t most_text = 16'384;  // of one page

/// What is wrong and where; becomes an Error at the door (parse_lab).
struct Wrong {
  YAML::Mark where;
  std::string what;
};

[[noreturn]] void wrong(const YAML::Mark& where, std::string what)
{
  throw Wrong{.where = where, .what = std::move(what)};
}

/// Walks through the file before it becomes a tree, so that a small text cannot become a huge one.
class Guard : public YAML::EventHandler {
public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { count(mark, anchor); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse_alias(mark); }
  void OnScalar(const YAML::Mark& mark,
                const std::string&,
                YAML::anchor_t anchor,
                const std::string&) override
  {
    count(mark, anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark,
                       const std::string&,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override
  {
    enter(mark, anchor);
  }
  void OnSequenceEnd() override { --depth_; }
  void OnMapStart(const YAML::Mark& mark,
                  const std::string&,
                  YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override
  {
    enter(mark, anchor);
  }
  void OnMapEnd() override { --depth_; }

private:
  [[noreturn]] static void refuse_alias(const YAML::Mark& mark)
  {
    wrong(mark, say("anchors and aliases (& and *) are not used here; write it out"));
  }
  void count(const YAML::Mark& mark, YAML::anchor_t anchor)
  {
    if (anchor != 0) {
      refuse_alias(mark);
    }
    if (++nodes_ > most_nodes) {
      wrong(mark, say("more than {} values: this is not a lab", most_nodes));
    }
  }
  void enter(const YAML::Mark& mark, YAML::anchor_t anchor)
  {
    count(mark, anchor);
    if (++depth_ > deepest) {
      wrong(mark, say("nested more than {} deep: this is not a lab", deepest));
    }
  }
  int depth_ = 0;
  int nodes_ = 0;
};

using Keys = std::vector<std::string>;

std::string joined(const Keys& keys)
{
  std::string text;
  for (const auto& key : keys) {
    text += (text.empty() ? "" : ", ") + key;
  }
  return text;
}

std::string text_of(const YAML::Node& node, const std::string& what)
{
  if (!node.IsScalar() || node.Scalar().empty()) {
    wrong(node.Mark(), say("{} must be a text", what));
  }
  if (node.Scalar().size() > most_text) {
    wrong(node.Mark(), say("{} is longer than {} bytes", what, most_text));
  }
  return node.Scalar();
}

/// One value, or several in a list.
std::vector<YAML::Node> nodes_of(const YAML::Node& node, const std::string& what)
{
  if (node.IsScalar()) {
    return {node};
  }
  if (!node.IsSequence() || node.size() == 0) {
    wrong(node.Mark(), say("{} must be a list with something in it", what));
  }
  return {node.begin(), node.end()};
}

/// The parts of a mapping, each key once.
std::vector<std::pair<YAML::Node, YAML::Node>> parts_of(const YAML::Node& node,
                                                        const std::string& what)
{
  if (!node.IsMap()) {
    wrong(node.Mark(), say("{} must be a mapping (key: value)", what));
  }
  std::vector<std::pair<YAML::Node, YAML::Node>> parts;
  std::set<std::string> seen;
  for (const auto& part : node) {
    const auto key = text_of(part.first, say("a key"));
    if (!seen.insert(key).second) {
      wrong(part.first.Mark(), say("{} stands here twice", key));
    }
    parts.emplace_back(part.first, part.second);
  }
  return parts;
}

/// The same, where only some keys mean something.
std::map<std::string, YAML::Node>
known_parts_of(const YAML::Node& node, const std::string& what, const Keys& known)
{
  std::map<std::string, YAML::Node> parts;
  for (const auto& [key, value] : parts_of(node, what)) {
    if (std::ranges::find(known, key.Scalar()) == known.end()) {
      wrong(key.Mark(), say("{} has no key {}; there are: {}", what, key.Scalar(), joined(known)));
    }
    parts.emplace(key.Scalar(), value);
  }
  return parts;
}

const YAML::Node& needed(const std::map<std::string, YAML::Node>& parts,
                         const std::string& key,
                         const YAML::Node& whole,
                         const std::string& what)
{
  const auto found = parts.find(key);
  if (found == parts.end()) {
    wrong(whole.Mark(), say("{} needs the key {}", what, key));
  }
  return found->second;
}

unsigned number_of(const YAML::Node& node, const std::string& what, unsigned from, unsigned to)
{
  const auto text = text_of(node, what);
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < from || number > to) {
    wrong(node.Mark(), say("{} must be a number from {} to {}, not {}", what, from, to, text));
  }
  return number;
}

std::uint16_t port_of(const YAML::Node& node, const std::string& what)
{
  return static_cast<std::uint16_t>(number_of(node, what, 1, 65535));
}

std::string name_of(const YAML::Node& node, const std::string& what)
{
  auto name = text_of(node, what);
  if (!is_lab_name(name)) {
    wrong(node.Mark(),
          say("{} {} must be a small letter and then small letters, digits and \"-\", at most 31",
              what,
              name));
  }
  return name;
}

std::string domain_of(const YAML::Node& node)
{
  const auto name = net::DomainName::parse(text_of(node, say("a name")));
  if (!name) {
    wrong(node.Mark(), name.error().message);
  }
  return name->text();
}

/// A text that goes into a server's settings: no control characters.
std::string plain_text_of(const YAML::Node& node, const std::string& what)
{
  auto text = text_of(node, what);
  if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; })) {
    wrong(node.Mark(), say("{} may not have control characters or line ends in it", what));
  }
  return text;
}

bool is_path(std::string_view text)
{
  return text.starts_with('/') && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '/' || c == '-' || c == '_' || c == '.';
         });
}

bool is_url(std::string_view text)
{
  return (text.starts_with("https://") || text.starts_with("http://")) &&
         std::ranges::all_of(text, [](char c) {
           return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '$' && c != '{' &&
                  c != '}' && c != ';' && c != '\'';
         });
}

std::map<std::string, std::string> paths_of(const YAML::Node& node, const std::string& what)
{
  std::map<std::string, std::string> paths;
  for (const auto& [key, value] : parts_of(node, what)) {
    if (!is_path(key.Scalar())) {
      wrong(key.Mark(),
            say("{} is not a path: \"/\", then letters, digits and /-_.", key.Scalar()));
    }
    paths.emplace(key.Scalar(), text_of(value, what));
    if (what == "redirects" && !is_url(value.Scalar())) {
      wrong(value.Mark(), say("{} is not a URL with http:// or https://", value.Scalar()));
    }
  }
  return paths;
}

WebServer web_of(const YAML::Node& node)
{
  WebServer web;
  for (const auto& [key, value] : known_parts_of(node, "web", {"pages", "redirects"})) {
    (key == "pages" ? web.pages : web.redirects) = paths_of(value, key);
  }
  for (const auto& [path, url] : web.redirects) {
    if (web.pages.contains(path)) {
      wrong(node.Mark(), say("{} is a page and a redirect", path));
    }
  }
  return web;
}

MailServer mail_of(const YAML::Node& node)
{
  const auto parts = known_parts_of(node, "mail", {"domains"});
  MailServer mail;
  for (const auto& item : nodes_of(needed(parts, "domains", node, "mail"), "domains")) {
    mail.domains.push_back(domain_of(item));
  }
  return mail;
}

IdentityProvider::Client client_of(const YAML::Node& node)
{
  const auto parts = known_parts_of(node, "clients", {"id", "secret", "redirect"});
  IdentityProvider::Client client = {
      .id = plain_text_of(needed(parts, "id", node, "clients"), "id"),
      .secret = plain_text_of(needed(parts, "secret", node, "clients"), "secret"),
      .redirect = {}};
  if (const auto redirect = parts.find("redirect"); redirect != parts.end()) {
    client.redirect = text_of(redirect->second, "redirect");
    if (!is_url(client.redirect)) {
      wrong(redirect->second.Mark(),
            say("{} is not a URL with http:// or https://", client.redirect));
    }
  }
  return client;
}

IdentityProvider identity_of(const YAML::Node& node)
{
  const auto parts = known_parts_of(node, "identity", {"issuer", "clients", "users"});
  IdentityProvider identity;
  const auto& issuer = needed(parts, "issuer", node, "identity");
  identity.issuer = text_of(issuer, "issuer");
  if (!identity.issuer.starts_with("https://") ||
      !net::DomainName::parse(identity.issuer.substr(8))) {
    wrong(issuer.Mark(), say("the issuer must be https:// and a name of this host"));
  }
  const auto& clients = needed(parts, "clients", node, "identity");
  if (!clients.IsSequence()) {
    wrong(clients.Mark(), say("{} must be a list with something in it", "clients"));
  }
  for (const auto& item : clients) {
    identity.clients.push_back(client_of(item));
  }
  if (const auto users = parts.find("users"); users != parts.end()) {
    for (const auto& item : nodes_of(users->second, "users")) {
      identity.users.push_back(plain_text_of(item, "users"));
    }
  }
  return identity;
}

void read_echo(const YAML::Node& node, SmallServers& small)
{
  for (const auto& [key, value] : known_parts_of(node, "echo", {"tcp", "udp"})) {
    (key == "tcp" ? small.echo_tcp : small.echo_udp) = port_of(value, key);
  }
}

void read_slow(const YAML::Node& node, SmallServers& small)
{
  const auto parts = known_parts_of(node, "slow", {"port", "seconds"});
  small.slow = port_of(needed(parts, "port", node, "slow"), "port");
  if (const auto seconds = parts.find("seconds"); seconds != parts.end()) {
    small.slow_seconds = number_of(seconds->second, "seconds", 1, 600);
  }
}

void read_reply(const YAML::Node& node, SmallServers& small)
{
  const auto parts = known_parts_of(node, "reply", {"udp", "text"});
  small.reply_udp = port_of(needed(parts, "udp", node, "reply"), "udp");
  small.reply_text = text_of(needed(parts, "text", node, "reply"), "text");
  if (small.reply_text.size() > 1200) {
    wrong(node.Mark(), say("{} is longer than {} bytes", "text", 1200));
  }
}

void read_servers(const YAML::Node& node, Host& host)
{
  const Keys kinds = {"web", "mail", "identity", "echo", "peer", "slow", "reply"};
  for (const auto& [kind, value] : known_parts_of(node, "servers", kinds)) {
    if (kind == "web") {
      host.web = web_of(value);
    } else if (kind == "mail") {
      host.mail = mail_of(value);
    } else if (kind == "identity") {
      host.identity = identity_of(value);
    } else if (kind == "echo") {
      read_echo(value, host.small);
    } else if (kind == "peer") {
      host.small.peer = port_of(value, "peer");
    } else if (kind == "slow") {
      read_slow(value, host.small);
    } else {
      read_reply(value, host.small);
    }
  }
}

Network network_of(const YAML::Node& key, const YAML::Node& value)
{
  Network network = {.name = name_of(key, say("the network")), .prefixes = {}};
  for (const auto& item : nodes_of(value, say("the network {}", network.name))) {
    const auto prefix = net::Prefix::parse(text_of(item, say("a prefix")));
    if (!prefix) {
      wrong(item.Mark(), prefix.error().message);
    }
    const unsigned longest = width(prefix->family()) - 2;
    if (prefix->length() < 8 || prefix->length() > longest) {
      wrong(item.Mark(),
            say("{}: the length must be from {} to {}", prefix->to_string(), 8, longest));
    }
    for (const auto& other : network.prefixes) {
      if (other.family() == prefix->family()) {
        wrong(item.Mark(), say("{} has two prefixes of one family", network.name));
      }
    }
    network.prefixes.push_back(*prefix);
  }
  return network;
}

/// The whole file, part by part. Each part can count on the ones before it.
class Reader {
public:
  explicit Reader(const YAML::Node& root) : root_(root) {}

  LabFile read()
  {
    const auto parts =
        known_parts_of(root_, say("a lab"), {"lab", "networks", "hosts", "zones", "resolver"});
    lab_.name = name_of(needed(parts, "lab", root_, say("a lab")), say("the lab"));
    read_networks(needed(parts, "networks", root_, say("a lab")));
    read_hosts(needed(parts, "hosts", root_, say("a lab")));
    if (const auto zones = parts.find("zones"); zones != parts.end()) {
      read_zones(zones->second);
    }
    if (const auto resolver = parts.find("resolver"); resolver != parts.end()) {
      read_resolver(resolver->second);
    }
    check_names();
    check_ports();
    return std::move(lab_);
  }

private:
  void read_networks(const YAML::Node& node)
  {
    for (const auto& [key, value] : parts_of(node, "networks")) {
      auto network = network_of(key, value);
      for (const auto& other : lab_.networks) {
        for (const auto& one : other.prefixes) {
          for (const auto& two : network.prefixes) {
            if (one.family() == two.family() && (one.contains(two) || two.contains(one))) {
              wrong(value.Mark(),
                    say("{} of {} overlaps {} of {}",
                        two.to_string(),
                        network.name,
                        one.to_string(),
                        other.name));
            }
          }
        }
      }
      lab_.networks.push_back(std::move(network));
    }
    if (lab_.networks.size() > most_networks) {
      wrong(node.Mark(), say("more than {} networks", most_networks));
    }
  }

  void read_hosts(const YAML::Node& node)
  {
    for (const auto& [key, value] : parts_of(node, "hosts")) {
      const auto parts =
          known_parts_of(value, say("a host"), {"network", "addresses", "names", "servers"});
      Host host;
      host.name = name_of(key, say("the host"));
      places_[host.name] = key.Mark();
      const auto& network = needed(parts, "network", value, host.name);
      host.network = text_of(network, "network");
      if (lab_.network(host.network) == nullptr) {
        wrong(network.Mark(), say("there is no network {} in this file", host.network));
      }
      read_addresses(needed(parts, "addresses", value, host.name), host);
      if (const auto names = parts.find("names"); names != parts.end()) {
        for (const auto& item : nodes_of(names->second, "names")) {
          host.names.push_back(domain_of(item));
        }
      }
      if (const auto servers = parts.find("servers"); servers != parts.end()) {
        read_servers(servers->second, host);
      }
      check_host(host, value.Mark());
      lab_.hosts.push_back(std::move(host));
    }
    if (lab_.hosts.size() > most_hosts) {
      wrong(node.Mark(), say("more than {} hosts", most_hosts));
    }
  }

  void read_addresses(const YAML::Node& node, Host& host)
  {
    const auto* network = lab_.network(host.network);
    for (const auto& item : nodes_of(node, "addresses")) {
      const auto text = text_of(item, say("an address"));
      const auto address = net::Address::try_parse(text);
      if (!address) {
        wrong(item.Mark(), say("{} is not an IP address", text));
      }
      const auto within = std::ranges::find_if(
          network->prefixes, [&](const net::Prefix& prefix) { return prefix.contains(*address); });
      if (within == network->prefixes.end()) {
        wrong(item.Mark(), say("{} is not in the network {}", text, network->name));
      }
      if (*address == gateway_of(*within) || *address == within->first() ||
          *address == within->last()) {
        wrong(item.Mark(),
              say("{} is the first, the last or the router's address of {}", text, network->name));
      }
      if (!addresses_.insert(*address).second) {
        wrong(item.Mark(), say("{} stands here twice", text));
      }
      if (std::ranges::any_of(host.addresses, [&](const net::Address& other) {
            return other.family() == address->family();
          })) {
        wrong(item.Mark(), say("{} has two addresses of one family", host.name));
      }
      host.addresses.push_back(*address);
    }
  }

  static void check_host(const Host& host, const YAML::Mark& where)
  {
    if ((host.web || host.identity) && host.names.empty()) {
      wrong(where, say("{} has a web server and no names to get a certificate for", host.name));
    }
    if (!host.identity) {
      return;
    }
    if (!host.web) {
      wrong(where,
            say("{} has an identity provider, which needs \"web: {{}}\" before it", host.name));
    }
    const auto issuer = host.identity->issuer.substr(8);
    if (std::ranges::find(host.names, issuer) == host.names.end()) {
      wrong(where, say("the issuer {} is not one of the names of {}", issuer, host.name));
    }
  }

  void read_zones(const YAML::Node& node)
  {
    for (const auto& [key, value] : parts_of(node, "zones")) {
      const auto parts = known_parts_of(value, say("a zone"), {"servers", "signed", "records"});
      Zone zone;
      zone.name = key.Scalar() == "." ? "." : domain_of(key);
      const auto& servers = needed(parts, "servers", value, say("the zone {}", zone.name));
      for (const auto& item : nodes_of(servers, "servers")) {
        zone.servers.push_back(dns_host(item));
      }
      if (const auto sign = parts.find("signed"); sign != parts.end()) {
        const auto text = text_of(sign->second, "signed");
        if (text != "true" && text != "false") {
          wrong(sign->second.Mark(), say("{} must be true or false, not {}", "signed", text));
        }
        zone.is_signed = text == "true";
      }
      if (const auto records = parts.find("records"); records != parts.end()) {
        for (const auto& item : nodes_of(records->second, "records")) {
          zone.records.push_back(record_of(item));
        }
      }
      lab_.zones.push_back(std::move(zone));
    }
    // Parents before children: fewer labels first.
    std::ranges::stable_sort(lab_.zones, {}, [](const Zone& zone) {
      return zone.name == "." ? 0 : 1 + std::ranges::count(zone.name, '.');
    });
    if (lab_.zones.empty() || lab_.zones.front().name != ".") {
      wrong(node.Mark(), say("the root zone \".\" is missing"));
    }
  }

  std::string dns_host(const YAML::Node& node)
  {
    auto name = text_of(node, "servers");
    const auto* host = lab_.host(name);
    if (host == nullptr) {
      wrong(node.Mark(), say("there is no host {} in this file", name));
    }
    if (host->names.empty()) {
      wrong(node.Mark(), say("{} serves a zone and needs a name (key names)", name));
    }
    return name;
  }

  static std::string record_of(const YAML::Node& node)
  {
    auto text = plain_text_of(node, say("a record"));
    std::istringstream words(text);
    std::string owner;
    std::string type;
    std::string data;
    words >> owner >> type >> data;
    const bool is_type = std::ranges::all_of(
        type, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
    if (data.empty() || !is_type || owner.starts_with('$') ||
        text.find_first_of("();") != std::string::npos) {
      wrong(node.Mark(),
            say("{} is not a record; it is written as \"OWNER TYPE DATA\", such as \"@ MX 10 "
                "mail.example.\"",
                text));
    }
    return text;
  }

  void read_resolver(const YAML::Node& node)
  {
    lab_.resolver = text_of(node, "resolver");
    if (lab_.host(lab_.resolver) == nullptr) {
      wrong(node.Mark(), say("there is no host {} in this file", lab_.resolver));
    }
    if (lab_.zones.empty()) {
      wrong(node.Mark(), say("a resolver needs zones, the root \".\" first of all"));
    }
    if (lab_.serves_dns(lab_.resolver)) {
      wrong(node.Mark(),
            say("{} serves a zone already; the resolver needs a host of its own", lab_.resolver));
    }
  }

  /// Every name has a zone to stand in.
  void check_names()
  {
    if (!lab_.zones.empty()) {
      return;
    }
    for (const auto& host : lab_.hosts) {
      if (!host.names.empty()) {
        wrong(places_.at(host.name),
              say("{} has names, and there are no zones for them to stand in", host.name));
      }
    }
  }

  /// No two servers of a host want one port.
  void check_ports()
  {
    for (const auto& host : lab_.hosts) {
      std::set<std::pair<std::string, std::uint16_t>> taken;
      const auto take = [&](const char* protocol, std::uint16_t port) {
        if (port != 0 && !taken.emplace(protocol, port).second) {
          wrong(places_.at(host.name),
                say("{} has two servers on {} port {}", host.name, protocol, port));
        }
      };
      if (host.web) {
        take("tcp", 80);
        take("tcp", 443);
      }
      take("tcp", host.mail ? 25 : 0);
      take("tcp", host.identity ? 3000 : 0);
      const bool dns = lab_.serves_dns(host.name) || host.name == lab_.resolver;
      take("tcp", dns ? 53 : 0);
      take("udp", dns ? 53 : 0);
      take("tcp", host.small.echo_tcp);
      take("udp", host.small.echo_udp);
      take("tcp", host.small.peer);
      take("tcp", host.small.slow);
      take("udp", host.small.reply_udp);
    }
  }

  YAML::Node root_;
  LabFile lab_;
  std::set<net::Address> addresses_;
  std::map<std::string, YAML::Mark> places_;
};

std::string checksum_of(std::string_view text)
{
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::string result;
  for (const auto byte : digest) {
    result += fmt::format("{:02x}", byte);
  }
  return result;
}

LabFile parse_checked(const std::string& text)
{
  std::istringstream first(text);
  YAML::Parser parser(first);
  Guard guard;
  if (!parser.HandleNextDocument(guard)) {
    wrong(YAML::Mark(), say("the file is empty; examples/lab/voorbeeldstad.yaml is a lab"));
  }
  return Reader(YAML::Load(text)).read();
}

}  // namespace

net::Address gateway_of(const net::Prefix& prefix)
{
  return prefix.last().previous().value_or(prefix.last());
}

bool is_lab_name(std::string_view text)
{
  const auto is_letter = [](char c) {
    return c >= 'a' && c <= 'z';
  };
  return !text.empty() && text.size() <= 31 && is_letter(text.front()) &&
         std::ranges::all_of(
             text, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; });
}

const Host* LabFile::host(std::string_view wanted) const
{
  const auto found = std::ranges::find(hosts, wanted, &Host::name);
  return found == hosts.end() ? nullptr : &*found;
}

const Network* LabFile::network(std::string_view wanted) const
{
  const auto found = std::ranges::find(networks, wanted, &Network::name);
  return found == networks.end() ? nullptr : &*found;
}

const Zone* LabFile::zone_of(std::string_view wanted) const
{
  const Zone* best = nullptr;
  for (const auto& zone : zones) {
    const bool within = zone.name == "." || wanted == zone.name ||
                        (wanted.size() > zone.name.size() && wanted.ends_with(zone.name) &&
                         wanted[wanted.size() - zone.name.size() - 1] == '.');
    if (within && (best == nullptr || best->name == "." || zone.name.size() > best->name.size())) {
      best = &zone;
    }
  }
  return best;
}

bool LabFile::serves_dns(std::string_view host) const
{
  return std::ranges::any_of(zones, [host](const Zone& zone) {
    return std::ranges::find(zone.servers, host) != zone.servers.end();
  });
}

Result<LabFile> parse_lab(std::string_view text, const std::string& file)
{
  const auto at = [&file](const YAML::Mark& mark, const std::string& what) {
    return fail(Fault::Usage,
                mark.is_null() ? say("{}: {}", file, what)
                               : say("{}:{}:{}: {}", file, mark.line + 1, mark.column + 1, what));
  };
  if (text.size() > largest_file) {
    return at(YAML::Mark::null_mark(),
              say("larger than {} bytes: this is not a lab", largest_file));
  }
  try {
    auto lab = parse_checked(std::string(text));
    lab.checksum = checksum_of(text);
    return lab;
  } catch (const Wrong& problem) {
    return at(problem.where, problem.what);
  } catch (const YAML::Exception& problem) {
    return at(problem.mark, say("this is not YAML: {}", problem.msg));
  }
}

Result<LabFile> read_lab(const std::string& path)
{
  const auto text = read_file(path, largest_file);
  if (!text) {
    return fail(text.error());
  }
  return parse_lab(*text, path);
}

}  // namespace zonder::lab
