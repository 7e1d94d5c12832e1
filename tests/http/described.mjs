// The stack of the harness, with clients that compare every answer and every event with web/openapi.yaml: no test has to ask for it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import YAML from 'yaml';
import { Client } from '../harness/client.mjs';
import { EventReader } from '../harness/events.mjs';
import { ROOT } from '../harness/owned.mjs';

export { stackForTests } from '../harness/stack.mjs';

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
export const description = YAML.parse(readFileSync(join(ROOT, 'web/openapi.yaml'), 'utf8'));

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(description, 'openapi');

/** What a `$ref` of the description points to, or the thing itself. */
export function resolved(thing) {
  if (!thing?.$ref) return thing;
  return thing.$ref.slice(2).split('/').reduce((at, key) => at[key], description);
}

/** Every call: {method, path, operation, parameters}; what is literal comes before what is not. */
export const calls = Object.entries(description.paths).flatMap(([path, item]) => METHODS.filter((method) => item[method.toLowerCase()])
  .map((method) => {
    const operation = item[method.toLowerCase()];
    const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolved);
    return { method, path, operation, parameters, pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`) };
  })).sort((a, b) => a.path.includes('{') - b.path.includes('{'));

function findCall(method, path) {
  return calls.find((call) => call.method === (method === 'HEAD' ? 'GET' : method) && call.pattern.test(path.replace(/\?.*/, '')));
}

const validators = new Map();

/** Every reference of the description begins at its own top, so a schema of it is compiled with its definitions beside it. */
function validator(schema) {
  if (!validators.has(schema)) {
    const text = JSON.stringify(schema).replaceAll('"#/components', '"openapi#/components');
    validators.set(schema, ajv.compile(JSON.parse(text)));
  }
  return validators.get(schema);
}

function assertFits(schema, value, what) {
  const validate = validator(schema);
  assert.ok(validate(value), `${what} is not as described: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(value)}`);
}

/** The answer is a problem as described, with the headers that such a status has. */
export function assertProblemHolds({ status, headers, body }, what) {
  assert.equal(headers['content-type'], 'application/problem+json', what);
  assertFits(description.components.schemas.Problem, body, what);
  assert.equal(body.status, status, what);
  if ([429, 503].includes(status)) assert.equal(headers['retry-after'], String(body.retry_after), `${what}: Retry-After`);
  if (status === 401) assert.equal(headers['www-authenticate'], 'Bearer', `${what}: WWW-Authenticate`);
  if (status === 405) assert.equal(headers.allow, body.allow, `${what}: Allow`);
}

function assertDescribed(method, path, answer) {
  const what = `${method} ${path} → ${answer.status}`;
  assert.notEqual(answer.status, 500, `${what}: ${answer.text}`);
  if (method === 'HEAD') return assert.equal(answer.text, '', what);
  if (answer.status >= 400) return assertProblemHolds(answer, what);
  const call = findCall(method, path);
  if (!call) return assert.ok(!path.startsWith('/api/'), `${what}: no such call is described`);
  const response = resolved(call.operation.responses[answer.status]);
  assert.ok(response, `${what}: this status is not described`);
  const type = answer.headers['content-type']?.replace(/;.*/, '');
  if (!response.content) return assert.equal(answer.text, '', what);
  assert.ok(type in response.content || `${type.split('/')[0]}/*` in response.content, `${what}: ${type} is not described`);
  if (type === 'application/json') assertFits(response.content[type].schema, answer.body, what);
}

const send = Client.prototype.request;
Client.prototype.request = async function request(method, path, ...more) {
  const answer = await send.call(this, method, path, ...more);
  assertDescribed(method, path, answer);
  return answer;
};

const PASSING = ['bye', 'session.ended', 'read.moved', 'presence', 'typing'];
const eventSchemas = description.components.schemas.Events.properties;

EventReader.check = ({ kind, id, data }) => {
  assert.ok(kind in eventSchemas, `an event ${kind} is not described`);
  assertFits(eventSchemas[kind], data, `the event ${kind}`);
  assert.equal(id === null, PASSING.includes(kind), `${kind} has the id ${id}`);
  if (id !== null) assert.match(id, /^\d+\.[0-9a-z]+$/);
};

/** The answer is a problem with this status and code; gives its body. */
export function assertRefused(answer, status, code) {
  assert.equal(`${answer.status} ${answer.body?.code}`, `${status} ${code}`, answer.text);
  return answer.body;
}

/** 422 that names this argument. */
export function assertInvalid(answer, field) {
  assertRefused(answer, 422, 'invalid');
  assert.ok(field in (answer.body.fields ?? {}), `"${field}" is not among the fields: ${answer.text}`);
}

export function assertStatus(answer, status) {
  assert.equal(answer.status, status, answer.text);
  return answer.body;
}
