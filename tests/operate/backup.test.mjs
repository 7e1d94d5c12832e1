// A backup is one that was restored: every table of it, and readers whose events are lost know it.
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { until } from '../harness/owned.mjs';
import { picture } from '../harness/pictures.mjs';
import { serverForTests } from './server.mjs';

const { stack, parley, say, backups } = await serverForTests();
const ana = await stack.guest('ana');
const bo = await stack.guest('bo');
const dumps = () => readdirSync(backups).filter((name) => name.endsWith('.dump')).sort();
const PROGRAMS = ['api', 'stream', 'image'];

/** table → the number of its rows and a hash of all of them; who is online is no matter of a backup. */
async function contents() {
  const tables = (await stack.sql("select relname from pg_class where relnamespace = 'data'::regnamespace and relkind = 'r' and relpersistence = 'p' order by 1")).split('\n');
  const sequences = (await stack.sql("select relname from pg_class where relnamespace = 'data'::regnamespace and relkind = 'S' order by 1")).split('\n');
  const found = {};
  for (const name of tables) found[name] = await stack.sql(`select count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' order by t::text)), '') from data.${name} t`);
  for (const name of sequences) found[name] = await stack.sql(`select last_value from data.${name}`);
  return found;
}

/** Nothing writes while it is looked at. */
async function standingStill(look) {
  for (const name of PROGRAMS) await stack.processes[name].stop('SIGTERM');
  const found = await look();
  for (const name of PROGRAMS) stack.startProgram(name);
  await until('it is healthy again', async () => (await stack.client().get('/api/health')).status === 200);
  return found;
}

async function post(text, more = {}) {
  const { status, body } = await ana.post('/api/rooms/1/messages', { text, ...more });
  assert.equal(status, 201);
  return body.message;
}

/** Something of every kind. */
async function live() {
  const { body: upload } = await ana.request('POST', '/api/uploads', picture('png'), { 'content-type': 'image/png' });
  const message = await post('with a picture, @bo', { images: [upload.id] });
  await bo.put(`/api/messages/${message.id}/reactions/${encodeURIComponent('👍')}`);
  await bo.post('/api/rooms', { kind: 'group', name: 'us', members: [ana.user.id] });
  await bo.post('/api/rooms/1/messages', { text: 'an answer', reply_to: message.id });
  await ana.patch('/api/me', { status: 'here' });
  await bo.put(`/api/rooms/1/read`, { up_to: message.id });
}

async function cursorNow(client) {
  const { body } = await client.get('/api/state');
  return body.cursor;
}

test('a dump is restored: every table is as it was, and readers of what is lost start afresh', async () => {
  await live();
  const old = await cursorNow(bo);
  await post('the last that is in the dump');
  let before;
  await standingStill(async () => {
    before = await contents();
    const made = await parley('backup');
    assert.equal(made.code, 0, made.err);
  });
  for (let i = 0; i < 5; i++) await post(`lost ${i}`);
  const lost = await cursorNow(bo);
  const reader = await bo.events({ lastEventId: lost });
  await until('a reader is live', () => reader.seen.some(({ kind }) => kind === 'ready'));
  await stack.sql('update data.message set text = null where n < 3');

  const dump = join(backups, dumps()[0]);
  const now = await standingStill(async () => {
    const { code, out, err } = await parley('restore', dump, '--yes');
    assert.equal(code, 0, err);
    assert.match(out, /There is now: 2 people, 3 messages/);
    return contents();
  });
  assert.deepEqual(now, before);
  reader.close();

  await post('after it, with the id of one that is lost');
  const returned = await bo.events({ lastEventId: lost });
  await until('who was beyond the end is told to start afresh', () => returned.seen.some(({ kind }) => kind === 'reset'));
  returned.close();
  const patient = await bo.events({ lastEventId: old });
  await until('who was not goes on', () => patient.seen.some(({ kind, data }) => kind === 'message.posted' && data.text.startsWith('after it')));
  assert.deepEqual(patient.seen.filter(({ kind }) => kind === 'message.posted').map(({ data }) => data.text),
    ['the last that is in the dump', 'after it, with the id of one that is lost']);
  assert.equal(patient.seen.filter(({ kind }) => kind === 'reset').length, 0);
  patient.close();
});

test('the programs may run while it is restored: streams are reset, and posting goes on', async () => {
  const stream = await bo.events();
  await until('the stream is ready', () => stream.seen.some(({ kind }) => kind === 'ready'));
  await post('soon gone');
  const restored = await parley('restore', join(backups, dumps()[0]), '--yes');
  assert.equal(restored.code, 0, restored.err);
  await until('the stream is reset', () => stream.seen.some(({ kind }) => kind === 'reset'), 20_000);
  await until('posting goes on', async () => (await ana.post('/api/rooms/1/messages', { text: 'on' })).status === 201);
  await until('and reaches the stream', () => stream.seen.some(({ kind, data }) => kind === 'message.posted' && data.text === 'on'));
  stream.close();
});

test('nothing is replaced without being asked for, and what is no dump changes nothing', async () => {
  const before = await stack.sql('select count(*) from data.message');
  const [name] = dumps();
  const good = readFileSync(join(backups, name));
  const bad = join(backups, 'bad');
  writeFileSync(bad, good.subarray(0, good.length - 2000));
  const attempts = [[['restore', join(backups, name)], /say --yes/], [['restore', join(backups, 'none'), '--yes'], /cannot be read/],
    [['restore'], /say which dump/], [['restore', '/etc/hostname', '--yes'], /no dump of a Parley database/], [['restore', bad, '--yes'], /pg_restore: error/]];
  for (const [words, said] of attempts) {
    const { code, err } = await parley(...words);
    assert.notEqual(code, 0, words.join(' '));
    assert.match(err, said);
  }
  assert.equal(await stack.sql('select count(*) from data.message'), before);
  assert.equal(await stack.sql("select count(*) from pg_database where datname like current_database() || '\\_new\\_%'"), '0');
});

test('dumps are kept by count and by age, and the newest always', async () => {
  const [newest] = dumps();
  const put = (name) => copyFileSync(join(backups, newest), join(backups, name));
  const years = ['parley-2019-01-01T000000Z.dump', 'parley-2020-01-01T000000Z.dump'];
  const days = [1, 2, 3].map((ago) => `parley-${new Date(Date.now() - ago * 86400_000).toISOString().slice(0, 19).replaceAll(':', '')}Z.dump`);
  for (const name of [...years, ...days]) put(name);
  writeFileSync(join(backups, 'somebody-elses.txt'), '');
  writeFileSync(join(backups, 'parley-2021-01-01T000000Z.dump.part'), 'of one that was killed');
  const { code, out } = await parley('backup');
  assert.equal(code, 0);
  const made = /file=\S*\/(\S+)/.exec(out)[1];
  assert.deepEqual(dumps(), [days[0], newest, made], 'three, of any age');
  assert.deepEqual(readdirSync(backups).filter((name) => !name.endsWith('.dump')).sort(), ['bad', 'somebody-elses.txt']);
  assert.equal(statSync(join(backups, made)).mode & 0o007, 0, 'it is nobody else\'s');
});

test('a dump that cannot be made leaves nothing behind, and takes no old one away', async () => {
  const before = dumps();
  say({ PARLEY_DATABASE: `${stack.databaseWords} dbname=nowhere` });
  const { code, err } = await parley('backup');
  say();
  assert.notEqual(code, 0);
  assert.match(err, /database "nowhere" does not exist/);
  assert.deepEqual(dumps(), before);
});

test('a dump is taken elsewhere by the command that was given, and when that fails it is told', async () => {
  const elsewhere = join(backups, 'elsewhere');
  say({ PARLEY_BACKUPS_THEN: `cp "$DUMP" ${elsewhere}` });
  const { code, out } = await parley('backup');
  assert.equal(code, 0);
  assert.deepEqual(readFileSync(elsewhere), readFileSync(/file=(\S+)/.exec(out)[1]));
  say({ PARLEY_BACKUPS_THEN: 'false' });
  assert.notEqual((await parley('backup')).code, 0);
  say();
});
