// Accepted acts until their signed publication, one after the other over one connection, and what the disk and the
// processor need alone: medians and p99 in milliseconds, as JSON.
//   node acts.mjs BASE TOKEN SERVICE COUNT FOLDER
import {createHash} from 'node:crypto';
import {closeSync, fdatasyncSync, openSync, unlinkSync, writeSync} from 'node:fs';

const [base, token, service, count, folder] = process.argv.slice(2);
const sorted = times => times.sort((a, b) => a - b);
const figures = times => ({p50: sorted(times)[Math.floor(times.length / 2)], p99: times[Math.floor(times.length * 0.99)]});
const clock = () => Number(process.hrtime.bigint()) / 1e6;

async function act(n) {
  const response = await fetch(`${base}/v1/services/${service}/acts`, {method: 'POST',
    headers: {Authorization: `Bearer ${token}`, 'Content-Type': 'application/json'},
    body: JSON.stringify({act: 'usage', article: '11.5(13)', agencies_using: n, reason: {ja: '計測'},
      basis: {channel: '計測', received_on: '2026-11-20'}})});
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
  await response.arrayBuffer();
}

// One act is two durable writes to the database's and the guard's file, each with a sync or two of its own.
function disk() {
  const path = `${folder}/bench.tmp`, file = openSync(path, 'w'), block = Buffer.alloc(16384, 1), times = [];
  for (let i = 0; i < 200; ++i) {
    const from = clock();
    writeSync(file, block, 0, block.length, 0);
    fdatasyncSync(file);
    times.push(clock() - from);
  }
  closeSync(file);
  unlinkSync(path);
  return figures(times);
}

const acts = [];
const before = disk();
for (let n = 0; n < Number(count); ++n) {
  const from = clock();
  await act(10000 + n);
  acts.push(clock() - from);
}
const list = Buffer.from(await (await fetch(`${base}/v1/list.json`)).arrayBuffer());
const hashes = [];
for (let i = 0; i < 50; ++i) {
  const from = clock();
  createHash('sha256').update(list).digest();
  hashes.push(clock() - from);
}
console.log(JSON.stringify({act: figures(acts), one_synced_write: before, sha256_of_list: figures(hashes), list_bytes: list.length}));
