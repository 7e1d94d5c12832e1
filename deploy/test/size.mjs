// How large a server has to be: opens 100, 1,000 and 10,000 streams over TLS, and says what the programs take of memory then, what a message
// takes of processors until all have it, and what it takes on disk. MACHINE, NAME, CERTIFICATE as for the smoke test; `ssh` reaches the
// machine, of whose processes the first program named here is asked. Processor time is what the processes used, so others may be beside it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { fileURLToPath } from 'node:url';
import { Client } from '../../tests/harness/client.mjs';
import { until } from '../../tests/harness/owned.mjs';
import { openDoor } from './door.mjs';

const { MACHINE, NAME, CERTIFICATE } = process.env;
const SIZES = [{ streams: 100, messages: 200 }, { streams: 1_000, messages: 100 }, { streams: 10_000, messages: 20 }];
const AT_ONCE = 200, TICKS_A_SECOND = 100, PATIENCE_MS = 120_000;
const PROGRAMS = { nginx: 'nginx', 'parley-stream': 'hub', 'parley-api': 'api', 'parley-image': 'image', postgres: 'PostgreSQL' };
const LOOK = `for folder in /proc/[0-9]*; do
  read -r name <$folder/comm && case $name in nginx | parley-* | postgres)
    echo "$name $(sed -n 's/^Pss: *\\([0-9]*\\) kB/\\1/p' $folder/smaps_rollup) $(sed 's/.*) //' $folder/stat | cut -d' ' -f12,13)" ;; esac
done 2>/dev/null`;

const ca = readFileSync(CERTIFICATE);
const agent = new https.Agent({ keepAlive: false, maxCachedSessions: 0 });
const inside = (command) => execFileSync(fileURLToPath(new URL('ssh', import.meta.url)), [command], { encoding: 'utf8' });

/** program → {kilobytes, seconds}, of all its processes; what they share is counted once. */
function look() {
  const used = Object.fromEntries(Object.values(PROGRAMS).map((name) => [name, { kilobytes: 0, seconds: 0 }]));
  for (const line of inside(LOOK).trim().split('\n')) {
    const [name, kilobytes, user, system] = line.split(' ');
    used[PROGRAMS[name]].kilobytes += Number(kilobytes);
    used[PROGRAMS[name]].seconds += (Number(user) + Number(system)) / TICKS_A_SECOND;
  }
  return used;
}

const sum = (used, what) => Object.values(used).reduce((all, one) => all + one[what], 0);

class Crowd {
  delivered = 0;
  #streams = [];

  async grow(size, tokens) {
    while (this.#streams.length < size) {
      const missing = Math.min(AT_ONCE, size - this.#streams.length);
      await Promise.all(Array.from({ length: missing }, (_, i) => this.#open(tokens[(this.#streams.length + i) % tokens.length])));
    }
  }

  async #open(token) {
    const request = https.get({ host: MACHINE, servername: NAME, ca, agent, path: '/api/events', headers: { host: NAME, authorization: `Bearer ${token}` } });
    const [answer] = await once(request, 'response');
    assert.equal(answer.statusCode, 200);
    answer.setEncoding('latin1');
    await new Promise((done) => {
      answer.on('data', (text) => {
        this.delivered += text.split('event: message.posted').length - 1;
        if (text.includes('event: ready')) done();
      });
    });
    this.#streams.push(request);
  }
}

const writer = await new Client(await openDoor(MACHINE, NAME, CERTIFICATE)).signIn('/api/session/guest', { name: `size ${process.pid}` });
const tokens = [];
for (let i = 0; i < 100; i++) tokens.push((await writer.post('/api/me/tokens', { label: `stream ${i}` })).body.token);

const crowd = new Crowd();
const megabytes = (kilobytes) => Math.round(kilobytes / 1024);
const rest = look();
console.log(`at rest: ${megabytes(sum(rest, 'kilobytes'))} MB (${Object.entries(rest).map(([name, { kilobytes }]) => `${name} ${megabytes(kilobytes)}`).join(', ')})`);
for (const { streams, messages } of SIZES) {
  await crowd.grow(streams, tokens);
  const before = look();
  const delivered = crowd.delivered;
  for (let i = 0; i < messages; i++) assert.equal((await writer.post('/api/rooms/1/messages', { text: `message ${i} of ${messages}, of some length, as people write` })).status, 201);
  await until('all have all', () => crowd.delivered - delivered >= messages * streams, PATIENCE_MS);
  assert.equal(crowd.delivered - delivered, messages * streams);
  const after = look();
  const seconds = (program) => (after[program].seconds - before[program].seconds) / messages;
  const kilobytes = ['nginx', 'hub'].reduce((all, program) => all + before[program].kilobytes - rest[program].kilobytes, 0) / streams;
  const cost = Object.keys(after).reduce((all, program) => all + seconds(program), 0);
  console.log(`${streams} streams: ${megabytes(sum(before, 'kilobytes'))} MB, ${kilobytes.toFixed(1)} KB each in nginx and hub; a message to all of them ${(1000 * cost).toFixed(1)} ms of a processor, ${(1e6 * cost / streams).toFixed(0)} µs a reader`);
}
process.exit(0);
