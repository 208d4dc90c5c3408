// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mail/spf.hh"
#include "model/run_record.hh"
#include "net/address.hh"
#include "net/asn.hh"

// What DNS and a start page say of one domain: records as they are, without a judgement. Names are
// lower case and without their final dot; they are kept as text since DNS names may hold labels
// that no host name may.
namespace zonder::mail {

/// A host that a record names, with where it leads.
struct Host {
  std::string name;
  std::vector<std::string> aliases;  // what its CNAMEs lead to, in order
  std::vector<net::Address> addresses;
  bool operator==(const Host&) const = default;
};

struct MailHost {
  std::uint16_t preference = 0;
  Host host;
  bool operator==(const MailHost&) const = default;
};

/// A DKIM key at SELECTOR._domainkey.DOMAIN.
struct DkimKey {
  std::string selector;
  std::vector<std::string> aliases;  // empty: the key lies in the domain itself
  bool has_key = false;              // a TXT record that is a key was there
  bool operator==(const DkimKey&) const = default;
};

/// Where mail programs are sent, or another service: a name that stands for the domain's own.
struct Pointer {
  std::string owner;  // "autodiscover.example.nl", "_sip._tls.example.nl"
  std::string type;   // "cname", "srv"
  std::string target;
  std::uint16_t port = 0;  // of SRV
  bool operator==(const Pointer&) const = default;
};

/// What the start page told; see collect/scan.
struct StartPage {
  std::string url;                     // that was asked for
  std::vector<std::string> redirects;  // where it went, in order; the last one is the page
  std::vector<std::string> loads;      // hosts that the page loads things from, others than its own
  std::vector<std::string> log_ins;    // hosts of links and redirects that look like a log-in
  std::string certified_by;            // organisation that issued the certificate
  std::string server;                  // what the server calls itself
  std::string trouble;                 // why there is no page; else empty
  bool operator==(const StartPage&) const = default;
};

enum class Dnssec : std::uint8_t { Unknown, Unsigned, Signed, Bogus };

struct DomainRecords {
  std::string domain;
  std::optional<model::Moment> seen;
  bool exists = true;  // false: NXDOMAIN
  Dnssec dnssec = Dnssec::Unknown;
  std::vector<MailHost> mail_hosts;
  bool refuses_mail = false;           // MX is "." (RFC 7505)
  std::vector<net::Asn> mail_origins;  // of the mail hosts' addresses, where records only tell that
  std::string spf;
  SpfReach spf_reach;
  std::vector<DkimKey> dkim;
  std::vector<Pointer> mail_programs;  // autodiscover
  std::vector<Pointer> services;       // other SRV
  std::vector<Host> name_servers;
  std::vector<std::string> verifications;  // "microsoft": who asked for a token in TXT
  std::string dmarc;
  std::string mta_sts;
  std::string tls_report;
  std::vector<std::string> authorities;  // CAA: who may issue certificates
  std::vector<Host> sites;               // the domain itself and www
  std::optional<StartPage> page;
  std::vector<std::string> unanswered;  // "MX": what got no answer, so that nothing is known of it
  bool operator==(const DomainRecords&) const = default;
};

}  // namespace zonder::mail
