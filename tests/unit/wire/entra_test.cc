// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "support/read_text.hh"

namespace zonder::wire::entra {
namespace {

using test::read_text;
using Lines = std::vector<std::string>;

const std::string headings =
    "\"Date (UTC)\",\"Request ID\",User,Username,Application,\"Application ID \",Resource,\"IP "
    "address\",Status,\"Sign-in error code\"\n";
const Lines signed_in = {"Teams signed-in Teams Services log 1",
                         "Teams signed-in login.microsoftonline.com log 1"};

TEST(EntraSignIns, TakesApplicationsAndNobodysName)
{
  const auto text =
      read_text(headings +
                "2026-11-23T09:30:05Z,1,Canary,canary@example.nl,Teams,id,Teams Services,192.0.2.9,"
                "Success,None\n"
                "2026-11-23T09:30:06Z,2,Canary,canary@example.nl,Teams,id,Teams Services,192.0.2.9,"
                "Failure,50126\n"
                "2026-11-23T09:30:07Z,3,\"Canary, C.\",c,,guid,,192.0.2.9,Geslaagd,0\n"
                "2026-11-23T09:30:07Z,4,Canary,c,,,,192.0.2.9,Success,0\n");
  EXPECT_EQ(text.format, "entra-sign-ins");
  EXPECT_EQ(text.records, 3U);
  EXPECT_EQ(text.problem, "line 5: a sign-in without its application");
  auto wanted = signed_in;
  wanted.emplace_back("guid signed-in login.microsoftonline.com log 1");
  EXPECT_EQ(text.seen, wanted);
  EXPECT_EQ(text.first, "2026-11-23T09:30:05Z");
}

TEST(EntraSignIns, AreTheSameAsJsonHoweverHeldTogether)
{
  const std::string one =
      R"({"id":"1","createdDateTime":"2026-11-23T09:30:05Z","userPrincipalName":"canary{[\"",)"
      R"("appDisplayName":"Teams","resourceDisplayName":"Teams Services","ipAddress":"192.0.2.9",)"
      R"("status":{"errorCode":0},"location":{"city":"canary"}})";
  const std::string failed =
      R"({"appDisplayName":"Other","resourceDisplayName":"X","status":{"errorCode":50126}})";
  for (const auto& content : {"[" + one + ",\n" + failed + "]",
                              "{\"@odata.context\": \"x\", \"value\" : [ " + one + ", " + failed +
                                  "], \"@odata.nextLink\": \"y\" }\n",
                              one + "\n" + failed + "\n",
                              R"({"category":"SignInLogs","properties":)" + one + "}\n" + failed}) {
    const auto text = read_text(content);
    EXPECT_EQ(text.format, "entra-sign-ins-json") << content;
    EXPECT_EQ(text.records, 2U) << content << text.problem;
    EXPECT_EQ(text.unreadable, 0U) << content << text.problem;
    EXPECT_EQ(text.seen, signed_in) << content;
    EXPECT_EQ(text.first, "2026-11-23T09:30:05Z");
  }
}

TEST(EntraSignIns, TellWhatOfJsonCannotBeRead)
{
  const std::string one = R"({"appDisplayName":"Teams","resourceDisplayName":"Teams Services"})";
  for (const auto& [behind, says, broken] :
       {std::tuple(std::string(",{\"appDisplayName\":\"Te"),
                   "object 2: it breaks off within an object",
                   true),
        std::tuple(std::string(",{\"appDisplayName\":}]"), "object 2: not a JSON object", false),
        std::tuple(std::string(",{}]"), "object 2: a sign-in without its application", false),
        std::tuple(std::string(",7]"), "object 2: not a JSON object", true),
        std::tuple(",{\"a\":" + std::string(80, '[') + std::string(80, ']') + "}]",
                   "object 2: the object has too many within one another",
                   false),
        std::tuple(",{\"a\":\"" + std::string(1'500'000, 'x') + "\"}]",
                   "object 2: the object is too long",
                   true)}) {
    const auto text = read_text("[" + one + behind);
    EXPECT_EQ(text.unreadable, 1U) << says;
    EXPECT_EQ(text.problem, says);
    EXPECT_EQ(text.broken_off, broken) << says;
    EXPECT_EQ(text.seen, signed_in);
  }
}

TEST(EntraApplications, AreThoseOfTheOrganisation)
{
  const auto csv =
      read_text("id,displayName,appId,createdDateTime\nx,Zaak Één,guid,2024-01-01\n,,g,\n");
  EXPECT_EQ(csv.format, "entra-apps");
  EXPECT_EQ(csv.seen,
            (Lines{"Zaak Één alias entra:guid list 1", "organisation has Zaak Één list 1"}));
  EXPECT_EQ(csv.problem, "line 3: an application without its name");
  const auto json = read_text(
      R"({"value":[{"appId":"guid","displayName":"Zaak","servicePrincipalType":"Application",)"
      R"("loginUrl":"https://zaak.example:8443/canary","verifiedPublisher":{"displayName":"Zaak B.V."}},)"
      R"({"appId":"g","displayName":"vm1","servicePrincipalType":"ManagedIdentity"},)"
      R"({"appId":"g"}]})");
  EXPECT_EQ(json.format, "entra-apps-json");
  EXPECT_EQ(json.seen,
            (Lines{"Zaak alias entra:guid list 1",
                   "Zaak needs zaak.example list 1",
                   "Zaak supplied-by Zaak B.V. list 1",
                   "organisation has Zaak list 1"}));
  EXPECT_EQ(json.problem, "object 3: an application without its name");
}

}  // namespace
}  // namespace zonder::wire::entra
