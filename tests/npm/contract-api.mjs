// A server by its OpenAPI document: makes calls of operations, and checks each answer against what is documented.
import http from 'node:http';
import Ajv2020 from 'ajv/dist/2020.js';

const kDocument = 'openapi.json';

/** Answers may get members later; what this server answers now is documented whole. */
function closed(schema) {
  if (schema === null || typeof schema !== 'object') return schema;
  for (const value of Object.values(schema)) closed(value);
  if (schema.type === 'object' && schema.properties && !('additionalProperties' in schema)) schema.additionalProperties = false;
  return schema;
}

/** References of the document as references into the schema that it is added as. */
function absolute(value) {
  if (value === null || typeof value !== 'object') return value;
  if (typeof value.$ref === 'string') value.$ref = value.$ref.replace(/^#/, `${kDocument}#`);
  Object.values(value).forEach(absolute);
  return value;
}

const from_base64url = (text) => JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));

/** The value that a text holds by its contentMediaType. */
function content_of(text, schema) {
  if (schema.contentMediaType === 'application/jwt') return text.split('.').slice(0, 2).map(from_base64url);
  return from_base64url(text);
}

function validator(document) {
  const ajv = new Ajv2020({strict: false, validateFormats: false, allErrors: true});
  ajv.removeKeyword('contentSchema');
  ajv.addKeyword({
    keyword: 'contentSchema',
    type: 'string',
    compile(schema, parent) {
      let validate;
      return (text) => {
        validate ??= ajv.compile(schema);
        return validate(content_of(text, parent));
      };
    },
  });
  ajv.addSchema({$id: kDocument, components: document.components});
  return ajv;
}

export class Api {
  constructor(base, tokens) {
    this.base = base;
    this.tokens = tokens;
    this.agent = new http.Agent({keepAlive: true});
    this.failed = 0;
    this.well = new Map();
    this.badly = new Map();
    this.memory = {};
    this.keys = 0;
    this.compiled = new Map();
  }

  async open() {
    const {text} = await this.send('GET', '/openapi.json', {});
    this.document = absolute(JSON.parse(text));
    this.answers = validator(closed(structuredClone(this.document)));
    this.requests = validator(this.document);
  }

  fail(message) {
    this.failed += 1;
    console.error(message);
  }

  /** A new Idempotency-Key. */
  key() {
    this.keys += 1;
    return {'Idempotency-Key': `contract-${this.keys}`};
  }

  /** The call with a key of its own, where it has one, so that it is no repetition of another. */
  anew(call) {
    return call.headers?.['Idempotency-Key'] ? {...call, headers: {...call.headers, ...this.key()}} : call;
  }

  operations() {
    return Object.entries(this.document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({...operation, method: method.toUpperCase(), path})));
  }

  operation(id) {
    return this.operations().find((o) => o.operationId === id);
  }

  /** [name, value] of the examples of a body. */
  examples(operation) {
    const examples = operation.requestBody?.content['application/json']?.examples ?? {};
    return Object.entries(examples).map(([name, example]) => [name, example.value]);
  }

  validator_of_body(operation) {
    return this.requests.compile(operation.requestBody.content['application/json'].schema);
  }

  /** Calls an operation: {as, path, query, headers, body | raw, type, length}. What the path does not say, and what a query
   *  must say, is as in the example. */
  async call(operation, {as = null, path = {}, query = {}, headers = {}, body, raw, type = 'application/json', length}) {
    const example = (name) => operation.parameters.find((p) => p.in === 'path' && p.name === name).example;
    const filled = operation.path.replace(/\{(\w+)\}/g, (_, name) => path[name] ?? example(name));
    const needed = (operation.parameters ?? []).filter((p) => p.in === 'query' && p.required && !(p.name in query));
    const search = new URLSearchParams([...needed.map((p) => [p.name, p.example]), ...Object.entries(query)]).toString();
    const all = {...headers};
    if (as) all.Authorization = `Bearer ${this.tokens[as]}`;
    const octets = raw ?? (operation.requestBody && body !== undefined ? JSON.stringify(body) : undefined);
    if (octets !== undefined || length) all['Content-Type'] = type;
    const answer = await this.send(operation.method, filled + (search ? `?${search}` : ''), {headers: all, octets, length});
    this.check(operation, answer);
    const counts = answer.status < 400 ? this.well : this.badly;
    counts.set(operation.operationId, (counts.get(operation.operationId) ?? 0) + 1);
    return answer;
  }

  /** One request. With `length` alone that length is announced and nothing of the body is sent. */
  send(method, target, {headers = {}, octets, length}) {
    return new Promise((resolve, reject) => {
      const sent = {...headers};
      if (length) sent['Content-Length'] = length;
      else if (octets !== undefined) sent['Content-Length'] = Buffer.byteLength(octets);
      else if (method !== 'GET') sent['Content-Length'] = 0;
      const request = http.request(this.base + target, {method, headers: sent, agent: length ? undefined : this.agent}, (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('end', () => {
          if (length) request.destroy();
          resolve({status: response.statusCode, headers: response.headers, text: Buffer.concat(parts).toString('utf8')});
        });
      });
      request.on('error', reject);
      if (length) request.flushHeaders();
      else request.end(octets);
    });
  }

  validator_of_answer(schema) {
    const name = JSON.stringify(schema);
    if (!this.compiled.has(name)) this.compiled.set(name, this.answers.compile(schema));
    return this.compiled.get(name);
  }

  resolved(object) {
    if (!object?.$ref) return object;
    return object.$ref.replace(`${kDocument}#/`, '').split('/').reduce((at, name) => at[name], this.document);
  }

  /** Whether an answer is one of the documented ones. */
  check(operation, answer) {
    const name = `${operation.operationId} → ${answer.status}`;
    const documented = this.resolved(operation.responses[answer.status]);
    if (!documented) return this.fail(`${name} is not documented: ${answer.text.slice(0, 300)}`);
    for (const [header, said] of Object.entries(documented.headers ?? {})) {
      const there = header.toLowerCase() in answer.headers;
      if (this.resolved(said).required && !there) this.fail(`${name}: no ${header}`);
    }
    const type = (answer.headers['content-type'] ?? '').split(';')[0];
    if (!documented.content) {
      if (answer.text !== '') this.fail(`${name} has a body`);
      return;
    }
    const content = documented.content[type] ?? documented.content['*/*'];
    if (!content) return this.fail(`${name}: ${type} is not documented`);
    if (/json$/.test(type)) answer.json = JSON.parse(answer.text);
    const validate = this.validator_of_answer(content.schema);
    if (!validate(answer.json ?? answer.text)) {
      this.fail(`${name}: ${this.answers.errorsText(validate.errors).slice(0, 600)}\n  ${answer.text.slice(0, 600)}`);
    }
    if (type === 'application/problem+json' && answer.json.status !== answer.status) this.fail(`${name} says ${answer.json.status}`);
  }

  /** Prints what was called; whether all was well. */
  report() {
    for (const {operationId} of this.operations()) {
      const [well, badly] = [this.well.get(operationId) ?? 0, this.badly.get(operationId) ?? 0];
      console.log(`${operationId}: ${well} good, ${badly} bad`);
      if (!well || !badly) this.fail(`${operationId} was not called ${well ? 'badly' : 'well'}`);
    }
    return this.failed === 0;
  }
}
