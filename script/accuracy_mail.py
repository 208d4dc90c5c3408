# SPDX-FileCopyrightText: 2026 The zonder contributors
# SPDX-License-Identifier: EUPL-1.2
"""`script/accuracy mail DIR`: what `zonder scan` says of mail, held against others' verdicts.

DIR holds CC.records.json and beside it CC.labels.json (either packed with xz), as mxmap-it/mxmap.it
writes them; and, where somebody asked the mail servers themselves, esorics2026-providers_CC.min.json
with esorics2026-accuracy_report.json. Only records go into zonder. The signs that it finds are counted
a second time here, plainly, from the same records.
"""
import collections
import datetime
import json
import lzma
import pathlib
import re
import tempfile

ENOUGH = 0.995
ENOUGH_OF_A_SIGN = 0.99

# --- the plain count: where a party's name stands in a record, by nothing but its ending

NAMES = {
    "microsoft": ("outlook.com", "mx.microsoft", "dkim.mail.microsoft", "onmicrosoft.com", "office365.com",
                  "office.com", "microsoft.com", "hotmail.com", "sharepointonline.com", "azurecomm.net",
                  "dynamics.com", "microsoftonline.com", "live.com", "windows.net", "linkedin.com"),
    "google": ("google.com", "googlemail.com", "gmail.com", "googlehosted.com", "googleusercontent.com",
               "googledomains.com"),
}
ORIGINS = {"microsoft": {8075, 8068, 8069}, "google": {15169, 396982}}
SIGNS = ("mx-name", "mx-address", "dkim", "autodiscover", "spf", "txt")
MECHANISM = re.compile(r"(?:^|\s)[-+~?]?(?:(?:include|a|mx|ptr|exists):|redirect=)([^\s/]+)", re.I)


def ends_in(name, party):
    name = name.lower().rstrip(".")
    return any(name == end or name.endswith("." + end) for end in NAMES[party])


def plain_signs(record, party):
    """Which signs of the party the record shows."""
    aliases = record.get("mx_cnames") or {}
    hosts = list(record.get("mx") or []) + [aliases[host] for host in record.get("mx") or [] if host in aliases]
    spf = " ".join((record.get("spf") or "", record.get("spf_resolved") or ""))
    shown = {
        "mx-name": any(ends_in(host, party) for host in hosts),
        "mx-address": bool(ORIGINS[party] & set(record.get("mx_asns") or [])),
        "dkim": any(ends_in(target, party) for target in (record.get("dkim") or {}).values()),
        "autodiscover": any(ends_in(target, party) for target in (record.get("autodiscover") or {}).values()),
        "spf": any(ends_in(name, party) for name in MECHANISM.findall(spf) if "%" not in name),
        "txt": party in (record.get("txt_verifications") or []),
    }
    return {sign for sign in SIGNS if shown[sign]}


# --- files

def read_json(path):
    opened = lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8")
    with opened as file:
        return json.load(file)


def find(folder, name):
    for path in (folder / name, folder / (name + ".xz")):
        if path.is_file():
            return path
    return None


def countries(folder):
    found = {}
    for path in sorted(folder.iterdir()):
        match = re.fullmatch(r"(.+)\.records\.json(\.xz)?", path.name)
        if match:
            found[match[1]] = path
    return found


def labels_of(folder, country):
    path = find(folder, f"{country}.labels.json")
    return {one["domain"]: one for one in read_json(path)} if path else {}


def tested_of(folder, country):
    """Verdicts of the classifier whose errors were measured by bounces, and its evidence."""
    path = find(folder, f"esorics2026-providers_{country}.min.json")
    return {one["domain"]: one for one in read_json(path)["municipalities"]} if path else {}


def records_from_signals(one):
    """DNS records as far as a classifier told what it saw."""
    record = {"mx": one["mx"], "spf": one["spf"], "spf_resolved": "", "mx_cnames": {}, "dkim": {},
              "autodiscover": {}, "mx_asns": set(), "txt_verifications": set()}
    for signal in one["classification_signals"]:
        kind, detail = signal["kind"], signal["detail"]
        target = detail.split("→")[-1].strip() if "→" in detail else ""
        if kind == "asn" and (asn := re.search(r"ASN (\d+)", detail)):
            record["mx_asns"].add(int(asn[1]))
        elif kind == "dkim" and target:
            record["dkim"][re.search(r"DKIM (\S+?)\._domainkey", detail)[1]] = target
        elif kind == "autodiscover" and target:
            record["autodiscover"]["autodiscover_srv" if "SRV" in detail else "autodiscover_cname"] = target
        elif kind == "spf" and (name := re.search(r"include:\S+", detail)):
            record["spf_resolved"] += f"v=spf1 {name[0]} "
        elif kind == "txt_verification":
            for word, asker in (("ms365", "microsoft"), ("google", "google")):
                if word in detail:
                    record["txt_verifications"].add(asker)
    return {key: sorted(value) if isinstance(value, set) else value for key, value in record.items()}


# --- verdicts

BIG = {"microsoft": "microsoft", "google": "google", "amazon": "aws", "zoho": "zoho"}
CLASSES = ("microsoft", "google", "aws", "zoho", "another party", "elsewhere", "cannot be told", "no mail")


def our_class(result):
    mail = result["mail"]
    if mail["told"] == "provider":
        return BIG.get(mail["keepers"][0]["party"], "another party")
    return {"elsewhere": "elsewhere", "no-mail": "no mail"}.get(mail["told"], "cannot be told")


def compare(label, ours):
    """same, undecided (we say that it cannot be told) or different."""
    here = {"local-isp", "independent", "infomaniak", "domestic", "foreign"}
    if label == "unknown":
        return "same" if ours in ("cannot be told", "no mail") else "different"
    if ours == label or (label in here and ours in ("another party", "elsewhere")):
        return "same"
    return "undecided" if ours in ("cannot be told", "no mail") else "different"


def evidence(result):
    kept = [keeper["party"] for keeper in result["mail"]["keepers"]]
    fronts = [front["name"] for front in result["mail"]["fronts"]]
    shown = "; ".join(sign["evidence"] for sign in result["signs"][:4]) or "no sign of anybody"
    return f"{'+'.join(kept) or result['mail']['told']}{' behind ' + ', '.join(fronts) if fronts else ''} ({shown})"


class Report:
    def __init__(self):
        self.signs = collections.defaultdict(collections.Counter)
        self.tables = []
        self.totals = collections.defaultdict(collections.Counter)
        self.tested = []
        self.lines = []
        self.kinds = collections.Counter()

    def count_signs(self, country, records, results):
        for party in NAMES:
            for domain, record in records.items():
                plain = plain_signs(record, party)
                ours = {sign["what"] for sign in results[domain]["signs"] if sign["party"] == party}
                for sign in SIGNS:
                    counter = self.signs[party, sign]
                    counter["plain"] += sign in plain
                    counter["both"] += sign in plain and sign in ours
                    counter["invented"] += sign in ours and sign not in plain
                    if (sign in plain) != (sign in ours):
                        told = [one["evidence"] for one in results[domain]["signs"]
                                if one["party"] == party and one["what"] == sign]
                        self.lines.append(f"sign\t{country}\t{domain}\t{party} {sign}\t"
                                          f"{'missed' if sign in plain else 'not in the plain count: ' + told[0]}")

    def count_labels(self, country, labels, results):
        table = collections.defaultdict(collections.Counter)
        for domain, label in sorted(labels.items()):
            if domain not in results:
                continue
            theirs, ours = label["provider"], our_class(results[domain])
            table[theirs][ours] += 1
            same = compare(theirs, ours)
            self.totals[theirs][same] += 1
            if same == "different":
                self.kinds[theirs, ours] += 1
            if same != "same":
                reason = label.get("reason") or "; ".join(
                    signal["detail"] for signal in label.get("classification_signals", [])[:4])
                self.lines.append(f"{same}\t{country}\t{domain}\tlabel {theirs}: {reason}\t"
                                  f"zonder {ours}: {evidence(results[domain])}")
        self.tables.append((country, table))

    def count_tested(self, country, tested, results):
        table = collections.defaultdict(collections.Counter)
        for domain, one in tested.items():
            if domain in results:
                table[one["provider"]][compare(one["provider"], our_class(results[domain]))] += 1
        self.tested.append((country, table))

    # --- as Markdown

    def signs_table(self):
        rows = ["| party | sign | plain count | found | recall | not in the plain count |", "|---|---|---|---|---|---|"]
        for (party, sign), counter in self.signs.items():
            if counter["plain"] or counter["invented"]:
                recall = f"{counter['both'] / counter['plain']:.4f}" if counter["plain"] else "-"
                rows.append(f"| {party} | {sign} | {counter['plain']} | {counter['both']} | {recall} | "
                            f"{counter['invented']} |")
        return "\n".join(rows) + "\n"

    def country_tables(self):
        text = ""
        for country, table in self.tables:
            columns = [name for name in CLASSES if any(table[label][name] for label in table)]
            text += f"\n| {country}: label \\ zonder | {' | '.join(columns)} |\n|---{'|---' * len(columns)}|\n"
            for label in sorted(table):
                text += f"| {label} | {' | '.join(str(table[label][name]) for name in columns)} |\n"
        return text

    def totals_table(self):
        rows = ["| label | bodies | zonder says the same | cannot be told | something else |", "|---|---|---|---|---|"]
        for label, counter in sorted(self.totals.items(), key=lambda one: -sum(one[1].values())):
            rows.append(f"| {label} | {sum(counter.values())} | {counter['same']} | {counter['undecided']} | "
                        f"{counter['different']} |")
        return "\n".join(rows) + "\n"

    def kinds_table(self):
        rows = ["| label | zonder | bodies |", "|---|---|---|"]
        rows += [f"| {label} | {ours} | {count} |" for (label, ours), count in self.kinds.most_common()]
        return "\n".join(rows) + "\n"

    def tested_table(self, measured):
        rows = ["| country | class | bodies | zonder says the same | cannot be told | something else | "
                "its precision and recall by bounces |", "|---|---|---|---|---|---|---|"]
        for country, table in self.tested:
            for name in sorted(table):
                known = measured.get("self-hosted" if name in ("domestic", "foreign") else name, {})
                told = f"{known['precision']:.2f}, {known['recall']:.2f} of {known['support']}" \
                    if known.get("support") else "not measured"
                counter = table[name]
                rows.append(f"| {country} | {name} | {sum(counter.values())} | {counter['same']} | "
                            f"{counter['undecided']} | {counter['different']} | {told} |")
        return "\n".join(rows) + "\n"


PAGE = """## Who keeps a body's mail

Written by `script/accuracy mail DIR --write` on {date}, from the recorded mail DNS of {bodies} public bodies
in {countries} countries. The records alone go into zonder; the labels beside them are another project's
verdict: a second opinion, not the truth.

### Signs

Each sign that the same records show to a plain count by the endings of names, and how many of those zonder
names. The last column counts signs of ours that the plain count, which knows fewer names, lacks; the
command prints each.

{signs}
### Against the labels

"Cannot be told" is a verdict: behind a filter or on a rented machine, with no sign of who keeps the mail.
A local provider or an independent server in the labels is "another party" (one that the catalogue knows to
keep mail) or "elsewhere" (it arrives at a server of nobody such, and DNS shows nobody else) with us.

{totals}
Where zonder says something else, by kind; the command lists each body with the evidence of both:

{kinds}
Per country:
{tables}
### Against a classifier that was tested by bounces

esorics2026 sent mail to addresses that do not exist, and saw from 337 bounces who keeps the mail. Its own
precision and recall stand in the last column. For {signals} the records are what it reported to have seen.

{tested}"""


def scan(run, zonder, data_home, path):
    lines = run(zonder, data_home, "scan", "--recorded", str(path), "--jsonl").splitlines()
    return {result["domain"]: result for result in map(json.loads, lines)}


def mail(folder, zonder, run, stop):
    """The report, the section for docs/accuracy.md, and whether it is good enough."""
    folder = pathlib.Path(folder)
    if not folder.is_dir() or not countries(folder):
        stop(2, f"{folder}: holds no CC.records.json or CC.records.json.xz")
    report, bodies, signals = Report(), 0, []
    with tempfile.TemporaryDirectory(prefix="zonder-accuracy") as data_home:
        for country, path in countries(folder).items():
            records = {domain.lower(): record for domain, record in read_json(path).items()}
            results = scan(run, zonder, data_home, path)
            if set(results) != set(records):
                stop(4, f"{path}: zonder scan told of {len(results)} of {len(records)} domains")
            bodies += len(records)
            report.count_signs(country, records, results)
            if labels := labels_of(folder, country):
                report.count_labels(country, labels, results)
            if tested := tested_of(folder, country):
                report.count_tested(country, tested, results)
        for path in sorted(folder.glob("esorics2026-providers_*.min.json*")):
            country = re.search(r"providers_(.+?)\.min", path.name)[1]
            if country in countries(folder):
                continue
            tested = tested_of(folder, country)
            records = {domain: records_from_signals(one) for domain, one in tested.items() if domain}
            made = pathlib.Path(data_home) / f"{country}.records.json"
            made.write_text(json.dumps(records), encoding="utf-8")
            results = scan(run, zonder, data_home, made)
            report.count_tested(country, tested, results)
            signals.append(country.upper())
    measured_path = find(folder, "esorics2026-accuracy_report.json")
    measured = read_json(measured_path)["per_class"] if measured_path else {}
    section = PAGE.format(date=datetime.date.today(), bodies=bodies, countries=len(countries(folder)),
                          signs=report.signs_table(), totals=report.totals_table(), kinds=report.kinds_table(),
                          tables=report.country_tables(), tested=report.tested_table(measured),
                          signals=" and ".join(signals) or "no country")
    good = all(counter["both"] >= ENOUGH_OF_A_SIGN * counter["plain"] for counter in report.signs.values())
    return report, section, good
