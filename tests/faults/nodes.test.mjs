// Three nodes behind one nginx: readers are spread over them, presence is common, and when a whole node is killed under load its readers
// go on elsewhere, with nothing lost, doubled or out of order.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import test, { after, before } from 'node:test';
import { Folder, cleanEnvironment, until } from '../harness/owned.mjs';
import { Run, freePort } from '../harness/run.mjs';
import { Crowd, assertNothingLost } from './crowd.mjs';
import { descendants, killAll } from '../harness/processes.mjs';

const NODES = 3;
const POSTS_BETWEEN = 200;

const folder = new Folder('nodes');
let run;
let url;
let crowd;

const sql = (statement) => execFileSync('/usr/lib/postgresql/15/bin/psql', ['-XqAt', '-h', folder.file('state/run'), '-U', 'postgres', '-d', 'parley',
  '-c', statement], { env: cleanEnvironment(), encoding: 'utf8' }).trim();

/** Both programs of a node have its socket in their environment, and so has what keeps them. */
function processesOf(node) {
  return descendants(run.pid).map(({ pid }) => pid).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`/api${node}.sock\0`);
    } catch {
      return false; // it has ended meanwhile
    }
  });
}

before(async () => {
  run = new Run({ STATE: folder.file('state'), PORT: await freePort(), LIMITS: 'off', NODES });
  url = await run.ready();
  crowd = await Crowd.gather(url, { writers: 9, readers: 9 });
  await crowd.posts(POSTS_BETWEEN);
});

after(async () => {
  await run.stop();
  await folder.remove();
});

test('readers are spread over the nodes, and each sees who reads at another', async () => {
  await until('every hub has reported readers', () => Number(sql('select count(distinct hub) from data.presence')) === NODES);
  const everybody = crowd.readers.map(({ client }) => client.user.id).sort((a, b) => a - b);
  await until('all are online', async () => {
    const { online } = (await crowd.witness.get('/api/state')).body;
    return everybody.every((id) => online.includes(id));
  });
});

test('posting and reading go on while a node is killed, and when it is back', async () => {
  for (let node = 2; node <= NODES; node++) {
    const all = processesOf(node);
    assert.ok(all.length >= 4, `node ${node}: what keeps its programs, and they: ${all.length}`);
    const opened = crowd.readers.reduce((sum, reader) => sum + reader.opened, 0);
    killAll(all);
    await crowd.posts(POSTS_BETWEEN);
    assert.ok(crowd.readers.reduce((sum, reader) => sum + reader.opened, 0) > opened, 'some readers had to come back');
  }
});

test('nothing is lost, doubled or out of order', () => assertNothingLost(crowd));
