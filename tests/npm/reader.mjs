// Where the published documents come from, and how a test changes one byte of them.
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';

/** Thrown when a document is not what it claims to be. */
export class Refused extends Error {}

/** Refuses with `message` unless `condition` holds. */
export function demand(condition, message) {
  if (!condition) throw new Refused(message);
}

/** A reader of published paths ("/v1/list.jwt") below a folder or an http(s) address; each is read once. */
export function documents(base) {
  const seen = new Map();
  const load = async (path) => {
    if (!/^https?:\/\//.test(base)) return readFile(join(base, path));
    const answer = await fetch(new URL(base.replace(/\/$/, '') + path));
    demand(answer.ok, `${path}: HTTP ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  };
  return (path) => {
    if (!seen.has(path)) seen.set(path, load(path));
    return seen.get(path);
  };
}

/** The same reader, but with other octets at these paths. */
export function with_changed(read, paths, octets) {
  return async (wanted) => (paths.includes(wanted) ? octets : read(wanted));
}

const kBase64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * A copy with the byte at `at` changed to one that never means the same: in base64 text the top bit of the six is
 * flipped (the low ones of a last character carry nothing), elsewhere the lowest bit of the byte.
 */
export function with_changed_byte(octets, at) {
  const copy = Buffer.from(octets);
  const digit = kBase64url.indexOf(String.fromCharCode(copy[at]));
  copy[at] = digit >= 0 ? kBase64url.charCodeAt(digit ^ 32) : copy[at] ^ 1;
  return copy;
}

/** `count` positions spread over `length` bytes, the first and the last among them. */
export function positions(length, count) {
  return [...new Set(Array.from({length: count}, (_, i) => Math.floor((i * (length - 1)) / (count - 1))))];
}

/** The text of octets that must be UTF-8. */
export function utf8(octets) {
  return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(octets);
}

/** Parses octets that must be UTF-8 and JSON. */
export function json(octets, path) {
  try {
    return JSON.parse(utf8(octets));
  } catch (error) {
    throw new Refused(`${path}: ${error.message}`);
  }
}
