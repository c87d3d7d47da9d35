// Files and acts without a pause while its server is killed and started again: repeats what was not answered with the
// same Idempotency-Key, and prints at the end what was acknowledged, for the shell test to hold against the journal.
//   node crash-client.mjs BASE REGISTRANT-TOKEN OPERATOR-TOKEN SERVICE SECONDS
import {randomUUID} from 'node:crypto';
import {setTimeout as sleep} from 'node:timers/promises';

const [base, registrant, operator, service, seconds] = process.argv.slice(2);
const until = Date.now() + Number(seconds) * 1000;
const acknowledged = [];

async function post(token, path, body, key) {
  const headers = {Authorization: `Bearer ${token}`};
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (key) headers['Idempotency-Key'] = key;
  const response = await fetch(base + path, {method: 'POST', headers, body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(5000)});
  return {status: response.status, json: await response.json()};
}

// Repeats until there is an answer that is neither a broken connection nor a 503.
async function insist(send) {
  for (let tries = 0; tries < 400; ++tries) {
    try {
      const answer = await send();
      if (answer.status !== 503) return answer;
    } catch { /* killed: the same again */ }
    await sleep(25);
  }
  throw new Error('the server never came back');
}

// A decision has no key of its own: after a lost answer the filing itself tells what became of it.
async function decided(id) {
  for (;;) {
    const answer = await insist(() => post(operator, `/v1/filings/${id}/decision`,
      {decision: 'accept', article: '14.2', reason: '確認した'}));
    if (answer.status === 200) return answer.json.seq;
    const seen = await fetch(`${base}/v1/filings/${id}`, {headers: {Authorization: `Bearer ${operator}`}})
      .then(r => r.json()).catch(() => null);
    if (seen?.state === 'accepted') return seen.seq;
    if (seen) throw new Error(`decision ${answer.status} ${JSON.stringify(answer.json)}`);
  }
}

async function file(n) {
  const mine = await insist(() => post(registrant, '/v1/filings', {form: '2-11', service,
    changes: {url: `https://n${n}.example.jp/`}, reason: {ja: '試験'}}));
  // A lost answer leaves its draft open; the refusal names it.
  const id = mine.status === 201 ? mine.json.id : /F\d{9}/.exec(JSON.stringify(mine.json))?.[0];
  if (!id) throw new Error(`draft ${mine.status} ${JSON.stringify(mine.json)}`);
  const key = randomUUID();
  const first = await insist(() => post(registrant, `/v1/filings/${id}/submission`, undefined, key));
  if (first.status !== 202) throw new Error(`submission ${first.status} ${JSON.stringify(first.json)}`);
  const again = await insist(() => post(registrant, `/v1/filings/${id}/submission`, undefined, key));
  if (again.json.receipt !== first.json.receipt) throw new Error(`${id} has two receipts`);
  acknowledged.push({filing: id, seq: await decided(id), receipt: first.json.receipt});
}

async function act(n) {
  const key = randomUUID();
  const body = {act: 'usage', article: '11.5(13)', agencies_using: 1000 + n, reason: {ja: '試験'},
    basis: {channel: '試験', received_on: '2026-11-20'}};
  const answer = await insist(() => post(operator, `/v1/services/${service}/acts`, body, key));
  if (answer.status !== 201 && answer.status !== 200) throw new Error(`act ${answer.status} ${JSON.stringify(answer.json)}`);
  acknowledged.push({seq: answer.json.seq, agencies_using: 1000 + n});
}

for (let n = 0; Date.now() < until; ++n) {
  await file(n);
  await act(n);
}
console.log(JSON.stringify(acknowledged));
