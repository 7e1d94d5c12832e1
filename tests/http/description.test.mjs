// web/openapi.yaml and the programs' own tables say the same, and the examples of the description are what it describes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { ROOT } from '../harness/owned.mjs';
import { calls, description, METHODS, resolved } from './described.mjs';

/** `{POST, "/api/rooms/{room}/messages", COMMIT, "post_message", …` of the route table. */
const routes = [...readFileSync(join(ROOT, 'fcgi/api/route.c'), 'utf8').matchAll(/^ {4}\{([A-Z]+), "([^"]+)", \w+, (?:"(\w+)"|NULL)/gm)]
  .map(([, method, pattern, name]) => ({ call: `${method} ${pattern.replaceAll(/:(text|value)\}/g, '}')}`, name }));
const elsewhere = /uploads|\/api\/(events|socket|openapi\.yaml|health\/image)$|^\/metrics/;
const described = calls.filter(({ path }) => !elsewhere.test(path));

test('every route of parley-api is described, and nothing else', () => {
  assert.ok(routes.length > 50);
  const known = routes.map(({ call }) => call).filter((call) => !elsewhere.test(call.split(' ')[1]));
  assert.deepEqual(described.map(({ method, path }) => `${method} ${path}`).sort(), known.sort());
});

test('an operation is called as the function that answers it', () => {
  const names = new Map(routes.map(({ call, name }) => [call, name]));
  for (const { method, path, operation } of described) {
    if (operation.operationId !== 'list_room_sanctions') assert.equal(operation.operationId, names.get(`${method} ${path}`));
  }
});

test('operations have different names, a summary and a tag; each part of a path is described', () => {
  assert.equal(new Set(calls.map(({ operation }) => operation.operationId)).size, calls.length);
  const tags = description.tags.map(({ name }) => name);
  for (const { method, path, operation, parameters } of calls) {
    assert.ok(operation.summary && operation.tags.every((tag) => tags.includes(tag)), `${method} ${path}`);
    const parts = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    assert.deepEqual(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name), parts, `${method} ${path}`);
  }
});

test('a path item has methods and parameters, and no typing mistake', () => {
  for (const [path, item] of Object.entries(description.paths)) {
    for (const key of Object.keys(item)) assert.ok(key === 'parameters' || METHODS.includes(key.toUpperCase()), `${path}: ${key}`);
  }
});

function* references(thing) {
  if (typeof thing !== 'object' || thing === null) return;
  if (typeof thing.$ref === 'string') yield thing.$ref;
  for (const part of Object.values(thing)) yield* references(part);
}

test('every reference leads somewhere, and every schema is led to', () => {
  const all = new Set(references(description));
  for (const reference of all) assert.ok(resolved({ $ref: reference }), reference);
  for (const name of Object.keys(description.components.schemas)) assert.ok(all.has(`#/components/schemas/${name}`), name);
});

test('the schemas are strict JSON Schema, and their examples fit', () => {
  const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true, keywords: ['example'] });
  addFormats(ajv);
  ajv.addVocabulary(['openapi', 'info', 'servers', 'security', 'tags', 'paths', 'components']);
  ajv.addSchema(description, 'openapi');
  for (const [name, { examples = [] }] of Object.entries(description.components.schemas)) {
    const validate = ajv.compile({ $ref: `openapi#/components/schemas/${name}` });
    for (const example of examples) assert.ok(validate(example), `${name}: ${ajv.errorsText(validate.errors)}`);
  }
});
