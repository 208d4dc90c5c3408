// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// Names and arguments of somebody else's, as they come into a report: nothing of them may steer a
// terminal, become markup, or break the JSON. The input is cut at zero bytes into texts.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "report/run_html.hh"
#include "report/run_json.hh"
#include "report/run_junit.hh"
#include "report/run_text.hh"

using namespace zonder;

namespace {

void require(bool holds)
{
  if (!holds) {
    std::abort();
  }
}

std::vector<std::string> texts_of(std::string_view input)
{
  std::vector<std::string> texts;
  while (!input.empty() && texts.size() < 32) {
    const auto text = input.substr(0, input.find('\0'));
    texts.emplace_back(text);
    input.remove_prefix(std::min(text.size() + 1, input.size()));
  }
  texts.resize(std::max<std::size_t>(texts.size(), 6));
  return texts;
}

model::RunRecord record_of(const std::vector<std::string>& texts)
{
  model::RunRecord record;
  record.selector = texts[0];
  record.except = texts[1];
  record.command = {texts.begin() + 2, texts.end()};
  record.exit_code = static_cast<int>(texts[0].size());
  record.not_started = texts[5];
  record.data_date = texts[3];
  record.proof.checks = {{texts[0], texts[1], texts[2], texts[3].empty(), texts[4]}};
  record.left_the_room = {{texts[4], "x"}};
  for (const auto& text : texts) {
    model::Attempt attempt;
    attempt.name = text;
    attempt.party = texts[text.size() % texts.size()];
    attempt.protocol = texts[4];
    attempt.count = text.size();
    attempt.verdict = text.size() % 2 == 0 ? model::Verdict::Blocked : model::Verdict::Passed;
    record.attempts.push_back(attempt);
  }
  model::PageVisit visit;
  visit.url = texts[0];
  visit.why = texts[1];
  visit.title = texts[2];
  visit.outcome = static_cast<model::PageOutcome>(texts[0].size() % 6);
  visit.screenshot = texts[3];
  for (const auto& text : texts) {
    model::PageRequest request;
    request.url = text;
    request.kind = texts[4];
    request.error = texts[5];
    request.party = texts[1];
    request.outcome = static_cast<model::RequestOutcome>(text.size() % 5);
    visit.requests.push_back(request);
    visit.console.push_back({.error = true, .text = text, .url = texts[2]});
  }
  record.pages.emplace();
  record.pages->browser = texts[2];
  record.pages->with = {visit, {}};
  record.pages->without = {visit, visit};
  record.pages->without.front().requests.pop_back();
  return record;
}

bool steers(char c)
{
  return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f;
}

bool tags_are_whole(const std::string& html)
{
  bool inside = false;
  for (const char c : html) {
    if ((c == '<' && inside) || (c == '>' && !inside)) {
      return false;
    }
    inside = c == '<' || (inside && c != '>');
  }
  return !inside;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  const auto texts = texts_of({reinterpret_cast<const char*>(data), size});
  const auto record = record_of(texts);
  for (const bool unicode : {false, true}) {
    const auto text = report::run_as_text(record, {.unicode = unicode});
    require(std::none_of(text.begin(), text.end(), steers));
    require(unicode || std::all_of(text.begin(), text.end(), [](char c) {
              return static_cast<unsigned char>(c) < 0x80;
            }));
  }
  // What is not inside a tag of ours has no "<": each tag that is opened is closed before the next.
  const auto judgement = report::judge(record, nullptr, nullptr);
  const auto html = report::run_as_html(record, {}, judgement);
  require(html.find("<script") == std::string::npos && tags_are_whole(html));
  require(std::none_of(html.begin(), html.end(), steers));
  require(nlohmann::json::parse(report::run_as_json(record, judgement)).is_object());
  const auto xml = report::run_as_junit(record, judgement, {});
  require(tags_are_whole(xml) && std::none_of(xml.begin(), xml.end(), steers));
  // What it would leave as a baseline is read again as the same.
  const auto baseline = report::baseline_of(record, judgement.with(report::Standing::Counts));
  const auto kept = report::baseline_as_json(baseline);
  const auto again = report::baseline_from_json(kept, "baseline.json");
  require(again.has_value() && report::baseline_as_json(*again) == kept);
  require(report::judge(record, nullptr, &*again).count(report::Standing::Counts) == 0);
  return 0;
}
