// The PostgreSQL of a test run: one server for all, with a template that has the schema; each test file clones it in 0.1 s.
// Started by with-postgres.mjs, or by the first test file itself when that runs alone.
import { execFile } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Folder, Process, ROOT, cleanEnvironment, until } from './owned.mjs';
import { descendants, killAll } from './processes.mjs';

const run = promisify(execFile);
const BIN = '/usr/lib/postgresql/15/bin';
const TEMPLATE = 'parley_template';
const quick = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off', 'autovacuum=off', 'jit=off',
  'listen_addresses=', 'max_connections=200', 'shared_buffers=64MB', 'log_min_messages=warning'];

export class Postgres {
  /** Where its socket is. */
  sockets;
  #folder = null;
  #server = null;

  constructor(sockets) {
    this.sockets = sockets;
  }

  /** `settings` come on top of the quick ones; `within` is a command that the server is run by (another network namespace). */
  static async start({ settings = [], within = [] } = {}) {
    const postgres = Postgres.#inFolder();
    await postgres.#make([`${BIN}/initdb`, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']);
    await postgres.run({ settings, within });
    await postgres.#makeTemplate();
    return postgres;
  }

  /** A standby that follows this server. */
  async standby({ settings = [] } = {}) {
    const standby = Postgres.#inFolder();
    await standby.#make([`${BIN}/pg_basebackup`, '-h', this.sockets, '-U', 'postgres', '-R', '-c', 'fast', '-X', 'stream']);
    await standby.run({ settings });
    return standby;
  }

  static #inFolder() {
    const folder = new Folder('pg');
    const postgres = new Postgres(folder.file('run'));
    postgres.#folder = folder;
    mkdirSync(postgres.sockets);
    return postgres;
  }

  get #own() {
    return { folder: this.#folder.path, logFile: this.#folder.file('log') };
  }

  async #make(command) {
    const made = new Process([...command, '-D', this.#folder.file('data')], this.#own);
    if ((await made.ended).code !== 0) throw new Error(`${command[0]} failed:\n${made.log}`);
  }

  /** Starts the server on the data that is there. */
  async run({ settings = [], within = [] } = {}) {
    this.#server = new Process([`${BIN}/postgres`, '-D', this.#folder.file('data'), '-k', this.sockets,
      ...[...quick, ...settings].flatMap((setting) => ['-c', setting])], { ...this.#own, within, endSignal: 'INT' });
    await until('PostgreSQL answers', () => this.#answers());
  }

  /**
   * As if its host had lost its power: nobody in it sees another one go. (A commit that waits for its standby is let through by a server
   * whose first process is gone, and is read by whoever still can: what no standby has.)
   */
  kill() {
    this.#server.kill('SIGSTOP');
    killAll(descendants(this.#server.pid).map(({ pid }) => pid));
    return this.#server.kill('SIGKILL');
  }

  async #answers() {
    if (!this.#server.running) throw new Error(`PostgreSQL did not start:\n${this.#server.log}`);
    return run(`${BIN}/pg_isready`, ['-q', '-h', this.sockets]).then(() => true, () => false);
  }

  async #makeTemplate() {
    await this.sql('postgres', `create database ${TEMPLATE}`);
    await this.psql(TEMPLATE, ['-f', join(ROOT, 'sql/deploy.sql')]);
  }

  /** Runs psql and gives what it prints. */
  async psql(database, args, role = 'postgres') {
    const { stdout } = await run(`${BIN}/psql`, ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-h', this.sockets, '-U', role,
      '-d', database, ...args], { env: cleanEnvironment(), maxBuffer: 64 << 20 });
    return stdout.replace(/\n$/, '');
  }

  /** Runs one statement; rows are lines, columns are separated by `|`. */
  sql(database, statement, role = 'postgres') {
    return this.psql(database, ['-A', '-t', '-c', statement], role);
  }

  /** All data of a database as text, as a backup has it. */
  async dump(database) {
    const { stdout } = await run(`${BIN}/pg_dump`, ['-h', this.sockets, '-U', 'postgres', '--data-only', database], { env: cleanEnvironment(), maxBuffer: 256 << 20 });
    return stdout;
  }

  async cloneTemplate(name) {
    await this.sql('postgres', `create database ${name} template ${TEMPLATE}`);
  }

  /** A dump of the database, restored under another name. */
  async copyAside(name, copy) {
    const file = this.#folder.file('dump');
    await run(`${BIN}/pg_dump`, ['-h', this.sockets, '-U', 'postgres', '-Fc', '-f', file, name], { env: cleanEnvironment() });
    await this.sql('postgres', `create database ${copy}`);
    await run(`${BIN}/pg_restore`, ['-h', this.sockets, '-U', 'postgres', '-d', copy, file], { env: cleanEnvironment() });
  }

  /** `copy` takes the place of the database; whoever is connected loses the connection. */
  async replace(name, copy) {
    await this.sql('postgres', `alter database ${name} allow_connections false`);
    await this.sql('postgres', `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
    await this.drop(name);
    await this.sql('postgres', `alter database ${copy} rename to ${name}`);
  }

  /** Lets everybody of a network in, by TCP. */
  async allow(network) {
    appendFileSync(this.#folder.file('data/pg_hba.conf'), `host all all ${network} trust\n`);
    await this.sql('postgres', 'select pg_reload_conf()');
  }

  async drop(name) {
    await this.sql('postgres', `drop database if exists ${name} with (force)`);
  }

  async stop() {
    if (!this.#server) return;
    await this.#server.stop('SIGINT');
    await this.#folder.remove();
  }
}

let shared = null;

/** The server of this run. */
export function sharedPostgres() {
  const running = process.env.PARLEY_TEST_POSTGRES;
  shared ??= running ? Promise.resolve(new Postgres(running)) : Postgres.start();
  return shared;
}

/** Stops it when it is ours alone. */
export async function releasePostgres() {
  if (shared && !process.env.PARLEY_TEST_POSTGRES) await (await shared).stop();
  shared = null;
}
