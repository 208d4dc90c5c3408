// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// board_page.mjs SCRIPT: runs the board's script in a page of paper, with a clock that is turned by hand, and
// prints what a reader would see after each step, a line each.
import {readFileSync} from 'node:fs';
import {runInNewContext} from 'node:vm';

const element = attributes => ({
  hidden: true,
  textContent: '',
  innerHTML: 'first',
  getAttribute: name => attributes[name],
  contains(other) { return other === this || other === this.child; }
});
const page = {
  board: element({'data-from': '/KEY/board?big=1'}),
  pause: element({'data-pause': 'Pause', 'data-on': 'Go on'}),
  'board-state': element({'data-paused': 'Paused', 'data-lost': 'Lost'})
};
const document = {hidden: false, activeElement: null, getElementById: id => page[id]};
const requests = [];
class XMLHttpRequest {
  open(method, url) { this.asked = `${method} ${url}`; }
  send() { requests.push(this); }
}
let tick;
let answers = 0;

function step(what, act = () => {}) {
  act();
  tick();
  const request = requests.pop();
  if (request?.answer !== undefined) {
    throw new Error('answered twice');
  }
  const dies = what === 'the room dies';
  if (request) {
    request.answer = ++answers;
    request.status = what === 'an error' ? 404 : 200;
    request.responseText = `answer ${answers}`;
    dies ? request.onerror() : request.onload();
  }
  console.log(`${what}: ${request?.asked ?? 'nothing asked'}; ${page.board.innerHTML}; ` +
              `${page.pause.textContent}; ${page['board-state'].textContent}`);
}

runInNewContext(readFileSync(process.argv[2], 'utf8'),
                {document, window: {XMLHttpRequest}, XMLHttpRequest,
                 setInterval: (act, time) => { tick = act; console.log(`every ${time} ms`); }});
console.log(`button ${page.pause.hidden ? 'hidden' : 'shown'}`);
step('five seconds');
step('in the background', () => { document.hidden = true; });
step('back', () => { document.hidden = false; });
step('a button in it has the keyboard', () => { document.activeElement = page.board.child = {}; });
step('no more', () => { document.activeElement = null; });
page.pause.onclick();
step('paused');
page.pause.onclick();
requests.pop().onerror();
step('on again');
step('the room dies');
step('an error');
step('it lives again');
