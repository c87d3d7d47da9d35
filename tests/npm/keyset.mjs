// The key set, from the pinned root on (docs: Published formats, Keys).
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {calculateJwkThumbprint, compactVerify, flattenedVerify, generalVerify, importJWK} from 'jose';
import {demand, json} from './reader.mjs';

const kLeeway = 300;
const kMembers = ['atom', 'exp', 'iat', 'iss', 'keys', 'log', 'retired', 'revoked', 'roots', 'ver', 'witnesses'];

/** What a verifier pins: {roots: [JWK], threshold, ver}. Without a threshold all the root keys must sign. */
export async function read_trust(folder) {
  const {keys: roots, threshold = roots.length} = JSON.parse(await readFile(join(folder, 'root.jwks'), 'utf8'));
  const ver = Number((await readFile(join(folder, 'keysver'), 'utf8')).trim());
  const usable = Number.isSafeInteger(threshold) && threshold >= 1 && threshold <= roots.length;
  demand(usable && Number.isSafeInteger(ver), 'trust: root.jwks or keysver is not usable');
  return {roots, threshold, ver};
}

/** How many different keys of `roots` signed; a signature that claims one of them and is wrong is a refusal. */
async function count_signatures(jws, roots) {
  const good = new Set();
  for (const root of roots) {
    const kid = await calculateJwkThumbprint(root);
    for (const signature of jws.signatures) {
      const header = JSON.parse(Buffer.from(signature.protected, 'base64url').toString('utf8'));
      if (header.kid !== kid) continue;
      demand(header.typ === 'liu-keys+json', `keys: typ is ${header.typ}`);
      await flattenedVerify({payload: jws.payload, ...signature}, await importJWK(root, 'ES256'), {algorithms: ['ES256']});
      good.add(kid);
    }
  }
  return good.size;
}

/** One version of the key set, signed by the thresholds of `trusted` (the version before) and of itself. */
async function verify_version(octets, trusted, path) {
  const jws = json(octets, path);
  demand(Object.keys(jws).sort().join() === 'payload,signatures', `${path}: not a general JWS`);
  demand(jws.signatures.every((s) => Object.keys(s).sort().join() === 'protected,signature'),
         `${path}: only protected headers`);
  // jose's own reading of the general form, with whichever root key the header names.
  await generalVerify(jws, async (header) => {
    for (const root of trusted.keys) if ((await calculateJwkThumbprint(root)) === header.kid) return importJWK(root, 'ES256');
    throw new Error(`${path}: signed by an unknown root ${header.kid}`);
  }, {algorithms: ['ES256']});
  const payload = JSON.parse(Buffer.from(jws.payload, 'base64url').toString('utf8'));
  demand(kMembers.every((member) => member in payload), `${path}: a member is missing`);
  const wanted = Math.max(trusted.threshold, trusted.pinned ? payload.roots.threshold : 0);
  demand((await count_signatures(jws, trusted.keys)) >= wanted, `${path}: below the root threshold before`);
  demand((await count_signatures(jws, payload.roots.keys)) >= payload.roots.threshold, `${path}: below its own threshold`);
  return payload;
}

/** The current key set's payload; every version from the pinned one on is checked. */
export async function verify_keys(read, trust, now) {
  // The pinned version may ask for more signatures than is pinned, never for fewer.
  let trusted = {keys: trust.roots, threshold: trust.threshold, pinned: true};
  let keyset = null;
  const current = await read('/v1/keys.json');
  const newest = json(Buffer.from(json(current, 'keys.json').payload ?? '', 'base64url'), 'keys.json payload').ver;
  demand(newest >= trust.ver, `keys: version ${newest} is below the pinned ${trust.ver}`);
  for (let ver = trust.ver; ver <= newest; ++ver) {
    const path = `/v1/keys/${ver}.json`;
    const octets = await read(path);
    if (ver === newest) demand(current.equals(octets), 'keys.json is not its newest version');
    keyset = await verify_version(octets, trusted, path);
    demand(keyset.ver === ver, `${path}: says version ${keyset.ver}`);
    trusted = keyset.roots;
  }
  demand(keyset.exp > now, 'keys: expired');
  demand(keyset.iat <= now + kLeeway, 'keys: from the future');
  for (const key of keyset.keys) demand(key.kid === (await calculateJwkThumbprint(key)), `keys: ${key.kid} is no thumbprint`);
  return keyset;
}

/** The payload octets of a compact JWS of this `typ`, signed by a signing key of the set. */
export async function verify_compact(text, keyset, typ) {
  const {payload, protectedHeader} = await compactVerify(text, async (header) => {
    const key = keyset.keys.find((k) => k.kid === header.kid);
    demand(key, `${typ}: no key ${header.kid}`);
    return importJWK(key, 'ES256');
  }, {algorithms: ['ES256']});
  demand(protectedHeader.typ === typ, `typ is ${protectedHeader.typ}, not ${typ}`);
  return Buffer.from(payload);
}
