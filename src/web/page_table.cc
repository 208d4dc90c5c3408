// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "web/page_table.hh"

#include <fmt/core.h>

#include "web/page_words.hh"

namespace zonder::web {
namespace {

// On a narrow screen rows are blocks, and some browsers then no longer tell a screen reader that
// this is a table: the roles say it again.
std::string cell(const Column& column, const std::string& html)
{
  // What is empty is not shown on a narrow screen, and needs no label.
  const auto label =
      html.empty() ? std::string() : fmt::format(" data-label=\"{}\"", escaped(column.title));
  return fmt::format(
      "<td role=\"cell\"{}{}>{}</td>", column.number ? " class=\"number\"" : "", label, html);
}

std::string html_row(const std::vector<Column>& columns, const std::vector<std::string>& cells)
{
  std::string html = "<tr role=\"row\">";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    html += i == 0 ? "<th scope=\"row\" role=\"rowheader\">" + cells[i] + "</th>"
                   : cell(columns[i], cells[i]);
  }
  return html + "</tr>\n";
}

}  // namespace

std::string table(const std::string& caption,
                  const std::vector<Column>& columns,
                  const std::vector<std::vector<std::string>>& rows)
{
  std::string html = report::head(caption, columns);
  for (const auto& cells : rows) {
    html += html_row(columns, cells);
  }
  return html + report::table_end;
}

}  // namespace zonder::web
