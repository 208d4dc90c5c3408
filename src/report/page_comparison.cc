// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/page_comparison.hh"

#include <algorithm>
#include <map>
#include <set>

namespace zonder::report {
namespace {

using model::ConsoleMessage;
using model::PageOutcome;
using model::PageRequest;
using model::PageVisit;

using Key = std::pair<std::string, std::string>;  // URL and kind

Key exactly(const PageRequest& request)
{
  return {request.url.substr(0, request.url.find('#')), request.kind};
}

/// Pages often ask with a number of their own behind the "?", another one each time.
Key without_query(const PageRequest& request)
{
  return {request.url.substr(0, request.url.find_first_of("?#")), request.kind};
}

/// Gives each request that has no counterpart yet the first free one with the same key.
void match(std::vector<ComparedRequest>& pairs,
           std::vector<const PageRequest*>& free,
           Key (*key)(const PageRequest&))
{
  std::map<Key, std::vector<std::size_t>> places;
  for (std::size_t i = free.size(); i > 0; --i) {
    places[key(*free[i - 1])].push_back(i - 1);
  }
  std::vector<bool> taken(free.size(), false);
  for (auto& pair : pairs) {
    if (pair.without != nullptr) {
      continue;
    }
    const auto found = places.find(key(*pair.with));
    if (found != places.end() && !found->second.empty()) {
      pair.without = free[found->second.back()];
      taken[found->second.back()] = true;
      found->second.pop_back();
    }
  }
  std::vector<const PageRequest*> rest;
  for (std::size_t i = 0; i < free.size(); ++i) {
    if (!taken[i]) {
      rest.push_back(free[i]);
    }
  }
  free = std::move(rest);
}

std::vector<ComparedRequest> pairs_of(const PageVisit& with, const PageVisit& without)
{
  std::vector<ComparedRequest> pairs;
  for (const auto& request : with.requests) {
    pairs.push_back({.with = &request, .without = nullptr});
  }
  std::vector<const PageRequest*> free;
  for (const auto& request : without.requests) {
    free.push_back(&request);
  }
  match(pairs, free, exactly);
  match(pairs, free, without_query);
  for (const auto* request : free) {
    pairs.push_back({.with = nullptr, .without = request});
  }
  return pairs;
}

/// Nobody is blamed for what the room itself has not.
PageVerdict verdict_of(const PageComparison& page)
{
  const auto with = page.with->outcome;
  const auto without = page.without->outcome;
  if (with != PageOutcome::Loaded || without == PageOutcome::NotVisited) {
    return PageVerdict::TellsNothing;
  }
  if (without == PageOutcome::Loaded) {
    return PageVerdict::StillLoads;
  }
  const bool by_the_room =
      page.own_document != nullptr || (page.not_in_the_room > 0 && page.fell_away == 0);
  return by_the_room ? PageVerdict::TellsNothing : PageVerdict::NoLongerLoads;
}

std::string without_fragment(const std::string& url)
{
  return url.substr(0, url.find('#'));
}

/// The request for the page itself, first or after redirects, where it is of this machine.
const PageRequest* own_document(const PageVisit& visit)
{
  for (const auto& request : visit.requests) {
    const bool is_the_page = &request == &visit.requests.front() ||
                             without_fragment(request.url) == without_fragment(visit.final_url);
    if (request.kind == "document" && request.of_this_machine && is_the_page) {
      return &request;
    }
  }
  return nullptr;
}

std::vector<const ConsoleMessage*> errors_only_in(const PageVisit& visit, const PageVisit& other)
{
  std::set<std::pair<std::string, std::string>> known;
  for (const auto& message : other.console) {
    known.emplace(message.text, message.url);
  }
  std::vector<const ConsoleMessage*> errors;
  for (const auto& message : visit.console) {
    if (message.error && known.emplace(message.text, message.url).second) {
      errors.push_back(&message);
    }
  }
  return errors;
}

std::vector<PartyCount> most_first(const std::map<std::string, std::size_t>& counts)
{
  std::vector<PartyCount> parties(counts.begin(), counts.end());
  std::stable_sort(parties.begin(), parties.end(), [](const auto& a, const auto& b) {
    return a.second > b.second;
  });
  return parties;
}

/// What matters first.
int rank(const ComparedRequest& request)
{
  if (request.fell_away()) {
    return 0;
  }
  return request.failed_anew() ? 1 : (request.not_in_the_room() ? 2 : 3);
}

PageComparison compare(const PageVisit& with, const PageVisit& without)
{
  PageComparison page{.with = &with, .without = &without};
  page.verdict = PageVerdict::TellsNothing;
  if (without.outcome == PageOutcome::NotVisited || with.outcome == PageOutcome::NotVisited) {
    return page;  // nothing is to be held against nothing
  }
  page.requests = pairs_of(with, without);
  std::map<std::string, std::size_t> counts;
  for (const auto& request : page.requests) {
    const bool came =
        request.with != nullptr && request.with->outcome == model::RequestOutcome::Came;
    page.came += came ? 1U : 0U;
    page.failed_anew += request.failed_anew() ? 1U : 0U;
    page.not_in_the_room += request.not_in_the_room() ? 1U : 0U;
    if (request.fell_away()) {
      ++page.fell_away;
      page.not_asked += request.without == nullptr ? 1U : 0U;
      ++counts[request.any().party];
    }
  }
  page.own_document = own_document(with);
  page.verdict = verdict_of(page);
  page.parties = most_first(counts);
  page.new_errors = errors_only_in(without, with);
  std::stable_sort(page.requests.begin(), page.requests.end(), [](const auto& a, const auto& b) {
    return rank(a) < rank(b);
  });
  return page;
}

}  // namespace

const char* word_of(PageVerdict verdict)
{
  switch (verdict) {
  case PageVerdict::StillLoads:
    return "still-loads";
  case PageVerdict::NoLongerLoads:
    return "no-longer-loads";
  case PageVerdict::TellsNothing:
    return "tells-nothing";
  }
  return "";
}

bool ComparedRequest::fell_away() const
{
  using enum model::RequestOutcome;
  return with != nullptr && with->outcome == Came &&
         (without == nullptr || without->outcome != Came) && !with->of_this_machine;
}

bool ComparedRequest::not_in_the_room() const
{
  using enum model::RequestOutcome;
  return with != nullptr && with->outcome == Came &&
         (without == nullptr || without->outcome != Came) && with->of_this_machine;
}

bool ComparedRequest::failed_anew() const
{
  using enum model::RequestOutcome;
  return with == nullptr && without->outcome != Came && without->outcome != Canceled &&
         !without->of_this_machine;
}

std::vector<PageComparison> compare(const model::PagesTried& pages)
{
  std::vector<PageComparison> all;
  for (std::size_t i = 0; i < pages.with.size() && i < pages.without.size(); ++i) {
    all.push_back(compare(pages.with[i], pages.without[i]));
  }
  return all;
}

std::vector<PartyCount> parties_of(const std::vector<PageComparison>& pages)
{
  std::map<std::string, std::size_t> counts;
  for (const auto& page : pages) {
    for (const auto& [party, count] : page.parties) {
      counts[party] += count;
    }
  }
  return most_first(counts);
}

int exit_code_of(const model::PagesTried& pages)
{
  constexpr int findings = 1;
  constexpr int incomplete = 3;
  int code = 0;
  for (const auto& page : compare(pages)) {
    if (page.verdict == PageVerdict::NoLongerLoads) {
      return findings;
    }
    code = page.verdict == PageVerdict::TellsNothing ? incomplete : code;
  }
  return code;
}

}  // namespace zonder::report
