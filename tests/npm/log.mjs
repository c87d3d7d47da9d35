// The log with node's own SHA-256 and Ed25519. Source: RFC 6962 §2.1; C2SP signed-note, tlog-checkpoint, tlog-proof.
import {createHash, createPublicKey, verify as verify_signature} from 'node:crypto';
import {demand} from './reader.mjs';

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
export const leaf_hash = (octets) => sha256(Buffer.of(0), octets);
const node_hash = (left, right) => sha256(Buffer.of(1), left, right);

/** RFC 6962 §2.1, read aloud: slow and plain. */
export function root_of(hashes) {
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

/** A C2SP tlog-proof of a leaf at `index`: its hashes lead to the root of the checkpoint that stands in it. */
export function verify_proof(text, octets, index, vkeys) {
  const cut = text.indexOf('\n\n');
  const [magic, place, ...hashes] = text.slice(0, cut).split('\n');
  demand(magic === 'c2sp.org/tlog-proof@v1' && place === `index ${index}`, `proof begins ${magic} ${place}`);
  const checkpoint = verify_checkpoint(text.slice(cut + 2), vkeys);
  verify_inclusion(leaf_hash(octets), index, checkpoint.size, hashes.map((hash) => Buffer.from(hash, 'base64')),
                   checkpoint.root);
}
