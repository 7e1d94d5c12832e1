// History: before, after, around, limit; ascending ids, and whether there is more on either side.
import assert from 'node:assert/strict';
import test from 'node:test';
import { assertInvalid, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests();
const ana = await stack.guest('ana');
const { room } = (await ana.post('/api/rooms', { kind: 'group', name: 'history' })).body;
const { room: empty } = (await ana.post('/api/rooms', { kind: 'group', name: 'empty' })).body;
const COUNT = 210;
await stack.sql(`select count(rule.insert_message(p, jsonb_build_object('room', ${room.id}, 'text', 'm' || i, 'client_id', gen_random_uuid())))
                 from data.person p, generate_series(1, ${COUNT}) i where p.id = ${ana.user.id}`);
const ids = (await stack.sql(`select id from data.message where room_id = ${room.id} order by id`)).split('\n').map(Number);

async function page(query, { id } = room) {
  const body = assertStatus(await ana.get(`/api/rooms/${id}/messages${query}`), 200);
  return [body.messages.map((message) => message.id), body.more_before, body.more_after];
}

test('without any bound it is the newest 50', async () => {
  assert.deepEqual(await page(''), [ids.slice(-50), true, false]);
});

test('before an id are those right before it', async () => {
  assert.deepEqual(await page(`?before=${ids[100]}&limit=10`), [ids.slice(90, 100), true, true]);
  assert.deepEqual(await page(`?before=${ids[10]}&limit=10`), [ids.slice(0, 10), false, true]);
});

test('after an id are those right after it', async () => {
  assert.deepEqual(await page(`?after=${ids[100]}&limit=10`), [ids.slice(101, 111), true, true]);
  assert.deepEqual(await page(`?after=${ids.at(-11)}&limit=10`), [ids.slice(-10), true, false]);
  assert.deepEqual(await page('?after=0&limit=3'), [ids.slice(0, 3), false, true]);
});

test('around an id it counts among the limit', async () => {
  assert.deepEqual(await page(`?around=${ids[100]}&limit=5`), [ids.slice(98, 103), true, true]);
  assert.deepEqual(await page(`?around=${ids[100]}&limit=1`), [[ids[100]], true, true]);
  assert.deepEqual(await page(`?around=${ids[0]}&limit=4`), [ids.slice(0, 4), false, true]);
  assert.ok((await page(`?around=${ids.at(-1)}&limit=4`))[0].includes(ids.at(-1)));
});

test('at either end the page is empty, and the other side is told', async () => {
  assert.deepEqual(await page(`?before=${ids[0]}`), [[], false, true]);
  assert.deepEqual(await page(`?after=${ids.at(-1)}`), [[], true, false]);
  assert.deepEqual(await page('?after=9007199254740991'), [[], true, false]);
  assert.deepEqual(await page('?before=0'), [[], false, true]);
});

test('between two ids is only what lies between', async () => {
  assert.deepEqual(await page(`?after=${ids[10]}&before=${ids[14]}`), [ids.slice(11, 14), true, true]);
  assert.deepEqual(await page(`?after=${ids[10]}&before=${ids[11]}`), [[], true, true]);
});

test('an empty room has an empty page, however it is asked', async () => {
  for (const query of ['', '?before=5', '?after=5', '?around=5', '?limit=1']) assert.deepEqual(await page(query, empty), [[], false, false]);
});

test('a limit over 200 counts as 200', async () => {
  for (const limit of ['200', '201', '5000', '99999999999999999999999']) assert.deepEqual((await page(`?limit=${limit}`))[0], ids.slice(-200));
});

test('paging back to the beginning and forth to the end meets every message once', async () => {
  const walk = async (first, next) => {
    const seen = [];
    for (let [found, before, after] = await page(first); ; [found, before, after] = await page(next(found))) {
      seen.push(...found);
      if (!(next === back ? before : after)) return seen.sort((a, b) => a - b);
    }
  };
  const back = (found) => `?before=${found[0]}&limit=40`;
  const forth = (found) => `?after=${found.at(-1)}&limit=40`;
  assert.deepEqual(await walk('?limit=40', back), ids);
  assert.deepEqual(await walk('?after=0&limit=40', forth), ids);
});

test('n is 1, 2, 3, … in the order of the ids', async () => {
  const { messages } = (await ana.get(`/api/rooms/${room.id}/messages?limit=200`)).body;
  assert.deepEqual(messages.map(({ n }) => n), Array.from({ length: 200 }, (_, i) => COUNT - 199 + i));
});

test('a bound that is no id, and a limit below 1, are refused', async () => {
  for (const name of ['before', 'after', 'around', 'limit']) {
    for (const value of ['x', '-1', '1.5', '']) assertInvalid(await ana.get(`/api/rooms/${room.id}/messages?${name}=${value}`), name);
  }
  assertInvalid(await ana.get(`/api/rooms/${room.id}/messages?limit=0`), 'limit');
  assertInvalid(await ana.get(`/api/rooms/${room.id}/messages?before=9007199254740992`), 'before');
});

// --- What is not many: all of it, unless a page is asked for

/** The list at a path, and what its rows are known by. */
async function assertPages(who, path, name, idOf = ({ id }) => id) {
  const get = async (query) => {
    const body = assertStatus(await who.get(`${path}${path.includes('?') ? '&' : '?'}${query}`), 200);
    return [body[name].map(idOf), body.more_before, body.more_after];
  };
  const [all, before, after] = await get('');
  assert.ok(all.length >= 3, `${path}: ${all}`);
  assert.deepEqual([all, before, after], [[...all].sort((a, b) => a - b), false, false]);
  assert.deepEqual(await get('limit=2'), [all.slice(-2), all.length > 2, false], path);
  assert.deepEqual(await get(`before=${all[2]}&limit=1`), [[all[1]], true, true], path);
  assert.deepEqual(await get(`after=${all[0]}&limit=1`), [[all[1]], true, true], path);
  assert.deepEqual(await get(`around=${all[1]}&limit=3`), [all.slice(0, 3), false, all.length > 3], path);
}

test('every list pages: rooms, channels, sessions, tokens, invitations, pins, blocks, rules, network bans', async () => {
  const owner = await stack.owner();
  const three = (make) => Promise.all([1, 2, 3].map(make));
  const others = await three((i) => stack.guest(`other ${i}`));
  const bo = await stack.client().signIn('/api/users', { name: 'bo', password: 'correct horse' });
  await three((i) => bo.post('/api/rooms', { kind: 'channel', name: `channel ${i}` }));
  await three(() => bo.signIn('/api/session', { name: 'bo', password: 'correct horse' }));
  await three((i) => bo.post('/api/me/tokens', { label: `script ${i}` }));
  await three(() => bo.post('/api/invites'));
  await three((i) => bo.put(`/api/blocks/${others[i - 1].user.id}`));
  await three(async (i) => bo.put(`/api/messages/${(await bo.post('/api/rooms/1/messages', { text: `pin ${i}` })).body.message.id}/pin`));
  await three((i) => owner.post('/api/rules', { kind: 'words', pattern: `none ${i}`, action: 'report' }));
  await three((i) => owner.post('/api/network-bans', { network: `203.0.113.${i}`, until: new Date(Date.now() + 3600_000).toISOString() }));
  await assertPages(bo, '/api/rooms', 'rooms');
  await assertPages(ana, '/api/rooms?all=1&q=chan', 'rooms');
  await assertPages(bo, '/api/me/sessions', 'sessions');
  await assertPages(bo, '/api/me/tokens', 'tokens');
  await assertPages(bo, '/api/invites', 'invites');
  await assertPages(bo, '/api/rooms/1/pins', 'pins');
  await assertPages(bo, '/api/blocks', 'blocks', ({ user }) => user.id);
  await assertPages(owner, '/api/rules', 'rules');
  await assertPages(owner, '/api/network-bans', 'network_bans');
  await assertPages(bo, '/api/rooms/1/members', 'members', ({ user }) => user.id);
});
