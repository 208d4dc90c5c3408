// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/run_html.hh"

#include <fmt/core.h>

#include "base/translate.hh"
#include "report/attempt_words.hh"
#include "report/html_parts.hh"
#include "report/page_html.hh"
#include "report/run_grounds.hh"
#include "report/run_limits.hh"
#include "report/run_names.hh"
#include "report/run_programs.hh"
#include "report/run_verdict.hh"

namespace zonder::report {
namespace {

constexpr std::size_t all_programs = 1000;  // more than anybody reads; the JSON has the rest
constexpr std::size_t all_contacts = 1000;

std::string after_start(model::Moment moment, const model::RunRecord& record)
{
  const std::chrono::duration<double> after = moment - record.started;
  return fmt::format("{:.1f} s", after.count());
}

std::string
attempts_table(const model::RunRecord& record, const Style& style, const Judgement& judgement)
{
  if (record.attempts.empty()) {
    return paragraphs({tr("Nothing was asked of the network.")});
  }
  const std::vector<Column> columns = {{tr("asked for")},
                                       {tr("how")},
                                       {tr("whose")},
                                       {tr("what happened")},
                                       {tr("by")},
                                       {tr("how often"), true},
                                       {tr("first")},
                                       {tr("last")}};
  std::string html =
      head(record.pages ? tr("Everything that the browser asked of the network without them")
                        : tr("Everything that the command asked of the network"),
           columns);
  for (std::size_t i = 0; i < record.attempts.size(); ++i) {
    const auto& attempt = record.attempts[i];
    html +=
        row(columns,
            {target_of(attempt, style),
             protocol_of(attempt),
             attempt.party.empty() ? std::string(tr("not known")) : harmless(attempt.party, true),
             with_standing(verdict_word(attempt, record.signature), judgement, i),
             names_of(attempt.programs, record, style),
             amount(attempt.count, unit_of(attempt, record)),
             after_start(attempt.first, record),
             after_start(attempt.last, record)});
  }
  return html + "</tbody>\n</table>\n";
}

std::string proof_table(const model::RunRecord& record)
{
  const std::vector<Column> columns = {
      {tr("check")}, {tr("target")}, {tr("whose")}, {tr("as it must be")}, {tr("remark")}};
  std::string html =
      head(record.pages ? tr("What was tried before the pages were visited without them")
                        : tr("What was tried before the command began"),
           columns);
  for (const auto& check : record.proof.checks) {
    html += row(columns,
                {check_word(check.what),
                 harmless(check.target, true),
                 harmless(check.party, true),
                 check.as_expected ? tr("yes") : tr("NO"),
                 harmless(check.detail, true)});
  }
  return html + "</tbody>\n</table>\n";
}

}  // namespace

std::string
run_as_html(const model::RunRecord& record, const Style& style, const Judgement& judgement)
{
  const Style unicode{.colour = false, .unicode = true, .now = style.now};
  const auto title = say("Without {}", harmless(record.selector, true));
  std::string html = begin_document(title);
  html += "<h1>" + html_escaped(title) + "</h1>\n";
  html += "<p><code>" + html_escaped(shell_line(record.command, true)) + "</code><br>" +
          html_escaped(
              say("started {}, took {:.1f} s", iso_time(record.started), record.seconds.count())) +
          "</p>\n";
  html +=
      "<div class=\"verdict\">\n" + paragraphs(verdict(record, unicode, judgement.allowed_proxies));
  if (!record.not_started.empty()) {
    return html + "</div>\n" + paragraphs(grounds(record, unicode)) + document_end;
  }
  html += paragraphs(judgement_sentences(judgement, unicode, all_contacts)) + "</div>\n";
  if (record.pages) {
    html += pages_as_html(*record.pages);
  }
  html += "<h2>" + html_escaped(tr("What was asked for")) + "</h2>\n" +
          attempts_table(record, unicode, judgement);
  if (const auto programs = program_sentences(record, unicode, all_programs); !programs.empty()) {
    html += "<h2>" + html_escaped(tr("Which programs were blocked")) + "</h2>\n" + list(programs);
  }
  if (const auto stuck = stuck_names(record.dns, unicode); !stuck.empty()) {
    html += "<h2>" + html_escaped(tr("Names that hang on name servers of the absent")) + "</h2>\n" +
            list(stuck);
  }
  html += "<h2>" + html_escaped(tr("Who was absent")) + "</h2>\n" +
          list(selection_sentences(record, unicode));
  html += "<h2>" + html_escaped(tr("How sure is this")) + "</h2>\n" +
          list(grounds(record, unicode)) + proof_table(record);
  html += "<h2>" + html_escaped(tr("What this does not tell")) + "</h2>\n" +
          list(limits(record, unicode));
  return html + document_end;
}

}  // namespace zonder::report
