// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/html_parts.hh"

#include <fmt/core.h>

#include "base/translate.hh"

namespace zonder::report {
namespace {

// A narrow screen turns each row of a table into a small list: no scrolling sideways at 320 px.
constexpr const char* style_sheet = R"(
:root { color-scheme: light dark; --line: #767676; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem;
  overflow-wrap: break-word; }
h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: 1.2rem; margin-top: 2rem; }
.verdict { border: 2px solid var(--line); padding: .25rem 1rem; }
.verdict p:first-child { font-weight: bold; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0;
  border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
td, th[scope=row], caption, h3, figcaption, li { overflow-wrap: anywhere; }
td, th { min-width: 4rem; }
@media (max-width: 40rem) {
  thead { position: absolute; clip-path: inset(50%); height: 1px; width: 1px; overflow: hidden; }
  tr { display: block; border-bottom: 2px solid var(--line); padding: .4rem 0; }
  th, td, td.number { display: block; overflow-wrap: anywhere; border: 0; padding: 0; text-align: left; }
  td::before, th[data-label]::before { content: attr(data-label) ": "; font-weight: normal; }
}
.pictures { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; margin: 1rem 0; }
figure { margin: 0; } figcaption { padding-bottom: .25rem; }
figure img { width: 100%; height: auto; border: 1px solid var(--line); }
@media (max-width: 40rem) { .pictures { grid-template-columns: 1fr; } }
@media print { body { max-width: none; } tr { break-inside: avoid; } h2 { break-after: avoid; } }
)";

}  // namespace

std::string begin_document(const std::string& title)
{
  const bool dutch = current_language() == Language::Dutch;
  return fmt::format("<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                     "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
                     "form-action 'none'\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                     "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n",
                     dutch ? "nl" : "en",
                     html_escaped(title),
                     style_sheet);
}

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
