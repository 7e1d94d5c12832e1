// What the README shows in a shell is run as it stands there, against a server.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { ROOT, until } from '../harness/owned.mjs';
import { assertStatus, stackForTests } from './described.mjs';

const [, section] = /^## Talk to it\n(.*?)^## /ms.exec(readFileSync(join(ROOT, 'README.md'), 'utf8'));
const [session, bot] = [...section.matchAll(/^```sh\n(.*?)^```/gms)].map(([, script]) => script);
const stack = await stackForTests();
const ana = await stack.client().signIn('/api/users', { name: 'somebody', password: 'correct horse' });

/** Runs it in a process group of its own until the test ends; what it prints is in `out`. */
function shell(t, script, environment) {
  const child = spawn('bash', ['-c', `${script}\nwait`], { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  child.out = '';
  child.stdout.setEncoding('utf8').on('data', (text) => { child.out += text; });
  t.after(() => process.kill(-child.pid, 'SIGKILL'));
  return child;
}

const texts = async () => assertStatus(await ana.get('/api/rooms/1/messages'), 200).messages.map(({ text }) => text);

test('five lines of curl sign in, follow, post and read', async (t) => {
  const { length } = session.trim().split('\n');
  assert.equal(length, 5);
  const curl = shell(t, session.replace('http://127.0.0.1:8080', stack.url));
  await until('the message is read', () => /"messages" ?: ?\[.*hi, everybody/s.test(curl.out));
  await until('the stream is there', () => curl.out.includes('event: ready'));
  assertStatus(await ana.post('/api/rooms/1/messages', { text: 'hello ana' }), 201);
  await until('it is followed', () => /^event: message.posted\ndata: .*hello ana/m.test(curl.out));
});

test('a bot in five lines of shell answers who says ping', async (t) => {
  assert.ok(bot.trim().split('\n').length <= 5);
  const { token } = assertStatus(await ana.post('/api/bots', { name: 'pong' }), 201);
  shell(t, bot, { B: stack.url, T: token });
  await until('it answers', async () => {
    await ana.post('/api/rooms/1/messages', { text: 'ping' });
    return (await texts()).includes('pong');
  });
  assert.ok(!(await texts()).some((text) => text === 'null'));
});
