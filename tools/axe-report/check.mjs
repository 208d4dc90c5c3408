#!/usr/bin/env node
// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// check.mjs FILE.html...: holds each report against all rules of axe, wide and at 320 pixels, light and
// dark, and looks whether anything has to be scrolled sideways. Prints what is wrong. Exit code: 0 nothing,
// 1 findings, 4 it cannot be checked here (axe-core or Chromium is missing).
import {spawn} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';

const notHere = 4;

function stop(code, text) {
  console.error(text);
  process.exit(code);
}

function findBrowser() {
  for (const name of [process.env.ZONDER_BROWSER, 'chromium', 'chromium-browser', 'google-chrome']) {
    for (const folder of name ? (process.env.PATH ?? '').split(delimiter) : []) {
      if (existsSync(join(folder, name))) {
        return join(folder, name);
      }
    }
  }
  stop(notHere, 'Chromium is not installed');
}

function readAxe() {
  const file = new URL('node_modules/axe-core/axe.min.js', import.meta.url);
  return existsSync(file) ? readFileSync(file, 'utf8')
      : stop(notHere, 'axe-core is not installed in tools/axe-report (script/bootstrap does it)');
}

/** A browser that one talks with over two descriptors: messages that end in a zero byte. */
class Browser {
  constructor(program, profile) {
    this.child = spawn(program,
                       ['--headless', '--remote-debugging-pipe', `--user-data-dir=${profile}`, '--no-first-run',
                        '--disable-background-networking', '--disable-component-update', '--disable-gpu',
                        '--disable-dev-shm-usage', '--disable-features=MediaRouter,DialMediaRouteProvider',
                        // A report asks nothing of any network, and the browser shall not either.
                        '--host-resolver-rules=MAP * ~NOTFOUND', '--proxy-server=http://127.0.0.1:9', ...(process.getuid() === 0 ? ['--no-sandbox'] : [])],
                       {stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe']});
    this.last = 0;
    this.waiting = new Map();
    this.events = [];
    let heard = '';
    this.child.stdio[4].setEncoding('utf8');
    this.child.stdio[4].on('data', text => {
      heard += text;
      for (let end = heard.indexOf('\0'); end >= 0; end = heard.indexOf('\0')) {
        this.take(JSON.parse(heard.slice(0, end)));
        heard = heard.slice(end + 1);
      }
    });
    this.child.stdio[3].on('error', () => {});
    this.child.on('exit', () => this.waiting.forEach(([, reject]) => reject(new Error('the browser ended'))));
  }
  take(message) {
    const [done, reject] = this.waiting.get(message.id) ?? [];
    this.waiting.delete(message.id);
    if (message.error) {
      reject?.(new Error(message.error.message));
    } else if (done) {
      done(message.result);
    } else {
      this.events.forEach(listener => listener(message));
    }
  }
  ask(method, params = {}, sessionId = undefined) {
    return new Promise((done, reject) => {
      this.waiting.set(++this.last, [done, reject]);
      this.child.stdio[3].write(JSON.stringify({id: this.last, method, params, sessionId}) + '\0');
    });
  }
  async close() {
    const ended = new Promise(done => this.child.on('exit', done));
    this.ask('Browser.close').catch(() => {});
    await ended;
  }
}

async function look(browser, session, width, scheme, axe) {
  await browser.ask('Emulation.setDeviceMetricsOverride',
                    {width, height: 900, deviceScaleFactor: 1, mobile: false}, session);
  await browser.ask('Emulation.setEmulatedMedia',
                    {features: [{name: 'prefers-color-scheme', value: scheme}]}, session);
  const {result, exceptionDetails} = await browser.ask('Runtime.evaluate', {
    expression: `${axe}; axe.run(document, {resultTypes: ['violations']}).then(found => JSON.stringify({
      rules: found.passes.length + found.violations.length,
      violations: found.violations.map(each => ({
        id: each.id, impact: each.impact, help: each.help,
        nodes: each.nodes.map(node => node.html.slice(0, 200) + ' ' + node.failureSummary)})),
      sideways: document.documentElement.scrollWidth - innerWidth}))`,
    awaitPromise: true,
    returnByValue: true
  }, session);
  if (exceptionDetails) {
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  }
  return JSON.parse(result.value);
}

async function openPage(browser, url) {
  const {targetId} = await browser.ask('Target.createTarget', {url: 'about:blank'});
  const {sessionId} = await browser.ask('Target.attachToTarget', {targetId, flatten: true});
  const loaded = new Promise(done => browser.events.push(
      event => event.method === 'Page.loadEventFired' && event.sessionId === sessionId && done()));
  await browser.ask('Page.enable', {}, sessionId);
  await browser.ask('Page.navigate', {url}, sessionId);
  await loaded;
  return {targetId, sessionId};
}

async function check(browser, file, axe) {
  const {targetId, sessionId} = await openPage(browser, pathToFileURL(resolve(file)).href);
  let findings = 0;
  for (const width of [1280, 320]) {
    for (const scheme of ['light', 'dark']) {
      const {rules, violations, sideways} = await look(browser, sessionId, width, scheme, axe);
      console.log(`${file} ${width} ${scheme}: ${rules} rules, ${violations.length} findings`);
      for (const {id, impact, help, nodes} of violations) {
        console.log(`  ${id} (${impact}): ${help}\n    ${nodes.slice(0, 3).join('\n    ')}`);
      }
      if (sideways > 0) {
        console.log(`  wider than the screen by ${sideways} pixels`);
      }
      findings += violations.length + (sideways > 0 ? 1 : 0);
    }
  }
  await browser.ask('Target.closeTarget', {targetId});
  return findings;
}

const files = process.argv.slice(2);
if (files.length === 0) {
  stop(2, 'usage: check.mjs FILE.html...');
}
const axe = readAxe();
const profile = mkdtempSync(join(tmpdir(), 'zonder-axe-'));
const browser = new Browser(findBrowser(), profile);
let findings = 0;
try {
  for (const file of files) {
    findings += await check(browser, file, axe);
  }
} finally {
  await browser.close();
  rmSync(profile, {recursive: true, force: true, maxRetries: 5});
}
process.exit(findings > 0 ? 1 : 0);
