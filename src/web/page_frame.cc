// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "web/page_frame.hh"

#include <fmt/core.h>

#include "base/translate.hh"
#include "web/page_words.hh"

namespace zonder::web {
namespace {

constexpr std::size_t problem_length = 300;

// Meaning never hangs on it: an old browser that knows no variables shows black on white. All
// colours have a contrast of 4.5 to 1 at least on theirs, lines and edges of 3 to 1. On a narrow
// screen the rows of tables become blocks, so that nothing has to be scrolled sideways.
constexpr const char* style_sheet = R"(
:root{color-scheme:light dark;--ink:#1b1b1b;--paper:#fff;--soft:#f1f3f5;--line:#6b7075;--link:#0b4f9e;
--act:#0b4f9e;--on:#fff;--bad:#a3140f}
@media (prefers-color-scheme:dark){:root{--ink:#ececec;--paper:#141618;--soft:#22262a;--line:#8d949b;
--link:#9cc7ff;--act:#9cc7ff;--on:#10151a;--bad:#ffa8a0}}
*{box-sizing:border-box}
body{font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:46rem;
margin:0 auto;padding:.75rem 1rem 2rem;overflow-wrap:break-word;word-wrap:break-word}
.wide{max-width:70rem}h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0}h2{font-size:1.2rem;margin:1.75rem 0 .5rem}
h3{font-size:1.05rem;margin:0 0 .25rem}p{margin:.5rem 0}ul,ol{margin:.5rem 0;padding-left:1.4rem}
a{color:var(--link)}.lang{text-align:right;margin:0}.lang a,nav a{display:inline-block;padding:.25rem 0}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.box,.card{border:1px solid var(--line);border-radius:.4rem;background:var(--soft);padding:.6rem .9rem;
margin:.9rem 0}
.warn{border:2px solid var(--bad)}.bad{color:var(--bad);font-weight:bold}.clock{font-size:1.15rem;font-weight:bold}
fieldset{border:0;margin:.4rem 0;padding:0;min-width:0}legend{padding:0;max-width:100%}
label{display:block;padding:.3rem 0;min-height:1.75rem}
input,button,textarea,summary{font:inherit;max-width:100%}
input[type=radio],input[type=checkbox]{width:1.5rem;height:1.5rem;margin:0 .4rem 0 0;vertical-align:middle}
input[type=text]{width:100%;padding:.4rem;color:var(--ink);background:var(--paper);
border:1px solid var(--line);border-radius:.25rem}
button{min-height:2.75rem;padding:.4rem 1rem;color:var(--on);background:var(--act);border:2px solid var(--act);
border-radius:.4rem;cursor:pointer}
button.less,td button{color:var(--link);background:var(--paper)}
button.stop,.stop summary{color:var(--paper);background:var(--bad);border:2px solid var(--bad)}
.stop summary{padding:.5rem 1rem;border-radius:.4rem;cursor:pointer;font-weight:bold}
table{border-collapse:collapse;width:100%}caption{text-align:left;padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line);
overflow-wrap:anywhere}
th.number,td.number{text-align:right}td button{min-height:2rem;padding:.1rem .6rem}
li,td,th,bdi,legend,code{overflow-wrap:anywhere}
@media (max-width:40rem){thead{position:absolute;clip-path:inset(50%);height:1px;width:1px;overflow:hidden}
tr,th,td,td.number{display:block;text-align:left;padding:0;border:0}
tr{border-bottom:1px solid var(--line);padding:.4rem 0}
td:before{content:attr(data-label) ": "}td:empty{display:none}}
)";

// A beamer is looked at from ten metres: the width of the picture decides how large its letters
// are.
constexpr const char* big_style = R"(
body{font-size:1.6rem;font-size:max(1.1rem,1.7vw);max-width:none;padding:1vw 2vw}
.qr svg{width:100%;max-width:24vw;min-width:12rem;height:auto;background:#fff}
ul,ol{padding-left:2.4em}h1{font-size:1.8em}h2{font-size:1.25em}.clock{font-size:1.4em}
.address{font-size:1.1em;font-weight:bold;overflow-wrap:anywhere}
@media (min-width:60rem){.side{float:right;width:27vw;margin-left:2vw}.side h2{margin-top:0}
#board{overflow:hidden}}
)";

/// To the other language, named in that language.
std::string other_language(const Page& page)
{
  const bool dutch = current_language() == Language::Dutch;
  const char* code = dutch ? "en" : "nl";
  return fmt::format(
      "<p class=\"lang\"><a href=\"{}?lang={}\" hreflang=\"{}\" lang=\"{}\">{}</a></p>\n",
      escaped(page.path),
      code,
      code,
      code,
      dutch ? "English" : "Nederlands");
}

}  // namespace

std::string whole(const Page& page)
{
  std::string html =
      fmt::format("<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<title>{}</title>\n<style>{}{}</style>\n",
                  current_language() == Language::Dutch ? "nl" : "en",
                  escaped(page.title),
                  style_sheet,
                  page.big ? big_style : "");
  if (!page.script.empty()) {
    html += fmt::format("<script src=\"{}\" defer></script>\n", escaped(page.script));
  }
  return html + "</head>\n<body" + (page.wide ? " class=\"wide\"" : "") + ">\n<header>\n" +
         other_language(page) + "</header>\n<main>\n" + page.main + "</main>\n</body>\n</html>\n";
}

std::string with_language(const RoomView& view, std::string_view path)
{
  return std::string(path) + (view.lang.empty() ? "" : "?lang=" + view.lang);
}

std::string form_head(const RoomView& view, std::string_view path)
{
  return fmt::format("<form method=\"post\" action=\"{}\">\n", escaped(with_language(view, path)));
}

std::string hidden(std::string_view name, std::string_view value)
{
  return fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">\n", name, escaped(value));
}

std::string told(const Problem& problem, std::string_view id)
{
  return problem.text.empty() ? std::string()
                              : fmt::format("<p class=\"bad\" id=\"{}\">{}</p>\n",
                                            id,
                                            escaped(tame(problem.text, problem_length)));
}

}  // namespace zonder::web
