// Signed evidence and receipts, with npm's jose and canonicalize (docs: Published formats, List and evidence).
import canonicalize from 'canonicalize';
import {verify_compact} from './keyset.mjs';
import {verify_proof} from './log.mjs';
import {demand, utf8} from './reader.mjs';

const kNow = ['event', 'iat', 'iss', 'proof', 'rely_until', 'sub', 'ver'];
const kPast = ['as_of', 'events', 'iat', 'iss', 'known_at', 'proofs', 'rely_until', 'state', 'sub', 'ver'];
const kReceipt = ['article', 'filing', 'form', 'iat', 'iss', 'payload_sha256', 'received_at', 'sub'];

const is_posix = (value) => Number.isSafeInteger(value) && value > 0;

/** The claims of a signed document, which is its own canonical form and has these members and no other. */
async function claims_of(octets, keyset, typ, ...forms) {
  const payload = await verify_compact(utf8(octets), keyset, typ);
  const claims = JSON.parse(utf8(payload));
  const members = Object.keys(claims).sort().join();
  demand(forms.some((form) => form.join() === members), `${typ}: its members are ${members}`);
  demand(canonicalize(claims) === utf8(payload), `${typ}: not its own canonical form`);
  demand(claims.iss === keyset.iss && is_posix(claims.iat), `${typ}: ${claims.iss} ${claims.iat}`);
  return claims;
}

/** The claims of a service's evidence, of today or of a past day: each leaf of one service, and its place in the log. */
export async function verify_evidence(octets, keyset) {
  const claims = await claims_of(octets, keyset, 'liu-status+jwt', kNow, kPast);
  const [events, proofs] = claims.event ? [[claims.event], [claims.proof]] : [claims.events, claims.proofs];
  demand(events.length > 0 && events.length === proofs.length, `evidence: ${events.length} events, ${proofs.length} proofs`);
  demand(claims.rely_until >= claims.iat && is_posix(claims.ver), 'evidence: its times');
  const id = events[0].record.id;
  demand(claims.sub.startsWith(`${keyset.iss}/v1/records/${id}.jwt`), `evidence: of ${id}, but for ${claims.sub}`);
  events.forEach((event, i) => {
    demand(event.record.id === id, `evidence: of ${id} and ${event.record.id}`);
    verify_proof(proofs[i], canonicalize(event), event.seq, keyset.log);
    // A past day has every event of the service up to the checkpoint, from the first on.
    if (claims.events) demand(event.prev === (i === 0 ? null : events[i - 1].seq), 'evidence: an event is missing');
  });
  return claims;
}

/** The claims of a receipt for a filing. */
export async function verify_receipt(octets, keyset) {
  const claims = await claims_of(octets, keyset, 'liu-receipt+jwt', kReceipt);
  demand(/^[0-9a-f]{64}$/.test(claims.payload_sha256), 'receipt: payload_sha256');
  demand(new Date(claims.received_at).toISOString() === claims.received_at, `receipt: received ${claims.received_at}`);
  return claims;
}
