// A server under attack: rules, newcomers, raids and networks, through the real stack.
import assert from 'node:assert/strict';
import http from 'node:http';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { ROOT, until } from '../harness/owned.mjs';
import { assertInvalid, assertRefused, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests({ trustedProxy: '127.0.0.9' });
const owner = await stack.owner();
const [mod, ana, bob] = [await stack.guest('mod'), await stack.guest('ana'), await stack.guest('bob')];
assertStatus(await owner.put(`/api/users/${mod.user.id}/role`, { role: 'moderator' }), 204);
const streams = { ana: await ana.events(), mod: await mod.events() };
for (const stream of Object.values(streams)) await stream.next('ready');
after(() => Object.values(streams).forEach((stream) => stream.close()));

const write = (who, text, room = 1) => who.post(`/api/rooms/${room}/messages`, { text });
const say = async (who, text, room) => assertStatus(await write(who, text, room), 201).message;
const read = async (who, { id }) => assertStatus(await who.get(`/api/messages/${id}`), 200).message;
const set = async (changes) => assertStatus(await owner.patch('/api/settings', changes), 204);
const audit = async (action) => assertStatus(await owner.get(`/api/audit?action=${action}`), 200).audit;

/** Makes a rule for the time of `during`. */
async function withRule(rule, during) {
  const made = assertStatus(await owner.post('/api/rules', rule), 201).rule;
  try {
    return await during(made);
  } finally {
    assertStatus(await owner.del(`/api/rules/${made.id}`), 204);
  }
}

// --- Rules

test('a rule refuses what fits it, in any disguise, from the next post on, and nothing after it is gone', async () => {
  await withRule({ kind: 'words', pattern: 'viagra\nfree   money', action: 'refuse' }, async ({ id }) => {
    for (const text of ['Viagra', 'ＶＩＡＧＲＡ', 'vіаgrа now', 'via\u200bgra', 'FREE\nmoney']) assertRefused(await write(ana, text), 403, 'against_the_rules');
    const message = await say(ana, 'niagara');
    assertRefused(await ana.patch(`/api/messages/${message.id}`, { text: 'viagra' }), 403, 'against_the_rules');
    assertRefused(await ana.request('POST', '/api/rooms/1/messages', 'viagra', { 'content-type': 'text/plain' }), 403, 'against_the_rules');
    await say(mod, 'viagra is what the rule is about');
    assertStatus(await owner.patch(`/api/rules/${id}`, { enabled: false }), 204);
    await say(ana, 'viagra');
    assertStatus(await owner.patch(`/api/rules/${id}`, { enabled: true, exempt: 'nobody' }), 204);
    assertRefused(await write(owner, 'viagra'), 403, 'against_the_rules');
  });
  await say(ana, 'viagra');
});

test('a message that a rule hides looks removed on every page until a moderator has looked at it', async () => {
  await withRule({ kind: 'links', pattern: '*', action: 'hide', name: 'links' }, async ({ id }) => {
    const held = await say(bob, 'see https://held.example');
    assert.deepEqual([held.text, held.deleted.by], [null, 'moderator']);
    const { data } = await streams.ana.next('message.posted', (message) => message.id === held.id);
    assert.equal(data.text, null);
    assert.equal((await read(mod, held)).text, null);
    assert.ok(!streams.ana.text.includes('held.example'));
    const opened = (await streams.mod.next('report.opened', ({ message_id: message }) => message === held.id)).data;
    const report = (await mod.get('/api/reports')).body.reports.find((each) => each.id === opened.id);
    assert.deepEqual([report.message.text, report.rule, report.held, report.user, report.reason], ['see https://held.example', id, true, null, 'links']);

    assertStatus(await mod.post(`/api/reports/${report.id}/resolve`, { action: 'dismiss' }), 204);
    const shown = (await streams.ana.next('message.edited', (message) => message.id === held.id)).data;
    assert.deepEqual([shown.text, shown.deleted, shown.n], ['see https://held.example', null, held.n]);
    assert.equal((await read(ana, held)).text, 'see https://held.example');
    await until('it is found', async () => (await ana.get('/api/search?q=held.example')).body.messages.length === 1);
  });
});

test('a rule mutes for its minutes, and says so; the mute outlives the refused post', async () => {
  const { room } = assertStatus(await ana.post('/api/rooms', { kind: 'group', name: 'loud', members: [bob.user.id, owner.user.id] }), 201);
  await withRule({ kind: 'regex', pattern: '\\m(\\w)\\1{5,}', action: 'mute', minutes: 10, rooms: [room.id] }, async ({ id }) => {
    await say(bob, 'aaaaaaaaaaa', 1);
    const problem = assertRefused(await write(bob, 'aaaaaaaaaaa', room.id), 403, 'muted');
    const minutes = (new Date(problem.muted_until) - Date.now()) / 60_000;
    assert.ok(minutes > 9 && minutes <= 10, problem.muted_until);
    await streams.ana.next('member.changed', ({ user, muted_until: end }) => user.id === bob.user.id && end === problem.muted_until);
    assertRefused(await write(bob, 'sorry', room.id), 403, 'muted');
    assert.equal((await audit('mute_member')).at(-1).via, `rule:${id}`);
    assertStatus(await ana.del(`/api/rooms/${room.id}/mutes/${bob.user.id}`), 204);
  });
});

test('a rule reports: posted, and in the queue', async () => {
  await withRule({ kind: 'words', pattern: 'dubious*', action: 'report' }, async ({ id }) => {
    const message = await say(bob, 'dubiously said');
    assert.equal(message.text, 'dubiously said');
    const { data } = await streams.mod.next('report.opened', ({ message_id: about }) => about === message.id);
    const report = (await mod.get('/api/reports')).body.reports.find((each) => each.id === data.id);
    assert.deepEqual([report.rule, report.held], [id, false]);
  });
});

test('what rooms and people are called, and what is said of images, is refused like a text', async () => {
  await withRule({ kind: 'words', pattern: 'unspeakable', action: 'refuse' }, async () => {
    assertRefused(await bob.patch('/api/me', { status: 'UNSPEAKABLE' }), 403, 'against_the_rules');
    assertRefused(await bob.post('/api/bots', { name: 'Unspeakable' }), 403, 'against_the_rules');
    assertRefused(await ana.post('/api/me/upgrade', { name: 'unspeakable', password: 'a long password' }), 403, 'against_the_rules');
    assertRefused(await bob.post('/api/rooms', { kind: 'channel', name: 'unspeakable' }), 403, 'against_the_rules');
    const { room } = assertStatus(await bob.post('/api/rooms', { kind: 'channel', name: 'speakable' }), 201);
    assertRefused(await bob.patch(`/api/rooms/${room.id}`, { topic: 'unspeakable things' }), 403, 'against_the_rules');
    assertStatus(await bob.patch(`/api/rooms/${room.id}`, { topic: 'things' }), 204);
    assertRefused(await bob.post('/api/rooms/1/messages', { text: 'see', images: [1], alts: { 1: 'unspeakable' } }), 403, 'against_the_rules');
    assertStatus(await bob.patch('/api/me', { settings: {} }), 200);
  });
});

test('a rule is tried on what was said, without doing anything', async () => {
  await say(bob, 'a giraffe and an elephant');
  const tried = assertStatus(await mod.post('/api/rules/try', { kind: 'words', pattern: 'giraffe\nzebra' }), 200);
  assert.deepEqual([tried.hits, tried.slow, tried.messages.map(({ text }) => text)], [1, false, ['a giraffe and an elephant']]);
  assert.ok(tried.tried > 1);
  assertRefused(await mod.post('/api/rules/try', { kind: 'regex', pattern: 'x' }), 403, 'not_an_admin');
  for (const [path, body] of [['/api/rules', { kind: 'words', pattern: 'x', action: 'hide' }], ['/api/rules/try', { kind: 'words', pattern: 'x' }]]) {
    assertRefused(await ana.post(path, body), 403, 'not_a_moderator');
  }
  assertInvalid(await owner.post('/api/rules', { kind: 'regex', pattern: '(', action: 'hide' }), 'pattern');
});

test('a pattern that takes for ever is switched off while posting goes on', async () => {
  const { rule } = assertStatus(await owner.post('/api/rules', { kind: 'regex', pattern: '(.+)(.+)(.+)\\3\\2\\1x', action: 'refuse', name: 'catastrophe' }), 201);
  const poison = `${'a'.repeat(400)} x`;
  const median = (times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
  const times = { before: [], during: [] };
  const timed = async (who, into) => {
    const started = performance.now();
    await say(who, 'meanwhile');
    into.push(performance.now() - started);
  };
  for (let i = 0; i < 30; i++) await Promise.all([mod, owner].map((who) => timed(who, times.before)));
  let done = false;
  const others = [mod, owner].map(async (who) => {                // exempt: their posts have nothing to wait for but the machine
    while (!done) await timed(who, times.during);
  });
  const answers = await Promise.all(Array.from({ length: 6 }, () => write(bob, poison)));
  done = true;
  await Promise.all(others);
  for (const answer of answers) assertStatus(answer, 201);
  const { rules } = (await owner.get('/api/rules')).body;
  const [found] = rules.filter(({ id }) => id === rule.id);
  assert.equal(found.enabled, false);
  assert.ok(found.slow_at);
  const rows = await audit('switch_off_rule');
  assert.deepEqual(rows.map(({ via, detail }) => [via, detail.rule]), [[`rule:${rule.id}`, rule.id]]);
  const [before, during] = [median(times.before), median(times.during)];
  assert.ok(during < 3 * before + 100, `others posted in ${before} ms before and ${during} ms meanwhile`);
  assertStatus(await owner.del(`/api/rules/${rule.id}`), 204);
});

test('forty lists of a hundred words are no burden, not for long texts of any script either, and none is switched off', async () => {
  const list = (i) => Array.from({ length: 100 }, (_, j) => ['wicked', 'wicked*', 'very wicked', '悪い'][j % 4] + `${i}x${j}`).join('\n');
  const rules = [];
  for (let i = 0; i < 40; i++) rules.push(assertStatus(await owner.post('/api/rules', { kind: 'words', pattern: list(i), action: 'report' }), 201).rule.id);
  const [talker, writer] = [await stack.guest('talker'), await stack.guest('writer')];
  const script = (from) => String.fromCodePoint(...Array.from({ length: 7990 }, (_, i) => from + i));
  const texts = [script(0x4e00), script(0xac00), 'ﷺ'.repeat(7990), `a${'\u0315\u0300'.repeat(3900)}`];
  const many = Promise.all([...texts, ...texts, ...texts].map((text) => write(writer, text)));
  for (let i = 0; i < 20; i++) await say(talker, `just talking, ${i}`);
  for (const { status } of await many) assert.ok(status === 201 || status === 429, `${status}: one after the other, or later`);
  for (const text of texts) await say(writer, text);
  const message = await say(talker, 'what a WICKED39x96');
  assert.equal((await mod.get('/api/reports')).body.reports.filter((report) => report.message.id === message.id).length, 1);
  assert.ok((await owner.get('/api/rules')).body.rules.every(({ enabled }) => enabled));
  for (const id of rules) assertStatus(await owner.del(`/api/rules/${id}`), 204);
});

test('posting goes on while a rule is made whose expression takes long to read, and trying one has an end', async () => {
  let made;
  const making = owner.post('/api/rules', { kind: 'regex', pattern: '((a|b|c|d){1,250}(x|y|z){1,250}){1,9}q', action: 'report' }).then((answer) => { made = answer; });
  let posted = 0;
  for (; !made; posted++) await say(mod, 'meanwhile');
  await making;
  assert.ok(posted > 3, `${posted} posts meanwhile`);
  assertStatus(await owner.del(`/api/rules/${assertStatus(made, 201).rule.id}`), 204);
  assertInvalid(await owner.post('/api/rules', { kind: 'regex', pattern: '(', action: 'report' }), 'pattern');
  await say(ana, `${'a'.repeat(2000)} x`);
  const started = performance.now();
  const tried = assertStatus(await owner.post('/api/rules/try', { kind: 'regex', pattern: '(.+)(.+)(.+)\\3\\2\\1x' }), 200);
  assert.ok(tried.slow && performance.now() - started < 4500, `${performance.now() - started} ms`);
});

// --- Newcomers, floods, a raid

test('newcomers may be kept from links, and the same text from coming again and again', async () => {
  await set({ newcomer_hours: 24, newcomer_links: false });
  assertRefused(await write(ana, 'look at www.example.com'), 403, 'newcomer');
  await say(mod, 'look at www.example.com');
  await set({ newcomer_hours: null, newcomer_links: null, flood_same_text: 2 });
  for (let i = 0; i < 2; i++) await say(ana, 'me again');
  assertRefused(await write(ana, 'me again'), 429, 'slow_down');
  assertRefused(await write(ana, 'ME  AGAIN!'), 429, 'slow_down');
  const message = await say(ana, 'somebody else');
  assertRefused(await ana.patch(`/api/messages/${message.id}`, { text: 'me again' }), 429, 'slow_down');
  const many = await Promise.all(Array.from({ length: 6 }, () => write(bob, 'all at once')));
  assert.equal(many.filter(({ status }) => status === 201).length, 2);
  await set({ flood_same_text: null });
  await say(ana, 'me again');
});

test('a raid shuts the door by one script, and is over by another', async () => {
  const raid = (...variable) => stack.psql(['-v', ...variable, '-f', join(ROOT, 'sql/admin/raid.sql')], 'parley_moderator');
  assert.match(await raid('on=2h'), /shut until/);
  const nobody = stack.client();
  assertRefused(await nobody.post('/api/session/guest', { name: 'raider' }), 403, 'raid');
  assertRefused(await nobody.post('/api/users', { name: 'raider', password: 'correct horse' }), 403, 'raid');
  assertRefused(await ana.post('/api/invites'), 403, 'raid');
  assertRefused(await ana.put(`/api/directs/${bob.user.id}`), 403, 'newcomer');
  const hello = (await nobody.get('/api/hello')).body;
  assert.deepEqual([hello.guests, hello.registration], [false, 'closed']);
  await say(ana, 'we go on');
  assert.equal((await audit('set_raid')).at(-1).via, 'psql:parley_moderator');
  const hours = async (on) => (new Date((await raid(`on=${on}`)).match(/until (\S+)\./)[1]) - Date.now()) / 3600_000;
  assert.ok(Math.abs(await hours('3') - 3) < 0.1);
  assert.ok(Math.abs(await hours('7 days') - 168) < 0.1);
  await assert.rejects(raid('on=8 days'), /at most 7 days/);
  assert.match(await raid('off=1'), /over/);
  await stack.guest('no raider');
  await raid('on=1h');
  assert.match(await raid('on=off'), /over/);
  await stack.guest('nor this one');
  assertStatus(await ana.put(`/api/directs/${bob.user.id}`), 200);
});

// --- Networks

const PROXY = '127.0.0.9';

/** A call from another address of this machine; from the proxy, for somebody whom it names. */
function from(address, method, path, { token, body, client } = {}) {
  const bytes = body ? JSON.stringify(body) : '';
  const headers = { 'content-type': 'application/json', 'content-length': bytes.length, ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(client ? { 'x-forwarded-for': client } : {}) };
  return new Promise((done, fail) => {
    http.request(stack.url + path, { method, headers, localAddress: address, agent: false }, async (response) => {
      if (/event-stream/.test(response.headers['content-type'])) response.destroy();
      let text = '';
      for await (const chunk of response) text += chunk;
      done({ status: response.statusCode, body: /json/.test(response.headers['content-type']) ? JSON.parse(text) : null, text });
    }).on('error', fail).end(bytes);
  });
}

test('a client is who connects, and who the proxy says; nobody else is heard', async () => {
  const seen = async (address, client) => {
    const { body } = await from(address, 'POST', '/api/session/guest', { body: { name: `seen ${address} ${client}` }, client });
    return (await stack.client({ token: body.token }).get('/api/me/sessions')).body.sessions[0].address;
  };
  assert.equal(await seen(PROXY, '198.18.0.5'), '198.18.0.5');
  assert.equal(await seen(PROXY, '198.18.0.1, 198.18.0.6'), '198.18.0.6');
  assert.equal(await seen(PROXY, '2001:db8:f:2:3:4:5:6'), '2001:db8:f:2:3:4:5:6');
  assert.equal(await seen(PROXY), PROXY);
  assert.equal(await seen('127.0.0.8', '198.18.0.5'), '127.0.0.8');
});

test('a network ban needs an end, and is never of one\'s own', async () => {
  const later = new Date(Date.now() + 3600_000).toISOString();
  assertInvalid(await mod.post('/api/network-bans', { network: '203.0.113.0/24' }), 'until');
  for (const network of ['127.0.0.1', '10.0.0.0/8', '192.168.1.1', '::1', 'fe80::1', 'fd00::1', '0.0.0.0/0', '::/0']) {
    assertInvalid(await mod.post('/api/network-bans', { network, until: later }), 'network');
  }
  assertRefused(await ana.post('/api/network-bans', { network: '203.0.113.0/24', until: later }), 403, 'not_a_moderator');
  const dry = assertStatus(await mod.post('/api/network-bans', { network: '203.0.113.0/24', until: later, dry_run: true }), 200);
  assert.deepEqual([dry.network, dry.sessions, dry.users], ['203.0.113.0/24', 0, []]);
  const { network_ban: ban } = assertStatus(await mod.post('/api/network-bans', { network: '2001:db8::1', until: later, reason: 'bots' }), 201);
  assert.deepEqual([ban.network, ban.scope, ban.until, ban.by.id], ['2001:db8::/64', 'registration', later, mod.user.id]);
  assert.equal(assertStatus(await mod.get('/api/network-bans'), 200).network_bans.length, 1);
  assertStatus(await mod.del(`/api/network-bans/${ban.id}`), 204);
});

test('nobody comes in from a banned network; with everything, nothing is answered there, by no program', async () => {
  const later = new Date(Date.now() + 3600_000).toISOString();
  const near = { client: '2001:db8:5:5:5::1' };
  const { body: { token, user } } = await from(PROXY, 'POST', '/api/session/guest', { ...near, body: { name: 'from there' } });
  const { body: { token: script } } = await from(PROXY, 'POST', '/api/me/tokens', { ...near, token, body: { label: 'x' } });
  const ban = (more) => mod.post('/api/network-bans', { network: '2001:db8:5:5::', until: later, reason: 'bots', ...more });
  const dry = assertStatus(await ban({ dry_run: true }), 200);
  assert.deepEqual([dry.sessions, dry.users.map(({ id }) => id)], [1, [user.id]]);
  assertStatus(await ban({}), 201);
  assert.equal((await from(PROXY, 'POST', '/api/session/guest', { client: '2001:db8:5:5:ffff::2', body: { name: 'x' } })).body.code, 'network_banned');
  assert.equal((await from(PROXY, 'GET', '/api/me', { ...near, token })).status, 200);
  await stack.guest('from elsewhere');

  const { network_ban: made } = assertStatus(await ban({ scope: 'everything' }), 201);
  assert.equal((await from(PROXY, 'GET', '/api/me', { client: '2001:db8:5:6::1', token })).status, 401);
  const calls = [['GET', '/api/me'], ['GET', '/api/events'], ['POST', '/api/uploads'], ['GET', '/api/uploads/1']];
  for (const [method, path] of calls) {
    const answer = () => from(PROXY, method, path, { ...near, token: script });
    await until(`${path} is shut`, async () => (await answer()).body?.code === 'network_banned', 3000);
    assert.equal((await answer()).status, 403);
    assert.notEqual((await from(PROXY, method, path, { client: '2001:db8:5:6::1', token: script })).body?.code, 'network_banned');
  }
  assertStatus(await mod.del(`/api/network-bans/${made.id}`), 204);
  await until('it is let in again', async () => (await from(PROXY, 'GET', '/api/me', { ...near, token: script })).status === 200, 3000);
  assert.equal((await from(PROXY, 'GET', '/api/events', { ...near, token: script })).status, 200);
});

test('a stream that is read from a banned network ends, wherever its session was opened', async () => {
  const roamer = await stack.guest('roamer');
  const openedFrom = (client) => new Promise((opened, fail) => {
    http.get(`${stack.url}/api/events`, { headers: { authorization: `Bearer ${roamer.token}`, 'x-forwarded-for': client }, localAddress: PROXY, agent: false }, (response) => {
      let text = '';
      const ended = new Promise((done) => response.on('end', () => done(text)));
      response.on('data', (piece) => {
        text += piece;
        if (text.includes('event: ready')) opened({ response, ended, text: () => text });
      });
    }).on('error', fail);
  });
  const [there, elsewhere] = [await openedFrom('198.51.100.77'), await openedFrom('198.51.101.77')];
  const later = new Date(Date.now() + 3600_000).toISOString();
  const { network_ban: ban } = assertStatus(await mod.post('/api/network-bans', { network: '198.51.100.0/24', until: later, scope: 'everything' }), 201);
  assert.match(await there.ended, /event: session\.ended\ndata: \{"reason":"banned"\}/);
  const { id } = await say(ana, 'still heard elsewhere');
  await until('it is heard', () => elsewhere.text().includes(`"id":${id},`));
  elsewhere.response.destroy();
  assertStatus(await mod.del(`/api/network-bans/${ban.id}`), 204);
});

// --- Undo

test('what a rogue moderator did is taken back by one script', async () => {
  const rogue = await stack.guest('rogue');
  assertStatus(await owner.put(`/api/users/${rogue.user.id}/role`, { role: 'moderator' }), 204);
  const message = await say(bob, 'harmless');
  assertStatus(await rogue.put(`/api/rooms/1/mutes/${ana.user.id}`, { until: '2999-01-01T00:00:00Z', reason: 'x' }), 204);
  assertStatus(await rogue.put(`/api/bans/${bob.user.id}`, { reason: 'x', messages: 'hide' }), 204);
  assert.equal((await read(ana, message)).text, null);
  const undone = await stack.psql(['-v', 'user=rogue', '-v', 'since=1 hour', '-v', 'yes=1', '-f', join(ROOT, 'sql/admin/undo.sql')], 'parley_admin');
  assert.match(undone, /ban_user .*can_be_undone/);
  assert.match(undone, /undone +\| +2/);
  await streams.ana.next('user.shown', ({ user }) => user.id === bob.user.id);
  assert.equal((await read(ana, message)).text, 'harmless');
  await say(ana, 'I may speak again');
  assert.equal((await audit('undo')).length, 2);
});
