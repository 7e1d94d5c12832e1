// Every call of the description with every argument that it must not take: a clear problem each time, and nothing left behind.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import test from 'node:test';
import { assertInvalid, assertRefused, assertStatus, calls, METHODS, resolved, stackForTests } from './described.mjs';

const stack = await stackForTests();
const owner = await stack.owner();
const ana = await stack.client().signIn('/api/users', { name: 'ana', password: 'correct horse' });
const bo = await stack.guest('bo');
const nobody = stack.client();
const { room } = (await owner.post('/api/rooms', { kind: 'group', name: 'room', members: [ana.user.id, bo.user.id] })).body;
const { message } = (await owner.post(`/api/rooms/${room.id}/messages`, { text: 'message' })).body;
const { message: bad } = (await bo.post(`/api/rooms/${room.id}/messages`, { text: 'bad' })).body;
const { report } = (await ana.post(`/api/messages/${bad.id}/report`, { reason: 'rude' })).body;
const { rule } = (await owner.post('/api/rules', { kind: 'words', pattern: 'none such', action: 'report', enabled: false })).body;
const { token: invite, invite: { id: inviteId } } = (await owner.post('/api/invites')).body;

const parts = { room: room.id, message: message.id, user: bo.user.id, report: report.id, rule: rule.id, emoji: encodeURIComponent('👍') };
const right = { name: 'a fresh name', password: 'correct horse', old: 'correct horse', token: invite, label: 'script', state: 'active', kind: 'group',
  up_to: message.id, level: 'all', role: 'member', text: 'hi', reason: 'why', action: 'dismiss', network: '192.0.2.0/24',
  until: new Date(Date.now() + 3600_000).toISOString() };
const rightRule = { kind: 'words', pattern: 'none such', action: 'report' };

/** Those that parley-api answers: images and streams have tests of their own. */
const ours = calls.filter(({ path }) => /^\/api\//.test(path) && !/uploads|events|socket|openapi/.test(path));
const tells = ({ method, path }) => `${method} ${path}`;
const bodyOf = ({ operation }) => operation.requestBody?.content['application/json']?.schema;
const withBody = ours.filter(bodyOf);
const isPublic = ({ operation }) => operation.security?.length === 0;
const isUnsafe = ({ method }) => method !== 'GET';

/** The path with these parts instead of the right ones. */
function pathOf({ method, path }, instead = {}) {
  const all = { ...parts, invite: method === 'DELETE' ? inviteId : invite, ...instead };
  return path.replace(/\{(\w+)\}/g, (_, name) => all[name] ?? 1);
}

/** A body that has all that it must have, and one argument as given. */
function rightBody(call, argument = {}) {
  const needed = (bodyOf(call)?.required ?? []).map((name) => [name, (call.path.startsWith('/api/rules') ? rightRule : right)[name]]);
  return { ...Object.fromEntries(needed), ...argument };
}

const ask = (who, call, body, headers) => who.request(call.method, pathOf(call), body, headers);

/** All that is stored, but what the indexer and presence do by themselves. */
const TABLES = `select relname from pg_class where relnamespace = 'data'::regnamespace and relkind = 'r'
                and relname not in ('search', 'search_todo', 'progress', 'presence')`;
function stored() {
  return stack.sql(`select string_agg(relname || (xpath('/row/h/text()', query_to_xml(
    format('select count(*) || md5(coalesce(string_agg(t::text, '' '' order by t::text), '''')) as h from data.%I t', relname), false, true, '')))[1]::text, ' ' order by relname)
    from (${TABLES}) t`);
}

const before = await stored();

// --- The arguments of the body

const controls = ['a\u0000b', 'a\u0001b', 'a\u001fb'];
const isText = ({ type, format, enum: choices }) => [type].flat().includes('string') && !format && !choices;

/** Values that this schema does not allow. */
function wrongValues(schema) {
  const types = [schema.type ?? []].flat();
  const values = [];
  if (!types.includes('null') && !schema.enum?.includes(null)) values.push(null);
  if (schema.enum) values.push('nonsense', '', 7, true, {}, []);
  if (types.includes('string')) values.push(7, 1.5, true, {}, ['a']);
  if (isText(schema)) values.push(...controls);
  if (schema.maxLength) values.push('x'.repeat(schema.maxLength + 1), '😀'.repeat(schema.maxLength + 1));
  if (schema.minLength) values.push('');
  if (schema.format === 'uuid') values.push('', 'x', '1d3c8f9e5b1c4c0e9a550c7f3a1d9b42', '1d3c8f9e-5b1c-4c0e-9a55-0c7f3a1d9b4g');
  if (schema.format === 'date-time') values.push('', 'tomorrow', '2030-13-01T00:00:00Z', '2030-02-30T00:00:00Z', '2030-01-01', '2030-01-01T00:00:00', 'infinity', '2020-01-01T00:00:00Z', '2030-01-01T00:00:00+23:59');
  if (types.includes('integer')) values.push('7', 1.5, true, {}, [], schema.minimum - 1, schema.maximum + 1, 1e300);
  if (types.includes('boolean')) values.push('true', 1, 0, {}, []);
  if (types.includes('array')) values.push('x', 7, {}, [0], [-1], ['a'], [1.5], [null], [[]], [2 ** 53], Array(schema.maxItems + 1).fill(1));
  if (types.includes('object')) values.push('x', 7, true, []);
  return values;
}

/** A text that is too long or empty, and what is no list where one belongs, hear what is described, and no other bound. */
function assertSaysWhatHolds({ maxLength, maxItems }, value, told) {
  if (maxLength && (value === '' || [...`${value}`].length > maxLength)) assert.match(told, new RegExp(`\\b${maxLength}\\b`));
  if (maxItems && !Array.isArray(value)) assert.match(told, /must be a list/);
}

for (const call of withBody) {
  const { properties = {}, required = [] } = bodyOf(call);
  if (!Object.keys(properties).length) continue;
  test(`${tells(call)}: no argument is taken that is not as described`, async () => {
    for (const name of required) {
      const body = rightBody(call);
      delete body[name];
      assertInvalid(await ask(owner, call, body), name);
    }
    for (const [name, reference] of Object.entries(properties)) {
      for (const value of wrongValues(resolved(reference))) {
        const answer = await ask(owner, call, rightBody(call, { [name]: value }));
        assert.equal(answer.status, 422, `${name}: ${JSON.stringify(value).slice(0, 60)} → ${answer.status} ${answer.text}`);
        assertInvalid(answer, name);
        assertSaysWhatHolds(resolved(reference), value, answer.body.fields[name]);
      }
    }
  });
}

// --- The body itself

const BROKEN = ['{', '{"a":1', '{"a":1}}', "{'a':1}", 'nonsense', '\ufeff{}', '{"a":1}\u0000', '['.repeat(50_000), '{"a":'.repeat(20_000), 'NaN', '{"a":01}'];
const NO_OBJECT = ['[]', '"text"', '7', 'null', 'true'];
const NOT_UTF8 = [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xc3]].map((bytes) => Buffer.concat([Buffer.from('{"name":"a'), Buffer.from(bytes), Buffer.from('"}')]));

for (const call of withBody) {
  test(`${tells(call)}: a body that is not a JSON object in UTF-8 is refused`, async () => {
    for (const body of BROKEN) assertRefused(await ask(owner, call, body), 400, 'bad_json');
    for (const body of [...NO_OBJECT, ...NOT_UTF8]) assertRefused(await ask(owner, call, body), 422, 'invalid');
  });

  test(`${tells(call)}: a body of another type, or over 256 KB, is refused`, async () => {
    const body = JSON.stringify(rightBody(call));
    const takesPlain = 'text/plain' in call.operation.requestBody.content;
    for (const type of ['text/html', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonx', '', ...(takesPlain ? [] : ['text/plain'])]) {
      assertRefused(await ask(owner, call, body, { 'content-type': type }), 415, 'unsupported_type');
    }
    assertRefused(await ask(owner, call, JSON.stringify({ ...rightBody(call), more: 'x'.repeat(256 * 1024) })), 413, 'too_large');
  });
}

test('half a surrogate pair and a number beyond all bounds are refused', async () => {
  for (const body of ['{"text":"\\ud800"}', '{"text":"\\udc00\\ud800"}', '{"text":1e999}', '{"text":"a","reply_to":99999999999999999999999}']) {
    assertRefused(await bo.post(`/api/rooms/${room.id}/messages`, body), 422, 'invalid');
  }
});

test('plain text that is no text is refused', async () => {
  for (const body of [...NOT_UTF8, 'a\u0000b', 'a\u0008b', 'a\u001bb', '', ' ', 'x'.repeat(8001)]) {
    assertInvalid(await bo.request('POST', `/api/rooms/${room.id}/messages`, body, { 'content-type': 'text/plain' }), 'text');
  }
});

/** Sends the beginning of a request and then nothing more; gives what comes back. */
function cutShort(path, body, length) {
  return new Promise((done, fail) => {
    const socket = connect({ port: stack.port, host: '127.0.0.1', allowHalfOpen: true });
    let text = '';
    socket.on('data', (more) => { text += more; }).on('end', () => { socket.destroy(); done(text); }).on('error', fail);
    socket.end(`POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${bo.token}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`);
  });
}

test('a body cut short is no message, however whole it looks', async () => {
  for (const body of ['{"text":"cut"}', '{"text":"cu', '']) {
    const answer = await cutShort(`/api/rooms/${room.id}/messages`, body, body.length + 10);
    assert.ok(answer === '' || /^HTTP\/1.1 400 /.test(answer), answer);
  }
});

// --- Path and query

const NO_IDS = ['0', '-1', '+1', '1.5', '1e3', '0x1', '01', 'abc', 'null', '1%20', '%31%00', '9007199254740992', '18446744073709551617', '9'.repeat(100), '%EF%BC%91', '👍'];

for (const call of ours) {
  const ids = call.parameters.filter(({ in: where, schema }) => where === 'path' && resolved(schema).type === 'integer').map(({ name }) => name);
  if (ids.length === 0) continue;
  test(`${tells(call)}: what is no id is 404`, async () => {
    for (const name of ids) {
      for (const value of NO_IDS) {
        const path = pathOf(call, { [name]: value.includes('%') ? value : encodeURIComponent(value) });
        const answer = await owner.request(call.method, path, bodyOf(call) ? rightBody(call) : undefined);
        if (!(answer.status === 400 && value.includes('%00'))) assertRefused(answer, 404, 'not_found');   // nginx itself refuses NUL
      }
    }
  });

  test(`${tells(call)}: an id of nothing is 404`, async () => {
    for (const name of ids) {
      const answer = await owner.request(call.method, pathOf(call, { [name]: 9_007_199_254_740_991 }), bodyOf(call) ? rightBody(call) : undefined);
      assertRefused(answer, 404, 'not_found');
    }
  });
}

/** Values, already encoded, that this parameter of a query does not allow. */
function wrongQueries(name, schema) {
  const values = [];
  if (schema.type === 'integer') values.push('', 'x', '-1', '1.5', '1e1', '0x1', '%31%00', `${schema.minimum - 1}`, ...(schema.maximum ? [`${schema.maximum + 1}`, '9'.repeat(50)] : []));
  if (schema.enum) values.push('nonsense', '');
  if (schema.format === 'date-time') values.push('', 'tomorrow', '2030-13-01T00:00:00Z', '2030-01-01', '2030-01-01T00:00:00-23:59');
  if (schema.type === 'string') values.push('a%00b', 'a%01b', 'a%ffb', '%c0%80', 'a%zz', '%');
  if (schema.maxLength) values.push('x'.repeat(schema.maxLength + 1));
  return values;
}

for (const call of ours) {
  const asked = call.parameters.filter(({ in: where }) => where === 'query');
  if (asked.length === 0) continue;
  test(`${tells(call)}: a bad query is refused`, async () => {
    for (const { name, schema } of asked) {
      for (const value of wrongQueries(name, resolved(schema))) {
        const others = asked.filter((other) => other.required && other.name !== name).map((other) => `${other.name}=something&`).join('');
        const answer = await owner.request(call.method, `${pathOf(call)}?${others}${name}=${value}`);
        assert.equal(answer.status, 422, `${name}=${value.slice(0, 40)} → ${answer.status} ${answer.text}`);
        assertInvalid(answer, name);
        assertSaysWhatHolds(resolved(schema), value, answer.body.fields[name]);
      }
    }
  });
}

// --- Who, from where, and how

for (const call of ours.filter((each) => !isPublic(each))) {
  test(`${tells(call)}: without a session it is 401`, async () => {
    const strangers = [nobody, stack.client({ token: 'x'.repeat(43) }), stack.client({ token: 'x'.repeat(5000) }), stack.client({ cookie: 'x' }),
      stack.client({ headers: { authorization: 'Basic YTpi' } }), stack.client({ headers: { authorization: 'Bearer' } })];
    for (const stranger of strangers) {
      assertRefused(await ask(stranger, call, bodyOf(call) ? rightBody(call) : undefined), 401, 'no_session');
    }
    assertRefused(await ask(nobody, call), 401, 'no_session');
  });
}

const FOREIGN = [{ origin: 'https://elsewhere.example' }, { origin: 'null' }, { origin: 'http://127.0.0.1:1' }, { origin: '' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }];

for (const call of ours.filter(isUnsafe)) {
  test(`${tells(call)}: from another site, by cookie, it is refused`, async () => {
    const browser = isPublic(call) ? nobody : stack.client({ cookie: owner.token });
    for (const headers of FOREIGN.filter(({ origin }) => origin !== '')) {
      assertRefused(await ask(browser, call, bodyOf(call) ? rightBody(call) : undefined, headers), 403, 'cross_site');
    }
  });
}

for (const path of new Set(ours.map((call) => call.path))) {
  test(`${path} knows its methods and no other`, async () => {
    const known = ours.filter((call) => call.path === path).map(({ method }) => method);
    const allowed = [...known, ...(known.includes('GET') ? ['HEAD'] : [])].sort();
    for (const method of [...METHODS, 'OPTIONS', 'PROPFIND', 'X'].filter((each) => !known.includes(each))) {
      const answer = await owner.request(method, pathOf({ path }));
      assertRefused(answer, 405, 'method_not_allowed');
      assert.deepEqual(answer.headers.allow.split(', ').sort(), allowed, method);
    }
  });
}

test('what is added to a known address is an unknown one', async () => {
  for (const call of ours) assertRefused(await owner.request(call.method, `${pathOf(call)}/more/and/more`), 404, 'not_found');
});

test('nothing of all this was left behind', async () => {
  assert.equal(await stored(), before);
});

// --- What looks bad, and is not

test('a body of exactly 256 KB is read, and unknown keys are ignored', async () => {
  const around = JSON.stringify({ text: 'large', more: '' }).length;
  const body = JSON.stringify({ text: 'large', more: 'x'.repeat(256 * 1024 - around) });
  assertStatus(await bo.post(`/api/rooms/${room.id}/messages`, body), 201);
});

test('JSON with a charset is JSON', async () => {
  assertStatus(await bo.request('POST', `/api/rooms/${room.id}/messages`, '{"text":"x"}', { 'content-type': 'Application/JSON; charset=UTF-8' }), 201);
});

test('from our own page, or by bearer from anywhere, it is not', async () => {
  const path = `/api/rooms/${room.id}/typing`;
  const cookie = stack.client({ cookie: owner.token });
  for (const headers of [{}, { origin: stack.url }, { origin: stack.url, 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }]) {
    assertStatus(await cookie.post(path, undefined, headers), 204);
  }
  for (const headers of FOREIGN) assertStatus(await owner.post(path, undefined, { ...headers, cookie: `parley=${bo.token}` }), 204);
});

test('reading by cookie from another site is the browser\'s affair', async () => {
  assertStatus(await stack.client({ cookie: owner.token }).get('/api/me', { origin: 'https://elsewhere.example' }), 200);
});
