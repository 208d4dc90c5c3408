// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "catalog/facts_loader.hh"
#include "support/facts_world.hh"

namespace zonder::catalog {
namespace {

using test::as_files;
using test::replaced;
using test::some_jurisdictions;
using test::some_party;
using Texts = std::vector<std::string>;

Texts mistakes_in(const Texts& parties, const TextFile& jurisdictions = some_jurisdictions())
{
  Texts all;
  for (const Mistake& mistake : load_facts(as_files(parties), jurisdictions).mistakes) {
    all.push_back(mistake.to_string());
  }
  return all;
}

TEST(FactsLoader, ReadsWhatIsSound)
{
  const auto facts = test::sound_facts({some_party("acme"), some_party("zeta")});
  ASSERT_EQ(facts.parties.size(), 2U);
  const Party& acme = facts.parties[0];
  EXPECT_EQ(acme.id, "acme");
  EXPECT_EQ(acme.run_by->jurisdiction, "US");
  EXPECT_EQ(acme.owners.state, Owners::State::None);
  EXPECT_EQ(acme.services[0].name.nl, "Post van acme");
  ASSERT_EQ(acme.domains.size(), 2U);
  EXPECT_EQ(acme.domains[0].basis.confidence, Confidence::High);
  EXPECT_EQ(acme.sources[*acme.domains[0].basis.source].says[0], "who they are");
  EXPECT_EQ(acme.domains[1].service, "mail");
  EXPECT_EQ(acme.domains[1].basis.confidence, Confidence::Unverified);
  EXPECT_EQ(facts.index_of_name("zeta-alias"), 1U);
}

TEST(FactsLoader, AComplementHasEveryoneElse)
{
  const auto facts = test::sound_facts({some_party("acme")});
  ASSERT_EQ(facts.groups.size(), 3U);
  EXPECT_EQ(facts.groups[2].members, (Texts{"CA", "NO", "US"}));
}

TEST(FactsLoader, KeepsUnknownApartFromNone)
{
  auto text = replaced(
      some_party("acme"),
      "asns:\n  - {asn: " +
          std::to_string(test::sound_facts({some_party("acme")}).parties[0].asns[0].asn.number) +
          ", space: services, source: page, confidence: high}\n",
      "asns: unknown\n");
  text = replaced(text, "owners: {none: true, source: page, confidence: high}", "owners: unknown");
  text = replaced(text,
                  "operator: {name: acme Inc., jurisdiction: US, source: page, confidence: high}",
                  "operator: unknown");
  const auto facts = test::sound_facts({text});
  EXPECT_FALSE(facts.parties[0].asns_known);
  EXPECT_FALSE(facts.parties[0].run_by);
  EXPECT_EQ(facts.parties[0].owners.state, Owners::State::Unknown);
}

struct BadCase {
  const char* what;  // in the sound file ...
  const char* with;  // ... becomes this
  const char* message;
};

/// What a failing test is called by; without it, by the bytes of its pointers.
void PrintTo(const BadCase& bad, std::ostream* out)
{
  *out << bad.message;
}

class BadFacts : public testing::TestWithParam<BadCase> {};

TEST_P(BadFacts, AreToldWithPlaceAndRemedy)
{
  const auto& bad = GetParam();
  EXPECT_EQ(mistakes_in({replaced(some_party("acme"), bad.what, bad.with)}), Texts{bad.message});
}

#define AT "data/parties/acme.yaml:"
INSTANTIATE_TEST_SUITE_P(
    All,
    BadFacts,
    testing::Values(
        BadCase{"zonder.party/1",
                "zonder.party/2",
                AT "1:9: the schema must be zonder.party/1, not zonder.party/2"},
        BadCase{"role: provider", "rol: provider", AT "4:1: unknown key rol (did you mean role?)"},
        BadCase{"role: provider",
                "role: supplier",
                AT "4:7: the role is provider or owner, not supplier"},
        BadCase{"categories: [cloud]\n",
                "categories: [cloud]\ncategories: [mail]\n",
                AT "7:1: the key categories is given twice: keep one"},
        BadCase{"categories: [cloud]",
                "categories: cloud",
                AT "6:13: categories must be a list (write [] for none)"},
        BadCase{"id: acme\n",
                "id: Acme\n",
                "data/parties/Acme.yaml:2:5: an id is lower case, [a-z0-9-], at most 64 long, not "
                "Acme"},
        BadCase{"[acme-alias]",
                "[Acme]",
                AT "5:11: an alias is lower case, without comma or @, not Acme"},
        BadCase{"[acme-alias]",
                "[acme]",
                AT
                "5:11: acme is already used as id or alias at data/parties/acme.yaml:2:5: choose "
                "another"},
        BadCase{"US, source: page, confidence: high",
                "US, source: unverified, confidence: high",
                AT "7:79: an unverified fact has no confidence: take it out, or name the source"},
        BadCase{"jurisdiction: US, source: page, confidence: high",
                "jurisdiction: US",
                AT "7:11: a fact needs its source: name one of sources, or write source: "
                   "unverified"},
        BadCase{"US, source: page, confidence: high",
                "US, source: paper, confidence: high",
                AT
                "7:55: the source paper is not under sources: add it there, or write unverified"},
        BadCase{"US, source: page, confidence: high",
                "US, source: page",
                AT "7:11: a sourced fact needs its confidence: high, medium or low"},
        BadCase{"US, source: page, confidence: high",
                "US, source: page, confidence: sure",
                AT "7:73: the confidence is high, medium or low, not sure"},
        BadCase{"jurisdiction: US",
                "jurisdiction: NO",
                AT "7:43: write \"NO\" in quotes for Norway: without them YAML reads NO as false"},
        BadCase{"jurisdiction: US",
                "jurisdiction: USA",
                AT "7:43: a jurisdiction is two capital letters (ISO 3166-1), not USA"},
        BadCase{"jurisdiction: US",
                "jurisdiction: ZZ",
                AT "7:43: the jurisdiction ZZ is not listed in jurisdictions.yaml"},
        BadCase{"owners: {none: true, source: page, confidence: high}",
                "owners: []",
                AT "8:9: an empty list of owners says nothing: write unknown, or {none: true, "
                   "source: ...}"},
        BadCase{"owners: {none: true, source: page, confidence: high}",
                "owners: [{party: nobody, from: 2020, source: unverified}]",
                AT
                "8:18: there is no party nobody: write data/parties/nobody.yaml, or mend the id"},
        BadCase{"owners: {none: true, source: page, confidence: high}",
                "owners: [{party: acme, from: unknown, until: 2020, source: unverified}]",
                AT "8:18: acme cannot be its own owner"},
        BadCase{"space: services, source: page",
                "space: service, source: page",
                AT "10:25: the space is services, customers, shared or unknown, not service"},
        BadCase{"suffix: acme.example, space",
                "suffix: acme.example, service: post, space",
                AT "12:37: post is no service of acme: add it under services"},
        BadCase{"suffix: acme.example",
                "suffix: '*.acme.example'",
                AT "12:14: write the suffix without what is before it: acme.example instead of "
                   "*.acme.example"},
        BadCase{"suffix: acme.example",
                "suffix: co.uk",
                AT "12:14: co.uk is a public suffix of a registry: names below it are not one "
                   "party's"},
        BadCase{"suffix: acme.example",
                "suffix: github.io",
                AT "12:14: github.io is a public suffix under which customers have names: give it "
                   "space: customers (or shared)"},
        BadCase{"suffix: acme.example",
                "suffix: 'a b.example'",
                AT "12:14: a b.example is not a domain name (write it like www.example.nl)"},
        BadCase{"suffix: mail.acme.example",
                "suffix: acme.example",
                AT "20:18: the suffix acme.example is already given at "
                   "data/parties/acme.yaml:12:14: a suffix belongs to one party, once"},
        BadCase{"prefixes: []",
                "prefixes: [{prefix: 192.0.2.1/24, space: services, source: "
                "unverified}]",
                AT "21:25: prefix has host bits set: 192.0.2.1/24 (did you mean 192.0.2.0/24?)"},
        BadCase{"prefixes: []",
                "prefixes: [{prefix: 0.0.0.0/0, space: services, source: "
                "unverified}]",
                AT "21:25: 0.0.0.0/0 is too wide to be one party's"},
        BadCase{"en: Mail of acme, nl", "nl", AT "15:11: the key en is missing"},
        BadCase{"opened: 2026-11-23",
                "opened: 2026-11",
                AT "26:13: opened is a whole day, such as 2026-11-23"},
        BadCase{"opened: 2026-11-23",
                "opened: 2026-02-30",
                AT "26:13: 2026-02-30 is no date: write 2016-12-08, or 2016-12, or 2016"},
        BadCase{"says: [who they are]",
                "says: []",
                AT "27:11: says must tell in your own words what the source says"},
        BadCase{"sources:\n",
                "sources:\n  spare: {title: A, ref: b, opened: 2026-11-23, says: [c]}"
                "\n",
                AT "23:3: no fact uses the source spare: take it out, or name it at a fact"},
        BadCase{"aliases: [acme-alias]",
                "aliases: &a [acme-alias]",
                AT "5:10: anchors and aliases are not allowed here: write the value out"},
        BadCase{"aliases: [acme-alias]",
                "aliases: [[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]",
                AT "5:25: nested more than 16 levels deep"}));

TEST(FactsLoader, RefusesAFactWithoutASourceForEveryKind)
{
  for (const char* fact : {"name: acme Inc., jurisdiction: US",
                           "none: true",
                           "space: services",
                           "suffix: acme.example, space: services"}) {
    const auto text =
        replaced(some_party("acme"), std::string(fact) + ", source: page, confidence: high", fact);
    const auto mistakes = mistakes_in({text});
    ASSERT_EQ(mistakes.size(), 1U) << fact;
    EXPECT_NE(mistakes[0].find("a fact needs its source"), std::string::npos) << mistakes[0];
  }
}

TEST(FactsLoader, ListsAllMistakesOfAllFiles)
{
  const auto acme = replaced(some_party("acme"), "jurisdiction: US", "jurisdiction: NO");
  const auto acme_too = replaced(acme, "role: provider", "role: boss");
  const auto zeta = replaced(some_party("zeta"), "says: [who they are]", "says: []");
  EXPECT_EQ(mistakes_in({zeta, acme_too}).size(), 3U);
}

TEST(FactsLoader, ReadsNorwayInQuotes)
{
  const auto facts =
      test::sound_facts({replaced(some_party("acme"), "jurisdiction: US", "jurisdiction: \"NO\"")});
  EXPECT_EQ(facts.parties[0].run_by->jurisdiction, "NO");
}

TEST(FactsLoader, CatchesAnUnquotedNorwayAmongTheMembersOfAGroup)
{
  auto jurisdictions = some_jurisdictions();
  jurisdictions.text = replaced(jurisdictions.text, "members: [\"NL\"]", "members: [\"NL\", NO]");
  EXPECT_EQ(mistakes_in({some_party("acme")}, jurisdictions),
            Texts{"data/jurisdictions.yaml:8:77: write \"NO\" in quotes for Norway: without them "
                  "YAML reads NO as false"});
}

TEST(FactsLoader, AnAsOrASuffixBelongsToOneParty)
{
  const auto acme = some_party("acme");
  const auto line =
      acme.substr(acme.find("  - {asn"), acme.find("domains:") - acme.find("  - {asn"));
  auto zeta = some_party("zeta");
  zeta.replace(zeta.find("  - {asn"), zeta.find("domains:") - zeta.find("  - {asn"), line);
  zeta = replaced(zeta, "suffix: zeta.example", "suffix: acme.example");
  const auto mistakes = mistakes_in({acme, zeta});
  ASSERT_EQ(mistakes.size(), 2U);
  EXPECT_NE(mistakes[0].find("data/parties/zeta.yaml:10:11: AS"), std::string::npos);
  EXPECT_NE(mistakes[0].find("is already given at data/parties/acme.yaml:10:11: an AS belongs to "
                             "one party"),
            std::string::npos);
  EXPECT_EQ(mistakes[1],
            "data/parties/zeta.yaml:12:14: the suffix acme.example is already given at "
            "data/parties/acme.yaml:12:14: a suffix belongs to one party, once");
}

std::string owned_by(const std::string& id, const std::string& owners)
{
  return replaced(
      some_party(id), "owners: {none: true, source: page, confidence: high}", "owners: " + owners);
}

TEST(FactsLoader, OwnersMayNotGoRoundOnAnyDay)
{
  const auto a = owned_by("a", "[{party: b, from: 2020, source: unverified}]");
  const auto b = owned_by("b", "[{party: c, from: 2021-05, source: unverified}]");
  const auto c = owned_by("c", "[{party: a, from: unknown, until: 2022, source: unverified}]");
  EXPECT_EQ(
      mistakes_in({a, b, c}),
      Texts{"data/parties/a.yaml:1:1: the owners go round in a circle on 2021-05: a -> b -> c "
            "-> a"});
}

TEST(FactsLoader, OwnersMaySwapPlacesInTime)
{
  const auto a = owned_by("a", "[{party: b, from: 2020, until: 2021-06-01, source: unverified}]");
  const auto b = owned_by("b", "[{party: a, from: 2021-06-01, source: unverified}]");
  EXPECT_EQ(mistakes_in({a, b}), Texts{});
}

TEST(FactsLoader, UntilMustBeLaterThanFrom)
{
  const auto a = owned_by("a", "[{party: b, from: 2020-05-01, until: 2020, source: unverified}]");
  EXPECT_EQ(mistakes_in({a, some_party("b")}),
            Texts{"data/parties/a.yaml:8:46: until (2020) must be later than from (2020-05-01)"});
}

TEST(FactsLoader, SaysWhereTheYamlBreaks)
{
  const std::vector<TextFile> files{{"data/parties/x.yaml", "schema: [zonder\nid: x"}};
  const auto loaded = load_facts(files, some_jurisdictions());
  ASSERT_EQ(loaded.mistakes.size(), 1U);
  EXPECT_EQ(loaded.mistakes[0].to_string(),
            "data/parties/x.yaml:2:3: this is not YAML: end of sequence flow not found");
}

TEST(FactsLoader, RefusesAFileThatIsFarTooLarge)
{
  const std::vector<TextFile> files{{"data/parties/x.yaml", std::string(2'000'000, '#')}};
  const auto loaded = load_facts(files, some_jurisdictions());
  ASSERT_EQ(loaded.mistakes.size(), 1U);
  EXPECT_EQ(loaded.mistakes[0].what,
            "larger than the 1048576 bytes that are allowed: split the file");
}

}  // namespace
}  // namespace zonder::catalog
