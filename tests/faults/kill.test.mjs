// Kills every kind of process with -9 under load. No acknowledged message is lost, none is doubled, every reader sees each once and in order.
import test, { after, before } from 'node:test';
import { Folder, until } from '../harness/owned.mjs';
import { Run, freePort } from '../harness/run.mjs';
import { Crowd, assertNothingLost } from './crowd.mjs';
import { findPids } from '../harness/processes.mjs';

const WRITERS = 12;
const READERS = 4;
const POSTS_BETWEEN = 200; // so that each kill meets full load, and the next a server that has recovered

const victims = {
  'parley-api': /^\S*\/parley-api$/,
  'parley-stream': /^\S*\/parley-stream$/,
  'what keeps parley-api up': /keep \S*\/parley-api$/,
  'an nginx worker': /^nginx: worker process$/,
  'nginx itself': /^nginx: master process/,
  'the PostgreSQL session of a worker': /^postgres: (parley: )?parley_api /,
  'the PostgreSQL session of the hub': /^postgres: (parley: )?parley_stream /,
  'the postmaster': /bin\/postgres -D/,
};

const folder = new Folder('kill');
let run;
let crowd;

before(async () => {
  run = new Run({ STATE: folder.file('state'), PORT: await freePort(), LIMITS: 'off' });
  crowd = await Crowd.gather(await run.ready(), { writers: WRITERS, readers: READERS });
  await crowd.posts(POSTS_BETWEEN);
});

after(async () => {
  await run.stop();
  await folder.remove();
});

for (const [name, pattern] of Object.entries(victims)) {
  test(`posting goes on after ${name} was killed`, async () => {
    const pid = await until(`${name} is running, after the last kill again`, () => findPids(run.pid, pattern)[0]);
    process.kill(pid, 'SIGKILL');
    await crowd.posts(POSTS_BETWEEN);
  });
}

test('nothing is lost, doubled or out of order', () => assertNothingLost(crowd));
