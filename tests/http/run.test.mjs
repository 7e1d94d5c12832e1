// `make run` as a person meets it: what it says, what it leaves behind, how it ends. Runs deploy/dev/run, which make calls.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { Client } from '../harness/client.mjs';
import { Folder, ROOT, until } from '../harness/owned.mjs';
import { Run as MakeRun, freePort } from '../harness/run.mjs';

const ready = existsSync(join(ROOT, 'build/parley-api')) && existsSync(join(ROOT, 'build/parley-stream'));
const folder = new Folder('run');
const runs = [];
after(async () => {
  await Promise.all(runs.map((run) => run.stop()));
  await folder.remove();
});

/** A `make run` that is stopped after the tests. */
class Run extends MakeRun {
  constructor(settings) {
    super(settings);
    runs.push(this);
  }
}

/** All processes: {pid, parent, args}. */
function processes() {
  return execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n').flatMap((line) => {
    const [, pid, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid ? [{ pid: Number(pid), parent: Number(parent), args }] : [];
  });
}

/** Those that name the folder on their command line, but for the one that removes it in the end. */
function processesOf(path) {
  return processes().filter(({ args }) => args.includes(path) && !args.includes('rm -rf'));
}

/** Those that descend from `ancestor`. */
function descendants(ancestor, all = processes()) {
  return all.filter(({ parent }) => parent === ancestor).flatMap((child) => [child, ...descendants(child.pid, all)]);
}

/** It ends by itself, with one line that says why, and leaves nothing running. */
async function assertRefused(settings, why) {
  const run = new Run(settings);
  assert.notEqual(await run.ended, 0);
  assert.match(run.err, why);
  assert.equal(run.err.trim().split('\n').length, 1, run.err);
  assert.equal(run.out, '');
}

test('a port in use is one clear line', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.on('listening', done));
  const state = folder.file('port');
  await assertRefused({ PORT: String(server.address().port), STATE: state }, /something else listens/);
  assert.deepEqual(processesOf(state), []);
  server.close();
});

test('a state folder that cannot be made or written is one clear line', async () => {
  writeFileSync(folder.file('a-file'), '');
  await assertRefused({ PORT: await freePort(), STATE: folder.file('a-file') }, /cannot make this folder/);
  await assertRefused({ PORT: await freePort(), STATE: folder.file('a-file/x') }, /cannot make this folder/);
  await assertRefused({ PORT: await freePort(), STATE: '/proc' }, /cannot write to this folder/);
});

test('a state folder whose sockets would have too long a path is one clear line, and is not made', async () => {
  const state = folder.file('x'.repeat(100));
  await assertRefused({ PORT: await freePort(), STATE: state }, /too long a path/);
  assert.ok(!existsSync(state));
});

test('settings that mean nothing are one clear line', async () => {
  await assertRefused({ PORT: 'http', STATE: folder.file('s') }, /not a port/);
  await assertRefused({ PORT: await freePort(), LIMITS: 'some', STATE: folder.file('s') }, /neither on nor off/);
});

test('settings of the programs that mean nothing are told all at once, and end them with 78', { skip: !ready }, () => {
  for (const [program, settings] of [['api', { PARLEY_API_THREADS: '0', PARLEY_LIMITS: 'some' }], ['stream', { PARLEY_RING: 'x', PARLEY_PING_MS: '-1' }]]) {
    const { status, stderr } = spawnSync(join(ROOT, 'build', `parley-${program}`), { env: { ...settings, PARLEY_LOG_LEVEL: 'loud' }, encoding: 'utf8' });
    assert.equal(status, 78);
    for (const name of ['PARLEY_DB', 'PARLEY_LOG_LEVEL', ...Object.keys(settings)]) assert.match(stderr, new RegExp(`^${name}: `, 'm'), program);
  }
});

test('starts, names an owner once, ends within 5 s, and finds its data again', { skip: !ready }, async () => {
  const state = folder.file('whole life');
  const settings = { PORT: await freePort(), STATE: state };
  const first = new Run(settings);
  const url = await first.ready();
  const [, token] = /^owner http:\S+\/#\/link\/(\S+)$/m.exec(first.out);
  const owner = await new Client(url).signIn('/api/session/link', { token });
  assert.equal(owner.user.role, 'owner');

  await assertRefused({ ...settings, PORT: await freePort() }, /another `make run`/);

  const events = await owner.events();
  await events.next('ready');
  const before = Date.now();
  assert.equal(await first.stop(), 0);
  assert.ok(Date.now() - before < 5_000, `took ${Date.now() - before} ms`);
  assert.deepEqual(processesOf(state), []);
  assert.equal(events.seen.at(-1).kind, 'bye');

  const second = new Run(settings);
  await second.ready();
  assert.doesNotMatch(second.out, /^owner/m);
  assert.equal((await owner.get('/api/me')).body.user.role, 'owner');
  await second.stop('SIGINT');
  assert.deepEqual(processesOf(state), []);
});

test('whatever is killed comes back, and a killed `make run` takes all with it', { skip: !ready }, async () => {
  const state = folder.file('kill');
  const run = new Run({ PORT: await freePort(), STATE: state });
  const client = new Client(await run.ready());
  const victims = [/parley-api$/, /keep .*parley-stream$/, /nginx: worker/, /nginx: master/, /bin\/postgres -D/];
  for (const victim of victims) {
    const pids = () => descendants(run.child.pid).filter(({ args }) => victim.test(args)).map(({ pid }) => pid);
    const before = pids();
    process.kill(before[0], 'SIGKILL');
    await until(`another one after killing ${victim}`, () => pids().some((pid) => !before.includes(pid)), 30_000); // what answers until then is its last breath
    await until(`healthy after killing ${victim}`, () => client.get('/api/health').then(({ status }) => status === 200, () => false), 30_000);
  }
  run.child.kill('SIGKILL');
  await until('all gone', () => processesOf(state).length === 0, 20_000);
});
