// What can be seen of a server from its host: asked of the programs through nginx, of PostgreSQL, and of the disks. Nothing here judges.
// Where to ask stands in the environment (host.env, read by deploy/parley). What cannot be asked is null, and `silent` says why.
import { execFile } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from './prometheus.mjs';

const run = promisify(execFile);
const PATIENCE_MS = 10_000;

/** What nginx answers here, and with which certificate; one that nobody has signed is looked at all the same. */
export function ask(path, { PARLEY_ASK: base, PARLEY_NAME: name } = process.env) {
  const url = new URL(path, base);
  const secure = url.protocol === 'https:';
  const options = { headers: name ? { host: name } : {}, timeout: PATIENCE_MS, ...(secure ? { rejectUnauthorized: false, servername: name } : {}) };
  return new Promise((done, fail) => {
    const request = (secure ? https : http).get(url, options, (answer) => {
      const chunks = [];
      const certificate = secure ? answer.socket.getPeerCertificate() : null;
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => done({ status: answer.statusCode, body: Buffer.concat(chunks).toString(), certificate }));
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${PATIENCE_MS / 1000} s`)));
    request.on('error', fail);
  });
}

/** The one value that a query gives, as JSON. */
export async function query(statement, role = 'parley_admin', { PARLEY_DATABASE: words } = process.env) {
  const { stdout } = await run('psql', ['-X', '-q', '-At', '-w', '-v', 'ON_ERROR_STOP=1', '-d', `${words} user=${role} connect_timeout=5`, '-c', statement],
    { timeout: PATIENCE_MS, maxBuffer: 16 << 20 });
  return JSON.parse(stdout);
}

const firstLine = (error) => String(error.stderr || error.message).trim().split('\n').at(-1);

/** Calls each; what fails is null, and its reason stands in `silent`. */
async function gatherEach(questions) {
  const facts = { silent: {} };
  await Promise.all(Object.entries(questions).map(async ([name, question]) => {
    try {
      facts[name] = await question();
    } catch (error) {
      facts[name] = null;
      facts.silent[name] = firstLine(error);
    }
  }));
  return facts;
}

async function metricsOf(program) {
  const { status, body } = await ask(`/metrics/${program}`);
  if (status !== 200) throw new Error(`it answers ${status}`);
  return parse(body);
}

async function health() {
  const { status, body, certificate } = await ask('/api/health');
  return { ...JSON.parse(body), status, certificateEnds: certificate?.valid_to ? Date.parse(certificate.valid_to) : null };
}

/** Each disk once, under the first of the folders that are on it. */
async function disks() {
  const paths = (process.env.PARLEY_DISKS ?? '').split(' ').filter(Boolean);
  const first = paths.filter((path, i) => paths.findIndex((other) => statSync(other).dev === statSync(path).dev) === i);
  return Promise.all(first.map(async (path) => {
    const { bsize, blocks, bavail } = await statfs(path);
    return { path, bytes: blocks * bsize, free: bavail * bsize };
  }));
}

/** The dumps in the folder, the newest first. */
function backups() {
  const folder = process.env.PARLEY_BACKUPS;
  return readdirSync(folder).filter((name) => /^parley-.*\.dump$/.test(name)).sort().reverse()
    .map((name) => ({ name, at: statSync(join(folder, name)).mtimeMs, bytes: statSync(join(folder, name)).size }));
}

async function units() {
  const names = (process.env.PARLEY_UNITS ?? '').split(' ').filter(Boolean);
  if (names.length === 0) return [];
  const { stdout } = await run('systemctl', ['show', '--property=Id,ActiveState,Type', ...names]);
  return stdout.trim().split('\n\n').map((text) => Object.fromEntries(text.split('\n').map((line) => line.split(/=(.*)/s))))
    .map(({ Id, ActiveState, Type }) => ({ name: Id, state: ActiveState, isWell: Type === 'oneshot' ? ActiveState !== 'failed' : ActiveState === 'active' }));
}

/** The programs of this host; a node of `make run` has a number behind its name, and nginx answers for one of them. */
export function programs() {
  return [...new Set((process.env.PARLEY_PROGRAMS ?? 'api stream image').split(' ').map((name) => name.replace(/\d+$/, '')))].filter(Boolean);
}

export async function gather() {
  const [facts, metrics] = await Promise.all([
    gatherEach({ health, disks, backups, units, database: () => query("select body from api.server_status(null, '{}')") }),
    gatherEach(Object.fromEntries(programs().map((name) => [name, () => metricsOf(name)]))),
  ]);
  const { silent, ...byProgram } = metrics;
  return { now: Date.now(), ...facts, metrics: byProgram, silentPrograms: silent, nightly: Boolean(process.env.PARLEY_BACKUPS_NIGHTLY),
    followers: Number(process.env.PARLEY_FOLLOWERS ?? 0) };
}
