// PostgreSQL moves: its host loses its power under load and a synchronous standby takes over; the path to it is cut without a word; it comes
// back from an older dump. Streams stay open, nothing acknowledged is lost, and cursors of what is no more are told so.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test from 'node:test';
import { Postgres } from '../harness/postgres.mjs';
import { until } from '../harness/owned.mjs';
import { Stack } from '../harness/stack.mjs';
import { Crowd, assertNothingLost } from './crowd.mjs';

const POSTS_BETWEEN = 200;

async function withStack(options, act) {
  const stack = new Stack({ programs: ['api', 'stream'], ...options });
  try {
    await stack.start();
    await act(stack);
  } finally {
    await stack.stop();
  }
}

test('the primary dies under load, the synchronous standby is promoted: nothing acknowledged is lost', async (t) => {
  const durable = ['synchronous_commit=on', 'max_wal_senders=4', 'hot_standby=on'];
  const primary = await Postgres.start({ settings: durable });
  const standby = await primary.standby({ settings: durable });
  try {
    await primary.sql('postgres', "alter system set synchronous_standby_names = '*'");
    await primary.sql('postgres', 'select pg_reload_conf()');
    await until('the standby is synchronous', async () => (await primary.sql('postgres', 'select sync_state from pg_stat_replication')) === 'sync');
    await withStack({ postgres: primary, hosts: `${standby.sockets},${primary.sockets}` }, async (stack) => {
      const crowd = await Crowd.gather(stack.url, { writers: 8, readers: 4 });
      await crowd.posts(POSTS_BETWEEN);
      const began = Date.now();
      await primary.kill();
      await standby.sql('postgres', "alter system set synchronous_standby_names = ''");
      await standby.sql('postgres', 'select pg_promote()');
      await crowd.posts(1, 15_000);
      t.diagnostic(`posting was away for ${Date.now() - began} ms, promotion included`);
      await crowd.posts(POSTS_BETWEEN);
      await assertNothingLost(crowd);
    });
  } finally {
    await standby.stop();
    await primary.stop();
  }
});

test('an older dump is restored under running readers: each is told to start afresh, and follows what comes then', async () => {
  const postgres = await Postgres.start();
  try {
    await withStack({ postgres }, async (stack) => {
      const [ana, bo] = [await stack.guest('ana'), await stack.guest('bo')];
      const post = (text) => ana.post('/api/rooms/1/messages', { text });
      await post('in the dump');
      await postgres.copyAside(stack.database, 'older');
      for (let i = 1; i <= 20; i++) await post(`lost ${i}`);
      const { cursor: lost } = (await ana.get('/api/state')).body;
      const streams = [await ana.events(), await bo.events()];
      for (const stream of streams) await stream.next('ready');
      await postgres.replace(stack.database, 'older');
      for (const stream of streams) {
        const { data } = await stream.next('reset', () => true, 20_000);
        assert.equal(data.reason, 'log_rewound');
      }
      await until('posting works again', async () => (await post('after the restore')).status === 201);
      for (const stream of streams) await stream.next('message.posted', ({ text }) => text === 'after the restore');
      const late = await ana.events({ lastEventId: lost });
      assert.equal((await late.next('reset')).data.reason, 'unknown_cursor');
      for (const stream of [...streams, late]) stream.close();
      const { messages } = (await ana.get('/api/rooms/1/messages')).body;
      assert.deepEqual(messages.map(({ text, n }) => [n, text]), [[1, 'in the dump'], [2, 'after the restore']]);
    });
  } finally {
    await postgres.stop();
  }
});

// A network namespace with one path to it, which can be cut so that packets vanish: no reset, no error. Its addresses are of the range for
// such measurements (RFC 2544), by our process number: another run beside us has others.
class Path {
  static name = `parley-${process.pid}`;
  static #net = `198.18.${(process.pid >> 6) & 255}`;
  static here = `${Path.#net}.${(process.pid & 63) * 4 + 1}`;
  static there = `${Path.#net}.${(process.pid & 63) * 4 + 2}`;

  static ip(...args) {
    return execFileSync('ip', args, { encoding: 'utf8' });
  }

  static inside(...command) {
    return ['ip', 'netns', 'exec', Path.name, ...command];
  }

  static make() {
    const [near, far] = [`pl${process.pid % 100000}a`, `pl${process.pid % 100000}b`];
    Path.ip('netns', 'add', Path.name);
    Path.ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', Path.name);
    Path.ip('address', 'add', `${Path.here}/30`, 'dev', near);
    Path.ip('link', 'set', near, 'up');
    Path.ip('-n', Path.name, 'address', 'add', `${Path.there}/30`, 'dev', far);
    Path.ip('-n', Path.name, 'link', 'set', far, 'up');
    Path.ip('-n', Path.name, 'link', 'set', 'lo', 'up');
  }

  /** A route to nowhere on the far side: what arrives there is never answered. */
  static cut() {
    Path.ip('-n', Path.name, 'route', 'add', 'blackhole', `${Path.here}/32`);
  }

  static mend() {
    Path.ip('-n', Path.name, 'route', 'del', 'blackhole', `${Path.here}/32`);
  }

  static remove() {
    Path.ip('netns', 'del', Path.name);
  }
}

const cannot = process.getuid() === 0 ? false : 'only root can make a network namespace with a way out of it';

test('a path that is cut without a word is noticed within 15 s, and all goes on when it is mended', { skip: cannot }, async (t) => {
  Path.make();
  let postgres = null;
  try {
    postgres = await Postgres.start({ settings: [`listen_addresses=${Path.there}`], within: Path.inside() });
    await postgres.allow(`${Path.here}/32`);
    await withStack({ postgres, hosts: Path.there }, async (stack) => {
      const ana = await stack.guest('ana');
      const stream = await ana.events();
      await stream.next('ready');
      const health = async () => (await stack.client().get('/api/health')).status;
      const began = Date.now();
      Path.cut();
      await until('the program says that it is away', async () => (await health()) === 503, 15_000);
      await until('the hub has given its connection up', async () => {
        const { text } = await stack.client().get('/metrics/stream');
        return Number(/^parley_stream_database_losses_total (\d+)$/m.exec(text)[1]) > 0;
      }, 15_000);
      const noticed = Date.now() - began;
      t.diagnostic(`noticed after ${noticed} ms`);
      assert.ok(noticed < 15_000);
      assert.equal(stream.ended, false);
      Path.mend();
      await until('healthy again', async () => (await health()) === 200, 20_000);
      assert.equal((await ana.post('/api/rooms/1/messages', { text: 'mended' })).status, 201);
      await stream.next('message.posted', ({ text }) => text === 'mended');
      stream.close();
    });
  } finally {
    await postgres?.stop();
    Path.remove();
  }
});
