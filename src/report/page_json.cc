// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/page_json.hh"

#include <nlohmann/json.hpp>

#include "net/url_host.hh"
#include "report/page_comparison.hh"

namespace zonder::report {
namespace {

using nlohmann::ordered_json;

const char* word(model::PageOutcome outcome)
{
  switch (outcome) {
  case model::PageOutcome::Loaded:
    return "loaded";
  case model::PageOutcome::Unfinished:
    return "unfinished";
  case model::PageOutcome::Refused:
    return "refused";
  case model::PageOutcome::Failed:
    return "failed";
  case model::PageOutcome::Waiting:
    return "waiting";
  case model::PageOutcome::NotVisited:
    return "not-visited";
  }
  return "";
}

const char* word(model::RequestOutcome outcome)
{
  switch (outcome) {
  case model::RequestOutcome::Came:
    return "came";
  case model::RequestOutcome::Refused:
    return "refused";
  case model::RequestOutcome::Failed:
    return "failed";
  case model::RequestOutcome::Canceled:
    return "canceled";
  case model::RequestOutcome::Waiting:
    return "waiting";
  }
  return "";
}

ordered_json or_null(const std::string& text)
{
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

ordered_json or_null(unsigned status)
{
  return status == 0 ? ordered_json(nullptr) : ordered_json(status);
}

ordered_json outcome_as_json(const model::PageRequest* request)
{
  if (request == nullptr) {
    return nullptr;
  }
  return {{"outcome", word(request->outcome)},
          {"status", or_null(request->status)},
          {"error", or_null(request->error)},
          {"address", or_null(request->address)},
          {"at", request->at}};
}

ordered_json request_as_json(const ComparedRequest& request)
{
  const auto& any = request.any();
  return {{"url", any.url},
          {"host", or_null(std::string(net::url_host(any.url)))},
          {"kind", any.kind},
          {"party", or_null(any.party)},
          {"fell_away", request.fell_away()},
          {"of_this_machine", any.of_this_machine},
          {"with", outcome_as_json(request.with)},
          {"without", outcome_as_json(request.without)}};
}

ordered_json visit_as_json(const model::PageVisit& visit)
{
  ordered_json console = ordered_json::array();
  for (const auto& message : visit.console) {
    console.push_back({{"level", message.error ? "error" : "warning"},
                       {"text", message.text},
                       {"url", or_null(message.url)}});
  }
  return {{"outcome", word(visit.outcome)},
          {"why", or_null(visit.why)},
          {"status", or_null(visit.status)},
          {"final_url", or_null(visit.final_url)},
          {"title", or_null(visit.title)},
          {"loaded_after",
           visit.loaded_after ? ordered_json(*visit.loaded_after) : ordered_json(nullptr)},
          {"picture", !visit.screenshot.empty()},
          {"visits", visit.rounds},
          {"requests_left_out", visit.requests_left_out},
          {"console_left_out", visit.console_left_out},
          {"messages_left_out", visit.messages_left_out},
          {"console", console}};
}

ordered_json page_as_json(const PageComparison& page)
{
  ordered_json requests = ordered_json::array();
  for (const auto& request : page.requests) {
    requests.push_back(request_as_json(request));
  }
  ordered_json parties = ordered_json::array();
  for (const auto& [party, count] : page.parties) {
    parties.push_back({{"party", or_null(party)}, {"count", count}});
  }
  ordered_json errors = ordered_json::array();
  for (const auto* message : page.new_errors) {
    errors.push_back({{"text", message->text}, {"url", or_null(message->url)}});
  }
  return {{"url", page.with->url},
          {"verdict", word_of(page.verdict)},
          {"came", page.came},
          {"fell_away", page.fell_away},
          {"not_asked", page.not_asked},
          {"failed_anew", page.failed_anew},
          {"not_in_the_room", page.not_in_the_room},
          {"document_of_this_machine", page.own_document != nullptr},
          {"parties", parties},
          {"with", visit_as_json(*page.with)},
          {"without", visit_as_json(*page.without)},
          {"requests", requests},
          {"console_errors_only_without", errors}};
}

}  // namespace

ordered_json pages_as_json(const std::optional<model::PagesTried>& pages)
{
  if (!pages) {
    return nullptr;
  }
  ordered_json all = ordered_json::array();
  for (const auto& page : compare(*pages)) {
    all.push_back(page_as_json(page));
  }
  return {{"browser", or_null(pages->browser)},
          {"sandboxed", pages->sandboxed},
          {"wait_seconds", pages->wait.count()},
          {"viewport", {{"width", pages->width}, {"height", pages->height}}},
          {"visited", all}};
}

}  // namespace zonder::report
