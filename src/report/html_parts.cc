// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/html_parts.hh"

#include <fmt/core.h>

namespace zonder::report {

std::string paragraphs(const std::vector<std::string>& sentences)
{
  std::string html;
  for (const auto& sentence : sentences) {
    html += "<p>" + html_escaped(sentence) + "</p>\n";
  }
  return html;
}

std::string list(const std::vector<std::string>& sentences)
{
  std::string html = "<ul>\n";
  for (const auto& sentence : sentences) {
    html += "<li>" + html_escaped(sentence) + "</li>\n";
  }
  return html + "</ul>\n";
}

std::string head(const std::string& caption, const std::vector<Column>& columns)
{
  // The roles say again what the elements are: on a narrow screen the rows are shown as blocks, and
  // some browsers then no longer tell a screen reader that this is a table.
  std::string html = "<table role=\"table\">\n<caption>" + html_escaped(caption) +
                     "</caption>\n<thead role=\"rowgroup\"><tr role=\"row\">";
  for (const auto& column : columns) {
    html += fmt::format("<th scope=\"col\" role=\"columnheader\"{}>{}</th>",
                        column.number ? " class=\"number\"" : "",
                        html_escaped(column.title));
  }
  return html + "</tr></thead>\n<tbody role=\"rowgroup\">\n";
}

std::string row(const std::vector<Column>& columns, const std::vector<std::string>& cells)
{
  std::string html = "<tr role=\"row\">";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const char* tag = i == 0 ? "th scope=\"row\" role=\"rowheader\"" : "td role=\"cell\"";
    html += fmt::format("<{}{} data-label=\"{}\">{}</{}>",
                        tag,
                        columns[i].number ? " class=\"number\"" : "",
                        html_escaped(columns[i].title),
                        html_escaped(cells[i]),
                        i == 0 ? "th" : "td");
  }
  return html + "</tr>\n";
}

std::string html_escaped(std::string_view text)
{
  std::string safe;
  for (const char c : text) {
    switch (c) {
    case '&':
      safe += "&amp;";
      break;
    case '<':
      safe += "&lt;";
      break;
    case '>':
      safe += "&gt;";
      break;
    case '"':
      safe += "&quot;";
      break;
    case '\'':
      safe += "&#39;";
      break;
    default:
      safe += c;
    }
  }
  return safe;
}

}  // namespace zonder::report
