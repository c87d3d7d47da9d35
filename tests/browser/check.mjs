// Verifies published documents with nothing but what a browser brings: WebCrypto's ECDSA, Ed25519 and SHA-256. Loaded by
// the page that run.mjs serves. Source: RFC 7515; C2SP signed-note, tlog-checkpoint, tlog-proof; RFC 9162 §2.1.3.2.

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', {fatal: true});

function demand(condition, message) {
  if (!condition) throw new Error(message);
}

function from_base64(text) {
  return Uint8Array.from(atob(text), (digit) => digit.charCodeAt(0));
}

/** The octets of base64url without padding, in the one spelling that they have. */
function from_base64url(text) {
  const plain = text.replaceAll('-', '+').replaceAll('_', '/');
  const octets = from_base64(plain);
  const bytes = octets.reduce((before, byte) => before + String.fromCharCode(byte), '');
  demand(!/[+/]/.test(text) && btoa(bytes).replaceAll('=', '') === plain, 'base64url: another spelling');
  return octets;
}

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest('SHA-256', joined(...parts)));
const leaf_hash = (octets) => sha256(Uint8Array.of(0), octets);
const node_hash = (left, right) => sha256(Uint8Array.of(1), left, right);

/** ES256 over "header.payload" by a JWK. */
async function is_signed(jwk, header, payload, signature) {
  const {kty, crv, x, y} = jwk;
  const curve = {name: 'ECDSA', namedCurve: 'P-256'};
  const key = await crypto.subtle.importKey('jwk', {kty, crv, x, y}, curve, false, ['verify']);
  const signed = encoder.encode(`${header}.${payload}`);
  return crypto.subtle.verify({name: 'ECDSA', hash: 'SHA-256'}, key, from_base64url(signature), signed);
}

/** What a key set says, when a pinned root key signed it. */
async function verify_keys(octets, roots) {
  const jws = JSON.parse(decoder.decode(octets));
  for (const {protected: header, signature} of jws.signatures) {
    const {alg, kid, typ} = JSON.parse(decoder.decode(from_base64url(header)));
    const root = roots.keys.find((key) => key.kid === kid);
    demand(alg === 'ES256' && typ === 'liu-keys+json', `keys: ${alg} ${typ}`);
    if (root && await is_signed(root, header, jws.payload, signature)) {
      return JSON.parse(decoder.decode(from_base64url(jws.payload)));
    }
  }
  throw new Error('keys: no good signature of a pinned root key');
}

/** The claims of a compact JWT of this typ, signed by a key of the set. */
async function verify_jwt(octets, keyset, typ) {
  const parts = decoder.decode(octets).split('.');
  demand(parts.length === 3, `${typ}: not a compact JWT`);
  const header = JSON.parse(decoder.decode(from_base64url(parts[0])));
  const key = keyset.keys.find((jwk) => jwk.kid === header.kid);
  demand(key && header.alg === 'ES256' && header.typ === typ, `${typ}: ${header.alg} ${header.typ} ${header.kid}`);
  demand(await is_signed(key, ...parts), `${typ}: its signature`);
  const claims = JSON.parse(decoder.decode(from_base64url(parts[1])));
  demand(claims.iss === keyset.iss, `${typ}: issued by ${claims.iss}`);
  return claims;
}

/** The tree {size, root} of a checkpoint that the log signed. */
async function verify_checkpoint(text, vkey) {
  const [, name, id, body] = vkey.match(/^([^+]+)\+([0-9a-f]{8})\+(.+)$/);
  const key = await crypto.subtle.importKey('raw', from_base64(body).subarray(1), {name: 'Ed25519'}, false, ['verify']);
  const cut = text.indexOf('\n\n');
  const note = text.slice(0, cut + 1);
  demand(cut > 0 && text.endsWith('\n'), 'checkpoint: not a signed note');
  const line = text.slice(cut + 2).split('\n').find((other) => other.startsWith(`\u2014 ${name} `));
  demand(line, 'checkpoint: not signed by the log');
  const signature = from_base64(line.slice(name.length + 3));
  const hint = [...signature.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  demand(hint === id, 'checkpoint: signed by another key');
  const good = await crypto.subtle.verify('Ed25519', key, signature.subarray(4), encoder.encode(note));
  demand(good, 'checkpoint: its signature');
  const [origin, size, root] = note.split('\n');
  demand(origin === name, `checkpoint: of ${origin}`);
  return {size: Number(size), root: from_base64(root)};
}

/** A leaf is where its proof says, below the root of the tree. */
async function verify_inclusion(leaf, proof, {size, root}) {
  const [magic, place, ...hashes] = proof.slice(0, proof.indexOf('\n\n')).split('\n');
  demand(magic === 'c2sp.org/tlog-proof@v1', `proof: ${magic}`);
  let [fn, sn, hash] = [Number(place.replace(/^index /, '')), size - 1, await leaf_hash(leaf)];
  demand(fn <= sn, 'proof: beyond the tree');
  for (const text of hashes) {
    demand(sn > 0, 'proof: too long');
    const sibling = from_base64(text);
    if (fn % 2 === 1 || fn === sn) {
      hash = await node_hash(sibling, hash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
    } else {
      hash = await node_hash(hash, sibling);
    }
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  demand(sn === 0 && same(hash, root), 'proof: does not lead to the root');
}

/** A version of Chromium without Ed25519 in WebCrypto says so by its error. */
async function has_ed25519() {
  return crypto.subtle.generateKey({name: 'Ed25519'}, false, ['sign', 'verify']).then(() => true, () => false);
}

const kDigits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** A copy with another byte at `at`: a digit of base64 with its top bit changed, since the low ones may carry nothing. */
function with_changed_byte(octets, at) {
  const copy = octets.slice();
  const digit = kDigits.indexOf(String.fromCharCode(copy[at]));
  copy[at] = digit >= 0 ? kDigits.charCodeAt(digit ^ 32) : copy[at] ^ 1;
  return copy;
}

/** The line to print for `octets`, which `check` must take as they are and refuse with any byte changed. */
async function judge(what, octets, check) {
  await check(octets);
  const permilles = [0, 1, 30, 200, 300, 450, 580, 700, 900, 970, 1000];
  const places = [...new Set(permilles.map((permille) => Math.floor((octets.length - 1) * permille / 1000)))];
  for (const at of places) {
    const accepted = await check(with_changed_byte(octets, at)).then(() => true, () => false);
    demand(!accepted, `accepted: ${what} with byte ${at} changed`);
  }
  return `good: ${what}; refused: ${places.length} changes of one byte`;
}

async function octets_of(address) {
  const answer = await fetch(address);
  demand(answer.ok, `${address}: HTTP ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** A service's documents {keys, list, evidence, checkpoint, leaf} and what they say of one another. */
async function read_documents(service, roots) {
  const [keys, list, evidence, checkpoint] = await Promise.all(
    ['/v1/keys.json', '/v1/list.jwt', `/v1/records/${service}.jwt`, '/log/checkpoint'].map(octets_of));
  const keyset = await verify_keys(keys, roots);
  const {records, checkpoint: listed} = await verify_jwt(list, keyset, 'liu-list+jwt');
  const {event, proof} = await verify_jwt(evidence, keyset, 'liu-status+jwt');
  demand(event.record.id === service, `evidence: of ${event.record.id}`);
  demand(records.some(({record}) => record.id === service), `list: without ${service}`);
  demand(listed === decoder.decode(checkpoint), 'list: another checkpoint');
  const leaf = await octets_of(`/v1/events/${event.seq}.json`);
  demand(decoder.decode(leaf) === JSON.stringify(event), 'evidence: another event');
  return {keys, list, evidence, checkpoint, leaf, keyset, event, proof, services: records.length};
}

/** The lines for what SHA-256 alone shows: the leaf leads to the root along the path. */
async function judge_proof({leaf, event, proof}) {
  const cut = proof.indexOf('\n\n') + 2;
  const path = proof.slice(0, cut);
  const [, size, root] = proof.slice(cut).split('\n');
  const tree = {size: Number(size), root: from_base64(root)};
  return [await judge(`leaf ${event.seq} of ${size}, SHA-256`, leaf, (octets) => verify_inclusion(octets, path, tree)),
          await judge('the path in its proof, SHA-256', encoder.encode(path),
                      (octets) => verify_inclusion(leaf, decoder.decode(octets), tree))];
}

/** The lines for the signatures of the log. */
async function judge_checkpoints({checkpoint, proof, keyset}) {
  if (!await has_ed25519()) return ['not checked: the checkpoint; this version has no Ed25519'];
  const inside = encoder.encode(proof.slice(proof.indexOf('\n\n') + 2));
  const check = (octets) => verify_checkpoint(decoder.decode(octets), keyset.log[0]);
  return [await judge('the checkpoint, Ed25519', checkpoint, check),
          await judge('the checkpoint in the proof, Ed25519', inside, check)];
}

/** The lines to print for a service's documents; throws when a good one is refused or a changed one is not. */
export async function run(service) {
  const roots = JSON.parse(decoder.decode(await octets_of('/trust/root.jwks')));
  const documents = await read_documents(service, roots);
  const {keys, list, evidence, keyset, services} = documents;
  return [
    await judge('the key set, ES256', keys, (octets) => verify_keys(octets, roots)),
    await judge(`the list of ${services} services, ES256`, list, (octets) => verify_jwt(octets, keyset, 'liu-list+jwt')),
    await judge(`the evidence of ${service}, ES256`, evidence, (octets) => verify_jwt(octets, keyset, 'liu-status+jwt')),
    ...await judge_checkpoints(documents),
    ...await judge_proof(documents),
  ];
}
