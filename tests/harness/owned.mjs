// Folders and processes that belong to the test process: when it ends, however it ends, they are gone.
import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, closeSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Calls `check` until it gives something true, and returns that; throws after `timeout` ms, with `what` as the reason. */
export async function until(what, check, timeout = 10_000) {
  const deadline = Date.now() + timeout;
  for (;;) {
    const result = await check();
    if (result) return result;
    if (Date.now() > deadline) throw new Error(`waited ${timeout} ms in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

/** Tries until the folder is gone, for at most half a minute; after the first time behind all who have work to do. */
const JANITOR = `cat >/dev/null; rm -rf -- "$0" 2>/dev/null
exec timeout 30 nice -n 19 sh -c 'until rm -rf -- "$0" 2>/dev/null && ! [ -e "$0" ]; do :; done' "$0"`;

/** A temporary folder. Short, because the path of a unix socket is. */
export class Folder {
  #janitor;

  constructor(name) {
    this.path = mkdtempSync(join(tmpdir(), `parley-${name}-`));
    // Its standard input ends when we do, also when we are killed. What we started may still be writing then: so until nothing is left.
    this.#janitor = spawn('sh', ['-c', JANITOR, this.path],
      { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    this.#janitor.unref();
    this.#janitor.stdin.unref?.();
  }

  file(name) {
    return join(this.path, name);
  }

  async remove() {
    await rm(this.path, { recursive: true, force: true, maxRetries: 5 });
    this.#janitor.stdin.end();
  }
}

/** A program that is told `endSignal` when we are gone, and that writes its words to a file. */
export class Process {
  #child;
  #logFile;

  /** `folder` is the one that it may write to; `logFile` is appended to; `within` is a command of root that it is run by. */
  constructor(command, { folder, logFile, within = [], env = {}, endSignal = 'TERM', cwd = ROOT }) {
    const log = openSync(logFile, 'a');
    this.#logFile = logFile;
    this.command = command;
    const [program, ...args] = [...within, join(ROOT, 'deploy/dev/unprivileged'), folder, 'setpriv', '--pdeathsig', endSignal, ...command];
    this.#child = spawn(program, args,
      { cwd, env: { ...cleanEnvironment(), ...env }, stdio: ['ignore', log, log], detached: true });
    closeSync(log);
    this.ended = new Promise((done) => {
      this.#child.on('exit', (code, signal) => { this.#endGroup(); done({ code, signal }); });
      this.#child.on('error', (error) => done({ code: -1, signal: null, error }));
    });
  }

  get pid() {
    return this.#child.pid;
  }

  get running() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get log() {
    return readFileSync(this.#logFile, 'utf8');
  }

  /** nginx's workers outlive a master that was killed. */
  #endGroup() {
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // There was nobody left.
    }
  }

  kill(signal = 'SIGKILL') {
    this.#child.kill(signal);
    return this.ended;
  }

  /** Sends the signal and waits; what has not ended after `timeout` ms is killed, which the result shows. */
  async stop(signal = 'SIGTERM', timeout = 5_000) {
    if (this.running) this.#child.kill(signal);
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), timeout);
    const result = await this.ended;
    clearTimeout(timer);
    return result;
  }
}

/** Our environment without what would lead PostgreSQL's programs elsewhere. */
export function cleanEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^PG[A-Z]/.test(name)));
}
