// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
//
// Mail services by the names of their machines. Where each comes from:
//  P  parsedmarc's map of reverse DNS names (github:domainaware/parsedmarc, commit 041296b,
//     parsedmarc/resources/maps/base_reverse_dns_map.csv), type "Email Security" for filters
//  M  mxmap.it's list of gateways (github:mxmap-it/mxmap.it, commit 1724705,
//     src/mail_sovereignty/constants.py, GATEWAY_KEYWORDS)
//  D  mxmap's list of gateways (github:davidhuser/mxmap, commit 2c7dbd3,
//     src/mail_sovereignty/signatures.py, GATEWAY_KEYWORDS)
//  K  the catalogue has the name for this party; what it is to mail, the party's documentation
//  says:
//     DKIM keys lie under onmicrosoft.com (github:MicrosoftDocs/defender-docs,
//     defender-office-365/email-authentication-dkim-configure.md)
// All were looked up on 27 November 2026. A name that is in none of these is nobody's filter here:
// then the mail goes to the one whose the machine is.
#include <array>

#include "mail/attribution.hh"

namespace zonder::mail {
namespace {

constexpr std::array services{
    KnownService{"abxsec.com", "abxsec", "Abraxas", Role::Filter},                         // D
    KnownService{"antispamcloud.com", "n-able", "N-able", Role::Filter},                   // P
    KnownService{"antispameurope.com", "hornetsecurity", "Hornetsecurity", Role::Filter},  // P M
    KnownService{
        "anti-spam-premium.com", "anti-spam-premium", "Anti-Spam Premium", Role::Filter},  // M
    KnownService{"appriver.com", "appriver", "AppRiver", Role::Filter},                    // P
    KnownService{"as-scan.de", "nospamproxy", "NoSpamProxy", Role::Filter},                // M
    KnownService{"barracuda.com", "barracuda", "Barracuda", Role::Filter},                 // P M
    KnownService{"barracudanetworks.com", "barracuda", "Barracuda", Role::Filter},         // M
    KnownService{"cleanmail.ch", "cleanmail", "Cleanmail", Role::Filter},                  // D
    KnownService{"cleanmail.safecenter.ch", "cleanmail", "Cleanmail", Role::Filter},       // D
    KnownService{"cloud-sec-av.com", "avanan", "Check Point Avanan", Role::Filter},        // P
    KnownService{"cloudfilter.net", "proofpoint", "Proofpoint", Role::Filter},             // P
    KnownService{"comendosystems.com", "comendo", "Comendo", Role::Filter},                // M
    KnownService{"correolimpio.telefonica.es", "telefonica", "Telefonica", Role::Filter},  // M
    KnownService{"d-fence.eu", "d-fence", "D-Fence", Role::Filter},                        // M
    KnownService{"electric.net", "mailanyone", "MailAnyone", Role::Filter},                // M
    KnownService{"ezorg.nl", "e-zorg", "E-Zorg", Role::Filter},                            // K
    KnownService{"fireeyecloud.com", "fireeye", "FireEye", Role::Filter},                  // P
    KnownService{"fortimail.com", "fortinet", "Fortinet", Role::Filter},                   // P M
    KnownService{"fortimailcloud.com", "fortinet", "Fortinet", Role::Filter},              // M
    KnownService{"gpphosted.com", "proofpoint", "Proofpoint", Role::Filter},               // P
    KnownService{"heimdalsecurity.com", "heimdal", "Heimdal", Role::Filter},               // M
    KnownService{"hornetsecurity.ch", "hornetsecurity", "Hornetsecurity", Role::Filter},   // D
    KnownService{"hornetsecurity.com", "hornetsecurity", "Hornetsecurity", Role::Filter},  // M
    KnownService{"hydra.sophos.com", "sophos", "Sophos", Role::Filter},                    // M D
    KnownService{"inbound-smtp.amazonaws.com", "amazon", "Amazon", Role::Relay},           // K
    KnownService{"iphmx.com", "cisco", "Cisco", Role::Filter},                             // P M
    KnownService{"jellyfish.systems", "jellyfish", "Jellyfish", Role::Filter},             // M
    KnownService{"mailanyone.net", "mailanyone", "MailAnyone", Role::Filter},              // M
    KnownService{"mailchannels.net", "mailchannels", "MailChannels", Role::Filter},        // M
    KnownService{"mailcontrol.com", "forcepoint", "Forcepoint", Role::Filter},             // P M
    KnownService{"mailinblack.com", "mailinblack", "Mailinblack", Role::Filter},           // P M
    KnownService{"mailroute.net", "mailroute", "MailRoute", Role::Filter},                 // P
    KnownService{"mailspamprotection.com", "siteground", "SiteGround", Role::Filter},      // M
    KnownService{"messagelabs.com", "broadcom", "Broadcom", Role::Filter},                 // P M
    KnownService{"mimecast.co.za", "mimecast", "Mimecast", Role::Filter},                  // K
    KnownService{"mimecast.com", "mimecast", "Mimecast", Role::Filter},                    // P M
    KnownService{"mpssec.net", "mpssec", "MPSsec", Role::Filter},                          // M
    KnownService{"mtaroutes.com", "n-able", "N-able", Role::Filter},                       // P
    KnownService{"mx-hub.cz", "mx-hub", "MX-HUB", Role::Filter},                           // M
    KnownService{"mx-hub.eu", "mx-hub", "MX-HUB", Role::Filter},                           // M
    KnownService{"mx.cloudflare.net", "cloudflare", "Cloudflare", Role::Relay},            // M
    KnownService{"mxthunder.net", "mxthunder", "MXThunder", Role::Filter},                 // M
    KnownService{"nospamproxy.com", "nospamproxy", "NoSpamProxy", Role::Filter},           // M
    KnownService{"nospamproxy.de", "nospamproxy", "NoSpamProxy", Role::Filter},            // M
    KnownService{"onmicrosoft.com", "microsoft", "Microsoft", Role::Mailboxes},            // K
    KnownService{"perception-point.io", "perception-point", "Perception Point", Role::Filter},  // P
    KnownService{"ppe-hosted.com", "proofpoint", "Proofpoint", Role::Filter},               // P M
    KnownService{"pphosted.com", "proofpoint", "Proofpoint", Role::Filter},                 // P M
    KnownService{"retarus.com", "retarus", "Retarus", Role::Filter},                        // M
    KnownService{"secumail.de", "secumail", "SecuMail", Role::Filter},                      // M
    KnownService{"security-mail.net", "security-mail", "security-mail.net", Role::Filter},  // M
    KnownService{"seppmail.cloud", "seppmail", "SEPPmail", Role::Filter},                   // M D
    KnownService{"spambusters.email", "spambusters", "Spambusters", Role::Filter},          // M
    KnownService{"spamexperts.com", "n-able", "N-able", Role::Filter},                      // M
    KnownService{"spamexperts.eu", "n-able", "N-able", Role::Filter},                       // M
    KnownService{"spamexperts.net", "n-able", "N-able", Role::Filter},                      // M
    KnownService{"spamtador.com", "spamtador", "Spamtador", Role::Filter},                  // M
    KnownService{"spamtitan.com", "spamtitan", "SpamTitan", Role::Filter},                  // P
    KnownService{"spamvor.com", "spamvor", "SpamVor", Role::Filter},                        // D
    KnownService{"staysecuregroup.com", "staysecure", "StaySecure", Role::Filter},          // M
    KnownService{"topsec.com", "topsec", "Topsec", Role::Filter},                           // M
    KnownService{"trendmicro.com", "trend-micro", "Trend Micro", Role::Filter},             // P M
    KnownService{"trendmicro.eu", "trend-micro", "Trend Micro", Role::Filter},              // P M
    KnownService{"tstechnology.net", "tstechnology", "TS Technology", Role::Filter},        // M
    KnownService{"vadesecure.com", "vade-secure", "Vade Secure", Role::Filter},             // M
};

/// inbound-smtp.eu-west-1.amazonaws.com: the region stands in the middle.
constexpr std::string_view ses_start = "inbound-smtp.";
constexpr std::string_view ses_end = ".amazonaws.com";

bool lies_under(std::string_view name, std::string_view suffix)
{
  return name.ends_with(suffix) &&
         (name.size() == suffix.size() || name[name.size() - suffix.size() - 1] == '.');
}

}  // namespace

const KnownService* known_service(std::string_view name)
{
  for (const auto& service : services) {
    if (lies_under(name, service.suffix) ||
        (service.suffix == "inbound-smtp.amazonaws.com" && name.starts_with(ses_start) &&
         name.ends_with(ses_end))) {
      return &service;
    }
  }
  return nullptr;
}

}  // namespace zonder::mail
