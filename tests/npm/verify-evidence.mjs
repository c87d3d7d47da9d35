#!/usr/bin/env node
// Checks filed evidence (of today or of a past day) and receipts with npm's jose, by the key set, and the proofs in
// evidence with node's SHA-256 and Ed25519. With --tamper, also that changed bytes and forged signatures are refused.
//   node verify-evidence.mjs BASE --trust DIR [--tamper] FILE...      BASE: where the key sets are, a folder or http://…
// Exit 0 good, 1 refused, 2 usage. Source: RFC 7515; RFC 7519; RFC 8725 (section 2.1: alg; 3.11: typ).
import {createHmac, createPublicKey} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {basename} from 'node:path';
import {parseArgs} from 'node:util';
import {CompactSign, decodeProtectedHeader, exportJWK, generateKeyPair, importJWK, UnsecuredJWT} from 'jose';
import {verify_evidence, verify_receipt} from './evidence.mjs';
import {read_trust, verify_keys} from './keyset.mjs';
import {demand, documents, positions, utf8, with_changed_byte} from './reader.mjs';

const kReaders = {'liu-status+jwt': verify_evidence, 'liu-receipt+jwt': verify_receipt};

function said({filing, form, event, events, as_of}) {
  if (filing) return `receipt of ${filing}, form ${form}`;
  return event ? `${event.record.id}, its last event` : `${events[0].record.id} on ${as_of}, ${events.length} events`;
}

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An integer of a signature in DER: without zeros in front, but never negative. */
function der_integer(bytes) {
  const from = bytes.findIndex((byte) => byte !== 0);
  const digits = bytes[from] & 0x80 ? Buffer.concat([Buffer.of(0), bytes.subarray(from)]) : bytes.subarray(from);
  return Buffer.concat([Buffer.of(2, digits.length), digits]);
}

/** The same claims under signatures that a careless reader might take. */
async function forgeries(text, keyset) {
  const [head, payload, signature] = text.split('.');
  const header = decodeProtectedHeader(text);
  const key = keyset.keys.find((jwk) => jwk.kid === header.kid);
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  const stranger = await generateKeyPair('ES256', {extractable: true});
  const by_stranger = (more) => new CompactSign(Buffer.from(payload, 'base64url'))
    .setProtectedHeader({...header, ...more}).sign(stranger.privateKey);
  const with_secret = `${encoded({...header, alg: 'HS256'})}.${payload}`;
  const secret = createPublicKey({key, format: 'jwk'}).export({format: 'pem', type: 'spki'});
  const mac = createHmac('sha256', secret).update(with_secret).digest('base64url');
  const raw = Buffer.from(signature, 'base64url');
  const integers = Buffer.concat([der_integer(raw.subarray(0, 32)), der_integer(raw.subarray(32))]);
  const der = Buffer.concat([Buffer.of(0x30, integers.length), integers]).toString('base64url');
  return {
    'alg none': new UnsecuredJWT(claims).encode(),
    'alg none in its header': `${encoded({...header, alg: 'none'})}.${payload}.`,
    'HS256 with the public key as its secret': `${with_secret}.${mac}`,
    'another key under its kid': await by_stranger({}),
    'another key in its header': await by_stranger({jwk: await exportJWK(stranger.publicKey)}),
    'a signature of zeros': `${head}.${payload}.${Buffer.alloc(64).toString('base64url')}`,
    'a signature in DER': `${head}.${payload}.${der}`,
    'another typ in its header': `${encoded({...header, typ: 'JWT'})}.${payload}.${signature}`,
  };
}

async function refuse(verify, octets, keyset, what) {
  const accepted = await verify(octets, keyset).then(() => true, () => false);
  if (accepted) throw new Error(`accepted: ${what}`);
}

async function refuse_changes({file, octets, typ}, keyset, strangers) {
  const places = positions(octets.length, 24);
  for (const at of places) await refuse(kReaders[typ], with_changed_byte(octets, at), keyset, `byte ${at} changed`);
  const forged = await forgeries(utf8(octets), keyset);
  for (const [what, text] of Object.entries(forged)) await refuse(kReaders[typ], Buffer.from(text), keyset, what);
  for (const other of strangers) await refuse(kReaders[typ], other, keyset, 'a signed document of another kind');
  const others = `${strangers.length} documents of another kind`;
  console.log(`refused: ${basename(file)}: ${[`${places.length} changes of one byte`, ...Object.keys(forged), others].join('; ')}`);
}

async function main() {
  const {values, positionals: [base, ...files]} = parseArgs({allowPositionals: true, options: {
    trust: {type: 'string'}, tamper: {type: 'boolean', default: false}}});
  if (!files.length || !values.trust) throw Object.assign(new Error('BASE, --trust DIR and FILE are needed'), {usage: true});
  const read = documents(base);
  const keyset = await verify_keys(read, await read_trust(values.trust), Math.floor(Date.now() / 1000));
  for (const jwk of keyset.keys) demand((await importJWK(jwk, 'ES256')).type === 'public', 'keys: a private key');
  const all = [];
  for (const file of files) {
    const octets = await readFile(file);
    const {typ} = decodeProtectedHeader(utf8(octets));
    demand(kReaders[typ], `${file}: typ is ${typ}`);
    all.push({file, octets, typ, claims: await kReaders[typ](octets, keyset)});
    console.log(`good: ${said(all.at(-1).claims)}`);
  }
  if (!values.tamper) return;
  const list = await read('/v1/list.jwt');
  for (const one of all) {
    const others = all.filter(({typ}) => typ !== one.typ).map(({octets}) => octets);
    await refuse_changes(one, keyset, [list, ...others]);
  }
}

main().catch((error) => {
  console.error(`verify-evidence: ${error.message}`);
  process.exit(error.usage || error.code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1);
});
