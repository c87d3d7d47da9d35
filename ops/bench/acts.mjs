// Accepted acts until their signed publication, one after the other over one connection and each on another service,
// and after each what the disk takes alone for the same writes: medians and p99 in milliseconds, as JSON; and the time
// that the server's threads were on a processor, for an act.
//   node acts.mjs BASE TOKEN SERVICES COUNT FOLDER PID [FIRST]
import {createHash} from 'node:crypto';
import {closeSync, fdatasyncSync, fsyncSync, openSync, readFileSync, renameSync, unlinkSync, writeSync} from 'node:fs';

const [base, token, services, count, folder, pid, first = '0'] = process.argv.slice(2);
const sorted = times => times.sort((a, b) => a - b);
const figures = times => ({p50: sorted(times)[Math.floor(times.length / 2)], p99: times[Math.floor(times.length * 0.99)]});
const clock = () => Number(process.hrtime.bigint()) / 1e6;

const id = n => `L${20 + Math.floor(n / 9999)}-${String(n % 9999 + 1).padStart(4, '0')}`;
const step = 7;  // spreads the acts over the list; no service is met twice before 500 acts

async function act(n) {
  const response = await fetch(`${base}/v1/services/${id((n * step) % Number(services))}/acts`, {method: 'POST',
    headers: {Authorization: `Bearer ${token}`, 'Content-Type': 'application/json'},
    body: JSON.stringify({act: 'usage', article: '11.5(13)', agencies_using: 10000 + n, reason: {ja: '計測'},
      basis: {channel: '計測', received_on: '2026-05-20'}})});
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
  await response.arrayBuffer();
}

// The writes of one act: pages and meta page of a commit, and the guard file by temp, rename and its folder.
const database = openSync(`${folder}/bench.mdb`, 'w'), pages = Buffer.alloc(12 * 4096, 1);
function commit() {
  writeSync(database, pages, 0, pages.length, 0);
  fdatasyncSync(database);
  writeSync(database, pages, 0, 4096, 0);
  fdatasyncSync(database);
  const guard = openSync(`${folder}/bench.guard.new`, 'w');
  writeSync(guard, pages, 0, 200, 0);
  fsyncSync(guard);
  closeSync(guard);
  renameSync(`${folder}/bench.guard.new`, `${folder}/bench.guard`);
  const place = openSync(folder, 'r');
  fsyncSync(place);
  closeSync(place);
}

/** User and system time of the server, in milliseconds (proc(5): clock ticks of 10 ms). */
function on_processor() {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

async function timed(times, work) {
  const from = clock();
  await work();
  times.push(clock() - from);
}

const acts = [], commits = [], hashes = [], began = on_processor();
for (let n = 0; n < Number(count); ++n) {
  await timed(acts, () => act(Number(first) + n));
  await timed(commits, commit);
}
const cpu = (on_processor() - began) / Number(count);
const list = Buffer.from(await (await fetch(`${base}/v1/list.jwt`)).arrayBuffer());
for (let i = 0; i < 20; ++i) await timed(hashes, () => createHash('sha256').update(list).digest());
closeSync(database);
for (const name of ['bench.mdb', 'bench.guard']) unlinkSync(`${folder}/${name}`);
console.log(JSON.stringify({act: figures(acts), commit: figures(commits), cpu, sha256_of_list: figures(hashes), list_bytes: list.length}));
