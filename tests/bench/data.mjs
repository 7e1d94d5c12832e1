// Ten million messages of a server that has been used for two years: made once by generate.sql, which takes some ten minutes, and kept in the
// folder DATA, which is a STATE folder as `make run` has it. A file in it says what was made; the schema is brought to this version's by
// each start, as everywhere, and made anew where that cannot be. What measurements post stays in it: some 1 % a run.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT, cleanEnvironment } from '../harness/owned.mjs';

const GENERATOR = join(ROOT, 'tests/bench/generate.sql');
const LATER_SCHEMA = /steps that this version does not know/;
const STARTS_WITHIN_MS = 20 * 60_000; // a new step may go through all of them

export const MESSAGES = Number(process.env.MESSAGES ?? 10_000_000);
export const DATA = resolve(ROOT, process.env.DATA ?? 'var/bench');

const stamp = join(DATA, 'made.json');
const wanted = { messages: MESSAGES, generator: createHash('sha256').update(readFileSync(GENERATOR)).digest('hex').slice(0, 16) };

const read = () => (existsSync(stamp) ? JSON.parse(readFileSync(stamp, 'utf8')) : null);
const write = (state) => writeFileSync(stamp, `${JSON.stringify({ ...wanted, state })}\n`);

/** Throws away what is there, if it is ours. */
function clear() {
  if (existsSync(join(DATA, 'postgres')) && !read()) throw new Error(`DATA=${DATA}: there is a server's own data in it, not the bench's`);
  rmSync(join(DATA, 'postgres'), { recursive: true, force: true });
  mkdirSync(DATA, { recursive: true });
  write('making');
}

/** What has been in use for two years is in the system's cache: there it is read once, from end to end. */
function warm() {
  execFileSync('sh', ['-c', 'cat "$0"/*/[0-9]* >/dev/null', join(DATA, 'postgres/base')]);
}

/** Runs the generator and shows how far it is. */
async function generate() {
  console.log(`  making ${MESSAGES.toLocaleString('en-US')} messages in ${DATA}, once`);
  const started = Date.now();
  const psql = spawn('/usr/lib/postgresql/15/bin/psql', ['-XqAt', '-h', join(DATA, 'run'), '-U', 'postgres', '-d', 'parley', '-v', `messages=${MESSAGES}`, '-f', GENERATOR],
    { env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: psql.stdout })) {
    if (/^[a-z]/.test(line)) console.log(`  ${String(Math.round((Date.now() - started) / 1000)).padStart(5)} s ${line}`);
  }
  if (await new Promise((done) => psql.on('close', done)) !== 0) throw new Error('the data could not be made');
  write('made');
}

/** Starts a server on the data by `start(folder, within_ms)`, and makes them first when there are none of this kind. */
export async function startOnData(start) {
  const there = read();
  if (there?.state !== 'made' || there.messages !== wanted.messages || there.generator !== wanted.generator) clear();
  try {
    await start(DATA, STARTS_WITHIN_MS);
  } catch (error) {
    if (!LATER_SCHEMA.test(error.message)) throw error;
    clear();
    await start(DATA, STARTS_WITHIN_MS);
  }
  if (read().state !== 'made') await generate();
  warm();
}
