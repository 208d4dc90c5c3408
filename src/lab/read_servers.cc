// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>

#include <yaml-cpp/yaml.h>

#include "base/translate.hh"
#include "lab/lab_readers.hh"
#include "net/domain_name.hh"

namespace zonder::lab {
namespace {

std::uint16_t port_of(const YAML::Node& node, const std::string& what)
{
  return static_cast<std::uint16_t>(number_of(node, what, 1, 65535));
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
      wrong(key, say("{} is not a path: \"/\", then letters, digits and /-_.", key.Scalar()));
    }
    paths.emplace(key.Scalar(), text_of(value, what));
    if (what == "redirects" && !is_url(value.Scalar())) {
      wrong(value, say("{} is not a URL with http:// or https://", value.Scalar()));
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
      wrong(node, say("{} is a page and a redirect", path));
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
      wrong(redirect->second, say("{} is not a URL with http:// or https://", client.redirect));
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
    wrong(issuer, say("the issuer must be https:// and a name of this host"));
  }
  const auto& clients = needed(parts, "clients", node, "identity");
  if (!clients.IsSequence()) {
    wrong(clients, say("{} must be a list with something in it", "clients"));
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
    wrong(node, say("{} is longer than {} bytes", "text", 1200));
  }
}

}  // namespace

void read_servers(const YAML::Node& node, Host& host)
{
  const std::vector<std::string> kinds = {
      "web", "mail", "identity", "echo", "peer", "slow", "reply"};
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

}  // namespace zonder::lab
