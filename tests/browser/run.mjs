#!/usr/bin/env node
// Serves a published folder on 127.0.0.1 and lets Chromium verify it: check.mjs runs in a page of it. Prints what the page
// says. The browser is driven over the DevTools protocol through a pipe and reaches no other address.
//   node run.mjs FOLDER --trust DIR --service ID [--other DIR]      --other: a trust folder by which it must be refused
// Exit 0 good, 1 refused, 2 usage.
import {spawn} from 'node:child_process';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import {join, normalize} from 'node:path';
import {parseArgs} from 'node:util';

const kTimeout = 60_000;
const kTypes = {'/': 'text/html; charset=utf-8', '/check.mjs': 'text/javascript'};
const kArguments = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-extensions',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', '--remote-debugging-pipe'];

/** A static server of the page, the pinned root keys and the published files. */
async function serve(folder, trust) {
  const server = createServer(async (request, answer) => {
    const path = normalize(new URL(request.url, 'http://127.0.0.1').pathname);
    const page = {'/': new URL('check.html', import.meta.url), '/check.mjs': new URL('check.mjs', import.meta.url),
                  '/trust/root.jwks': join(trust, 'root.jwks')};
    try {
      const octets = await readFile(page[path] ?? join(folder, path));
      answer.writeHead(200, {'Content-Type': kTypes[path] ?? 'application/octet-stream'}).end(octets);
    } catch {
      answer.writeHead(404).end();
    }
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return server;
}

/** A browser that answers `send(method, params, session)`; messages end with a NUL byte. */
function start_browser(profile) {
  const child = spawn('chromium', [...kArguments, `--user-data-dir=${profile}`, 'about:blank'],
                      {stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe']});
  const waiting = new Map();
  let [next, rest] = [1, ''];
  child.stdio[4].setEncoding('utf8').on('data', (text) => {
    const messages = (rest + text).split('\0');
    rest = messages.pop();
    for (const {id, result, error} of messages.map((message) => JSON.parse(message))) {
      waiting.get(id)?.[error ? 'reject' : 'resolve'](error ? new Error(error.message) : result);
      waiting.delete(id);
    }
  });
  let dead = null;
  const fail = (error) => {
    dead = error;
    waiting.forEach(({reject}) => reject(error));
  };
  const ended = new Promise((resolve) => child.on('exit', resolve).on('error', resolve));
  child.on('error', fail).on('exit', () => fail(new Error('the browser ended')));
  child.stdio[3].on('error', fail);
  const send = (method, params = {}, sessionId = undefined) => new Promise((resolve, reject) => {
    if (dead) throw dead;
    waiting.set(next, {resolve, reject});
    child.stdio[3].write(`${JSON.stringify({id: next++, method, params, sessionId})}\0`);
  });
  return {child, ended, send};
}

/** The value of an expression in the page at `address`. */
async function evaluate({send}, address, expression) {
  const {targetId} = await send('Target.createTarget', {url: address});
  const {sessionId} = await send('Target.attachToTarget', {targetId, flatten: true});
  for (;;) {
    const {result} = await send('Runtime.evaluate', {expression: 'document.readyState + " " + location.href'}, sessionId);
    if (result.value === `complete ${address}`) break;
    await new Promise((later) => setTimeout(later, 20));
  }
  const wanted = {expression, awaitPromise: true, returnByValue: true};
  const {result, exceptionDetails: thrown} = await send('Runtime.evaluate', wanted, sessionId);
  if (thrown) throw new Error(thrown.exception?.description?.split('\n')[0].replace(/^Error: /, '') ?? thrown.text);
  return result.value;
}

/** What check.mjs says of a service in a folder by a trust folder. */
async function check(browser, folder, trust, service) {
  const server = await serve(folder, trust);
  try {
    const address = `http://127.0.0.1:${server.address().port}/`;
    return await evaluate(browser, address, `import('/check.mjs').then((check) => check.run(${JSON.stringify(service)}))`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

async function verify(browser, folder, {trust, other, service}) {
  console.log((await browser.send('Browser.getVersion')).product);
  console.log((await check(browser, folder, trust, service)).join('\n'));
  if (!other) return;
  const refusal = await check(browser, folder, other, service).then(() => null, (error) => error.message);
  if (!refusal) throw new Error('accepted: by the root keys of another register');
  console.log(`refused by the root keys of another register: ${refusal}`);
}

async function main() {
  const {values, positionals: [folder]} = parseArgs({allowPositionals: true, options: {
    trust: {type: 'string'}, other: {type: 'string'}, service: {type: 'string'}}});
  if (!folder || !values.trust || !values.service) {
    throw Object.assign(new Error('FOLDER, --trust and --service are needed'), {usage: true});
  }
  const profile = await mkdtemp(join(tmpdir(), 'browser.'));
  const browser = start_browser(profile);
  const late = setTimeout(() => browser.child.kill('SIGKILL'), kTimeout);
  try {
    await verify(browser, folder, values);
    await browser.send('Browser.close').catch(() => {});
  } finally {
    browser.child.kill();
    await browser.ended;
    clearTimeout(late);
    await rm(profile, {recursive: true, force: true, maxRetries: 20, retryDelay: 100});
  }
}

main().catch((error) => {
  console.error(`browser: ${error.message}`);
  process.exit(error.usage || error.code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1);
});
