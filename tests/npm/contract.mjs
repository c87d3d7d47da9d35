#!/usr/bin/env node
// Holds a running server to its own OpenAPI document: every operation is called well, by the examples of the document, and
// badly; status, media type, header fields and body of each answer must be documented. It writes to the register.
//   node contract.mjs BASE TOKENS      TOKENS: a JSON file {"operator", "committee", "second", "registrant", "rotating", "other"}
// Prints what was called. Exit 0 all as documented, 1 not.
import {readFileSync} from 'node:fs';
import {Api} from './contract-api.mjs';
import {kRecipes} from './contract-recipes.mjs';

const [base, tokens_file] = process.argv.slice(2);
const api = new Api(base, JSON.parse(readFileSync(tokens_file, 'utf8')));
await api.open();

const takes_json = (operation) => operation.requestBody !== undefined && 'application/json' in operation.requestBody.content;

/** The examples of a body in the order of the recipe, where it has one: of all of them. */
function in_order(operation, recipe) {
  const examples = api.examples(operation);
  if (!recipe.order) return examples;
  const place = (name) => recipe.order.indexOf(name);
  for (const [name] of examples) if (place(name) < 0) api.fail(`${operation.operationId}: no place for the example ${name}`);
  return examples.sort(([a], [b]) => place(a) - place(b));
}

/** A good call for every example of the body, or one without a body; query parameters by their examples. */
async function call_well(operation, recipe) {
  const examples = in_order(operation, recipe);
  if (takes_json(operation) && !examples.length) api.fail(`${operation.operationId}: no example`);
  for (const [name, value] of examples.length ? examples : [[null, undefined]]) {
    const call = await recipe.good(api, name);
    const answer = await api.call(operation, {body: value, ...call});
    if (answer.status >= 400) api.fail(`${operation.operationId} ${name ?? ''}: ${answer.status} ${answer.text.slice(0, 600)}`);
    if (call.headers?.['Idempotency-Key']) await again(operation, {body: value, ...call}, answer);
    await recipe.then?.(api, answer, name);
    if (answer.headers.etag && documents_304(operation)) await unchanged(operation, call, answer);
  }
  for (const parameter of (operation.parameters ?? []).filter((p) => p.in === 'query' && 'example' in p)) {
    const call = {body: examples[0]?.[1], ...(await recipe.good(api, null))};
    const answer = await api.call(operation, {...call, query: {[parameter.name]: parameter.example}});
    if (answer.status >= 400) api.fail(`${operation.operationId}?${parameter.name}=${parameter.example}: ${answer.text}`);
  }
}

const documents_304 = (operation) => '304' in operation.responses;

/** The same request with the same key: the same answer. */
async function again(operation, call, first) {
  const answer = await api.call(operation, call);
  if (answer.status >= 300) return api.fail(`${operation.operationId} again: ${answer.status}`);
  if (JSON.stringify(answer.json) !== JSON.stringify(first.json)) api.fail(`${operation.operationId} again: another answer`);
}

async function unchanged(operation, call, first) {
  const answer = await api.call(operation, {...call, headers: {...call.headers, 'If-None-Match': first.headers.etag}});
  if (answer.status !== 304) api.fail(`${operation.operationId} with its ETag: ${answer.status}`);
}

/** Expects a refusal with this status, or one of these, and that its first reason names `pointer` where one is given. */
async function refused(operation, what, status, call, pointer) {
  const answer = await api.call(operation, call);
  const name = `${operation.operationId} ${what}`;
  if (![status].flat().includes(answer.status)) return api.fail(`${name}: ${answer.status}, not ${status}: ${answer.text.slice(0, 300)}`);
  if (pointer !== undefined && !answer.json.errors.some((e) => e.pointer === pointer)) {
    api.fail(`${name}: names ${answer.json.errors.map((e) => e.pointer)}, not ${pointer}`);
  }
}

/** Changed copies of a body that its schema refuses. (The register takes null for a member that is left out.) */
function* spoiled(operation, body) {
  const validate = api.validator_of_body(operation);
  for (const name of Object.keys(body)) {
    for (const value of [undefined, {unexpected: true}, [], 7, '']) {
      const copy = {...body, [name]: value};
      if (!validate(JSON.parse(JSON.stringify(copy)))) yield [`${name} = ${JSON.stringify(value)}`, copy];
    }
  }
}

async function refused_bodies(operation, call, body) {
  await refused(operation, 'with an unknown member', 422, api.anew({...call, body: {...body, unexpected: 1}}), '/unexpected');
  await refused(operation, 'with another media type', 415, {...call, raw: '<a/>', type: 'application/xml'});
  await refused(operation, 'with half a JSON text', 400, {...call, raw: '{"a":'});
  await refused(operation, 'with one name twice', 400, {...call, raw: '{"a":1,"a":1}'});
  await refused(operation, 'with a body too large', 413, {...call, length: 64 * 1024 * 1024});
  for (const [what, copy] of spoiled(operation, body)) {
    const answer = await api.call(operation, api.anew({...call, body: copy}));
    if (answer.status < 400) api.fail(`${operation.operationId}: ${what} is no body by the document, and was taken`);
  }
}

async function refused_files(operation, call) {
  await refused(operation, 'with another media type', 415, {...call, type: 'text/html', raw: '<p>'});
  await refused(operation, 'with a file too large', 413, {...call, length: 4 * 1024 * 1024 * 1024});
  await refused(operation, 'with no file', 422, {...api.anew(call), raw: ''});
  await refused(operation, 'with a name of another kind', 415, {...call, query: {name: 'page.html'}});
}

async function call_badly(operation, recipe) {
  const call = recipe.standing ? await recipe.standing(api) : await recipe.good(api, null);
  const [, body] = api.examples(operation)[0] ?? [];
  const whole = {body, ...call};
  await refused(operation, 'with an unknown parameter', 400, {...whole, query: {unexpected: '1'}}, '/unexpected');
  for (const parameter of (operation.parameters ?? []).filter((p) => p.in === 'query' && p.schema.type !== 'string')) {
    await api.call(operation, {...whole, query: {[parameter.name]: '!'}});
  }
  if (operation.security.length) {
    await refused(operation, 'without a token', 401, {...whole, as: null});
    // After some of these no more are looked at for a while.
    await refused(operation, 'with no token of ours', [401, 429], {...whole, as: null, headers: {Authorization: 'Bearer none'}});
  }
  const keyed = (operation.parameters ?? []).find((p) => p.name === 'Idempotency-Key');
  if (keyed) await refused(operation, 'with two words as a key', 400, {...whole, headers: {'Idempotency-Key': 'a b'}});
  if (keyed?.required) await refused(operation, 'without a key', 400, {...whole, headers: {}});
  if (recipe.missing) await refused(operation, 'of what is not there', 404, {...whole, path: {...whole.path, ...recipe.missing}});
  if (recipe.of_others) await refused(operation, "of another's", 404, {...whole, as: 'other', ...(await recipe.of_others(api))});
  if (recipe.not_by) await refused(operation, `by the ${recipe.not_by}`, 403, {...whole, as: recipe.not_by});
  const looked = (operation.parameters ?? []).find((p) => p.name === 'If-Match');
  if (looked?.required) {
    await refused(operation, 'without If-Match', 428, {...whole, headers: {}});
    await refused(operation, 'with another If-Match', 412, {...whole, headers: {'If-Match': `"${'0'.repeat(64)}"`}});
  }
  if (looked) await refused(operation, 'with half an If-Match', 400, {...api.anew(whole), headers: {...whole.headers, 'If-Match': '"'}});
  if (takes_json(operation)) await refused_bodies(operation, whole, body);
  else if (operation.requestBody) await refused_files(operation, whole);
}

for (const operation of api.operations()) {
  const recipe = kRecipes[operation.operationId];
  if (!recipe) api.fail(`no recipe for ${operation.operationId}`);
}
for (const id of Object.keys(kRecipes)) {
  const operation = api.operations().find((o) => o.operationId === id);
  if (!operation) {
    api.fail(`a recipe for ${id}, which is no operation`);
    continue;
  }
  await call_well(operation, kRecipes[id]);
  await call_badly(operation, kRecipes[id]);
}
process.exit(api.report() ? 0 : 1);
