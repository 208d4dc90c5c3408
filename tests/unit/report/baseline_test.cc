// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>

#include <gtest/gtest.h>

#include "base/file.hh"
#include "report/baseline.hh"
#include "support/json_schema.hh"
#include "support/run_story.hh"

namespace zonder::report {
namespace {

std::vector<ContactKey> keys_of(const model::RunRecord& record)
{
  std::vector<ContactKey> keys;
  for (const auto& contact : contacts_of(record)) {
    keys.push_back(contact.key);
  }
  return keys;
}

Baseline of(const model::RunRecord& record)
{
  return baseline_of(record, keys_of(record));
}

std::string refused(const std::string& text)
{
  const auto baseline = baseline_from_json(text, "deps.json");
  if (baseline) {
    return "accepted";
  }
  EXPECT_EQ(baseline.error().fault, Fault::Usage);
  return baseline.error().message;
}

constexpr const char* two_contacts = R"(
    npm  blocked  microsoft  packages.example.com  20.190.128.1  tcp/443
    git  blocked  github     github.com          192.0.2.1     tcp/443
)";

TEST(Baseline, HasALineForEachContactAndNothingThatChangesByItself)
{
  EXPECT_EQ(baseline_as_json(of(test::run_story(two_contacts))), R"({
  "schema": "zonder.baseline/1",
  "without": "@us",
  "except": null,
  "like": "blackhole",
  "contacts": [
    {"party":"github","target":"github.com","protocol":"tcp","port":443,"program":"git"},
    {"party":"microsoft","target":"packages.example.com","protocol":"tcp","port":443,"program":"npm"}
  ]
}
)");
}

TEST(Baseline, IsTheSameBytesWhateverTheOrderTimesAndProcesses)
{
  const auto first = test::run_story(two_contacts);
  auto later = test::run_story(R"(
    git  blocked  github     github.com          192.0.2.99    tcp/443
    npm  blocked  microsoft  packages.example.com  20.190.128.7  tcp/443
  )");
  later.started += std::chrono::hours(24);
  for (auto& program : later.programs) {
    program.pid += 1000;
    program.argv[0] = "/nix/store/other/" + program.argv[0].substr(program.argv[0].rfind('/') + 1);
  }
  std::reverse(later.programs.begin(), later.programs.end());
  for (auto& attempt : later.attempts) {
    attempt.programs[0].program = 1 - attempt.programs[0].program;
    attempt.count = 77;
  }
  EXPECT_EQ(baseline_as_json(of(later)), baseline_as_json(of(first)));
}

TEST(Baseline, IsReadAgainAsItWasWritten)
{
  auto record = test::run_story(two_contacts);
  record.programs[0].argv = {"caf\xc3\xa9 \xff\033[31m\"\\"};
  record.programs[1].argv.clear();
  const auto written = of(record);
  const auto read = baseline_from_json(baseline_as_json(written), "deps.json");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->contacts, written.contacts);
  EXPECT_TRUE(is_of_such_a_run(*read, record));
  record.signature = model::Signature::Refuse;
  EXPECT_FALSE(is_of_such_a_run(*read, record));
}

TEST(Baseline, KeepsToItsPublishedSchema)
{
  const auto schema = read_file(ZONDER_SOURCE_DIR "/docs/schema/zonder.baseline-1.json");
  ASSERT_TRUE(schema);
  const auto record = test::run_story(two_contacts);
  EXPECT_EQ(test::against_schema(baseline_as_json(of(record)), *schema),
            std::vector<std::string>{});
  EXPECT_EQ(test::against_schema(baseline_as_json(baseline_of(record, {})), *schema),
            std::vector<std::string>{});
  EXPECT_NE(test::against_schema(R"({"schema": "zonder.baseline/1"})", *schema),
            std::vector<std::string>{});
}

TEST(Baseline, ToleratesWhatALaterVersionAdds)
{
  const auto baseline = baseline_from_json(R"({"schema": "zonder.baseline/1", "more": [1],
    "contacts": [{"party": "github", "target": "github.com", "protocol": "tcp", "port": 443,
                  "program": null, "more": ["x"]}]})",
                                           "deps.json");
  ASSERT_TRUE(baseline) << baseline.error().message;
  EXPECT_EQ(baseline->contacts.size(), 1U);
}

TEST(Baseline, SaysInOneSentenceWhatIsWrongAndWhatToDo)
{
  EXPECT_EQ(refused("{\"schema\": \"zonder.baseline/1\",\n  \"contacts\": [}"),
            "deps.json:2:16: this baseline is damaged: it is not JSON from there on; take it back "
            "from version control, or make it anew with --write-baseline");
  EXPECT_EQ(refused("{\"schema\": 1e999}"),
            "deps.json: this baseline is damaged: a number in it is larger than numbers can be; "
            "take it back "
            "from version control, or make it anew with --write-baseline");
  EXPECT_EQ(refused(R"({"schema": "zonder.run/1"})"),
            "deps.json is a report of a run, not a baseline; --write-baseline FILE makes one");
  EXPECT_EQ(refused(R"({"schema": "zonder.baseline/2", "contacts": []})"),
            "deps.json is a baseline of another version of zonder (zonder.baseline/2; this one "
            "reads zonder.baseline/1); make it anew with --write-baseline");
  EXPECT_EQ(refused(R"({"schema": "zonder.baseline/1", "contacts": {}})"),
            "deps.json: this baseline is damaged: it has no list of \"contacts\"; take it back "
            "from version control, or make it anew with --write-baseline");
  EXPECT_NE(refused("").find("deps.json:1:1: this baseline is damaged"), std::string::npos);
  EXPECT_NE(refused("[]").find("is no baseline"), std::string::npos);
  EXPECT_NE(refused("null").find("is no baseline"), std::string::npos);
}

TEST(Baseline, RefusesAContactThatIsNotWhole)
{
  const auto with = [](const std::string& contact) {
    return refused(R"({"schema": "zonder.baseline/1", "contacts": [)" + contact + "]}");
  };
  const std::string head = R"({"party": "github", "target": "github.com", "program": "git", )";
  EXPECT_EQ(with(head + R"("protocol": "tcp", "port": 443})"), "accepted");
  for (const auto& contact :
       {std::string("7"),
        std::string("null"),
        std::string("{}"),
        head + R"("protocol": "tcp"})",
        head + R"("protocol": "tcp", "port": 65536})",
        head + R"("protocol": "tcp", "port": -1})",
        head + R"("protocol": "tcp", "port": 4.5})",
        head + R"("protocol": 6, "port": 1})",
        head + R"("protocol": "", "port": 1})",
        std::string(R"({"party": "", "target": "a", "protocol": "tcp", "port": 1})")}) {
    EXPECT_NE(with(contact).find("contact 1 does not have"), std::string::npos) << contact;
  }
}

TEST(Baseline, IsNotBroughtDownByListsInLists)
{
  const std::string deep(100000, '[');
  EXPECT_NE(refused(deep).find("damaged"), std::string::npos);
  EXPECT_NE(refused(deep + std::string(100000, ']')).find("lists in lists"), std::string::npos);
}

}  // namespace
}  // namespace zonder::report
