// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// There is no standard for JUnit XML. This keeps to what Ant wrote first and the schema of Jenkins
// describes: properties before the tests, the output of the suite after them, one result in a test.
// GitLab knows a test by class name and name together, and shows the text of a failure but not its
// attribute `message`, so that both say it.
#include "report/run_junit.hh"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <fmt/format.h>

#include "base/translate.hh"
#include "report/attempt_words.hh"
#include "report/page_text.hh"
#include "report/run_grounds.hh"
#include "report/run_html.hh"
#include "report/run_names.hh"
#include "report/run_programs.hh"
#include "report/run_proxies.hh"
#include "report/run_text.hh"
#include "report/run_verdict.hh"

namespace zonder::report {
namespace {

constexpr std::size_t shown_attempts = 20;

struct Test {
  std::string name;
  double seconds = 0;
  const char* result = nullptr;  // "failure" or "error"; null: it passed
  std::string type;              // of the result
  std::string message;           // why, in one line
  std::string text;              // more of it, in lines
};

Test name_server_died(Test test)
{
  test.result = "error";
  test.type = "name-server-died";
  test.message =
      tr("the name server (unbound) died before the end: that says nothing about the absent");
  return test;
}

/// That the pages could be visited; how each of them fared is a test of its own.
Test visits_test(const model::RunRecord& record)
{
  Test test{.name = "visits", .seconds = record.seconds.count()};
  test.text = shell_line(record.command, true);
  if (!record.not_started.empty()) {
    test.result = "error";
    test.type = "not-started";
    test.message = say("the pages were not visited: {}", harmless(record.not_started, true));
  } else if (record.uplink_died) {
    test.result = "error";
    test.type = "uplink-died";
    test.message =
        tr("the uplink died while the pages were visited: that says nothing about the absent");
  } else if (record.dns.resolver_died) {
    test = name_server_died(std::move(test));
  }
  return test;
}

Test command_test(const model::RunRecord& record)
{
  Test test{.name = "command", .seconds = record.seconds.count()};
  test.text = shell_line(record.command, true);
  if (!record.not_started.empty()) {
    test.result = "error";
    test.type = "not-started";
    test.message = say("the command did not start: {}", harmless(record.not_started, true));
  } else if (record.uplink_died) {
    test.result = "error";
    test.type = "uplink-died";
    test.message = tr("the uplink died while the command ran: it says nothing about the absent");
  } else if (record.dns.resolver_died) {
    test = name_server_died(std::move(test));
  } else if (record.later && !record.absent_from) {
    test.result = "error";
    test.type = "nothing-fell-away";
    test.message = tr("the command ended before anything fell away (--after)");
  } else if (record.exit_code != 0) {
    test.result = "failure";
    test.type = "exit-code";
    test.message = say("the command's exit code is {}", record.exit_code);
  }
  return test;
}

Test proof_test(const model::RunRecord& record, const Style& style)
{
  Test test{.name = "proof"};
  for (const auto& sentence : grounds(record, style)) {
    test.text += (test.text.empty() ? "" : "\n") + sentence;
  }
  if (!record.proof.holds()) {
    test.result = "failure";
    test.type = "not-proved";
    test.message = tr("it could not be shown beforehand that the block holds");
  }
  return test;
}

/// The lines of the report that it is about.
std::string lines_of(const Contact& contact, const model::RunRecord& record, const Style& style)
{
  std::string text;
  for (std::size_t i = 0; i < contact.attempts.size() && i < shown_attempts; ++i) {
    const auto& attempt = record.attempts[contact.attempts[i]];
    text += (i == 0 ? "" : "\n") + fmt::format("{}  {}  {}  {}  {}",
                                               verdict_word(attempt, record.signature),
                                               target_of(attempt, style),
                                               protocol_of(attempt),
                                               amount(attempt.count, unit_of(attempt, record)),
                                               names_of(attempt.programs, record, style));
  }
  return contact.attempts.size() > shown_attempts ? text + "\n..." : text;
}

/// Unlike words_of(), the same in every language: what build servers compare.
std::string name_of(const ContactKey& key)
{
  return fmt::format("{}: {} {}{} by {}",
                     key.party,
                     key.target,
                     key.protocol,
                     key.port == 0 ? "" : "/" + std::to_string(key.port),
                     key.program.empty() ? "unknown" : key.program);
}

Test contact_test(const JudgedContact& judged,
                  const Judgement& judgement,
                  const model::RunRecord& record,
                  const Style& style)
{
  const auto& key = judged.contact.key;
  Test test{.name = name_of(key)};
  test.text = lines_of(judged.contact, record, style);
  const auto words = words_of(key, style);
  switch (judged.standing) {
  case Standing::Allowed:
    test.text = say("{} (allowed)", words) + "\n" + test.text;
    break;
  case Standing::Known:
    test.text = say("{} (known)", words) + "\n" + test.text;
    break;
  case Standing::Counts:
    if (judgement.becomes_baseline) {
      test.text = say("{} (written to the baseline)", words) + "\n" + test.text;
      break;
    }
    test.result = "failure";
    test.type = "contact";
    test.message = judgement.compared
                       ? say("new since last time, of {}: {}", harmless(key.party, true), words)
                       : say("reached for {}: {}", harmless(key.party, true), words);
  }
  return test;
}

/// More was blocked than can be listed: nobody knows whether there is something new in it.
Test unjudged_test(const Judgement& judgement)
{
  return {.name = "contacts that could not be listed",
          .result = "failure",
          .type = "contact",
          .message = say("{} packets or questions could not be judged", judgement.unjudged)};
}

/// They may have been for anybody.
Test unseen_test(const model::RunRecord& record)
{
  return {.name = "calls that could not be looked at",
          .result = "failure",
          .type = "contact",
          .message = fmt::format("{}", fmt::join(unseen_sentences(record), " "))};
}

/// Whoever answers for them is absent, so they fell away as what is contacted does.
Test hung_test(const model::RunRecord& record, const Style& style)
{
  Test test{.name = "names that hang on the absent", .result = "failure", .type = "names-hung"};
  for (const auto& sentence : stuck_sentences(record.dns, style)) {
    test.message += (test.message.empty() ? "" : " ") + sentence;
  }
  for (const auto& name : stuck_names(record.dns, style)) {
    test.text += name + "\n";
  }
  return test;
}

Test by_name_only_test(const model::RunRecord& record, const Style& style)
{
  return {.name = "what was cut by name only",
          .result = "failure",
          .type = "contact",
          .message = by_name_only_sentences(record, style).front()};
}

/// They may lead to anybody.
Test failed_names_test(const model::RunRecord& record, const Style& style)
{
  Test test{.name = "names that nobody could look up", .result = "failure", .type = "contact"};
  test.message = failed_sentences(record, style).front();
  for (const auto& name : failed_names(record)) {
    test.text += harmless(name, true) + "\n";
  }
  return test;
}

Test not_judged_test(const model::RunRecord& record, const Style& style)
{
  Test test{.name = "requests to proxies that could not be judged",
            .result = "failure",
            .type = "contact"};
  for (const auto& sentence : not_judged_sentences(record.proxies, style)) {
    test.message += (test.message.empty() ? "" : " ") + sentence;
  }
  return test;
}

/// Behind a proxy may be anybody.
Test perhaps_proxied_test(const std::string& sentence)
{
  return {.name = "connections to what may be a proxy",
          .result = "failure",
          .type = "contact",
          .message = sentence};
}

/// A page that no longer loads is a failure; one of which it cannot be told is an error.
Test page_test(const PageComparison& page, const Style& style)
{
  Test test{.name = "page " + page.with->url};
  for (const auto& sentence : page_sentences(page, style)) {
    test.text += (test.text.empty() ? "" : "\n") + sentence;
  }
  if (page.verdict != PageVerdict::StillLoads) {
    test.result = page.verdict == PageVerdict::NoLongerLoads ? "failure" : "error";
    test.type = "page";
    test.message = page_sentences(page, style).front();
  }
  return test;
}

std::vector<Test>
tests_of(const model::RunRecord& record, const Judgement& judgement, const Style& style)
{
  std::vector<Test> tests = {record.pages ? visits_test(record) : command_test(record)};
  if (!record.not_started.empty()) {
    return tests;  // so nothing was tried
  }
  tests.push_back(proof_test(record, style));
  if (record.pages) {
    for (const auto& page : compare(*record.pages)) {
      tests.push_back(page_test(page, style));
    }
  }
  for (const auto& judged : judgement.contacts) {
    tests.push_back(contact_test(judged, judgement, record, style));
  }
  if (a_name_hung_on_the_absent(record)) {
    tests.push_back(hung_test(record, style));
  }
  if (!by_name_only_sentences(record, style).empty()) {
    tests.push_back(by_name_only_test(record, style));
  }
  if (!failed_names(record).empty()) {
    tests.push_back(failed_names_test(record, style));
  }
  if (judgement.unjudged > 0) {
    tests.push_back(unjudged_test(judgement));
  }
  if (judgement.unseen > 0) {
    tests.push_back(unseen_test(record));
  }
  if (judgement.proxied_not_judged > 0) {
    tests.push_back(not_judged_test(record, style));
  }
  for (const auto& sentence : perhaps_proxied_sentences(record, judgement.allowed_proxies, style)) {
    tests.push_back(perhaps_proxied_test(sentence));
  }
  return tests;
}

std::string as_xml(const Test& test, const std::string& suite)
{
  const auto head = fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\">\n",
                                xml_escaped(suite),
                                xml_escaped(test.name),
                                test.seconds);
  const auto body = test.result == nullptr
                        ? fmt::format("      <system-out>{}</system-out>\n", xml_escaped(test.text))
                        : fmt::format("      <{0} message=\"{1}\" type=\"{2}\">{1}\n{3}</{0}>\n",
                                      test.result,
                                      xml_escaped(test.message),
                                      test.type,
                                      xml_escaped(test.text));
  return head + body + "    </testcase>\n";
}

std::string properties(const model::RunRecord& record, const Judgement& judgement)
{
  std::string xml = "    <properties>\n";
  const auto add = [&xml](const char* name, const std::string& value) {
    xml += fmt::format(
        "      <property name=\"{}\" value=\"{}\"/>\n", name, xml_escaped(harmless(value, true)));
  };
  add("without", record.selector);
  add("except", record.except);
  add("allow", judgement.allowed);
  add("like", std::string(model::to_string(record.signature)));
  add("mode", std::string(model::to_string(record.mode)));
  add("data", record.data_date);
  add("facts", record.facts_date);
  for (const auto& key : judgement.gone) {
    add("gone", name_of(key));
  }
  return xml + "    </properties>\n";
}

/// U+FFFE and U+FFFF are UTF-8, and yet no characters to XML.
bool is_no_character(std::string_view text)
{
  return text.starts_with("\xef\xbf\xbe") || text.starts_with("\xef\xbf\xbf");
}

}  // namespace

std::string xml_escaped(std::string_view text)
{
  std::string safe;
  while (true) {
    const auto end = std::min(text.find('\n'), text.size());
    safe += harmless(text.substr(0, end), true);
    if (end == text.size()) {
      break;
    }
    safe += '\n';
    text.remove_prefix(end + 1);
  }
  for (std::size_t at = safe.find('\xef'); at != std::string::npos;
       at = safe.find('\xef', at + 1)) {
    if (is_no_character(std::string_view(safe).substr(at))) {
      safe.replace(at, 3, "\xef\xbf\xbd");
    }
  }
  return html_escaped(safe);
}

std::string
run_as_junit(const model::RunRecord& record, const Judgement& judgement, const Style& style)
{
  const Style unicode{.colour = false, .unicode = true, .now = style.now};
  // The names hold no line breaks: all of them are made harmless.
  const auto suite = "zonder run without " + harmless(record.selector, true);
  const auto tests = tests_of(record, judgement, unicode);
  const auto ended_as = [&tests](std::string_view result) {
    return std::count_if(tests.begin(), tests.end(), [result](const Test& test) {
      return test.result != nullptr && test.result == result;
    });
  };
  const auto figures = fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.3f}\"",
                                   tests.size(),
                                   ended_as("failure"),
                                   ended_as("error"),
                                   record.seconds.count());
  auto started = iso_time(record.started);
  started.pop_back();  // the schemas have no place for the Z
  std::string xml = fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                "<testsuites name=\"zonder run\" {0}>\n"
                                "  <testsuite name=\"{1}\" {0} skipped=\"0\" timestamp=\"{2}\">\n",
                                figures,
                                xml_escaped(suite),
                                started);
  xml += properties(record, judgement);
  for (const auto& test : tests) {
    xml += as_xml(test, suite);
  }
  const auto report =
      run_as_text(record, unicode, judgement, std::numeric_limits<std::size_t>::max());
  return xml + "    <system-out>" + xml_escaped(report) +
         "</system-out>\n  </testsuite>\n</testsuites>\n";
}

}  // namespace zonder::report
