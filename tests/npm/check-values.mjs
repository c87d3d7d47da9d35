#!/usr/bin/env node
// Computes the values of docs/vectors/values.json again with node's own SHA-256, npm's jose and canonicalize.
//   node check-values.mjs VECTORS
// Exit 0 all agree, 1 not.
import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import canonicalize from 'canonicalize';
import {calculateJwkThumbprint} from 'jose';
import {demand} from './reader.mjs';

const vectors = process.argv[2];
const values = JSON.parse(readFileSync(join(vectors, 'values.json'), 'utf8'));
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const node_hash = (left, right) => sha256(Buffer.of(1), left, right);
const event = (n) => readFileSync(join(vectors, `publication/v1/events/${n}.json`));
const leaf_hash = (n) => sha256(Buffer.of(0), event(n));

/** RFC 6962 §2.1, read aloud, over leaves from … to−1. */
const known = new Map();
function root_of(from, to) {
  const name = `${from} ${to}`;
  if (known.has(name)) return known.get(name);
  let split = 1;
  while (split * 2 < to - from) split *= 2;
  const root = to === from ? sha256() : to - from === 1 ? leaf_hash(from)
    : node_hash(root_of(from, from + split), root_of(from + split, to));
  known.set(name, root);
  return root;
}

/** PATH(m, D[from:to]) of RFC 6962 §2.1.1. */
function inclusion(m, from, to) {
  if (to - from === 1) return [];
  let split = 1;
  while (split * 2 < to - from) split *= 2;
  const middle = from + split;
  return m < middle ? [...inclusion(m, from, middle), root_of(middle, to)]
    : [...inclusion(m, middle, to), root_of(from, middle)];
}

/** SUBPROOF(m, D[from:to], complete) of RFC 6962 §2.1.2. */
function consistency(m, from, to, complete) {
  if (m === to) return complete ? [] : [root_of(from, to)];
  let split = 1;
  while (split * 2 < to - from) split *= 2;
  const middle = from + split;
  return m <= middle ? [...consistency(m, from, middle, complete), root_of(middle, to)]
    : [...consistency(m, middle, to, false), root_of(from, middle)];
}

function tile_path({entries, index, level, width}) {
  const groups = [String(index % 1000).padStart(3, '0')];
  for (let n = Math.floor(index / 1000); n > 0; n = Math.floor(n / 1000)) {
    groups.unshift(`x${String(n % 1000).padStart(3, '0')}`);
  }
  return `/log/tile/${entries ? 'entries' : level}/${groups.join('/')}${width < 256 ? `.p/${width}` : ''}`;
}

const same = (what, computed, stated) => demand(
  JSON.stringify(computed) === JSON.stringify(stated), `${what}: ${JSON.stringify(computed)}, not ${JSON.stringify(stated)}`);
const hex = (list) => list.map((octets) => octets.toString('hex'));

async function main() {
  const {tree} = values;
  same('empty root', root_of(0, 0).toString('hex'), tree.empty_root);
  for (const {index, hash} of tree.leaf_hashes) same(`leaf ${index}`, leaf_hash(index).toString('hex'), hash);
  for (const {size, root} of tree.roots) same(`root ${size}`, root_of(0, size).toString('hex'), root);
  for (const {index, size, path} of tree.inclusion) same(`inclusion ${index}`, hex(inclusion(index, 0, size)), path);
  for (const {from, to, path} of tree.consistency) same(`consistency ${from}`, hex(consistency(from, 0, to, true)), path);
  for (const tile of values.tile_paths) same('tile', tile_path(tile), tile.path);
  for (const {vkey, hash} of values.keys.note_key_hashes) {
    const [name, , key] = vkey.split('+').length === 3 ? vkey.split('+') : [vkey.split('+')[0], '', vkey.split('+').slice(2).join('+')];
    same(vkey, sha256(`${name}\n`, Buffer.from(key, 'base64')).subarray(0, 4).toString('hex'), hash);
  }
  for (const {jwk, thumbprint} of values.keys.thumbprints) same('jwk', await calculateJwkThumbprint(jwk), thumbprint);
  for (const {text, canonical} of values.json) {
    if (canonical !== null) same(text, canonicalize(JSON.parse(text)), canonical);
  }
  for (const {number, valid} of values.days.corporate_numbers) {
    const sum = [...number.slice(1)].reverse().reduce((all, digit, n) => all + Number(digit) * (n % 2 === 0 ? 1 : 2), 0);
    same(number, number.length === 13 && Number(number[0]) === 9 - (sum % 9), valid);
  }
  console.log('good: the values of values.json');
}

main().catch((error) => {
  console.error(`check-values: ${error.message}`);
  process.exit(1);
});
