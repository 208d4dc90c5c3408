// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "modelfile/read_model.hh"

namespace zonder::modelfile {
namespace {

struct Bad {
  const char* name;
  std::string text;
  std::vector<std::string> mistakes;  // all of them, "line:column: what"
};

void PrintTo(const Bad& bad, std::ostream* out)
{
  *out << bad.name;
}

class BadModel : public testing::TestWithParam<Bad> {};

TEST_P(BadModel, IsToldWhatIsWrongAndWhere)
{
  const auto reading = read_model(GetParam().text);
  std::vector<std::string> found;
  for (const auto& mistake : reading.mistakes) {
    found.push_back(mistake.to_string("m").substr(2));
  }
  EXPECT_EQ(found, GetParam().mistakes);
  EXPECT_FALSE(parse_model(GetParam().text, "m"));
}

// What stands above most of them.
const std::string head = "schema: zonder/model/1\ndefaults: {source: s}\n"
                         "sources: {s: {kind: assumption, title: t}}\n";
const std::string mail = head + "parties: {p: {name: P}}\nnodes:\n  mail: {kind: service}\n";

INSTANTIATE_TEST_SUITE_P(
    All,
    BadModel,
    testing::Values(
        Bad{"Nothing", "", {"1:1: the file is empty: zonder model init writes one to start from"}},
        Bad{"NoYaml", "schema: [\n", {"2:1: this is not YAML: end of sequence flow not found"}},
        Bad{"NoUtf8",
            "schema: zonder/model/1\nx: \xff"
            "",
            {"2:4: this is not UTF-8: save the file as UTF-8"}},
        Bad{"TwoDocuments",
            head + "---\nschema: zonder/model/1\n",
            {"1:1: more than one document (---) in the file: write one file for each"}},
        Bad{"Alias",
            "schema: &a zonder/model/1\nx: *a\n",
            {"1:9: anchors and aliases (& and *) are not used here; write it out"}},
        Bad{"Deep",
            "schema: zonder/model/1\nnodes: [[[[[[[[[[[[[[]]]]]]]]]]]]]]\n",
            {"2:19: nested more than 12 levels deep: nothing in a model is"}},
        Bad{"AList",
            "- a\n",
            {"1:1: a model must be a mapping with the keys schema, organisation, defaults, "
             "sources, parties, graces, nodes, common_modes, scenarios, learned"}},
        Bad{"NoSchema", "nodes: {}\n", {"1:1: a model needs the key schema"}},
        Bad{"OtherSchema",
            "schema: zonder/model/2\n",
            {"1:9: the schema of a model is zonder/model/1"}},
        Bad{"UnknownSection",
            head + "node: {}\n",
            {"4:1: a model has no key node (did you mean nodes?)"}},
        Bad{"SectionTwice", head + "sources: {}\n", {"4:1: sources stands here twice: keep one"}},
        Bad{"NodesAsAList",
            head + "nodes: [a, b]\n",
            {"4:8: nodes must be a mapping: an id, and below it what it is"}},
        Bad{"IdWithASpace",
            head + "nodes: {\"a b\": {kind: service}}\n",
            {"4:9: nodes a b cannot be an id: letters, digits, \".\", \"_\" and \"-\", at most "
             "128, a letter or digit first"}},
        Bad{"IdTwice",
            head + "nodes:\n  a: {kind: service}\n  a: {kind: service}\n",
            {"6:3: a stands here twice: keep one"}},
        Bad{"NodeWithoutKind",
            head + "nodes: {a: {name: A}}\n",
            {"4:12: a node needs the key kind"}},
        Bad{"KindMistyped",
            head + "nodes: {a: {kind: servise}}\n",
            {"4:19: kind cannot be servise (did you mean service?)"}},
        Bad{"KeyMistyped",
            head + "nodes: {a: {kind: service, operater: p}}\n",
            {"4:28: a node has no key operater (did you mean operator?)"}},
        Bad{"ClassNotThere",
            head + "nodes: {a: {kind: service, class: E}}\n",
            {"4:35: class cannot be E; it is one of: A, B, C, D"}},
        Bad{"NodeIsAWord",
            head + "nodes: {a: service}\n",
            {"4:12: a node must be a mapping with the keys kind, name, operator, supplier, origin, "
             "domain, class, mtpd, restart, backlog, break_glass, observer, protected, safe_state, "
             "portability, site, version, hosting, endpoints, identifiers, evidence, confidence, "
             "source, seen, needs, fallbacks"}},
        Bad{"EmptyName",
            head + "nodes: {a: {kind: service, name: \"\"}}\n",
            {"4:34: name must be a text that is not empty"}},
        Bad{"NameInNoLanguage",
            head + "nodes: {a: {kind: service, name: {}}}\n",
            {"4:34: name needs a text: nl, en, or both"}},
        Bad{"NameInGerman",
            head + "nodes: {a: {kind: service, name: {de: Post}}}\n",
            {"4:34: name needs a text: nl, en, or both",
             "4:35: name has no key de (known here: nl, en)"}},
        Bad{"ControlCharacter",
            head + "nodes: {a: {kind: service, name: \"a\\x07b\"}}\n",
            {"4:34: name has control characters or line ends in it: leave them out"}},
        Bad{"EscapeThatYamlCppMakesOneByteOf",
            head + "nodes: {a: {kind: service, name: \"a\\Nb\"}}\n",
            {"4:34: name has control characters or line ends in it: leave them out"}},
        Bad{"LongName",
            head + "nodes: {a: {kind: service, name: " + std::string(501, 'x') + "}}\n",
            {"4:34: name is longer than 500 characters: shorten it"}},
        Bad{"YesForTrue",
            head + "nodes: {a: {kind: service, observer: yes}}\n",
            {"4:38: observer must be true or false"}},
        Bad{"DurationWithoutUnit",
            head + "nodes: {a: {kind: service, mtpd: 24}}\n",
            {"4:34: 24 is not a duration (write it like 30s, 10m, 1h30m or 3d)"}},
        Bad{"DurationNegative",
            head + "nodes: {a: {kind: service, mtpd: -1h}}\n",
            {"4:34: -1h is not a duration (write it like 30s, 10m, 1h30m or 3d)"}},
        Bad{"BacklogNotANumber",
            head + "nodes: {a: {kind: service, backlog: much}}\n",
            {"4:37: backlog must be a number from 0 to 1000"}},
        Bad{"NoSuchOperator",
            head + "parties: {p: {name: P}}\nnodes: {a: {kind: service, operator: q}}\n",
            {"5:38: there is no party q: add it under parties, or leave it out"}},
        Bad{"OperatorMistyped",
            head + "parties: {microsoft: {name: M}}\nnodes: {a: {kind: service, operator: "
                   "mircosoft}}\n",
            {"5:38: there is no party mircosoft (did you mean microsoft?)"}},
        Bad{"NoSuchTarget",
            mail + "  a: {kind: service, needs: [{of: mial}]}\n",
            {"7:35: there is no node mial (did you mean mail?)"}},
        Bad{"TargetFarOff",
            mail + "  a: {kind: service, needs: [{of: quite-another}]}\n",
            {"7:35: there is no node quite-another: add it under nodes, or leave it out"}},
        Bad{"NeedOfNothing",
            mail + "  a: {kind: service, needs: [{of: []}]}\n",
            {"7:30: a need must name at least one node (of)"}},
        Bad{"NeedWithoutOf",
            mail + "  a: {kind: service, needs: [{loss: stop}]}\n",
            {"7:30: a need needs the key of"}},
        Bad{"NeedOfItself",
            mail + "  a: {kind: service, needs: [{of: a}]}\n",
            {"7:35: a cannot need itself"}},
        Bad{"HowManyOfThem",
            mail + "  b: {kind: service}\n  a: {kind: service, needs: [{of: [mail, b]}]}\n",
            {"8:30: how many of these 2 must there be? Add at_least (or write a need for each when "
             "it needs all)"}},
        Bad{"ThreeOfTwo",
            mail + "  b: {kind: service}\n  a: {kind: service, needs: [{of: [mail, b], at_least: "
                   "3}]}\n",
            {"8:56: 3 of 2 cannot be: at_least is from 1 to the number of nodes"}},
        Bad{"NoneOfTwo",
            mail + "  b: {kind: service}\n  a: {kind: service, needs: [{of: [mail, b], at_least: "
                   "0}]}\n",
            {"8:56: 0 of 2 cannot be: at_least is from 1 to the number of nodes"}},
        Bad{"TwiceTheSame",
            mail + "  a: {kind: service, needs: [{of: [mail, mail], at_least: 1}]}\n",
            {"7:42: mail stands twice in one need: two of one thing are not two"}},
        Bad{"LossNotThere",
            mail + "  a: {kind: service, needs: [{of: mail, loss: vanish}]}\n",
            {"7:47: loss cannot be vanish; it is one of: stop, degrade, nonew, freeze, rot, held"}},
        Bad{"PhaseMistyped",
            mail + "  a: {kind: service, needs: [{of: mail, phase: strat}]}\n",
            {"7:48: phase cannot be strat (did you mean start?)"}},
        Bad{"EvidenceMistyped",
            mail + "  a: {kind: service, needs: [{of: mail, evidence: mesured}]}\n",
            {"7:51: evidence cannot be mesured (did you mean measured?)"}},
        Bad{"NeedWithoutSource",
            "schema: zonder/model/1\nnodes:\n  a: {kind: service}\n  b: {kind: service, needs: "
            "[{of: a}]}\n",
            {"4:30: a need without a source is refused: add source here, or under defaults (one of "
             "kind assumption, if need be)"}},
        Bad{"NoSuchSource",
            mail + "  a: {kind: service, needs: [{of: mail, source: z}]}\n",
            {"7:49: there is no source z: add it under sources"}},
        Bad{"SourceCalledNone",
            "schema: zonder/model/1\nsources: {none: {kind: assumption, title: t}}\n",
            {"2:17: a source cannot be called none: that means that there is none"}},
        Bad{"EndpointInWords",
            head + "nodes: {a: {kind: service, endpoints: [a.example.nl, our mail]}}\n",
            {"4:54: our mail is no name and no prefix: write it like mail.example.nl or "
             "192.0.2.0/24"}},
        Bad{"NoSuchGrace",
            mail + "  a: {kind: service, needs: [{of: mail, grace: tokn}]}\n",
            {"7:48: there is no grace tokn: add it under graces, or write none or unknown"}},
        Bad{"GraceWithoutSource",
            head + "graces: {g: {fixed: 1h}}\n",
            {"4:13: a grace without a source is a guess: add source (one of kind assumption, if "
             "need be)"}},
        Bad{"GraceOutOfOrder",
            head + "graces: {g: {p5: 2h, p50: 1h, p95: 3h, source: s}}\n",
            {"4:13: of a grace p5 <= p50 <= p95 must hold"}},
        Bad{"GraceInTwoForms",
            head + "graces: {g: {fixed: 1h, p5: 1h, p50: 1h, p95: 1h, source: s}}\n",
            {"4:13: a grace has one form: p5, p50 and p95; or fixed; or life and renewed_at; or "
             "unknown: true"}},
        Bad{"GraceWithoutAForm",
            head + "graces: {g: {source: s}}\n",
            {"4:13: a grace has one form: p5, p50 and p95; or fixed; or life and renewed_at; or "
             "unknown: true"}},
        Bad{"GraceHalf",
            head + "graces: {g: {p5: 1h, p95: 2h, source: s}}\n",
            {"4:13: a grace needs the key p50"}},
        Bad{"GraceWithoutRenewal",
            head + "graces: {g: {life: 90d, source: s}}\n",
            {"4:13: with life goes renewed_at: at which part of its life it is renewed, 0 to 1"}},
        Bad{"GraceRenewedTooLate",
            head + "graces: {g: {life: 90d, renewed_at: 1.5, source: s}}\n",
            {"4:37: renewed_at must be a number from 0 to 1"}},
        Bad{"GraceCalledNone",
            head + "graces: {none: {fixed: 1h, source: s}}\n",
            {"4:16: a grace cannot be called none: every model has that one"}},
        Bad{"GraceNotUnknown",
            head + "graces: {g: {unknown: false, source: s}}\n",
            {"4:23: a grace that is known says how long: p5, p50, p95 or fixed"}},
        Bad{"GraceVoidIfMistyped",
            head + "graces: {g: {fixed: 1h, void_if: [revokd], source: s}}\n",
            {"4:35: void_if cannot be revokd (did you mean revoked?)"}},
        Bad{"InlineGraceWithoutSource",
            mail + "  a: {kind: service, needs: [{of: mail, grace: {fixed: 1h}}]}\n",
            {"7:48: a grace without a source is a guess: add source (one of kind assumption, if "
             "need be)"}},
        Bad{"CapacityOverOne",
            head + "nodes: {a: {kind: service, fallbacks: [{name: n, start: 1h, capacity: 2, "
                   "lasts: 1d}]}}\n",
            {"4:71: capacity must be a number from 0 to 1"}},
        Bad{"FallbackWithoutEnd",
            head + "nodes: {a: {kind: service, fallbacks: [{name: n, start: 1h, capacity: 1}]}}\n",
            {"4:40: a fallback needs the key lasts"}},
        Bad{"FallbackOnItself",
            head + "nodes: {a: {kind: service, fallbacks: [{name: n, start: 1h, capacity: 1, "
                   "lasts: 1d, needs: [a]}]}}\n",
            {"4:93: a fallback of a that needs a is none"}},
        Bad{"HostingWithoutSource",
            "schema: zonder/model/1\nnodes: {a: {kind: service, hosting: [{jurisdiction: NL, "
            "evidence: declared}]}}\n",
            {"2:38: hosting needs the key source"}},
        Bad{"JurisdictionInWords",
            head + "parties: {p: {name: P, jurisdiction: Netherlands}}\n",
            {"4:38: Netherlands is not a jurisdiction: two capital letters such as NL (ISO "
             "3166-1)"}},
        Bad{"OwnersInWords",
            head + "parties: {p: {name: P, owners: nobody}}\n",
            {"4:32: owners is a list of direct parents, or none, or unknown"}},
        Bad{"OwnerNotThere",
            head + "parties: {p: {name: P, owners: [{party: q}]}}\n",
            {"4:41: there is no party q: add it under parties, or leave it out"}},
        Bad{"OwnerOfItself",
            head + "parties: {p: {name: P, owners: [{party: q}]}, q: {name: Q, owners: [{party: "
                   "p}]}}\n",
            {"4:32: p would own itself: leave one of these owners out"}},
        Bad{"OwnerBackwards",
            head + "parties: {q: {name: Q}, p: {name: P, owners: [{party: q, from: 2026, until: "
                   "2025}]}}\n",
            {"4:77: an owner until 2025 cannot have begun on 2026"}},
        Bad{"NoSuchDay",
            head +
                "parties: {q: {name: Q}, p: {name: P, owners: [{party: q, from: 2026-02-30}]}}\n",
            {"4:64: from must be a day (2026-11-23), or a month or year where no more is known"}},
        Bad{"DocumentWithoutRef",
            "schema: zonder/model/1\nsources: {s: {kind: document, title: t}}\n",
            {"2:14: a document needs ref (where it is) and opened (when it was read); what nobody "
             "looked up is of kind assumption"}},
        Bad{"CommonModeAlone",
            mail +
                "common_modes: {c: {by: members, members: [mail], probability: 0.1, source: s}}\n",
            {"7:19: a common mode has two members or more"}},
        Bad{"CommonModeTwoWays",
            mail + "common_modes: {c: {by: site, members: [mail], probability: 0.1, source: s}}\n",
            {"7:39: by site says already which nodes: leave members out"}},
        Bad{"ProbabilityOverOne",
            head + "common_modes: {c: {by: site, probability: 10, source: s}}\n",
            {"4:43: probability must be a number from 0 to 1"}},
        Bad{"ScenarioOfNothing",
            head + "scenarios: {q: {outages: []}}\n",
            {"4:16: a scenario without outages is a quiet day: add outages"}},
        Bad{"SelectorOfNoNode",
            mail + "scenarios: {q: {outages: [{selector: \"@us, node:mial\"}]}}\n",
            {"7:38: there is no node mial (did you mean mail?)"}},
        Bad{"SelectorWithAHole",
            head + "scenarios: {q: {outages: [{selector: \"@us,,microsoft\"}]}}\n",
            {"4:38: a part of the selector is empty: @us,,microsoft"}},
        Bad{"EndsBeforeItBegins",
            head + "scenarios: {q: {outages: [{selector: \"@us\", from: 2h, until: 1h}]}}\n",
            {"4:62: an outage must end after it begins"}},
        Bad{"CapturedByNobody",
            head + "scenarios: {q: {outages: [{selector: \"@us\", mode: captured}]}}\n",
            {"4:27: captured by whom? Add by: and the party that is the new owner"}},
        Bad{"GoneToSomebody",
            head + "parties: {p: {name: P}}\nscenarios: {q: {outages: [{selector: \"@us\", by: "
                   "p}]}}\n",
            {"5:49: only what is captured has a new owner: leave by out"}},
        Bad{"ModeMistyped",
            head + "scenarios: {q: {outages: [{selector: \"@us\", mode: frozn}]}}\n",
            {"4:51: mode cannot be frozn (did you mean frozen?)"}},
        Bad{"DecisionWithoutNode",
            head + "learned: [{seen: \"party:x\", decision: accept}]\n",
            {"4:11: accept as which node? Add node"}},
        Bad{"IgnoredAsNode",
            mail + "learned: [{seen: \"party:x\", decision: ignore, node: mail}]\n",
            {"7:53: what is ignored is no node: leave node out"}},
        Bad{"RenamedToNothing",
            mail + "learned: [{seen: \"party:x\", decision: rename, node: mail}]\n",
            {"7:11: renamed to what? Add name"}},
        Bad{"DecisionInWords",
            head + "learned: yes\n",
            {"4:10: learned must be a list (write [] for none)"}}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace zonder::modelfile
