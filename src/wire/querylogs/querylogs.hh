// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "wire/logs/lines.hh"

// What resolvers write of the questions that they get, as files of their own or by syslog, whose
// words before a message are looked past. A year that a line does not give is not guessed: such a
// line has no time. Lines about other things are read and left out.
namespace zonder::wire::querylogs {

/// unbound: log-queries and log-replies (unbound.conf(5)).
///   [1609459200] unbound[1234:0] info: 192.0.2.5 example.nl. A IN
/// With replies there are three or more words behind: where both are logged, questions are counted.
class UnboundReader final : public logs::LineReader {
protected:
  void read_line(std::string_view line, logs::EntrySink& sink) override;

private:
  bool sees_queries_ = false;
  logs::Entry entry_;
};

/// BIND: category queries (BIND 9 Administrator Reference Manual, "Logging Categories").
///   23-Nov-2026 09:30:05.123 queries: info: client @0x7f 192.0.2.5#4321 (example.nl): query:
///   example.nl IN A +E(0)K (192.0.2.1)
class BindReader final : public logs::LineReader {
protected:
  void read_line(std::string_view line, logs::EntrySink& sink) override;

private:
  logs::Entry entry_;
};

/// dnsmasq: log-queries, also with "extra" (dnsmasq(8)); Pi-hole's is the same.
///   Nov 23 09:30:05 dnsmasq[123]: query[A] example.nl from 192.0.2.5
///   Nov 23 09:30:05 dnsmasq[123]: reply example.nl is 198.51.100.7
class DnsmasqReader final : public logs::LineReader {
protected:
  void read_line(std::string_view line, logs::EntrySink& sink) override;

private:
  void read_reply(std::string_view rest, std::string_view serial, logs::EntrySink& sink);

  std::string alias_;         // the name whose alias the next line tells
  std::string alias_serial_;  // of which question
  logs::Entry entry_;
};

/// PowerDNS: the recursor with quiet=no, as text or structured, and the authoritative server with
/// log-dns-queries (pdns_recursor.cc and nameserver.cc of PowerDNS/pdns).
///   Nov 23 09:30:05 3 [1/1] question for 'example.nl|A' from 192.0.2.5:4321
///   Remote 192.0.2.5 wants 'example.nl|A', do = 0, bufsize = 512: packetcache MISS
class PowerdnsReader final : public logs::LineReader {
protected:
  void read_line(std::string_view line, logs::EntrySink& sink) override;

private:
  logs::Entry entry_;
};

/// The kernel's table of connections: `conntrack -L`, also with "-o extended" or "-o id",
/// /proc/net/nf_conntrack, and the events of `conntrack -E`, of which a connection's beginning is
/// counted, and at its end its bytes.
class ConntrackReader final : public logs::LineReader {
protected:
  void read_line(std::string_view line, logs::EntrySink& sink) override;

private:
  bool sees_new_ = false;
  logs::Entry entry_;
};

bool is_unbound(std::string_view head);
bool is_bind(std::string_view head);
bool is_dnsmasq(std::string_view head);
bool is_powerdns(std::string_view head);
bool is_conntrack(std::string_view head);

}  // namespace zonder::wire::querylogs
