#!/usr/bin/env node
// Checks the signature of Atom feeds with npm's xml-crypto, by the key of the key set and never by one that the feed
// carries. The canonical form that was signed must be the feed's own octets without the Signature. With --tamper, also
// that feeds with one changed byte, signed by another key, wrapped or with a comment put in are refused.
//   node verify-atom.mjs BASE --trust DIR [--tamper] PATH...      BASE: a folder or http://…; PATH: /v1/events.atom
// Exit 0 good, 1 refused, 2 usage. Source: RFC 4287; XML Signature 1.1; Exclusive XML Canonicalization 1.0.
import {generateKeyPairSync} from 'node:crypto';
import {parseArgs} from 'node:util';
import {DOMParser} from '@xmldom/xmldom';
import {ExclusiveCanonicalization, SignedXml} from 'xml-crypto';
import {read_trust, verify_keys} from './keyset.mjs';
import {demand, documents, positions, utf8, with_changed_byte} from './reader.mjs';

const kAtom = 'http://www.w3.org/2005/Atom';
const kDsig = 'http://www.w3.org/2000/09/xmldsig#';
const kRsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
const kExclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const kTransforms = [`${kDsig}enveloped-signature`, kExclusive];
const kSha256 = 'http://www.w3.org/2001/04/xmlenc#sha256';

const complain = (message) => demand(false, `XML: ${message}`);

/** The document; whatever its parser would mend or pass over is a refusal. */
function parse(text) {
  return new DOMParser({errorHandler: {warning: complain, error: complain, fatalError: complain}})
    .parseFromString(text, 'application/xml');
}

/** The certificate in the key set, in PEM, that KeyInfo's name points to. */
function certificate_of(signature, keyset) {
  const kid = signature.getElementsByTagNameNS(kDsig, 'KeyName')[0]?.textContent;
  const entry = keyset.atom.find((key) => key.kid === kid);
  demand(entry, `no key ${kid} in the key set`);
  return `-----BEGIN CERTIFICATE-----\n${entry.x5c[0].match(/.{1,64}/g).join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** How many entries the feed has; refuses it unless a key of the set signed every octet before the Signature. */
function verify_feed(octets, keyset) {
  const text = utf8(octets);
  const feed = parse(text).documentElement;
  const signature = feed.lastChild;
  demand(feed.namespaceURI === kAtom && feed.localName === 'feed', 'not an Atom feed');
  demand(new ExclusiveCanonicalization().process(feed, {}) === text, 'not its own canonical form');
  demand(signature.namespaceURI === kDsig && signature.localName === 'Signature', 'the last child is not the Signature');
  demand(feed.getElementsByTagNameNS(kDsig, 'Signature').length === 1, 'more than one Signature');
  const signed = new SignedXml({publicCert: certificate_of(signature, keyset), getCertFromKeyInfo: () => null});
  signed.loadSignature(signature);
  demand(signed.signatureAlgorithm === kRsaSha256, `signed with ${signed.signatureAlgorithm}`);
  demand(signed.canonicalizationAlgorithm === kExclusive, `canonical form ${signed.canonicalizationAlgorithm}`);
  demand(signed.checkSignature(text) === true, 'the signature is not good');
  demand(signed.references.length === 1, `${signed.references.length} references`);
  const [{uri, transforms, digestAlgorithm}] = signed.references;
  demand(uri === '' && transforms.join() === kTransforms.join() && digestAlgorithm === kSha256, 'another reference');
  const [canonical] = signed.getSignedReferences();
  const cut = text.lastIndexOf('<Signature ');
  demand(canonical === `${text.slice(0, cut)}</feed>`, 'what was signed is not what is published');
  return feed.getElementsByTagNameNS(kAtom, 'entry').length;
}

/** The feed signed anew, and rightly, with a key that is not in the key set but stands in the feed's own KeyInfo. */
function signed_by_stranger(text) {
  const {privateKey, publicKey} = generateKeyPairSync('rsa', {modulusLength: 3072});
  const {n, e} = publicKey.export({format: 'jwk'});
  const [, name] = text.match(/<KeyName>([^<]+)<\/KeyName>/);
  const number = (base64url) => Buffer.from(base64url, 'base64url').toString('base64');
  const signer = new SignedXml({privateKey: privateKey.export({format: 'pem', type: 'pkcs8'}),
    signatureAlgorithm: kRsaSha256, canonicalizationAlgorithm: kExclusive,
    getKeyInfoContent: () => `<KeyName>${name}</KeyName><KeyValue><RSAKeyValue><Modulus>${number(n)}</Modulus>` +
      `<Exponent>${number(e)}</Exponent></RSAKeyValue></KeyValue>`});
  signer.addReference({xpath: '/*', transforms: kTransforms, digestAlgorithm: kSha256, isEmptyUri: true});
  signer.computeSignature(`${text.slice(0, text.lastIndexOf('<Signature '))}</feed>`);
  const own = new SignedXml({publicCert: publicKey.export({format: 'pem', type: 'spki'})});
  const stranger = new ExclusiveCanonicalization().process(parse(signer.getSignedXml()).documentElement, {});
  own.loadSignature(parse(stranger).documentElement.lastChild);
  demand(own.checkSignature(stranger), 'the stranger cannot sign');
  return stranger;
}

/** Feeds that say something else than what was signed, by what was done to them. */
function forgeries(text) {
  const cut = text.lastIndexOf('<Signature ');
  const signature = text.slice(cut, text.lastIndexOf('</feed>'));
  const start = text.slice(0, text.indexOf('>') + 1);
  const entry = text.match(/<entry>.*?<\/entry>\n/s)[0];
  const forged = entry.replace(/<title>[^<]*/, '<title>架空の登録');
  return {
    'signed by a key of its own': signed_by_stranger(text),
    'an entry put in': text.replace(entry, forged + entry),
    'an entry left out': text.replace(entry, ''),
    'an entry after the Signature': text.replace(/<\/feed>$/, `${forged}</feed>`),
    'wrapped in a feed of its own': `${start}${forged}<feed>${text.slice(start.length, cut)}</feed>${signature}</feed>`,
    'a comment in a title': text.replace('<title>', '<title><!-- 削除 -->'),
    'a comment in the identifier': text.replace('<id>tag:', '<id>tag<!-- -->:'),
    'another character for an entity': text.replace('<title>', '<title>&#x67b6;'),
    'two Signatures': text.replace(/<\/feed>$/, `${signature}</feed>`),
    'a document type': `<!DOCTYPE feed>${text}`,
    'without its Signature': text.slice(0, cut) + '</feed>',
  };
}

/** Why it was refused. */
function refuse(octets, keyset, what) {
  try {
    verify_feed(octets, keyset);
  } catch (error) {
    return error.message.replace(/^(invalid signature):.*/s, '$1').split('\n')[0];
  }
  throw new Error(`accepted: ${what}`);
}

/** Refuses changed copies of a good feed. KeyInfo is a hint that no signature covers: what stands before it is changed. */
function refuse_changes(octets, keyset, path) {
  const text = utf8(octets);
  const length = octets.indexOf('<KeyInfo>', octets.lastIndexOf('<Signature '));
  const places = positions(length, octets.length > 500_000 ? 6 : 24);
  for (const at of places) refuse(with_changed_byte(octets, at), keyset, `${path} with byte ${at} changed`);
  console.log(`refused: ${places.length} changes of one byte in ${path}`);
  if (octets.length > 500_000) return;
  const made = forgeries(text);
  for (const [what, forgery] of Object.entries(made)) {
    demand(forgery !== text, `${what}: nothing was changed`);
    console.log(`refused: ${what}: ${refuse(Buffer.from(forgery), keyset, `${path}: ${what}`)}`);
  }
}

async function main() {
  const {values, positionals: [base, ...paths]} = parseArgs({allowPositionals: true, options: {
    trust: {type: 'string'}, tamper: {type: 'boolean', default: false}}});
  if (!paths.length || !values.trust) throw Object.assign(new Error('BASE, --trust DIR and PATH are needed'), {usage: true});
  const read = documents(base);
  const keyset = await verify_keys(read, await read_trust(values.trust), Math.floor(Date.now() / 1000));
  const feeds = await Promise.all(paths.map(async (path) => [path, await read(path)]));
  for (const [path, octets] of feeds) {
    console.log(`good: ${path}, ${verify_feed(octets, keyset)} entries`);
    if (values.tamper) refuse_changes(octets, keyset, path);
  }
}

main().catch((error) => {
  console.error(`verify-atom: ${error.message}`);
  process.exit(error.usage || error.code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1);
});
