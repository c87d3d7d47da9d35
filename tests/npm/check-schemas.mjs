#!/usr/bin/env node
// Holds a publication against docs/schemas with npm's ajv, and changed copies of its documents, which must be refused.
//   node check-schemas.mjs SCHEMAS SITE [JWT]...      SITE: an exported folder; JWT: files of evidence and receipts
// Prints how many documents of each kind were good. Exit 0 all as expected, 1 not.
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';

const [schemas, site, ...jwts] = process.argv.slice(2);
const kId = 'urn:ismap-liu:schema:1:';
// The day's pattern says what its format would say; strict mode wants every type beside what depends on it.
const ajv = new Ajv2020({strict: true, strictTypes: false, strictRequired: false, validateFormats: false, allErrors: false});
for (const name of readdirSync(schemas)) ajv.addSchema(JSON.parse(readFileSync(join(schemas, name), 'utf8')));

const read = (path) => readFileSync(join(site, path), 'utf8');
const payload = (text) => Buffer.from(text, 'base64url').toString('utf8');
const of_jwt = (compact) => JSON.parse(payload(compact.trim().split('.')[1]));
const typ_of = (compact) => JSON.parse(payload(compact.split('.')[0])).typ;
const counts = new Map();
const examples = new Map();
let failed = 0;

function fail(message) {
  failed += 1;
  console.error(message);
}

function good(schema, document, name) {
  const validate = ajv.getSchema(kId + schema);
  if (!validate(document)) return fail(`${name} is no ${schema}: ${ajv.errorsText(validate.errors)}`);
  counts.set(schema, (counts.get(schema) ?? 0) + 1);
  if (!examples.has(schema)) examples.set(schema, []);
  examples.get(schema).push(document);
}

/** Every place of a document: [holder, name]. */
function* places(value) {
  if (value === null || typeof value !== 'object') return;
  for (const name of Object.keys(value)) {
    yield [value, name];
    yield* places(value[name]);
  }
}

/** Copies of a document, each with one thing wrong, and what is wrong. */
function* spoiled(document) {
  const copy = () => JSON.parse(JSON.stringify(document));
  const total = [...places(document)].length;
  // Not every one of hundreds: every member at the top, and some of those below.
  const step = Math.max(1, Math.floor(total / 60));
  for (let n = 0; n < total; n += step) {
    const at = () => {
      const whole = copy();
      return [whole, ...[...places(whole)][n]];
    };
    const [, holder, name] = at();
    if (!Array.isArray(holder) && name !== 'en') {
      const [whole, h] = at();
      delete h[name];
      yield [whole, `without ${name}`];
    }
    const [whole, h] = at();
    h[name] = {unexpected: [1.5]};
    yield [whole, `${name} of another kind`];
  }
  for (let n = 0; n < total; n += step) {
    const whole = copy();
    const value = [...places(whole)].map(([h, name]) => h[name])[n];
    if (value === null || typeof value !== 'object' || Array.isArray(value)) continue;
    value.unexpected = 1;
    yield [whole, 'a member too many'];
  }
}

/** `changes` of a correction is a merge patch: anything may be in it. */
const is_free = (document) => document?.event === 'corrected' || document?.event?.event === 'corrected';

function refuse_spoiled(schema) {
  const validate = ajv.getSchema(kId + schema);
  let refused = 0;
  for (const document of (examples.get(schema) ?? []).filter((d) => !is_free(d)).slice(0, 3)) {
    for (const [whole, why] of spoiled(document)) {
      if (JSON.stringify(whole).includes('"corrected"')) continue;
      if (validate(whole)) fail(`${schema}: good, but ${why}`);
      else refused += 1;
    }
  }
  return refused;
}

/** What no change of shape brings about. */
const kWrong = [
  ['leaf', (d) => d.event === 'changed', (d) => { d.changes = {}; }, 'changes without a correction'],
  ['leaf', (d) => d.event === 'changed', (d) => { d.corrects = 0; }, 'corrects without a correction'],
  ['leaf', (d) => d.event === 'corrected', (d) => { d.changes = null; }, 'a correction without changes'],
  ['leaf', (d) => d.event === 'corrected', (d) => { d.corrects = null; }, 'a correction of nothing'],
  ['leaf', (d) => d.event === 'suspended', (d) => { d.article = '11.1'; }, 'a suspension under 11.1'],
  ['leaf', (d) => d.event === 'registered', (d) => { d.article = null; }, 'a registration under no article'],
  ['leaf', (d) => d.event === 'key', (d) => { d.article = '11.1'; }, 'a key under an article'],
  ['leaf', (d) => d.event === 'key', (d) => { d.event = 'changed'; }, 'a key record under another event'],
  ['leaf', (d) => d.event === 'changed', (d) => { d.recorded_at = d.recorded_at.replace(/\.\d+Z/, 'Z'); }, '20 characters'],
  ['leaf', (d) => d.event === 'changed', (d) => { d.seq = -1; }, 'a seq below 0'],
  ['leaf', (d) => d.event === 'changed', (d) => { d.seq = 2 ** 53; }, 'a seq beyond 2^53-1'],
  ['record', () => true, (d) => { d.id = 'keys'; }, 'the reserved id'],
  ['record', () => true, (d) => { d.id = 'L24 0001'; }, 'a space in the id'],
  ['record', (d) => d.state === 'registered', (d) => { d.removal = {article: '18.2(1)', on: '2026-01-01'}; }, 'registered and removed'],
  ['record', (d) => d.state === 'removed', (d) => { d.removal = null; }, 'removed without a removal'],
  ['record', () => true, (d) => { d.expires_on = '2026-13-01'; }, 'a month 13'],
  ['record', () => true, (d) => { d.provider.corporate_number = '012345678901'; }, '12 digits'],
  ['record', () => true, (d) => { d.name.ja = ''; }, 'an empty name'],
  ['record', () => true, (d) => { d.name.ja = 'a\u0007'; }, 'a control character'],
  ['record', () => true, (d) => { d.name.ja = 'a\u202e'; }, 'a bidirectional control'],
  ['record', () => true, (d) => { d.name = 'ja'; }, 'a bare string for a text'],
  ['record', () => true, (d) => { d.url = 'ftp://service.example.jp/'; }, 'another scheme'],
  ['record', () => true, (d) => { d.controls.implemented = ['2.1.1']; }, 'chapter 2'],
  ['record', () => true, (d) => { d.controls.implemented = ['5.1.1.B']; }, 'B on an objective'],
  ['record', () => true, (d) => { d.agencies_using = 1.5; }, 'a fraction'],
  ['list', () => true, (d) => { d.checkpoint = d.checkpoint.replace('\n\n', '\n'); }, 'a note without signatures'],
  ['list', () => true, (d) => { d.sub = d.sub.replace('list', 'mist'); }, 'another place'],
  ['evidence', () => true, (d) => { d.exp = d.rely_until; }, 'an end of life'],
  ['evidence', (d) => d.proof, (d) => { d.proof = d.proof.replace('v1', 'v2'); }, 'another kind of proof'],
  ['evidence', (d) => d.events, (d) => { delete d.known_at; }, 'a past form without known_at'],
  ['receipt', () => true, (d) => { d.payload_sha256 = d.payload_sha256.toUpperCase(); }, 'upper-case hex'],
  ['keys', () => true, (d) => { d.roots.keys[0].d = 'AAAA'; }, 'a private member'],
  ['keys', () => true, (d) => { d.keys[0].alg = 'ES384'; }, 'another algorithm'],
  ['keys', () => true, (d) => { d.ver = 0; }, 'version 0'],
  ['keys', () => true, (d) => { d.witnesses.keys = d.log; }, 'a log key as a witness'],
];

function refuse_wrong() {
  for (const [schema, fits, change, why] of kWrong) {
    const example = (examples.get(schema) ?? []).find(fits);
    if (!example) {
      console.log(`no ${schema} to try: ${why}`);
      continue;
    }
    const wrong = JSON.parse(JSON.stringify(example));
    change(wrong);
    if (ajv.getSchema(kId + schema)(wrong)) fail(`${schema}: good, but ${why}`);
  }
}

const events = new Map();
for (const name of readdirSync(join(site, 'v1/events')).filter((n) => n.endsWith('.json'))) {
  const leaf = JSON.parse(read(`v1/events/${name}`));
  good('leaf', leaf, name);
  events.set(leaf.event, (events.get(leaf.event) ?? 0) + 1);
  if (leaf.event !== 'key') good('record', leaf.record, `${name} record`);
}
good('list', JSON.parse(read('v1/list.json')), 'list.json');
for (const name of readdirSync(join(site, 'v1/records'))) good('evidence', of_jwt(read(`v1/records/${name}`)), name);
for (const name of readdirSync(join(site, 'v1/keys'))) good('keys', JSON.parse(payload(JSON.parse(read(`v1/keys/${name}`)).payload)), name);
for (const file of jwts) {
  const compact = readFileSync(file, 'utf8');
  good(typ_of(compact) === 'liu-receipt+jwt' ? 'receipt' : 'evidence', of_jwt(compact), file);
}
console.log([...counts].map(([schema, n]) => `${n} ${schema}`).join(', '));
console.log([...events].map(([event, n]) => `${n} ${event}`).join(', '));
refuse_wrong();
for (const schema of counts.keys()) console.log(`${refuse_spoiled(schema)} spoiled copies are no ${schema}`);
process.exit(failed === 0 ? 0 : 1);
