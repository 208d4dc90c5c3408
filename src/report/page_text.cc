// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/page_text.hh"

#include <algorithm>

#include "base/translate.hh"
#include "net/url_host.hh"

namespace zonder::report {
namespace {

constexpr std::size_t shown_parties = 6;
constexpr std::size_t shown_url = 100;  // bytes, on a terminal

std::string counted(const char* sentence, std::size_t count)
{
  return fmt::format(fmt::runtime(sentence), count);
}

/// "9 microsoft, 3 google, 1 not known"
std::string party_words(const std::vector<PartyCount>& parties, const Style& style)
{
  std::string list;
  for (std::size_t i = 0; i < parties.size() && i < shown_parties; ++i) {
    const auto& [party, count] = parties[i];
    list += (i == 0 ? "" : ", ") + std::to_string(count) + " " +
            (party.empty() ? std::string(tr("not known")) : harmless(party, style.unicode));
  }
  return parties.size() > shown_parties ? list + ", ..." : list;
}

std::string fell_away_words(std::size_t fell_away,
                            std::size_t came,
                            const std::vector<PartyCount>& parties,
                            const Style& style)
{
  if (fell_away == 0) {
    return counted(ntr("the only request did not fall away", "none of {} requests fell away", came),
                   came);
  }
  const auto whose = party_words(parties, style);
  if (came == 1) {
    return say("1 of 1 request fell away: {}", whose);
  }
  // One form in English, two where the verb goes by how many fell away.
  return fmt::format(fmt::runtime(ntr("{0} of {1} requests fell away: {2}",
                                      "{0} of {1} requests fell away: {2}",
                                      fell_away)),
                     fell_away,
                     came,
                     whose);
}

std::string seconds_words(const model::PageVisit& visit)
{
  return visit.loaded_after ? fmt::format("{:.1f} s", *visit.loaded_after) : std::string("-");
}

/// "it did not come (net::ERR_CONNECTION_REFUSED)"
std::string visit_words(const model::PageVisit& visit, const Style& style)
{
  const auto why = visit.why.empty() ? "" : " (" + harmless(visit.why, style.unicode) + ")";
  switch (visit.outcome) {
  case model::PageOutcome::Loaded:
    return say("it loaded in {}", seconds_words(visit));
  case model::PageOutcome::Unfinished:
    return tr("it came, and was not done when the time was up") + why;
  case model::PageOutcome::Refused:
    return say("it was refused (HTTP {})", visit.status);
  case model::PageOutcome::Failed:
    return tr("it did not come") + why;
  case model::PageOutcome::Waiting:
    return tr("it was still waited for when the time was up") + why;
  case model::PageOutcome::NotVisited:
    return tr("there was no visit") + why;
  }
  return {};
}

std::string verdict_words(const PageComparison& page, const Style& style)
{
  const auto with = visit_words(*page.with, style);
  const auto without = visit_words(*page.without, style);
  switch (page.verdict) {
  case PageVerdict::StillLoads:
    return say("Still loads: with everybody in {}, without in {}.",
               seconds_words(*page.with),
               seconds_words(*page.without));
  case PageVerdict::NoLongerLoads:
    return say("NO LONGER LOADS: without, {}; with everybody, {}.", without, with);
  case PageVerdict::TellsNothing:
    return say("TELLS NOTHING: with everybody, {}; without, {}.", with, without);
  }
  return {};
}

std::string shortened(std::string url)
{
  if (url.size() <= shown_url) {
    return url;
  }
  auto end = shown_url;
  while (end > 0 && (static_cast<unsigned char>(url[end]) & 0xc0U) == 0x80) {
    --end;
  }
  url.resize(end);
  return url + "...";
}

std::string request_line(const ComparedRequest& request, const Style& style)
{
  const auto& any = request.any();
  return fmt::format("{} ({}): {}, {}",
                     harmless(shortened(any.url), style.unicode),
                     whose(any, style),
                     harmless(any.kind, style.unicode),
                     outcome_words(request.without, style));
}

bool matters(const ComparedRequest& request)
{
  return request.fell_away() || request.failed_anew() || request.not_in_the_room();
}

std::string page_as_text(const PageComparison& page, const Style& style, std::size_t rows)
{
  const auto url = harmless(page.with->url, style.unicode);
  std::string text = (style.colour ? "\033[1m" + url + "\033[0m" : url) + "\n";
  for (const auto& sentence : page_sentences(page, style)) {
    text += "  " + sentence + "\n";
  }
  const auto lines =
      static_cast<std::size_t>(std::count_if(page.requests.begin(), page.requests.end(), matters));
  for (std::size_t i = 0; i < lines && i < rows; ++i) {
    text += "    " + request_line(page.requests[i], style) + "\n";
  }
  if (lines > rows) {
    text += "    " + say("... and {} more; --report FILE.html has them all", lines - rows) + "\n";
  }
  for (std::size_t i = 0; i < page.new_errors.size() && i < rows; ++i) {
    text += "    " + say("console: {}", console_words(*page.new_errors[i], style)) + "\n";
  }
  if (page.new_errors.size() > rows) {
    text += "    " +
            say("... and {} more; --report FILE.html has them all", page.new_errors.size() - rows) +
            "\n";
  }
  return text;
}

std::string left_out(const PageComparison& page)
{
  std::uint64_t count = 0;
  for (const auto* visit : {page.with, page.without}) {
    count += visit->requests_left_out + visit->console_left_out + visit->messages_left_out;
  }
  return count == 0 ? std::string()
                    : say("LEFT OUT: {} requests and messages past what is kept of a page; what is "
                          "said of this page is incomplete.",
                          count);
}

/// What the room has not, and how it can have it.
std::string room_words(const PageComparison& page)
{
  if (page.own_document != nullptr && page.verdict == PageVerdict::TellsNothing) {
    return say("The page is at this machine's own loopback, and the room has another one with "
               "nothing on it: --allow-host {} lets that port of 127.0.0.1 and ::1 through.",
               net::url_port(page.own_document->url));
  }
  if (page.not_in_the_room == 0) {
    return {};
  }
  return counted(ntr("{} request to this machine's own loopback did not come, since the room has "
                     "nothing of it; it is not counted as fallen away (--allow-host PORT lets a "
                     "port through).",
                     "{} requests to this machine's own loopback did not come, since the room has "
                     "nothing of it; they are not counted as fallen away (--allow-host PORT lets a "
                     "port through).",
                     page.not_in_the_room),
                 page.not_in_the_room);
}

/// Of a page that did not come with everybody either, by a certificate of somebody's own.
std::string certificate_words(const PageComparison& page)
{
  const bool unknown_authority =
      page.with->why.find("ERR_CERT_AUTHORITY_INVALID") != std::string::npos;
  return page.verdict == PageVerdict::TellsNothing && unknown_authority
             ? tr("Chromium knows the certificate authorities that it comes with, in a trial none "
                  "of yours or this machine's: a managed policy CACertificates (docs/pages.md) "
                  "gives it one.")
             : "";
}

/// Visits that were made again: what the network saw is of all of them.
void add_rounds(const PageComparison& page, std::vector<std::string>& sentences)
{
  if (page.with->rounds > 1) {
    sentences.push_back(say("The visit with everybody was made {} times, since the network changed "
                            "meanwhile; told is the last.",
                            page.with->rounds));
  }
  if (page.without->rounds > 1) {
    sentences.push_back(
        say("The visit without them was made {} times, since the network changed meanwhile; told "
            "of the page is the last, and the attempts below are of all of them.",
            page.without->rounds));
  }
}

}  // namespace

std::string pages_sentence(const model::PagesTried& pages, const Style& style)
{
  const auto compared = compare(pages);
  std::size_t load = 0;
  std::size_t unclear = 0;
  std::size_t came = 0;
  std::size_t fell_away = 0;
  for (const auto& page : compared) {
    load += page.verdict == PageVerdict::StillLoads ? 1U : 0U;
    unclear += page.verdict == PageVerdict::TellsNothing ? 1U : 0U;
    came += page.came;
    fell_away += page.fell_away;
  }
  const bool none_tells = unclear == compared.size();
  auto sentence =
      none_tells
          ? fmt::format(
                fmt::runtime(ntr("of {0} of {0} page it cannot be told whether it still loads",
                                 "of {0} of {0} pages it cannot be told whether they still load",
                                 unclear)),
                unclear)
      : compared.size() == 1
          ? say("{} of 1 page still loads", load)
          : fmt::format(fmt::runtime(ntr(
                            "{0} of {1} pages still loads", "{0} of {1} pages still load", load)),
                        load,
                        compared.size());
  if (unclear > 0 && !none_tells) {
    sentence += ", " + say("of {} it cannot be told", unclear);
  }
  if (came > 0) {
    sentence += "; " + fell_away_words(fell_away, came, parties_of(compared), style);
  }
  return sentence + ".";
}

std::vector<std::string> page_sentences(const PageComparison& page, const Style& style)
{
  std::vector<std::string> sentences = {verdict_words(page, style)};
  for (auto words : {room_words(page), certificate_words(page)}) {
    if (!words.empty()) {
      sentences.push_back(std::move(words));
    }
  }
  if (page.came > 0) {
    auto fell = fell_away_words(page.fell_away, page.came, page.parties, style);
    if (page.not_asked > 0) {
      fell += " " + counted(ntr("({} of these was not even asked for)",
                                "({} of these were not even asked for)",
                                page.not_asked),
                            page.not_asked);
    }
    fell[0] = fell[0] >= 'a' && fell[0] <= 'z' ? static_cast<char>(fell[0] - 'a' + 'A') : fell[0];
    sentences.push_back(fell + ".");
  }
  if (page.failed_anew > 0) {
    sentences.push_back(counted(ntr("{} request that was made only without did not come.",
                                    "{} requests that were made only without did not come.",
                                    page.failed_anew),
                                page.failed_anew));
  }
  if (!page.new_errors.empty()) {
    sentences.push_back(counted(ntr("{} error in the console only without.",
                                    "{} errors in the console only without.",
                                    page.new_errors.size()),
                                page.new_errors.size()));
  }
  add_rounds(page, sentences);
  if (auto sentence = left_out(page); !sentence.empty()) {
    sentences.push_back(std::move(sentence));
  }
  return sentences;
}

std::string whose(const model::PageRequest& request, const Style& style)
{
  if (request.of_this_machine) {
    return tr("this machine");
  }
  return request.party.empty() ? std::string(tr("not known"))
                               : harmless(request.party, style.unicode);
}

std::string outcome_words(const model::PageRequest* request, const Style& style)
{
  if (request == nullptr) {
    return tr("not asked for");
  }
  const auto error = request->error.empty() ? "" : ": " + harmless(request->error, style.unicode);
  switch (request->outcome) {
  case model::RequestOutcome::Came:
    return request->status == 0 ? std::string(tr("came")) : say("came (HTTP {})", request->status);
  case model::RequestOutcome::Refused:
    return say("refused (HTTP {})", request->status);
  case model::RequestOutcome::Failed:
    return tr("failed") + error;
  case model::RequestOutcome::Canceled:
    return tr("called off") + error;
  case model::RequestOutcome::Waiting:
    return tr("still waiting");
  }
  return {};
}

std::string console_words(const model::ConsoleMessage& message, const Style& style)
{
  const auto text = harmless(message.text, style.unicode);
  return message.url.empty() ? text : harmless(message.url, style.unicode) + ": " + text;
}

std::string pages_as_text(const model::PagesTried& pages, const Style& style, std::size_t rows)
{
  std::string text;
  for (const auto& page : compare(pages)) {
    text += "\n" + page_as_text(page, style, rows);
  }
  return text;
}

std::vector<std::string> page_limits(const model::RunRecord& record, const Style& style)
{
  if (!record.pages) {
    return {};
  }
  const auto& pages = *record.pages;
  std::vector<std::string> sentences;
  sentences.push_back(say(
      "The pages were visited by {} without a log-in, a click or a scroll, with an empty "
      "profile, for at most {} seconds each; what shows only then was not tried. A page that "
      "asks for other things each time differs without anybody being gone.",
      pages.browser.empty() ? std::string(tr("a browser")) : harmless(pages.browser, style.unicode),
      pages.wait.count()));
  sentences.emplace_back(
      tr("The requests of a page are what the browser says that the page asked for; the attempts "
         "are all that left the browser, with what it asks for by itself among them."));
  if (!pages.sandboxed) {
    sentences.emplace_back(
        tr("NO SANDBOX: as root, Chromium holds its pages in no sandbox of its own, and the pages "
           "could do in the room what the user can. Visit pages that you do not trust as an "
           "ordinary user."));
  }
  return sentences;
}

}  // namespace zonder::report
