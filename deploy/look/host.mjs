// What parley doctor looks at beyond facts.mjs: the kernel's limits, the processes', sockets, the clock, the settings of PostgreSQL and
// nginx. Nothing here judges. What cannot be seen (it is not there, or we may not) is null.
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import os from 'node:os';
import { promisify } from 'node:util';
import { query } from './facts.mjs';

const run = promisify(execFile);
const SETTINGS = ['fsync', 'full_page_writes', 'synchronous_commit', 'max_connections', 'jit', 'server_encoding', 'server_version', 'autovacuum'];

function numberIn(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

async function output(command, ...args) {
  try {
    const { stdout, stderr } = await run(command, args, { timeout: 10_000, maxBuffer: 16 << 20 });
    return { status: 0, text: `${stdout}${stderr}` };
  } catch (error) {
    return typeof error.code === 'number' ? { status: error.code, text: `${error.stdout}${error.stderr}` } : null;
  }
}

/** What a process may have of open files. */
function descriptorsOf(pid) {
  try {
    return Number(/^Max open files\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))[1]);
  } catch {
    return null;
  }
}

/** The processes of a name. */
function processesOf(name) {
  return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === name;
    } catch {
      return false;
    }
  }).map(Number);
}

/** The sockets where nginx reaches the programs. */
function sockets(folder) {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.sock')).map((name) => {
      const { mode, uid, gid } = statSync(`${folder}/${name}`);
      return { path: `${folder}/${name}`, mode: mode & 0o777, uid, gid };
    });
  } catch {
    return null;
  }
}

function distribution() {
  try {
    return /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))[1];
  } catch {
    return null;
  }
}

async function clockIsSet() {
  const said = await output('timedatectl', 'show', '--property=NTPSynchronized', '--value');
  return said?.status === 0 ? said.text.trim() === 'yes' : null;
}

async function settings() {
  const list = SETTINGS.map((name) => `'${name}'`).join(', ');
  return query(`select json_object_agg(name, current_setting(name)) from pg_settings where name in (${list})`).catch(() => null);
}

async function nginxVersion() {
  const said = await output('nginx', '-v');
  return /nginx\/([\d.]+)/.exec(said?.text ?? '')?.[1] ?? null;
}

/** Of the host's own nginx; that of `make run` is checked by whoever starts it. */
async function nginx() {
  if (!process.env.PARLEY_UNITS) return null;
  const test = await output('nginx', '-t', '-q');
  const whole = test?.status === 0 ? await output('nginx', '-T', '-q') : null;
  const number = (name) => Number(new RegExp(`^\\s*${name} (\\d+);`, 'm').exec(whole?.text ?? '')?.[1] ?? NaN) || null;
  return test && { accepts: test.status === 0, says: test.text.trim().split('\n').at(-1), connections: number('worker_connections'), descriptors: number('worker_rlimit_nofile') };
}

export async function look() {
  const [postgresql, web, version, clock] = await Promise.all([settings(), nginx(), nginxVersion(), clockIsSet()]);
  const conntrack = '/proc/sys/net/netfilter/nf_conntrack_';
  return {
    distribution: distribution(),
    versions: { node: process.versions.node, nginx: version, PostgreSQL: postgresql?.server_version ?? null },
    memory: os.totalmem(),
    streams: Number(process.env.PARLEY_STREAMS) || null,
    backlog: numberIn('/proc/sys/net/core/somaxconn'),
    tracked: { most: numberIn(`${conntrack}max`), now: numberIn(`${conntrack}count`) },
    hub: processesOf('parley-stream').map(descriptorsOf).filter(Boolean),
    nginxWorkers: processesOf('nginx').length,
    sockets: process.env.PARLEY_SOCKETS ? sockets(process.env.PARLEY_SOCKETS) : null,
    clock, postgresql, nginx: web,
  };
}
