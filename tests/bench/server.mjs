// A server under measurement, its people, and the load generators beside it.
import { spawn, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '../harness/client.mjs';
import { Folder, ROOT, cleanEnvironment, until } from '../harness/owned.mjs';
import { Run, freePort } from '../harness/run.mjs';
import { descendants } from '../faults/processes.mjs';

const EVENTS_REQUEST = 'GET /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %TOKEN%\r\nAccept: text/event-stream\r\n\r\n';

export class Bench {
  folder = new Folder('bench');
  #children = [];

  /** Starts Parley as `make run LIMITS=off` does. */
  async start() {
    this.#compile();
    this.port = await freePort();
    this.run = new Run({ STATE: this.folder.file('state'), PORT: this.port, LIMITS: 'off', PARLEY_LOG_LEVEL: 'warn' });
    this.url = await this.run.ready();
    this.client = new Client(this.url);
  }

  #compile() {
    for (const name of ['post', 'listen']) {
      execFileSync('gcc', ['-O2', '-Wall', '-Wextra', '-Werror', '-D_GNU_SOURCE', '-o', this.folder.file(name),
        join(ROOT, `tests/bench/${name}.c`), join(ROOT, 'tests/bench/load.c')]);
    }
  }

  sql(statement, role = 'postgres') {
    return execFileSync('/usr/lib/postgresql/15/bin/psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-h', this.folder.file('state/run'), '-U', role, '-d', 'parley',
      '-c', statement], { env: cleanEnvironment(), encoding: 'utf8', maxBuffer: 2 ** 26 }).trim();
  }

  /** Guests with sessions of the tokens `NAME-1` … `NAME-COUNT`, made by the same function as the web's. Gives the tokens. */
  people(name, count) {
    this.sql(`select count(*) from generate_series(0, ${Math.ceil(count / 64) - 1}) batch, lateral api.execute((
      select json_agg(json_build_object('function', 'sign_in_guest', 'token', null, 'args', json_build_object(
        'name', '${name} ' || i, 'new_token', encode(sha256(convert_to('${name}-' || i, 'UTF8')), 'hex'))))
      from generate_series(batch * 64 + 1, least(batch * 64 + 64, ${count})) i))`, 'parley_api');
    return Array.from({ length: count }, (_, i) => `${name}-${i + 1}`);
  }

  #file(name, text) {
    const path = this.folder.file(name);
    writeFileSync(path, text);
    return path;
  }

  /** Posts with post.c; resolves to what it printed. */
  async post({ tokens, room = 1, connections = 64, seconds = 5, rate = 0, port = this.port, path = `/api/rooms/${room}/messages` }) {
    const lines = await this.#load('post', ['-p', port, '-P', path, '-t', this.#file('post.tokens', tokens.join('\n') + '\n'),
      '-c', connections, '-s', seconds, '-r', rate]).ended;
    return lines[0];
  }

  /** Opens streams with listen.c; resolves to {open, result}, where `result` is a promise. */
  async listen({ tokens, connections, seconds, expect = 0, port = this.port, request = EVENTS_REQUEST, second = null }) {
    const args = ['-p', port, '-R', this.#file('listen.request', request), '-c', connections, '-s', seconds, '-e', expect];
    if (tokens) args.push('-t', this.#file('listen.tokens', tokens.join('\n') + '\n'));
    if (second) args.push('-S', this.#file('listen.second', second));
    const load = this.#load('listen', args);
    return { open: await load.first, result: load.ended.then((lines) => lines.at(-1)) };
  }

  /** A generator that prints lines of JSON. */
  #load(name, args) {
    const child = spawn(this.folder.file(name), args.map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#children.push(child);
    let text = '';
    const lines = () => text.split('\n').filter(Boolean).map((line) => JSON.parse(line));
    const ended = new Promise((done, fail) => {
      child.on('close', (code) => (code === 0 ? done(lines()) : fail(new Error(`${name} ended with ${code}`))));
    });
    const first = new Promise((done, fail) => {
      child.stdout.setEncoding('utf8').on('data', (more) => { text += more; if (text.includes('\n')) done(lines()[0]); });
      ended.catch(fail);
    });
    return { first, ended };
  }

  /** Starts another server beside ours, in a folder of its own, and waits until its port answers. */
  async peer(command, args, env = {}) {
    const child = spawn(command, args, { env: { ...cleanEnvironment(), ...env }, stdio: ['ignore', 'ignore', 'inherit'] });
    this.#children.push(child);
    return child;
  }

  peerFolder(name) {
    mkdirSync(this.folder.file(name));
    return this.folder.file(name);
  }

  /** Bytes of memory that belong to the processes alone (private pages), by a pattern of their command lines. */
  memory(pattern) {
    return descendants(this.run.pid).filter(({ command }) => pattern.test(command))
      .map(({ pid }) => privateBytes(pid)).reduce((a, b) => a + b, 0);
  }

  async stop() {
    for (const child of this.#children) child.kill('SIGKILL');
    await this.run?.stop();
    await this.folder.remove();
  }
}

function privateBytes(pid) {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return [...rollup.matchAll(/^Private_\w+:\s+(\d+) kB/gm)].reduce((sum, [, kb]) => sum + Number(kb) * 1024, 0);
}

export { until };
