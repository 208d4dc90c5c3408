// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "mail/questions.hh"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "base/ascii.hh"
#include "mail/signs.hh"

namespace zonder::mail {
namespace {

/// DKIM has no list of a domain's selectors, so common ones are tried. Looked up on 27 November
/// 2026 in: [1] help.sendmarc.com, "Email provider commonly used DKIM selectors"; [2] suped.com, "A
/// list of the most common DKIM selectors" (2026); [3] dkim-studio.pages.dev, "DKIM selectors
/// explained".
constexpr std::array<std::string_view, 15> selectors{"selector1",  // Microsoft 365 [1 2 3]
                                                     "selector2",
                                                     "google",   // Google Workspace [1 2 3]
                                                     "default",  // many [2]
                                                     "dkim",     // many [1 2]
                                                     "mail",
                                                     "email",
                                                     "k1",  // Mailchimp [1 2 3]
                                                     "mandrill",
                                                     "s1",  // SendGrid and others [2]
                                                     "s2",
                                                     "smtpapi",
                                                     "fm1",         // Fastmail [3]
                                                     "protonmail",  // Proton [3]
                                                     "sig1"};       // iCloud [3]

/// Nobody's: what a zone answers for it, it answers for anything.
constexpr std::string_view no_selector = "zonder-no-such-selector";

/// Services by SRV, beside autodiscover: who runs telephony, chat and mail programs' servers.
constexpr std::array<std::string_view, 6> services{"_sip._tls",
                                                   "_sipfederationtls._tcp",
                                                   "_imaps._tcp",
                                                   "_submission._tcp",
                                                   "_xmpp-server._tcp",
                                                   "_caldavs._tcp"};

/// Names that Microsoft asks a domain's owner to point at it: a sign beside mail.
constexpr std::array<std::string_view, 2> aliases_of_interest{"enterpriseregistration",
                                                              "lyncdiscover"};

constexpr std::size_t most_hosts = 20;   // of one kind
constexpr std::size_t most_texts = 200;  // of a name

bool is_spf_text(const Datum& datum)
{
  return is_spf(datum.text);
}

class Assembler {
public:
  Assembler(const std::string& domain, const Answers& answers) : domain_(domain), answers_(answers)
  {
    records_.domain = domain;
  }

  Assembly assemble()
  {
    const auto* servers = ask(domain_, RecordType::Ns, "NS");
    if (servers == nullptr) {
      // Everything else waits for it: what does not exist is not asked about forty times.
      return {std::move(records_), std::move(wanted_)};
    }
    if (servers->outcome == Answer::Outcome::NoName) {
      records_.exists = false;
      return {std::move(records_), {}};
    }
    signature(*servers);
    for (const auto& server : first_of(servers->data)) {
      records_.name_servers.push_back(host(server.text));
    }
    mail_hosts();
    texts();
    keys();
    mail_programs();
    other_services();
    policies();
    sites();
    return {std::move(records_), std::move(wanted_)};
  }

private:
  /// The answer; null while there is none. `label` is what to call it when nobody answers.
  const Answer* ask(const std::string& name, RecordType type, std::string_view label)
  {
    const Question question{name, type};
    const auto found = answers_.find(question);
    if (found == answers_.end()) {
      if (asked_.insert(question).second) {
        wanted_.push_back(question);
      }
      return nullptr;
    }
    if (found->second.bogus) {
      records_.dnssec = Dnssec::Bogus;
    }
    if (found->second.outcome == Answer::Outcome::NoAnswer && !label.empty() &&
        std::find(records_.unanswered.begin(), records_.unanswered.end(), label) ==
            records_.unanswered.end()) {
      records_.unanswered.emplace_back(label);
    }
    return &found->second;
  }

  void signature(const Answer& answer)
  {
    if (records_.dnssec == Dnssec::Unknown && answer.validated &&
        answer.outcome != Answer::Outcome::NoAnswer) {
      records_.dnssec = answer.secure ? Dnssec::Signed : Dnssec::Unsigned;
    }
  }

  static std::span<const Datum> first_of(const std::vector<Datum>& data)
  {
    return std::span(data).first(std::min(data.size(), most_hosts));
  }

  Host host(const std::string& name)
  {
    Host host{.name = name, .aliases = {}, .addresses = {}};
    for (const auto type : {RecordType::A, RecordType::Aaaa}) {
      const auto* answer = ask(name, type, "");
      if (answer == nullptr) {
        continue;
      }
      if (host.aliases.empty()) {
        host.aliases = answer->aliases;
      }
      for (const auto& datum : first_of(answer->data)) {
        if (datum.address) {
          host.addresses.push_back(*datum.address);
        }
      }
    }
    return host;
  }

  void mail_hosts()
  {
    const auto* answer = ask(domain_, RecordType::Mx, "MX");
    if (answer == nullptr) {
      return;
    }
    for (const auto& datum : first_of(answer->data)) {
      if (datum.text == "." || datum.text.empty()) {
        records_.refuses_mail = answer->data.size() == 1;
      } else {
        records_.mail_hosts.push_back({datum.number, host(datum.text)});
      }
    }
    std::stable_sort(records_.mail_hosts.begin(),
                     records_.mail_hosts.end(),
                     [](const MailHost& one, const MailHost& other) {
                       return std::tie(one.preference, one.host.name) <
                              std::tie(other.preference, other.host.name);
                     });
  }

  void texts()
  {
    const auto* answer = ask(domain_, RecordType::Txt, "TXT");
    if (answer == nullptr) {
      return;
    }
    std::set<std::string> askers;
    std::vector<std::string> senders;
    for (const auto& datum : answer->data) {
      if (const auto asker = asker_of_token(datum.text); !asker.empty()) {
        askers.emplace(asker);
      }
      if (is_spf_text(datum)) {
        senders.push_back(datum.text);
      }
    }
    records_.verifications.assign(askers.begin(), askers.end());
    if (!senders.empty()) {
      // Several are a mistake (RFC 7208 4.5); the first by text, so that it is always the same.
      std::sort(senders.begin(), senders.end());
      records_.spf = senders.front();
      records_.spf_reach = walk_spf(domain_, records_.spf, lookups());
      if (senders.size() > 1) {
        auto& troubles = records_.spf_reach.troubles;
        troubles.push_back(SpfTrouble::SeveralRecords);
        std::sort(troubles.begin(), troubles.end());
        troubles.erase(std::unique(troubles.begin(), troubles.end()), troubles.end());
      }
    }
  }

  SpfLookups lookups()
  {
    const auto found = [](const Answer* answer) {
      // What is still to be asked counts as nothing wrong: the walk is done again.
      return answer == nullptr || answer->outcome == Answer::Outcome::Data ? SpfFound::Something
             : answer->outcome == Answer::Outcome::NoAnswer                ? SpfFound::NoAnswer
                                                                           : SpfFound::Nothing;
    };
    return {.texts =
                [this, found](const std::string& name, std::vector<std::string>& texts) {
                  const auto* answer = ask(name, RecordType::Txt, "SPF");
                  for (std::size_t i = 0;
                       answer != nullptr && i < std::min(answer->data.size(), most_texts);
                       ++i) {
                    texts.push_back(answer->data[i].text);
                  }
                  return found(answer);
                },
            .has =
                [this, found](const std::string& name, SpfMechanism mechanism) {
                  if (mechanism == SpfMechanism::Ptr) {
                    return SpfFound::Something;  // depends on who sends
                  }
                  return found(ask(
                      name, mechanism == SpfMechanism::Mx ? RecordType::Mx : RecordType::A, "SPF"));
                }};
  }

  void keys()
  {
    const auto at = [this](std::string_view selector) {
      return std::string(selector) + "._domainkey." + domain_;
    };
    const auto* nobodys = ask(at(no_selector), RecordType::Txt, "");
    for (const auto selector : selectors) {
      const auto* answer = ask(at(selector), RecordType::Txt, "");
      if (answer == nullptr || nobodys == nullptr) {
        continue;
      }
      // A zone that answers for any name tells nothing by it.
      const bool as_for_any = (!nobodys->aliases.empty() || !nobodys->data.empty()) &&
                              nobodys->aliases == answer->aliases && nobodys->data == answer->data;
      if (as_for_any || (answer->aliases.empty() && answer->data.empty())) {
        continue;
      }
      DkimKey key{.selector = std::string(selector), .aliases = answer->aliases, .has_key = false};
      key.has_key = std::any_of(answer->data.begin(), answer->data.end(), [](const Datum& datum) {
        return datum.text.find("p=") != std::string::npos;
      });
      if (key.has_key || !key.aliases.empty()) {
        records_.dkim.push_back(std::move(key));
      }
    }
  }

  void mail_programs()
  {
    const auto name = "autodiscover." + domain_;
    if (const auto* answer = ask(name, RecordType::A, ""); answer != nullptr) {
      if (!answer->aliases.empty()) {
        records_.mail_programs.push_back({name, "cname", answer->aliases.front(), 0});
      }
    }
    service("_autodiscover._tcp." + domain_, records_.mail_programs);
  }

  void service(const std::string& name, std::vector<Pointer>& into)
  {
    if (const auto* answer = ask(name, RecordType::Srv, ""); answer != nullptr) {
      for (const auto& datum : first_of(answer->data)) {
        if (datum.text != ".") {
          into.push_back({name, "srv", datum.text, datum.number});
        }
      }
    }
  }

  void other_services()
  {
    for (const auto label : services) {
      service(std::string(label) + "." + domain_, records_.services);
    }
    for (const auto label : aliases_of_interest) {
      const auto name = std::string(label) + "." + domain_;
      const auto* answer = ask(name, RecordType::A, "");
      if (answer != nullptr && !answer->aliases.empty()) {
        records_.services.push_back({name, "cname", answer->aliases.front(), 0});
      }
    }
  }

  std::string text_at(const std::string& name, std::string_view start)
  {
    if (const auto* answer = ask(name, RecordType::Txt, ""); answer != nullptr) {
      for (const auto& datum : answer->data) {
        if (ascii_lower(datum.text.substr(0, start.size())) == start) {
          return datum.text;
        }
      }
    }
    return {};
  }

  void policies()
  {
    records_.dmarc = text_at("_dmarc." + domain_, "v=dmarc1");
    records_.mta_sts = text_at("_mta-sts." + domain_, "v=stsv1");
    records_.tls_report = text_at("_smtp._tls." + domain_, "v=tlsrptv1");
    if (const auto* answer = ask(domain_, RecordType::Caa, "CAA"); answer != nullptr) {
      for (const auto& datum : first_of(answer->data)) {
        records_.authorities.push_back(datum.text);
      }
      std::sort(records_.authorities.begin(), records_.authorities.end());
      records_.authorities.erase(
          std::unique(records_.authorities.begin(), records_.authorities.end()),
          records_.authorities.end());
    }
  }

  void sites()
  {
    for (const auto& name : {domain_, "www." + domain_}) {
      auto site = host(name);
      if (!site.addresses.empty() || !site.aliases.empty()) {
        records_.sites.push_back(std::move(site));
      }
    }
  }

  const std::string& domain_;
  const Answers& answers_;
  DomainRecords records_;
  std::vector<Question> wanted_;
  std::set<Question> asked_;
};

}  // namespace

std::string_view to_text(RecordType type)
{
  switch (type) {
  case RecordType::A:
    return "A";
  case RecordType::Ns:
    return "NS";
  case RecordType::Mx:
    return "MX";
  case RecordType::Txt:
    return "TXT";
  case RecordType::Aaaa:
    return "AAAA";
  case RecordType::Srv:
    return "SRV";
  case RecordType::Caa:
    return "CAA";
  }
  return {};
}

std::span<const std::string_view> dkim_selectors()
{
  return selectors;
}

Assembly assemble(const std::string& domain, const Answers& answers)
{
  return Assembler(domain, answers).assemble();
}

}  // namespace zonder::mail
