// A whole Parley for one test file: a database cloned from the template, the programs, nginx on a free port, all in one folder.
//
//     const stack = await stackForTests();                // stopped after the file's tests
//     const ana = await stack.guest('ana');
//     const { status, body } = await ana.post('/api/rooms/1/messages', { text: 'hi' });
//
// The files of nginx/ are the real ones. The programs run directly on their sockets, so that the harness sees how each ends
// (stop() fails when one did not end with 0); `keep: true` puts deploy/dev/keep above them, as in `make run`. With `postgres` it is on
// that server, which stays its owner's; `hosts` is then where the programs look for it.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after } from 'node:test';
import { promisify } from 'node:util';
import { Client } from './client.mjs';
import { Folder, Process, ROOT, until } from './owned.mjs';
import { releasePostgres, sharedPostgres } from './postgres.mjs';
import { freePort } from './run.mjs';

const run = promisify(execFile);
const BUILD = join(ROOT, process.env.PARLEY_BUILD ?? 'build');
const PROGRAMS = ['api', 'stream', 'image'];
const sanitizers = {
  ASAN_OPTIONS: 'detect_leaks=1:abort_on_error=0:exitcode=99',
  UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1:exitcode=99',
  TSAN_OPTIONS: 'halt_on_error=1:exitcode=99:ignore_noninstrumented_modules=1', // as in tests/run
};

let stacks = 0;

export class Stack {
  #folder = new Folder('stack');
  #postgres;
  #options;
  /** name → Process */
  processes = {};

  constructor(options) {
    this.#options = { limits: 'off', keep: false, env: {}, programs: PROGRAMS, postgres: null, hosts: null, trustedProxy: null, ...options };
    this.database = `parley_${process.pid}_${++stacks}`;
  }

  async start() {
    for (const name of ['run', 'log', 'nginx']) mkdirSync(this.#folder.file(name));
    symlinkSync(join(ROOT, 'nginx'), this.#folder.file('nginx/parley'));
    if (this.#options.trustedProxy) writeFileSync(this.#folder.file('nginx/trusted-proxies.conf'), `set_real_ip_from ${this.#options.trustedProxy};\n`);
    this.#postgres = this.#options.postgres ?? await sharedPostgres();
    await this.#postgres.cloneTemplate(this.database);
    for (const name of this.#options.programs) {
      if (existsSync(join(BUILD, `parley-${name}`))) this.startProgram(name);
    }
    await this.#startNginx();
    await until('the first request succeeds', () => this.#healthy(), 20_000);
  }

  get #images() {
    return this.#options.programs.includes('image') ? 'on' : 'off';
  }

  /** Where nginx reaches a program. */
  socket(name) {
    return this.#folder.file(`run/${name}.sock`);
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Where its database is, for libpq; without a user. */
  get databaseWords() {
    return `host=${this.#options.hosts ?? this.#postgres.sockets} dbname=${this.database}`;
  }

  /** Starts a program, also after a test has killed it. */
  startProgram(name) {
    const sockets = (name === 'stream' ? ['stream', 'socket'] : [name]).map((socket) => this.socket(socket));
    for (const socket of sockets) rmSync(socket, { force: true });
    const keep = this.#options.keep ? [join(ROOT, 'deploy/dev/keep')] : [];
    this.processes[name] = new Process([join(ROOT, 'deploy/dev/listen'), ...sockets, '--', ...keep, join(BUILD, `parley-${name}`)], { folder: this.#folder.path, logFile: this.logFile(name), env: this.#environment(name) });
    return this.processes[name];
  }

  #environment(name) {
    return {
      PARLEY_DB: `${this.databaseWords} user=parley_${name}`,
      PARLEY_LIMITS: this.#options.limits,
      PARLEY_IMAGES: this.#images,
      PARLEY_LOG_LEVEL: 'info',
      PARLEY_API_SOCKET: this.socket('api'),
      ...sanitizers,
      ...this.#options.env,
    };
  }

  // Another process may take the free port before nginx does: then nginx ends, and we take another one.
  async #startNginx() {
    for (let tries = 0; tries < 5; tries++) {
      this.port = await freePort();
      const { stdout } = await run(join(ROOT, 'deploy/dev/nginx-conf'), { env: { ...process.env, ROOT, STATE: this.#folder.path,
        PORT: this.port, LISTEN: '127.0.0.1', LIMITS: this.#options.limits, IMAGES: this.#images, SHARE_PORT: 'off' } });
      writeFileSync(this.#folder.file('nginx/nginx.conf'), stdout);
      const nginx = this.startNginx();
      await until('nginx listens', async () => !nginx.running || connects(this.port));
      if (nginx.running) return;
    }
    throw new Error(`nginx did not start:\n${this.log('nginx')}`);
  }

  /** Starts nginx with the file that is there, also after a test has killed it. */
  startNginx() {
    this.processes.nginx = new Process(['/usr/sbin/nginx', '-p', this.#folder.file('nginx/'), '-e', this.logFile('nginx'),
      '-c', 'nginx.conf'], { folder: this.#folder.path, logFile: this.logFile('nginx'), endSignal: 'TERM' });
    return this.processes.nginx;
  }

  /** nginx as it is after an upgrade: the page's files have the name of another version. */
  async renamePage(version) {
    await this.processes.nginx.stop('SIGTERM');
    const file = this.#folder.file('nginx/nginx.conf');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/(\$parley_files +\{ default )\w+/, `$1${version}`));
    this.startNginx();
    await until('nginx listens', () => connects(this.port));
  }

  async #healthy() {
    for (const [name, { running }] of Object.entries(this.processes)) {
      if (!running) throw new Error(`${name} did not start:\n${this.log(name)}`);
    }
    return (await this.client().get('/api/health')).status === 200;
  }

  logFile(name) {
    return this.#folder.file(`log/${name}.log`);
  }

  log(name) {
    return existsSync(this.logFile(name)) ? readFileSync(this.logFile(name), 'utf8') : '';
  }

  /** Somebody without a session. */
  client(options) {
    return new Client(this.url, options);
  }

  /** A guest, signed in by the API as everybody else. */
  async guest(name) {
    return this.client().signIn('/api/session/guest', { name });
  }

  /** The owner, by the sign-in link of the first start; once a stack. */
  async owner() {
    const token = await this.psql(['-A', '-t', '-f', join(ROOT, 'sql/admin/first-owner.sql')], 'parley_admin');
    return this.client().signIn('/api/session/link', { token });
  }

  sql(statement, role) {
    return this.#postgres.sql(this.database, statement, role);
  }

  dump() {
    return this.#postgres.dump(this.database);
  }

  psql(args, role) {
    return this.#postgres.psql(this.database, args, role);
  }

  async stop() {
    const bad = [];
    await this.processes.nginx?.stop('SIGTERM');
    for (const name of PROGRAMS) {
      const result = await this.processes[name]?.stop('SIGTERM');
      if (result && result.code !== 0 && result.signal !== 'SIGKILL') bad.push(`${name} ended with ${result.code ?? result.signal}:\n${this.log(name)}`);
    }
    if (!this.#options.postgres) await this.#postgres?.drop(this.database).catch((error) => bad.push(error.message));
    await this.#folder.remove();
    await releasePostgres();
    if (bad.length > 0) throw new Error(bad.join('\n'));
  }
}

/** A stack that is stopped after the tests of the file. */
export async function stackForTests(options) {
  const stack = new Stack(options);
  after(() => stack.stop());
  try {
    await stack.start();
  } catch (error) {
    error.message += Object.keys(stack.processes).map((name) => `\n--- ${name}\n${stack.log(name)}`).join('');
    throw error;
  }
  return stack;
}

function connects(port) {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => { socket.destroy(); done(true); });
    socket.on('error', () => done(false));
  });
}
