// Moderation over HTTP: mutes, bans, roles, blocks, reports, and the audit of it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { assertInvalid, assertRefused, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests();
const owner = await stack.owner();
const member = (name) => stack.client().signIn('/api/users', { name, password: 'correct horse' });
const [mod, ana, bo] = [await member('mod'), await member('ana'), await member('bo')];
assertStatus(await owner.put(`/api/users/${mod.user.id}/role`, { role: 'moderator', reason: 'trusted' }), 204);

const post = (who, text = 'hi') => who.post('/api/rooms/1/messages', { text });
const soon = () => new Date(Date.now() + 3_600_000).toISOString();
const FOREVER = '9999-12-31T23:59:59.999Z';

test('who is muted reads, but does not post, react or edit', async () => {
  const cy = await member('cy');
  const { message } = assertStatus(await post(cy, 'before'), 201);
  const until = soon();
  assertStatus(await mod.put(`/api/rooms/1/mutes/${cy.user.id}`, { until, reason: 'calm down' }), 204);
  for (const answer of [await post(cy), await cy.patch(`/api/messages/${message.id}`, { text: 'x' }), await cy.put(`/api/messages/${message.id}/reactions/${encodeURIComponent('👍')}`),
    await cy.post('/api/rooms/1/typing')]) {
    assertRefused(answer, 403, 'muted');
    assert.equal(answer.body.muted_until, until);
  }
  assert.equal((await cy.get('/api/rooms/1')).body.room.my.muted_until, until);
  assertStatus(await cy.get('/api/rooms/1/messages'), 200);
  const { sanctions } = assertStatus(await mod.get('/api/rooms/1/sanctions'), 200);
  assert.deepEqual(sanctions.map(({ user, kind, until: end, reason, by }) => [user.name, kind, end, reason, by.name]), [['cy', 'mute', until, 'calm down', 'mod']]);
  assertStatus(await mod.del(`/api/rooms/1/mutes/${cy.user.id}`), 204);
  assertStatus(await post(cy), 201);
});

test('what ends after the year 9999 is shown as its end', async () => {
  const { user } = await member('late');
  for (const until of [FOREVER, '9999-12-31T23:59:59-12:00']) {
    assertStatus(await mod.put(`/api/rooms/1/mutes/${user.id}`, { until, reason: 'x' }), 204);
    const { sanctions } = (await mod.get('/api/rooms/1/sanctions')).body;
    assert.equal(sanctions.find((sanction) => sanction.user.id === user.id).until, FOREVER);
  }
});

test('a mute says until when, and why only if somebody wants to; a ban may stay until it is lifted', async () => {
  const { user } = await member('nat');
  for (const body of [{ reason: 'x' }, { until: null, reason: 'x' }, {}]) assertInvalid(await mod.put(`/api/rooms/1/mutes/${user.id}`, body), 'until');
  assertStatus(await mod.put(`/api/rooms/1/mutes/${user.id}`, { until: soon() }), 204);
  assertStatus(await mod.put(`/api/rooms/1/bans/${user.id}`, { reason: 'x' }), 204);
  const { sanctions } = (await mod.get('/api/rooms/1/sanctions')).body;
  assert.equal(sanctions.find(({ user: { id }, kind }) => id === user.id && kind === 'ban').until, FOREVER);
});

test('nobody acts on an equal or a higher rank, nor who does not moderate', async () => {
  const other = await member('other mod');
  await owner.put(`/api/users/${other.user.id}/role`, { role: 'moderator' });
  for (const target of [owner, other, mod]) {
    assertRefused(await mod.put(`/api/rooms/1/mutes/${target.user.id}`, { until: '2999-01-01T00:00:00Z', reason: 'x' }), 403, 'rank_too_low');
    assertRefused(await mod.put(`/api/bans/${target.user.id}`, { reason: 'x' }), 403, 'rank_too_low');
  }
  for (const path of [`/api/rooms/1/mutes/${bo.user.id}`, `/api/rooms/1/bans/${bo.user.id}`, `/api/bans/${bo.user.id}`]) {
    assertRefused(await ana.put(path, { until: soon(), reason: 'x' }), 403, 'not_a_moderator');
    assertRefused(await ana.del(path), 403, 'not_a_moderator');
  }
  for (const path of ['/api/bans', '/api/audit', '/api/rooms/1/sanctions', '/api/reports']) assertRefused(await ana.get(path), 403, 'not_a_moderator');
});

test('who is banned from a room is out, and cannot come back until it is lifted', async () => {
  const di = await member('di');
  assertStatus(await mod.put(`/api/rooms/1/bans/${di.user.id}`, { reason: 'spam' }), 204);
  assert.deepEqual((await di.get('/api/rooms')).body.rooms, []);
  assertRefused(await di.post('/api/rooms/1/join'), 403, 'banned');
  assertRefused(await ana.put(`/api/rooms/1/members/${di.user.id}`), 403, 'banned');
  assertStatus(await mod.del(`/api/rooms/1/bans/${di.user.id}`), 204);
  assertStatus(await di.post('/api/rooms/1/join'), 200);
});

test('who is muted does not speak through a bot either', async () => {
  const flo = await member('flo');
  const { user, token } = assertStatus(await flo.post('/api/bots', { name: 'flo-bot' }), 201);
  const bot = stack.client({ token });
  assertStatus(await bot.post('/api/rooms/1/join'), 200);
  assertStatus(await mod.put(`/api/rooms/1/mutes/${flo.user.id}`, { until: '2999-01-01T00:00:00Z', reason: 'x' }), 204);
  for (const text of ['hi', '@mod hi']) assertRefused(await post(bot, text), 403, 'muted');
  assertStatus(await mod.del(`/api/rooms/1/mutes/${flo.user.id}`), 204);
  assert.equal(assertStatus(await post(bot), 201).message.user.id, user.id);
});

test('a dry run of a ban says what it would touch, and touches nothing', async () => {
  const eve = await member('eve');
  await post(eve);
  await eve.post('/api/me/tokens', { label: 'x' });
  const numbers = assertStatus(await mod.put(`/api/bans/${eve.user.id}`, { reason: 'x', messages: 'hide', dry_run: true }), 200);
  assert.deepEqual([numbers.sessions, numbers.tokens, numbers.messages, numbers.rooms], [1, 1, 1, 1]);
  const kept = assertStatus(await mod.put(`/api/bans/${eve.user.id}`, { reason: 'x', messages: 'keep', dry_run: true }), 200);
  assert.deepEqual([kept.sessions, kept.tokens, kept.messages, kept.rooms], [1, 1, 0, 0]);
  assertStatus(await post(eve), 201);
});

test('who is banned is out of everything, and what they wrote is hidden until the ban is lifted', async () => {
  const gus = await member('gus');
  const { message } = (await post(gus, 'hide me')).body;
  const { token } = (await gus.post('/api/me/tokens', { label: 'x' })).body;
  const { token: invite } = (await gus.post('/api/invites')).body;
  assertStatus(await mod.put(`/api/bans/${gus.user.id}`, { reason: 'flood', messages: 'hide' }), 204);
  assertRefused(await gus.get('/api/me'), 401, 'no_session');
  assertRefused(await stack.client({ token }).get('/api/me'), 401, 'no_session');
  assertRefused(await stack.client().get(`/api/invites/${invite}`), 404, 'not_found');
  const refused = await stack.client().post('/api/session', { name: 'gus', password: 'correct horse' });
  assert.equal(assertRefused(refused, 403, 'banned').until, FOREVER);
  assert.equal((await ana.get(`/api/users/${gus.user.id}`)).body.user.banned, true);
  for (const viewer of [ana, mod]) {
    const hidden = (await viewer.get(`/api/messages/${message.id}`)).body.message;
    assert.deepEqual([hidden.text, hidden.deleted.by, hidden.n], [null, 'moderator', message.n]);
  }
  const { bans } = assertStatus(await mod.get('/api/bans'), 200);
  assert.deepEqual(bans.map(({ user, reason }) => [user.name, reason]), [['gus', 'flood']]);

  assertStatus(await mod.del(`/api/bans/${gus.user.id}`), 204);
  assert.equal((await ana.get(`/api/messages/${message.id}`)).body.message.text, 'hide me');
  await stack.client().signIn('/api/session', { name: 'gus', password: 'correct horse' });
});

test('roles are given below one\'s own, by strictly higher rank', async () => {
  const hal = await stack.guest('hal');
  const give = (who, to, role) => who.put(`/api/users/${to.user.id}/role`, { role });
  assertRefused(await give(ana, hal, 'member'), 403, 'not_a_moderator');
  assertRefused(await give(mod, hal, 'moderator'), 403, 'rank_too_low');
  assertRefused(await give(mod, owner, 'guest'), 403, 'rank_too_low');
  assertStatus(await give(mod, hal, 'member'), 204);
  assert.equal((await hal.get('/api/me')).body.user.role, 'member');
  assertInvalid(await give(owner, hal, 'emperor'), 'role');
  assertRefused(await give(owner, { user: { id: 4_000_000 } }, 'member'), 404, 'not_found');
});

test('of somebody whom I block I see that there is a message, and no word of it', async () => {
  const ida = await member('ida');
  const { message } = (await post(ida, 'unwanted')).body;
  assertStatus(await bo.put(`/api/blocks/${ida.user.id}`), 204);
  const seen = (await bo.get(`/api/messages/${message.id}`)).body.message;
  assert.deepEqual([seen.text, seen.blocked, seen.deleted], [null, true, null]);
  assert.equal((await ana.get(`/api/messages/${message.id}`)).body.message.text, 'unwanted');
  assert.deepEqual((await bo.get('/api/blocks')).body.blocks.map(({ user }) => user.name), ['ida']);
  assert.deepEqual((await ida.get('/api/blocks')).body.blocks, []);
  assertRefused(await bo.put(`/api/blocks/${bo.user.id}`), 422, 'invalid');
  assertStatus(await bo.del(`/api/blocks/${ida.user.id}`), 204);
  assert.equal((await bo.get(`/api/messages/${message.id}`)).body.message.text, 'unwanted');
});

test('a report is resolved once, with what is done about it', async () => {
  const jo = await member('jo');
  const { message } = (await post(jo, 'awful')).body;
  const { report } = assertStatus(await ana.post(`/api/messages/${message.id}/report`, { reason: 'awful' }), 201);
  assertInvalid(await mod.post(`/api/reports/${report.id}/resolve`, { action: 'shrug' }), 'action');
  assertRefused(await ana.post(`/api/reports/${report.id}/resolve`, { action: 'dismiss' }), 403, 'not_a_moderator');
  assertStatus(await mod.post(`/api/reports/${report.id}/resolve`, { action: 'remove', reason: 'against the rules' }), 204);
  assert.equal((await jo.get(`/api/messages/${message.id}`)).body.message.deleted.by, 'moderator');
  assertRefused(await mod.post(`/api/reports/${report.id}/resolve`, { action: 'dismiss' }), 409, 'already_resolved');
  const { reports } = (await mod.get('/api/reports?state=resolved')).body;
  assert.deepEqual(reports.map(({ id, action, message: copy }) => [id, action, copy.text]), [[report.id, 'remove', 'awful']]);
  assert.ok(!(await mod.get('/api/reports')).body.reports.some(({ id }) => id === report.id));
});

test('what was done stands in the audit, page by page', async () => {
  const { audit } = assertStatus(await mod.get(`/api/audit?user=${mod.user.id}&action=set_role`), 200);
  assert.deepEqual(audit.map(({ actor, user, reason, detail }) => [actor.id, user.id, reason, detail]), [[owner.user.id, mod.user.id, 'trusted', { from: 'member', to: 'moderator' }]]);
  const newest = (await mod.get('/api/audit?limit=2')).body;
  assert.deepEqual([newest.audit.length, newest.more_before, newest.more_after], [2, true, false]);
  const before = (await mod.get(`/api/audit?limit=2&before=${newest.audit[0].id}`)).body;
  assert.ok(before.audit[1].id < newest.audit[0].id && before.more_after);
});

test('the audit begins where one asks it to', async () => {
  const { audit } = assertStatus(await mod.get('/api/audit?limit=200'), 200);
  const middle = audit[audit.length >> 1];
  const since = assertStatus(await mod.get(`/api/audit?limit=200&since=${middle.at}`), 200).audit;
  assert.deepEqual(since.map(({ id }) => id), audit.filter(({ at }) => at >= middle.at).map(({ id }) => id));
  assertInvalid(await mod.get('/api/audit?since=lately'), 'since');
});

test('what somebody did is listed, and undone in one step or act by act, by those above them', async () => {
  const [rogue, prey] = [await stack.guest('rogue'), await stack.guest('prey')];
  const since = new Date().toISOString();
  assertStatus(await owner.put(`/api/users/${rogue.user.id}/role`, { role: 'moderator' }), 204);
  assertStatus(await rogue.put(`/api/rooms/1/mutes/${prey.user.id}`, { until: '2999-01-01T00:00:00Z', reason: 'spite' }), 204);
  assertStatus(await rogue.put(`/api/rooms/1/bans/${prey.user.id}`, { reason: 'spite' }), 204);
  const everything = { actor: rogue.user.id, since };
  assertRefused(await mod.post('/api/undo', everything), 403, 'not_an_admin');
  assertInvalid(await owner.post('/api/undo', { actor: rogue.user.id }), 'since');
  const states = async (what) => assertStatus(await owner.post('/api/undo', what), 200).acts.map(({ action, state }) => [action, state]);
  assert.deepEqual(await states({ ...everything, dry_run: true }), [['ban_member', 'can_be_undone'], ['mute_member', 'can_be_undone']]);
  const [mute] = (await owner.get(`/api/audit?actor=${rogue.user.id}&action=mute_member`)).body.audit;
  assert.deepEqual(await states({ act: mute.id, reason: 'no reason' }), [['mute_member', 'undone']]);
  assert.deepEqual(await states(everything), [['ban_member', 'undone']]);
  assertStatus(await prey.post('/api/rooms/1/messages', { text: 'here again' }), 201);
  assert.deepEqual(await states(everything), []);
});

test('a sanction ends in a time to come', async () => {
  for (const until of ['2020-01-01T00:00:00Z', 'tomorrow', 7]) {
    for (const path of [`/api/rooms/1/mutes/${bo.user.id}`, `/api/rooms/1/bans/${bo.user.id}`, `/api/bans/${bo.user.id}`]) {
      assertInvalid(await mod.put(path, { until, reason: 'x' }), 'until');
    }
  }
  assertStatus(await post(bo), 201);
});
