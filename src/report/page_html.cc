// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/page_html.hh"

#include <algorithm>

#include <fmt/core.h>

#include "base/translate.hh"
#include "report/html_parts.hh"
#include "report/page_comparison.hh"
#include "report/page_text.hh"
#include "report/style.hh"

namespace zonder::report {
namespace {

const Style as_html{.colour = false, .unicode = true, .now = {}};

/// What was looked at. The record's pictures are checked to be base64, so nothing in one is markup;
/// what is not is left out all the same.
std::string figure(const std::string& caption,
                   const std::string& alternative,
                   const model::PageVisit& visit,
                   const model::PagesTried& pages)
{
  std::string html = "<figure><figcaption>" + html_escaped(caption) + "</figcaption>\n";
  const bool is_base64 = std::all_of(visit.screenshot.begin(), visit.screenshot.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/' || c == '=';
  });
  if (visit.screenshot.empty() || !is_base64) {
    html += "<p>" + html_escaped(tr("There is no picture of it.")) + "</p>";
  } else {
    html += fmt::format("<img src=\"data:image/png;base64,{}\" alt=\"{}\" width=\"{}\" "
                        "height=\"{}\">",
                        visit.screenshot,
                        html_escaped(alternative),
                        pages.width,
                        pages.height);
  }
  return html + "</figure>\n";
}

std::string pictures(const PageComparison& page, const model::PagesTried& pages)
{
  const auto url = harmless(page.with->url, true);
  return "<div class=\"pictures\">\n" +
         figure(tr("With everybody"), say("How {} looks with everybody", url), *page.with, pages) +
         figure(tr("Without"), say("How {} looks without the absent", url), *page.without, pages) +
         "</div>\n";
}

std::string requests_table(const PageComparison& page)
{
  const std::vector<Column> columns = {{tr("asked for")},
                                       {tr("kind")},
                                       {tr("whose")},
                                       {tr("fell away")},
                                       {tr("with everybody")},
                                       {tr("without")}};
  std::string html =
      head(say("What {} asked for, what fell away first", harmless(page.with->url, true)), columns);
  for (const auto& request : page.requests) {
    const auto& any = request.any();
    html +=
        row(columns,
            {harmless(any.url, true),
             harmless(any.kind, true),
             whose(any, as_html),
             request.fell_away() ? tr("YES")
                                 : (request.not_in_the_room() ? tr("not in the room") : tr("no")),
             outcome_words(request.with, as_html),
             outcome_words(request.without, as_html)});
  }
  return html + table_end;
}

std::string page_as_html(const PageComparison& page, const model::PagesTried& pages)
{
  std::string html = "<h3>" + html_escaped(harmless(page.with->url, true)) + "</h3>\n" +
                     paragraphs(page_sentences(page, as_html)) + pictures(page, pages);
  if (!page.requests.empty()) {
    html += requests_table(page);
  }
  if (!page.new_errors.empty()) {
    std::vector<std::string> errors;
    for (const auto* message : page.new_errors) {
      errors.push_back(console_words(*message, as_html));
    }
    html +=
        "<h4>" + html_escaped(tr("What its console said only without")) + "</h4>\n" + list(errors);
  }
  return html;
}

}  // namespace

std::string pages_as_html(const model::PagesTried& pages)
{
  std::string html = "<h2>" + html_escaped(tr("The pages, with and without")) + "</h2>\n";
  for (const auto& page : compare(pages)) {
    html += page_as_html(page, pages);
  }
  return html;
}

}  // namespace zonder::report
