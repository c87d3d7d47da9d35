// Clients file at once while others read the list, for a bounded number of filings; fails when an acknowledged filing is
// not there as it was acknowledged, when a lost answer that is asked for again is another one, or when what is read
// contradicts itself. Prints how much was done.
//   node filing-load.mjs BASE REGISTRANT-TOKEN OPERATOR-TOKEN SERVICE... < nothing
import {createHash, randomUUID} from 'node:crypto';

const [base, registrant, operator, ...services] = process.argv.slice(2);
const filers = 6, each = 25;
const filed = [];
let reading = true, reads = 0;

async function ask(token, method, path, body, key) {
  const headers = token ? {Authorization: `Bearer ${token}`} : {};
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (key) headers['Idempotency-Key'] = key;
  for (;;) {
    const response = await fetch(base + path, {method, headers, body: body && JSON.stringify(body)});
    const text = await response.text();
    if (response.status === 429 || (response.status === 409 && response.headers.has('Retry-After'))) {
      await new Promise(done => setTimeout(done, 200));
      continue;
    }
    return {status: response.status, text, json: text.startsWith('{') ? JSON.parse(text) : null};
  }
}

function must(answer, status, what) {
  if (answer.status !== status) throw new Error(`${what}: ${answer.status} ${answer.text}`);
  return answer;
}

async function submit(id, key) {
  const path = `/v1/filings/${id}/submission`;
  // The same request at once from three connections: one filing, one answer.
  const answers = await Promise.all([1, 2, 3].map(() => ask(registrant, 'POST', path, undefined, key)));
  for (const answer of answers) {
    must(answer, 202, `submission of ${id}`);
    if (answer.text !== answers[0].text) throw new Error(`${id} was answered in two ways`);
  }
  return answers[0].json;
}

async function filer(who) {
  for (let n = 0; n < each; ++n) {
    const service = services[(who + n) % services.length];
    const draft = must(await ask(registrant, 'POST', '/v1/filings', {form: '13.2', service, known_on: '2026-05-20',
      report: {ja: `速報 ${who}-${n}`}}), 201, 'draft').json;
    const received = await submit(draft.id, randomUUID());
    filed.push(received);
    if (n % 5 === 0) {
      must(await ask(operator, 'POST', `/v1/filings/${draft.id}/decision`,
        {decision: 'accept', article: '13.2', reason: '形式を確認'}, randomUUID()), 200, 'decision');
    }
  }
}

/** The owner of each service changes its URL: public events between the reports. */
async function changer() {
  for (let n = 0; n < each; ++n) {
    const service = services[n % services.length];
    const draft = must(await ask(registrant, 'POST', '/v1/filings', {form: '2-11', service, reason: {ja: '移転'},
      changes: {url: `https://n${n}.example.jp/`}}), 201, 'draft of 2-11').json;
    const received = await submit(draft.id, randomUUID());
    const decided = must(await ask(operator, 'POST', `/v1/filings/${draft.id}/decision`,
      {decision: 'accept', article: '14.2', reason: '確認'}, randomUUID()), 200, 'acceptance').json;
    const leaf = must(await ask(null, 'GET', `/v1/events/${decided.seq}.json`), 200, 'event').json;
    const digest = createHash('sha256').update(received.receipt).digest('hex');
    if (leaf.receipt !== digest) throw new Error(`event ${decided.seq} names another receipt`);
    filed.push(received);
  }
}

async function reader() {
  while (reading) {
    const list = must(await ask(null, 'GET', '/v1/list.json'), 200, 'list').json;
    if (list.records.length < services.length) throw new Error('the list lost services');
    must(await ask(null, 'GET', '/v1/services?limit=5'), 200, 'query');
    must(await ask(operator, 'GET', '/v1/queue'), 200, 'queue');
    ++reads;
  }
}

const readers = [reader(), reader()];
await Promise.all([changer(), ...Array.from({length: filers}, (_, who) => filer(who))]);
reading = false;
await Promise.all(readers);
for (const received of filed) {
  const now = must(await ask(registrant, 'GET', `/v1/filings/${received.id}`), 200, 'status').json;
  if (now.receipt !== received.receipt || now.received_at !== received.received_at) throw new Error(`${received.id} changed`);
  if (now.payload_sha256 !== received.payload_sha256) throw new Error(`${received.id} holds another payload`);
}
const cases = new Set(filed.filter(f => f.form === '13.2').map(f => f.case));
if (cases.size !== filers * each) throw new Error(`${cases.size} cases for ${filers * each} incidents`);
console.log(JSON.stringify({filed: filed.length, reads}));
