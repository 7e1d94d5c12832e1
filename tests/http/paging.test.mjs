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
