// cursor.mjs take|lose|use FILE: a reader before, beyond and after a dump. `take` signs in and remembers where the log stands; `lose` writes
// what no dump has, and remembers that end of the log; `use` comes back with both after the restore. MACHINE, NAME, CERTIFICATE as for the
// smoke test.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { Client } from '../../tests/harness/client.mjs';
import { until } from '../../tests/harness/owned.mjs';
import { openDoor } from './door.mjs';

const [, , command, file] = process.argv;
const url = await openDoor(process.env.MACHINE, process.env.NAME, process.env.CERTIFICATE);
const cursorOf = async (client) => (await client.get('/api/state')).body.cursor;

async function post(client, text) {
  const { status } = await client.post('/api/rooms/1/messages', { text });
  assert.equal(status, 201);
}

const commands = {
  async take() {
    const reader = await new Client(url).signIn('/api/session/guest', { name: `reader ${randomUUID().slice(0, 8)}` });
    const cursor = await cursorOf(reader);
    await post(reader, 'the last in the dump');
    writeFileSync(file, JSON.stringify({ token: reader.token, old: cursor }));
  },

  async lose() {
    const known = JSON.parse(readFileSync(file, 'utf8'));
    const reader = new Client(url, { token: known.token });
    for (let i = 0; i < 5; i++) await post(reader, `lost ${i}`);
    writeFileSync(file, JSON.stringify({ ...known, lost: await cursorOf(reader) }));
  },

  async use() {
    const { token, old, lost } = JSON.parse(readFileSync(file, 'utf8'));
    const reader = new Client(url, { token });
    await post(reader, 'the first after it');
    const beyond = await reader.events({ lastEventId: lost });
    await until('who was beyond the end is told to start afresh', () => beyond.seen.some(({ kind }) => kind === 'reset'));
    const patient = await reader.events({ lastEventId: old });
    await until('who was not goes on', () => patient.seen.some(({ kind, data }) => kind === 'message.posted' && data.text === 'the first after it'));
    const own = patient.seen.filter(({ kind, data }) => kind === 'message.posted' && data.user.name.startsWith('reader ')); // others ask whether it runs
    const texts = own.map(({ data }) => data.text);
    assert.deepEqual(texts, ['the last in the dump', 'the first after it']);
    assert.ok(!patient.seen.some(({ kind }) => kind === 'reset'));
  },
};

await commands[command]();
process.exit(0);
