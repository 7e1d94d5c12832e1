// People who write and read while something is done to the server: runs until its standard input ends, then says what became of it
// and ends with 1 when something was lost, doubled or out of order. MACHINE (one address, or several between which people go to and fro),
// NAME, CERTIFICATE as for the smoke test; with PATIENT=no a refused post is wrong as well.
import { Crowd } from '../../tests/faults/crowd.mjs';
import { openDoor } from './door.mjs';

const { MACHINE, NAME, CERTIFICATE, PATIENT } = process.env;

/** What is wrong, in words. */
async function judge(crowd) {
  const wrong = [];
  const history = (await crowd.history()).filter(({ user }) => user.name.startsWith('writer'));
  const stored = new Map(history.map(({ client_id: client, id }) => [client, id]));
  const lost = [...crowd.acknowledged].filter(([client, id]) => stored.get(client) !== id).length;
  if (lost) wrong.push(`${lost} acknowledged messages are lost`);
  if (stored.size !== history.length) wrong.push(`${history.length - stored.size} messages are there twice`);
  crowd.readers.forEach(({ seen, resets }, i) => {
    const ids = seen.map(({ id }) => id);
    const known = new Set(ids);
    const missed = [...crowd.acknowledged.values()].filter((id) => !known.has(id)).length;
    if (missed) wrong.push(`reader ${i} missed ${missed}`);
    if (known.size !== ids.length) wrong.push(`reader ${i} saw ${ids.length - known.size} twice`);
    if (ids.some((id, k) => k > 0 && id <= ids[k - 1])) wrong.push(`reader ${i} saw them out of order`);
    if (resets) wrong.push(`reader ${i} was reset ${resets} times`);
  });
  return wrong;
}

/** The next crowd on this server bears the same names. */
async function giveNamesBack(crowd) {
  const clients = [crowd.witness, ...crowd.readers.map(({ client }) => client), ...crowd.writers.map(({ client }) => client)];
  for (const client of clients) await client.patch('/api/me', { name: `${client.user.name} of ${process.pid}` });
}

const crowd = await Crowd.gather(await openDoor(MACHINE, NAME, CERTIFICATE), { writers: 4, readers: 4 });
await crowd.posts(50);
for (const writer of crowd.writers) writer.longestMs = 0; // of the first words
console.log('under way');
for await (const ignored of process.stdin) void ignored;
await crowd.posts(50, 120_000);
await crowd.settle();
const wrong = await judge(crowd);
await giveNamesBack(crowd);
const refused = crowd.writers.reduce((sum, { refusals }) => sum + refusals, 0);
if (refused && PATIENT === 'no') wrong.push(`${refused} posts were refused`);
const opened = crowd.readers.reduce((sum, reader) => sum + reader.opened, 0);
console.log(`${crowd.acknowledged.size} messages acknowledged, ${refused} sent again after a refusal, streams opened ${opened} times by ${crowd.readers.length} readers`);
const longest = Math.max(...crowd.writers.map(({ longestMs }) => longestMs));
console.log(`posting was away for ${(longest / 1000).toFixed(1)} s at the longest`);
for (const line of wrong) console.log(`WRONG ${line}`);
process.exit(wrong.length > 0 ? 1 : 0);
