#!/usr/bin/env node
// Checks the key set, the signed list and the leaves that it carries with npm's jose and canonicalize: code that is
// not the register's. With --tamper, also that one changed byte in any of them is refused.
//   node verify-list.mjs BASE --trust DIR [--now POSIX] [--tamper]      BASE: a folder or http://…
// Exit 0 good, 1 refused, 2 usage.
import {parseArgs} from 'node:util';
import canonicalize from 'canonicalize';
import {importJWK, jwtVerify} from 'jose';
import {read_trust, verify_compact, verify_keys} from './keyset.mjs';
import {demand, documents, json, positions, utf8, with_changed, with_changed_byte} from './reader.mjs';

const kPositions = 24;

/** Claims and payload of /v1/list.jwt; /v1/list.json must be the payload's octets. */
async function verify_list(read, keyset, now) {
  const text = utf8(await read('/v1/list.jwt'));
  demand(/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text), 'list.jwt: not a compact JWS without a newline');
  const payload = await verify_compact(text, keyset, 'liu-list+jwt');
  await jwtVerify(text, (header) => importJWK(keyset.keys.find((k) => k.kid === header.kid), 'ES256'), {
    algorithms: ['ES256'], typ: 'liu-list+jwt', issuer: keyset.iss, currentDate: new Date(now * 1000),
    requiredClaims: ['iss', 'sub', 'iat', 'exp', 'ttl', 'ver', 'checkpoint', 'records'],
  });
  const list = JSON.parse(utf8(payload));
  demand(list.sub === `${keyset.iss}/v1/list.jwt`, `list: sub is ${list.sub}`);
  demand(list.iat <= now + 300, 'list: from the future');
  demand(payload.equals(await read('/v1/list.json')), 'list.json is not the payload of list.jwt');
  demand(canonicalize(list) === utf8(payload), 'list: not its own canonical form');
  return list;
}

/** Every leaf in the list is, octet for octet, the published event. */
async function verify_records(read, list) {
  let before = '';
  for (const leaf of list.records) {
    const path = `/v1/events/${leaf.seq}.json`;
    const octets = await read(path);
    demand(octets.equals(Buffer.from(canonicalize(leaf), 'utf8')), `${path}: not the leaf in the list`);
    demand(before < leaf.record.id, `list: ${leaf.record.id} is out of order or twice`);
    before = leaf.record.id;
  }
}

async function verify(read, trust, now) {
  const keyset = await verify_keys(read, trust, now);
  const list = await verify_list(read, keyset, now);
  await verify_records(read, list);
  return {keyset, list};
}

/**
 * How many changed bytes of the one document that stands at `paths` were refused; throws on the first that was not.
 * A document with two addresses is changed at both, so that it is its signature that has to notice.
 */
async function refuse_changes(read, paths, trust, now) {
  const octets = await read(paths[0]);
  const places = positions(octets.length, kPositions);
  for (const at of places) {
    const changed = with_changed(read, paths, with_changed_byte(octets, at));
    const accepted = await verify(changed, trust, now).then(() => true, () => false);
    if (accepted) throw new Error(`${paths[0]}: accepted with byte ${at} changed`);
  }
  return places.length;
}

async function main() {
  const {values, positionals} = parseArgs({allowPositionals: true, options: {
    trust: {type: 'string'}, now: {type: 'string'}, tamper: {type: 'boolean', default: false}}});
  if (positionals.length !== 1 || !values.trust) throw Object.assign(new Error('BASE and --trust DIR are needed'), {usage: true});
  const read = documents(positionals[0]);
  const now = values.now ? Number(values.now) : Math.floor(Date.now() / 1000);
  const trust = await read_trust(values.trust);
  const {keyset, list} = await verify(read, trust, now);
  console.log(`good: key set ${keyset.ver}, list version ${list.ver}, ${list.records.length} records`);
  if (!values.tamper) return;
  const middle = list.records[Math.floor(list.records.length / 2)];
  const signed = [['/v1/keys.json', `/v1/keys/${keyset.ver}.json`], ['/v1/list.jwt'], ['/v1/list.json'],
                  ...(middle ? [[`/v1/events/${middle.seq}.json`]] : [])];
  for (const paths of signed) {
    console.log(`refused: ${await refuse_changes(read, paths, trust, now)} changes of one byte in ${paths.join(' = ')}`);
  }
}

main().catch((error) => {
  console.error(`verify-list: ${error.message}`);
  process.exit(error.usage || error.code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1);
});
