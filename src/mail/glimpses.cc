// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "mail/glimpses.hh"

namespace zonder::mail {
namespace {

using model::Kind;
using model::Relation;
using model::Via;

class Teller {
public:
  Teller(const DomainRecords& records, model::GlimpseSink& sink) : records_(records), sink_(sink) {}

  void tell(std::string_view subject,
            Relation relation,
            std::string_view object,
            Via via = Via::Dns,
            Kind kind = Kind::Name)
  {
    if (subject.empty() || object.empty()) {
      return;
    }
    sink_.take({.subject_kind = Kind::Name,
                .subject = subject,
                .relation = relation,
                .object_kind = kind,
                .object = object,
                .via = via,
                .tier = model::Tier::Measured,
                .first = records_.seen,
                .last = records_.seen});
  }

  /// The chain of aliases, and where it ends.
  void tell_host(const Host& host)
  {
    std::string_view name = host.name;
    for (const auto& alias : host.aliases) {
      tell(name, Relation::Alias, alias);
      name = alias;
    }
    for (const auto& address : host.addresses) {
      tell(name, Relation::LeadsTo, address.to_string(), Via::Dns, Kind::Address);
    }
  }

private:
  const DomainRecords& records_;
  model::GlimpseSink& sink_;
};

}  // namespace

void tell_glimpses(const DomainRecords& records, model::GlimpseSink& sink)
{
  Teller teller(records, sink);
  const auto& domain = records.domain;
  for (const auto& mail_host : records.mail_hosts) {
    teller.tell(domain, Relation::MailServer, mail_host.host.name);
    teller.tell_host(mail_host.host);
  }
  for (const auto& name : records.spf_reach.names) {
    if (name.name.find('%') == std::string::npos) {
      teller.tell(domain, Relation::MailSender, name.name);
    }
  }
  for (const auto& key : records.dkim) {
    if (!key.aliases.empty()) {
      teller.tell(domain, Relation::MailSigner, key.aliases.back());
    }
  }
  for (const auto& pointer : records.mail_programs) {
    teller.tell(domain, Relation::MailClient, pointer.target);
  }
  for (const auto& pointer : records.services) {
    teller.tell(domain, Relation::ServiceRecord, pointer.target);
  }
  for (const auto& server : records.name_servers) {
    teller.tell(domain, Relation::NameServer, server.name);
    teller.tell_host(server);
  }
  for (const auto& asker : records.verifications) {
    teller.tell(domain, Relation::Verified, asker, Via::Dns, Kind::Party);
  }
  for (const auto& site : records.sites) {
    teller.tell_host(site);
  }
  if (records.page) {
    for (const auto& redirect : records.page->redirects) {
      teller.tell(domain, Relation::RedirectsTo, redirect, Via::Page);
    }
    for (const auto& host : records.page->loads) {
      teller.tell(domain, Relation::LoadsFrom, host, Via::Page);
    }
    for (const auto& host : records.page->log_ins) {
      teller.tell(domain, Relation::LogsInAt, host, Via::Page);
    }
    teller.tell(
        domain, Relation::CertifiedBy, records.page->certified_by, Via::Certificate, Kind::Party);
  }
}

}  // namespace zonder::mail
