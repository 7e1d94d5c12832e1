// A `make run` with a state folder and a port of its own, that collects what it says. Runs deploy/dev/run, which make calls.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ROOT, cleanEnvironment, until } from './owned.mjs';

export class Run {
  out = '';
  err = '';

  constructor(settings) {
    this.child = spawn(join(ROOT, 'deploy/dev/run'), {
      env: { ...cleanEnvironment(), ...settings }, stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout.setEncoding('utf8').on('data', (text) => { this.out += text; });
    this.child.stderr.setEncoding('utf8').on('data', (text) => { this.err += text; });
    this.ended = new Promise((done) => this.child.on('close', done));
  }

  get pid() {
    return this.child.pid;
  }

  /** The address, when the first request would succeed. */
  async ready(within = 60_000) {
    await until('ready', () => {
      if (this.child.exitCode !== null) throw new Error(`ended: ${this.err}`);
      return /^ready (\S+)$/m.test(this.out);
    }, within);
    return /^ready (\S+)\/$/m.exec(this.out)[1];
  }

  async stop(signal = 'SIGTERM') {
    if (this.child.exitCode === null) this.child.kill(signal);
    return this.ended;
  }
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.on('listening', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return String(port);
}
