// What is called wrong, and from where on: on facts made up.
import assert from 'node:assert/strict';
import test from 'node:test';
import { examine } from '../../deploy/look/checkup.mjs';
import { parse, quantile, sum, write } from '../../deploy/look/prometheus.mjs';
import { findWrong } from '../../deploy/look/verdict.mjs';
import { bytes, duration, percent, span } from '../../deploy/look/words.mjs';

const HOUR = 3600_000, DAY = 24 * HOUR, GB = 2 ** 30, now = Date.parse('2026-01-02T03:04:05Z');

/** A server that is well; what differs is given. */
function facts({ database = {}, metrics = {}, ...more } = {}) {
  const api = parse('parley_api_requests_total{route="a",status="2xx"} 5000\n'), stream = parse('parley_stream_behind_seconds 0.0\n');
  return {
    now, silent: {}, silentPrograms: {}, nightly: true, followers: 0,
    health: { status: 200, certificateEnds: now + 60 * DAY },
    metrics: { api, stream, image: new Map(), ...metrics },
    units: [{ name: 'parley-api.service', state: 'active', isWell: true }],
    disks: [{ path: '/var', bytes: 100 * GB, free: 50 * GB }],
    backups: [{ at: now - 5 * HOUR, bytes: 1000 }],
    database: { database: { notify_queue: 0, connections: 20, max_connections: 100, oldest_transaction: null, replicas: [], ...database } },
    ...more,
  };
}

test('of a server that is well there is nothing to say', () => {
  assert.deepEqual(findWrong(facts()), []);
});

const transaction = (seconds, program) => ({ oldest_transaction: { seconds, program, role: 'parley_moderator', pid: 77 } });
for (const [name, fact, said] of [
  ['nginx is down', { health: null, silent: { health: 'connect ECONNREFUSED' } }, /^nginx does not answer \(connect ECONNREFUSED\)/],
  ['the hub is behind', { health: { status: 503, title: 'The hub is 7 s behind.' } }, /The hub is 7 s behind/],
  ['a program is silent', { metrics: { image: null }, silentPrograms: { image: 'it answers 502' } }, /^parley-image does not answer \(it answers 502\)/],
  ['a unit has failed', { units: [{ name: 'parley-stream.service', state: 'failed', isWell: false }] }, /^parley-stream\.service is failed/],
  ['streams are behind', { metrics: { stream: parse('parley_stream_behind_seconds 9\n') } }, /9 seconds behind the log/],
  ['requests fail', { metrics: { api: parse('parley_api_requests_total{status="2xx"} 900\nparley_api_requests_total{status="5xx"} 100\n') } }, /^100 of 1,000 requests failed/],
  ['the disk is full', { disks: [{ path: '/var', bytes: 100 * GB, free: 9 * GB }] }, /nearly full, 9\.0 GB of 100 GB/],
  ['a small disk is full', { disks: [{ path: '/var', bytes: 5 * GB, free: 0.9 * GB }] }, /nearly full/],
  ['a transaction is old', { database: transaction(61, 'psql') }, /parley_moderator \(psql\).*61 seconds.*pg_terminate_backend\(77\)/],
  ['a dump takes for ever', { database: transaction(5 * 3600, 'pg_dump') }, /5 hours/],
  ['the queue of notifications fills', { database: { notify_queue: 0.2 } }, /20 % full/],
  ['connections run out', { database: { connections: 81 } }, /81 of 100 connections/],
  ['a replica is behind', { database: { replicas: [{ name: 'two', behind_bytes: 100 * 2 ** 20 }] } }, /the replica two is 100 MB behind/],
  ['a standby is gone', { followers: 1 }, /^0 of 1 other hosts of PostgreSQL follow/],
  ['PostgreSQL is away', { database: null, silent: { database: 'connection refused' } }, /^PostgreSQL cannot be asked \(connection refused\)/],
  ['there is no backup', { backups: [] }, /there is no backup/],
  ['the last backup is old', { backups: [{ at: now - 30 * HOUR, bytes: 1 }] }, /30 hours old/],
  ['backups cannot be read', { backups: null, silent: { backups: 'EACCES' } }, /cannot be read \(EACCES\)/],
  ['the certificate ends soon', { health: { status: 200, certificateEnds: now + 3 * DAY } }, /ends in 3 days/],
  ['the certificate has ended', { health: { status: 200, certificateEnds: now - 3 * DAY } }, /ended 3 days ago/],
]) {
  test(`one thing is said when ${name}`, () => {
    const base = facts();
    const wrong = findWrong(fact.database === null ? { ...base, ...fact } : facts(fact));
    assert.equal(wrong.length, 1, wrong.join('\n'));
    assert.match(wrong[0], said);
  });
}

test('what is only near the edge is not told', () => {
  assert.deepEqual(findWrong(facts({ database: transaction(59, 'psql'), backups: [{ at: now - 25 * HOUR, bytes: 1 }], disks: [{ path: '/', bytes: 100 * GB, free: 11 * GB }] })), []);
  assert.deepEqual(findWrong(facts({ database: transaction(3600, 'pg_dump') })), []);
  assert.deepEqual(findWrong(facts({ nightly: false, backups: [] })), []);
});

const host = (more = {}) => ({
  distribution: 'Debian GNU/Linux 12 (bookworm)', versions: { nginx: '1.22.1', PostgreSQL: '15.18 (Debian 15.18-0+deb12u1)', node: '18.20.4' },
  disks: [{ path: '/var', bytes: 100 * GB, free: 50 * GB }], memory: 8 * GB, streams: 100_000, backlog: 4096, tracked: { most: null, now: null }, hub: [120_000], nginxWorkers: 3,
  sockets: [{ path: '/run/parley/api.sock', mode: 0o660 }], clock: true, nginx: { accepts: true, connections: 126_000, descriptors: 127_000 },
  postgresql: { fsync: 'on', full_page_writes: 'on', autovacuum: 'on', server_encoding: 'UTF8', jit: 'off', synchronous_commit: 'on', max_connections: '100' },
  ...more,
});

test('doctor finds nothing on a host that is set up well', () => {
  assert.deepEqual(examine(host()).filter(({ well }) => well !== true), []);
});

for (const [name, more, said] of [
  ['another distribution', { distribution: 'Ubuntu 24.04' }, /Ubuntu 24\.04, not Debian 12/],
  ['an old nginx', { versions: { ...host().versions, nginx: '1.18.0' } }, /nginx 1\.18\.0/],
  ['an old PostgreSQL', { versions: { ...host().versions, PostgreSQL: '14.9' } }, /PostgreSQL 14\.9/],
  ['a disk that is nearly full', { disks: [{ path: '/var', bytes: 100 * GB, free: 5 * GB }] }, /the disk of \/var is nearly full, 5\.0 GB of 100 GB/],
  ['a short backlog', { backlog: 128 }, /only 128 connections may wait/],
  ['few descriptors for the hub', { hub: [1024] }, /only 1,024 descriptors/],
  ['few connections of nginx', { nginx: { accepts: true, connections: 768, descriptors: 1024 } }, /only 1,536 connections/],
  ['a mistake in the files of nginx', { nginx: { accepts: false, says: 'unknown directive', connections: 126_000 } }, /unknown directive/],
  ['little memory', { memory: GB }, /1\.0 GB of memory, but 100,000 streams take 3\.2 GB/],
  ['a small table of tracked connections', { tracked: { most: 65536, now: 10 } }, /only 65,536 connections/],
  ['a socket that is open to everybody', { sockets: [{ path: '/run/parley/api.sock', mode: 0o666 }] }, /everybody on this host may reach \/run\/parley\/api\.sock/],
  ['a clock that nobody keeps', { clock: false }, /nobody keeps the clock right/],
  ['PostgreSQL without fsync', { postgresql: { ...host().postgresql, fsync: 'off' } }, /fsync = off/],
  ['commits that are not waited for', { postgresql: { ...host().postgresql, synchronous_commit: 'off' } }, /synchronous_commit = off/],
]) {
  test(`doctor finds ${name}, and says what to change and why`, () => {
    const found = examine(host(more)).filter(({ well }) => well === false);
    assert.equal(found.length, 1, JSON.stringify(found));
    assert.match(found[0].what, said);
    assert.ok(found[0].change.length > 5 && found[0].why.length > 10);
  });
}

test('doctor guesses nothing that it cannot see', () => {
  const blind = examine(host({ distribution: null, versions: {}, disks: null, streams: null, backlog: null, hub: [], nginx: null, sockets: null, clock: null, postgresql: null }));
  assert.equal(blind.filter(({ well }) => well === false).length, 0);
  assert.equal(blind.filter(({ well }) => well === null).length, 12);
});

test('a quantile of a histogram is what Prometheus says', () => {
  const series = parse('h_bucket{le="0.1"} 50\nh_bucket{le="1"} 90\nh_bucket{le="+Inf"} 100\n');
  assert.equal(quantile(series, 'h', 0.25), 0.05);
  assert.ok(Math.abs(quantile(series, 'h', 0.7) - 0.55) < 1e-9);
  assert.equal(quantile(series, 'h', 0.99), 1, 'what is beyond the last bound is at least that');
  assert.equal(quantile(series, 'none', 0.5), null);
});

test('metrics are read back as they were written', () => {
  const series = parse(write('a_b', 'gauge', 'What it is.', [[{ path: '/var', x: 'y' }, 12.5], [{}, 3]]));
  assert.equal(sum(series, 'a_b'), 15.5);
  assert.equal(sum(series, 'a_b', { path: '/var' }), 12.5);
});

test('numbers are said as people say them', () => {
  assert.deepEqual([1, 119, 120, 7200, 2 * 86400].map(span), ['1 second', '119 seconds', '2 minutes', '2 hours', '2 days']);
  assert.deepEqual([0, 1023, 1536, 5 * 2 ** 30, 2 ** 50].map(bytes), ['0 B', '1023 B', '1.5 KB', '5.0 GB', '1024 TB']);
  assert.deepEqual([0.0004, 0.02, 1.5].map(duration), ['0.4 ms', '20 ms', '1.5 s']);
  assert.deepEqual([0, 0.001, 0.456].map(percent), ['0 %', '< 1 %', '46 %']);
});
