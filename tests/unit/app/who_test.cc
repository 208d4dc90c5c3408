// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstdio>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/who.hh"
#include "support/catalog_world.hh"
#include "support/data_world.hh"

namespace zonder::app {
namespace {

using namespace test;

catalog::SnapshotContent a_catalogue()
{
  SmallParty cloud{.id = "cloud", .asns = {asn(100)}, .services = {"login"}};
  cloud.domains = {domain("cloud.example"), domain("login.cloud.example", "login")};
  return small_content({cloud}, {originated("192.0.2.0/24", 100)});
}

WhoOptions lines(const std::string& text, std::FILE* in)
{
  std::fputs(text.c_str(), in);
  std::rewind(in);
  return {.inputs = {}, .in = in, .as_of = ""};
}

TEST(WhoCommand, TellsWhatOthersBuildOn)
{
  DataWorld data(a_catalogue());
  data.world.form = Form::Json;
  EXPECT_EQ(who(data.world, {.inputs = {"192.0.2.1", "x.login.cloud.example", "nobody.example"}}),
            0);
  const auto json = nlohmann::json::parse(data.out());
  EXPECT_EQ(json["schema"], "zonder.who/1");
  EXPECT_EQ(json["as_of"], "2026-11-23");
  EXPECT_EQ(json["data"]["date"], "2026-11-01");
  ASSERT_EQ(json["results"].size(), 3U);
  const auto& address = json["results"][0];
  EXPECT_EQ(address["input"], "192.0.2.1");
  EXPECT_EQ(address["party"], "cloud");
  EXPECT_EQ(address["space"], "services");
  EXPECT_EQ(address["operator"]["id"], "cloud");
  EXPECT_EQ(address["jurisdiction"], "US");
  EXPECT_EQ(address["prefix"], "192.0.2.0/24");
  EXPECT_EQ(address["asn"], 100);
  EXPECT_EQ(address["confidence"], "high");
  EXPECT_TRUE(address["owners"].empty());
  EXPECT_EQ(json["results"][1]["service"], "login");
  EXPECT_EQ(json["results"][1]["name_rule"], "login.cloud.example");
  EXPECT_TRUE(json["results"][2]["party"].is_null());
  EXPECT_TRUE(json["results"][2]["operator"].is_null());
}

TEST(WhoCommand, DoesNotAnswerFromADamagedCatalogue)
{
  DataWorld data(a_catalogue());
  const auto path = data.world.share_folder + "/catalog.snapshot";
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(-1, std::ios::end);
  const auto last = static_cast<char>(file.peek() ^ 1);
  file.seekp(-1, std::ios::end) << last;
  file.close();
  EXPECT_NE(who(data.world, {.inputs = {"192.0.2.1"}}), 0);
  EXPECT_EQ(data.out(), "");
  EXPECT_NE(data.err().find(path), std::string::npos);
}

TEST(WhoCommand, AnswersLinesInOrderAndTellsTheBadOnes)
{
  DataWorld data(a_catalogue());
  data.world.form = Form::JsonLines;
  std::FILE* in = std::tmpfile();
  const auto options = lines("cloud.example\n\n# a remark\nnot a name\n192.0.2.7\r\n", in);
  EXPECT_EQ(who(data.world, options), 3);
  std::fclose(in);
  const std::string out = data.out();
  std::vector<nlohmann::json> results;
  for (std::size_t at = 0; at < out.size(); at = out.find('\n', at) + 1) {
    results.push_back(nlohmann::json::parse(out.substr(at, out.find('\n', at) - at)));
  }
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[0]["party"], "cloud");
  EXPECT_EQ(results[1]["input"], "not a name");
  EXPECT_TRUE(results[1]["party"].is_null());
  EXPECT_EQ(results[2]["input"], "192.0.2.7");
  const std::string err = data.err();
  EXPECT_NE(err.find("zonder: line 4: not a name is no name, address or AS number"),
            std::string::npos)
      << err;
  EXPECT_NE(err.find("1 line could not be read"), std::string::npos);
}

TEST(WhoCommand, ByteOrderMarkOfAnEditorIsNoPartOfTheFirstLine)
{
  DataWorld data(a_catalogue());
  data.world.form = Form::JsonLines;
  std::FILE* in = std::tmpfile();
  const auto options = lines("\xef\xbb\xbf"
                             "192.0.2.7\r\n",
                             in);
  EXPECT_EQ(who(data.world, options), 0);
  std::fclose(in);
  EXPECT_EQ(nlohmann::json::parse(data.out())["input"], "192.0.2.7");
}

TEST(WhoCommand, InputThatCannotBeReadIsNotTakenForAnEmptyOne)
{
  DataWorld data(a_catalogue());
  std::FILE* folder = std::fopen("/", "r");
  ASSERT_NE(folder, nullptr);
  EXPECT_EQ(who(data.world, {.inputs = {}, .in = folder, .as_of = {}}), 3);
  std::fclose(folder);
  EXPECT_NE(data.err().find("standard input cannot be read: Is a directory"), std::string::npos);
}

TEST(WhoCommand, ThousandsOfLinesPassThrough)
{
  DataWorld data(a_catalogue());
  std::string many;
  for (int i = 0; i < 5000; ++i) {
    many += i % 2 == 0 ? "192.0.2.9\n" : "www.cloud.example\n";
  }
  std::FILE* in = std::tmpfile();
  EXPECT_EQ(who(data.world, lines(many, in)), 0);
  std::fclose(in);
  const std::string out = data.out();
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 5001);
  EXPECT_EQ(out.substr(0, out.find('\n')), "192.0.2.9\tcloud\t-\tservices\tcloud\tUS\thigh");
}

TEST(WhoCommand, ASlipThatWasTypedIsToldAlone)
{
  DataWorld data(a_catalogue());
  EXPECT_EQ(who(data.world, {.inputs = {"cloud.example", "not a name"}}), 2);
  EXPECT_EQ(data.out(), "");
  EXPECT_EQ(data.err(),
            "zonder: not a name is no name, address or AS number: write www.example.nl, 192.0.2.1 "
            "or as8075\n");
  EXPECT_EQ(who(data.world, {.inputs = {"cloud.example"}, .as_of = "soon"}), 2);
  EXPECT_EQ(data.err(), "zonder: --as-of soon is not a day (write it like 2026-11-23)\n");
}

TEST(WhoCommand, TellsWhatIsPlainlyMalformedAsWhatItIs)
{
  DataWorld data(a_catalogue());
  const auto said = [&data](const std::string& input) {
    EXPECT_EQ(who(data.world, {.inputs = {input}}), 2) << input;
    EXPECT_EQ(data.out(), "");
    return data.err();
  };
  EXPECT_EQ(said("999.1.1.1"),
            "zonder: 999.1.1.1 is no address: four numbers between dots, each at most 255, such as "
            "192.0.2.1\n");
  EXPECT_EQ(said("1.2.3").substr(0, 27), "zonder: 1.2.3 is no address");
  EXPECT_EQ(said("AS4294967296"), "zonder: AS4294967296: AS numbers go to 4294967295\n");
  EXPECT_EQ(said("as-8075"), "zonder: as-8075 is no name and no address (did you mean as8075?)\n");
  EXPECT_EQ(said("8075"), "zonder: 8075 is no name and no address (did you mean as8075?)\n");
  for (const char* fine : {"as8075", "AS4294967295", "as-8075.example", "ask1", "8075.example"}) {
    EXPECT_EQ(who(data.world, {.inputs = {fine}}), 0) << fine;
  }
}

TEST(WhoCommand, TellsSpaceThatIsNobodysInParticular)
{
  DataWorld data(a_catalogue());
  const auto first_line = [&data](const std::string& input) {
    EXPECT_EQ(who(data.world, {.inputs = {input}}), 0) << data.err();
    const auto out = data.out();
    return out.substr(0, out.find('\n'));
  };
  EXPECT_EQ(first_line("10.0.0.1"),
            "10.0.0.1: private: nobody's in particular, every network may use it");
  EXPECT_EQ(first_line("192.168.0.0/24"),
            "192.168.0.0/24: private: nobody's in particular, every network may use it");
  EXPECT_EQ(first_line("127.0.0.1"),
            "127.0.0.1: loopback: the machine itself, nobody's in particular");
  EXPECT_EQ(first_line("192.0.2.1").substr(0, 12), "192.0.2.1 is");  // a party is known
  data.world.form = Form::JsonLines;
  const auto special = [&](const std::string& input) {
    return nlohmann::json::parse(first_line(input))["special"];
  };
  EXPECT_EQ(special("fd00::1"), "private");
  EXPECT_EQ(special("169.254.1.1"), "link-local");
  EXPECT_EQ(special("203.0.113.9"), "documentation");
  EXPECT_TRUE(special("192.0.2.1").is_null());
  EXPECT_TRUE(special("nobody.example").is_null());
}

TEST(WhoCommand, SaysWhenThereIsNoCatalogue)
{
  DataWorld data(a_catalogue());
  data.world.share_folder = data.path("elsewhere");
  EXPECT_EQ(who(data.world, {.inputs = {"cloud.example"}}), 4);
  EXPECT_NE(data.err().find("there is no catalogue at "), std::string::npos);
}

TEST(WhoCommand, TheUnknownIsSaidToBeUnknown)
{
  DataWorld data(a_catalogue());
  EXPECT_EQ(who(data.world, {.inputs = {"nobody.example"}}), 0);
  EXPECT_EQ(data.out(),
            "nobody.example: not in the catalogue, so not known whose it is\n"
            "As of 2026-11-23; addresses of 2026-11-01, facts of 2026-11-23.\n");
}

}  // namespace
}  // namespace zonder::app
