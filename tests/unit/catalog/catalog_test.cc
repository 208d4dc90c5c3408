// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <filesystem>

#include <gtest/gtest.h>

#include "base/file.hh"
#include "catalog/catalog.hh"
#include "catalog/snapshot.hh"
#include "support/catalog_world.hh"

namespace zonder::catalog {
namespace {

using namespace test;

std::string party_at(const Catalog& catalog, const char* input, Date day = test_day)
{
  const auto answer = catalog.who(input, day);
  return answer ? answer->party : answer.error().message;
}

// A landlord with a tenant that it owns, a cloud that it owns, and a stranger as tenant.
const SmallParty landlord{.id = "landlord", .asns = {asn(100, Space::Shared)}};
const SmallParty owned_tenant{
    .id = "hub", .owners = {owner("landlord")}, .asns = {asn(200, Space::Services)}};
const SmallParty owned_cloud{
    .id = "nodes", .owners = {owner("landlord")}, .asns = {asn(300, Space::Customers)}};
const SmallParty stranger{.id = "stranger", .asns = {asn(400, Space::Services)}};

TEST(Attribution, ATenantsListDoesNotTakeItsLandlordsSpace)
{
  const auto catalog =
      small_catalog({landlord, owned_tenant, stranger},
                    {originated("192.0.2.0/24", 100), originated("198.51.100.0/24", 200)},
                    {published("hub", {"192.0.2.0/28", "198.51.100.0/24"}),
                     published("stranger", {"192.0.2.16/28"})});
  EXPECT_EQ(party_at(catalog, "192.0.2.1"), "landlord");
  EXPECT_EQ(party_at(catalog, "192.0.2.17"), "landlord");
  EXPECT_EQ(party_at(catalog, "198.51.100.1"), "hub");
}

TEST(Attribution, ACloudThatIsOwnedKeepsItsListInsideItsOwnersSpace)
{
  const auto catalog = small_catalog({landlord, owned_cloud},
                                     {originated("192.0.2.0/24", 100)},
                                     {published("nodes", {"192.0.2.0/28"})});
  EXPECT_EQ(party_at(catalog, "192.0.2.1"), "nodes");
  EXPECT_EQ(party_at(catalog, "192.0.2.17"), "landlord");
}

TEST(Attribution, WhatNobodyInTheCatalogueOriginatesIsThePublishers)
{
  const auto catalog = small_catalog(
      {stranger}, {originated("192.0.2.0/25", 999)}, {published("stranger", {"192.0.2.0/24"})});
  EXPECT_EQ(party_at(catalog, "192.0.2.1"), "stranger");    // an AS that is not catalogued
  EXPECT_EQ(party_at(catalog, "192.0.2.200"), "stranger");  // no AS at all
  EXPECT_EQ(party_at(catalog, "192.0.3.1"), "");
}

TEST(Attribution, PrefixIsAPartysOnlyWhenAllOfItIs)
{
  // Both ends of the /24 are the landlord's; what lies between is not.
  const auto catalog = small_catalog({landlord, stranger},
                                     {},
                                     {published("landlord", {"192.0.2.0/26", "192.0.2.192/26"}),
                                      published("stranger", {"192.0.2.64/26"})});
  EXPECT_EQ(catalog.who("192.0.2.0/24", test_day)->party, "");
  EXPECT_EQ(catalog.who("192.0.2.192/27", test_day)->party, "landlord");
}

TEST(Attribution, WithoutAnOriginALandlordsListGoesBeforeItsTenants)
{
  const auto catalog = small_catalog(
      {landlord, stranger},
      {},
      {published("landlord", {"192.0.2.0/24"}), published("stranger", {"192.0.2.0/28"})});
  EXPECT_EQ(party_at(catalog, "192.0.2.1"), "landlord");
}

TEST(Attribution, OverlappingAndDuplicatePrefixesGiveOneAnswerEach)
{
  const auto catalog = small_catalog(
      {landlord, owned_cloud},
      {},
      {published("landlord", {"192.0.2.0/24", "192.0.2.0/24", "192.0.2.0/25", "2001:db8::/32"}),
       published("nodes", {"192.0.2.64/26", "192.0.2.64/26", "2001:db8:1::/48"})});
  EXPECT_EQ(party_at(catalog, "192.0.2.63"), "landlord");
  EXPECT_EQ(party_at(catalog, "192.0.2.64"), "nodes");
  EXPECT_EQ(party_at(catalog, "192.0.2.127"), "nodes");
  EXPECT_EQ(party_at(catalog, "192.0.2.128"), "landlord");
  EXPECT_EQ(party_at(catalog, "2001:db8:1::1"), "nodes");
  EXPECT_EQ(party_at(catalog, "2001:db8:2::1"), "landlord");
  EXPECT_EQ(catalog.who("192.0.2.100", test_day)->prefix, "192.0.2.64/26");
}

TEST(Attribution, OurOwnPrefixGoesBeforeEveryList)
{
  auto party = landlord;
  party.services = {"mail"};
  party.prefixes = {prefix("192.0.2.0/26", "mail")};
  const auto catalog =
      small_catalog({party, owned_cloud}, {}, {published("nodes", {"192.0.2.0/28"})});
  EXPECT_EQ(party_at(catalog, "192.0.2.1"), "landlord");
  EXPECT_EQ(catalog.who("192.0.2.1", test_day)->service, "mail");
}

TEST(Attribution, TheEndsOfTheAddressSpaceHaveNoBorderBehindThem)
{
  const auto catalog = small_catalog(
      {stranger},
      {},
      {published("stranger", {"255.255.255.255/32", "240.0.0.0/4", "::/128", "ffff::/16"})});
  EXPECT_EQ(party_at(catalog, "255.255.255.255"), "stranger");
  EXPECT_EQ(party_at(catalog, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), "stranger");
  EXPECT_EQ(party_at(catalog, "::"), "stranger");
  EXPECT_EQ(party_at(catalog, "::2"), "");
}

TEST(Who, OperatorOwnerAndOriginMayAllDiffer)
{
  // As Azure in China: Microsoft's by name, run by another company, which somebody else owns.
  SmallParty maker{.id = "maker", .asns = {asn(500, Space::Customers, "", "runner")}};
  SmallParty runner{.id = "runner", .jurisdiction = "CN", .owners = {owner("parent")}};
  SmallParty parent{.id = "parent", .jurisdiction = "NO"};
  const auto catalog = small_catalog({maker, runner, parent}, {originated("192.0.2.0/24", 500)});
  const auto answer = *catalog.who("192.0.2.1", test_day);
  EXPECT_EQ(answer.party, "maker");
  EXPECT_EQ(answer.control.operator_id, "runner");
  EXPECT_EQ(answer.control.operator_jurisdiction, "CN");
  ASSERT_EQ(answer.control.owners.size(), 1U);
  EXPECT_EQ(answer.control.owners[0].id, "parent");
  EXPECT_EQ(answer.control.jurisdiction, "NO");
  EXPECT_EQ(answer.asn->number, 500U);
  EXPECT_EQ(answer.space, Space::Customers);

  EXPECT_EQ(catalog.select("runner", "", test_day, test_day)->absence.parties[0].id, "runner");
  EXPECT_EQ(
      catalog.select("@cn", "", test_day, test_day)->absence.parties[0].addresses.ranges().size(),
      1U);
}

TEST(Who, AnOwnerMayChangeOnADate)
{
  SmallParty shop{.id = "shop",
                  .jurisdiction = "NL",
                  .owners = {owner("first", "2015", "2020-06-01"), owner("second", "2020-06-01")},
                  .asns = {asn(600)}};
  const auto catalog = small_catalog(
      {shop, {.id = "first", .jurisdiction = "NL"}, {.id = "second", .jurisdiction = "US"}},
      {originated("192.0.2.0/24", 600)});
  const auto before = *catalog.who("192.0.2.1", {2020, 5, 31});
  const auto after = *catalog.who("192.0.2.1", {2020, 6, 1});
  EXPECT_EQ(before.control.owners[0].id, "first");
  EXPECT_EQ(before.control.jurisdiction, "NL");
  EXPECT_EQ(after.control.owners[0].id, "second");
  EXPECT_EQ(after.control.jurisdiction, "US");
  EXPECT_TRUE(catalog.who("192.0.2.1", {2010, 1, 1})->control.owners.empty());
  EXPECT_FALSE(catalog.select("@us", "", {2020, 5, 31}, test_day));
  EXPECT_EQ(catalog.select("@us", "", {2020, 6, 1}, test_day)->absence.parties[0].id, "shop");
}

TEST(Who, TheLongestSuffixDecidesAndAPublicSuffixIsNobodys)
{
  SmallParty cloud{.id = "cloud", .services = {"login"}};
  cloud.domains = {domain("cloud.nl"), domain("login.cloud.nl", "login")};
  const auto catalog = small_catalog({cloud});
  EXPECT_EQ(catalog.who("WWW.Cloud.NL.", test_day)->name_rule, "cloud.nl");
  EXPECT_EQ(catalog.who("a.login.cloud.nl", test_day)->service, "login");
  EXPECT_EQ(party_at(catalog, "mycloud.nl"), "");
  EXPECT_EQ(party_at(catalog, "nl"), "");
  EXPECT_EQ(party_at(catalog, "co.uk"), "");
}

TEST(Who, ReadsInternationalNames)
{
  SmallParty cafe{.id = "cafe"};
  cafe.domains = {domain("café.example")};
  const auto catalog = small_catalog({cafe});
  EXPECT_EQ(party_at(catalog, "www.CAFÉ.example"), "cafe");
  EXPECT_EQ(catalog.who("www.café.example", test_day)->name_rule, "xn--caf-dma.example");
}

TEST(Who, SaysWhatItCannotRead)
{
  const auto catalog = small_catalog({landlord});
  EXPECT_EQ(
      party_at(catalog, "not a name"),
      "not a name is no name, address or AS number: write www.example.nl, 192.0.2.1 or as8075");
  EXPECT_EQ(party_at(catalog, "192.0.2.1/24"),
            "prefix has host bits set: 192.0.2.1/24 (did you mean 192.0.2.0/24?)");
}

TEST(Who, AnAddressWithoutAPartyStillHasItsOrigin)
{
  const auto catalog = small_catalog({landlord}, {originated("192.0.2.0/24", 999)});
  const auto answer = *catalog.who("192.0.2.1", test_day);
  EXPECT_EQ(answer.party, "");
  EXPECT_EQ(answer.asn->number, 999U);
  EXPECT_EQ(answer.as_name, "Network AS999");
  EXPECT_EQ(answer.prefix, "192.0.2.0/24");
}

std::string refusal(const Catalog& catalog, const char* selector, const char* except = "")
{
  const auto selection = catalog.select(selector, except, test_day, test_day);
  return selection ? "resolved: " + selection->summary : selection.error().message;
}

TEST(Select, SaysWhatIsWrongWithOneSuggestion)
{
  SmallParty two{.id = "two", .asns = {asn(100)}, .services = {"mail"}};
  SmallParty three{.id = "three", .asns = {asn(101)}, .services = {"mail", "chat"}};
  const auto catalog = small_catalog({two, three});
  EXPECT_EQ(refusal(catalog, "thre"), "the catalogue does not know thre (did you mean three?)");
  EXPECT_EQ(refusal(catalog, "somebody"),
            "the catalogue does not know somebody: `zonder list providers` shows whom it knows");
  EXPECT_EQ(refusal(catalog, "@ue"), "the catalogue does not know @ue (did you mean @eu?)");
  EXPECT_EQ(refusal(catalog, "@atlantis"),
            "the catalogue does not know @atlantis: `zonder list jurisdictions` shows which there "
            "are");
  EXPECT_EQ(refusal(catalog, "three,"),
            "an empty word in the selector: write for instance microsoft,google");
  EXPECT_EQ(refusal(catalog, "node:web"),
            "node:web: a node of a model comes with models, which this version does not have yet");
  EXPECT_EQ(refusal(catalog, "service:mail"),
            "several parties have a service mail: write one of service:three/mail, "
            "service:two/mail");
  EXPECT_EQ(refusal(catalog, "service:caht"),
            "the catalogue does not know service:caht (did you mean service:chat?)");
  EXPECT_EQ(
      refusal(catalog, "example.nl"),
      "the catalogue does not know example.nl: write *.example.nl for that name and all below "
      "it");
  EXPECT_EQ(refusal(catalog, "https://www.example.nl:8080/x/"),
            "https://www.example.nl:8080/x/ is a URL: write its host, *.www.example.nl");
  EXPECT_EQ(refusal(catalog, "http://192.0.2.1/"),
            "http://192.0.2.1/ is a URL: write its host, 192.0.2.1");
  for (const std::string numbers : {"203.0.113", "*.203.0.113"}) {
    EXPECT_EQ(refusal(catalog, numbers.c_str()),
              numbers + " is no name, since it ends in a number, and no whole address either: "
                        "write an address or a prefix, such as 203.0.113.0/24");
  }
  EXPECT_EQ(refusal(catalog, "*."),
            "nothing stands behind *. in the selector: write for instance *.sharepoint.com");
  EXPECT_EQ(refusal(catalog, "two,registry:"),
            "nothing stands behind registry: in the selector: write for instance registry:US");
  EXPECT_EQ(refusal(catalog, "service:"),
            "nothing stands behind service: in the selector: write for instance "
            "service:entra-id");
  EXPECT_EQ(refusal(catalog, "192.0.2.1/24"),
            "prefix has host bits set: 192.0.2.1/24 (did you mean 192.0.2.0/24?)");
  EXPECT_EQ(
      refusal(catalog, "127.0.0.0/8"),
      "127.0.0.0/8 is set apart (RFC 6890: loopback): nothing for it goes by a gateway, so it "
      "cannot fall away");
  EXPECT_EQ(refusal(catalog, "10.0.0.0/8").substr(0, 9), "resolved:");
  EXPECT_EQ(refusal(catalog, "as100"), "AS100 originates no address in the AS table of 2026-11-01");
  EXPECT_EQ(
      refusal(catalog, "registry:xx"),
      "registry:xx: the catalogue knows no country XX; write its two letters of ISO 3166, such "
      "as registry:US");
  EXPECT_EQ(refusal(catalog, "category:maill"),
            "the catalogue does not know category:maill (did you mean category:mail?)");
}

TEST(Select, SaysOfOnePrefixThatItIsOne)
{
  const auto catalog = small_catalog({});
  EXPECT_NE(refusal(catalog, "192.0.2.0/24,2001:db8::/32").find(" 1 IPv4 + 1 IPv6 prefix, "),
            std::string::npos)
      << refusal(catalog, "192.0.2.0/24,2001:db8::/32");
}

TEST(Select, TakesWhatAPartyOwnsAndSaysSo)
{
  const auto catalog = small_catalog({landlord, owned_tenant, owned_cloud, stranger},
                                     {originated("192.0.2.0/24", 100),
                                      originated("198.51.100.0/24", 200),
                                      originated("203.0.113.0/24", 400)});
  const auto selection = *catalog.select("Landlord-Alias", "", test_day, test_day);
  EXPECT_EQ(selection.parties, 3U);
  EXPECT_EQ(selection.summary,
            "Landlord-Alias = 3 owners, 2 IPv4 + 0 IPv6 prefixes, 0 names; data of 2026-11-01 "
            "(facts of 2026-11-23)");
  ASSERT_EQ(selection.notes.size(), 1U);
  EXPECT_EQ(selection.notes[0], "comes along, by ownership: hub, nodes");
  ASSERT_EQ(selection.absence.parties.size(), 2U);  // nodes has nothing of its own here
  EXPECT_TRUE(selection.absence.party_of(*net::Address::parse("198.51.100.7")));
  EXPECT_FALSE(selection.absence.party_of(*net::Address::parse("203.0.113.7")));

  const auto without = *catalog.select("landlord", "hub", test_day, test_day);
  EXPECT_FALSE(without.absence.party_of(*net::Address::parse("198.51.100.7")));
  EXPECT_TRUE(without.absence.party_of(*net::Address::parse("192.0.2.7")));
}

TEST(Select, NorwayIsACountryLikeAnyOther)
{
  const auto catalog =
      small_catalog({{.id = "fjord", .jurisdiction = "NO", .asns = {asn(700)}}, landlord},
                    {originated("192.0.2.0/24", 700), originated("198.51.100.0/24", 100)});
  const auto selection = *catalog.select("@no", "", test_day, test_day);
  ASSERT_EQ(selection.absence.parties.size(), 1U);
  EXPECT_EQ(selection.absence.parties[0].id, "fjord");
}

TEST(Select, NumbersGetWhatNoPartyTook)
{
  const auto catalog = small_catalog(
      {landlord}, {originated("192.0.2.0/24", 100), originated("198.51.100.0/24", 999)});
  const auto selection =
      *catalog.select("landlord,192.0.2.0/23,as999,as100", "198.51.100.128/25", test_day, test_day);
  const auto& parties = selection.absence.parties;
  ASSERT_EQ(parties.size(), 3U);
  EXPECT_EQ(parties[0].id, "192.0.2.0/23");
  EXPECT_EQ(parties[0].addresses.prefixes()[0].to_string(), "192.0.3.0/24");
  EXPECT_EQ(parties[1].id, "as999");
  EXPECT_EQ(parties[1].addresses.prefixes()[0].to_string(), "198.51.100.0/25");
  EXPECT_EQ(parties[2].id, "landlord");
  for (std::size_t a = 0; a < parties.size(); ++a) {
    for (std::size_t b = a + 1; b < parties.size(); ++b) {
      EXPECT_EQ(parties[a].addresses.without(parties[b].addresses), parties[a].addresses);
    }
  }
}

TEST(Select, ANameThatLivesBelowAnAbsentOneIsSpared)
{
  SmallParty network{.id = "network", .services = {"cdn"}};
  network.domains = {domain("network.example"), domain("login.network.example", "cdn")};
  SmallParty guest{.id = "guest"};
  guest.domains = {domain("guest.network.example"), domain("guest.example")};
  const auto catalog = small_catalog({network, guest});
  const auto selection = *catalog.select("network", "", test_day, test_day);
  const auto party_of = [&selection](const char* name) {
    return selection.absence.party_of(*net::DomainName::parse(name)).has_value();
  };
  EXPECT_TRUE(party_of("www.network.example"));
  EXPECT_FALSE(party_of("www.guest.network.example"));
  EXPECT_FALSE(party_of("guest.example"));
  ASSERT_EQ(selection.absence.names.size(), 3U);
  EXPECT_EQ(selection.names, 2U);

  const auto service = *catalog.select("service:cdn", "", test_day, test_day);
  EXPECT_EQ(service.absence.parties[0].id, "service:network/cdn");
  EXPECT_FALSE(service.absence.party_of(*net::DomainName::parse("www.network.example")));
  EXPECT_TRUE(service.absence.party_of(*net::DomainName::parse("x.login.network.example")));

  const auto except = *catalog.select("network", "*.a.network.example", test_day, test_day);
  EXPECT_FALSE(except.absence.party_of(*net::DomainName::parse("b.a.network.example")));
  const auto all = *catalog.select("*.network.example", "", test_day, test_day);
  EXPECT_TRUE(all.absence.party_of(*net::DomainName::parse("www.guest.network.example")));
}

TEST(Select, TwoNamesOnOneAddressStayTwoNames)
{
  // The address is the network's; only what is named by its suffix falls with the guest.
  SmallParty network{.id = "network", .asns = {asn(100, Space::Shared)}};
  SmallParty guest{.id = "guest"};
  guest.domains = {domain("guest.example")};
  SmallParty other{.id = "other"};
  other.domains = {domain("other.example")};
  const auto catalog = small_catalog({network, guest, other}, {originated("192.0.2.0/24", 100)});
  const auto selection = *catalog.select("guest", "", test_day, test_day);
  EXPECT_FALSE(selection.absence.party_of(*net::Address::parse("192.0.2.1")));
  EXPECT_TRUE(selection.absence.party_of(*net::DomainName::parse("www.guest.example")));
  EXPECT_FALSE(selection.absence.party_of(*net::DomainName::parse("www.other.example")));
}

TEST(Attribution, TellsWhatKindOfServiceItIs)
{
  SmallParty big{.id = "big", .services = {"identity"}};
  big.domains = {domain("login.example", "identity"), domain("big.example")};
  const auto catalog = small_catalog({big});
  EXPECT_EQ(catalog.who("eu.login.example", test_day)->service_category, "identity");
  EXPECT_EQ(catalog.who("www.big.example", test_day)->service_category, "");
  EXPECT_EQ(catalog.who("www.nobody.example", test_day)->service_category, "");
}

TEST(Select, ACategoryTakesTheServicesAndPartiesOfThatKind)
{
  SmallParty big{.id = "big", .services = {"cdn", "mail"}, .categories = {"cdn", "mail"}};
  big.domains = {domain("cdn.example", "cdn"), domain("mail.example", "mail")};
  SmallParty small{.id = "small", .categories = {"cdn"}};
  small.domains = {domain("small.example")};
  const auto catalog = small_catalog({big, small});
  const auto selection = *catalog.select("category:cdn", "", test_day, test_day);
  EXPECT_TRUE(selection.absence.party_of(*net::DomainName::parse("cdn.example")));
  EXPECT_TRUE(selection.absence.party_of(*net::DomainName::parse("small.example")));
  EXPECT_FALSE(selection.absence.party_of(*net::DomainName::parse("mail.example")));
}

TEST(Select, FrozenTakesOnlyWhatHandsOutThingsThatExpire)
{
  SmallParty big{.id = "big",
                 .services = {"identity", "mail", "software-updates"},
                 .categories = {"identity"}};
  big.domains = {domain("login.example", "identity"),
                 domain("mail.example", "mail"),
                 domain("update.example", "software-updates"),
                 domain("big.example")};
  SmallParty signer{.id = "signer", .categories = {"certificate-authority"}};
  signer.domains = {domain("ocsp.example")};
  SmallParty shop{.id = "shop", .categories = {"e-commerce"}};
  shop.domains = {domain("shop.example")};
  const auto catalog = small_catalog({big, shop, signer});
  const auto frozen = [&](const char* selector) {
    return catalog.select(selector, "", test_day, test_day, model::FailureMode::Frozen);
  };
  const auto selection = frozen("big,signer");
  ASSERT_TRUE(selection) << selection.error().message;
  const auto absent = [&](const char* name) {
    return selection->absence.party_of(*net::DomainName::parse(name)).has_value();
  };
  EXPECT_TRUE(absent("login.example"));
  EXPECT_TRUE(absent("update.example"));
  EXPECT_TRUE(absent("ocsp.example"));
  EXPECT_FALSE(absent("mail.example"));
  EXPECT_FALSE(absent("big.example"));

  ASSERT_FALSE(frozen("shop"));
  EXPECT_EQ(frozen("shop").error().message,
            "the catalogue knows nothing there that hands out log-ins, certificates, updates or "
            "rights, so nothing can freeze");
  EXPECT_EQ(
      frozen("203.0.113.0/24").error().message,
      "--mode frozen takes parties and their services: of addresses and names nobody can tell "
      "which hand out what expires");
}

class CatalogFiles : public testing::Test {
protected:
  std::string file(const std::string& name, const std::string& content) const
  {
    const auto path = folder_.path() + "/" + name;
    EXPECT_TRUE(write_file(path, content));
    return path;
  }
  const std::string bytes =
      compile_snapshot(small_content({landlord}, {originated("192.0.2.0/24", 100)}));

private:
  TemporaryFolder folder_ = TemporaryFolder::make().value();
};

TEST_F(CatalogFiles, ADamagedOneIsToldWithWhatIsUsedInsteadAndHowToMendIt)
{
  const auto users = file("users.snapshot", bytes.substr(0, bytes.size() / 2));
  const auto shipped = file("shipped.snapshot", bytes);
  const auto catalog = Catalog::open({users, shipped});
  ASSERT_TRUE(catalog);
  EXPECT_EQ(catalog->notes(),
            std::vector{"the catalogue " + users +
                        " is damaged or cut off: `zonder data update` makes your own again, the "
                        "package zonder-data the one that came with zonder; until then " +
                        shipped + " is used, with data of 2026-11-01"});
  const auto empty = file("empty.snapshot", "");
  const auto none = Catalog::open({users, empty});
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find(users), std::string::npos);
  EXPECT_NE(none.error().message.find(empty), std::string::npos);
}

TEST_F(CatalogFiles, AByteThatChangedIsFoundWhereEveryByteIsLookedAt)
{
  auto changed = bytes;
  changed.back() = static_cast<char>(changed.back() ^ 1);
  const auto users = file("users.snapshot", changed);
  const auto shipped = file("shipped.snapshot", bytes);
  EXPECT_TRUE(Catalog::open({users})->notes().empty());
  EXPECT_FALSE(Catalog::open({users}, Examined::Checksum));
  const auto catalog = Catalog::open({users, shipped}, Examined::Checksum);
  ASSERT_TRUE(catalog);
  EXPECT_EQ(catalog->about().path, shipped);
  EXPECT_NE(catalog->notes().front().find(users + " is damaged, since its checksum does not fit"),
            std::string::npos);
}

// A mapped file that is cut off would end us with SIGBUS.
TEST_F(CatalogFiles, AreReadAndNotMapped)
{
  const auto path = file("catalog.snapshot", bytes);
  const auto catalog = Catalog::open({path});
  ASSERT_TRUE(catalog);
  std::filesystem::resize_file(path, 0);
  EXPECT_TRUE(catalog->snapshot().intact());
  EXPECT_TRUE(catalog->select("landlord", "", test_day, test_day));
}

TEST(Select, TellsWhenTheDataAreOld)
{
  const auto catalog = small_catalog({landlord}, {originated("192.0.2.0/24", 100)});
  const auto selection = *catalog.select("landlord", "", test_day, {2027, 11, 1});
  ASSERT_EQ(selection.notes.size(), 1U);
  EXPECT_EQ(
      selection.notes[0],
      "the AS table is 365 days old: `zonder data update` or a newer zonder-data brings a new "
      "one");
}

}  // namespace
}  // namespace zonder::catalog
