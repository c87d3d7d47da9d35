#!/usr/bin/env node
// Runs `ismap-liu verify` over every case of docs/vectors/vectors.json, and compares its code and its exit.
//   node check-vectors.mjs PROGRAM VECTORS WORK [NAME]...      WORK: a folder to write to
// Exit 0 all as expected, 1 not.
import {spawnSync} from 'node:child_process';
import {cpSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';

const [program, vectors, work, ...wanted] = process.argv.slice(2);
const index = JSON.parse(readFileSync(join(vectors, 'vectors.json'), 'utf8'));
const kExits = {good: 0, refused: 1, usage: 2, unreachable: 3, unknown: 4};

/** The publication again, by hard links: a patch replaces files, it never writes into them. */
function link_tree(from, to) {
  mkdirSync(to, {recursive: true});
  for (const entry of readdirSync(from, {withFileTypes: true})) {
    const [a, b] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) link_tree(a, b);
    else linkSync(a, b);
  }
}

function replace_file(path, octets) {
  rmSync(path, {force: true});
  mkdirSync(dirname(path), {recursive: true});
  writeFileSync(path, octets);
}

const kOperations = {
  put: (path, {file}) => replace_file(path, readFileSync(join(vectors, file))),
  copy: (path, {from}, site) => replace_file(path, readFileSync(join(site, from))),
  payload: (path, {from}, site) =>
    replace_file(path, Buffer.from(readFileSync(join(site, from), 'utf8').split('.')[1], 'base64url')),
  remove: (path) => rmSync(path),
  append: (path, {text}) => replace_file(path, Buffer.concat([readFileSync(path), Buffer.from(text, 'utf8')])),
  cut: (path, {octets}) => replace_file(path, readFileSync(path).subarray(0, -octets)),
  xor: (path, {at, by}) => {
    const octets = readFileSync(path);
    octets[at] ^= by;
    replace_file(path, octets);
  },
  replace: (path, {text, by}) => {
    const octets = readFileSync(path, 'utf8');
    if (!octets.includes(text)) throw new Error(`${path} has no ${text}`);
    replace_file(path, octets.replace(text, () => by));
  },
  resize: (path, {octets}) => {
    replace_file(path, '');
    truncateSync(path, octets);
  },
};

/** The arguments of one case, after its files were laid out in WORK. */
function lay_out(one) {
  rmSync(work, {recursive: true, force: true});
  const [site, trust, state] = ['site', 'trust', 'state'].map((name) => join(work, name));
  link_tree(join(work, '../honest'), site);
  for (const operation of one.patch) kOperations[operation.op](join(site, operation.path ?? ''), operation, site);
  cpSync(join(vectors, 'trust'), trust, {recursive: true});
  if (one.keysver) writeFileSync(join(trust, 'keysver'), `${one.keysver}\n`);
  if (one.pinned) writeFileSync(join(trust, 'root.jwks'), `${JSON.stringify(one.pinned)}\n`);
  const args = ['verify', '--json', '--now', String(one.now ?? index.now), '--trust', join(work, one.trust ?? 'trust')];
  if (one.seen || one.seen_octets) {
    mkdirSync(state);
    const {checkpoint, keys, list, ver} = one.seen ?? {};
    writeFileSync(join(state, 'seen.json'), one.seen_octets ?? `${JSON.stringify({checkpoint, keys, list, ver})}\n`);
    args.push('--state', state);
  }
  if (one.service) args.push('--service', one.service);
  if (one.evidence) args.push('--keys', join(site, 'v1/keys'), '--evidence', join(vectors, one.evidence));
  if (one.payload) args.push('--payload', join(vectors, one.payload));
  if (one.evidence) return args;
  return [...args, join(work, one.base ?? 'site')];
}

let failed = 0;
const honest = join(work, '../honest');
if (!existsSync(honest)) cpSync(join(vectors, 'publication'), honest, {recursive: true});
const cases = index.cases.filter(({name}) => wanted.length === 0 || wanted.includes(name));
for (const one of cases) {
  const run = spawnSync(program, lay_out(one), {encoding: 'utf8'});
  let told = {};
  try {
    told = JSON.parse(run.stdout);
  } catch { /* told below */ }
  const code = told.code ?? told.result;
  if (code === one.expect && run.status === kExits[told.result]) continue;
  failed += 1;
  console.error(`${one.name}: expected ${one.expect}, told ${code} with exit ${run.status} ${told.document ?? ''} ${told.detail ?? ''} ${run.stderr}`);
}
console.log(`${cases.length - failed} of ${cases.length} vectors are as expected`);
process.exit(failed === 0 && cases.length > 0 ? 0 : 1);
