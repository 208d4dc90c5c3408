// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>

#include <gtest/gtest.h>

#include "base/child_process.hh"
#include "base/file.hh"
#include "report/run_junit.hh"
#include "support/run_story.hh"

// Held against a parser that is not ours, and by what Jenkins and GitLab look at.
namespace zonder::report {
namespace {

using test::run_story;

const Style plain{.colour = false, .unicode = true, .now = {}};

/// Reads it as a build server does: a line for each test, "passed NAME" or "failure(type) NAME".
/// Stops at the first thing that is out of place.
constexpr const char* reader = R"py(
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
assert root.tag == 'testsuites' and [e.tag for e in root] == ['testsuite']
suite = root[0]
tags = [e.tag for e in suite]
assert tags[0] == 'properties' and tags[-1] == 'system-out', tags
assert set(tags[1:-1]) == {'testcase'}, tags
cases = suite.findall('testcase')
count = lambda tag: sum(1 for case in cases if case.find(tag) is not None)
for element in (root, suite):
    assert int(element.get('tests')) == len(cases)
    assert int(element.get('failures')) == count('failure')
    assert int(element.get('errors')) == count('error')
    float(element.get('time'))
assert len({(c.get('classname'), c.get('name')) for c in cases}) == len(cases)
print(suite.get('name'), suite.get('timestamp'))
for case in cases:
    assert len(case) == 1 and case.get('classname') == suite.get('name')
    float(case.get('time'))
    result = case[0]
    if result.tag == 'system-out':
        print('passed', case.get('name'))
    else:
        assert result.get('message') and result.text.startswith(result.get('message'))
        print(f"{result.tag}({result.get('type')})", case.get('name'))
)py";

std::string read_by_python(const std::string& xml)
{
  const auto folder = TemporaryFolder::make().value();
  const auto path = folder.path() + "/run.xml";
  EXPECT_TRUE(write_file(path, xml));
  const auto read = run_captured({"python3", "-c", reader, path});
  if (!read) {
    return read.error().message;
  }
  return read->status.as_shell() == 0 ? read->out : read->err + xml;
}

TEST(RunJunit, IsATestForTheCommandTheProofAndEachContact)
{
  const auto record = run_story(R"(
    git   blocked  github     github.com           192.0.2.1     tcp/443
    curl  blocked  microsoft  login.microsoft.com  20.190.128.1  tcp/443
    ping  blocked  microsoft  -                    20.190.128.1  icmp
    curl  passed   -          www.example.nl       193.0.6.139   tcp/443
  )");
  const auto last = run_story("ping blocked microsoft - 20.190.128.1 icmp");
  const auto last_time = baseline_of(last, judge(last, nullptr, nullptr).with(Standing::Counts));
  const auto github = test::allowed_party("github", "192.0.2.0/24", "github.com");
  const auto xml = run_as_junit(record, judge(record, &github, &last_time), plain);
  EXPECT_EQ(read_by_python(xml), R"(zonder run without @us 2026-11-23T09:00:00
passed command
passed proof
passed github: github.com tcp/443 by git
passed microsoft: 20.190.128.1 icmp by ping
failure(contact) microsoft: login.microsoft.com tcp/443 by curl
)");
  EXPECT_NE(xml.find("message=\"new since last time, of microsoft: login.microsoft.com by curl "
                     "(tcp/443)\""),
            std::string::npos);
  EXPECT_NE(xml.find("www.example.nl"), std::string::npos) << "the report itself is in it";
}

// The run of it ends with 0.
TEST(RunJunit, WhatBecomesTheBaselineIsNoFailure)
{
  const auto record = run_story("git  blocked  github  github.com  192.0.2.1  tcp/443");
  auto judgement = judge(record, nullptr, nullptr);
  judgement.becomes_baseline = true;
  const auto xml = run_as_junit(record, judgement, plain);
  EXPECT_EQ(read_by_python(xml), R"(zonder run without @us 2026-11-23T09:00:00
passed command
passed proof
passed github: github.com tcp/443 by git
)");
  EXPECT_NE(xml.find("github.com by git (tcp/443) (written to the baseline)"), std::string::npos);
}

TEST(RunJunit, TellsACommandThatFailedFromABlockThatWasNotProved)
{
  auto record = run_story("");
  record.exit_code = 7;
  record.proof.checks[0].as_expected = false;
  EXPECT_EQ(read_by_python(run_as_junit(record, judge(record, nullptr, nullptr), plain)),
            R"(zonder run without @us 2026-11-23T09:00:00
failure(exit-code) command
failure(not-proved) proof
)");
  record.uplink_died = true;
  record.blocked_packets = 2;
  EXPECT_EQ(read_by_python(run_as_junit(record, judge(record, nullptr, nullptr), plain)),
            R"(zonder run without @us 2026-11-23T09:00:00
error(uplink-died) command
failure(not-proved) proof
failure(contact) contacts that could not be listed
)");
}

TEST(RunJunit, SurvivesEveryByteInNamesAndArguments)
{
  std::string every;
  for (int byte = 1; byte < 256; ++byte) {
    every += static_cast<char>(byte);
  }
  const std::string hostile =
      every + "]]><!-- </system-out></testcase> &#0; &bad; \xef\xbf\xbe\xef\xbf\xbf\xed\xa0\x80";
  auto record = run_story("x blocked github github.com 192.0.2.1 tcp/443");
  record.selector = hostile;
  record.command = {hostile, hostile};
  record.data_date = hostile;
  record.attempts[0].name = hostile;
  record.attempts[0].party = hostile;
  record.attempts[0].protocol = hostile;
  record.programs[0].argv = {hostile};
  record.proof.checks[0].target = hostile;
  record.proof.checks[1].as_expected = false;
  record.proof.checks[1].detail = hostile;
  record.not_attributed = hostile;
  record.left_the_room = {{.what = hostile, .meaning = hostile}};
  const auto xml = run_as_junit(record, judge(record, nullptr, nullptr), plain);
  const auto read = read_by_python(xml);
  EXPECT_EQ(std::count(read.begin(), read.end(), '\n'), 4) << read;
  EXPECT_NE(read.find("failure(contact) "), std::string::npos) << read;
}

TEST(RunJunit, EscapesWhatXmlHasAnotherMeaningForAndReplacesWhatItForbids)
{
  EXPECT_EQ(xml_escaped("a<b>&\"'"), "a&lt;b&gt;&amp;&quot;&#39;");
  EXPECT_EQ(xml_escaped("two\nlines"), "two\nlines");
  EXPECT_EQ(xml_escaped(std::string_view("\0\033\r\t\x7f", 5)), "\\x00\\x1b\\x0d\\x09\\x7f");
  EXPECT_EQ(xml_escaped("caf\xc3\xa9\xff"), "caf\xc3\xa9\\xff");
  EXPECT_EQ(xml_escaped("\xef\xbf\xbe\xef\xbf\xbf"), "\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(RunJunit, NamesItsTestsTheSameOnAnotherDay)
{
  auto record = run_story("git blocked github github.com 192.0.2.1 tcp/443");
  auto later = run_story("git blocked github github.com 192.0.2.250 tcp/443");
  later.programs[0].pid = 4711;
  const auto names = [](const model::RunRecord& of) {
    return read_by_python(run_as_junit(of, judge(of, nullptr, nullptr), plain));
  };
  EXPECT_EQ(names(record), names(later));
}

}  // namespace
}  // namespace zonder::report
