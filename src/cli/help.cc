// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "cli/help.hh"

#include <algorithm>
#include <iterator>

#include "base/suggestion.hh"
#include "base/translate.hh"

namespace zonder::cli {
namespace {

struct Page {
  const char* verb;
  const char* text;             // English; the key of its translation
  const char* topic = nullptr;  // by which it is found alone, beside its verb
};

// xgettext finds these by the name N_; they are translated when they are shown.
#define N_(text) text

constexpr Page pages[] = {
    {"run",
     N_("zonder SELECTOR -- COMMAND...            short for: zonder run SELECTOR -- COMMAND...\n"
        "zonder run SELECTOR [options] -- COMMAND...\n"
        "\n"
        "Runs the command in a network in which the parties of SELECTOR do not exist. Proves\n"
        "first that the block holds; tells afterwards what was asked for and whose it is.\n"
        "\n"
        "SELECTOR   microsoft  @us  @eu  @five-eyes  registry:US  as8075  203.0.113.0/24\n"
        "           *.sharepoint.com  service:entra-id  category:cdn; a comma adds\n"
        "  --except SELECTOR      these live all the same: they are not cut; may be given several\n"
        "                         times\n"
        "  --like SIGNATURE       blackhole (default), refuse, unreachable, nxdomain, servfail;\n"
        "                         lossy, slow, late: they answer, badly; tls-reset: TLS breaks\n"
        "                         off\n"
        "  --mode MODE            gone (default); revoked: they answer, and refuse (with\n"
        "                         --lab-ca); frozen: only what hands out log-ins,\n"
        "                         certificates, updates and rights is gone; hostile: as gone,\n"
        "                         cut off by ourselves\n"
        "  --lab-ca               programs in the room trust a certificate authority of this "
        "run's\n"
        "                         own, by which zonder answers for the revoked; nothing stays\n"
        "  --control HOST         a host that must still be reachable, or nothing is run\n"
        "  --after 10m            the parties fall away only after so long\n"
        "  --fail-on-contact      exit code 1 when the command reached for an absent party, or it\n"
        "                         is not known whether it did, and did not itself fail\n"
        "  --allow SELECTOR       these are absent too, but reaching for them does not count; may\n"
        "                         be given several times (--except: not to cut, --allow: not to\n"
        "                         count)\n"
        "  --baseline FILE        nor does what is in this file: what was there last time. The\n"
        "                         report tells what is new, and what is gone\n"
        "  --write-baseline FILE  keep what was reached for, for --baseline; fit for git\n"
        "  --report FILE          .html, .json, .txt or .xml (JUnit); may be given several times\n"
        "                         .jsonl: each attempt as a line when it is made; to follow\n"
        "  --json, --jsonl        the report as JSON, on standard output behind the command's "
        "own;\n"
        "                         as a line for each event, in the order of time\n"
        "  --as-of DAY            owners as they were on that day (2026-11-23)\n"
        "  --engine ENGINE        auto, netns, root; seccomp (no namespaces, weaker)\n"
        "  --uplink UPLINK        auto, slirp4netns, pasta, veth (root only; see the README)\n"
        "  --dns honest           names by way of their own name servers, without the absent ones\n"
        "                         (needs unbound); forward, the default, asks your resolvers\n"
        "  --show-names           no encrypted server names (ech): they stay visible\n"
        "  --proxy URL            a proxy that the command goes by (http://HOST:PORT, pac:FILE; "
        "several\n"
        "                         times): what it is asked for is judged too. Without it those of\n"
        "                         http_proxy and the like; none: they go unseen\n"
        "  --app APPLICATION      chromium, firefox, libreoffice, thunderbird, vscode: a separate\n"
        "                         one with a fresh profile; after -- come its arguments\n"
        "  --allow-host PORT      this service on this machine's loopback stays\n"
        "  --allow-socket PATH    this service's socket stays, where it is masked else (Docker's)\n"
        "  --strict               no buses, agents, sound and printing of the desktop\n"
        "  --beep                 a click for every attempt, a pitch for each party\n"
        "  --keep-fd N            the command keeps this open descriptor\n"
        "  --unproved             run even when the block could not be proved; the report says so\n"
        "\n"
        "NOT KNOWN in the report: a proxy may have reached the absent for the command;\n"
        "--fail-on-contact fails on that too.\n"
        "\n"
        "Exit code: the command's own (128+n: ended by signal n); 2 what was typed cannot be "
        "done,\n"
        "125 zonder itself failed, 126 not executable, 127 not found.\n")},
    {"run",
     N_("zonder SELECTOR --page URL [options]      short for: zonder run SELECTOR --page URL\n"
        "\n"
        "Visits web pages with Chromium, first with everybody and then without the parties of\n"
        "SELECTOR; tells which requests fell away and whose they were. With --report FILE.html\n"
        "both are shown side by side.\n"
        "\n"
        "  --page URL             http://... or https://...; may be given several times\n"
        "  --page-wait 30s        so long for each page, at most\n"
        "\n"
        "Exit code: 0 all pages still load, 1 one no longer does, 2 what was typed cannot be "
        "done,\n"
        "3 it cannot be told, 125 zonder itself failed, or Chromium is not here; 128+n: ended by\n"
        "signal n.\n"),
     "page"},
    {"room",
     N_("zonder room SELECTOR [options]\n"
        "zonder room --recover FILE     the report of a room that ended without zonder\n"
        "\n"
        "Makes a network port of this machine a network in which the parties of SELECTOR do not\n"
        "exist. People plug in, or join by an access point, with the devices that they have;\n"
        "agree on a page; do their work; and mark what still works. Only devices in the room\n"
        "are cut. When zonder ends, however it does, the room has no network. Needs root.\n"
        "\n"
        "SELECTOR, --except, --like (but tls-reset), --mode (but revoked), --control, --dns,\n"
        "--uplink and --unproved are as with run.\n"
        "\n"
        "  --on PORT              the network port, or bridge, that becomes the room; may be "
        "given\n"
        "                         several times\n"
        "  --wifi NAME            a Wi-Fi network of that name instead, or beside it (hostapd)\n"
        "  --wifi-on CARD         by this wireless card; --wifi-password FILE: else it is open\n"
        "  --for 60m              so long at most: 60 (minutes), 90m, 2h, 1h30m; the kernel "
        "keeps\n"
        "                         to it\n"
        "  --tasks FILE           what people do in the room, as examples/room/town-hall.yaml\n"
        "  --device MAC=NAME      a printer or badge reader, which cannot join by itself; may be\n"
        "                         given several times\n"
        "  --cold                 people were asked to sign out and restart first\n"
        "  --report FILE          .html, .json or .txt; may be given several times. Without it\n"
        "                         zonder-room-DAY-TIME.html, here. What is there stays: no file\n"
        "                         is overwritten\n"
        "  --export FILE          every observation, as JSON lines\n"
        "  --recover FILE         while a room goes on, what is seen is kept every minute and at\n"
        "                         each mark, in FILE.unfinished beside its report FILE. When "
        "zonder\n"
        "                         was killed or the laptop failed: makes the report of that\n"
        "  --port N               of the leader's page, on this machine only (any)\n"
        "  --yes                  ask nothing\n"
        "  --json, --jsonl        the report as JSON, or every observation, on standard output\n"
        "\n"
        "Exit code: 0 the room was held, 2 what was typed cannot be done, or it was not begun, 3\n"
        "the report was recovered: it ends where the record does, 4 not possible on this "
        "machine,\n"
        "ended before its time, or the report cannot be written.\n")},
    {"who",
     N_("zonder who NAME|ADDRESS|AS...\n"
        "\n"
        "Whose is this: operator, owners up to the top, jurisdiction, from which source, how\n"
        "sure. Without arguments, reads one a line from standard input.\n"
        "\n"
        "  --as-of DAY            owners as they were on that day (2026-11-23)\n"
        "  --json, --jsonl        one document; a result a line\n")},
    {"import",
     N_("zonder import FILE... [options]\n"
        "\n"
        "Reads what an organisation has already (logs, flows, tapped DNS) and keeps who asked\n"
        "for which name, who reached which address, and how often: never what was said. What a\n"
        "file is, is seen from what is in it. FILE may be a folder, an archive, or - for\n"
        "standard input; .gz, .xz and .zst too.\n"
        "\n"
        "Read are: Zeek (conn, dns, ssl, http, quic, x509; as text and as JSON), Suricata EVE,\n"
        "dnstap, NetFlow 5 and 9 and IPFIX, query logs of unbound, BIND, dnsmasq and PowerDNS,\n"
        "conntrack, and Squid; what Windows' DNS server, FortiGate, Palo Alto, Entra ID, Zscaler\n"
        "and the GEMMA Softwarecatalogus export, and ArchiMate models.\n"
        "\n"
        "  --as FORMAT            take every file for this, whatever is in it\n"
        "  --project FILE         where it is kept ($XDG_DATA_HOME/zonder/project.zonder)\n"
        "  --pseudonyms           devices become words that only the key in\n"
        "                         $XDG_DATA_HOME/zonder can make; for all of this project\n"
        "  --forget-before DAY    what was last seen before that day goes, for good\n"
        "  --no-progress          do not tell how far it is\n"
        "  --json, --jsonl        one document; a file a line\n"
        "\n"
        "The same content twice changes nothing. Exit code: 0 all was read, 2 nothing could be,\n"
        "3 some of it could not be, which is told with its place.\n")},
    {"scan",
     N_("zonder scan DOMAIN... | --from FILE | --recorded FILE\n"
        "\n"
        "Whom domains need, as DNS and their start pages tell: who takes in, keeps, filters, "
        "sends\n"
        "and signs their mail, name servers, sites; each with the record that shows it. What DNS\n"
        "cannot tell is said to be unknown.\n"
        "\n"
        "  --from FILE            a domain a line; - is standard input\n"
        "  --recorded FILE        records that are there already, of --resume or of mxmap (.json,\n"
        "                         .json.xz): nothing is asked\n"
        "  --resume FILE          records go into this file, and what it has is not asked again\n"
        "  --resolver ADDRESS     ask this resolver; without it from the root down\n"
        "  --root-hints FILE      another root, as a laboratory has\n"
        "  --ca-file FILE         the authorities whose certificates start pages may have\n"
        "  --rate 500/s           questions in all, at most (2000/s); to one operator's name\n"
        "                         servers a fifth of it, and no more than 200/s\n"
        "  --no-web               no start pages\n"
        "  --as-of DAY            owners as they were on that day (2026-11-23)\n"
        "  --json, --jsonl        one document; a domain a line\n"
        "\n"
        "Exit code: 0 done, 2 what was typed cannot be done, 3 something got no answer, or could\n"
        "not be read.\n")},
    {"list",
     N_("zonder list [providers|owners|jurisdictions|services|formats|facts]\n"
        "\n"
        "What the catalogue knows, and how many of its facts are sourced, unverified, unknown.\n"
        "\n"
        "  --json, --jsonl        one document; a row a line\n")},
    {"data",
     N_("zonder data status               age, contents, attribution of the data\n"
        "zonder data update [FEED...]     renew from the vendors' own publications\n"
        "zonder data verify               checksums\n"
        "zonder data import FILE...       the same publications and lists, from disk\n"
        "\n"
        "  --as PARTY             whose a plain list of prefixes is (import)\n"
        "  --offline              refuse to touch a network\n")},
    {"model",
     N_("zonder model init [municipality|hospital|school|small-firm] [-o FILE]\n"
        "                                      a model to start from, all of it assumed\n"
        "zonder model check FILE               all that is wrong with it, each at its place\n"
        "zonder model show FILE                what stands on whom, what rests on paper, what\n"
        "                                      nobody knows\n"
        "zonder model diff FILE SECOND         what one says and the other does not\n"
        "zonder model merge FILE SECOND [-o FILE]\n"
        "                                      the first as it is written, with what only the\n"
        "                                      second has\n"
        "zonder model learn FILE               what was read in (zonder import) and the model "
        "does\n"
        "                                      not have; choose with --accept SEEN (or all),\n"
        "                                      --ignore SEEN, --merge SEEN=NODE, and -o FILE\n"
        "zonder model export FILE -o FILE.dot  for others: .yaml .json (CycloneDX) .xml\n"
        "                                      (ArchiMate) .dot .mmd .graphml .csv\n"
        "\n"
        "A model says what an organisation stands on; docs/model.md tells how to write one.\n"
        "\n"
        "  -o FILE                where to; standard output without it\n"
        "  -f FORMAT              the format, whatever the file is called (export)\n"
        "  --project FILE         where zonder import kept it (learn)\n"
        "  --as-of DAY            owners as they were on that day (show, learn)\n"
        "  --json                 check, show and diff as one document\n")},
    {"lab",
     N_("zonder lab up FILE.yaml                       start a small internet in namespaces\n"
        "zonder lab status                             what runs in it\n"
        "zonder lab shell NAME HOST [-- COMMAND...]    a shell, or a command, in one of its hosts\n"
        "zonder lab down [NAME]                        end it; nothing is left\n"
        "\n"
        "  --user UID             run the command as this user (shell)\n")},
    {"doctor",
     N_("zonder doctor\n"
        "\n"
        "What works on this machine, what does not, and how to mend it.\n")},
    {"help", N_("zonder help [VERB]\n")},
    {"version", N_("zonder version\n")},
};

}  // namespace

std::string greeting()
{
  return tr(
      "zonder: find out in practice what still works without a provider or a jurisdiction.\n"
      "\n"
      "  zonder microsoft -- curl https://www.example.nl   run a program without Microsoft\n"
      "  zonder who login.microsoftonline.com              whose is that, and under which law\n"
      "  zonder doctor                                     what works on this machine\n"
      "zonder help lists all commands; the README tells the rest.\n");
}

std::optional<std::string> help(std::string_view verb)
{
  std::string text;
  for (const Page& page : pages) {
    if (verb.empty() || verb == page.verb || (page.topic != nullptr && verb == page.topic)) {
      text += (text.empty() ? "" : "\n") + std::string(tr(page.text));
    }
  }
  if (verb.empty()) {
    text += "\n";
    text += tr("Everywhere: --lang nl|en, --color auto|always|never, -q (quiet), -h (help); --json "
               "where it\n"
               "is named above, and for doctor, data status and lab status.\n");
  }
  return text.empty() ? std::nullopt : std::optional(text);
}

const std::vector<std::string>& verbs()
{
  static const std::vector<std::string> all = [] {
    std::vector<std::string> names;
    for (const Page& page : pages) {
      if (names.empty() || names.back() != page.verb) {
        names.emplace_back(page.verb);
      }
    }
    return names;
  }();
  return all;
}

bool comes_later(std::string_view typed)
{
  constexpr std::string_view later[] = {"watch",
                                        "explain",
                                        "simulate",
                                        "rank",
                                        "drill",
                                        "plan",
                                        "assess",
                                        "share",
                                        "report",
                                        "serve",
                                        "completion",
                                        "toets",
                                        "rapport",
                                        "oefening",
                                        "simuleer",
                                        "herstel"};
  return std::find(std::begin(later), std::end(later), typed) != std::end(later);
}

std::string in_english(const std::string& verb)
{
  return verb == "kamer" ? "room" : verb;
}

std::optional<std::string> nearest_verb(std::string_view typed)
{
  return suggestion_for(typed, verbs());
}

}  // namespace zonder::cli
