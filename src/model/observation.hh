// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/run_record.hh"

namespace zonder::model {

/// What a subject or an object is; its text says which one.
enum class Kind : std::uint8_t {
  Device,        // who asked: an address, a card's address, or a name that a log gives it
  Name,          // a domain name, lower case, without a final dot
  Address,       // "192.0.2.1", "2001:db8::1"
  Endpoint,      // "192.0.2.1:443/tcp", "[2001:db8::1]:53/udp"
  Application,   // by the name or identifier that a list or a sign-in log gives it
  Organisation,  // a body whose domains or lists were looked at
  Party,         // a provider or owner, by the catalogue's id, or as somebody wrote it
  Jurisdiction   // a code, as somebody declared it
};

/// What the subject has to do with the object. The words are those of stored and exported files.
enum class Relation : std::uint8_t {
  Asked,          // "asked": a device for a name, by the question for it (DNS)
  Named,          // "named": a device a name, in what it said to a server (TLS, QUIC, HTTP)
  Reached,        // "reached": a device an endpoint
  SignedIn,       // "signed-in": an application's users by an identity provider or resource
  LeadsTo,        // "leads-to": a name to an address
  Alias,          // "alias": a name to the name that it stands for (CNAME, DNAME)
  NameServer,     // "name-server": a domain's
  MailServer,     // "mail-server": a domain's (MX)
  MailSender,     // "mail-sender": who may send a domain's mail (SPF, with what it includes)
  MailSigner,     // "mail-signer": where a domain's DKIM keys are
  MailClient,     // "mail-client": where autodiscover sends a domain's mail programs
  Verified,       // "verified": a token in TXT that somebody asked a domain's owner to put there
  ServiceRecord,  // "service": SRV and the like
  CertifiedBy,    // "certified-by": who issued a name's certificate
  LoadsFrom,      // "loads-from": a page that lets a browser load things from another name
  RedirectsTo,    // "redirects-to": a page
  LogsInAt,       // "logs-in-at": a page whose log-in leads to a name
  Has,            // "has": an organisation a domain or an application
  Needs,          // "needs": an application another thing, as a list says
  SuppliedBy,     // "supplied-by": an application, as a list says
  HostedIn        // "hosted-in": an application, the jurisdiction that a list says
};

/// By what it was seen.
enum class Via : std::uint8_t { Dns, Tls, Quic, Http, Flow, Log, List, Certificate, Page };

/// How sure a statement is. Drilled is only for what was cut on that side.
enum class Tier : std::uint8_t { Declared, Measured, Drilled };

std::string_view to_text(Kind kind);
std::string_view to_text(Relation relation);
std::string_view to_text(Via via);
std::string_view to_text(Tier tier);
std::optional<Kind> parse_kind(std::string_view text);
std::optional<Relation> parse_relation(std::string_view text);
std::optional<Via> parse_via(std::string_view text);
std::optional<Tier> parse_tier(std::string_view text);

/// One thing seen once, or so many times: what readers of foreign files give. Its texts live as
/// long as the call that it is given to.
struct Glimpse {
  Kind subject_kind = Kind::Device;
  std::string_view subject;
  Relation relation = Relation::Asked;
  Kind object_kind = Kind::Name;
  std::string_view object;
  Via via = Via::Dns;
  Tier tier = Tier::Measured;
  std::optional<Moment> first;  // nothing: the source has no times
  std::optional<Moment> last;
  std::uint64_t count = 1;  // questions, messages, connections, flows, rows
  std::uint64_t bytes = 0;  // both directions, where the source counts them
};

/// What one source says of one subject and one object: all its glimpses of them together.
struct Observation {
  Kind subject_kind = Kind::Device;
  std::string subject;
  Relation relation = Relation::Asked;
  Kind object_kind = Kind::Name;
  std::string object;
  Via via = Via::Dns;
  Tier tier = Tier::Measured;
  std::uint64_t source = 0;  // place in the store's sources
  std::optional<Moment> first;
  std::optional<Moment> last;
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
};

/// Takes what a reader finds.
class GlimpseSink {
public:
  GlimpseSink() = default;
  GlimpseSink(const GlimpseSink&) = delete;
  GlimpseSink& operator=(const GlimpseSink&) = delete;
  GlimpseSink(GlimpseSink&&) = delete;
  GlimpseSink& operator=(GlimpseSink&&) = delete;
  virtual ~GlimpseSink() = default;
  virtual void take(const Glimpse& glimpse) = 0;
};

/// What became of one file or stream. `records`: frames, lines, messages or rows that were read;
/// `unreadable`: those that were not, of which `first_problem` tells one, with its place.
struct ReadCount {
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  std::uint64_t unreadable = 0;
  std::string first_problem;         // already in the user's language
  std::vector<std::string> remarks;  // what one must know to rely on it, a sentence each, likewise
};

}  // namespace zonder::model
