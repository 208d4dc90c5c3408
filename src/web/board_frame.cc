// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "web/board_frame.hh"

#include <fmt/core.h>

#include "base/translate.hh"
#include "web/page_frame.hh"
#include "web/page_words.hh"
#include "web/room_pages.hh"

namespace zonder::web {
namespace {

// The words come from the page, which knows the language. What has the keyboard is not replaced
// under somebody's hands, and what nobody looks at is not asked for.
constexpr const char* script = R"((function () {
  var board = document.getElementById('board');
  var button = document.getElementById('pause');
  var state = document.getElementById('board-state');
  if (!board || !button || !state || !window.XMLHttpRequest) { return; }
  var paused = false, waiting = false;
  function tell(key) {
    var text = key ? state.getAttribute('data-' + key) : '';
    if (state.textContent !== text) { state.textContent = text; }
  }
  function look() {
    if (paused || waiting || document.hidden || board.contains(document.activeElement)) { return; }
    var request = new XMLHttpRequest();
    waiting = true;
    request.open('GET', board.getAttribute('data-from'));
    request.timeout = 10000;
    request.onload = function () {
      waiting = false;
      if (request.status !== 200) { tell('lost'); return; }
      if (paused || board.contains(document.activeElement)) { return; }
      board.innerHTML = request.responseText;
      tell('');
    };
    request.onerror = request.ontimeout = function () { waiting = false; tell('lost'); };
    request.send();
  }
  button.onclick = function () {
    paused = !paused;
    button.textContent = button.getAttribute(paused ? 'data-on' : 'data-pause');
    tell(paused ? 'paused' : '');
    look();
  };
  button.hidden = false;
  setInterval(look, 5000);
})();
)";

}  // namespace

std::string
framed_board(const RoomView& view, const std::string& base, const std::string& path, bool big)
{
  const auto from = base + "board" + (big ? "?big=1" : "") +
                    (view.lang.empty() ? "" : (big ? "&lang=" : "?lang=") + view.lang);
  return fmt::format(
             "<p><button type=\"button\" id=\"pause\" class=\"less\" data-pause=\"{}\" "
             "data-on=\"{}\" hidden>{}</button> <a href=\"{}\">{}</a></p>\n"
             "<p id=\"board-state\" role=\"status\" data-paused=\"{}\" data-lost=\"{}\"></p>\n"
             "<div id=\"board\" data-from=\"{}\">\n",
             escaped(tr("Pause")),
             escaped(tr("Go on")),
             escaped(tr("Pause")),
             escaped(with_language(view, path)),
             escaped(tr("Refresh")),
             escaped(tr("Paused: this is how it was then.")),
             escaped(tr("The room does not answer: this is how it was before.")),
             escaped(from)) +
         board_fragment(view, base, big) + "</div>\n";
}

std::string board_script()
{
  return script;
}

}  // namespace zonder::web
