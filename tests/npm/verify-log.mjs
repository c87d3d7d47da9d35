#!/usr/bin/env node
// Recomputes the log with node's own SHA-256 and Ed25519: the checkpoint's signature, and its root from the published
// events; with --tiles also from the entry bundles and the hash tiles, with --record the proof in a service's evidence.
//   node verify-log.mjs BASE --trust DIR [--now POSIX] [--tiles] [--record ID]...      BASE: a folder or http://…
// Exit 0 good, 1 refused, 2 usage. Source: RFC 6962 §2.1; C2SP signed-note, tlog-checkpoint, tlog-tiles, tlog-proof.
import {parseArgs} from 'node:util';
import canonicalize from 'canonicalize';
import {verify_evidence} from './evidence.mjs';
import {read_trust, verify_keys} from './keyset.mjs';
import {leaf_hash, root_of, verify_checkpoint} from './log.mjs';
import {demand, documents, utf8} from './reader.mjs';

/** "x001/x234/067"; C2SP tlog-tiles. */
function tile_index(n) {
  const groups = [String(n % 1000).padStart(3, '0')];
  for (n = Math.floor(n / 1000); n > 0; n = Math.floor(n / 1000)) groups.unshift(`x${String(n % 1000).padStart(3, '0')}`);
  return groups.join('/');
}

/** The tiles of one level 0 row or of the entries, in order; the last is partial unless it is full. */
async function read_tiles(read, kind, size) {
  const tiles = [];
  for (let n = 0; n * 256 < size; ++n) {
    const width = Math.min(256, size - n * 256);
    tiles.push(await read(`/log/tile/${kind}/${tile_index(n)}${width < 256 ? `.p/${width}` : ''}`));
  }
  return tiles;
}

function split_bundle(bundle) {
  const entries = [];
  for (let at = 0; at < bundle.length;) {
    const length = bundle.readUInt16BE(at);
    demand(at + 2 + length <= bundle.length, 'entries: cut short');
    entries.push(bundle.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return entries;
}

/** The published events, in order; each must be canonical, in its place and of this log. */
async function read_events(read, checkpoint) {
  const events = [];
  for (let seq = 0; seq < checkpoint.size; ++seq) {
    const octets = await read(`/v1/events/${seq}.json`);
    const leaf = JSON.parse(utf8(octets));
    demand(leaf.seq === seq && leaf.origin === checkpoint.origin, `event ${seq}: says ${leaf.origin} ${leaf.seq}`);
    demand(canonicalize(leaf) === utf8(octets), `event ${seq}: not canonical`);
    events.push(octets);
  }
  return events;
}

/** Leaf hashes by name of where they come from: entry bundles and hash tiles. */
async function read_tree_tiles(read, size) {
  const entries = (await read_tiles(read, 'entries', size)).flatMap(split_bundle);
  const hashes = Buffer.concat(await read_tiles(read, '0', size));
  demand(hashes.length === size * 32, 'tiles: another number of hashes');
  return {entries: entries.map(leaf_hash), tiles: entries.map((_, i) => hashes.subarray(32 * i, 32 * i + 32))};
}

/** Every way to the leaf hashes must come to the checkpoint's root. */
async function verify_tree(read, checkpoint, with_tiles) {
  const rows = {events: (await read_events(read, checkpoint)).map(leaf_hash),
                ...(with_tiles ? await read_tree_tiles(read, checkpoint.size) : {})};
  for (const [name, row] of Object.entries(rows)) {
    demand(row.length === checkpoint.size && root_of(row).equals(checkpoint.root), `${name}: not the signed root`);
  }
}

async function main() {
  const {values, positionals} = parseArgs({allowPositionals: true, options: {
    trust: {type: 'string'}, now: {type: 'string'}, tiles: {type: 'boolean', default: false}, record: {type: 'string', multiple: true, default: []}}});
  if (positionals.length !== 1 || !values.trust) throw Object.assign(new Error('BASE and --trust DIR are needed'), {usage: true});
  const read = documents(positionals[0]);
  const now = values.now ? Number(values.now) : Math.floor(Date.now() / 1000);
  const keyset = await verify_keys(read, await read_trust(values.trust), now);
  const note = utf8(await read('/log/checkpoint'));
  const checkpoint = verify_checkpoint(note, keyset.log);
  await verify_tree(read, checkpoint, values.tiles);
  demand(JSON.parse(utf8(await read('/v1/list.json'))).checkpoint === note, 'list: another checkpoint');
  for (const id of values.record) {
    const claims = await verify_evidence(await read(`/v1/records/${id}.jwt`), keyset);
    demand(claims.event?.record.id === id, `evidence of ${id}: of another service`);
  }
  console.log(`good: ${checkpoint.origin}, all ${checkpoint.size} events lead to the signed root`);
  if (values.record.length) console.log(`good: evidence of ${values.record.join(', ')}`);
}

main().catch((error) => {
  console.error(`verify-log: ${error.message}`);
  process.exit(error.usage || error.code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1);
});
