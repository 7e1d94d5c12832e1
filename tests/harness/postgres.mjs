// The PostgreSQL of a test run: one server for all, with a template that has the schema; each test file clones it in 0.1 s.
// Started by with-postgres.mjs, or by the first test file itself when that runs alone.
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Folder, Process, ROOT, cleanEnvironment, until } from './owned.mjs';

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

  static async start() {
    const folder = new Folder('pg');
    const postgres = new Postgres(folder.file('run'));
    postgres.#folder = folder;
    mkdirSync(postgres.sockets);
    const own = { folder: folder.path, logFile: folder.file('log') };
    const initdb = new Process([`${BIN}/initdb`, '-D', folder.file('data'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8',
      '--locale=C.UTF-8', '--no-sync'], own);
    if ((await initdb.ended).code !== 0) throw new Error(`initdb failed:\n${initdb.log}`);
    postgres.#server = new Process([`${BIN}/postgres`, '-D', folder.file('data'), '-k', postgres.sockets,
      ...quick.flatMap((setting) => ['-c', setting])], { ...own, endSignal: 'INT' });
    await until('PostgreSQL answers', () => postgres.#answers());
    await postgres.#makeTemplate();
    return postgres;
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
