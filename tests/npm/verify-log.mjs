#!/usr/bin/env node
// Recomputes the log with node's own SHA-256 and Ed25519: the checkpoint's signature, and its root from the published
// events; with --tiles also from the entry bundles and the hash tiles, with --record the proof in a service's evidence.
//   node verify-log.mjs BASE --trust DIR [--now POSIX] [--tiles] [--record ID]...      BASE: a folder or http://…
// Exit 0 good, 1 refused, 2 usage. Source: RFC 6962 §2.1; C2SP signed-note, tlog-checkpoint, tlog-tiles, tlog-proof.
import {createHash, createPublicKey, verify as verify_signature} from 'node:crypto';
import {parseArgs} from 'node:util';
import canonicalize from 'canonicalize';
import {read_trust, verify_compact, verify_keys} from './keyset.mjs';
import {demand, documents, utf8} from './reader.mjs';

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const leaf_hash = (octets) => sha256(Buffer.of(0), octets);
const node_hash = (left, right) => sha256(Buffer.of(1), left, right);

/** RFC 6962 §2.1, read aloud: slow and plain. */
function root_of(hashes) {
  if (hashes.length === 0) return sha256();
  if (hashes.length === 1) return hashes[0];
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return node_hash(root_of(hashes.slice(0, split)), root_of(hashes.slice(split)));
}

/** {name, id, key} of a verifier key "name+hash+base64(0x01 ‖ 32 bytes)". */
function parse_vkey(vkey) {
  const [, name, id, body] = vkey.match(/^([^+\s]+)\+([0-9a-f]{8})\+(.+)$/) ?? [];
  demand(name, `vkey: ${vkey}`);
  const bytes = Buffer.from(body, 'base64');
  demand(bytes.length === 33 && bytes[0] === 1, 'vkey: not Ed25519');
  demand(sha256(`${name}\n`, bytes).subarray(0, 4).toString('hex') === id, 'vkey: its id is not of its key');
  const prefix = Buffer.from('302a300506032b6570032100', 'hex');
  return {name, id, key: createPublicKey({key: Buffer.concat([prefix, bytes.subarray(1)]), format: 'der', type: 'spki'})};
}

/** {origin, size, root} of a signed note with a good signature by one of the vkeys. */
export function verify_checkpoint(note, vkeys) {
  const cut = note.indexOf('\n\n');
  demand(cut > 0 && note.endsWith('\n'), 'checkpoint: not a signed note');
  const text = note.slice(0, cut + 1);
  const good = vkeys.map(parse_vkey).some(({name, id, key}) => note.slice(cut + 2).split('\n').some((line) => {
    const [, who, what] = line.match(/^\u2014 (\S+) (\S+)$/) ?? [];
    if (who !== name) return false;
    const bytes = Buffer.from(what, 'base64');
    return bytes.subarray(0, 4).toString('hex') === id && verify_signature(null, text, key, bytes.subarray(4));
  }));
  demand(good, 'checkpoint: no good signature of the log');
  const [origin, size, root, ...rest] = text.split('\n');
  demand(/^(0|[1-9]\d*)$/.test(size) && rest.join('') === '', 'checkpoint: its three lines');
  return {origin, size: Number(size), root: Buffer.from(root, 'base64')};
}

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

/** RFC 9162 §2.1.3.2. */
function verify_inclusion(hash, index, size, proof, root) {
  let [fn, sn, r] = [index, size - 1, hash];
  for (const p of proof) {
    demand(sn > 0, 'proof: too long');
    if (fn % 2 === 1 || fn === sn) {
      r = node_hash(p, r);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
    } else {
      r = node_hash(r, p);
    }
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  demand(sn === 0 && r.equals(root), 'proof: does not lead to the root');
}

/** A service's signed evidence: the leaf, its place in the log, the log's signature. */
async function verify_evidence(read, keyset, id) {
  const path = `/v1/records/${id}.jwt`;
  const claims = JSON.parse(utf8(await verify_compact(utf8(await read(path)), keyset, 'liu-status+jwt')));
  demand(claims.iss === keyset.iss && claims.event.record.id === id && !('exp' in claims), `${path}: its claims`);
  const cut = claims.proof.indexOf('\n\n');
  const [magic, index, ...hashes] = claims.proof.slice(0, cut).split('\n');
  demand(magic === 'c2sp.org/tlog-proof@v1' && index === `index ${claims.event.seq}`, `${path}: proof begins ${magic} ${index}`);
  const checkpoint = verify_checkpoint(claims.proof.slice(cut + 2), keyset.log);
  verify_inclusion(leaf_hash(canonicalize(claims.event)), claims.event.seq, checkpoint.size,
                   hashes.map((hash) => Buffer.from(hash, 'base64')), checkpoint.root);
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
  for (const id of values.record) await verify_evidence(read, keyset, id);
  console.log(`good: ${checkpoint.origin}, all ${checkpoint.size} events lead to the signed root`);
  if (values.record.length) console.log(`good: evidence of ${values.record.join(', ')}`);
}

main().catch((error) => {
  console.error(`verify-log: ${error.message}`);
  process.exit(error.usage || error.code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1);
});
