// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "support/read_text.hh"

namespace zonder::wire::inventories {
namespace {

using test::read_text;
using Lines = std::vector<std::string>;

TEST(Softwarecatalogus, TakesPackagesAsExcelSavesThem)
{
  const auto text =
      read_text("sep=;\r\nLeverancier;Pakket Naam;Omschrijving;Status;hostingJurisdictie;Pakket "
                "ID;Organisatie\r\n"
                "Zaak B.V.;Zaak \xC9\xE9n;\"twee\r\nregels; \"\"canary\"\"\";In "
                "productie;Nederland;7;Voorbeeldstad\r\n"
                "Oud B.V.;Oud;x;Uitgefaseerd;US;8;Voorbeeldstad\r\n"
                "Elders B.V.;Ander;x;In productie;elders;;Voorbeeldstad\r\n"
                "Niets;;x;In productie;NL;9;Voorbeeldstad\r\n");
  EXPECT_EQ(text.format, "softwarecatalogus");
  EXPECT_EQ(text.records, 3U);
  EXPECT_EQ(text.problem, "line 7: a package without its name");
  EXPECT_EQ(text.seen,
            (Lines{"Ander supplied-by Elders B.V. list 1",
                   "Voorbeeldstad has Ander list 1",
                   "Voorbeeldstad has Zaak Één list 1",
                   "Zaak Één alias softwarecatalogus:7 list 1",
                   "Zaak Één hosted-in NL list 1",
                   "Zaak Één supplied-by Zaak B.V. list 1"}));
}

TEST(Softwarecatalogus, TakesLinksAsNeedsOfWhoGetsTheData)
{
  const auto text = read_text("\xEF\xBB\xBFPakket Naam 1;Koppeling richting;Pakket Naam 2\n"
                              "A;left_to_right;B\nC;right_to_left;D\nE;;F\nG;left_to_right;G\n");
  EXPECT_EQ(text.unreadable, 0U) << text.problem;
  EXPECT_EQ(
      text.seen,
      (Lines{"B needs A list 1", "C needs D list 1", "E needs F list 1", "F needs E list 1"}));
}

TEST(Softwarecatalogus, LosesALineByAQuoteTooManyAndNoMore)
{
  const auto text = read_text("Pakket Naam,Leverancier\n\"A,a\nB,b\nC,\"c\"x\n\"D,d\nE,e\n");
  EXPECT_EQ(text.unreadable, 3U);
  EXPECT_EQ(text.problem, "line 5: its quotes do not match its fields");
  EXPECT_EQ(text.seen.size(), 4U) << "B and E with their suppliers";
  const auto forced = read_text("a;b\nc;d\n", "softwarecatalogus");
  EXPECT_EQ(forced.problem, "line 1: these headings are not those of such a table");
  EXPECT_EQ(forced.unreadable, 1U);
}

const std::string head =
    R"(<?xml version="1.0"?><model xmlns="http://www.opengroup.org/xsd/archimate/3.0/" )"
    R"(xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><name>Voorbeeldstad</name><elements>)";

std::string element(const std::string& id, const std::string& type, const std::string& rest)
{
  return "<element identifier=\"" + id + "\" xsi:type=\"" + type + "\">" + rest + "</element>";
}

std::string relation(const std::string& type, const std::string& from, const std::string& to)
{
  return "<relationship identifier=\"r\" xsi:type=\"" + type + "\" source=\"" + from +
         "\" target=\"" + to + "\"/>";
}

std::string property(const std::string& id, const std::string& value)
{
  return "<properties><property propertyDefinitionRef=\"" + id + "\"><value>" + value +
         "</value></property></properties>";
}

TEST(Archimate, TakesApplicationsAndWhatTheyNeed)
{
  const auto text = read_text(
      head +
      element("id-1",
              "ApplicationComponent",
              "<name xml:lang=\"en\">Case</name><name xml:lang=\"nl\">Zaak &amp; Co</name>" +
                  property("p1", "NL")) +
      element("id-2", "ApplicationComponent", "<name>Post</name>") +
      element("id-3", "ApplicationService", "<name>Posten</name>") +
      element("id-4",
              "ApplicationComponent",
              "<name>Referentie</name>" + property("p2", "Referentiecomponent")) +
      element("id-5", "BusinessActor", "<name>Canary</name>") +
      element("id-6", "ApplicationComponent", "<name>Burger</name>") +
      "</elements><relationships>" + relation("Realization", "id-2", "id-3") +
      relation("Serving", "id-3", "id-1") + relation("Flow", "id-6", "id-1") +
      relation("Serving", "id-5", "id-1") + relation("Flow", "id-1", "nowhere") +
      "</relationships><propertyDefinitions><propertyDefinition identifier=\"p1\" "
      "type=\"string\"><name>hostingJurisdictie</name></propertyDefinition>"
      "<propertyDefinition identifier=\"p2\" type=\"string\"><name>GEMMA "
      "type</name></propertyDefinition></propertyDefinitions></model>");
  EXPECT_EQ(text.format, "archimate");
  EXPECT_EQ(text.unreadable, 0U) << text.problem;
  EXPECT_EQ(text.seen,
            (Lines{"Burger alias archimate:id-6 list 1",
                   "Post alias archimate:id-2 list 1",
                   "Voorbeeldstad has Burger list 1",
                   "Voorbeeldstad has Post list 1",
                   "Voorbeeldstad has Zaak & Co list 1",
                   "Zaak & Co alias archimate:id-1 list 1",
                   "Zaak & Co hosted-in NL list 1",
                   "Zaak & Co needs Burger list 1",
                   "Zaak & Co needs Post list 1"}));
}

TEST(Archimate, CountsAVersionOfTheCatalogueAsItsPackage)
{
  const auto text = read_text(
      head + element("p", "ApplicationComponent", "<name>Zaak</name>" + property("t", "Pakket")) +
      element("v", "ApplicationComponent", "<name>Zaak 5</name>" + property("t", "Pakketversie")) +
      element("w", "ApplicationComponent", "<name>Post 1</name>" + property("t", "Pakketversie")) +
      element("x", "ApplicationComponent", "<name>Referentie</name>") +
      element("l", "BusinessActor", "<name>Zaak B.V.</name>" + property("t", "Leverancier")) +
      "</elements><relationships>" + relation("Aggregation", "p", "v") +
      relation("Association", "l", "p") + relation("Flow", "v", "w") +
      "</relationships><propertyDefinitions><propertyDefinition identifier=\"t\"><name>SWC "
      "type</name></propertyDefinition></propertyDefinitions></model>");
  EXPECT_EQ(text.seen,
            (Lines{"Post 1 alias archimate:w list 1",
                   "Post 1 needs Zaak list 1",
                   "Voorbeeldstad has Post 1 list 1",
                   "Voorbeeldstad has Zaak list 2",
                   "Zaak alias archimate:p list 1",
                   "Zaak alias archimate:v list 1",
                   "Zaak supplied-by Zaak B.V. list 1"}));
}

TEST(Archimate, ReadsWhatStandsBeforeAFault)
{
  const auto cut = read_text(head + element("id-1", "ApplicationComponent", "<name>Zaak</name>") +
                             "<element ident");
  EXPECT_TRUE(cut.broken_off);
  EXPECT_EQ(cut.problem.rfind("no sound XML from byte ", 0), 0U) << cut.problem;
  EXPECT_EQ(cut.seen.size(), 2U);
  const auto nameless =
      read_text(head + element("id-1", "ApplicationComponent", "") +
                element("", "ApplicationComponent", "<name>A</name>") + "</elements></model>");
  EXPECT_EQ(nameless.unreadable, 2U);
  EXPECT_EQ(nameless.problem, "an element without its identifier");
}

TEST(Archimate, KnowsNoEntitiesAndNoDepthThatHarms)
{
  const auto bomb = read_text(
      "<?xml version=\"1.0\"?><!DOCTYPE model [<!ENTITY a \"canarycanary\"><!ENTITY b \"&a;&a;\">"
      "<!ENTITY f SYSTEM \"file:///etc/passwd\">]>" +
      head.substr(head.find("<model")) +
      element("id-1", "ApplicationComponent", "<name>x&b;&f;</name>") + "</elements></model>");
  EXPECT_EQ(bomb.seen,
            (Lines{"Voorbeeldstad has x&b;&f; list 1", "x&b;&f; alias archimate:id-1 list 1"}));
  std::string deep = head;
  for (int i = 0; i < 300'000; ++i) {
    deep += "<element>";
  }
  EXPECT_TRUE(read_text(deep).broken_off);
}

}  // namespace
}  // namespace zonder::wire::inventories
