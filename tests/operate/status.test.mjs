// One look that tells all: against a running server, whole and broken.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { parse, sum } from '../../deploy/look/prometheus.mjs';
import { ROOT, until } from '../harness/owned.mjs';
import { serverForTests } from './server.mjs';

const { stack, parley, say } = await serverForTests();
const ana = await stack.guest('ana');

test('a server that is well says so, and what there is', async () => {
  const stream = await ana.events();
  await until('the stream is ready', () => stream.seen.some(({ kind }) => kind === 'ready'));
  for (const text of ['one', 'two', 'three']) await ana.post('/api/rooms/1/messages', { text });
  await until('they have arrived', () => stream.seen.filter(({ kind }) => kind === 'message.posted').length === 3);
  await until('the hub has told who is online', async () => (await stack.sql('select count(*) from data.presence where hub <> 0')) === '1');
  const { code, out, err } = await parley('status');
  assert.equal(code, 0, out + err);
  assert.match(out, /^Parley at http:\/\/127\.0\.0\.1:\d+\/\nAll is well\.\n/);
  for (const line of [/^version +\d+\.\d+\.\d+\S* \(\d{4}_\w+\), PostgreSQL 15/m, /^people +1 of 1 people online, 1 streams open/m, /^posts +3 in the last minute, 3 in the last hour/m,
    /^lag +[\d.]+ m?s in the middle, [\d.]+ m?s at 99 %/m, /^requests +\d+ since the start, 0 failed$/m, /^slowest +[\d.]+ m?s at 99 % of \d+ × [A-Z]+ \/api\//m,
    /^disk +\/.*: \d+ % used, .* free$/m, /^database +[\d.]+ MB: \w+ /m, /^rooms +lobby: 3 messages of about/m, /^backup +none yet$/m]) assert.match(out, line);
  assert.equal(/lobby: 3 messages of about (\S+ KB)/.exec(out)[1], /\bmessage (\S+ KB)/.exec(out)[1], 'the only room with messages has all of the table');
  stream.close();
});

test('a program that does not answer is named, with what to look at', async () => {
  await stack.processes.image.stop('SIGKILL');
  const { code, out } = await parley('status');
  stack.startProgram('image');
  assert.equal(code, 1);
  assert.match(out, /^! parley-image does not answer \(it answers 50[234]\): journalctl -u parley-image -n 50$/m);
  assert.doesNotMatch(out, /All is well/);
});

test('without a database, or without nginx, what can still be said is said', async () => {
  say({ PARLEY_DATABASE: `${stack.databaseWords} dbname=nowhere` });
  const blind = await parley('status');
  assert.equal(blind.code, 1);
  assert.match(blind.out, /^! PostgreSQL cannot be asked \(.*"nowhere" does not exist\)/m);
  assert.match(blind.out, /^requests +\d+ since the start/m);
  say({ PARLEY_ASK: 'http://127.0.0.1:1' });
  const deaf = await parley('status');
  say();
  assert.equal(deaf.code, 1);
  assert.match(deaf.out, /^! nginx does not answer \(.*ECONNREFUSED.*\)/m);
  assert.match(deaf.out, /^posts +3 in/m);
});

test('a nightly dump that is missing is told; one that is there has its age and size as metrics', async () => {
  say({ PARLEY_BACKUPS_NIGHTLY: 'yes' });
  assert.match((await parley('status')).out, /^! there is no backup/m);
  assert.equal((await parley('backup')).code, 0);
  assert.equal((await parley('status')).code, 0);
  const { code, out } = await parley('metrics');
  say();
  assert.equal(code, 0);
  const series = parse(out);
  assert.ok(Math.abs(sum(series, 'parley_backup_last_timestamp_seconds') - Date.now() / 1000) < 60);
  assert.ok(sum(series, 'parley_backup_last_bytes') > 10_000);
  assert.equal(sum(series, 'parley_backups'), 1);
  for (const name of ['parley_disk_free_bytes', 'parley_database_bytes', 'parley_table_bytes', 'parley_database_connections_max']) assert.ok(sum(series, name) > 0, name);
  for (const part of ['nginx', 'database']) assert.equal(sum(series, 'parley_host_up', { part }), 1);
  for (const line of out.trim().split('\n')) assert.match(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [\d.e+-]+)$/);
});

test('alerts are on metrics that there are', async () => {
  const answers = await Promise.all(['api', 'stream', 'image'].map((name) => stack.client().get(`/metrics/${name}`)));
  const written = readFileSync(join(ROOT, 'deploy/look/metrics.mjs'), 'utf8'); // some only come with a replica, or a certificate
  const known = `${answers.map(({ text }) => text).join('')}${written}`;
  const used = new Set(readFileSync(join(ROOT, 'deploy/prometheus/alerts.yml'), 'utf8').match(/\bparley_\w+/g));
  assert.ok(used.size > 10);
  assert.deepEqual([...used].filter((name) => !new RegExp(`\\b${name}\\b`).test(known)), []);
});

test('a command that is none lists those there are', async () => {
  const { code, err } = await parley('nonsense');
  assert.equal(code, 64);
  assert.match(err, /parley status +one look/);
});

test('doctor looks at this host, and says of each thing whether it is well', async () => {
  const { out, err } = await parley('doctor');
  assert.equal(err, '');
  assert.match(out, /^ok {2}Debian GNU\/Linux 12/m);
  assert.match(out, /^BAD PostgreSQL has fsync = off\n {6}do {3}set fsync = on\n {6}why {2}without it a crash/m, 'tests have no time for it');
});

test('the scripts of administration run by their name', async () => {
  assert.match((await parley('admin')).out, /^ban +Bans/m);
  const { code, out } = await parley('admin', 'do=stats');
  assert.equal(code, 0);
  assert.match(out, /people +\| +1/);
  assert.match((await parley('admin', 'do=ban', 'usr=bob')).err, /ban knows no usr, only:.* user /);
});
