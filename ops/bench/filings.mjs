// Filings beside bare commits, as JSON: drafts and submissions of reports a second from eight clients at once, the time of
// one submission alone, the time from an acceptance to its signed publication, and what the disk takes for one commit.
//   node filings.mjs BASE REGISTRANT-TOKEN OPERATOR-TOKEN SERVICES COUNT FOLDER
import {closeSync, fdatasyncSync, openSync, unlinkSync, writeSync} from 'node:fs';

const [base, registrant, operator, services, count, folder] = process.argv.slice(2);
const sorted = times => times.sort((a, b) => a - b);
const figures = times => ({p50: sorted(times)[Math.floor(times.length / 2)], p99: times[Math.floor(times.length * 0.99)]});
const clock = () => Number(process.hrtime.bigint()) / 1e6;
const id = n => `L${20 + Math.floor(n / 9999)}-${String(n % 9999 + 1).padStart(4, '0')}`;
const clients = 8;

async function post(token, path, body, key, status) {
  const headers = {Authorization: `Bearer ${token}`};
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (key) headers['Idempotency-Key'] = key;
  for (;;) {
    const response = await fetch(base + path, {method: 'POST', headers, body: body && JSON.stringify(body)});
    if (response.status === 429) {  // the bench keeps to the rate that the server allows
      await new Promise(done => setTimeout(done, 1000 * Number(response.headers.get('Retry-After'))));
      continue;
    }
    const json = await response.json();
    if (response.status !== status) throw new Error(`${path}: ${response.status} ${JSON.stringify(json)}`);
    return json;
  }
}

const service = n => id((n * 7) % Math.min(Number(services), 40));  // those of the registrant's token
const report = n => post(registrant, '/v1/filings', {form: '13.2', service: service(n), known_on: '2026-05-20',
  report: {ja: `計測 ${n}`}}, undefined, 201);
const submit = draft => post(registrant, `/v1/filings/${draft.id}/submission`, undefined, `bench-${draft.id}`, 202);

async function timed(times, work) {
  const from = clock();
  const value = await work();
  times.push(clock() - from);
  return value;
}

// One commit of the database alone: its pages, and its meta page.
const database = openSync(`${folder}/bench.mdb`, 'w'), pages = Buffer.alloc(12 * 4096, 1);
function commit() {
  writeSync(database, pages, 0, pages.length, 0);
  fdatasyncSync(database);
  writeSync(database, pages, 0, 4096, 0);
  fdatasyncSync(database);
}

const n = Number(count), submits = [], commits = [], accepts = [];
for (let i = 0; i < n; ++i) {
  const draft = await report(i);
  await timed(submits, () => submit(draft));
  await timed(commits, async () => commit());
}

let next = n;
const end = 3 * n, from = clock();
await Promise.all(Array.from({length: clients}, async () => {
  while (next < end) await submit(await report(next++));
}));
const filed_a_second = (end - n) * 1000 / (clock() - from);

for (let i = 0; i < Math.ceil(n / 4); ++i) {
  const draft = await post(registrant, '/v1/filings', {form: '2-11', service: service(i), reason: {ja: '計測'},
    changes: {url: `https://n${i}.example.jp/`}}, undefined, 201);
  await submit(draft);
  await timed(accepts, () => post(operator, `/v1/filings/${draft.id}/decision`,
    {decision: 'accept', article: '14.2', reason: '計測'}, undefined, 200));
}
closeSync(database);
unlinkSync(`${folder}/bench.mdb`);
console.log(JSON.stringify({filed_a_second, commits_a_second: 1000 / figures(commits).p50, submit: figures(submits),
  accept: figures(accepts), commit: figures(commits)}));
