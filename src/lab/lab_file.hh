// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hh"
#include "net/prefix.hh"

// A lab as it stands in its file: a small internet. examples/lab/voorbeeldstad.yaml shows every
// key.
namespace zonder::lab {

/// One stretch of cable with prefixes of its own; the router has the last address but one of each.
struct Network {
  std::string name;
  std::vector<net::Prefix> prefixes;  // at most one of each family
};

net::Address gateway_of(const net::Prefix& prefix);

/// nginx, on ports 80 and 443, with a certificate of the lab's authority for the host's names. The
/// keys are paths, "/" and below; a path answers with the longest that fits.
struct WebServer {
  std::map<std::string, std::string> pages;      // path -> HTML
  std::map<std::string, std::string> redirects;  // path -> URL, status 302
};

/// postfix, on port 25: takes mail for these domains, keeps it, and sends no mail on.
struct MailServer {
  std::vector<std::string> domains;
};

/// OpenID Connect, behind the host's own web server.
struct IdentityProvider {
  struct Client {
    std::string id;
    std::string secret;
    std::string redirect;  // empty: a machine, which only asks for tokens
  };
  std::string issuer;  // https://NAME, a name of this host
  std::vector<Client> clients;
  std::vector<std::string> users;
};

/// Our own small servers; port 0: not this one.
struct SmallServers {
  std::uint16_t echo_tcp = 0;
  std::uint16_t echo_udp = 0;
  std::uint16_t peer = 0;  // HTTP: answers with the address that the question came from
  std::uint16_t slow = 0;  // HTTP: 1 MiB, spread over slow_seconds
  unsigned slow_seconds = 10;
  std::uint16_t reply_udp = 0;  // answers every datagram with reply_text
  std::string reply_text;

  [[nodiscard]] bool any() const { return echo_tcp + echo_udp + peer + slow + reply_udp != 0; }
  bool operator==(const SmallServers&) const = default;
};

struct Host {
  std::string name;
  std::string network;
  std::vector<net::Address> addresses;  // in the network's prefixes, at most one of each family
  std::vector<std::string> names;       // in the DNS, on all its addresses
  std::optional<WebServer> web;
  std::optional<MailServer> mail;
  std::optional<IdentityProvider> identity;
  SmallServers small;
};

/// A DNS zone; the addresses of the hosts' names, the delegations below it and their glue are added
/// to its own records.
struct Zone {
  std::string name;                  // "." is the root; else as in net::DomainName
  std::vector<std::string> servers;  // hosts; their first name is the name server's
  bool is_signed = false;
  std::vector<std::string> records;  // "OWNER TYPE DATA", as in a zone file; "@" is the zone
};

struct LabFile {
  std::string name;
  std::vector<Network> networks;
  std::vector<Host> hosts;
  std::vector<Zone> zones;  // the root first, parents before children
  std::string checksum;     // SHA-256 of the text, to tell whether two are the same
  std::string resolver;     // host with the validating resolver that all others ask; may be empty

  [[nodiscard]] const Host* host(std::string_view wanted) const;
  [[nodiscard]] const Network* network(std::string_view wanted) const;
  /// The innermost zone that the name is in; nothing when the file has no zones.
  [[nodiscard]] const Zone* zone_of(std::string_view wanted) const;
  /// True when that host serves a zone.
  [[nodiscard]] bool serves_dns(std::string_view host) const;
};

/// Reads and checks the whole file. Errors: "FILE:LINE:COLUMN: what (what to do)".
Result<LabFile> parse_lab(std::string_view text, const std::string& file);
Result<LabFile> read_lab(const std::string& path);

/// True for the names that a lab may have: a letter, then letters, digits and "-", 31 at most.
bool is_lab_name(std::string_view text);

}  // namespace zonder::lab
