// A server under measurement, its people, and the load generators beside it.
import { spawn, execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { descendants } from '../harness/processes.mjs';
import { Client } from '../harness/client.mjs';
import { Folder, ROOT, cleanEnvironment, until } from '../harness/owned.mjs';
import { Run, freePort } from '../harness/run.mjs';
import { Contender } from './contender.mjs';
import { startOnData } from './data.mjs';
import { privateBytes, processorsOf, secondsOf } from './machine.mjs';
import { startNchan, startSocketIo } from './peers.mjs';

const EVENTS_REQUEST = 'GET /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %TOKEN%\r\n%RESUME%Accept: text/event-stream\r\n\r\n';
const PARTS = { nginx: /nginx: worker/, 'parley-api': /parley-api/, PostgreSQL: /postgres/, 'parley-stream': /parley-stream/, 'parley-image': /parley-image/ };
const HOLDS_STREAMS = /nginx: worker|parley-stream/;

/** What measures how long others take must not wait for a processor itself; only root may say so. */
const FIRST = process.getuid() === 0 ? ['chrt', '--fifo', '1'] : [];

/** The SQL of what a session's token is stored as. */
export const hashOf = (token) => `encode(sha256(convert_to(${token}, 'UTF8')), 'hex')`;

export class Bench {
  folder = new Folder('bench');
  #children = [];
  #stops = [];
  #files = 0;

  /**
   * Starts Parley as `make run LIMITS=off` does; `nodes` pairs of its programs; `onData`: on the ten million messages that are
   * kept; `trusted`: a network that may say for whom it asks.
   */
  async start({ nodes = 1, limits = 'off', onData = false, trusted = null } = {}) {
    for (const name of ['post', 'listen', 'attack']) this.#compile(name);
    if (trusted) {
      mkdirSync(this.folder.file('state/nginx'), { recursive: true });
      writeFileSync(this.folder.file('state/nginx/trusted-proxies.conf'), `set_real_ip_from ${trusted};\n`);
    }
    const start = (state, within) => this.#run({ STATE: state, LIMITS: limits, NODES: nodes }, within);
    await (onData ? startOnData(start) : start(this.folder.file('state')));
    this.client = new Client(this.url);
  }

  async #run(settings, within) {
    this.port = await freePort();
    this.state = settings.STATE;
    this.run = new Run({ ...settings, PORT: this.port, PARLEY_LOG_LEVEL: 'warn' });
    this.url = await this.run.ready(within);
  }

  #compile(name, libraries = []) {
    const words = libraries.length ? execFileSync('pkg-config', ['--cflags', '--libs', ...libraries], { encoding: 'utf8' }).trim().split(/\s+/) : [];
    execFileSync('gcc', ['-O2', '-Wall', '-Wextra', '-Werror', '-D_GNU_SOURCE', '-o', this.folder.file(name),
      ...libraries.length ? [] : [join(ROOT, 'tests/bench/load.c')], join(ROOT, `tests/bench/${name}.c`), ...words]);
  }

  /** Runs a program of ours that makes something with libvips. */
  make(name, args) {
    this.#compile(name, ['vips']);
    execFileSync(this.folder.file(name), args.map(String));
  }

  /** The folder of PostgreSQL's socket. */
  get sockets() {
    return join(this.state, 'run');
  }

  /** Each statement of `script` in a transaction of its own; gives what they printed. */
  sql(script, role = 'postgres') {
    return execFileSync('/usr/lib/postgresql/15/bin/psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-h', this.sockets, '-U', role, '-d', 'parley'],
      { env: cleanEnvironment(), encoding: 'utf8', input: script, maxBuffer: 2 ** 26 }).trim();
  }

  /** Runs a call for each i of 1 … count, by the function that the web's calls go through, 64 to a transaction. Gives their bodies. */
  execute(count, name, token, args) {
    const batches = Array.from({ length: Math.ceil(count / 64) }, (_, batch) => `select body from api.execute((
      select json_agg(json_build_object('function', '${name}', 'token', ${token}, 'args', ${args}))
      from generate_series(${batch * 64 + 1}, ${Math.min(batch * 64 + 64, count)}) i));`);
    return this.sql(batches.join('\n'), 'parley_api').split('\n').map((line) => JSON.parse(line));
  }

  /** Guests with sessions of the tokens `NAME-1` … `NAME-COUNT`. Gives the tokens. */
  people(name, count) {
    this.execute(count, 'sign_in_guest', 'null', `json_build_object('name', '${name} ' || i, 'new_token', ${hashOf(`'${name}-' || i`)})`);
    this.sql('vacuum analyze');
    return Array.from({ length: count }, (_, i) => `${name}-${i + 1}`);
  }

  /** Parley in a comparison: read by these people, posted to by the first 64 of them. */
  parley(tokens) {
    return new Contender(this, {
      name: 'Parley', port: this.port, root: this.run.pid, workers: HOLDS_STREAMS, readers: tokens, posters: tokens.slice(0, 64),
      request: EVENTS_REQUEST, openedBy: 'event: ready', postPath: (room) => `/api/rooms/${room}/messages`,
    });
  }

  /** The others of a comparison, started now. */
  async peers() {
    return [await startNchan(this), await startSocketIo(this)];
  }

  #file(name, text) {
    const path = this.folder.file(`${++this.#files}-${name}`);
    writeFileSync(path, text);
    return path;
  }

  /** Posts with post.c; resolves to what it printed. `paths` are taken in turns by the connections. */
  async post({ tokens, room = 1, connections = 64, seconds = 5, rate = 0, port = this.port, paths = [`/api/rooms/${room}/messages`] }) {
    const lines = await this.#load('post', ['-p', port, '-t', this.#file('post.tokens', tokens.join('\n') + '\n'),
      '-c', connections, '-s', seconds, '-r', rate, ...paths.flatMap((path) => ['-P', path])], rate ? FIRST : []).ended;
    return lines[0];
  }

  /** Asks with post.c, as fast as answers come: `lines` are `TOKEN PATH`, taken in turns; resolves to what it printed. */
  async ask({ lines, connections = 1, seconds = 5 }) {
    const printed = await this.#load('post', ['-p', this.port, '-L', this.#file('post.lines', lines.join('\n') + '\n'), '-c', connections, '-s', seconds]).ended;
    return printed[0];
  }

  /** Guests who post garbage: attack.c; resolves to what it printed. */
  async attack({ connections, seconds, rate }) {
    return (await this.#load('attack', ['-p', this.port, '-c', connections, '-s', seconds, '-r', rate]).ended)[0];
  }

  /**
   * Opens streams with listen.c; resolves to {open, result}, where `result` is a promise. `expect`: the number of messages that all get;
   * `audience`: how many readers each message is for, when not all; `comesBack`: who is closed comes back at once.
   */
  async listen({ tokens, connections, seconds, expect = 0, audience = 0, comesBack = false, port = this.port, request = EVENTS_REQUEST,
    openedBy = 'event: ready', second = null }) {
    const args = ['-p', port, '-R', this.#file('listen.request', request), '-O', openedBy, '-c', connections, '-s', seconds, '-e', expect, '-g', audience];
    if (tokens) args.push('-t', this.#file('listen.tokens', tokens.join('\n') + '\n'));
    if (second) args.push('-S', this.#file('listen.second', second));
    if (comesBack) args.push('-B');
    const load = this.#load('listen', args);
    return { open: await load.first, result: load.ended.then((lines) => lines.at(-1)) };
  }

  /** A generator that prints lines of JSON; `prefix`: the command that starts it. */
  #load(name, args, prefix = []) {
    const [command, ...rest] = [...prefix, this.folder.file(name), ...args.map(String)];
    const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
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

  /** A folder for another server beside ours. */
  subfolder(name) {
    mkdirSync(this.folder.file(name));
    return this.folder.file(name);
  }

  /** Calls `stop` when the measurement is over. */
  stopsLater(stop) {
    this.#stops.push(stop);
  }

  #pids(pattern) {
    return descendants(this.run.pid).filter(({ command }) => pattern.test(command)).map(({ pid }) => pid);
  }

  /** Bytes of memory that belong to the processes alone (private pages), by a pattern of their command lines. */
  memory(pattern) {
    return this.#pids(pattern).reduce((sum, pid) => sum + privateBytes(pid), 0);
  }

  /** Seconds of processor time that they have used. */
  seconds(pattern) {
    return secondsOf(this.#pids(pattern));
  }

  /** What `load` printed, and microseconds of processor time that each part spent on each answer of it: those that spent any. */
  async costs(load) {
    const seconds = () => Object.values(PARTS).map((pattern) => this.seconds(pattern));
    const before = seconds();
    const result = await load();
    const after = seconds();
    const us = Object.keys(PARTS).map((part, i) => [part, Math.round((after[i] - before[i]) * 1e6 / result.posts)]).filter(([, each]) => each > 0);
    return { result, us: Object.fromEntries(us) };
  }

  /** From now on they, and what they start, run on one processor, until the function that this gives is called. */
  pin(pattern) {
    const before = new Map(this.#pids(pattern).map((pid) => [pid, processorsOf(pid)]));
    const move = (pid, processors) => execFileSync('taskset', ['-acp', processors, String(pid)]);
    for (const pid of before.keys()) move(pid, '0');
    return () => { for (const pid of this.#pids(pattern)) if (before.has(pid)) move(pid, before.get(pid)); };
  }

  /** Sends a signal to them. */
  kill(pattern, signal) {
    for (const pid of this.#pids(pattern)) process.kill(pid, signal);
  }

  async stop() {
    for (const child of this.#children) child.kill('SIGKILL');
    for (const stop of this.#stops) await stop();
    await this.run?.stop();
    await this.folder.remove();
  }
}

export { until };
